package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The reliability diagram without bins of Dimitriadis, Gneiting and Jordan (2021): outcomes fitted
 * by a rising step function of p (pool-adjacent-violators, equal p pooled first), and the Brier
 * score taken apart by it: Brier = MCB - DSC + UNC.
 *
 * @param mcb miscalibration: Brier score less that of the recalibrated predictions; 0 is calibrated
 * @param dsc discrimination: Brier score of the base rate less that of the recalibrated predictions
 * @param unc uncertainty: Brier score of the base rate, ybar (1 - ybar)
 * @param steps the fitted function, ascending
 */
public record Corp(double mcb, double dsc, double unc, List<Step> steps) {
  /**
   * A stretch on which the fit is constant.
   *
   * @param from lowest p in it
   * @param to highest p in it
   * @param n predictions in it
   * @param fitted share of successes there, the recalibrated probability
   */
  public record Step(double from, double to, long n, double fitted) {}

  /** Copies the list. */
  public Corp {
    steps = List.copyOf(steps);
  }

  static Corp of(double[] p, boolean[] y) {
    int n = p.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> p[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] from = new double[n];
    double[] to = new double[n];
    long[] members = new long[n];
    long[] successes = new long[n];
    double[] errors = new double[n];
    int blocks = 0;
    for (int at = 0; at < n; ) {
      double place = p[order[at]];
      from[blocks] = place;
      to[blocks] = place;
      members[blocks] = 0;
      successes[blocks] = 0;
      errors[blocks] = 0;
      while (at < n && p[order[at]] == place) {
        boolean success = y[order[at++]];
        members[blocks]++;
        successes[blocks] += success ? 1 : 0;
        errors[blocks] += Calibration.squaredError(place, success);
      }
      blocks++;
      // Whole numbers: shares are compared without rounding.
      while (blocks > 1
          && successes[blocks - 2] * members[blocks - 1]
              >= successes[blocks - 1] * members[blocks - 2]) {
        blocks--;
        to[blocks - 1] = to[blocks];
        members[blocks - 1] += members[blocks];
        successes[blocks - 1] += successes[blocks];
        errors[blocks - 1] += errors[blocks];
      }
    }
    long all = Arrays.stream(successes, 0, blocks).sum();
    double rate = (double) all / n;
    double mcb = 0;
    double dsc = 0;
    List<Step> steps = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      double fitted = (double) successes[block] / members[block];
      double spread = members[block] * fitted * (1 - fitted);
      mcb += errors[block] - spread;
      // Within a block the base rate's error exceeds the fit's by their squared distance.
      dsc += members[block] * (rate - fitted) * (rate - fitted);
      steps.add(new Step(from[block], to[block], members[block], fitted));
    }
    return new Corp(mcb / n, dsc / n, rate * (1 - rate), steps);
  }
}
