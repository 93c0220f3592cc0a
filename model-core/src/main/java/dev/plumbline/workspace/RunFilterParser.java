package dev.plumbline.workspace;

import dev.plumbline.training.RunState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Reads the filter language of the table of runs.
 *
 * <pre>
 * filter     := all ("or" all)*
 * all        := term ("and"? term)*
 * term       := ("not" | "-") term | "(" filter ")" | comparison | word
 * comparison := field (":" | "=" | "!=") value
 *             | field ("&lt;" | "&lt;=" | "&gt;" | "&gt;=") number
 *             | field ("~" | "!~") expression
 *             | field (":" | "=" | "in" | "not in") "(" value ("," value)* ")"
 *             | "has" ":" field | "is" ":" mark
 * </pre>
 *
 * A field is what {@link RunField} reads. A word or a quoted text alone stands in the name, stage,
 * state, tags, notes or detail. Numbers may end in a unit of time (s, min, h, d) or in a percent
 * sign where the field is one. What follows a mistake is not read.
 */
public final class RunFilterParser {
  private static final int MAX_DEPTH = 50;
  private static final Pattern NUMBER =
      Pattern.compile("([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)(s|min|m|h|d|%)?");

  private final String text;
  private final List<Token> tokens;
  private int at;
  private int depth;

  /**
   * Why a text is no filter.
   *
   * @param position of the first letter that is wrong, from 0; the text's length where it ends
   *     early
   * @param length of what is wrong, at least 1
   * @param message one line that says what to do
   */
  public record Problem(int position, int length, String message) {}

  /**
   * What came of a text.
   *
   * @param filter what it asks for; {@link RunFilter#ALL} where there is a problem
   */
  public record Result(RunFilter filter, Optional<Problem> problem) {}

  /** What stands in a text, for colouring and completion. */
  enum Kind {
    OPEN,
    CLOSE,
    COMMA,
    OPERATOR,
    WORD,
    QUOTED,
    /** A quotation that does not end. */
    UNENDED
  }

  /** A piece of a text. */
  record Token(Kind kind, String text, int start, int end) {
    boolean is(String word) {
      return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }
  }

