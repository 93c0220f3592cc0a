package dev.plumbline.experiment;

import java.util.List;
import java.util.Map;

/** A parsed YAML or JSON value that remembers its line, so that errors can name it. */
sealed interface SpecNode {
  /** Line in the file, from 1. */
  int line();

  /** What a scalar was written as. */
  enum Kind {
    TEXT,
    NUMBER,
    TRUTH,
    NOTHING
  }

  /** A single value, as written. */
  record Scalar(int line, Kind kind, String text) implements SpecNode {}

  /** A list. */
  record Items(int line, List<SpecNode> items) implements SpecNode {}

  /** Keys and values, in the order of the file. */
  record Fields(int line, Map<String, Field> fields) implements SpecNode {}

  /** The value of a key and the key's own line. */
  record Field(int line, SpecNode value) {}

  /** What this is, for error messages. */
  default String describe() {
    return switch (this) {
      case Scalar scalar ->
          switch (scalar.kind()) {
            case TEXT -> "the text '" + shorten(scalar.text()) + "'";
            case NUMBER, TRUTH -> shorten(scalar.text());
            case NOTHING -> "nothing";
          };
      case Items _ -> "a list";
      case Fields _ -> "a group of keys";
    };
  }

  private static String shorten(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= 60 ? line : line.substring(0, 57) + "...";
  }
}
