package dev.plumbline.jinja;

import dev.plumbline.data.UserError;
import dev.plumbline.jinja.Expression.Arguments;
import dev.plumbline.jinja.Lexer.Kind;
import dev.plumbline.jinja.Lexer.Token;
import dev.plumbline.jinja.Values.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the statements and expressions of a template. */
final class Parser {
  private static final int DEPTH = 200;
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=", "in");

  private final List<Token> tokens;
  private int at;
  private int depth;
  private int loops;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static List<Statement> parse(String template) {
    Parser parser = new Parser(Lexer.tokens(template));
    List<Statement> statements = parser.body(Set.of());
    if (parser.peek().kind() != Kind.END) {
      throw parser.error("'" + parser.tokens.get(parser.at + 1).text() + "' ends nothing here");
    }
    return statements;
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    return tokens.get(at++);
  }

  private UserError error(String what) {
    return TemplateErrors.at(peek().line(), what);
  }

  private boolean take(String operatorOrName) {
    if (peek().is(operatorOrName)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String operatorOrName) {
    if (!take(operatorOrName)) {
      throw error("'" + operatorOrName + "' is needed, and here is '" + peek().text() + "'");
    }
  }

  private void expect(Kind kind) {
    if (next().kind() != kind) {
      at--;
      throw error("the tag does not end here: '" + peek().text() + "'");
    }
  }

  private String name() {
    if (peek().kind() != Kind.NAME) {
      throw error("a name is needed, and here is '" + peek().text() + "'");
    }
    return next().text();
  }

  /** Statements up to a tag of one of these names, which is left to be read. */
  private List<Statement> body(Set<String> ends) {
    if (++depth > DEPTH) {
      throw error("blocks stand more than " + DEPTH + " deep in each other");
    }
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = peek();
      if (token.kind() == Kind.END) {
        if (!ends.isEmpty()) {
          throw error("the template ends where '" + String.join("' or '", ends) + "' is needed");
        }
        break;
      }
      if (token.kind() == Kind.DATA) {
        statements.add(new Statement.Data(Text.own(next().text())));
      } else if (token.kind() == Kind.OPEN_EXPRESSION) {
        at++;
        statements.add(new Statement.Print(token.line(), tuple()));
        expect(Kind.CLOSE_EXPRESSION);
      } else {
        String tag = tokens.get(at + 1).text();
        if (ends.contains(tag) || (ends.isEmpty() && tag.startsWith("end"))) {
          break;
        }
        at++;
        statements.add(statement());
      }
    }
    depth--;
    return statements;
  }

  /** The body, and the tag that ends it. */
  private List<Statement> closed(String end) {
    List<Statement> body = body(Set.of(end));
    close(end);
    return body;
  }

  private void close(String end) {
    at++;
    expect(end);
    expect(Kind.CLOSE_STATEMENT);
  }

  private Statement statement() {
    int line = peek().line();
    String tag = name();
    return switch (tag) {
      case "if" -> choice(line);
      case "for" -> loop(line);
      case "set" -> set(line);
      case "macro" -> macro(line);
      case "filter" -> {
        String filter = name();
        Arguments arguments = peek().is("(") ? arguments() : Arguments.NONE;
        expect(Kind.CLOSE_STATEMENT);
        yield new Statement.FilterBlock(line, filter, arguments, closed("endfilter"));
      }
      case "generation" -> {
        expect(Kind.CLOSE_STATEMENT);
        yield new Statement.Generation(closed("endgeneration"));
      }
      case "break", "continue" -> {
        if (loops == 0) {
          throw TemplateErrors.at(line, "'" + tag + "' stands outside a loop");
        }
        expect(Kind.CLOSE_STATEMENT);
        yield new Statement.Leave(
            tag.equals("break") ? Statement.Flow.BREAK : Statement.Flow.CONTINUE);
      }
      default ->
          throw TemplateErrors.at(
              line, "the tag '" + tag + "' is not one that chat templates have");
    };
  }

  private Statement choice(int line) {
    List<Map.Entry<Expression, List<Statement>>> branches = new ArrayList<>();
    Expression condition = expression();
    expect(Kind.CLOSE_STATEMENT);
    while (true) {
      List<Statement> body = body(Set.of("elif", "else", "endif"));
      branches.add(Map.entry(condition, body));
      at++;
      String tag = name();
      if (tag.equals("endif")) {
        expect(Kind.CLOSE_STATEMENT);
        return new Statement.If(line, branches);
      }
      condition = tag.equals("elif") ? expression() : new Expression.Literal(true);
      expect(Kind.CLOSE_STATEMENT);
      if (tag.equals("else")) {
        branches.add(Map.entry(condition, closed("endif")));
        return new Statement.If(line, branches);
      }
    }
  }

