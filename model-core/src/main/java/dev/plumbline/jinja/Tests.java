package dev.plumbline.jinja;

import dev.plumbline.jinja.Values.Callable;
import dev.plumbline.jinja.Values.None;
import dev.plumbline.jinja.Values.Undefined;
import dev.plumbline.jinja.Values.WrongValue;
import java.util.List;
import java.util.Map;

/** What {@code is} can ask. */
final class Tests {
  private Tests() {}

  static boolean holds(String test, Object value, List<Object> arguments) {
    return switch (test) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == None.NONE;
      case "string" -> value instanceof Text;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "number" -> value instanceof Long || value instanceof Double || value instanceof Boolean;
      case "mapping" -> value instanceof Map<?, ?>;
      case "sequence" ->
          value instanceof List<?> || value instanceof Map<?, ?> || value instanceof Text;
      case "iterable" ->
          value instanceof List<?>
              || value instanceof Map<?, ?>
              || value instanceof Text
              || value instanceof Undefined;
      case "callable" -> value instanceof Callable;
      case "odd" -> Math.floorMod(Values.asLong(value), 2L) == 1;
      case "even" -> Math.floorMod(Values.asLong(value), 2L) == 0;
      case "divisibleby" -> Math.floorMod(Values.asLong(value), Values.asLong(one(arguments))) == 0;
      case "equalto", "eq", "sameas" -> Values.equal(value, one(arguments));
      case "ne" -> !Values.equal(value, one(arguments));
      case "lt", "lessthan" -> Values.compare(value, one(arguments)) < 0;
      case "le" -> Values.compare(value, one(arguments)) <= 0;
      case "gt", "greaterthan" -> Values.compare(value, one(arguments)) > 0;
      case "ge" -> Values.compare(value, one(arguments)) >= 0;
      case "in" -> Values.contains(one(arguments), value);
      case "lower" ->
          Values.text(value).lower().equals(value) && !Values.text(value).upper().equals(value);
      case "upper" ->
          Values.text(value).upper().equals(value) && !Values.text(value).lower().equals(value);
      default -> throw new WrongValue("there is no test '" + test + "'");
    };
  }

  private static Object one(List<Object> arguments) {
    if (arguments.size() != 1) {
      throw new WrongValue("the test needs one argument");
    }
    return arguments.getFirst();
  }
}
