package dev.plumbline.analysis;

import java.util.Arrays;
import java.util.SplittableRandom;

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

    /** Draws as many groups as there are; rows of a group stand side by side. */
    void drawGroups(double[] rows, Groups groups, SplittableRandom random) {
      for (int i = 0; i < groups.count(); i++) {
        int group = Replicates.draw(random, groups.count());
        for (int at = groups.from(group); at < groups.from(group + 1); at++) {
          int cell = (int) rows[STRIDE * at];
          counts[cell]++;
          sums[cell >> 1] += rows[STRIDE * at + 1];
          brier += rows[STRIDE * at + 2];
          logLoss += rows[STRIDE * at + 3];
        }
      }
    }

    /**
     * Draws single rows cell by cell, given how many each cell gets: the same distribution, and all
     * draws of a cell stay within its few rows.
     */
    void drawCells(double[] rows, long[] cells, long[] drawn, SplittableRandom random) {
      int first = 0;
      for (int cell = 0; cell < cells.length; cell++) {
        int size = (int) cells[cell];
        double p = 0;
        double square = 0;
        double loss = 0;
        for (long i = drawn[cell]; i > 0; i--) {
          int at = STRIDE * (first + Replicates.draw(random, size));
          p += rows[at + 1];
          square += rows[at + 2];
          loss += rows[at + 3];
        }
        counts[cell] = drawn[cell];
        sums[cell >> 1] += p;
        brier += square;
        logLoss += loss;
        first += size;
      }
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
    boolean single = groups.count() == p.length;
    double[] rows = single ? sorted(p, y, bins) : table(p, y, groups, bins);
    long[] cells = cellCounts(y, bins);
    Multinomial cellsDrawn = new Multinomial(cells);
    int groupCount = groups.count();
    double[][] found = new double[6][draws];
    Replicates.run(
        draws,
        seed,
        () -> new Scratch(bins.count()),
        (index, random, scratch) -> {
          scratch.clear();
          if (single) {
            scratch.drawCells(rows, cells, cellsDrawn.draw(random), random);
          } else {
            scratch.drawGroups(rows, groups, random);
          }
          long n = 0;
          long successes = 0;
          for (int bin = 0; bin < scratch.sums.length; bin++) {
            long failures = scratch.counts[2 * bin];
            long hits = scratch.counts[2 * bin + 1];
            n += failures + hits;
            successes += hits;
            scratch.errors.add((double) (failures + hits), (double) hits, scratch.sums[bin]);
          }
          found[0][index] = (double) successes / n;
          found[1][index] = scratch.errors.ece((double) n);
          found[2][index] = scratch.errors.mce;
          found[3][index] = scratch.errors.debiased((double) n);
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

  /** Rows in each bin without (even places) and with success (odd places). */
  private static long[] cellCounts(boolean[] y, Bins bins) {
    long[] cells = new long[2 * bins.count()];
    for (int row = 0; row < y.length; row++) {
      cells[cell(y, bins, row)]++;
    }
    return cells;
  }

  private static int cell(boolean[] y, Bins bins, int row) {
    return 2 * bins.of(row) + (y[row] ? 1 : 0);
  }

  /** The table of single rows, those of a cell side by side. */
  private static double[] sorted(double[] p, boolean[] y, Bins bins) {
    int[] cells = new int[p.length];
    Arrays.setAll(cells, row -> cell(y, bins, row));
    return table(p, y, Groups.of(cells), bins);
  }

  /** Four numbers a row, rows of a group side by side: one draw touches one line of the cache. */
  private static double[] table(double[] p, boolean[] y, Groups groups, Bins bins) {
    double[] rows = new double[STRIDE * p.length];
    for (int place = 0; place < p.length; place++) {
      int row = groups.order(place);
      rows[STRIDE * place] = cell(y, bins, row);
      rows[STRIDE * place + 1] = p[row];
      rows[STRIDE * place + 2] = Calibration.squaredError(p[row], y[row]);
      rows[STRIDE * place + 3] = Calibration.logLoss(p[row], y[row]);
    }
    return rows;
  }
}
