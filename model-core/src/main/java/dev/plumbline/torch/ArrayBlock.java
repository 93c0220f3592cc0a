package dev.plumbline.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One decoder block written twice, operation for operation: by DJL's arrays, where each operation
 * crosses from Java into the library, and as a program, where all cross together. It measures what
 * the crossing costs; nothing else uses it.
 *
 * <p>T tokens of one sequence, width d: root-mean-square norm, four projections, rotated queries
 * and keys, causal attention, a gated feed-forward layer, two residual additions.
 */
public final class ArrayBlock implements AutoCloseable {
  private static final double EPSILON = 1e-5;

  private static final String SOURCE =
      """
        def normed(self, x: Tensor, w: Tensor) -> Tensor:
          return torch.mul(torch.div(x, torch.sqrt(torch.add(torch.mean(torch.mul(x, x), [-1], True), 1.0e-05))), w)

        def turned(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
          halves = torch.chunk(x, 2, -1)
          return torch.add(torch.mul(x, cosine), torch.mul(torch.cat([torch.neg(halves[1]), halves[0]], -1), sine))

        def heads(self, x: Tensor, count: int) -> Tensor:
          return torch.transpose(x.view([x.size(0), count, -1]), 0, 1)

        def block(self, x: Tensor, w: List[Tensor], cosine: Tensor, sine: Tensor, mask: Tensor, count: int) -> Tensor:
          n = self.normed(x, w[0])
          q = self.turned(self.heads(torch.matmul(n, w[1]), count), cosine, sine)
          k = self.turned(self.heads(torch.matmul(n, w[2]), count), cosine, sine)
          v = self.heads(torch.matmul(n, w[3]), count)
          s = torch.add(torch.mul(torch.matmul(q, torch.transpose(k, 1, 2)), 1.0 / (q.size(2) ** 0.5)), mask)
          a = torch.reshape(torch.transpose(torch.matmul(torch.softmax(s, -1), v), 0, 1), [x.size(0), -1])
          x = torch.add(x, torch.matmul(a, w[4]))
          n = self.normed(x, w[5])
          g = torch.matmul(n, w[6])
          g = torch.mul(g, torch.sigmoid(g))
          return torch.add(x, torch.matmul(torch.mul(g, torch.matmul(n, w[7])), w[8]))
      """;

  private final TorchRuntime runtime;
  private final Program program;
  private final int heads;
  private final List<Tensor> weights = new ArrayList<>();
  private final Tensor x;
  private final Tensor cosine;
  private final Tensor sine;
  private final Tensor mask;
  private int operations;

  /**
   * A block of random weights and its input.
   *
   * @param tokens T
   * @param width d; divides into heads of even width
   * @param heads attention heads
   * @param feedForward width of the feed-forward layer
   */
  public ArrayBlock(TorchRuntime runtime, int tokens, int width, int heads, int feedForward) {
    this.runtime = runtime;
    this.heads = heads;
    program = Program.compile(runtime, SOURCE, List.of());
    SplittableRandom random = new SplittableRandom(1);
    int[][] shapes = {
      {width},
      {width, width},
      {width, width},
      {width, width},
      {width, width},
      {width},
      {width, feedForward},
      {width, feedForward},
      {feedForward, width}
    };
    for (int[] shape : shapes) {
      weights.add(random(random, shape));
    }
    x = random(random, tokens, width);
    int half = width / heads / 2;
    float[] cosines = new float[tokens * 2 * half];
    float[] sines = new float[cosines.length];
    float[] blocked = new float[tokens * tokens];
    for (int t = 0; t < tokens; t++) {
      for (int i = 0; i < 2 * half; i++) {
        double angle = t * Math.pow(10_000, -(i % half) / (double) half);
        cosines[t * 2 * half + i] = (float) Math.cos(angle);
        sines[t * 2 * half + i] = (float) Math.sin(angle);
      }
      for (int s = t + 1; s < tokens; s++) {
        blocked[t * tokens + s] = Float.NEGATIVE_INFINITY;
      }
    }
    cosine = kept(cosines, tokens, 2L * half);
    sine = kept(sines, tokens, 2L * half);
    mask = kept(blocked, tokens, tokens);
  }

  private Tensor random(SplittableRandom random, int... shape) {
    long size = 1;
    long[] extents = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      extents[i] = shape[i];
      size *= shape[i];
    }
    float[] values = new float[(int) size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(shape[0]));
    }
    return kept(values, extents);
  }

  private Tensor kept(float[] values, long... shape) {
    try (Scope _ = runtime.scope()) {
      return runtime.floats(values, shape).copy().keep();
    }
  }

  /** Operations that {@link #byArrays} made the last time. */
  public int operations() {
    return operations;
  }

  /** The block's output [T, d] in one call, in the current scope. */
  public Tensor byProgram() {
    return program.call("block", x, weights, cosine, sine, mask, heads).getFirst();
  }

  /** The same by DJL's operations, in the current scope. */
  public Tensor byArrays() {
    operations = 0;
    // What is made of an array belongs to its manager: the input's copy leads it into the scope.
    NDArray input = counted(x.array().duplicate());
    input.attach(runtime.manager());
    NDArray n = normed(input, 0);
    NDArray q = turned(heads(counted(n.matMul(weight(1)))));
    NDArray k = turned(heads(counted(n.matMul(weight(2)))));
    NDArray v = heads(counted(n.matMul(weight(3))));
    NDArray scores = counted(q.matMul(counted(k.transpose(0, 2, 1))));
    scores = counted(scores.mul(1 / Math.sqrt((double) q.getShape().get(2))));
    scores = counted(scores.add(mask.array()));
    NDArray a = counted(counted(scores.softmax(-1)).matMul(v));
    a = counted(counted(a.transpose(1, 0, 2)).reshape(new Shape(input.getShape().get(0), -1)));
    NDArray sum = counted(input.add(counted(a.matMul(weight(4)))));
    n = normed(sum, 5);
    NDArray gate = counted(n.matMul(weight(6)));
    gate = counted(gate.mul(counted(Activation.sigmoid(gate))));
    gate = counted(gate.mul(counted(n.matMul(weight(7)))));
    return runtime.wrap(counted(sum.add(counted(gate.matMul(weight(8))))));
  }

  private NDArray normed(NDArray input, int weight) {
    NDArray mean = counted(counted(input.mul(input)).mean(new int[] {-1}, true));
    NDArray root = counted(counted(mean.add(EPSILON)).sqrt());
    return counted(counted(input.div(root)).mul(weight(weight)));
  }

  private NDArray heads(NDArray rows) {
    NDArray split = counted(rows.reshape(new Shape(rows.getShape().get(0), heads, -1)));
    return counted(split.transpose(1, 0, 2));
  }

  private NDArray turned(NDArray input) {
    List<NDArray> halves = input.split(2, 2);
    operations++;
    NDArray other = counted(counted(halves.get(1).neg()).concat(halves.get(0), 2));
    return counted(counted(input.mul(cosine.array())).add(counted(other.mul(sine.array()))));
  }

  private NDArray counted(NDArray result) {
    operations++;
    return result;
  }

  private NDArray weight(int i) {
    return weights.get(i).array();
  }

  @Override
  public void close() {
    weights.forEach(Tensor::close);
    List.of(x, cosine, sine, mask).forEach(Tensor::close);
  }
}
