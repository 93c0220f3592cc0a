package dev.plumbline.app.data;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.kordamp.ikonli.feather.Feather;

/** The row that is read: its dialogue, what is known of it, its tokens. */
final class RowPane {
  private static final String HUMAN = "\n\nHuman:";
  private static final String ASSISTANT = "\n\nAssistant:";

  /** Longer texts are cut on the screen, or laying them out would hold up the window. */
  private static final int LONGEST = 20_000;

  private final DataViewModel model;
  private final Label title = Ui.label("", "card-title");
  private final VBox text = new VBox(10);
  private final ScrollPane scroll = new ScrollPane(text);
  private final StackPane content = new StackPane();
  private final ToggleButton texts = choice("data-row-text", Strings.text("data.row.text"));
  private final ToggleButton facts = choice("data-row-facts", Strings.text("data.row.facts"));
  private final ToggleButton tokens = choice("data-row-tokens", Strings.text("data.row.tokens"));
  private final GridPane attributes = new GridPane(14, 6);
  private final ScrollPane attributesScroll = new ScrollPane(attributes);
  private final TokensPane tokensPane;
  private final Label nothing = Ui.label(Strings.text("data.row.none"), "muted");
  private final VBox root;
  private boolean shown;

  RowPane(DataViewModel model, DialogService dialogs, Consumer<String> clipboard) {
    this.model = model;
    tokensPane = new TokensPane(model.tokens(), dialogs);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    attributesScroll.setFitToWidth(true);
    attributesScroll.getStyleClass().add("card-scroll");
    text.getStyleClass().add("scrolled");
    nothing.setWrapText(true);
    title.setMinWidth(0);
    Button copy =
        Ui.iconButton(
            Strings.text("data.row.copy"),
            Feather.COPY,
            () -> model.browse().opened().get().ifPresent(row -> clipboard.accept(copied(row))));
    copy.setId("data-row-copy");
    for (ToggleButton each : List.of(texts, facts, tokens)) {
      each.setOnAction(_ -> choose(each));
    }
    texts.setSelected(true);
    VBox.setVgrow(content, Priority.ALWAYS);
    content.setMinHeight(0);
    root = Ui.card(Ui.row(4, title, Ui.spring(), texts, facts, tokens, copy), content);
    root.setId("data-row");
    root.setMinWidth(260);
    model.browse().opened().subscribe(this::fill);
  }

