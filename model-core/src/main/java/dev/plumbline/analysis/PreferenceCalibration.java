package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * All that is said of the calibration of a preference model on one set of comparisons: the
 * reliability of its probabilities, what chance would show, intervals, and accuracy against margin
 * and score threshold (paper section 3.3, Figs 9 and 25). Screen and command line take the same
 * steps with the same seed.
 *
 * <p>Each pair is used once. Which response is called a is drawn by the seed; p is sigmoid(r_a -
 * r_b), and a success is that a was the preferred one.
 */
public final class PreferenceCalibration {
  /** Bins with fewer pairs say little and are drawn in grey. */
  public static final int FEW = 10;

  private static final int BOUNDS = 41;

  /**
   * How to measure.
   *
   * @param calibration bins and coverage
   * @param draws of the bootstrap, and of outcomes by chance
   * @param seed of sides and draws
   */
  public record Options(Calibration.Options calibration, int draws, long seed) {
    /** 15 bins of equal mass, 95 %, 1,000 draws: the command line's own. */
    public static final Options DISPLAY = new Options(Calibration.Options.DISPLAY, 1000, 1);

    /** The same with other bins. */
    public Options withBins(int bins, BinRule rule) {
      return new Options(new Calibration.Options(bins, rule, calibration.level()), draws, seed);
    }
  }

  private final ScorePairs pairs;
  private final int groups;
  private final int[] rows;
  private final boolean[] first;
  private final double[] p;
  private final int[] bins;
  private final Calibration measured;
  private final CalibrationChance chance;
  private final CalibrationBootstrap bootstrap;
  private final MarginCalibration margin;
  private final AccuracyCurve aboveMargin;
  private final AccuracyCurve aboveThreshold;

  private PreferenceCalibration(
      ScorePairs pairs, Groups all, double[] chosen, double[] rejected, Options options) {
    this.pairs = pairs;
    rows = pairs.rows();
    Groups kept = all.only(rows);
    groups = kept.count();
    first = pairs.sides(options.seed());
    p = pairs.probabilities(first);
    Calibration.Options how = options.calibration();
    measured = Calibration.of(p, first, kept, how);
    chance = CalibrationChance.of(p, first, how, options.draws(), options.seed());
    bootstrap = CalibrationBootstrap.of(p, first, kept, how, options.draws(), options.seed());
    margin = MarginCalibration.of(pairs, kept, how);
    Bins cut = Calibration.bins(p, how);
    bins = new int[p.length];
    double highest = 0;
    for (int i = 0; i < bins.length; i++) {
      bins[i] = cut.of(i);
      highest = Math.max(highest, Math.abs(pairs.difference(i)));
    }
    Moments scores = new Moments();
    for (int i = 0; i < chosen.length; i++) {
      scores.add(chosen[i]);
      scores.add(rejected[i]);
    }
    double mean = scores.mean();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < bins.length; i++) {
      low = Math.min(low, pairs.lower(i) - mean);
      high = Math.max(high, pairs.lower(i) - mean);
    }
    aboveMargin = AccuracyCurve.aboveMargin(pairs, grid(0, highest), how.level());
    aboveThreshold = AccuracyCurve.aboveThreshold(pairs, mean, grid(low, high), how.level());
  }

  /** Evenly spaced bounds that end where pairs do; the last would hold none. */
  private static double[] grid(double low, double high) {
    double[] bounds = new double[BOUNDS - 1];
    Arrays.setAll(bounds, i -> low + (high - low) * i / (BOUNDS - 1));
    return bounds;
  }

  /**
   * Measures comparisons.
   *
   * @param chosen scores of the preferred responses, nats
   * @param rejected scores of the others, in their order
   * @param groups comparisons that depend on each other, such as those of one conversation
   * @throws IllegalArgumentException where every pair is a tie
   */
  public static PreferenceCalibration of(
      double[] chosen, double[] rejected, Groups groups, Options options) {
    ScorePairs pairs = ScorePairs.of(chosen, rejected);
    groups.requireRows(chosen.length);
    if (pairs.n() == 0) {
      throw new IllegalArgumentException("no pair has two different scores");
    }
    return new PreferenceCalibration(pairs, groups, chosen, rejected, options);
  }

  /** Pairs with two different scores. */
  public int n() {
    return p.length;
  }

  /** Pairs with equal scores, dropped. */
  public int ties() {
    return pairs.ties();
  }

  /** Groups that intervals were drawn over; as many as pairs where each stands alone. */
  public int groups() {
    return groups;
  }

  /** The place that a pair had in the arrays given. */
  public int row(int pair) {
    return rows[pair];
  }

  /** The probability that a is preferred. */
  public double p(int pair) {
    return p[pair];
  }

  /** Whether a, whose side was drawn, is the preferred response. */
  public boolean preferredIsFirst(int pair) {
    return first[pair];
  }

  /** Whether the preferred response has the higher score. */
  public boolean right(int pair) {
    return pairs.difference(pair) > 0;
  }

  /** The bin of p that a pair is in. */
  public int bin(int pair) {
    return bins[pair];
  }

  /** Errors, slope, and the Brier score taken apart. */
  public Calibration measured() {
    return measured;
  }

  /** What a calibrated model with the same probabilities would show. */
  public CalibrationChance chance() {
    return chance;
  }

  /** Intervals of the errors. */
  public CalibrationBootstrap bootstrap() {
    return bootstrap;
  }

  /** Accuracy in bins of |r_a - r_b| (Fig 9). */
  public MarginCalibration margin() {
    return margin;
  }

  /** Accuracy of the pairs whose scores differ by more than a margin. */
  public AccuracyCurve aboveMargin() {
    return aboveMargin;
  }

  /** Accuracy of the pairs both of whose scores lie above a threshold (Fig 25). */
  public AccuracyCurve aboveThreshold() {
    return aboveThreshold;
  }

  /** The logistic function, 1 / (1 + e^-x). */
  public static double sigmoid(double x) {
    return CalibrationSlope.sigmoid(x);
  }
}
