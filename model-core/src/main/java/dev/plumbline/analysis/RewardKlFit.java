package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * The law of reward against KL for one run (paper section 4.3): reward = a + b sqrt(KL), by
 * ordinary least squares over the points whose sqrt(KL) lies in a stated range.
 *
 * <p>Points along one run are autocorrelated, so the textbook interval is too narrow and is called
 * naive. The interval to quote for one run is the moving-block bootstrap of the residuals with the
 * places held fixed; for several runs it is the t interval of b across runs ({@link #acrossRuns}).
 *
 * @param n points in the range
 * @param from lower end of the range of sqrt(KL), in sqrt(nat)
 * @param to upper end of the range
 * @param intercept a, in nats
 * @param slope b, in nats per sqrt(nat)
 * @param slopeStandardError textbook standard error of b
 * @param naive textbook t interval of b: too narrow when residuals are correlated
 * @param bootstrap moving-block bootstrap percentile interval of b
 * @param blockLength points a block
 * @param resamples bootstrap draws
 * @param rSquared share of the variance that the line explains; NaN when the reward is constant
 * @param durbinWatson near 2 for uncorrelated residuals, near 0 for strongly correlated ones; NaN
 *     when the line is exact
 * @param residualDeviation standard deviation of the residuals with n - 2 below, in nats
 * @param meanX mean of sqrt(KL) over the points
 * @param squaresX sum of squared deviations of sqrt(KL)
 * @param departure the first step from which on all points lie outside the line's prediction band,
 *     on one side; empty when the run has not left the line
 * @param clipped points of the whole run whose mean KL was negative and was taken as 0
 * @param lines the bootstrap's lines, for bands
 */
public record RewardKlFit(
    int n,
    double from,
    double to,
    double intercept,
    double slope,
    double slopeStandardError,
    Interval naive,
    Interval bootstrap,
    int blockLength,
    int resamples,
    double rSquared,
    double durbinWatson,
    double residualDeviation,
    double meanX,
    double squaresX,
    OptionalLong departure,
    int clipped,
    List<Line> lines) {

  /** Fewest points at the end of a run that count as having left the line. */
  public static final int LASTING = 3;

  /**
   * A line.
   *
   * @param intercept value at 0
   * @param slope rise per unit
   */
  public record Line(double intercept, double slope) {
    /** Its value at a place. */
    public double at(double x) {
      return intercept + slope * x;
    }
  }

  /**
   * How to fit.
   *
   * @param from lower end of the range of sqrt(KL)
   * @param to upper end of the range; infinite for the whole run
   * @param level coverage of intervals
   * @param resamples bootstrap draws
   * @param seed seed of the draws
   */
  public record Options(double from, double to, double level, int resamples, long seed) {
    /** The whole run, 95 %, 1000 draws. */
    public static final Options WHOLE_RUN =
        new Options(0, Double.POSITIVE_INFINITY, 0.95, 1000, 20260101);

    /** The same over another range. */
    public Options over(double low, double high) {
      return new Options(low, high, level, resamples, seed);
    }
  }

  /** Copies the list. */
  public RewardKlFit {
    lines = List.copyOf(lines);
  }

  /**
   * Fits a run.
   *
   * @param step the step of each point, ascending
   * @param kl mean KL of each point in nats; a negative mean is taken as 0 and counted
   * @param reward mean reward of each point in nats; rows with NaN are left out
   * @param options range and resampling
   * @return the fit; empty with fewer than three points in the range or all at one place
   */
  public static Optional<RewardKlFit> of(
      long[] step, double[] kl, double[] reward, Options options) {
    if (step.length != kl.length || step.length != reward.length) {
      throw new IllegalArgumentException(
          step.length + " steps, " + kl.length + " KL values, " + reward.length + " rewards");
    }
    int usable = 0;
    long[] steps = new long[step.length];
    double[] xs = new double[step.length];
    double[] ys = new double[step.length];
    int clipped = 0;
    for (int i = 0; i < step.length; i++) {
      if (Double.isFinite(kl[i]) && Double.isFinite(reward[i])) {
        clipped += kl[i] < 0 ? 1 : 0;
        steps[usable] = step[i];
        xs[usable] = Math.sqrt(Math.max(0, kl[i]));
        ys[usable] = reward[i];
        usable++;
      }
    }
    int n = 0;
    double[] x = new double[usable];
    double[] y = new double[usable];
    for (int i = 0; i < usable; i++) {
      if (xs[i] >= options.from() && xs[i] <= options.to()) {
        x[n] = xs[i];
        y[n] = ys[i];
        n++;
      }
    }
    x = Arrays.copyOf(x, n);
    y = Arrays.copyOf(y, n);
    LineFit least = LineFit.of(x, y);
    double squaresX = least.squaresX();
    if (n < 3 || !(squaresX > 0)) {
      return Optional.empty();
    }
    Line line = new Line(least.intercept(), least.slope());
    double[] residuals = new double[n];
    double squaredResiduals = 0;
    double squaredSteps = 0;
    for (int i = 0; i < n; i++) {
      residuals[i] = y[i] - line.at(x[i]);
      squaredResiduals += residuals[i] * residuals[i];
      if (i > 0) {
        double change = residuals[i] - residuals[i - 1];
        squaredSteps += change * change;
      }
    }
    double deviation = Math.sqrt(squaredResiduals / (n - 2));
    double error = deviation / Math.sqrt(squaresX);
    double half = Quantiles.tTwoSided(options.level(), n - 2) * error;
    int block = Bootstrap.blockLength(residuals);
    List<Line> lines = resample(x, residuals, line, least, block, options);
    double[] slopes = lines.stream().mapToDouble(Line::slope).toArray();
    RewardKlFit fit =
        new RewardKlFit(
            n,
            Math.max(options.from(), Arrays.stream(x).min().orElseThrow()),
            Math.min(options.to(), Arrays.stream(x).max().orElseThrow()),
            line.intercept(),
            line.slope(),
            error,
            Interval.around(line.slope(), half, options.level()),
            Quantiles.percentile(slopes, options.level()),
            block,
            options.resamples(),
            least.squaresY() > 0 ? 1 - squaredResiduals / least.squaresY() : Double.NaN,
            squaredResiduals > 0 ? squaredSteps / squaredResiduals : Double.NaN,
            deviation,
            least.meanX(),
            squaresX,
            OptionalLong.empty(),
            clipped,
            lines);
    return Optional.of(
        fit.withDeparture(
            fit.departure(
                Arrays.copyOf(steps, usable),
                Arrays.copyOf(xs, usable),
                Arrays.copyOf(ys, usable))));
  }

  /** Why points cannot be fitted over a range; empty where they can. */
  public static Optional<String> problem(double[] kl, double[] reward, Options options) {
    int usable = 0;
    double first = Double.NaN;
    boolean spread = false;
    for (int i = 0; i < kl.length; i++) {
      double x = Math.sqrt(Math.max(0, kl[i]));
      if (Double.isFinite(kl[i])
          && Double.isFinite(reward[i])
          && x >= options.from()
          && x <= options.to()) {
        spread |= usable > 0 && x != first;
        first = usable == 0 ? x : first;
        usable++;
      }
    }
    if (usable < 3) {
      return Optional.of("%d points; a line with an interval needs 3".formatted(usable));
    }
    return spread ? Optional.empty() : Optional.of("all points have the same KL");
  }

  /**
   * The slope that theory gives the law at its start, in nats per sqrt(nat): sqrt(2) times the
   * standard deviation of the reward under the initial policy for a fixed prompt (derived from the
   * paper's section 4.3).
   */
  public static double initialSlope(double rewardDeviation) {
    return Math.sqrt(2) * rewardDeviation;
  }

  /** Textbook standard error of the intercept. */
  public double interceptStandardError() {
    return residualDeviation * Math.sqrt(1.0 / n + meanX * meanX / squaresX);
  }

  private static List<Line> resample(
      double[] x, double[] residuals, Line line, LineFit least, int block, Options options) {
    int n = x.length;
    // Fitted residuals are a little too small; this gives them the variance of the errors.
    double inflation = Math.sqrt(n / (n - 2.0));
    SplittableRandom random = new SplittableRandom(options.seed());
    int[] rows = new int[n];
    double[] y = new double[n];
    List<Line> lines = new ArrayList<>(options.resamples());
    for (int draw = 0; draw < options.resamples(); draw++) {
      Bootstrap.drawBlocks(rows, block, random);
      for (int i = 0; i < n; i++) {
        y[i] = line.at(x[i]) + inflation * residuals[rows[i]];
      }
      lines.add(line(x, y, least));
    }
    return lines;
  }

  /** The line through other values at the same places. */
  private static Line line(double[] x, double[] y, LineFit places) {
    double meanY = Moments.of(y).mean();
    double products = 0;
    for (int i = 0; i < x.length; i++) {
      products += (x[i] - places.meanX()) * (y[i] - meanY);
    }
    double slope = products / places.squaresX();
    return new Line(meanY - slope * places.meanX(), slope);
  }

  private RewardKlFit withDeparture(OptionalLong step) {
    return new RewardKlFit(
        n,
        from,
        to,
        intercept,
        slope,
        slopeStandardError,
        naive,
        bootstrap,
        blockLength,
        resamples,
        rSquared,
        durbinWatson,
        residualDeviation,
        meanX,
        squaresX,
        step,
        clipped,
        lines);
  }

  private OptionalLong departure(long[] step, double[] x, double[] y) {
    int first = step.length;
    double side = 0;
    for (int i = step.length - 1; i >= 0; i--) {
      Interval band = predictionBand(x[i]);
      double where = y[i] > band.high() ? 1 : y[i] < band.low() ? -1 : 0;
      if (where == 0 || (side != 0 && where != side)) {
        break;
      }
      side = where;
      first = i;
    }
    return step.length - first >= LASTING ? OptionalLong.of(step[first]) : OptionalLong.empty();
  }

  /** The line's value at a place. */
  public double at(double x) {
    return intercept + slope * x;
  }

  /**
   * Where a further point at this place would lie: the textbook t prediction interval with the
   * fit's level.
   */
  public Interval predictionBand(double x) {
    double spread =
        residualDeviation * Math.sqrt(1 + 1.0 / n + (x - meanX) * (x - meanX) / squaresX);
    double half = Quantiles.tTwoSided(naive.level(), n - 2) * spread;
    return Interval.around(at(x), half, naive.level());
  }

  /** Where the line itself lies at this place: the percentile interval of the bootstrap's lines. */
  public Interval lineBand(double x) {
    double[] values = lines.stream().mapToDouble(each -> each.at(x)).toArray();
    return Quantiles.percentile(values, bootstrap.level());
  }

  /** True when the line explains nine tenths of the variance and the run has not left it. */
  public boolean nearLinear() {
    return rSquared >= 0.9 && departure.isEmpty();
  }

  /**
   * The slope across runs that differ in their seed only.
   *
   * @param fits one fit a run
   * @param level coverage
   * @return mean slope with its t interval; the ends are NaN for fewer than two runs
   */
  public static Slope acrossRuns(List<RewardKlFit> fits, double level) {
    Moments moments = new Moments();
    fits.forEach(fit -> moments.add(fit.slope()));
    return new Slope(moments.mean(), moments.tInterval(level), fits.size());
  }

  /**
   * A slope across runs.
   *
   * @param mean mean slope in nats per sqrt(nat)
   * @param interval t interval of the mean
   * @param runs runs behind it
   */
  public record Slope(double mean, Interval interval, int runs) {}
}