  private static ToggleButton choice(String id, String name) {
    ToggleButton button = new ToggleButton(name);
    button.setId(id);
    button.getStyleClass().setAll("toggle-button", "scope");
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  Node node() {
    return root;
  }

  void setShown(boolean on) {
    shown = on;
    model.tokens().setShown(on && tokens.isSelected());
  }

  private void choose(ToggleButton chosen) {
    for (ToggleButton each : List.of(texts, facts, tokens)) {
      each.setSelected(each.equals(chosen));
    }
    model.tokens().setShown(shown && tokens.isSelected());
    arrange();
  }

  private void arrange() {
    boolean none = model.browse().opened().get().isEmpty();
    Node next =
        none
            ? nothing
            : texts.isSelected() ? scroll : facts.isSelected() ? attributesScroll : tokensPane;
    content.getChildren().setAll(next);
  }

  private static String copied(BrowseViewModel.Opened opened) {
    DataRow row = opened.row();
    return row.kind() == DataKind.COMPARISONS
        ? row.prompt()
            + row.first()
            + "\n\n"
            + Strings.text("data.field.rejected")
            + ":"
            + row.second()
        : row.prompt() + row.first();
  }

  private void fill(Optional<BrowseViewModel.Opened> opened) {
    text.getChildren().clear();
    attributes.getChildren().clear();
    title.setText(
        opened
            .map(each -> Strings.text("data.row.title", Numbers.whole(each.row().line())))
            .orElse(""));
    opened.ifPresent(this::show);
    scroll.setVvalue(0);
    arrange();
  }

  private void show(BrowseViewModel.Opened opened) {
    DataRow row = opened.row();
    List<String> marked = opened.marked();
    for (Turn turn : turns(row.prompt())) {
      text.getChildren().add(block(turn.who, turn.text, "turn", marked));
    }
    if (row.kind() == DataKind.COMPARISONS) {
      text.getChildren()
          .addAll(
              block(
                  Strings.text("data.row.chosen", words(opened.line().chosenWords())),
                  row.first(),
                  "turn-chosen",
                  marked),
              block(
                  Strings.text("data.row.rejected", words(opened.line().rejectedWords())),
                  row.second(),
                  "turn-rejected",
                  marked));
    } else if (!row.first().isEmpty()) {
      text.getChildren()
          .add(
              block(
                  row.prompt().isEmpty()
                      ? Strings.text("data.field.text")
                      : Strings.text("data.row.assistant"),
                  row.first(),
                  "turn",
                  marked));
    }
    int at = 0;
    for (Map.Entry<String, String> each : row.attributes().entrySet()) {
      attributes.add(Ui.whole(each.getKey(), "muted"), 0, at);
      Label value = Ui.label(each.getValue());
      value.setWrapText(true);
      attributes.add(value, 1, at++);
    }
    if (at == 0) {
      attributes.add(Ui.label(Strings.text("data.row.nofacts"), "muted"), 0, 0);
    }
  }

  private static String words(int words) {
    return Strings.text("data.words", words);
  }

  private record Turn(String who, String text) {}

  private static List<Turn> turns(String prompt) {
    List<Turn> turns = new ArrayList<>();
    if (!prompt.startsWith(HUMAN) && !prompt.startsWith(ASSISTANT)) {
      if (!prompt.isEmpty()) {
        turns.add(new Turn(Strings.text("data.field.prompt"), prompt));
      }
      return turns;
    }
    int at = 0;
    while (at < prompt.length()) {
      boolean human = prompt.startsWith(HUMAN, at);
      int from = at + (human ? HUMAN : ASSISTANT).length();
      int next = next(prompt, from);
      String said = prompt.substring(from, next);
      if (!(next == prompt.length() && said.isBlank() && !human)) {
        turns.add(
            new Turn(
                human ? Strings.text("data.row.human") : Strings.text("data.row.assistant"), said));
      }
      at = next;
    }
    return turns;
  }

  private static int next(String prompt, int from) {
    int human = prompt.indexOf(HUMAN, from);
    int assistant = prompt.indexOf(ASSISTANT, from);
    int first = human < 0 ? assistant : assistant < 0 ? human : Math.min(human, assistant);
    return first < 0 ? prompt.length() : first;
  }

  private static VBox block(String who, String said, String style, List<String> marked) {
    String shown = said.strip();
    boolean cut = shown.length() > LONGEST;
    TextFlow flow = new TextFlow();
    flow.getStyleClass().add("turn-text");
    mark(flow, cut ? shown.substring(0, LONGEST) : shown, marked);
    if (shown.isEmpty()) {
      Text none = new Text(Strings.text("data.row.empty"));
      none.getStyleClass().add("turn-empty");
      flow.getChildren().add(none);
    }
    VBox box = new VBox(3, Ui.label(who, "small-text", "turn-who"), flow);
    box.getStyleClass().addAll("turn", style);
    if (cut) {
      box.getChildren()
          .add(
              Ui.label(
                  Strings.text("data.row.cut", Numbers.whole(shown.length() - LONGEST)),
                  "subtle",
                  "small-text"));
    }
    return box;
  }

  /** The text with what was searched marked in it. */
  private static void mark(TextFlow flow, String said, List<String> marked) {
    String lower = said.toLowerCase(Locale.ROOT);
    int at = 0;
    while (at < said.length()) {
      int found = -1;
      int end = -1;
      for (String each : marked) {
        int place = lower.indexOf(each.toLowerCase(Locale.ROOT), at);
        if (place >= 0 && (found < 0 || place < found)) {
          found = place;
          end = Math.min(said.length(), place + each.length());
        }
      }
      if (found < 0 || lower.length() != said.length()) {
        flow.getChildren().add(plain(said.substring(at)));
        return;
      }
      if (found > at) {
        flow.getChildren().add(plain(said.substring(at, found)));
      }
      Text hit = plain(said.substring(found, end));
      hit.getStyleClass().add("turn-hit");
      flow.getChildren().add(hit);
      at = end;
    }
  }

  private static Text plain(String text) {
    Text plain = new Text(text);
    plain.getStyleClass().add("turn-words");
    return plain;
  }
}
