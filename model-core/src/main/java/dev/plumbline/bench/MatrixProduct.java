package dev.plumbline.bench;

import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.util.Arrays;
import java.util.List;

/**
 * The machine's rate: float32 products of two square matrices of {@value #SIDE}, one after another
 * into the same memory, inside one native call.
 */
public final class MatrixProduct implements AutoCloseable {
  static final int SIDE = 1024;

  private static final double OPERATIONS = 2.0 * SIDE * SIDE * SIDE;
  private static final String SOURCE =
      """
        def products(self, a: Tensor, b: Tensor, c: Tensor, times: int) -> None:
          for i in range(times):
            torch.mm(a, b, out=c)
      """;

  private final Program program;
  private final List<Tensor> matrices;

  MatrixProduct(TorchRuntime runtime) {
    program = Program.compile(runtime, SOURCE, List.of());
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 101 - 50) / 50f;
    }
    try (Scope _ = runtime.scope()) {
      matrices =
          List.of(
              runtime.floats(values, SIDE, SIDE).copy().keep(),
              runtime.floats(values, SIDE, SIDE).copy().keep(),
              runtime.zeros(SIDE, SIDE).keep());
    }
    rate(2);
  }

  /** The machine's rate now, in operations a second: the median of a few short measurements. */
  public static double measure(TorchRuntime runtime) {
    try (MatrixProduct product = new MatrixProduct(runtime)) {
      double[] rates = new double[7];
      for (int i = 0; i < rates.length; i++) {
        rates[i] = product.rate(4);
      }
      Arrays.sort(rates);
      return rates[rates.length / 2];
    }
  }

  /** Operations a second over some products. */
  double rate(int times) {
    long start = System.nanoTime();
    program.call("products", matrices.get(0), matrices.get(1), matrices.get(2), times);
    return OPERATIONS * times / ((System.nanoTime() - start) * 1e-9);
  }

  @Override
  public void close() {
    matrices.forEach(Tensor::close);
  }
}
