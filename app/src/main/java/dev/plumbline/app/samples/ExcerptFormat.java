package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Strings;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How an excerpt is written. What models and people wrote is data: no sign of it does anything in
 * any of the forms, and signs that no document may hold are left out.
 */
public enum ExcerptFormat {
  /** To be put into a paper; needs no package but {@code fontenc} with T1 and UTF-8 input. */
  LATEX("tex"),
  /** CommonMark, as GitHub shows it. */
  MARKDOWN("md"),
  /** A page that is XML too. */
  HTML("html");

  /** Control characters but tab and line feed, and what XML 1.0 does not allow. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\p{Cc}\\x{FFFE}\\x{FFFF}\\x{D800}-\\x{DFFF}&&[^\\t\\n]]");

  /** Signs that CommonMark gives a meaning anywhere in a line. */
  private static final Pattern MARKED = Pattern.compile("[\\\\`*_{}\\[\\]<>()#!|~&$^=]");

  /** What makes a list or a rule of a line that begins with it. */
  private static final Pattern BEGUN = Pattern.compile("(?m)^([ \\t]*)([-+]|\\d+(?=[.)]))");

  private final String extension;

  ExcerptFormat(String extension) {
    this.extension = extension;
  }

  /** Of files in this form, without the dot. */
  public String extension() {
    return extension;
  }

  /** Its name for people. */
  public String words() {
    return switch (this) {
      case LATEX -> Strings.text("samples.export.latex");
      case MARKDOWN -> Strings.text("samples.export.markdown");
      case HTML -> Strings.text("samples.export.html");
    };
  }

  /** Its stable name. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The whole text. */
  String write(Excerpt excerpt) {
    return switch (this) {
      case LATEX -> latex(excerpt);
      case MARKDOWN -> markdown(excerpt);
      case HTML -> html(excerpt);
    };
  }

  private static String clean(String text) {
    return FORBIDDEN.matcher(text.replace("\r\n", "\n").replace('\r', '\n')).replaceAll("");
  }

  private static String latex(Excerpt excerpt) {
    StringBuilder out = new StringBuilder();
    out.append("% ").append(latexText(excerpt.title().replaceAll("[\\r\\n]", " "))).append('\n');
    for (Excerpt.Prompt prompt : excerpt.prompts()) {
      out.append("\\begin{quote}\n");
      for (Excerpt.Said said : prompt.turns()) {
        out.append("\\textbf{").append(latexText(said.who())).append(":} ");
        out.append(latexText(said.text())).append("\\par\n");
      }
      out.append("\\end{quote}\n\\begin{description}\n");
      for (Excerpt.Response response : prompt.responses()) {
        out.append("\\item[{").append(latexText(response.model())).append("}] ");
        out.append(latexText(response.text())).append("\\\\\n{\\footnotesize ");
        out.append(
            response.facts().stream()
                .map(fact -> latexText(fact.name()) + " " + latexText(fact.value()))
                .collect(Collectors.joining(", ")));
        out.append("}\n");
      }
      out.append("\\end{description}\n");
    }
    return out.toString();
  }

  /** A text as LaTeX sets it letter by letter. */
  static String latexText(String text) {
    StringBuilder out = new StringBuilder();
    for (char sign : clean(text).strip().toCharArray()) {
      switch (sign) {
        case '\\' -> out.append("\\textbackslash{}");
        case '{', '}', '$', '&', '#', '%', '_' -> out.append('\\').append(sign);
        case '^' -> out.append("\\textasciicircum{}");
        case '~' -> out.append("\\textasciitilde{}");
        case '<' -> out.append("\\textless{}");
        case '>' -> out.append("\\textgreater{}");
        case '|' -> out.append("\\textbar{}");
        case '"' -> out.append("\\textquotedbl{}");
        case '`' -> out.append("\\textasciigrave{}");
        // Else two of them, or one behind ? or !, become another sign.
        case '\'', '-', ',' -> out.append(sign).append("{}");
        // An empty line would end an argument; a bracket behind \\ would be one.
        case '\n' -> out.append("\\newline{}\n{}");
        case '\u2212' -> out.append("$-$");
        default -> out.append(sign);
      }
    }
    return out.toString();
  }

