package dev.plumbline.training;

import dev.plumbline.analysis.KlKind;
import java.util.Map;
import java.util.Optional;

/**
 * Which metrics may stand on one axis: those of one unit, and of KL divergences those of one kind
 * alone. A KL a token beside one a response, or an estimate beside the exact one, looks like a
 * difference between runs and is none.
 */
public final class SharedAxis {
  private static final Map<String, KlKind> KINDS =
      Map.ofEntries(
          Map.entry(Metrics.KL_EXACT, KlKind.EXACT_PER_RESPONSE),
          Map.entry(Metrics.SQRT_KL, KlKind.EXACT_PER_RESPONSE),
          Map.entry(Metrics.KL_K1, initial(KlKind.Unit.PER_RESPONSE, KlKind.Estimator.K1)),
          Map.entry(Metrics.KL_K3, initial(KlKind.Unit.PER_RESPONSE, KlKind.Estimator.K3)),
          Map.entry(Metrics.KL_EXACT_TOKEN, initial(KlKind.Unit.PER_TOKEN, KlKind.Estimator.EXACT)),
          Map.entry(Metrics.KL_K1_TOKEN, initial(KlKind.Unit.PER_TOKEN, KlKind.Estimator.K1)),
          Map.entry(Metrics.KL_K3_TOKEN, initial(KlKind.Unit.PER_TOKEN, KlKind.Estimator.K3)),
          Map.entry(Metrics.APPROX_KL, update(KlKind.Estimator.K2)),
          Map.entry(Metrics.APPROX_KL_K3, update(KlKind.Estimator.K3)));

  private SharedAxis() {}

  private static KlKind initial(KlKind.Unit unit, KlKind.Estimator estimator) {
    return new KlKind(unit, estimator, KlKind.Reference.INITIAL_POLICY);
  }

  private static KlKind update(KlKind.Estimator estimator) {
    return new KlKind(KlKind.Unit.PER_TOKEN, estimator, KlKind.Reference.PREVIOUS_POLICY);
  }

  /** What a metric's KL is; empty for what is no KL. */
  public static Optional<KlKind> klKind(String metric) {
    KlKind known = KINDS.get(metric);
    if (known == null && metric.startsWith(Metrics.POOL_KL.prefix())) {
      known = KlKind.EXACT_PER_RESPONSE;
    }
    return Optional.ofNullable(known);
  }

  /** Why two metrics must not share an axis, in one line; empty where they may. */
  public static Optional<String> whyNot(String metric, String other) {
    Optional<KlKind> kind = klKind(metric);
    Optional<KlKind> otherKind = klKind(other);
    if (kind.isPresent() && otherKind.isPresent()) {
      Optional<String> reason = kind.get().whyNotWith(otherKind.get());
      if (reason.isPresent()) {
        return reason;
      }
    }
    String unit = unit(metric);
    String otherUnit = unit(other);
    return unit.equals(otherUnit)
        ? Optional.empty()
        : Optional.of(
            "%s is in %s and %s in %s"
                .formatted(label(other), words(otherUnit), label(metric), words(unit)));
  }

  private static String unit(String metric) {
    return Metrics.of(metric).map(Metrics.Metric::unit).orElse("");
  }

  private static String label(String metric) {
    return Metrics.of(metric).map(Metrics.Metric::label).orElse(metric);
  }

  private static String words(String unit) {
    return unit.isEmpty() ? "no unit" : unit;
  }
}
