package dev.plumbline.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The values of templates, with Python's meaning of their operators: {@link Text}, {@code Long},
 * {@code Double}, {@code Boolean}, lists, maps, {@link None} and {@link Undefined}.
 */
final class Values {
  private Values() {}

  /** Python's None. */
  enum None {
    NONE
  }

  /** A name or an entry that is not there. */
  record Undefined(String name) {}

  /** Something that can be called. */
  interface Callable {
    Object call(List<Object> arguments, Map<String, Object> named);
  }

  /** What {@code namespace()} makes: the one thing whose entries may be set. */
  record Namespace(Map<String, Object> entries) {}

  /** What a value cannot do; the interpreter adds the line. */
  static final class WrongValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongValue(String what) {
      super(what, null, false, false);
    }
  }

  static boolean truth(Object value) {
    return switch (value) {
      case None _ -> false;
      case Undefined _ -> false;
      case Boolean truth -> truth;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case Text text -> !text.isEmpty();
      case Collection<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  static Text text(Object value) {
    return switch (value) {
      case Text text -> text;
      case Undefined _ -> Text.EMPTY;
      default -> {
        Text.Builder builder = new Text.Builder();
        represent(value, builder);
        yield builder.text();
      }
    };
  }

  /** As Python prints a value inside another. */
  private static void represent(Object value, Text.Builder to) {
    switch (value) {
      case None _ -> to.append(Text.own("None"));
      case Undefined _ -> to.append(Text.own("Undefined"));
      case Boolean truth -> to.append(Text.own(truth ? "True" : "False"));
      case Long number -> to.append(Text.own(number.toString()));
      case Double number -> to.append(Text.own(real(number)));
      case Text text -> {
        String characters = text.characters();
        char quote = characters.indexOf('\'') >= 0 && characters.indexOf('"') < 0 ? '"' : '\'';
        to.append(
            text.become(
                quote
                    + characters
                        .replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\r", "\\r")
                        .replace(quote == '\'' ? "'" : "\"\"\"", quote == '\'' ? "\\'" : "\"\"\"")
                    + quote));
      }
      case List<?> list -> {
        to.append(Text.own("["));
        for (int i = 0; i < list.size(); i++) {
          to.append(Text.own(i > 0 ? ", " : ""));
          represent(list.get(i), to);
        }
        to.append(Text.own("]"));
      }
      case Map<?, ?> map -> {
        to.append(Text.own("{"));
        String between = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          to.append(Text.own(between));
          represent(entry.getKey(), to);
          to.append(Text.own(": "));
          represent(entry.getValue(), to);
          between = ", ";
        }
        to.append(Text.own("}"));
      }
      default -> throw new WrongValue("a function cannot be written out");
    }
  }

  static String real(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1e16) {
      return String.format(Locale.ROOT, "%.1f", number);
    }
    return Double.toString(number).replace("E", number < 1 ? "e" : "e+").toLowerCase(Locale.ROOT);
  }

  static boolean equal(Object a, Object b) {
    if (number(a) && number(b)) {
      return asDouble(a) == asDouble(b);
    }
    if (a instanceof Undefined && b instanceof Undefined) {
      return true;
    }
    if (a instanceof List<?> left && b instanceof List<?> right) {
      if (left.size() != right.size()) {
        return false;
      }
      for (int i = 0; i < left.size(); i++) {
        if (!equal(left.get(i), right.get(i))) {
          return false;
        }
      }
      return true;
    }
    return a.equals(b);
  }

  static int compare(Object a, Object b) {
    if (number(a) && number(b)) {
      return Double.compare(asDouble(a), asDouble(b));
    }
    if (a instanceof Text left && b instanceof Text right) {
      return left.characters().compareTo(right.characters());
    }
    throw new WrongValue("these values have no order: " + kind(a) + " and " + kind(b));
  }

  static boolean contains(Object whole, Object part) {
    return switch (whole) {
      case Text text when part instanceof Text other ->
          text.characters().contains(other.characters());
      case List<?> list -> list.stream().anyMatch(item -> equal(item, part));
      case Map<?, ?> map -> map.containsKey(part);
      case Undefined _ -> false;
      default -> throw new WrongValue("'in' is asked of " + kind(whole));
    };
  }

  private static boolean number(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static double asDouble(Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number;
      case Boolean truth -> truth ? 1 : 0;
      default -> throw new WrongValue("a number is needed, and here is " + kind(value));
    };
  }

  static long asLong(Object value) {
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1 : 0;
      default -> throw new WrongValue("a whole number is needed, and here is " + kind(value));
    };
  }

  static Text asText(Object value) {
    if (value instanceof Text text) {
      return text;
    }
    throw new WrongValue("a text is needed, and here is " + kind(value));
  }

  /** The items that a loop goes over. */
  static List<Object> items(Object value) {
    return switch (value) {
      case List<?> list -> new ArrayList<>(list);
      case Map<?, ?> map -> new ArrayList<>(map.keySet());
      case Text text -> new ArrayList<>(text.separate());
      case Undefined _ -> new ArrayList<>();
      default -> throw new WrongValue(kind(value) + " has no items");
    };
  }

  static long length(Object value) {
    return switch (value) {
      case Text text -> text.codePoints();
      case Undefined _ -> 0;
      default -> items(value).size();
    };
  }

  static Object arithmetic(String operator, Object a, Object b) {
    if (operator.equals("+")) {
      if (a instanceof Text left && b instanceof Text right) {
        return left.plus(right);
      }
      if (a instanceof List<?> left && b instanceof List<?> right) {
        List<Object> both = new ArrayList<>(left);
        both.addAll(right);
        return both;
      }
    }
    if (operator.equals("*") && (a instanceof Text || a instanceof List<?>)) {
      return repeated(a, asLong(b));
    }
    if (!number(a) || !number(b)) {
      throw new WrongValue("'" + operator + "' of " + kind(a) + " and " + kind(b));
    }
    boolean whole = !(a instanceof Double) && !(b instanceof Double);
    try {
      if (whole && !operator.equals("/") && !(operator.equals("**") && asLong(b) < 0)) {
        long x = asLong(a);
        long y = asLong(b);
        return switch (operator) {
          case "+" -> Math.addExact(x, y);
          case "-" -> Math.subtractExact(x, y);
          case "*" -> Math.multiplyExact(x, y);
          case "//" -> Math.floorDiv(x, y);
          case "%" -> Math.floorMod(x, y);
          default -> power(x, y);
        };
      }
    } catch (ArithmeticException e) {
      throw new WrongValue("'" + operator + "' has no whole result that can be held");
    }
    double x = asDouble(a);
    double y = asDouble(b);
    if (y == 0 && List.of("/", "//", "%").contains(operator)) {
      throw new WrongValue("division by zero");
    }
    return switch (operator) {
      case "+" -> x + y;
      case "-" -> x - y;
      case "*" -> x * y;
      case "/" -> x / y;
      case "//" -> Math.floor(x / y);
      case "%" -> x - y * Math.floor(x / y);
      default -> Math.pow(x, y);
    };
  }

  private static long power(long base, long exponent) {
    if (exponent > 64 && Math.abs(base) > 1) {
      throw new ArithmeticException();
    }
    long result = 1;
    for (long i = 0; i < Math.min(exponent, 64); i++) {
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  private static Object repeated(Object value, long times) {
    if (Math.multiplyHigh(Math.max(1, length(value)), Math.max(0, times)) != 0
        || length(value) * Math.max(0, times) > Budget.LONGEST) {
      throw new WrongValue("a value repeated " + times + " times is too long");
    }
    List<Object> parts = new ArrayList<>();
    for (long i = 0; i < times; i++) {
      if (value instanceof List<?> list) {
        parts.addAll(list);
      } else {
        parts.add(value);
      }
    }
    return value instanceof Text
        ? Text.join(parts.stream().map(Text.class::cast).toList(), Text.EMPTY)
        : parts;
  }

  /** What a value is, in a word. */
  static String kind(Object value) {
    return switch (value) {
      case Undefined undefined -> "'" + undefined.name() + "', which is not defined";
      case None _ -> "none";
      case Text _ -> "a text";
      case Boolean _ -> "a truth value";
      case Long _ -> "a number";
      case Double _ -> "a number";
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "a mapping";
      default -> "a function";
    };
  }

  /** JSON as Python's {@code json.dumps} writes it, other characters than ASCII as they are. */
  static Text json(Object value, long indent) {
    Text.Builder to = new Text.Builder();
    json(value, indent, 0, to);
    return to.text();
  }

  private static void json(Object value, long indent, int depth, Text.Builder to) {
    switch (value) {
      case None _ -> to.append(Text.own("null"));
      case Boolean truth -> to.append(Text.own(truth ? "true" : "false"));
      case Long number -> to.append(Text.own(number.toString()));
      case Double number -> to.append(Text.own(real(number)));
      case Text text -> to.append(text.become(quoted(text.characters())));
      case List<?> list -> {
        to.append(Text.own("["));
        for (int i = 0; i < list.size(); i++) {
          to.append(Text.own(separator(indent, depth, i > 0)));
          json(list.get(i), indent, depth + 1, to);
        }
        to.append(Text.own(list.isEmpty() ? "]" : closing(indent, depth) + "]"));
      }
      case Map<?, ?> map -> {
        to.append(Text.own("{"));
        boolean more = false;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          to.append(Text.own(separator(indent, depth, more)));
          json(text(entry.getKey()), indent, depth + 1, to);
          to.append(Text.own(": "));
          json(entry.getValue(), indent, depth + 1, to);
          more = true;
        }
        to.append(Text.own(map.isEmpty() ? "}" : closing(indent, depth) + "}"));
      }
      default -> throw new WrongValue(kind(value) + " cannot be written as JSON");
    }
  }

  private static String separator(long indent, int depth, boolean more) {
    return indent < 0
        ? (more ? ", " : "")
        : (more ? "," : "") + "\n" + " ".repeat((int) Math.min(16, indent) * (depth + 1));
  }

  private static String closing(long indent, int depth) {
    return indent < 0 ? "" : "\n" + " ".repeat((int) Math.min(16, indent) * depth);
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int plain = "\"\\\n\r\t\b\f".indexOf(c);
      if (plain >= 0) {
        json.append('\\').append("\"\\nrtbf".charAt(plain));
      } else if (c < ' ') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