  private static String markdown(Excerpt excerpt) {
    StringBuilder out = new StringBuilder();
    out.append("## ").append(markdownLine(excerpt.title())).append("\n");
    for (Excerpt.Prompt prompt : excerpt.prompts()) {
      for (Excerpt.Said said : prompt.turns()) {
        out.append("\n**").append(markdownLine(said.who())).append(":**\n\n");
        out.append(quoted(said.text()));
      }
      for (Excerpt.Response response : prompt.responses()) {
        out.append("\n**").append(markdownLine(response.model())).append("** · ");
        out.append(
            response.facts().stream()
                .map(fact -> markdownLine(fact.name()) + " " + markdownLine(fact.value()))
                .collect(Collectors.joining(", ")));
        out.append("\n\n").append(quoted(response.text()));
      }
      out.append("\n---\n");
    }
    return out.toString();
  }

  private static String markdownLine(String text) {
    return markdownText(text.replace('\n', ' '));
  }

  /** Lines of a quotation; each but the last of a paragraph ends in a break that is kept. */
  private static String quoted(String text) {
    return markdownText(text)
            .lines()
            .map(line -> line.isBlank() ? ">" : "> " + line)
            .collect(Collectors.joining("\n"))
            .replaceAll("(?<=[^>\\n])\n(?=> )", "\\\\\n")
        + "\n";
  }

  /** A text as CommonMark shows it letter by letter. */
  static String markdownText(String text) {
    String escaped = MARKED.matcher(clean(text).strip()).replaceAll("\\\\$0");
    // Four spaces or a tab at a line's begin would make code of it.
    String flat = escaped.replaceAll("(?m)^[ \\t]+", "");
    return BEGUN
        .matcher(flat)
        .replaceAll(found -> found.group(2).matches("\\d+") ? "$1$2\\\\" : "$1\\\\$2");
  }

  private static String html(Excerpt excerpt) {
    StringBuilder out = new StringBuilder();
    out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>");
    out.append(htmlText(excerpt.title())).append("</title>\n<style>");
    out.append("body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;}");
    out.append(".text{white-space:pre-wrap;}.facts{color:#555;font-size:12px;}");
    out.append("table{border-collapse:collapse;width:100%;table-layout:fixed;}");
    out.append("th,td{border:1px solid #ccc;padding:8px;text-align:left;vertical-align:top;}");
    out.append("</style></head><body>\n<h1>").append(htmlText(excerpt.title())).append("</h1>\n");
    for (Excerpt.Prompt prompt : excerpt.prompts()) {
      out.append("<section>\n");
      for (Excerpt.Said said : prompt.turns()) {
        out.append("<p><strong>").append(htmlText(said.who())).append(":</strong> ");
        out.append("<span class=\"text\">").append(htmlText(said.text())).append("</span></p>\n");
      }
      out.append("<table><tr>");
      for (Excerpt.Response response : prompt.responses()) {
        out.append("<th>").append(htmlText(response.model())).append("</th>");
      }
      out.append("</tr><tr>");
      for (Excerpt.Response response : prompt.responses()) {
        out.append("<td><div class=\"text\">").append(htmlText(response.text()));
        out.append("</div><p class=\"facts\">");
        out.append(
            response.facts().stream()
                .map(fact -> htmlText(fact.name()) + " " + htmlText(fact.value()))
                .collect(Collectors.joining("<br/>")));
        out.append("</p></td>");
      }
      out.append("</tr></table>\n</section>\n");
    }
    return out.append("</body></html>\n").toString();
  }

  /** A text as HTML shows it letter by letter. */
  static String htmlText(String text) {
    StringBuilder out = new StringBuilder();
    for (char sign : clean(text).strip().toCharArray()) {
      switch (sign) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(sign);
      }
    }
    return out.toString();
  }
}
