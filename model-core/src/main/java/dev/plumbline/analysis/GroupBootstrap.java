package dev.plumbline.analysis;

import java.util.SplittableRandom;

/**
 * The mean of rows with its bootstrap interval, whole groups drawn with replacement (rows where
 * none share a group). A replicate's mean is that of all rows of the groups drawn, so groups may
 * differ in size.
 */
public final class GroupBootstrap {
  private GroupBootstrap() {}

  /** Which interval a bootstrap gave. */
  public enum Rule {
    /** Bias-corrected and accelerated (Efron 1987), by the jackknife over groups. */
    BCA,
    /** Percentiles of the replicates: BCa's correction does not exist for these numbers. */
    PERCENTILE
  }

  /**
   * A mean with its interval.
   *
   * @param value mean of all rows
   * @param interval bootstrap interval
   * @param rule which
   * @param rows rows
   * @param groups groups that were drawn among
   * @param draws how many draws
   */
  public record Estimate(
      double value, Interval interval, Rule rule, int rows, int groups, int draws) {}

  /**
   * The percentile interval of a mean, such as an accuracy (rows of 0 and 1).
   *
   * @param values finite
   * @param draws how many times to draw
   * @param seed seed of the draws
   */
  public static Estimate percentile(
      double[] values, Groups groups, int draws, double level, long seed) {
    Sums sums = new Sums(values, groups);
    double[] means = sums.replicates(draws, seed);
    return new Estimate(
        sums.mean(),
        Quantiles.percentile(means, level),
        Rule.PERCENTILE,
        values.length,
        groups.count(),
        draws);
  }

  /**
   * The BCa interval of a mean; the percentile interval, and {@link Rule#PERCENTILE} said, where
   * all replicates lie on one side of the mean or the jackknife does not vary.
   */
  public static Estimate bca(double[] values, Groups groups, int draws, double level, long seed) {
    Sums sums = new Sums(values, groups);
    double mean = sums.mean();
    double[] means = sums.replicates(draws, seed);
    double[] left = sums.jackknife();
    double[] ends = Bca.levels(means, mean, left, level);
    Interval percentile = Quantiles.percentile(means, level);
    boolean corrected = ends.length == 2;
    Interval interval =
        corrected
            ? new Interval(
                Quantiles.ofSorted(means, ends[0]), Quantiles.ofSorted(means, ends[1]), level)
            : percentile;
    return new Estimate(
        mean,
        interval,
        corrected ? Rule.BCA : Rule.PERCENTILE,
        values.length,
        groups.count(),
        draws);
  }

  /** Sums and sizes of groups. */
  private static final class Sums {
    private final double[] sum;
    private final int[] size;
    private final int rows;

    Sums(double[] values, Groups groups) {
      groups.requireRows(values.length);
      if (values.length == 0) {
        throw new IllegalArgumentException("no rows");
      }
      rows = values.length;
      sum = groups.sums(values);
      size = new int[groups.count()];
      for (int group = 0; group < sum.length; group++) {
        size[group] = groups.from(group + 1) - groups.from(group);
      }
    }

    double mean() {
      double total = 0;
      for (double each : sum) {
        total += each;
      }
      return total / rows;
    }

    double[] replicates(int draws, long seed) {
      double[] means = new double[draws];
      boolean single = sum.length == rows;
      Replicates.run(
          draws,
          seed,
          () -> sum,
          (index, random, sums) ->
              means[index] = single ? ofRows(random, sums) : ofGroups(random, sums));
      return means;
    }

    private static double ofRows(SplittableRandom random, double[] sums) {
      double total = 0;
      for (int i = 0; i < sums.length; i++) {
        total += sums[Replicates.draw(random, sums.length)];
      }
      return total / sums.length;
    }

    private double ofGroups(SplittableRandom random, double[] sums) {
      double total = 0;
      long n = 0;
      for (int i = 0; i < sums.length; i++) {
        int group = Replicates.draw(random, sums.length);
        total += sums[group];
        n += size[group];
      }
      return total / n;
    }

    /** The mean without each group in turn; none for a single group. */
    double[] jackknife() {
      if (sum.length < 2) {
        return new double[0];
      }
      double total = mean() * rows;
      double[] left = new double[sum.length];
      for (int group = 0; group < left.length; group++) {
        left[group] = (total - sum[group]) / (rows - size[group]);
      }
      return left;
    }
  }
}
