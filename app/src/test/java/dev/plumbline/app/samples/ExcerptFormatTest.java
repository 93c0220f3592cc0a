package dev.plumbline.app.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What models write does nothing to the documents that it is put into. */
final class ExcerptFormatTest {
  private static final List<String> HOSTILE =
      List.of(
          "<script>alert('x')</script> & <img src=x onerror=\"y\"> ]]> <!-- -->",
          "\\input{/etc/passwd} \\write18{rm -rf} $x^2$ 100% #1 a_b ~ {}} \\end{document}",
          "# head\n- item\n1. one\n> quote\n```\ncode\n```\n| a | b |\n[x](javascript:y) ![i](u)",
          "**bold** _it_ `c` <b>html</b> &amp; ~~no~~ \\* http://x.y",
          "a\n\n\n    indented\n\ttab\n===\n---\n***\n+ plus\n  - deep\n12) twelve",
          "quotes \"a\" 'b' ``c'' -- --- ,, << >> ?` !`",
          "\u0000\u0007\u001b[31mred\u001b[0m \ufffe \ud800 ok",
          "x\r\ny\rz",
          "\ud83d\ude00 \u00e9 \u4f60\u597d \u05e9\u05dc\u05d5\u05dd",
          "");

  private static Excerpt excerpt(List<String> texts) {
    List<Excerpt.Prompt> prompts = new ArrayList<>();
    for (String text : texts) {
      prompts.add(
          new Excerpt.Prompt(
              List.of(new Excerpt.Said("Human", text)),
              List.of(
                  new Excerpt.Response(
                      text, text, List.of(new Excerpt.Fact("PM score", "\u22121.2 nats"))))));
    }
    return new Excerpt("Samples of " + String.join(" ", texts), prompts);
  }

  /** What can be shown of a text at all. */
  private static String shown(String text) {
    StringBuilder out = new StringBuilder();
    text.replace("\r\n", "\n")
        .replace('\r', '\n')
        .codePoints()
        .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
        .filter(c -> c != 0xFFFE && c != 0xFFFF && (c < 0xD800 || c > 0xDFFF))
        .forEach(out::appendCodePoint);
    return out.toString().strip();
  }

  private static Document parse(String html) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
  }

  /** The page is parsed by the JDK's XML parser, which knows nothing of how it was written. */
  @Test
  void htmlReadsBackAsTheTextsThatWerePutIn() throws Exception {
    Document page = parse(ExcerptFormat.HTML.write(excerpt(HOSTILE)));
    List<String> found = new ArrayList<>();
    NodeList cells = page.getElementsByTagName("td");
    for (int i = 0; i < cells.getLength(); i++) {
      NodeList parts = ((Element) cells.item(i)).getElementsByTagName("div");
      found.add(parts.item(0).getTextContent());
    }
    assertThat(found).isEqualTo(HOSTILE.stream().map(ExcerptFormatTest::shown).toList());
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(page.getElementsByTagName("img").getLength()).isZero();
  }

  @Property(tries = 200)
  void anyTextReadsBackFromHtml(@ForAll("texts") String text) throws Exception {
    Document page = parse(ExcerptFormat.HTML.write(excerpt(List.of(text))));
    Element cell = (Element) page.getElementsByTagName("td").item(0);
    assertThat(cell.getElementsByTagName("div").item(0).getTextContent()).isEqualTo(shown(text));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withChars("<>&\"'\\{}$%#_^~`*[]()|!-+=.,:;\n\r\t 019abz\u00e9\u0000\u001f")
        .ofMaxLength(40);
  }

  /** LaTeX is read by a small scanner here: a control word that we wrote, or a plain sign. */
  private static String readLatex(String latex) {
    List<String[]> words =
        List.of(
            new String[] {"\\textbackslash{}", "\\"},
            new String[] {"\\textasciicircum{}", "^"},
            new String[] {"\\textasciitilde{}", "~"},
            new String[] {"\\textasciigrave{}", "`"},
            new String[] {"\\textless{}", "<"},
            new String[] {"\\textgreater{}", ">"},
            new String[] {"\\textbar{}", "|"},
            new String[] {"\\textquotedbl{}", "\""},
            new String[] {"\\newline{}\n{}", "\n"},
            new String[] {"\\{", "{"},
            new String[] {"\\}", "}"},
            new String[] {"\\$", "$"},
            new String[] {"\\&", "&"},
            new String[] {"\\#", "#"},
            new String[] {"\\%", "%"},
            new String[] {"\\_", "_"},
            new String[] {"'{}", "'"},
            new String[] {"-{}", "-"},
            new String[] {",{}", ","});
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < latex.length()) {
      int from = at;
      for (String[] word : words) {
        if (latex.startsWith(word[0], at)) {
          out.append(word[1]);
          at += word[0].length();
          break;
        }
      }
      if (at == from) {
        assertThat("\\{}$&#%_^~\n").doesNotContain(latex.substring(at, at + 1));
        out.append(latex.charAt(at++));
      }
    }
    return out.toString();
  }

  @Property(tries = 500)
  void latexHoldsNoSignThatDoesAnything(@ForAll("texts") String text) {
    assertThat(readLatex(ExcerptFormat.latexText(text))).isEqualTo(shown(text));
  }

  @Test
  void latexOfHostileTextsIsBalanced() {
    String latex = ExcerptFormat.LATEX.write(excerpt(HOSTILE));
    String bare = latex.replace("\\{", "").replace("\\}", "");
    assertThat(bare.chars().filter(c -> c == '{').count())
        .isEqualTo(bare.chars().filter(c -> c == '}').count());
    assertThat(latex).doesNotContain("\\input{", "\\write18{", "\\end{document}");
    assertThat(latex.lines().filter(line -> line.startsWith("%"))).hasSize(1);
  }

  /** In CommonMark any ASCII punctuation behind a backslash is that sign and nothing else. */
  @Property(tries = 500)
  void markdownHoldsNoSignThatDoesAnything(@ForAll("texts") String text) {
    String markdown = ExcerptFormat.markdownText(text);
    String without = Pattern.compile("\\\\\\p{Punct}").matcher(markdown).replaceAll("");
    assertThat(without).doesNotContainPattern("[\\\\`*_<>\\[\\]#!|~&$=]");
    for (String line : markdown.lines().toList()) {
      assertThat(line).doesNotMatch("(?s)[ \\t].*|[-+].*|\\d+[.)].*");
    }
    String back = Pattern.compile("\\\\(\\p{Punct})").matcher(markdown).replaceAll("$1");
    assertThat(back).isEqualTo(shown(text).replaceAll("(?m)^[ \\t]+", ""));
  }

  @Test
  void aMarkdownQuotationKeepsEveryLineInside() {
    String markdown = ExcerptFormat.MARKDOWN.write(excerpt(List.of("a\nb\n\n# c\n</div>")));
    assertThat(markdown).contains("> a\\\n> b\n>\n> \\# c\\\n> \\</div\\>\n");
  }
}
