package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How well scores tell out-of-distribution inputs (the positive class; high means out) from
 * in-distribution ones. An input is called out where its score is at or above a threshold.
 */
public final class Detection {
  private final double[] in;
  private final double[] out;

  private Detection(double[] in, double[] out) {
    this.in = in;
    this.out = out;
  }

  /**
   * A place on the ROC curve.
   *
   * @param threshold scores at or above it are called out; infinite at the curve's begin
   * @param falsePositiveRate share of the in-distribution inputs that are called out
   * @param truePositiveRate share of the out-of-distribution inputs that are called out
   */
  public record RocPoint(double threshold, double falsePositiveRate, double truePositiveRate) {}

  /**
   * What a threshold does.
   *
   * @param threshold scores at or above it are rejected
   * @param falseReject share of in-distribution inputs that are rejected, with Wilson's interval
   * @param caught share of out-of-distribution inputs that are rejected, with Wilson's interval
   */
  public record OperatingPoint(double threshold, Proportion falseReject, Proportion caught) {}

  /**
   * Percentile intervals of a bootstrap that draws both classes apart, so that their sizes stay.
   *
   * @param auroc interval of the area
   * @param falsePositiveRateAt95 interval of FPR95
   * @param averagePrecision interval of the average precision
   * @param draws how many draws
   */
  public record Intervals(
      Interval auroc, Interval falsePositiveRateAt95, Interval averagePrecision, int draws) {}

  /**
   * Takes scores.
   *
   * @param in scores of in-distribution inputs
   * @param out scores of out-of-distribution inputs
   * @throws IllegalArgumentException for NaN, or where a class is empty: nothing below is defined
   *     then; {@link Auroc#of} names that case
   */
  public static Detection of(double[] in, double[] out) {
    if (in.length == 0 || out.length == 0) {
      throw new IllegalArgumentException(
          "one class only: "
              + in.length
              + " in-distribution and "
              + out.length
              + " out-of-distribution scores");
    }
    return new Detection(
        Ranks.sorted(in, "in-distribution score"), Ranks.sorted(out, "out-of-distribution score"));
  }

  /** The area under the ROC curve with its interval. */
  public Auroc auroc(double level) {
    return Auroc.ofSorted(in, out, level);
  }

  /**
   * The ROC curve from (0, 0) to (1, 1), one point for each score that occurs; points in the middle
   * of a horizontal or vertical stretch are left out, which changes neither curve nor area.
   */
  public List<RocPoint> roc() {
    List<RocPoint> points = new ArrayList<>();
    points.add(new RocPoint(Double.POSITIVE_INFINITY, 0, 0));
    int lastFalse = 0;
    int lastTrue = 0;
    int beforeFalse = -1;
    int beforeTrue = -1;
    Descent descent = new Descent(in, out);
    while (descent.next()) {
      boolean straight =
          (beforeFalse == lastFalse && lastFalse == descent.falsePositives)
              || (beforeTrue == lastTrue && lastTrue == descent.truePositives);
      if (straight) {
        points.removeLast();
      } else {
        beforeFalse = lastFalse;
        beforeTrue = lastTrue;
      }
      lastFalse = descent.falsePositives;
      lastTrue = descent.truePositives;
      points.add(
          new RocPoint(
              descent.threshold, (double) lastFalse / in.length, (double) lastTrue / out.length));
    }
    return points;
  }

