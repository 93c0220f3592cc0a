package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.hipparchus.distribution.continuous.FDistribution;

/**
 * Whether lines of several groups are parallel (paper section 4.3: reward against sqrt(KL) for
 * policies of different sizes). Each group has its own intercept; the F test compares slopes of
 * their own with one slope for all. It takes residuals as independent: for points along runs it
 * finds differences too easily, and slopes of several seeds are the better witness.
 *
 * @param lines one a group, in the order given
 * @param common the slope where all groups share one
 * @param f the statistic; infinite where separate lines are exact and a common slope is not
 * @param numerator degrees of freedom above: groups less one
 * @param denominator degrees of freedom below: points less two a group
 * @param probability of a larger F where the lines are parallel; empty where all residuals vanish
 */
public record ParallelLines(
    List<Line> lines,
    Coefficient common,
    double f,
    int numerator,
    int denominator,
    OptionalDouble probability) {

  /** Copies the list. */
  public ParallelLines {
    lines = List.copyOf(lines);
  }

  /**
   * Points of a group.
   *
   * @param name the group's name
   * @param x places
   * @param y values, as many
   */
  @SuppressWarnings("ArrayRecordComponent") // read only here, never compared
  public record Group(String name, double[] x, double[] y) {}

  /**
   * A group's own line.
   *
   * @param name the group's name
   * @param n points
   * @param intercept value at 0
   * @param slope rise, with its interval from the group's own residuals; NaN errors for two points
   */
  public record Line(String name, int n, double intercept, Coefficient slope) {}

  /**
   * Fits and tests.
   *
   * @param groups at least two, each with at least two places, and more points than two a group
   * @param level coverage of intervals
   * @throws IllegalArgumentException where there are too few
   */
  public static ParallelLines of(List<Group> groups, double level) {
    if (groups.size() < 2) {
      throw new IllegalArgumentException("parallel lines need at least two groups");
    }
    List<Line> lines = new ArrayList<>();
    List<LineFit> fits = new ArrayList<>();
    int points = 0;
    double separate = 0;
    double sumXx = 0;
    double sumXy = 0;
    double sumYy = 0;
    for (Group group : groups) {
      int n = group.x().length;
      if (n != group.y().length) {
        throw new IllegalArgumentException(
            "%s has %d places and %d values".formatted(group.name(), n, group.y().length));
      }
      LineFit fit = LineFit.of(group.x(), group.y());
      if (!(fit.squaresX() > 0)) {
        throw new IllegalArgumentException(group.name() + " has fewer than two places");
      }
      fits.add(fit);
      double residual = squares(group, fit, fit.slope());
      lines.add(line(group.name(), fit, residual, level));
      points += n;
      separate += residual;
      sumXx += fit.squaresX();
      sumXy += fit.products();
      sumYy += fit.squaresY();
    }
    int numerator = groups.size() - 1;
    int denominator = points - 2 * groups.size();
    if (denominator < 1) {
      throw new IllegalArgumentException(
          "%d points in %d groups leave nothing to test with".formatted(points, groups.size()));
    }
    double slope = sumXy / sumXx;
    double shared = 0;
    for (int i = 0; i < groups.size(); i++) {
      shared += squares(groups.get(i), fits.get(i), slope);
    }
    int commonDegrees = points - groups.size() - 1;
    double error = Math.sqrt(shared / commonDegrees / sumXx);
    // What is left of an exact line is rounding.
    boolean exact = separate <= 1e-24 * sumYy;
    boolean same = shared <= 1e-24 * sumYy;
    double f =
        same
            ? Double.NaN
            : exact
                ? Double.POSITIVE_INFINITY
                : (shared - separate) / numerator / (separate / denominator);
    return new ParallelLines(
        lines,
        Coefficient.of(slope, error, commonDegrees, level),
        f,
        numerator,
        denominator,
        same
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                exact
                    ? 0
                    : 1 - new FDistribution(numerator, denominator).cumulativeProbability(f)));
  }

  /** Squared residuals about the line of this slope that fits best. */
  private static double squares(Group group, LineFit fit, double slope) {
    double sum = 0;
    for (int i = 0; i < fit.n(); i++) {
      double residual = group.y()[i] - fit.meanY() - slope * (group.x()[i] - fit.meanX());
      sum += residual * residual;
    }
    return sum;
  }

  private static Line line(String name, LineFit fit, double residual, double level) {
    int freedom = fit.n() - 2;
    double error = freedom > 0 ? Math.sqrt(residual / freedom / fit.squaresX()) : Double.NaN;
    return new Line(
        name, fit.n(), fit.intercept(), Coefficient.of(fit.slope(), error, freedom, level));
  }
}