  private Statement loop(int line) {
    List<String> names = names();
    expect("in");
    Expression items = tupleWithoutCondition();
    Expression condition = take("if") ? expression() : null;
    if (peek().is("recursive")) {
      throw error("recursive loops are not supported");
    }
    expect(Kind.CLOSE_STATEMENT);
    loops++;
    List<Statement> body = body(Set.of("else", "endfor"));
    loops--;
    List<Statement> otherwise = List.of();
    at++;
    if (take("else")) {
      expect(Kind.CLOSE_STATEMENT);
      otherwise = closed("endfor");
    } else {
      expect("endfor");
      expect(Kind.CLOSE_STATEMENT);
    }
    return new Statement.For(line, names, items, condition, body, otherwise);
  }

  private List<String> names() {
    boolean inParentheses = take("(");
    List<String> names = new ArrayList<>(List.of(name()));
    while (take(",")) {
      names.add(name());
    }
    if (inParentheses) {
      expect(")");
    }
    return names;
  }

  private Statement set(int line) {
    List<String> names = names();
    if (names.size() == 1 && take(".")) {
      String entry = name();
      expect("=");
      Expression value = tuple();
      expect(Kind.CLOSE_STATEMENT);
      return new Statement.SetEntry(line, names.getFirst(), entry, value);
    }
    if (names.size() == 1 && peek().kind() == Kind.CLOSE_STATEMENT) {
      at++;
      return new Statement.SetBlock(line, names.getFirst(), closed("endset"));
    }
    expect("=");
    Expression value = tuple();
    expect(Kind.CLOSE_STATEMENT);
    return new Statement.Set(line, names, value);
  }

  private Statement macro(int line) {
    String name = name();
    LinkedHashMap<String, @Nullable Expression> parameters = new LinkedHashMap<>();
    expect("(");
    while (!take(")")) {
      String parameter = name();
      parameters.put(parameter, take("=") ? expression() : null);
      if (!peek().is(")")) {
        expect(",");
      }
    }
    expect(Kind.CLOSE_STATEMENT);
    int around = loops;
    loops = 0;
    List<Statement> body = closed("endmacro");
    loops = around;
    return new Statement.Macro(line, name, parameters, body);
  }

