package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * Percentile intervals of the calibration errors by a bootstrap of groups (of rows where none share
 * one). The bins are those of the measured sample, held. Drawing rows again adds the same upward
 * bias to ECE and MCE that they have already, so the interval of the ECE lies high where the ECE is
 * small; that of the debiased error does not.
 *
 * @param share mean(y), the share of successes
 * @param ece expected calibration error
 * @param mce largest gap
 * @param debiasedL2 squared error without the plug-in's bias
 * @param brier Brier score
 * @param logLoss log-loss in nats
 * @param groups groups that were drawn among
 * @param draws how many draws
 */
public record CalibrationBootstrap(
    Interval share,
    Interval ece,
    Interval mce,
    Interval debiasedL2,
    Interval brier,
    Interval logLoss,
    int groups,
    int draws) {

  private static final int STRIDE = 4;

  private static final class Scratch {
    final long[] counts;
    final double[] sums;
    final BinnedCalibration.Errors errors = new BinnedCalibration.Errors();
    double brier;
    double logLoss;

    Scratch(int bins) {
      counts = new long[2 * bins];
      sums = new double[bins];
    }

    void clear() {
      Arrays.fill(counts, 0);
      Arrays.fill(sums, 0);
      errors.reset();
      brier = 0;
      logLoss = 0;
    }

    /** Takes in the row whose four numbers begin at a place. */
    void add(double[] rows, int at) {
      int cell = (int) rows[at];
      counts[cell]++;
      sums[cell >> 1] += rows[at + 1];
      brier += rows[at + 2];
      logLoss += rows[at + 3];
    }
  }

  /**
   * Draws groups with replacement.
   *
   * @param p predicted probabilities
   * @param y what happened
   * @param groups rows that belong together; {@link Groups#single} for independent rows
   * @param options bins and coverage
   * @param draws how many times
   * @param seed seed of the draws
   */
  public static CalibrationBootstrap of(
      double[] p, boolean[] y, Groups groups, Calibration.Options options, int draws, long seed) {
    Calibration.check(p, y);
    groups.requireRows(p.length);
    Bins bins = Calibration.bins(p, options);
    double[] rows = table(p, y, groups, bins);
    int groupCount = groups.count();
    boolean single = groupCount == p.length;
    double[][] found = new double[6][draws];
    Replicates.run(
        draws,
        seed,
        () -> new Scratch(bins.count()),
        (index, random, scratch) -> {
          scratch.clear();
          for (int i = 0; i < groupCount; i++) {
            int group = Replicates.draw(random, groupCount);
            if (single) {
              scratch.add(rows, STRIDE * group);
            } else {
              for (int at = groups.from(group); at < groups.from(group + 1); at++) {
                scratch.add(rows, STRIDE * at);
              }
            }
          }
          long n = 0;
          long successes = 0;
          for (int bin = 0; bin < scratch.sums.length; bin++) {
            long failures = scratch.counts[2 * bin];
            long hits = scratch.counts[2 * bin + 1];
            n += failures + hits;
            successes += hits;
            scratch.errors.add(failures + hits, hits, scratch.sums[bin]);
          }
          found[0][index] = (double) successes / n;
          found[1][index] = scratch.errors.ece(n);
          found[2][index] = scratch.errors.mce;
          found[3][index] = scratch.errors.debiased(n);
          found[4][index] = scratch.brier / n;
          found[5][index] = scratch.logLoss / n;
        });
    Interval[] intervals = new Interval[found.length];
    Arrays.setAll(intervals, i -> Quantiles.percentile(found[i], options.level()));
    return new CalibrationBootstrap(
        intervals[0],
        intervals[1],
        intervals[2],
        intervals[3],
        intervals[4],
        intervals[5],
        groupCount,
        draws);
  }

  /** Four numbers a row, rows of a group side by side: one draw touches one line of the cache. */
  private static double[] table(double[] p, boolean[] y, Groups groups, Bins bins) {
    double[] rows = new double[STRIDE * p.length];
    for (int place = 0; place < p.length; place++) {
      int row = groups.order(place);
      rows[STRIDE * place] = 2.0 * bins.of(row) + (y[row] ? 1 : 0);
      rows[STRIDE * place + 1] = p[row];
      rows[STRIDE * place + 2] = Calibration.squaredError(p[row], y[row]);
      rows[STRIDE * place + 3] = Calibration.logLoss(p[row], y[row]);
    }
    return rows;
  }
}
