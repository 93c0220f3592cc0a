package dev.plumbline.figure;

import dev.plumbline.analysis.ResultTable;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Result tables as text for papers and notebooks. Numbers in Markdown and LaTeX have four
 * significant digits, whole ones all of theirs; CSV has every digit.
 */
public final class ResultTableText {
  private ResultTableText() {}

  /** RFC 4180 with a head of column names; a number that is none is an empty field. */
  public static String csv(ResultTable table) {
    StringBuilder text = new StringBuilder();
    text.append(
        table.columns().stream()
            .map(column -> quoted(column.name()))
            .collect(Collectors.joining(",", "", "\n")));
    for (int row = 0; row < table.size(); row++) {
      text.append(
          table.rows().get(row).stream()
              .map(
                  cell ->
                      cell instanceof Double number
                          ? Double.isNaN(number) ? "" : exact(number)
                          : quoted(String.valueOf(cell)))
              .collect(Collectors.joining(",", "", "\n")));
    }
    return text.toString();
  }

  /** A pipe table, numbers at the right; units stand in the head. */
  public static String markdown(ResultTable table) {
    UnaryOperator<String> escape = text -> text.replace("|", "\\|").replaceAll("\\s+", " ");
    StringBuilder text = new StringBuilder(line(table, "| ", " | ", " |\n", escape));
    text.append(
        table.columns().stream()
            .map(column -> column.kind() == ResultTable.Kind.NUMBER ? "---:" : "---")
            .collect(Collectors.joining(" | ", "| ", " |\n")));
    rows(table, text, "| ", " | ", " |\n", "", escape);
    return text.toString();
  }

  /** A LaTeX tabular with the rules of the booktabs package. */
  public static String booktabs(ResultTable table) {
    StringBuilder text = new StringBuilder("% \\usepackage{booktabs}\n\\begin{tabular}{");
    table
        .columns()
        .forEach(column -> text.append(column.kind() == ResultTable.Kind.NUMBER ? 'r' : 'l'));
    text.append("}\n\\toprule\n");
    text.append(line(table, "", " & ", " \\\\\n", ResultTableText::latex));
    text.append("\\midrule\n");
    rows(table, text, "", " & ", " \\\\\n", "--", ResultTableText::latex);
    return text.append("\\bottomrule\n\\end{tabular}\n").toString();
  }

  private static String line(
      ResultTable table, String open, String between, String close, UnaryOperator<String> escape) {
    return table.columns().stream()
        .map(column -> column.name() + (column.unit().isEmpty() ? "" : " (" + column.unit() + ")"))
        .map(escape)
        .collect(Collectors.joining(between, open, close));
  }

  private static void rows(
      ResultTable table,
      StringBuilder text,
      String open,
      String between,
      String close,
      String none,
      UnaryOperator<String> escape) {
    IntStream.range(0, table.size())
        .forEach(
            row ->
                text.append(
                    table.rows().get(row).stream()
                        .map(
                            cell ->
                                cell instanceof Double number
                                    ? Double.isNaN(number) ? none : rounded(number)
                                    : escape.apply(String.valueOf(cell)))
                        .collect(Collectors.joining(between, open, close))));
  }

  private static String exact(double number) {
    return isWhole(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private static String rounded(double number) {
    return isWhole(number)
        ? Long.toString((long) number)
        : String.format(Locale.ROOT, "%.4g", number);
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15;
  }

  private static String quoted(String text) {
    return text.matches("(?s).*[,\"\\r\\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  private static String latex(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : text.toCharArray()) {
      escaped.append(
          switch (c) {
            case '\\' -> "\\textbackslash{}";
            case '~' -> "\\textasciitilde{}";
            case '^' -> "\\textasciicircum{}";
            case '<' -> "\\textless{}";
            case '>' -> "\\textgreater{}";
            case '&', '%', '$', '#', '_', '{', '}' -> "\\" + c;
            default -> String.valueOf(c);
          });
    }
    return escaped.toString();
  }
}
