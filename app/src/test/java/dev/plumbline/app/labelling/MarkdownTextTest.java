package dev.plumbline.app.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.testing.Fx;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Hyperlink;
import javafx.scene.image.ImageView;
import javafx.scene.text.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Markdown is drawn as text: nothing of it runs, is followed or goes missing. */
final class MarkdownTextTest {
  @BeforeAll
  static void toolkit() {
    Fx.start();
  }

  private static List<Node> all(String markdown) {
    return Fx.call(
        () -> {
          List<Node> nodes = new ArrayList<>();
          MarkdownText.nodes(markdown).forEach(each -> collect(each, nodes));
          return nodes;
        });
  }

  private static void collect(Node node, List<Node> nodes) {
    nodes.add(node);
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> collect(child, nodes));
    }
  }

  private static List<Text> texts(String markdown) {
    return all(markdown).stream().filter(Text.class::isInstance).map(Text.class::cast).toList();
  }

  private static String said(String markdown) {
    StringBuilder said = new StringBuilder();
    texts(markdown).forEach(each -> said.append(each.getText()));
    return said.toString();
  }

  private static Text run(String markdown, String text) {
    return texts(markdown).stream()
        .filter(each -> each.getText().equals(text))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void wordsAreDrawnAsTheyAreMarked() {
    String markdown = "# Head\n\nplain **bold** *slanted* `code`\nnext line";
    assertThat(run(markdown, "Head").getStyleClass()).contains("label-heading");
    assertThat(run(markdown, "bold").getStyleClass()).contains("label-bold");
    assertThat(run(markdown, "slanted").getStyleClass()).contains("label-italic");
    assertThat(run(markdown, "code").getStyleClass()).contains("label-code");
    assertThat(said(markdown)).isEqualTo("Headplain bold slanted code\nnext line");
  }

  @Test
  void codeStandsAsItWasWritten() {
    String code = "for (int i = 0; i < n; i++) {\n  a[*i*] = **b**;\n}";
    String markdown = "```java\n" + code + "\n```";
    assertThat(run(markdown, code).getStyleClass()).contains("label-code");
    assertThat(run(markdown, "java").getStyleClass()).contains("label-code-info");
  }

  @Test
  void listsHaveTheirNumbers() {
    assertThat(said("3. c\n4. d\n\n- x\n  - y")).isEqualTo("3.c4.d•x•y");
  }

  @Test
  void nothingRunsIsFetchedOrFollowedAndNoWordIsLost() {
    String markdown =
        "[here](https://example.org/a) ![cat](file:///etc/passwd) <script>alert(1)</script>\n\n"
            + "<div onclick=\"x()\">raw</div>\n\n<b>loud</b>";
    assertThat(all(markdown))
        .noneMatch(node -> node instanceof Hyperlink || node instanceof ImageView)
        .allMatch(node -> node.getOnMouseClicked() == null);
    assertThat(said(markdown))
        .contains(
            "here (https://example.org/a)",
            "[cat] (file:///etc/passwd)",
            "<script>alert(1)</script>",
            "<div onclick=\"x()\">raw</div>",
            "<b>loud</b>");
  }

  @Test
  void plainTextIsLeftAlone() {
    assertThat(MarkdownText.isPlain("you can make rice.\nboil it first (10 min).")).isTrue();
    assertThat(MarkdownText.isPlain("- a\n- b")).isFalse();
    assertThat(MarkdownText.isPlain("so **much**")).isFalse();
  }

  @Test
  void aTextThatIsNestedToDeathIsShownAsItIs() {
    String deep = "> ".repeat(3000) + "end";
    assertThat(said(deep)).isEqualTo(deep);
  }
}
