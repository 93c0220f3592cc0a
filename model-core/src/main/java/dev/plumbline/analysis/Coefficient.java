package dev.plumbline.analysis;

/**
 * A coefficient of a least-squares fit.
 *
 * @param value its estimate
 * @param standardError textbook standard error, for independent residuals
 * @param interval Student's t interval; the ends are NaN without a degree of freedom
 */
public record Coefficient(double value, double standardError, Interval interval) {
  static Coefficient of(double value, double standardError, int degreesOfFreedom, double level) {
    return new Coefficient(
        value,
        standardError,
        degreesOfFreedom < 1
            ? Interval.none(level)
            : Interval.around(
                value, Quantiles.tTwoSided(level, degreesOfFreedom) * standardError, level));
  }
}
