package dev.plumbline.jinja;

import dev.plumbline.jinja.Values.None;
import dev.plumbline.jinja.Values.Undefined;
import dev.plumbline.jinja.Values.WrongValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What stands behind {@code |}. */
final class Filters {
  private Filters() {}

  static Object apply(
      String filter, Object value, List<Object> arguments, Map<String, Object> named) {
    return switch (filter) {
      case "trim" ->
          Values.text(value)
              .strip(
                  true,
                  true,
                  arguments.isEmpty() ? null : Values.asText(arguments.getFirst()).characters());
      case "upper" -> Values.text(value).upper();
      case "lower" -> Values.text(value).lower();
      case "title" -> Values.text(value).titled();
      case "capitalize" -> Values.text(value).capitalised();
      case "string" -> Values.text(value);
      case "safe" -> value;
      case "length", "count" -> Values.length(value);
      case "list" -> Values.items(value);
      case "first" -> first(Values.items(value));
      case "last" -> first(Values.items(value).reversed());
      case "reverse" ->
          value instanceof Text text
              ? text.slice(null, null, -1)
              : new ArrayList<>(Values.items(value).reversed());
      case "join" -> {
        Object between = argument(arguments, named, 0, "d", Text.EMPTY);
        Object attribute = argument(arguments, named, 1, "attribute", None.NONE);
        List<Object> items = Values.items(value);
        yield joined(
            attribute == None.NONE ? items : attributes(items, attribute), Values.text(between));
      }
      case "replace" -> replaced(Values.text(value), arguments);
      case "default", "d" -> {
        Object otherwise = argument(arguments, named, 0, "default_value", Text.EMPTY);
        Object empty = argument(arguments, named, 1, "boolean", false);
        boolean missing =
            value instanceof Undefined || (Values.truth(empty) && !Values.truth(value));
        yield missing ? otherwise : value;
      }
      case "tojson" -> {
        Object indent = argument(arguments, named, 0, "indent", None.NONE);
        yield Values.json(value, indent == None.NONE ? -1 : Values.asLong(indent));
      }
      case "int" -> whole(value);
      case "float" -> real(value);
      case "abs" ->
          value instanceof Long number ? Math.abs(number) : Math.abs(Values.asDouble(value));
      case "items" ->
          value instanceof Map<?, ?> map ? Methods.entries(map) : new ArrayList<Object>();
      case "dictsort" -> {
        if (!(value instanceof Map<?, ?> map)) {
          throw new WrongValue("dictsort is asked of " + Values.kind(value));
        }
        List<Object> entries = Methods.entries(map);
        entries.sort((a, b) -> order(((List<?>) a).getFirst(), ((List<?>) b).getFirst()));
        yield entries;
      }
      case "sort" -> {
        Object attribute = argument(arguments, named, 2, "attribute", None.NONE);
        List<Object> items = Values.items(value);
        items.sort((a, b) -> order(attribute(a, attribute), attribute(b, attribute)));
        if (Values.truth(argument(arguments, named, 0, "reverse", false))) {
          Collections.reverse(items);
        }
        yield items;
      }
      case "unique" -> {
        List<Object> items = new ArrayList<>();
        for (Object item : Values.items(value)) {
          if (!Values.contains(items, item)) {
            items.add(item);
          }
        }
        yield items;
      }
      case "min" -> first(sorted(value));
      case "max" -> first(sorted(value).reversed());
      case "sum" -> {
        Object sum = 0L;
        for (Object item : Values.items(value)) {
          sum = Values.arithmetic("+", sum, item);
        }
        yield sum;
      }
      case "map" -> {
        Object attribute = named.get("attribute");
        List<Object> items = Values.items(value);
        if (attribute != null) {
          yield attributes(items, attribute);
        }
        String inner = Values.asText(Methods.argument(arguments, 0)).characters();
        List<Object> rest = arguments.subList(1, arguments.size());
        items.replaceAll(item -> apply(inner, item, rest, named));
        yield items;
      }
      case "select" -> chosen(value, None.NONE, arguments, true);
      case "reject" -> chosen(value, None.NONE, arguments, false);
      case "selectattr" -> chosenByAttribute(value, arguments, true);
      case "rejectattr" -> chosenByAttribute(value, arguments, false);
      case "indent" -> indented(Values.text(value), arguments, named);
      default -> throw new WrongValue("there is no filter '" + filter + "'");
    };
  }

