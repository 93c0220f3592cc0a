package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * The line of least squares through points, and the sums that its errors are made of.
 *
 * @param n points
 * @param meanX mean place
 * @param meanY mean value
 * @param squaresX sum of squared deviations of the places
 * @param squaresY the same of the values
 * @param products sum of products of both deviations
 */
public record LineFit(
    int n, double meanX, double meanY, double squaresX, double squaresY, double products) {

  /** Fits points; x and y are of the same length. */
  public static LineFit of(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " places and " + y.length + " values");
    }
    double meanX = Moments.of(x).mean();
    double meanY = Moments.of(y).mean();
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    return new LineFit(x.length, meanX, meanY, xx, yy, xy);
  }

  /** Rise per unit; NaN where all points are at one place. */
  public double slope() {
    return squaresX > 0 ? products / squaresX : Double.NaN;
  }

  /** Its value at 0. */
  public double intercept() {
    return meanY - slope() * meanX;
  }

  /**
   * How much the slope of a parabola through the points changes from the lowest place to the
   * highest; 0 for a straight line. Its size does not depend on the noise, as that of R^2 does. NaN
   * for fewer than three places.
   */
  public static double bend(double[] x, double[] y) {
    double[] places = Arrays.stream(x).distinct().sorted().toArray();
    if (places.length < 3) {
      return Double.NaN;
    }
    double mean = Moments.of(x).mean();
    double squares = 0;
    double cubes = 0;
    for (double each : x) {
      squares += Math.pow(each - mean, 2);
      cubes += Math.pow(each - mean, 3);
    }
    double above = 0;
    double below = 0;
    for (int i = 0; i < x.length; i++) { // x^2 less what is level or slope, by Gram and Schmidt
      double u = x[i] - mean;
      double part = u * u - squares / x.length - cubes / squares * u;
      above += part * y[i];
      below += part * part;
    }
    return 2 * (above / below) * (places[places.length - 1] - places[0]);
  }
}
