package dev.plumbline.analysis;

import java.util.Optional;

/**
 * What a KL divergence is, exactly. Values of different kinds are different quantities and never
 * share an axis.
 *
 * @param unit what it is summed or averaged over
 * @param estimator how it is estimated
 * @param reference the policy it is measured to
 */
public record KlKind(Unit unit, Estimator estimator, Reference reference) {
  /** Full-vocabulary KL of whole responses to the initial policy: what the law is about. */
  public static final KlKind EXACT_PER_RESPONSE =
      new KlKind(Unit.PER_RESPONSE, Estimator.EXACT, Reference.INITIAL_POLICY);

  /** What a KL is summed or averaged over. */
  public enum Unit {
    /** Summed over the tokens of a response, averaged over responses. */
    PER_RESPONSE("per response"),
    /** Averaged over tokens. */
    PER_TOKEN("per token");

    private final String words;

    Unit(String words) {
      this.words = words;
    }
  }

  /** How a KL is estimated from samples of the policy. */
  public enum Estimator {
    /** Mean of ln pi - ln pi_ref at the sampled tokens; unbiased, may be negative. */
    K1("k1 estimate"),
    /** Mean of (ln pi - ln pi_ref)^2 / 2 at the sampled tokens; biased, small where both agree. */
    K2("k2 estimate"),
    /** Mean of (q - 1) - ln q with q = pi_ref / pi at the sampled tokens; never negative. */
    K3("k3 estimate"),
    /** The sum over the whole vocabulary at every visited position. */
    EXACT("exact KL");

    private final String words;

    Estimator(String words) {
      this.words = words;
    }
  }

  /** The policy that a KL is measured to. */
  public enum Reference {
    /** The policy before any RL. */
    INITIAL_POLICY("to the initial policy"),
    /** The policy before the last update. */
    PREVIOUS_POLICY("to the previous policy");

    private final String words;

    Reference(String words) {
      this.words = words;
    }
  }

  /** The kind in words: "exact KL per response, to the initial policy". */
  public String words() {
    return estimator.words + " " + unit.words + ", " + reference.words;
  }

  /** The estimator in words. */
  public String estimatorWords() {
    return estimator.words;
  }

  /** The unit in words. */
  public String unitWords() {
    return unit.words;
  }

  /** The reference in words. */
  public String referenceWords() {
    return reference.words;
  }

  /** Why this kind and another must not share an axis; empty when they may. */
  public Optional<String> whyNotWith(KlKind other) {
    return equals(other)
        ? Optional.empty()
        : Optional.of(other.words() + " is not the same quantity as " + words());
  }
}
