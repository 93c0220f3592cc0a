package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * The interquartile mean of many runs, as rliable defines it (Agarwal et al. 2021): of all scores
 * of all tasks together, the lowest and the highest floor(n / 4) are cut and the rest is averaged.
 * Its interval is a bootstrap that draws runs within each task.
 *
 * @param value the mean of the middle scores
 * @param interval percentile interval
 * @param n scores
 * @param used scores that were averaged
 */
public record InterquartileMean(double value, Interval interval, int n, int used) {

  /**
   * Measures.
   *
   * @param scores for each task, the scores of its runs; tasks may differ in their runs
   * @param draws bootstrap draws
   * @param seed seed of the draws
   */
  public static InterquartileMean of(double[][] scores, int draws, double level, long seed) {
    double[] all = Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray();
    if (all.length == 0 || Arrays.stream(all).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("an interquartile mean needs scores without NaN");
    }
    double[] means = new double[draws];
    Replicates.run(
        draws,
        seed,
        () -> new double[all.length],
        (index, random, drawn) -> {
          int at = 0;
          for (double[] task : scores) {
            for (int i = 0; i < task.length; i++) {
              drawn[at++] = task[Replicates.draw(random, task.length)];
            }
          }
          means[index] = middle(drawn);
        });
    return new InterquartileMean(
        middle(all.clone()),
        Quantiles.percentile(means, level),
        all.length,
        all.length - 2 * Math.floorDiv(all.length, 4));
  }

  /** Sorts and averages all but the lowest and the highest quarter, their size rounded down. */
  private static double middle(double[] values) {
    Arrays.sort(values);
    int cut = Math.floorDiv(values.length, 4);
    double sum = 0;
    for (int i = cut; i < values.length - cut; i++) {
      sum += values[i];
    }
    return sum / (values.length - 2 * cut);
  }
}
