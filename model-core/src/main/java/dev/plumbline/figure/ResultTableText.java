package dev.plumbline.figure;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.plumbline.analysis.ResultTable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
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
    StringWriter out = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
      csv.writeRecord(table.columns().stream().map(ResultTable.Column::name).toList());
      for (List<Object> row : table.rows()) {
        csv.writeRecord(row.stream().map(ResultTableText::exact).toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a text cannot be written", e);
    }
    return out.toString();
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

  private static String exact(Object cell) {
    if (!(cell instanceof Double number)) {
      return String.valueOf(cell);
    }
    return Double.isNaN(number)
        ? ""
        : isWhole(number) ? Long.toString(number.longValue()) : Double.toString(number);
  }

  private static String rounded(double number) {
    return isWhole(number)
        ? Long.toString((long) number)
        : String.format(Locale.ROOT, "%.4g", number);
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15;
  }

  private static String latex(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
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