  private Expression tuple() {
    Expression first = expression();
    if (!peek().is(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (take(",")) {
      if (peek().kind() == Kind.CLOSE_EXPRESSION || peek().kind() == Kind.CLOSE_STATEMENT) {
        break;
      }
      items.add(expression());
    }
    return new Expression.Items(items);
  }

  private Expression tupleWithoutCondition() {
    return or();
  }

  private Expression expression() {
    if (++depth > DEPTH) {
      throw error("expressions stand more than " + DEPTH + " deep in each other");
    }
    Expression value = or();
    while (take("if")) {
      Expression condition = or();
      Expression otherwise = take("else") ? expression() : null;
      value = new Expression.Choice(condition, value, otherwise);
    }
    depth--;
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (peek().is("or")) {
      int line = next().line();
      left = new Expression.Binary(line, "or", left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (peek().is("and")) {
      int line = next().line();
      left = new Expression.Binary(line, "and", left, not());
    }
    return left;
  }

  private Expression not() {
    if (peek().is("not")) {
      at++;
      depth++;
      if (depth > DEPTH) {
        throw error("expressions stand more than " + DEPTH + " deep in each other");
      }
      Expression negated = new Expression.Not(not());
      depth--;
      return negated;
    }
    return comparison();
  }

  /** A chain {@code a < b <= c} asks of each two neighbours. */
  private Expression comparison() {
    Expression left = sum();
    Expression whole = null;
    while (true) {
      Token token = peek();
      boolean notIn = token.is("not") && tokens.get(at + 1).is("in");
      boolean compares =
          (token.kind() == Kind.OPERATOR || token.is("in")) && COMPARISONS.contains(token.text());
      if (!notIn && !compares) {
        return whole == null ? left : whole;
      }
      at += notIn ? 2 : 1;
      Expression right = sum();
      Expression link =
          new Expression.Binary(token.line(), notIn ? "not in" : token.text(), left, right);
      whole = whole == null ? link : new Expression.Binary(token.line(), "and", whole, link);
      left = right;
    }
  }

  private Expression sum() {
    Expression left = joined();
    while (peek().is("+") || peek().is("-")) {
      Token operator = next();
      left = new Expression.Binary(operator.line(), operator.text(), left, joined());
    }
    return left;
  }

  private Expression joined() {
    Expression left = product();
    while (peek().is("~")) {
      int line = next().line();
      left = new Expression.Binary(line, "~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (peek().is("*") || peek().is("/") || peek().is("//") || peek().is("%")) {
      Token operator = next();
      left = new Expression.Binary(operator.line(), operator.text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (peek().is("**")) {
      int line = next().line();
      left = new Expression.Binary(line, "**", left, unary(true));
    }
    return left;
  }

  private Expression unary(boolean filters) {
    Expression value;
    if (peek().is("-")) {
      int line = next().line();
      if (++depth > DEPTH) {
        throw error("expressions stand more than " + DEPTH + " deep in each other");
      }
      value = new Expression.Negative(line, unary(false));
      depth--;
    } else if (take("+")) {
      value = unary(false);
    } else {
      value = primary();
    }
    value = postfix(value);
    return filters ? filtered(value) : value;
  }

  private Expression primary() {
    Token token = next();
    return switch (token.kind()) {
      case NAME ->
          switch (token.text()) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> new Expression.Name(token.text());
          };
      case INTEGER -> {
        try {
          yield new Expression.Literal(Long.parseLong(token.text().replace("_", "")));
        } catch (NumberFormatException e) {
          throw TemplateErrors.at(token.line(), "the number " + token.text() + " is too large");
        }
      }
      case REAL -> new Expression.Literal(Double.parseDouble(token.text().replace("_", "")));
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (peek().kind() == Kind.STRING) {
          text.append(next().text());
        }
        yield new Expression.Literal(Text.own(text.toString()));
      }
      default -> {
        if (token.is("(")) {
          yield parenthesised();
        }
        if (token.is("[")) {
          yield new Expression.Items(list("]"));
        }
        if (token.is("{")) {
          yield entries();
        }
        throw TemplateErrors.at(
            token.line(), "a value is needed, and here is '" + token.text() + "'");
      }
    };
  }

  private Expression parenthesised() {
    if (take(")")) {
      return new Expression.Items(List.of());
    }
    Expression first = expression();
    if (take(")")) {
      return first;
    }
    expect(",");
    List<Expression> items = new ArrayList<>(List.of(first));
    items.addAll(list(")"));
    return new Expression.Items(items);
  }

  private List<Expression> list(String end) {
    List<Expression> items = new ArrayList<>();
    while (!take(end)) {
      items.add(expression());
      if (!peek().is(end)) {
        expect(",");
      }
    }
    return items;
  }

  private Expression entries() {
    List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
    while (!take("}")) {
      Expression key = expression();
      expect(":");
      entries.add(Map.entry(key, expression()));
      if (!peek().is("}")) {
        expect(",");
      }
    }
    return new Expression.Entries(entries);
  }

  private Expression postfix(Expression of) {
    Expression value = of;
    while (true) {
      Token token = peek();
      if (token.is(".")) {
        at++;
        value =
            peek().kind() == Kind.INTEGER
                ? new Expression.Entry(value, primary())
                : new Expression.Member(value, name());
      } else if (token.is("[")) {
        at++;
        value = subscript(value);
      } else if (token.is("(")) {
        value = new Expression.Call(token.line(), value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression subscript(Expression of) {
    Expression from = peek().is(":") ? null : expression();
    if (from != null && take("]")) {
      return new Expression.Entry(of, from);
    }
    expect(":");
    Expression to = peek().is(":") || peek().is("]") ? null : expression();
    Expression step = take(":") && !peek().is("]") ? expression() : null;
    expect("]");
    return new Expression.Slice(of, from, to, step);
  }

  private Arguments arguments() {
    expect("(");
    List<Expression> list = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!take(")")) {
      if (peek().kind() == Kind.NAME && tokens.get(at + 1).is("=")) {
        String name = name();
        at++;
        named.put(name, expression());
      } else {
        list.add(expression());
      }
      if (!peek().is(")")) {
        expect(",");
      }
    }
    return new Arguments(list, named);
  }

  private Expression filtered(Expression of) {
    Expression value = of;
    while (true) {
      Token token = peek();
      if (token.is("|")) {
        at++;
        String filter = name();
        Arguments arguments = peek().is("(") ? arguments() : Arguments.NONE;
        value = new Expression.Filtered(token.line(), value, filter, arguments);
      } else if (token.is("is")) {
        at++;
        value = tested(token.line(), value);
      } else if (token.is("(")) {
        value = new Expression.Call(token.line(), value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression tested(int line, Expression value) {
    boolean negated = take("not");
    String test = name();
    Arguments arguments = Arguments.NONE;
    Token token = peek();
    boolean operand =
        token.is("[")
            || token.is("{")
            || token.kind() == Kind.STRING
            || token.kind() == Kind.INTEGER
            || token.kind() == Kind.REAL
            || (token.kind() == Kind.NAME
                && !Set.of("else", "or", "and", "is", "if", "in", "not").contains(token.text()));
    if (token.is("(")) {
      arguments = arguments();
    } else if (operand) {
      arguments = new Arguments(List.of(postfix(primary())), Map.of());
    }
    Expression tested = new Expression.Tested(line, value, test, arguments);
    return negated ? new Expression.Not(tested) : tested;
  }
}
