package dev.plumbline.training;

import dev.plumbline.lm.Randomness;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Which items make up the batch of a step: each pass over the data has a random order of its own in
 * which items of like length stand together, so that little is padded.
 *
 * <p>The items are shuffled, cut into stretches of many batches, sorted by length within a stretch,
 * cut into batches, and the batches are shuffled. All of it depends on the seed, the pass and the
 * lengths alone, so it is made again after a resume rather than saved.
 */
final class BatchPlan<T> {
  private static final int BATCHES_PER_STRETCH = 16;

  private final List<T> items;
  private final int[] lengths;
  private final int batchSize;
  private final Randomness randomness;
  private long pass = -1;
  private int[][] batches = {};

  /**
   * A plan for these items.
   *
   * @param length tokens of an item
   * @param batchSize items a batch
   */
  BatchPlan(List<T> items, ToIntFunction<? super T> length, int batchSize, Randomness randomness) {
    this.items = items;
    this.lengths = items.stream().mapToInt(length).toArray();
    this.batchSize = batchSize;
    this.randomness = randomness;
  }

  /** Batches of one pass over the items. */
  int batchesPerPass() {
    return (items.size() + batchSize - 1) / batchSize;
  }

  /** The batch of a step, counted from 0 over all passes. */
  List<T> batch(long step) {
    long wanted = step / batchesPerPass();
    if (wanted != pass) {
      batches = pass(wanted);
      pass = wanted;
    }
    return Arrays.stream(batches[(int) (step % batchesPerPass())]).mapToObj(items::get).toList();
  }

  /** The items of each batch of a pass; each comes once, and only one batch may be short. */
  private int[][] pass(long number) {
    int n = lengths.length;
    int[] order = randomness.permutation(n, "item order", number);
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
    int[] batchOrder = randomness.permutation(batchesPerPass(), "batch order", number);
    return IntStream.of(batchOrder)
        .mapToObj(
            batch ->
                Arrays.copyOfRange(order, batch * batchSize, Math.min(n, (batch + 1) * batchSize)))
        .toArray(int[][]::new);
  }
}
