package dev.plumbline.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into its text and the tokens of its tags, with the white-space rules that chat
 * templates are written for: a tag takes the line feed behind it and the blanks before it on its
 * line ({@code trim_blocks} and {@code lstrip_blocks}), a minus takes all white space on its side.
 */
final class Lexer {
  /** What a token is. */
  enum Kind {
    /** Text between tags. */
    DATA,
    /** <code>{{</code>. */
    OPEN_EXPRESSION,
    /** <code>}}</code>. */
    CLOSE_EXPRESSION,
    /** <code>{%</code>. */
    OPEN_STATEMENT,
    /** <code>%}</code>. */
    CLOSE_STATEMENT,
    NAME,
    INTEGER,
    REAL,
    STRING,
    OPERATOR,
    END
  }

  /** A token and the line that it stands on. */
  record Token(Kind kind, String text, int line) {
    boolean is(String operatorOrName) {
      return (kind == Kind.OPERATOR || kind == Kind.NAME) && text.equals(operatorOrName);
    }
  }

  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")",
          "[", "]", "{", "}", "|", ",", ".", ":");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer =
        new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    boolean lineStarts = true;
    boolean stripLeft = false;
    while (at < source.length()) {
      int open = nextOpen(at);
      int dataEnd = open < 0 ? source.length() : open;
      String data = source.substring(at, dataEnd);
      int dataLine = line;
      advance(dataEnd);
      if (stripLeft) {
        data = data.stripLeading();
      }
      if (open < 0) {
        data(data, dataLine);
        break;
      }
      char kind = source.charAt(open + 1);
      char mark = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
      if (mark == '-') {
        data = data.stripTrailing();
      } else if (kind != '{' && mark != '+') {
        data = withoutIndent(data, lineStarts && !stripLeft);
      }
      data(data, dataLine);
      advance(open + (mark == '-' || mark == '+' ? 3 : 2));
      boolean minus = kind == '#' ? comment() : kind == '{' ? expression() : statement();
      stripLeft = minus;
      lineStarts = at > 0 && source.charAt(at - 1) == '\n';
    }
    tokens.add(new Token(Kind.END, "the end of the template", line));
  }

  private int nextOpen(int from) {
    for (int i = from; i + 1 < source.length(); i++) {
      if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Without the blanks after the last line feed, if there is nothing else. */
  private static String withoutIndent(String data, boolean lineStarts) {
    int begin = data.lastIndexOf('\n') + 1;
    boolean wholeLine = begin > 0 || lineStarts;
    return wholeLine && data.substring(begin).isBlank() ? data.substring(0, begin) : data;
  }

  private void data(String text, int where) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Kind.DATA, text, where));
    }
  }

  private void advance(int to) {
    while (at < to) {
      if (source.charAt(at++) == '\n') {
        line++;
      }
    }
  }

  /** Passes over a comment; whether it ends in a minus. */
  private boolean comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw TemplateErrors.at(line, "a comment has no end");
    }
    boolean minus = end > at && source.charAt(end - 1) == '-';
    boolean plus = end > at && source.charAt(end - 1) == '+';
    advance(end + 2);
    takeLineFeed(minus || plus);
    return minus;
  }

  private void takeLineFeed(boolean not) {
    if (!not && at < source.length() && source.charAt(at) == '\n') {
      advance(at + 1);
    }
  }

  private boolean expression() {
    tokens.add(new Token(Kind.OPEN_EXPRESSION, "{{", line));
    return code("}}", Kind.CLOSE_EXPRESSION);
  }

  private boolean statement() {
    int first = tokens.size();
    tokens.add(new Token(Kind.OPEN_STATEMENT, "{%", line));
    boolean minus = code("%}", Kind.CLOSE_STATEMENT);
    if (tokens.get(first + 1).is("raw")) {
      while (tokens.size() > first) {
        tokens.removeLast();
      }
      return raw(minus);
    }
    return minus;
  }

  /** Everything up to the end of a raw block is text. */
  private boolean raw(boolean stripLeft) {
    java.util.regex.Matcher end =
        java.util.regex.Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}").matcher(source);
    if (!end.find(at)) {
      throw TemplateErrors.at(line, "a raw block has no end");
    }
    String data = source.substring(at, end.start());
    int where = line;
    if (stripLeft) {
      data = data.stripLeading();
    }
    data =
        end.group(1).equals("-")
            ? data.stripTrailing()
            : end.group(1).isEmpty() ? withoutIndent(data, false) : data;
    data(data, where);
    advance(end.end());
    takeLineFeed(!end.group(2).isEmpty());
    return end.group(2).equals("-");
  }

  /** Reads tokens up to a tag's end; whether that has a minus. */
  private boolean code(String close, Kind kind) {
    int depth = 0;
    while (true) {
      while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
        advance(at + 1);
      }
      if (at >= source.length()) {
        throw TemplateErrors.at(line, "a tag has no end '" + close + "'");
      }
      boolean minus = source.startsWith("-" + close, at);
      boolean plus = kind == Kind.CLOSE_STATEMENT && source.startsWith("+" + close, at);
      if (depth == 0 && (minus || plus || source.startsWith(close, at))) {
        tokens.add(new Token(kind, close, line));
        advance(at + close.length() + (minus || plus ? 1 : 0));
        if (kind == Kind.CLOSE_STATEMENT) {
          takeLineFeed(minus || plus);
        }
        return minus;
      }
      char c = source.charAt(at);
      if (Character.isLetter(c) || c == '_') {
        int end = at;
        while (end < source.length() && Character.isJavaIdentifierPart(source.charAt(end))) {
          end++;
        }
        take(Kind.NAME, end);
      } else if (c >= '0' && c <= '9') {
        number();
      } else if (c == '\'' || c == '"') {
        string(c);
      } else {
        String operator =
            OPERATORS.stream().filter(each -> source.startsWith(each, at)).findFirst().orElse("");
        if (operator.isEmpty()) {
          throw TemplateErrors.at(line, "the character '" + c + "' has no meaning in a tag");
        }
        depth += "([{".contains(operator) ? 1 : ")]}".contains(operator) ? -1 : 0;
        take(Kind.OPERATOR, at + operator.length());
      }
    }
  }

  private void take(Kind kind, int end) {
    tokens.add(new Token(kind, source.substring(at, end), line));
    advance(end);
  }

  private void number() {
    int end = digits(at);
    boolean real = false;
    if (end + 1 < source.length()
        && source.charAt(end) == '.'
        && Character.isDigit(source.charAt(end + 1))) {
      real = true;
      end = digits(end + 1);
    }
    take(real ? Kind.REAL : Kind.INTEGER, end);
  }

  private int digits(int from) {
    int end = from;
    while (end < source.length()
        && (Character.isDigit(source.charAt(end)) || source.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  private void string(char quote) {
    StringBuilder text = new StringBuilder();
    int where = line;
    advance(at + 1);
    while (at < source.length() && source.charAt(at) != quote) {
      char c = source.charAt(at);
      if (c == '\\' && at + 1 < source.length()) {
        char escaped = source.charAt(at + 1);
        int length = escaped == 'u' ? 4 : escaped == 'x' ? 2 : 0;
        if (length > 0 && at + 2 + length <= source.length()) {
          try {
            String digits = source.substring(at + 2, at + 2 + length);
            text.appendCodePoint(Integer.parseInt(digits, 16));
          } catch (NumberFormatException e) {
            throw TemplateErrors.at(line, "an escape in a text is not hexadecimal");
          }
        } else {
          int known = "ntrbf\\'\"0\n".indexOf(escaped);
          text.append(
              known < 0
                  ? "\\" + escaped
                  : List.of("\n", "\t", "\r", "\b", "\f", "\\", "'", "\"", "\0", "").get(known));
        }
        advance(at + 2 + length);
      } else {
        text.append(c);
        advance(at + 1);
      }
    }
    if (at >= source.length()) {
      throw TemplateErrors.at(where, "a text has no closing " + quote);
    }
    advance(at + 1);
    tokens.add(new Token(Kind.STRING, text.toString(), where));
  }
}
