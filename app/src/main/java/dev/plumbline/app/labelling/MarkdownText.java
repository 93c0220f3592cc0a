package dev.plumbline.app.labelling;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Document;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/**
 * Markdown as nodes of text and nothing else: no link can be followed, no picture is fetched and no
 * HTML runs. What it does not draw stands there as it was written, so no word of a response is ever
 * missing. A line feed stays one, as chats show it.
 */
final class MarkdownText {
  private static final Parser PARSER = Parser.builder().build();

  /** Deeper nesting than any text that is meant to be read; such a text is shown as it is. */
  private static final int DEEPEST = 24;

  /** Thrown where a text is nested too deeply to be drawn. */
  private static final class TooDeepException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooDeepException() {
      super("too deep", null, false, false);
    }
  }

  /** How a run of text looks. */
  private record Look(boolean bold, boolean italic, boolean code, int heading) {
    static final Look PLAIN = new Look(false, false, false, 0);

    Text text(String content) {
      Text text = new Text(content);
      text.getStyleClass().add(code ? "label-code" : "label-text");
      if (bold) {
        text.getStyleClass().add("label-bold");
      }
      if (italic) {
        text.getStyleClass().add("label-italic");
      }
      if (heading > 0) {
        text.getStyleClass().add(heading < 3 ? "label-heading" : "label-subheading");
      }
      return text;
    }
  }

  private MarkdownText() {}

  /** Whether a text is the same read as Markdown and as it stands. */
  static boolean isPlain(String text) {
    for (org.commonmark.node.Node block = PARSER.parse(text).getFirstChild();
        block != null;
        block = block.getNext()) {
      if (!(block instanceof Paragraph)) {
        return false;
      }
      for (org.commonmark.node.Node run = block.getFirstChild(); run != null; run = run.getNext()) {
        if (!(run instanceof org.commonmark.node.Text) && !(run instanceof SoftLineBreak)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The blocks of a text, one below the other. */
  static List<Node> nodes(String text) {
    try {
      return blocks(PARSER.parse(text), 0);
    } catch (TooDeepException e) {
      return List.of(flow(List.of(Look.PLAIN.text(text))));
    }
  }

  private static List<Node> blocks(org.commonmark.node.Node parent, int depth) {
    if (depth > DEEPEST) {
      throw new TooDeepException();
    }
    List<Node> nodes = new ArrayList<>();
    for (org.commonmark.node.Node block = parent.getFirstChild();
        block != null;
        block = block.getNext()) {
      nodes.addAll(block(block, depth));
    }
    return nodes;
  }

  private static List<Node> block(org.commonmark.node.Node block, int depth) {
    return switch (block) {
      case Heading heading ->
          List.of(flow(runs(heading, new Look(true, false, false, heading.getLevel()))));
      case Paragraph paragraph -> List.of(flow(runs(paragraph, Look.PLAIN)));
      case FencedCodeBlock code -> List.of(code(code.getInfo(), code.getLiteral()));
      case IndentedCodeBlock code -> List.of(code("", code.getLiteral()));
      case HtmlBlock html -> List.of(code("", html.getLiteral()));
      case BulletList list -> items(list, 0, depth);
      case OrderedList list ->
          items(list, list.getMarkerStartNumber() == null ? 1 : list.getMarkerStartNumber(), depth);
      case BlockQuote quote -> {
        VBox box = new VBox(6);
        box.getStyleClass().add("label-quote");
        box.getChildren().addAll(blocks(quote, depth + 1));
        yield List.of(box);
      }
      case ThematicBreak rule ->
          List.of(
              flow(
                  List.of(Look.PLAIN.text(rule.getLiteral() == null ? "---" : rule.getLiteral()))));
      case Document document -> blocks(document, depth + 1);
      default -> List.of(flow(runs(block, Look.PLAIN)));
    };
  }

  /**
   * The items of a list.
   *
   * @param first number of the first one; 0 for a list without numbers
   */
  private static List<Node> items(org.commonmark.node.Node list, int first, int depth) {
    List<Node> rows = new ArrayList<>();
    int number = first;
    boolean numbered = list instanceof OrderedList;
    for (org.commonmark.node.Node item = list.getFirstChild();
        item != null;
        item = item.getNext()) {
      Text mark = Look.PLAIN.text(numbered ? number + "." : "•");
      TextFlow bullet = flow(List.of(mark));
      bullet.setMinWidth(numbered ? 26 : 14);
      VBox content = new VBox(4);
      content.getChildren().addAll(blocks(item, depth + 1));
      HBox.setHgrow(content, Priority.ALWAYS);
      content.setMinWidth(0);
      HBox row = new HBox(4, bullet, content);
      row.setPadding(new Insets(0, 0, 0, 4));
      rows.add(row);
      number++;
    }
    return rows;
  }

  private static Node code(String info, String literal) {
    VBox box = new VBox(2);
    box.getStyleClass().add("label-code-block");
    if (info != null && !info.isBlank()) {
      Text language = new Text(info.strip());
      language.getStyleClass().add("label-code-info");
      box.getChildren().add(new TextFlow(language));
    }
    box.getChildren()
        .add(flow(List.of(new Look(false, false, true, 0).text(literal.stripTrailing()))));
    return box;
  }

  private static TextFlow flow(List<Text> runs) {
    TextFlow flow = new TextFlow();
    flow.getStyleClass().add("label-block");
    flow.getChildren().addAll(runs);
    flow.setMinWidth(0);
    return flow;
  }

  private static List<Text> runs(org.commonmark.node.Node parent, Look look) {
    List<Text> runs = new ArrayList<>();
    add(parent, look, runs, 0);
    return runs;
  }

  private static void add(org.commonmark.node.Node parent, Look look, List<Text> runs, int depth) {
    if (depth > DEEPEST) {
      throw new TooDeepException();
    }
    for (org.commonmark.node.Node run = parent.getFirstChild(); run != null; run = run.getNext()) {
      switch (run) {
        case org.commonmark.node.Text text -> runs.add(look.text(text.getLiteral()));
        case SoftLineBreak _, HardLineBreak _ -> runs.add(look.text("\n"));
        case Code code ->
            runs.add(new Look(look.bold(), look.italic(), true, 0).text(code.getLiteral()));
        case HtmlInline html -> runs.add(look.text(html.getLiteral()));
        case Emphasis emphasis ->
            add(
                emphasis,
                new Look(look.bold(), true, look.code(), look.heading()),
                runs,
                depth + 1);
        case StrongEmphasis strong ->
            add(
                strong,
                new Look(true, look.italic(), look.code(), look.heading()),
                runs,
                depth + 1);
        case Link link -> {
          add(link, look, runs, depth + 1);
          runs.add(address(link.getDestination()));
        }
        case Image image -> {
          runs.add(look.text("["));
          add(image, look, runs, depth + 1);
          runs.add(look.text("]"));
          runs.add(address(image.getDestination()));
        }
        default -> add(run, look, runs, depth + 1);
      }
    }
  }

  /** Where a link leads is read, and not followed. */
  private static Text address(String destination) {
    Text text = new Text(" (" + destination + ")");
    text.getStyleClass().add("label-address");
    return text;
  }
}