  private static Object argument(
      List<Object> arguments, Map<String, Object> named, int at, String name, Object otherwise) {
    return at < arguments.size() ? arguments.get(at) : named.getOrDefault(name, otherwise);
  }

  private static Object first(List<Object> items) {
    return items.isEmpty() ? new Undefined("the first of nothing") : items.getFirst();
  }

  private static List<Object> sorted(Object value) {
    List<Object> items = Values.items(value);
    items.sort(Filters::order);
    return items;
  }

  /** Texts in order without regard to case, as Jinja sorts. */
  private static int order(Object a, Object b) {
    return a instanceof Text left && b instanceof Text right
        ? Values.compare(left.lower(), right.lower())
        : Values.compare(a, b);
  }

  private static List<Object> attributes(List<Object> items, Object attribute) {
    List<Object> found = new ArrayList<>(items);
    found.replaceAll(item -> attribute(item, attribute));
    return found;
  }

  private static Object attribute(Object item, Object attribute) {
    return attribute == None.NONE ? item : Expression.member(item, attribute);
  }

  private static List<Object> chosenByAttribute(
      Object value, List<Object> arguments, boolean wanted) {
    Object attribute = Methods.argument(arguments, 0);
    return chosen(value, attribute, arguments.subList(1, arguments.size()), wanted);
  }

  private static List<Object> chosen(
      Object value, Object attribute, List<Object> arguments, boolean wanted) {
    List<Object> items = Values.items(value);
    items.removeIf(
        item -> {
          Object asked = attribute(item, attribute);
          boolean holds =
              arguments.isEmpty()
                  ? Values.truth(asked)
                  : Tests.holds(
                      Values.asText(arguments.getFirst()).characters(),
                      asked,
                      arguments.subList(1, arguments.size()));
          return holds != wanted;
        });
    return items;
  }

  static Text joined(List<Object> items, Text between) {
    return Text.join(items.stream().map(Values::text).toList(), between);
  }

  static Text replaced(Text text, List<Object> arguments) {
    String old = Values.asText(Methods.argument(arguments, 0)).characters();
    Text other = Values.asText(Methods.argument(arguments, 1));
    long most = arguments.size() > 2 ? Values.asLong(arguments.get(2)) : -1;
    if (old.isEmpty()) {
      throw new WrongValue("an empty text is to be replaced");
    }
    List<Text> parts = text.split(old, (int) Math.min(most, Integer.MAX_VALUE));
    if ((long) other.length() * parts.size() > Budget.LONGEST) {
      throw new WrongValue("the text with its replacements is too long");
    }
    return Text.join(parts, other);
  }

  private static Object whole(Object value) {
    return switch (value) {
      case Double number -> (long) (double) number;
      case Text text -> {
        try {
          yield Long.parseLong(text.characters().strip());
        } catch (NumberFormatException e) {
          yield 0L;
        }
      }
      case Undefined _ -> 0L;
      default -> Values.asLong(value);
    };
  }

  private static Object real(Object value) {
    if (!(value instanceof Text text)) {
      return Values.asDouble(value);
    }
    try {
      return Double.parseDouble(text.characters().strip());
    } catch (NumberFormatException e) {
      return 0.0;
    }
  }

  private static Text indented(Text text, List<Object> arguments, Map<String, Object> named) {
    Object width = argument(arguments, named, 0, "width", 4L);
    boolean first = Values.truth(argument(arguments, named, 1, "first", false));
    boolean blank = Values.truth(argument(arguments, named, 2, "blank", false));
    Text margin =
        width instanceof Text own
            ? own
            : Text.own(" ".repeat(Math.clamp(Values.asLong(width), 0, 100)));
    List<Text> lines = new ArrayList<>();
    for (Text line : text.split("\n", -1)) {
      boolean moved = (lines.isEmpty() ? first : blank || !line.isEmpty());
      lines.add(moved ? margin.plus(line) : line);
    }
    return Text.join(lines, Text.own("\n"));
  }
}
