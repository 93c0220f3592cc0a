package dev.plumbline.analysis;

/** Smoothing for display; never for results. */
public final class Smoothing {
  private Smoothing() {}

  /**
   * The debiased exponential moving average as TensorBoard draws it: the average starts at 0 and is
   * divided by 1 - weight^m after m values, values that are not finite are passed on and leave the
   * average alone, and a constant series is passed on as it is.
   *
   * @param values the series
   * @param weight share of the past, from 0 (no smoothing) to below 1
   */
  public static double[] exponential(double[] values, double weight) {
    if (!(weight >= 0 && weight < 1)) {
      throw new IllegalArgumentException("a smoothing weight lies in [0, 1), not " + weight);
    }
    double[] smooth = values.clone();
    if (constant(values)) {
      return smooth;
    }
    double average = 0;
    double remaining = 1;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        average = weight * average + (1 - weight) * values[i];
        remaining *= weight;
        smooth[i] = average / (1 - remaining);
      }
    }
    return smooth;
  }

  private static boolean constant(double[] values) {
    for (double value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }
}
