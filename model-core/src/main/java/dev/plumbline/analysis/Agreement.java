package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Agreement between raters. Only items with two labels or more take part; the others are counted.
 * Intervals are percentiles of a bootstrap over items, in which both the observed and the expected
 * disagreement are computed anew.
 *
 * @param level how labels are compared
 * @param items items with a label
 * @param pairable items with two labels or more
 * @param raters raters
 * @param ratings labels
 * @param raw share of the pairs of labels of one item that are equal, over all pairs
 * @param alpha Krippendorff's alpha: 1 - observed over expected disagreement (Krippendorff 2011)
 * @param cohen kappa of two raters; empty where there are not exactly two
 * @param fleiss Fleiss' kappa (1971); empty where items have different numbers of labels
 */
public record Agreement(
    Level level,
    int items,
    int pairable,
    int raters,
    long ratings,
    Reliability raw,
    Reliability alpha,
    Optional<Cohen> cohen,
    Optional<Reliability> fleiss) {

  /** How labels are compared: what alpha takes as the squared difference of two of them. */
  public enum Level {
    /** 0 where they are equal, else 1. */
    NOMINAL,
    /** The labels between them, ends by half, squared. */
    ORDINAL,
    /** Their difference, squared. */
    INTERVAL,
    /** Their difference over their sum, squared. */
    RATIO
  }

  /**
   * Cohen's kappa (1960, 1968) of two raters, over the items that both labelled.
   *
   * @param items those items
   * @param unweighted equal labels agree, others do not
   * @param linear disagreement grows with the distance; empty for the nominal level
   * @param quadratic with its square; empty for the nominal level. Distances count places in the
   *     order of the labels that occur for the ordinal level, and are differences of labels else
   */
  public record Cohen(
      int items,
      Reliability unweighted,
      Optional<Reliability> linear,
      Optional<Reliability> quadratic) {}

  /**
   * How to estimate.
   *
   * @param coverage of intervals
   * @param resamples bootstrap draws, at least 1
   * @param seed seed of the draws
   */
  public record Options(double coverage, int resamples, long seed) {
    /** 95 %, 1000 draws. */
    public static final Options STANDARD = new Options(0.95, 1000, 20260101);

    /** Checks that the numbers make sense. */
    public Options {
      Interval.checked(coverage);
      if (resamples < 1) {
        throw new IllegalArgumentException("a bootstrap needs at least one draw");
      }
    }
  }

  /**
   * Computes all that applies.
   *
   * @throws IllegalArgumentException for a negative label on the ratio level
   */
  public static Agreement of(ReliabilityData data, Level level, Options options) {
    double[] labels = data.labels();
    if (level == Level.RATIO && labels.length > 0 && labels[0] < 0) {
      throw new IllegalArgumentException(
          "the label " + labels[0] + " is negative; the ratio level begins at 0");
    }
    List<int[]> units = new ArrayList<>();
    for (int item = 0; item < data.items().size(); item++) {
      if (data.labelsOf(item).length > 1) {
        units.add(data.labelsOf(item));
      }
    }
    Estimator estimator = new Estimator(units.toArray(int[][]::new), labels, level);
    Bootstrapped bootstrapped = new Bootstrapped(units.size(), options);
    boolean even = units.stream().allMatch(unit -> unit.length == units.getFirst().length);
    return new Agreement(
        level,
        data.items().size(),
        units.size(),
        data.raters().size(),
        data.ratings(),
        bootstrapped.of(estimator::raw),
        bootstrapped.of(estimator::alpha),
        data.raters().size() == 2
            ? Optional.of(cohen(data, labels, level, options))
            : Optional.empty(),
        even && !units.isEmpty()
            ? Optional.of(bootstrapped.of(estimator::fleiss))
            : Optional.empty());
  }

  private static Cohen cohen(ReliabilityData data, double[] labels, Level level, Options options) {
    List<int[]> both = new ArrayList<>();
    for (int item = 0; item < data.items().size(); item++) {
      if (data.labelsOf(item).length == 2) {
        both.add(data.labelsOf(item));
      }
    }
    double[] places = labels.clone();
    if (level == Level.ORDINAL) {
      // Only labels that one of the two used on a common item have a place in the order.
      boolean[] used = new boolean[labels.length];
      for (int[] unit : both) {
        used[unit[0]] = true;
        used[unit[1]] = true;
      }
      int place = 0;
      for (int label = 0; label < labels.length; label++) {
        places[label] = place;
        place += used[label] ? 1 : 0;
      }
    }
    int[][] pairs = both.toArray(int[][]::new);
    Bootstrapped bootstrapped = new Bootstrapped(pairs.length, options);
    Reliability unweighted = bootstrapped.of(rows -> kappa(pairs, rows, places, 0));
    return new Cohen(
        pairs.length,
        unweighted,
        level == Level.NOMINAL
            ? Optional.empty()
            : Optional.of(bootstrapped.of(rows -> kappa(pairs, rows, places, 1))),
        level == Level.NOMINAL
            ? Optional.empty()
            : Optional.of(bootstrapped.of(rows -> kappa(pairs, rows, places, 2))));
  }

  /**
   * 1 - observed over expected disagreement, where two labels disagree by the power of their
   * distance (power 0: by 1 unless equal); NaN where nothing is expected to disagree.
   */
  private static double kappa(int[][] pairs, int[] rows, double[] places, int power) {
    int k = places.length;
    double[] left = new double[k];
    double[] right = new double[k];
    double observed = 0;
    for (int row : rows) {
      int a = pairs[row][0];
      int b = pairs[row][1];
      left[a]++;
      right[b]++;
      observed += distance(places, a, b, power);
    }
    double expected = 0;
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        if (left[a] > 0 && right[b] > 0) {
          expected += left[a] * right[b] * distance(places, a, b, power);
        }
      }
    }
    return expected > 0 ? 1 - observed * rows.length / expected : Double.NaN;
  }

  private static double distance(double[] places, int a, int b, int power) {
    double apart = Math.abs(places[a] - places[b]);
    return a == b ? 0 : power == 0 ? 1 : power == 1 ? apart : apart * apart;
  }

  /**
   * The coefficients of a choice of units (items with two labels or more), in a time that grows
   * with their labels and not with the square of the labels that occur, but for the ratio level.
   */
  private static final class Estimator {
    private final int[][] units;
    private final Level level;
    private final double[] centred;
    private final double[] labels;
    private final double[] equalPairs;
    private final double[] disagreement;

    Estimator(int[][] units, double[] labels, Level level) {
      this.units = units;
      this.labels = labels;
      this.level = level;
      double mean = Moments.of(labels).mean();
      this.centred = Arrays.stream(labels).map(label -> label - mean).toArray();
      this.equalPairs = new double[units.length];
      this.disagreement = new double[units.length];
      for (int u = 0; u < units.length; u++) {
        int m = units[u].length;
        double equal = 0;
        double differences = 0;
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < i; j++) {
            equal += units[u][i] == units[u][j] ? 1 : 0;
            differences += level == Level.ORDINAL ? 0 : difference(units[u][i], units[u][j]);
          }
        }
        equalPairs[u] = equal;
        disagreement[u] = 2 * differences / (m - 1);
      }
    }

    /** The squared difference of two labels, but on the ordinal level. */
    private double difference(int a, int b) {
      if (a == b) {
        return 0;
      }
      double apart = centred[a] - centred[b];
      return switch (level) {
        case NOMINAL -> 1;
        case RATIO -> apart * apart / ((labels[a] + labels[b]) * (labels[a] + labels[b]));
        case INTERVAL, ORDINAL -> apart * apart;
      };
    }

    double raw(int[] rows) {
      double equal = 0;
      double pairs = 0;
      for (int row : rows) {
        double m = units[row].length;
        equal += equalPairs[row];
        pairs += m * (m - 1) / 2;
      }
      return equal / pairs;
    }

    double alpha(int[] rows) {
      double[] counts = counts(rows);
      double n = Arrays.stream(counts).sum();
      if (!varied(counts)) {
        return Double.NaN;
      }
      double[] ranks = level == Level.ORDINAL ? ranks(counts) : centred;
      double observed = 0;
      for (int row : rows) {
        observed += level == Level.ORDINAL ? spread(units[row], ranks) : disagreement[row];
      }
      double expected =
          switch (level) {
            case NOMINAL -> n * n - Arrays.stream(counts).map(each -> each * each).sum();
            case INTERVAL, ORDINAL -> squares(counts, ranks, n);
            case RATIO -> ratios(counts);
          };
      return 1 - observed * (n - 1) / expected;
    }

    /** Fleiss' kappa; every unit must have as many labels. */
    double fleiss(int[] rows) {
      double[] counts = counts(rows);
      if (!varied(counts)) {
        return Double.NaN;
      }
      double n = Arrays.stream(counts).sum();
      double chance = Arrays.stream(counts).map(each -> each / n * (each / n)).sum();
      return (raw(rows) - chance) / (1 - chance);
    }

    private double[] counts(int[] rows) {
      double[] counts = new double[labels.length];
      for (int row : rows) {
        for (int label : units[row]) {
          counts[label]++;
        }
      }
      return counts;
    }

    private static boolean varied(double[] counts) {
      return Arrays.stream(counts).filter(each -> each > 0).limit(2).count() == 2;
    }

    /** The middle of each label's places when all are put in order. */
    private static double[] ranks(double[] counts) {
      double[] ranks = new double[counts.length];
      double below = 0;
      for (int label = 0; label < counts.length; label++) {
        ranks[label] = below + counts[label] / 2;
        below += counts[label];
      }
      return ranks;
    }

    /** Squared rank differences over ordered pairs of a unit, over its labels less one. */
    private static double spread(int[] unit, double[] ranks) {
      double sum = 0;
      for (int i = 0; i < unit.length; i++) {
        for (int j = 0; j < i; j++) {
          double apart = ranks[unit[i]] - ranks[unit[j]];
          sum += apart * apart;
        }
      }
      return 2 * sum / (unit.length - 1);
    }

    /** Squared differences over all ordered pairs: 2 n times the sum about the mean. */
    private static double squares(double[] counts, double[] values, double n) {
      double mean = 0;
      for (int i = 0; i < counts.length; i++) {
        mean += counts[i] * values[i] / n;
      }
      double sum = 0;
      for (int i = 0; i < counts.length; i++) {
        sum += counts[i] * (values[i] - mean) * (values[i] - mean);
      }
      return 2 * n * sum;
    }

    private double ratios(double[] counts) {
      double sum = 0;
      for (int a = 0; a < counts.length; a++) {
        for (int b = 0; b < a && counts[a] > 0; b++) {
          if (counts[b] > 0) {
            sum += 2 * counts[a] * counts[b] * difference(a, b);
          }
        }
      }
      return sum;
    }
  }

  /** Estimates of all rows, with intervals from the same draws for all of them. */
  private record Bootstrapped(int rows, Options options) {
    Reliability of(ToDoubleFunction<int[]> statistic) {
      if (rows == 0) {
        return new Reliability.Undefined("undefined: no item has two labels");
      }
      int[] all = new int[rows];
      Arrays.setAll(all, i -> i);
      double estimate = statistic.applyAsDouble(all);
      if (Double.isNaN(estimate)) {
        return Reliability.Undefined.NO_VARIATION;
      }
      double[][] draws =
          Replicates.of(
              options.resamples(),
              options.seed(),
              random -> {
                int[] drawn = new int[rows];
                Arrays.setAll(drawn, _ -> random.nextInt(rows));
                return new double[] {statistic.applyAsDouble(drawn)};
              });
      int undefined = 0;
      for (double[] draw : draws) {
        undefined += Double.isNaN(draw[0]) ? 1 : 0;
      }
      return new Reliability.Defined(
          estimate, Replicates.percentile(draws, 0, options.coverage()), undefined);
    }
  }
}
