package dev.plumbline.lm;

import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.util.List;

/**
 * Sequences side by side in the program's convention: padded at the right, in the current scope.
 *
 * @param ids token ids [B, T], int64
 * @param mask [B, T - 1], 1 for each predicted token that counts
 * @param last [B] int64, position of each sequence's last token
 */
public record TokenBatch(Tensor ids, Tensor mask, Tensor last) {

  /** A batch in which every token but the first counts. */
  public static TokenBatch of(TorchRuntime runtime, List<int[]> sequences) {
    int[] from = new int[sequences.size()];
    java.util.Arrays.fill(from, 1);
    return of(runtime, sequences, from);
  }

  /**
   * A batch in which the tokens from a position on count.
   *
   * @param from for each sequence, the first position that counts: the length of the prompt where
   *     the response counts; at least 1
   */
  public static TokenBatch of(TorchRuntime runtime, List<int[]> sequences, int[] from) {
    int rows = sequences.size();
    // Two columns at least, so that there is something to predict.
    int width = Math.max(2, sequences.stream().mapToInt(s -> s.length).max().orElse(0));
    long[] ids = new long[rows * width];
    float[] mask = new float[rows * (width - 1)];
    long[] last = new long[rows];
    for (int b = 0; b < rows; b++) {
      int[] sequence = sequences.get(b);
      if (sequence.length == 0) {
        throw new IllegalArgumentException("sequence " + b + " is empty");
      }
      for (int t = 0; t < sequence.length; t++) {
        ids[b * width + t] = sequence[t];
        if (t >= Math.max(1, from[b])) {
          mask[b * (width - 1) + t - 1] = 1;
        }
      }
      last[b] = sequence.length - 1L;
    }
    return new TokenBatch(
        runtime.longs(ids, rows, width),
        runtime.floats(mask, rows, width - 1),
        runtime.longs(last, rows));
  }
}
