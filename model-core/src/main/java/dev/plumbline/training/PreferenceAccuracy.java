package dev.plumbline.training;

import java.util.Arrays;

/**
 * How well scores agree with comparisons.
 *
 * @param n comparisons
 * @param ties comparisons with equal scores; each counts one half
 * @param accuracy share with r_chosen > r_rejected
 * @param low lower end of the 95 % Wilson interval of the accuracy
 * @param high upper end of the 95 % Wilson interval of the accuracy
 * @param loss mean of ln(1 + exp(r_rejected - r_chosen)), nats (paper section 3.1)
 * @param lossLow lower end of the 95 % normal interval of the loss
 * @param lossHigh upper end of the 95 % normal interval of the loss
 */
public record PreferenceAccuracy(
    long n,
    long ties,
    double accuracy,
    double low,
    double high,
    double loss,
    double lossLow,
    double lossHigh) {

  /**
   * From the scores of both sides, in nats.
   *
   * @throws IllegalArgumentException where there is nothing to count
   */
  public static PreferenceAccuracy of(double[] chosen, double[] rejected) {
    double[] losses = new double[Math.min(chosen.length, rejected.length)];
    Arrays.setAll(losses, i -> loss(chosen[i] - rejected[i]));
    return of(chosen, rejected, losses);
  }

  /**
   * The same where the loss of a comparison is another function of its scores.
   *
   * @param losses of each comparison, nats
   */
  static PreferenceAccuracy of(double[] chosen, double[] rejected, double[] losses) {
    int n = chosen.length;
    if (n == 0 || n != rejected.length) {
      throw new IllegalArgumentException(n + " chosen and " + rejected.length + " rejected scores");
    }
    long ties = 0;
    double hits = 0;
    for (int i = 0; i < n; i++) {
      double margin = chosen[i] - rejected[i];
      ties += margin == 0 ? 1 : 0;
      hits += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
    }
    Means loss = Means.of(losses);
    double accuracy = hits / n;
    double z = Means.NORMAL_95;
    double centre = (accuracy + z * z / (2 * n)) / (1 + z * z / n);
    double half =
        z / (1 + z * z / n) * Math.sqrt(accuracy * (1 - accuracy) / n + z * z / (4.0 * n * n));
    return new PreferenceAccuracy(
        n,
        ties,
        accuracy,
        Math.max(0, centre - half),
        Math.min(1, centre + half),
        loss.mean(),
        loss.low(),
        loss.high());
  }

  /** {@code ln(1 + exp(-margin))}, without overflow, for a margin r_chosen - r_rejected in nats. */
  public static double loss(double margin) {
    return Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
  }
}