  private static final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Mistake(Problem problem) {
      super(problem.message(), null, false, false);
      this.problem = problem;
    }
  }

  private RunFilterParser(String text) {
    this.text = text;
    this.tokens = tokens(text);
  }

  /** Reads a filter; an empty text lets every run through. */
  public static Result parse(String text) {
    RunFilterParser parser = new RunFilterParser(text);
    try {
      if (parser.tokens.isEmpty()) {
        return new Result(RunFilter.ALL, Optional.empty());
      }
      RunFilter filter = parser.any();
      if (parser.at < parser.tokens.size()) {
        throw mistake(parser.peek(), "this bracket closes nothing; remove it");
      }
      return new Result(filter, Optional.empty());
    } catch (Mistake e) {
      return new Result(RunFilter.ALL, Optional.of(e.problem));
    }
  }

  // ---------------------------------------------------------------------------------- grammar

  private RunFilter any() {
    List<RunFilter> parts = new ArrayList<>(List.of(all()));
    while (at < tokens.size() && peek().is("or")) {
      at++;
      parts.add(all());
    }
    return parts.size() == 1 ? parts.getFirst() : new RunFilter.Or(parts);
  }

  private RunFilter all() {
    List<RunFilter> parts = new ArrayList<>(List.of(term()));
    while (at < tokens.size() && peek().kind() != Kind.CLOSE && !peek().is("or")) {
      if (peek().is("and")) {
        at++;
      }
      parts.add(term());
    }
    return parts.size() == 1 ? parts.getFirst() : new RunFilter.And(parts);
  }

  private RunFilter term() {
    if (++depth > MAX_DEPTH) {
      throw mistake(peekOrEnd(), "more than " + MAX_DEPTH + " brackets deep; make it flatter");
    }
    Token token = next("a word or a comparison is needed here");
    RunFilter read =
        switch (token.kind()) {
          case OPEN -> group(token);
          case QUOTED -> new RunFilter.Contains(token.text());
          case WORD -> word(token);
          case UNENDED ->
              throw mistake(token, "this quotation has no end; add a second quotation mark");
          case CLOSE -> throw mistake(token, "a word or a comparison is needed before the bracket");
          case COMMA ->
              throw mistake(token, "commas stand in lists alone: state in (paused, lost)");
          case OPERATOR -> {
            if (token.text().equals("!")) {
              yield new RunFilter.Not(term());
            }
            throw mistake(
                token, "'" + token.text() + "' needs a field before it: pm_score" + token.text());
          }
        };
    depth--;
    return read;
  }

  private RunFilter group(Token open) {
    RunFilter inner = any();
    if (at == tokens.size()) {
      throw mistake(open, "this bracket is not closed; add )");
    }
    at++;
    return inner;
  }

  private RunFilter word(Token token) {
    if (token.is("not")) {
      return new RunFilter.Not(term());
    }
    if (token.is("and") || token.is("or")) {
      throw mistake(
          token, "'" + token.text() + "' joins two conditions; quote it to search for the word");
    }
    if (isNegation(token)) {
      at--;
      tokens.set(
          at, new Token(Kind.WORD, token.text().substring(1), token.start() + 1, token.end()));
      return new RunFilter.Not(term());
    }
    if (token.text().equals("-") && at < tokens.size()) {
      return new RunFilter.Not(term());
    }
    if (at < tokens.size() && peek().kind() == Kind.OPERATOR && !peek().text().equals("!")) {
      return comparison(token, tokens.get(at++));
    }
    if (at + 1 < tokens.size() && peek().is("in") && tokens.get(at + 1).kind() == Kind.OPEN) {
      at++;
      return equal(token, field(token));
    }
    if (at + 2 < tokens.size()
        && peek().is("not")
        && tokens.get(at + 1).is("in")
        && tokens.get(at + 2).kind() == Kind.OPEN) {
      at += 2;
      return new RunFilter.Not(equal(token, field(token)));
    }
    return new RunFilter.Contains(token.text());
  }

  private static boolean isNegation(Token token) {
    return token.text().length() > 1
        && token.text().charAt(0) == '-'
        && Character.isLetter(token.text().charAt(1));
  }

  private RunFilter comparison(Token name, Token operator) {
    if (name.is("has") && isEquality(operator)) {
      Token field = value("the name of a field");
      return new RunFilter.Has(field(field));
    }
    if (name.is("is") && isEquality(operator)) {
      return is(value("starred, archived or active"));
    }
    RunField field = field(name);
    return switch (operator.text()) {
      case ":", "=", "==" -> equal(name, field);
      case "!=", "<>" -> new RunFilter.Not(equal(name, field));
      case "~" -> matches(field);
      case "!~" -> new RunFilter.Not(matches(field));
      case "<" -> bound(name, field, RunFilter.Side.BELOW);
      case "<=" -> bound(name, field, RunFilter.Side.AT_MOST);
      case ">" -> bound(name, field, RunFilter.Side.ABOVE);
      case ">=" -> bound(name, field, RunFilter.Side.AT_LEAST);
      default -> throw mistake(operator, "'" + operator.text() + "' compares nothing; use =");
    };
  }

  private static boolean isEquality(Token operator) {
    return operator.text().equals(":") || operator.text().equals("=");
  }

  private static RunField field(Token token) {
    return RunField.parse(token.text())
        .orElseThrow(
            () ->
                mistake(
                    token,
                    "'"
                        + token.text()
                        + "' is no field; write one such as state, rlhf.lambda_kl or"
                        + " pm_score.best"));
  }

  private static RunFilter is(Token token) {
    for (RunFilter.Mark mark : RunFilter.Mark.values()) {
      if (token.is(mark.name())) {
        return new RunFilter.Is(mark);
      }
    }
    throw mistake(token, "a run is starred, archived or active, not '" + token.text() + "'");
  }

  /** Behind an equals sign: a value, or several in brackets. */
  private RunFilter equal(Token name, RunField field) {
    List<Token> values = new ArrayList<>();
    if (at < tokens.size() && peek().kind() == Kind.OPEN) {
      Token open = tokens.get(at++);
      do {
        values.add(value("a value"));
        if (at == tokens.size()) {
          throw mistake(open, "this list is not closed; add )");
        }
      } while (tokens.get(at++).kind() == Kind.COMMA);
      if (tokens.get(at - 1).kind() != Kind.CLOSE) {
        throw mistake(tokens.get(at - 1), "a comma or ) is needed here");
      }
    } else {
      values.add(value("a value"));
    }
    if (field.equals(RunField.of(RunField.Attribute.CREATED))) {
      List<RunFilter> times = new ArrayList<>();
      values.forEach(value -> times.add(time(value, RunFilter.Side.AT)));
      return times.size() == 1 ? times.getFirst() : new RunFilter.Or(times);
    }
    List<RunFilter.Value> read = new ArrayList<>();
    for (Token value : values) {
      double number = number(value);
      if (field.isNumber() && Double.isNaN(number)) {
        throw notANumber(name, value);
      }
      if (field.equals(RunField.of(RunField.Attribute.STATE)) && !isState(value.text())) {
        throw mistake(value, "no state is called '" + value.text() + "'; there are " + states());
      }
      read.add(new RunFilter.Value(value.text(), number));
    }
    return new RunFilter.OneOf(field, read);
  }

  private RunFilter bound(Token name, RunField field, RunFilter.Side side) {
    Token value = value("a number");
    if (field.equals(RunField.of(RunField.Attribute.CREATED))) {
      return time(value, side);
    }
    double number = number(value);
    boolean text = field instanceof RunField.Of && !field.isNumber();
    if (text) {
      throw mistake(
          name, name.text() + " is a text and has no " + side.sign() + "; use = or ~ with it");
    }
    if (Double.isNaN(number)) {
      throw notANumber(name, value);
    }
    return new RunFilter.Bound(field, side, number);
  }

  private static Mistake notANumber(Token name, Token value) {
    return mistake(
        value, "%s is compared with a number, not '%s'".formatted(name.text(), value.text()));
  }

  private RunFilter matches(RunField field) {
    Token value = value("a text or a regular expression");
    try {
      Pattern.compile(value.text());
    } catch (PatternSyntaxException e) {
      throw mistake(
          value,
          "not a regular expression: %s; put a backslash before a sign that is meant as itself"
              .formatted(e.getDescription().toLowerCase(Locale.ROOT)));
    }
    return new RunFilter.Matches(field, value.text());
  }

  /** A day of the calendar in UTC, a month, a year, or a moment. */
  private static RunFilter time(Token value, RunFilter.Side side) {
    String text = value.text();
    try {
      Instant from;
      Instant until;
      if (text.matches("\\d{4}")) {
        LocalDate first = LocalDate.of(Integer.parseInt(text), 1, 1);
        from = start(first);
        until = start(first.plusYears(1));
      } else if (text.matches("\\d{4}-\\d{2}")) {
        LocalDate first = LocalDate.parse(text + "-01");
        from = start(first);
        until = start(first.plusMonths(1));
      } else {
        LocalDate day = LocalDate.parse(text);
        from = start(day);
        until = start(day.plusDays(1));
      }
      return new RunFilter.When(side, from.toString(), until.toString());
    } catch (DateTimeException e) {
      throw mistake(
          value,
          "'" + text + "' is no day; write 2026-11-23 or 2026-11, or age<7d for the last week");
    }
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private Token value(String what) {
    Token token = next(what + " is needed here");
    return switch (token.kind()) {
      case WORD, QUOTED -> token;
      case UNENDED ->
          throw mistake(token, "this quotation has no end; add a second quotation mark");
      default ->
          throw mistake(
              token, "%s is needed here; quote it if it has signs: \"%s\"".formatted(what, "a>b"));
    };
  }

  /** A number with its unit; NaN where the token is none. */
  private static double number(Token token) {
    Matcher matcher = NUMBER.matcher(token.text());
    if (token.kind() == Kind.QUOTED || !matcher.matches()) {
      return Double.NaN;
    }
    String unit = matcher.group(2);
    double number = Double.parseDouble(matcher.group(1));
    return unit == null
        ? number
        : switch (unit) {
          case "m", "min" -> number * 60;
          case "h" -> number * 3600;
          case "d" -> number * 86400;
          case "%" -> number / 100;
          default -> number;
        };
  }

  private static boolean isState(String text) {
    return text.contains("*")
        || Arrays.stream(RunState.values()).anyMatch(state -> state.name().equalsIgnoreCase(text));
  }

  private static String states() {
    return Arrays.stream(RunState.values())
        .map(state -> state.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token peekOrEnd() {
    return at < tokens.size() ? peek() : end();
  }

  private Token end() {
    return new Token(Kind.WORD, "", text.length(), text.length() + 1);
  }

  private Token next(String otherwise) {
    if (at == tokens.size()) {
      throw mistake(end(), otherwise);
    }
    return tokens.get(at++);
  }

  private static Mistake mistake(Token token, String message) {
    return new Mistake(
        new Problem(token.start(), Math.max(1, token.end() - token.start()), message));
  }

  // ----------------------------------------------------------------------------------- tokens

  /** The pieces of a text, in order. */
  static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int start = i;
      Supplier<Token> one = () -> new Token(kind(c), String.valueOf(c), start, start + 1);
      if (Character.isWhitespace(c)) {
        i++;
      } else if (c == '(' || c == ')' || c == ',') {
        tokens.add(one.get());
        i++;
      } else if (c == '"' || c == '\'') {
        i = quoted(text, i, tokens);
      } else if (isSign(c)) {
        i++;
        // two signs make one operator where there is such a one: <= >= != == <> !~
        if (i < text.length()
            && "<=|>=|!=|==|<>|!~".contains("" + c + text.charAt(i))
            && text.charAt(i) != '|') {
          i++;
        }
        tokens.add(new Token(Kind.OPERATOR, text.substring(start, i), start, i));
      } else {
        while (i < text.length() && isLetter(text.charAt(i))) {
          i++;
        }
        tokens.add(new Token(Kind.WORD, text.substring(start, i), start, i));
      }
    }
    return tokens;
  }

  private static Kind kind(char c) {
    return c == '(' ? Kind.OPEN : c == ')' ? Kind.CLOSE : Kind.COMMA;
  }

  private static int quoted(String text, int start, List<Token> tokens) {
    char mark = text.charAt(start);
    StringBuilder inner = new StringBuilder();
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == mark) {
        tokens.add(new Token(Kind.QUOTED, inner.toString(), start, i + 1));
        return i + 1;
      }
      // a backslash quotes the mark and itself; in a regular expression all others stay
      if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == mark) {
        i++;
      }
      inner.append(text.charAt(i));
    }
    tokens.add(new Token(Kind.UNENDED, inner.toString(), start, text.length()));
    return text.length();
  }

  private static boolean isSign(char c) {
    return c == '<' || c == '>' || c == '=' || c == '!' || c == '~' || c == ':';
  }

  private static boolean isLetter(char c) {
    return !Character.isWhitespace(c) && !isSign(c) && "(),\"'".indexOf(c) < 0;
  }
}