  /**
   * The first operating point, thresholds descending, that catches at least a share of the
   * out-of-distribution inputs; nothing is interpolated.
   */
  public OperatingPoint atLeastCaught(double share, double level) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("a share to be caught lies in (0, 1], not " + share);
    }
    Descent descent = new Descent(in, out);
    while (descent.next()) {
      if ((double) descent.truePositives / out.length >= share) {
        return point(descent.threshold, descent.falsePositives, descent.truePositives, level);
      }
    }
    throw new IllegalStateException("the lowest threshold catches all");
  }

  /**
   * FPR95: the share of in-distribution inputs that are called out at the first threshold that
   * catches 95 % of the out-of-distribution ones. Programs that take in-distribution as the
   * positive class give another number.
   */
  public double falsePositiveRateAt95() {
    return atLeastCaught(0.95, 0.95).falseReject().value();
  }

  /** What a threshold does. */
  public OperatingPoint at(double threshold, double level) {
    return point(
        threshold,
        in.length - Ranks.below(in, threshold),
        out.length - Ranks.below(out, threshold),
        level);
  }

  private OperatingPoint point(double threshold, int rejected, int caught, double level) {
    return new OperatingPoint(
        threshold,
        Proportion.wilson(rejected, in.length, level),
        Proportion.wilson(caught, out.length, level));
  }

  /**
   * Average precision: sum over thresholds, descending, of the rise in recall times the precision
   * there, equal scores taken at once and nothing interpolated. A detector that knows nothing gets
   * the share of out-of-distribution inputs.
   */
  public double averagePrecision() {
    double sum = 0;
    int before = 0;
    Descent descent = new Descent(in, out);
    while (descent.next()) {
      double precision =
          (double) descent.truePositives / (descent.truePositives + descent.falsePositives);
      sum += (descent.truePositives - before) * precision;
      before = descent.truePositives;
    }
    return sum / out.length;
  }

  /**
   * Draws both classes again and again.
   *
   * @param draws how many times
   * @param seed seed of the draws
   */
  public Intervals bootstrap(int draws, double level, long seed) {
    Levels levels = new Levels(in, out);
    double[][] found = new double[3][draws];
    Replicates.run(
        draws,
        seed,
        () -> new int[2][levels.count],
        (index, random, counts) -> {
          draw(random, levels.ofIn, counts[0]);
          draw(random, levels.ofOut, counts[1]);
          double area = 0;
          double precision = 0;
          double rate = Double.NaN;
          long falsePositives = 0;
          long truePositives = 0;
          for (int at = levels.count - 1; at >= 0; at--) {
            int more = counts[1][at];
            // Those of this level lie above all in-distribution scores that are still to come.
            area += more * (in.length - falsePositives - counts[0][at] / 2.0);
            falsePositives += counts[0][at];
            truePositives += more;
            if (more > 0) {
              precision += more * ((double) truePositives / (truePositives + falsePositives));
              if (Double.isNaN(rate) && (double) truePositives / out.length >= 0.95) {
                rate = (double) falsePositives / in.length;
              }
            }
          }
          found[0][index] = area / ((double) in.length * out.length);
          found[1][index] = rate;
          found[2][index] = precision / out.length;
        });
    return new Intervals(
        Quantiles.percentile(found[0], level),
        Quantiles.percentile(found[1], level),
        Quantiles.percentile(found[2], level),
        draws);
  }

  private static void draw(SplittableRandom random, int[] levels, int[] counts) {
    Arrays.fill(counts, 0);
    for (int i = 0; i < levels.length; i++) {
      counts[levels[Replicates.draw(random, levels.length)]]++;
    }
  }

  /** The distinct scores of both classes, ascending, and where among them each score stands. */
  private static final class Levels {
    final int[] ofIn;
    final int[] ofOut;
    final int count;

    Levels(double[] in, double[] out) {
      ofIn = new int[in.length];
      ofOut = new int[out.length];
      int level = 0;
      int i = 0;
      int o = 0;
      while (i < in.length || o < out.length) {
        double score = i == in.length ? out[o] : o == out.length ? in[i] : Math.min(in[i], out[o]);
        while (i < in.length && in[i] == score) {
          ofIn[i++] = level;
        }
        while (o < out.length && out[o] == score) {
          ofOut[o++] = level;
        }
        level++;
      }
      count = level;
    }
  }

  /** Goes down the distinct scores and counts what lies at or above each. */
  private static final class Descent {
    private final double[] in;
    private final double[] out;
    double threshold;
    int falsePositives;
    int truePositives;

    Descent(double[] in, double[] out) {
      this.in = in;
      this.out = out;
    }

    boolean next() {
      int i = in.length - 1 - falsePositives;
      int o = out.length - 1 - truePositives;
      if (i < 0 && o < 0) {
        return false;
      }
      threshold = i < 0 ? out[o] : o < 0 ? in[i] : Math.max(in[i], out[o]);
      while (i >= 0 && in[i] == threshold) {
        i--;
        falsePositives++;
      }
      while (o >= 0 && out[o] == threshold) {
        o--;
        truePositives++;
      }
      return true;
    }
  }
}
