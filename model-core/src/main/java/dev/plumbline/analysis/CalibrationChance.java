package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * What the same predictions would show if they were perfectly calibrated: outcomes drawn again and
 * again with the predicted probabilities, the bins held. A measured ECE says something only where
 * it lies above this.
 *
 * @param ece mean of the ECE over the draws
 * @param eceInterval percentile interval of the ECE over the draws
 * @param pValue share of draws whose ECE is at least the measured one, the measured one counted in
 *     ((k + 1) / (draws + 1)): a test of calibration
 * @param band for each bin, the percentile interval of its share of successes over the draws: the
 *     consistency band around the diagonal, to be told apart from the interval of the measured
 *     share
 * @param draws how many draws
 */
public record CalibrationChance(
    double ece, Interval eceInterval, double pValue, List<Interval> band, int draws) {
  /** Copies the list. */
  public CalibrationChance {
    band = List.copyOf(band);
  }

  private static final class Scratch {
    final long[] successes;
    final BinnedCalibration.Errors errors = new BinnedCalibration.Errors();

    Scratch(int bins) {
      successes = new long[bins];
    }
  }

  /**
   * Draws outcomes.
   *
   * @param p predicted probabilities
   * @param y what happened
   * @param options bins and coverage
   * @param draws how many times
   * @param seed seed of the draws
   */
  public static CalibrationChance of(
      double[] p, boolean[] y, Calibration.Options options, int draws, long seed) {
    Calibration.check(p, y);
    Bins bins = Calibration.bins(p, options);
    int count = bins.count();
    double measured = BinnedCalibration.of(bins, p, p, y, options.level()).ece();
    double[] sumP = new double[count];
    long[] n = new long[count];
    long[] thresholds = new long[p.length];
    int[] bin = new int[p.length];
    for (int i = 0; i < p.length; i++) {
      bin[i] = bins.of(i);
      sumP[bin[i]] += p[i];
      n[bin[i]]++;
      thresholds[i] = Replicates.threshold(p[i]);
    }
    double[] ece = new double[draws];
    double[][] shares = new double[count][draws];
    Replicates.run(
        draws,
        seed,
        () -> new Scratch(count),
        (index, random, scratch) -> {
          java.util.Arrays.fill(scratch.successes, 0);
          for (int i = 0; i < bin.length; i++) {
            scratch.successes[bin[i]] += Replicates.bernoulli(random, thresholds[i]) ? 1 : 0;
          }
          scratch.errors.reset();
          for (int b = 0; b < count; b++) {
            scratch.errors.add((double) n[b], (double) scratch.successes[b], sumP[b]);
            shares[b][index] = (double) scratch.successes[b] / n[b];
          }
          ece[index] = scratch.errors.ece(bin.length);
        });
    int above = 0;
    for (double each : ece) {
      // A tie must count whatever the rounding of the sums.
      above += each >= measured * (1 - 1e-12) ? 1 : 0;
    }
    List<Interval> band = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      band.add(
          n[b] == 0
              ? Interval.none(options.level())
              : Quantiles.percentile(shares[b], options.level()));
    }
    return new CalibrationChance(
        Moments.of(ece).mean(),
        Quantiles.percentile(ece, options.level()),
        (above + 1.0) / (draws + 1.0),
        band,
        draws);
  }
}
