package dev.plumbline.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which items make up which batch of one pass over the data: a random order in which items of like
 * length stand together, so that little is padded.
 *
 * <p>The items are shuffled, cut into stretches of many batches, sorted by length within a stretch,
 * cut into batches, and the batches are shuffled. The plan depends on the seed, the pass and the
 * lengths alone, so it is made again after a resume rather than saved.
 */
final class BatchPlan {
  private static final int BATCHES_PER_STRETCH = 16;

  private BatchPlan() {}

  /**
   * The batches of one pass; each item comes once, and only the last batch of the shuffled items
   * may be short.
   *
   * @param lengths tokens of each item
   * @param batchSize items a batch
   * @param pass number of the pass, from 0
   */
  static int[][] of(int[] lengths, int batchSize, Randomness randomness, long pass) {
    int n = lengths.length;
    int[] order = randomness.permutation(n, "item order", pass);
    int stretch = batchSize * BATCHES_PER_STRETCH;
    for (int from = 0; from < n; from += stretch) {
      int to = Math.min(n, from + stretch);
      Integer[] part = new Integer[to - from];
      for (int i = from; i < to; i++) {
        part[i - from] = order[i];
      }
      Arrays.sort(part, Comparator.comparingInt(item -> lengths[item]));
      for (int i = from; i < to; i++) {
        order[i] = part[i - from];
      }
    }
    int batches = (n + batchSize - 1) / batchSize;
    int[] batchOrder = randomness.permutation(batches, "batch order", pass);
    return IntStream.of(batchOrder)
        .mapToObj(
            batch ->
                Arrays.copyOfRange(order, batch * batchSize, Math.min(n, (batch + 1) * batchSize)))
        .toArray(int[][]::new);
  }
}
