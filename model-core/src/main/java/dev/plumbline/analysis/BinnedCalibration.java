package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * Predictions and outcomes by bins, and the errors that are sums over bins.
 *
 * @param bins in ascending order
 * @param ece expected calibration error: sum of n_b/n times the gap |mean(y) - mean(p)| of the bin,
 *     with the mean of p and not the bin's centre; biased upward for few predictions
 * @param mce the largest gap of a bin
 * @param debiasedL2 squared calibration error without the plug-in's bias (Kumar, Liang and Ma
 *     2019): sum of n_b/n (gap^2 - ybar (1 - ybar) / (n_b - 1)); may be negative. The correction of
 *     a bin with one member does not exist, so such a bin adds nothing
 * @param singletons bins with one member
 */
public record BinnedCalibration(
    List<CalibrationBin> bins, double ece, double mce, double debiasedL2, int singletons) {
  /** Copies the list. */
  public BinnedCalibration {
    bins = List.copyOf(bins);
  }

  static BinnedCalibration of(Bins bins, double[] x, double[] p, boolean[] y, double level) {
    long[] n = new long[bins.count()];
    long[] successes = new long[bins.count()];
    double[] sumX = new double[bins.count()];
    double[] sumP = new double[bins.count()];
    for (int i = 0; i < p.length; i++) {
      int bin = bins.of(i);
      n[bin]++;
      successes[bin] += y[i] ? 1 : 0;
      sumX[bin] += x[i];
      sumP[bin] += p[i];
    }
    List<CalibrationBin> made = new ArrayList<>();
    int singletons = 0;
    for (int bin = 0; bin < n.length; bin++) {
      singletons += n[bin] == 1 ? 1 : 0;
      made.add(
          new CalibrationBin(
              bins.from(bin),
              bins.to(bin),
              n[bin],
              sumX[bin] / n[bin],
              sumP[bin] / n[bin],
              (double) successes[bin] / n[bin],
              n[bin] == 0
                  ? Interval.none(level)
                  : Proportion.wilson(successes[bin], n[bin], level).interval()));
    }
    Errors errors = new Errors();
    for (int bin = 0; bin < n.length; bin++) {
      errors.add((double) n[bin], (double) successes[bin], sumP[bin]);
    }
    return new BinnedCalibration(
        made, errors.ece(p.length), errors.mce, errors.debiased(p.length), singletons);
  }

  /** The errors of bins that come one by one. */
  static final class Errors {
    private double absolute;
    private double squared;
    double mce;

    void reset() {
      absolute = 0;
      squared = 0;
      mce = 0;
    }

    void add(double n, double successes, double sumP) {
      if (n == 0) {
        return;
      }
      double difference = Math.abs(successes - sumP);
      double gap = difference / n;
      absolute += difference;
      mce = Math.max(mce, gap);
      if (n > 1) {
        double share = successes / n;
        squared += n * (gap * gap - share * (1 - share) / (n - 1));
      }
    }

    double ece(double n) {
      return absolute / n;
    }

    double debiased(double n) {
      return squared / n;
    }
  }
}
