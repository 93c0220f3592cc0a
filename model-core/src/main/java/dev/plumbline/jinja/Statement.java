package dev.plumbline.jinja;

import dev.plumbline.jinja.Expression.Arguments;
import dev.plumbline.jinja.Values.Callable;
import dev.plumbline.jinja.Values.Namespace;
import dev.plumbline.jinja.Values.Undefined;
import dev.plumbline.jinja.Values.WrongValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a template that writes. */
sealed interface Statement {

  /**
   * How a part ended: normally, or in a {@code continue} or {@code break} of the loop around it.
   */
  enum Flow {
    ON,
    CONTINUE,
    BREAK
  }

  /** Text of the template. */
  record Data(Text text) implements Statement {}

  /** <code>{{ expression }}</code>. */
  record Print(int line, Expression expression) implements Statement {}

  /** {@code if}; the condition of an {@code else} is the literal true. */
  record If(int line, List<Map.Entry<Expression, List<Statement>>> branches) implements Statement {}

  /** {@code for}. */
  record For(
      int line,
      List<String> names,
      Expression items,
      @Nullable Expression condition,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  /** {@code set} of names; more than one take a list apart. */
  record Set(int line, List<String> names, Expression value) implements Statement {}

  /** {@code set} of a namespace's entry. */
  record SetEntry(int line, String namespace, String entry, Expression value)
      implements Statement {}

  /** {@code set} of a name to a block's output. */
  record SetBlock(int line, String name, List<Statement> body) implements Statement {}

  /** {@code macro}; a parameter without a default has none. */
  record Macro(
      int line,
      String name,
      LinkedHashMap<String, @Nullable Expression> parameters,
      List<Statement> body)
      implements Statement {}

  /** {@code filter}. */
  record FilterBlock(int line, String filter, Arguments arguments, List<Statement> body)
      implements Statement {}

  /** {@code generation}: what the assistant wrote. */
  record Generation(List<Statement> body) implements Statement {}

  /** {@code break} or {@code continue}. */
  record Leave(Flow flow) implements Statement {}

  /** Where output goes. */
  final class Output {
    private final Text.Builder text = new Text.Builder();
    private final List<int[]> generations = new ArrayList<>();

    void write(Text part, Scope scope) {
      text.append(scope.budget().charge(part));
      if (text.length() > Budget.LONGEST) {
        throw new WrongValue("the output has more than " + Budget.LONGEST + " characters");
      }
    }

    Text text() {
      return text.text();
    }

    List<int[]> generations() {
      return generations;
    }
  }

  static Flow run(List<Statement> statements, Scope scope, Output output) {
    for (Statement statement : statements) {
      scope.budget().charge(statement);
      Flow flow = statement.run(scope, output);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow run(Scope scope, Output output) {
    switch (this) {
      case Data data -> output.write(data.text(), scope);
      case Print print -> {
        Object value = Expression.at(print.line(), () -> print.expression().value(scope));
        Expression.at(
            print.line(),
            () -> {
              output.write(Values.text(value), scope);
              return Flow.ON;
            });
      }
      case If choice -> {
        for (Map.Entry<Expression, List<Statement>> branch : choice.branches()) {
          Expression condition = branch.getKey();
          if (Expression.at(choice.line(), () -> Values.truth(condition.value(scope)))) {
            return run(branch.getValue(), scope, output);
          }
        }
      }
      case For loop -> loop(loop, scope, output);
      case Set set -> {
        Object value = Expression.at(set.line(), () -> set.value().value(scope));
        assign(set.line(), set.names(), value, scope);
      }
      case SetEntry set -> {
        Object value = Expression.at(set.line(), () -> set.value().value(scope));
        if (!(scope.get(set.namespace()) instanceof Namespace namespace)) {
          throw TemplateErrors.at(
              set.line(), "'" + set.namespace() + "' is no namespace; only its entries may be set");
        }
        namespace.entries().put(set.entry(), value);
      }
      case SetBlock set -> scope.set(set.name(), captured(set.body(), scope));
      case Macro macro -> scope.set(macro.name(), callable(macro, scope));
      case FilterBlock block -> {
        Text text = captured(block.body(), scope);
        Expression filtered =
            new Expression.Filtered(
                block.line(), new Expression.Literal(text), block.filter(), block.arguments());
        output.write(Values.text(filtered.value(scope)), scope);
      }
      case Generation generation -> {
        int from = output.text.length();
        Flow flow = run(generation.body(), scope, output);
        output.generations.add(new int[] {from, output.text.length()});
        return flow;
      }
      case Leave leave -> {
        return leave.flow();
      }
    }
    return Flow.ON;
  }

  private static Text captured(List<Statement> body, Scope scope) {
    Output inner = new Output();
    run(body, scope.inner(), inner);
    return inner.text();
  }

  private static void assign(int line, List<String> names, Object value, Scope scope) {
    if (names.size() == 1) {
      scope.set(names.getFirst(), value);
      return;
    }
    List<Object> parts = Expression.at(line, () -> Values.items(value));
    if (parts.size() != names.size()) {
      throw TemplateErrors.at(
          line, parts.size() + " values are given to " + names.size() + " names");
    }
    for (int i = 0; i < parts.size(); i++) {
      scope.set(names.get(i), parts.get(i));
    }
  }

  private static void loop(For loop, Scope scope, Output output) {
    List<Object> items =
        Expression.at(
            loop.line(), () -> scope.budget().charge(Values.items(loop.items().value(scope))));
    Expression condition = loop.condition();
    if (condition != null) {
      items.removeIf(
          item -> {
            Scope inner = scope.inner();
            assign(loop.line(), loop.names(), item, inner);
            return !Expression.at(loop.line(), () -> Values.truth(condition.value(inner)));
          });
    }
    if (items.isEmpty()) {
      run(loop.otherwise(), scope.inner(), output);
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      Object item = items.get(i);
      Expression.at(loop.line(), () -> scope.budget().charge(item));
      Scope inner = scope.inner();
      assign(loop.line(), loop.names(), item, inner);
      inner.set("loop", place(items, i));
      if (run(loop.body(), inner, output) == Flow.BREAK) {
        return;
      }
    }
  }

  private static Namespace place(List<Object> items, int i) {
    int n = items.size();
    Map<String, Object> loop = new LinkedHashMap<>();
    loop.put("index", i + 1L);
    loop.put("index0", (long) i);
    loop.put("revindex", (long) n - i);
    loop.put("revindex0", n - i - 1L);
    loop.put("first", i == 0);
    loop.put("last", i == n - 1);
    loop.put("length", (long) n);
    loop.put("previtem", i > 0 ? items.get(i - 1) : new Undefined("loop.previtem"));
    loop.put("nextitem", i < n - 1 ? items.get(i + 1) : new Undefined("loop.nextitem"));
    Callable cycle =
        (arguments, named) ->
            arguments.isEmpty() ? new Undefined("cycle") : arguments.get(i % arguments.size());
    loop.put("cycle", cycle);
    return new Namespace(loop);
  }

  private static Callable callable(Macro macro, Scope scope) {
    return (arguments, named) -> {
      scope.budget().enter();
      try {
        Scope inner = scope.inner();
        int at = 0;
        for (Map.Entry<String, @Nullable Expression> parameter : macro.parameters().entrySet()) {
          String name = parameter.getKey();
          Expression otherwise = parameter.getValue();
          Object value =
              at < arguments.size()
                  ? arguments.get(at)
                  : named.containsKey(name)
                      ? named.getOrDefault(name, Values.None.NONE)
                      : otherwise == null ? new Undefined(name) : otherwise.value(inner);
          inner.set(name, value);
          at++;
        }
        if (arguments.size() > macro.parameters().size()) {
          throw new WrongValue(
              "macro '" + macro.name() + "' takes " + macro.parameters().size() + " arguments");
        }
        Output output = new Output();
        run(macro.body(), inner, output);
        return output.text();
      } finally {
        scope.budget().leave();
      }
    };
  }
}
