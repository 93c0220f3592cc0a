package dev.plumbline.jinja;

import dev.plumbline.jinja.Values.None;
import dev.plumbline.jinja.Values.Undefined;
import dev.plumbline.jinja.Values.WrongValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The methods that templates call on texts, mappings and lists: Python's, and no others. */
final class Methods {
  private Methods() {}

  static Object call(Object of, String name, List<Object> arguments, Map<String, Object> named) {
    return switch (of) {
      case Text text -> text(text, name, arguments, named);
      case Map<?, ?> map -> map(map, name, arguments);
      case List<?> list -> list(list, name, arguments);
      case Undefined undefined -> throw new WrongValue("'" + undefined.name() + "' is not defined");
      default -> throw new WrongValue(Values.kind(of) + " has no method '" + name + "'");
    };
  }

  private static Object text(
      Text text, String name, List<Object> arguments, Map<String, Object> named) {
    return switch (name) {
      case "strip" -> text.strip(true, true, characters(arguments));
      case "lstrip" -> text.strip(true, false, characters(arguments));
      case "rstrip" -> text.strip(false, true, characters(arguments));
      case "upper" -> text.upper();
      case "lower" -> text.lower();
      case "title" -> text.titled();
      case "capitalize" -> text.capitalised();
      case "startswith" -> any(text, arguments, String::startsWith);
      case "endswith" -> any(text, arguments, String::endsWith);
      case "split" -> {
        Object separator =
            arguments.isEmpty() ? named.getOrDefault("sep", None.NONE) : arguments.getFirst();
        Object most = arguments.size() > 1 ? arguments.get(1) : named.getOrDefault("maxsplit", -1L);
        if (separator == None.NONE) {
          yield new ArrayList<Object>(text.words());
        }
        if (Values.asText(separator).isEmpty()) {
          throw new WrongValue("a text is split at an empty text");
        }
        yield new ArrayList<Object>(
            text.split(Values.asText(separator).characters(), (int) Values.asLong(most)));
      }
      case "splitlines" -> {
        Text whole = text;
        if (text.characters().endsWith("\n")) {
          whole = text.part(0, text.length() - 1);
        }
        yield new ArrayList<Object>(text.isEmpty() ? List.of() : whole.split("\n", -1));
      }
      case "replace" -> Filters.replaced(text, arguments);
      case "join" -> Filters.joined(Values.items(argument(arguments, 0)), text);
      case "find" -> found(text, text.characters().indexOf(string(arguments)));
      case "rfind" -> found(text, text.characters().lastIndexOf(string(arguments)));
      case "count" -> {
        String part = string(arguments);
        yield part.isEmpty()
            ? text.codePoints() + 1L
            : (Object) (long) (text.split(part, -1).size() - 1);
      }
      case "removeprefix" ->
          text.characters().startsWith(string(arguments))
              ? text.part(string(arguments).length(), text.length())
              : text;
      case "removesuffix" ->
          text.characters().endsWith(string(arguments))
              ? text.part(0, text.length() - string(arguments).length())
              : text;
      case "isdigit" -> !text.isEmpty() && text.characters().chars().allMatch(Character::isDigit);
      case "isalpha" -> !text.isEmpty() && text.characters().chars().allMatch(Character::isLetter);
      case "isspace" -> !text.isEmpty() && text.strip(true, false, null).isEmpty();
      default -> throw new WrongValue("a text has no method '" + name + "'");
    };
  }

  private static Object map(Map<?, ?> map, String name, List<Object> arguments) {
    return switch (name) {
      case "get" -> {
        Object value = map.get(argument(arguments, 0));
        yield value != null ? value : arguments.size() > 1 ? arguments.get(1) : None.NONE;
      }
      case "keys" -> new ArrayList<Object>(map.keySet());
      case "values" -> new ArrayList<Object>(map.values());
      case "items" -> entries(map);
      default -> throw new WrongValue("a mapping has no method '" + name + "' that may be called");
    };
  }

  static List<Object> entries(Map<?, ?> map) {
    List<Object> entries = new ArrayList<>();
    map.forEach((key, value) -> entries.add(new ArrayList<Object>(List.of(key, value))));
    return entries;
  }

  private static Object list(List<?> list, String name, List<Object> arguments) {
    Object item = argument(arguments, 0);
    return switch (name) {
      case "index" -> {
        for (int i = 0; i < list.size(); i++) {
          if (Values.equal(list.get(i), item)) {
            yield (long) i;
          }
        }
        throw new WrongValue("the list does not hold what is looked for");
      }
      case "count" -> list.stream().filter(each -> Values.equal(each, item)).count();
      default -> throw new WrongValue("a list has no method '" + name + "' that may be called");
    };
  }

  private static Object found(Text text, int at) {
    return at < 0 ? -1L : (long) text.characters().codePointCount(0, at);
  }

  private static boolean any(Text text, List<Object> arguments, BiPredicate<String, String> test) {
    Object wanted = argument(arguments, 0);
    List<?> all = wanted instanceof List<?> list ? list : List.of(wanted);
    return all.stream()
        .anyMatch(each -> test.test(text.characters(), Values.asText(each).characters()));
  }

  private static @Nullable String characters(List<Object> arguments) {
    return arguments.isEmpty() || arguments.getFirst() == None.NONE
        ? null
        : Values.asText(arguments.getFirst()).characters();
  }

  private static String string(List<Object> arguments) {
    return Values.asText(argument(arguments, 0)).characters();
  }

  static Object argument(List<Object> arguments, int at) {
    if (at >= arguments.size()) {
      throw new WrongValue("an argument is missing");
    }
    return arguments.get(at);
  }
}
