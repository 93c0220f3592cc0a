package dev.plumbline.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Accuracy of a preference model on ever fewer of its pairs: those that pass a bound.
 *
 * @param points one for each bound, in the order given
 * @param ties pairs with equal scores, dropped
 * @param offset what was taken off every score before it was compared with a bound, in nats
 */
public record AccuracyCurve(List<Point> points, int ties, double offset) {
  /**
   * The pairs that pass a bound.
   *
   * @param bound in nats
   * @param n pairs
   * @param accuracy share of them in which the preferred response has the higher score, NaN without
   *     any
   * @param interval Wilson's interval; the ends are NaN without any pair
   */
  public record Point(double bound, long n, double accuracy, Interval interval) {}

  /** Copies the list. */
  public AccuracyCurve {
    points = List.copyOf(points);
  }

  /**
   * Pairs both of whose scores lie above a threshold (Fig 25).
   *
   * @param mean the model's mean score on a held-out set that the caller names, in nats; only
   *     differences of scores mean anything, so thresholds count from it (paper, App. B.2)
   * @param thresholds in nats above the mean
   */
  public static AccuracyCurve aboveThreshold(
      ScorePairs pairs, double mean, double[] thresholds, double level) {
    return of(pairs, i -> pairs.lower(i) - mean, thresholds, mean, level);
  }

  /**
   * Pairs whose scores differ by more than a margin.
   *
   * @param margins in nats
   */
  public static AccuracyCurve aboveMargin(ScorePairs pairs, double[] margins, double level) {
    return of(pairs, i -> Math.abs(pairs.difference(i)), margins, 0, level);
  }

  private static AccuracyCurve of(
      ScorePairs pairs, IntToDoubleFunction key, double[] bounds, double offset, double level) {
    int n = pairs.n();
    double[] keys = new double[n];
    Arrays.setAll(keys, key);
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> keys[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] sorted = new double[n];
    long[] rightFrom = new long[n + 1];
    for (int i = n - 1; i >= 0; i--) {
      sorted[i] = keys[order[i]];
      rightFrom[i] = rightFrom[i + 1] + (pairs.difference(order[i]) > 0 ? 1 : 0);
    }
    List<Point> points =
        Arrays.stream(bounds)
            .mapToObj(bound -> point(bound, Ranks.notAbove(sorted, bound), rightFrom, level))
            .toList();
    return new AccuracyCurve(points, pairs.ties(), offset);
  }

  private static Point point(double bound, int first, long[] rightFrom, double level) {
    long n = rightFrom.length - 1L - first;
    if (n == 0) {
      return new Point(bound, 0, Double.NaN, Interval.none(level));
    }
    Proportion share = Proportion.wilson(rightFrom[first], n, level);
    return new Point(bound, n, share.value(), share.interval());
  }
}
