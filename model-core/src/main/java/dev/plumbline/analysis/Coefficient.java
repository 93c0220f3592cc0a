package dev.plumbline.analysis;

/**
 * A coefficient of a least-squares fit.
 *
 * @param value its estimate
 * @param standardError textbook standard error, for independent residuals
 * @param interval Student's t interval
 */
public record Coefficient(double value, double standardError, Interval interval) {
  static Coefficient of(double value, double standardError, double degreesOfFreedom, double level) {
    double half = Quantiles.tTwoSided(level, degreesOfFreedom) * standardError;
    return new Coefficient(value, standardError, new Interval(value - half, value + half, level));
  }
}
