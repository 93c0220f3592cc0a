package dev.plumbline.analysis;

import java.util.OptionalDouble;

/** A coefficient of agreement: a number with its interval, or the reason why there is none. */
public sealed interface Reliability {
  /** The number; empty where it is undefined. */
  OptionalDouble value();

  /**
   * A coefficient that is defined.
   *
   * @param estimate the coefficient
   * @param interval percentile interval of a bootstrap over items
   * @param undefinedResamples resamples in which it was undefined, so that the interval is without
   *     them
   */
  record Defined(double estimate, Interval interval, int undefinedResamples)
      implements Reliability {
    @Override
    public OptionalDouble value() {
      return OptionalDouble.of(estimate);
    }
  }

  /**
   * A coefficient that is not: without variation agreement is neither perfect nor absent.
   *
   * @param reason in words, beginning with "undefined"
   */
  record Undefined(String reason) implements Reliability {
    /** Every label is the same. */
    public static final Undefined NO_VARIATION = new Undefined("undefined: no variation");

    @Override
    public OptionalDouble value() {
      return OptionalDouble.empty();
    }
  }
}
