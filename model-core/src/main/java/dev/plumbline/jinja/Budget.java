package dev.plumbline.jinja;

import dev.plumbline.jinja.Values.WrongValue;
import java.util.List;

/** What one rendering may use up, so that no template runs or grows without end. */
final class Budget {
  /** Longest text or list. */
  static final int LONGEST = 1 << 22;

  private static final long STEPS = 4_000_000;
  private static final int DEPTH = 100;

  private long left = STEPS;
  private int depth;

  /** Charges a value that was made by its length. */
  <T> T charge(T value) {
    long size =
        value instanceof Text text ? text.length() : value instanceof List<?> l ? l.size() : 0;
    left -= 1 + size / 16;
    if (left < 0) {
      throw new WrongValue("the template takes too many steps");
    }
    if (size > LONGEST) {
      throw new WrongValue("a text or list of more than " + LONGEST + " items");
    }
    return value;
  }

  void enter() {
    if (++depth > DEPTH) {
      throw new WrongValue("macros call each other more than " + DEPTH + " deep");
    }
  }

  void leave() {
    depth--;
  }
}
