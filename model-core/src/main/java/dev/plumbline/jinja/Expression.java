package dev.plumbline.jinja;

import dev.plumbline.jinja.Values.Callable;
import dev.plumbline.jinja.Values.Namespace;
import dev.plumbline.jinja.Values.None;
import dev.plumbline.jinja.Values.Undefined;
import dev.plumbline.jinja.Values.WrongValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression in a tag. */
sealed interface Expression {

  /** A value as it stands. */
  record Literal(Object value) implements Expression {}

  /** The value of a name. */
  record Name(String name) implements Expression {}

  /** A list; a tuple is one too. */
  record Items(List<Expression> items) implements Expression {}

  /** A mapping. */
  record Entries(List<Map.Entry<Expression, Expression>> entries) implements Expression {}

  /** An entry by its name: {@code a.b}. */
  record Member(Expression of, String name) implements Expression {}

  /** An entry by its key: {@code a[b]}. */
  record Entry(Expression of, Expression key) implements Expression {}

  /** {@code a[from:to:step]}. */
  record Slice(
      Expression of, @Nullable Expression from, @Nullable Expression to, @Nullable Expression step)
      implements Expression {}

  /** What is given to a function, a filter or a test. */
  record Arguments(List<Expression> list, Map<String, Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());
  }

  /** A call. */
  record Call(int line, Expression function, Arguments arguments) implements Expression {}

  /** {@code a | filter(...)}. */
  record Filtered(int line, Expression value, String filter, Arguments arguments)
      implements Expression {}

  /** {@code a is test(...)}. */
  record Tested(int line, Expression value, String test, Arguments arguments)
      implements Expression {}

  /** An operator with two sides. */
  record Binary(int line, String operator, Expression left, Expression right)
      implements Expression {}

  /** {@code not a}. */
  record Not(Expression value) implements Expression {}

  /** {@code -a}. */
  record Negative(int line, Expression value) implements Expression {}

  /** {@code a if condition else b}. */
  record Choice(Expression condition, Expression yes, @Nullable Expression no)
      implements Expression {}

  /** The value in a scope. */
  default Object value(Scope scope) {
    return scope.budget().charge(evaluate(scope));
  }

  private Object evaluate(Scope scope) {
    return switch (this) {
      case Literal literal -> literal.value();
      case Name name -> scope.get(name.name());
      case Items items -> values(items.items(), scope);
      case Entries entries -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Map.Entry<Expression, Expression> entry : entries.entries()) {
          map.put(entry.getKey().value(scope), entry.getValue().value(scope));
        }
        yield map;
      }
      case Member member -> member(member.of().value(scope), Text.own(member.name()));
      case Entry entry -> member(entry.of().value(scope), entry.key().value(scope));
      case Slice slice -> slice(slice, scope);
      case Call call -> called(call, scope);
      case Filtered filtered -> {
        Object value = filtered.value().value(scope);
        yield at(
            filtered.line(),
            () ->
                Filters.apply(
                    filtered.filter(),
                    value,
                    values(filtered.arguments().list(), scope),
                    named(filtered.arguments(), scope)));
      }
      case Tested tested -> {
        Object value = tested.value().value(scope);
        yield at(
            tested.line(),
            () -> Tests.holds(tested.test(), value, values(tested.arguments().list(), scope)));
      }
      case Binary binary -> binary(binary, scope);
      case Not not -> !Values.truth(not.value().value(scope));
      case Negative negative -> {
        Object value = negative.value().value(scope);
        yield at(negative.line(), () -> Values.arithmetic("-", 0L, value));
      }
      case Choice choice -> {
        if (Values.truth(choice.condition().value(scope))) {
          yield choice.yes().value(scope);
        }
        Expression no = choice.no();
        yield no == null ? new Undefined("else") : no.value(scope);
      }
    };
  }

  /** Says the line where a value will not do. */
  static <T> T at(int line, java.util.function.Supplier<T> work) {
    try {
      return work.get();
    } catch (WrongValue e) {
      throw TemplateErrors.at(line, String.valueOf(e.getMessage()));
    }
  }

  private static List<Object> values(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>();
    expressions.forEach(expression -> values.add(expression.value(scope)));
    return values;
  }

  private static Map<String, Object> named(Arguments arguments, Scope scope) {
    Map<String, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, expression) -> named.put(name, expression.value(scope)));
    return named;
  }

  /** An entry of a mapping, a namespace, a list or a text; nothing of Java's can be reached. */
  static Object member(Object of, Object key) {
    return switch (of) {
      case Namespace namespace ->
          namespace.entries().getOrDefault(key.toString(), new Undefined(key.toString()));
      case Map<?, ?> map -> {
        Object value = map.get(key);
        yield value == null ? new Undefined(key.toString()) : value;
      }
      case List<?> list when key instanceof Long place -> {
        long at = place < 0 ? place + list.size() : place;
        yield at >= 0 && at < list.size() ? list.get((int) at) : new Undefined("item " + place);
      }
      case Text text when key instanceof Long place -> {
        long at = place < 0 ? place + text.codePoints() : place;
        yield at >= 0 && at < text.codePoints()
            ? text.slice(at, at + 1, 1)
            : new Undefined("character " + place);
      }
      case Undefined undefined ->
          throw new WrongValue(
              "'" + undefined.name() + "' is not defined and has no '" + key + "'");
      default -> new Undefined(key.toString());
    };
  }

  private static Object slice(Slice slice, Scope scope) {
    Object of = slice.of().value(scope);
    Long from = bound(slice.from(), scope);
    Long to = bound(slice.to(), scope);
    Long by = bound(slice.step(), scope);
    long step = by == null ? 1 : by;
    if (step == 0 || Math.abs(step) > Integer.MAX_VALUE) {
      throw new WrongValue("a slice's step is " + step);
    }
    if (of instanceof Text text) {
      return text.slice(from, to, step);
    }
    if (of instanceof List<?> list) {
      List<Object> chosen = new ArrayList<>();
      for (int place : Slices.places(list.size(), from, to, step)) {
        chosen.add(list.get(place));
      }
      return chosen;
    }
    throw new WrongValue(Values.kind(of) + " has no slices");
  }

  private static @Nullable Long bound(@Nullable Expression expression, Scope scope) {
    Object value = expression == null ? None.NONE : expression.value(scope);
    return value == None.NONE ? null : Long.valueOf(Values.asLong(value));
  }

  private static Object called(Call call, Scope scope) {
    List<Object> arguments = values(call.arguments().list(), scope);
    Map<String, Object> named = named(call.arguments(), scope);
    if (call.function() instanceof Member member) {
      Object of = member.of().value(scope);
      Object entry = entry(of, member.name());
      return at(
          call.line(),
          () ->
              entry instanceof Callable callable
                  ? callable.call(arguments, named)
                  : Methods.call(of, member.name(), arguments, named));
    }
    Object function = call.function().value(scope);
    if (!(function instanceof Callable callable)) {
      throw TemplateErrors.at(call.line(), Values.kind(function) + " cannot be called");
    }
    return at(call.line(), () -> callable.call(arguments, named));
  }

  private static @Nullable Object entry(Object of, String name) {
    return of instanceof Namespace || of instanceof Map<?, ?> ? member(of, Text.own(name)) : null;
  }

  private static Object binary(Binary binary, Scope scope) {
    Object left = binary.left().value(scope);
    if (binary.operator().equals("and")) {
      return Values.truth(left) ? binary.right().value(scope) : left;
    }
    if (binary.operator().equals("or")) {
      return Values.truth(left) ? left : binary.right().value(scope);
    }
    Object right = binary.right().value(scope);
    return at(
        binary.line(),
        () ->
            switch (binary.operator()) {
              case "==" -> Values.equal(left, right);
              case "!=" -> !Values.equal(left, right);
              case "<" -> Values.compare(left, right) < 0;
              case "<=" -> Values.compare(left, right) <= 0;
              case ">" -> Values.compare(left, right) > 0;
              case ">=" -> Values.compare(left, right) >= 0;
              case "in" -> Values.contains(right, left);
              case "not in" -> !Values.contains(right, left);
              case "~" -> Values.text(left).plus(Values.text(right));
              default -> Values.arithmetic(binary.operator(), left, right);
            });
  }
}
