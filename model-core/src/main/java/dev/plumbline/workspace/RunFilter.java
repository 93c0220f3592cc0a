package dev.plumbline.workspace;

import java.util.List;

/**
 * Which runs are wanted, as {@link RunFilterParser} reads it.
 *
 * <p>A run lacks what it never measured or what its stage has no key for; every comparison with
 * what it lacks is false, and {@code !=} is the contrary of {@code =}.
 */
public sealed interface RunFilter {
  /** Lets every run through. */
  RunFilter ALL = new And(List.of());

  /** All of them. */
  record And(List<RunFilter> parts) implements RunFilter {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /** One of them at least. */
  record Or(List<RunFilter> parts) implements RunFilter {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  /** The contrary. */
  record Not(RunFilter part) implements RunFilter {}

  /** The text stands in name, stage, state, tags, notes or detail; capitals do not matter. */
  record Contains(String text) implements RunFilter {}

  /** Whether a run has the field at all. */
  record Has(RunField field) implements RunFilter {}

  /** A mark that people set. */
  record Is(Mark mark) implements RunFilter {}

  /**
   * The field is one of the texts; capitals do not matter, and {@code *} stands for any letters. A
   * number is compared as a number.
   */
  record OneOf(RunField field, List<Value> values) implements RunFilter {
    public OneOf {
      values = List.copyOf(values);
    }
  }

  /** The field is a number on one side of a bound. */
  record Bound(RunField field, Side side, double bound) implements RunFilter {}

  /**
   * A day or a moment lies on one side of another.
   *
   * @param from first instant of what was written, ISO 8601
   * @param until first instant behind it
   */
  record When(Side side, String from, String until) implements RunFilter {}

  /** A regular expression is found in the field; capitals do not matter. */
  record Matches(RunField field, String expression) implements RunFilter {}

  /**
   * A value to compare with.
   *
   * @param text as it was written, quotes left out
   * @param number the same as a number, NaN where it is none
   */
  record Value(String text, double number) {}

  /** Marks. */
  enum Mark {
    STARRED,
    ARCHIVED,
    /** Its worker is at work. */
    ACTIVE
  }

  /** Sides of a bound. */
  enum Side {
    BELOW("<"),
    AT_MOST("<="),
    ABOVE(">"),
    AT_LEAST(">="),
    AT("=");

    private final String sign;

    Side(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }
}
