package dev.plumbline.training;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at what a run measures and names what is wrong: a loss that has left its course, an entropy
 * that has collapsed, a KL divergence that has exploded. What it remembers is part of every
 * checkpoint.
 */
final class Watchdog {
  /** Losses whose median is the course, and how many must be known before anything is said. */
  private static final int COURSE = 32;

  private static final int LEAST_KNOWN = 16;

  /**
   * Nats that a loss must rise by as well: a model that knows its data by heart has losses near 0.
   */
  private static final double LEAST_RISE = 0.5;

  /** Measurements in a row that make an anomaly. */
  private static final int LOSSES_IN_A_ROW = 5;

  private static final int POLICIES_IN_A_ROW = 3;

  private static final String ENTROPY_AT_START = "entropy_at_start";
  private static final String LOSSES_ABOVE = "losses_above";
  private static final String ENTROPIES_BELOW = "entropies_below";
  private static final String KLS_ABOVE = "kls_above";

  private final WatchdogSettings settings;
  private final Deque<Double> course = new ArrayDeque<>();
  private double entropyAtStart = Double.NaN;
  private int lossesAbove;
  private int entropiesBelow;
  private int klsAbove;

  Watchdog(WatchdogSettings settings) {
    this.settings = settings;
  }

  /** What is to be done about an anomaly. */
  WatchdogSettings.Action action(Anomaly.Kind kind) {
    return switch (kind) {
      case NOT_FINITE, DIVERGENCE -> settings.onDivergence();
      case ENTROPY_COLLAPSE, KL_EXPLOSION -> settings.onCollapse();
    };
  }

  /**
   * Looks at the values of one step. An anomaly is told once, when its measurements in a row are
   * complete.
   */
  Optional<Anomaly> look(long step, Map<String, Double> values) {
    Optional<Anomaly> loss = loss(step, values.getOrDefault(Metrics.LOSS, Double.NaN));
    Optional<Anomaly> entropy = entropy(step, values.getOrDefault(Metrics.ENTROPY, Double.NaN));
    Optional<Anomaly> kl = kl(step, values.getOrDefault(Metrics.KL_EXACT, Double.NaN));
    return loss.or(() -> entropy).or(() -> kl);
  }

  /**
   * Whether something looks wrong just now, so that this is no state to come back to. What would
   * only be said is no reason: a study of over-optimisation stays beyond its bounds.
   */
  boolean suspects() {
    return suspects(state());
  }

  /** The same of a {@link #state} that a checkpoint kept. */
  boolean suspects(Map<String, Double> state) {
    boolean loss = state.getOrDefault(LOSSES_ABOVE, 0.0) > 0;
    boolean policy =
        state.getOrDefault(ENTROPIES_BELOW, 0.0) > 0 || state.getOrDefault(KLS_ABOVE, 0.0) > 0;
    return (loss && settings.onDivergence() != WatchdogSettings.Action.WARN)
        || (policy && settings.onCollapse() != WatchdogSettings.Action.WARN);
  }

  private Optional<Anomaly> loss(long step, double loss) {
    if (Double.isNaN(loss) || settings.lossFactor() == 0) {
      return Optional.empty();
    }
    double median = course.size() < LEAST_KNOWN ? Double.POSITIVE_INFINITY : median();
    if (loss > Math.max(settings.lossFactor() * median, median + LEAST_RISE)) {
      lossesAbove++;
    } else {
      lossesAbove = 0;
      course.addLast(loss);
      if (course.size() > COURSE) {
        course.removeFirst();
      }
    }
    return lossesAbove == LOSSES_IN_A_ROW
        ? Optional.of(
            new Anomaly(
                Anomaly.Kind.DIVERGENCE,
                "divergence at step %d: the loss is %s nats, above %s times the median of the steps before, %s"
                    .formatted(step, number(loss), number(settings.lossFactor()), number(median))))
        : Optional.empty();
  }

  private double median() {
    double[] sorted = course.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }

  private Optional<Anomaly> entropy(long step, double entropy) {
    if (Double.isNaN(entropy) || settings.entropyFloor() == 0) {
      return Optional.empty();
    }
    if (Double.isNaN(entropyAtStart)) {
      entropyAtStart = entropy;
    }
    entropiesBelow = entropy < settings.entropyFloor() * entropyAtStart ? entropiesBelow + 1 : 0;
    return entropiesBelow == POLICIES_IN_A_ROW
        ? Optional.of(
            new Anomaly(
                Anomaly.Kind.ENTROPY_COLLAPSE,
                "entropy collapse at step %d: %s nats a token, below %s of the %s at the start"
                    .formatted(
                        step,
                        number(entropy),
                        number(settings.entropyFloor()),
                        number(entropyAtStart))))
        : Optional.empty();
  }

  private Optional<Anomaly> kl(long step, double kl) {
    if (Double.isNaN(kl) || settings.klLimit() == 0) {
      return Optional.empty();
    }
    klsAbove = kl > settings.klLimit() ? klsAbove + 1 : 0;
    return klsAbove == POLICIES_IN_A_ROW
        ? Optional.of(
            new Anomaly(
                Anomaly.Kind.KL_EXPLOSION,
                "KL explosion at step %d: %s nats a response, above the limit of %s"
                    .formatted(step, number(kl), number(settings.klLimit()))))
        : Optional.empty();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  /** What a checkpoint keeps. */
  Map<String, Double> state() {
    Map<String, Double> state = new LinkedHashMap<>();
    if (!Double.isNaN(entropyAtStart)) {
      state.put(ENTROPY_AT_START, entropyAtStart);
    }
    state.put(LOSSES_ABOVE, (double) lossesAbove);
    state.put(ENTROPIES_BELOW, (double) entropiesBelow);
    state.put(KLS_ABOVE, (double) klsAbove);
    int i = 0;
    for (double loss : course) {
      state.put("loss_" + i++, loss);
    }
    return state;
  }

  /** Takes up what a checkpoint kept. */
  void restore(Map<String, Double> state) {
    entropyAtStart = state.getOrDefault(ENTROPY_AT_START, Double.NaN);
    lossesAbove = state.getOrDefault(LOSSES_ABOVE, 0.0).intValue();
    entropiesBelow = state.getOrDefault(ENTROPIES_BELOW, 0.0).intValue();
    klsAbove = state.getOrDefault(KLS_ABOVE, 0.0).intValue();
    course.clear();
    for (int i = 0; state.containsKey("loss_" + i); i++) {
      course.addLast(state.getOrDefault("loss_" + i, Double.NaN));
    }
  }
}
