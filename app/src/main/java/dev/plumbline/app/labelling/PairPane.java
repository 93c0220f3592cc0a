package dev.plumbline.app.labelling;

import dev.plumbline.analysis.Proportion;
import dev.plumbline.app.labelling.LabellingState.Screen;
import dev.plumbline.app.samples.WordDiff;
import dev.plumbline.app.shell.Actions;
import dev.plumbline.app.shell.KeyBinding;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import dev.plumbline.labelling.Candidate;
import dev.plumbline.labelling.Judgement;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelEvent.Edit;
import dev.plumbline.labelling.LabellingSession.Draft;
import dev.plumbline.labelling.Outcome;
import dev.plumbline.labelling.Slot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javafx.beans.InvalidationListener;
import javafx.beans.WeakInvalidationListener;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/**
 * The screen on which a pair is compared. Everything on it has a key. Neither the nodes nor their
 * accessible texts say which model wrote what, or which candidate is the item's first, while the
 * batch is blind.
 */
final class PairPane {
  private static final PseudoClass MARKED = PseudoClass.getPseudoClass("marked");

  private final LabellingViewModel model;
  private final Actions bindings;
  private final VBox dialogue = new VBox(8);
  private final ResponseSide left = new ResponseSide("A");
  private final ResponseSide right = new ResponseSide("B");
  private final VBox questions = new VBox(8);
  private final HBox move = Ui.row(8);
  private final Map<LabelKey, Button> keys = new EnumMap<>(LabelKey.class);
  private final List<InvalidationListener> listeners = new ArrayList<>();
  private final VBox aside = new VBox(12);
  private final StackPane root = new StackPane();
  private final Overlay overlay = new Overlay(root);
  private @Nullable Screen screen;
  private @Nullable Place place;
  private List<Scale> scales = List.of();
  private List<@Nullable Judgement> chosen = new ArrayList<>();
  private int[] ratings = new int[0];
  private Optional<Edit> edited = Optional.empty();
  private boolean unfolded;
  private boolean difference;
  private boolean markdown = true;
  private long lastSign;

  /** Which showing of which batch this is. */
  private record Place(String batch, String annotator, int slot) {}

  /**
   * @param bindings the page's keys, of {@link LabelKey#declare}
   */
  PairPane(LabellingViewModel model, Actions bindings) {
    this.model = model;
    this.bindings = bindings;
    ScrollPane dialogueScroll = new ScrollPane(dialogue);
    dialogueScroll.setFitToWidth(true);
    dialogueScroll.getStyleClass().add("card-scroll");
    dialogueScroll.setMaxHeight(190);
    dialogueScroll.setMinHeight(52);
    VBox said = Ui.card(dialogueScroll);
    said.setMinHeight(Region.USE_PREF_SIZE);
    HBox pair = new HBox(12, left.node(), right.node());
    VBox.setVgrow(pair, Priority.ALWAYS);
    pair.setMinHeight(120);
    // Long texts scroll together, each by the same share of what does not fit.
    left.scrollWith(right);
    FlowPane others = new FlowPane(6, 6);
    others.getStyleClass().add("label-keys");
    for (LabelKey key : LabelKey.values()) {
      boolean moves = key == LabelKey.UNDO || key == LabelKey.NEXT;
      (moves ? move : others).getChildren().add(button(key));
    }
    move.setMinWidth(Region.USE_PREF_SIZE);
    VBox answer = Ui.card(questions, others);
    answer.setMinHeight(Region.USE_PREF_SIZE);
    VBox main = new VBox(12, said, pair, answer);
    HBox.setHgrow(main, Priority.ALWAYS);
    main.setMinWidth(0);
    ScrollPane asideScroll = new ScrollPane(aside);
    asideScroll.setFitToWidth(true);
    asideScroll.getStyleClass().add("card-scroll");
    asideScroll.setMinWidth(236);
    asideScroll.setPrefWidth(280);
    asideScroll.setMaxWidth(280);
    root.getChildren().add(new HBox(14, main, asideScroll));
    root.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
    root.addEventFilter(MouseEvent.MOUSE_MOVED, event -> sign());
    root.addEventFilter(ScrollEvent.SCROLL, event -> sign());
    root.setFocusTraversable(true);
    root.setMinSize(0, 0);
  }

  /** At most once a second: a pointer's way over the window is hundreds of events. */
  private void sign() {
    long now = System.nanoTime();
    if (now - lastSign > 1_000_000_000L) {
      lastSign = now;
      model.sign();
    }
  }

  private Button button(LabelKey key) {
    Button button = new Button();
    Label printed = Scale.key("");
    button.setGraphic(Ui.row(7, Ui.icon(key.icon()), Ui.whole(LabelWords.key(key)), printed));
    KeyBinding binding = bindings.declared(key.id());
    Runnable print =
        () -> {
          printed.setText(LabelKey.shown(binding.words()));
          printed.setVisible(!binding.words().isEmpty());
          printed.setManaged(!binding.words().isEmpty());
          button.setAccessibleText(LabelWords.key(key) + ", " + binding.words());
        };
    // Bindings live as long as the window, this pane as long as its workspace is open.
    InvalidationListener listener = _ -> print.run();
    listeners.add(listener);
    binding.current().addListener(new WeakInvalidationListener(listener));
    print.run();
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setId("label-" + key.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (key == LabelKey.NEXT) {
      button.getStyleClass().add("accent");
    }
    button.setOnAction(event -> act(key));
    keys.put(key, button);
    return button;
  }

  Node node() {
    return root;
  }

  void focus() {
    if (!overlay.isOpen()) {
      root.requestFocus();
    }
  }

  /** The session ended: what was chosen and not confirmed is gone. */
  void forget() {
    screen = null;
    place = null;
    if (overlay.isOpen()) {
      overlay.close();
    }
  }

  void show(Screen next) {
    Place showing = new Place(next.batch(), next.annotator(), next.slot().index());
    boolean another = !showing.equals(place) || !answers(next).equals(answers(screen));
    screen = next;
    place = showing;
    if (another) {
      unfolded = false;
      edited = next.given().flatMap(Answered::edited);
      build(next);
      left.top();
    }
    showAside(next);
    requireKey(LabelKey.UNDO).setDisable(!next.canUndo());
    marked(LabelKey.FLAG, next.flagged());
    marked(LabelKey.COMMENT, !next.comment().isEmpty());
    marked(LabelKey.EDIT, edited.isPresent());
    marked(LabelKey.DIFFERENCE, difference);
    marked(LabelKey.MARKDOWN, markdown && !difference);
  }

  private static List<Judgement> answers(@Nullable Screen one) {
    return one == null ? List.of() : one.given().map(Answered::answers).orElse(List.of());
  }

  private Button requireKey(LabelKey key) {
    Button button = keys.get(key);
    if (button == null) {
      throw new IllegalStateException("no button for " + key);
    }
    return button;
  }

  private void marked(LabelKey key, boolean on) {
    requireKey(key).pseudoClassStateChanged(MARKED, on);
  }

  private void build(Screen next) {
    Slot slot = next.slot();
    showDialogue(slot.item().prompt());
    left.name(next.hidden() ? "" : slot.item().left(slot.firstLeft()).model());
    right.name(next.hidden() ? "" : slot.item().right(slot.firstLeft()).model());
    showTexts(slot);
    chosen = new ArrayList<>();
    List<Judgement> given = answers(next);
    List<Scale> made = new ArrayList<>();
    questions.getChildren().clear();
    int count = 1 + next.settings().questions().size();
    for (int i = 0; i < count; i++) {
      int number = i;
      String question =
          i == 0
              ? LabelWords.question(next.settings().mode())
              : next.settings().questions().get(i - 1);
      Scale scale = new Scale(question, next.settings().levels(), i == 0, at -> choose(number, at));
      Judgement before = i < given.size() ? given.get(i) : null;
      chosen.add(before);
      scale.show(before, slot.firstLeft());
      made.add(scale);
      Label asked = Ui.label(question, "strong");
      questions
          .getChildren()
          .addAll(i == 0 ? Ui.row(8, asked, Ui.spring(), move) : asked, scale.node());
    }
    scales = List.copyOf(made);
    ratings = new int[next.settings().ratings().size()];
    for (int i = 0; i < ratings.length; i++) {
      ratings[i] =
          next.given().isPresent() && i < next.given().get().ratings().size()
              ? next.given().get().ratings().get(i)
              : 0;
    }
    if (ratings.length > 0) {
      questions.getChildren().add(ratingRow(next.settings().ratings()));
    }
    showOutcome(given.isEmpty() ? null : given.getFirst());
  }

  private Node ratingRow(List<String> names) {
    FlowPane all = new FlowPane(18, 6);
    for (int i = 0; i < names.size(); i++) {
      HBox row = Ui.row(4, Ui.whole(names.get(i), "muted"));
      List<ToggleButton> buttons = new ArrayList<>();
      int number = i;
      for (int value = 1; value <= 5; value++) {
        int rating = value;
        ToggleButton button = new ToggleButton(Integer.toString(value));
        button.setAccessibleText(names.get(i) + " " + value);
        button.setId("rating-" + (i + 1) + "-" + value);
        button.setSelected(ratings[i] == value);
        button.setOnAction(
            event -> {
              ratings[number] = button.isSelected() ? rating : 0;
              buttons.forEach(each -> each.setSelected(each.equals(button) && button.isSelected()));
            });
        buttons.add(button);
        row.getChildren().add(button);
      }
      all.getChildren().add(row);
    }
    return all;
  }

  private void showDialogue(String prompt) {
    List<Turn> turns = Dialogue.parse(prompt).turns();
    List<Turn> before = turns.subList(0, turns.size() - 1);
    int from = unfolded ? 0 : Math.max(0, before.size() - 1);
    dialogue.getChildren().clear();
    HBox head = Ui.row(10, Ui.label(Strings.text("labels.dialogue"), "card-title"));
    if (before.size() > 1) {
      head.getChildren()
          .add(
              Ui.label(
                  unfolded
                      ? Strings.text("labels.unfolded", before.size() - 1)
                      : Strings.text("labels.folded", before.size() - 1),
                  "muted",
                  "small-text"));
    }
    dialogue.getChildren().add(head);
    for (Turn turn : before.subList(from, before.size())) {
      Text who =
          new Text(
              (turn.role() == Role.HUMAN
                      ? Strings.text("labels.human")
                      : Strings.text("labels.assistant"))
                  + "  ");
      who.getStyleClass().add("label-who");
      Text what = new Text(turn.content());
      what.getStyleClass().add("label-text");
      dialogue.getChildren().add(new TextFlow(who, what));
    }
  }

  private void showTexts(Slot slot) {
    Candidate a = slot.item().left(slot.firstLeft());
    Candidate b = slot.item().right(slot.firstLeft());
    if (difference) {
      List<WordDiff.Part> parts = WordDiff.of(a.content(), b.content());
      left.parts(parts, WordDiff.Change.REMOVED);
      right.parts(parts, WordDiff.Change.ADDED);
    } else {
      left.text(a.content(), markdown);
      right.text(b.content(), markdown);
    }
  }

  private void showAside(Screen one) {
    aside.getChildren().clear();
    ProgressBar bar = new ProgressBar((double) one.answered() / one.total());
    bar.getStyleClass().add("thin");
    bar.setMaxWidth(Double.MAX_VALUE);
    bar.setAccessibleText(Strings.text("labels.progress.count", one.answered(), one.total()));
    Label count =
        Ui.whole(Strings.text("labels.progress.count", one.answered(), one.total()), "muted");
    count.setId("label-count");
    VBox progress =
        Ui.card(Ui.row(8, Ui.whole(Strings.text("labels.progress"), "card-title"), count), bar);
    progress
        .getChildren()
        .add(wrapped(Strings.text("labels.place", one.slot().index() + 1, one.total()), "muted"));
    if (one.medianSeconds().isPresent()) {
      double seconds = one.medianSeconds().getAsDouble();
      progress
          .getChildren()
          .add(
              wrapped(
                  Strings.text(
                      "labels.speed",
                      String.format(Locale.ROOT, "%.0f", seconds),
                      Math.round(seconds * (one.total() - one.answered()) / 60)),
                  "muted"));
    }
    one.left()
        .ifPresent(
            share ->
                progress
                    .getChildren()
                    .add(wrapped(Strings.text("labels.leftshare", share(share)), "muted")));
    one.repeats()
        .ifPresent(
            share ->
                progress
                    .getChildren()
                    .add(
                        wrapped(
                            Strings.text("labels.repeats", share.successes(), share.n()),
                            "muted")));
    if (one.complete()) {
      progress.getChildren().add(wrapped(Strings.text("labels.complete"), "good"));
    }
    Button leave = Ui.button(Strings.text("labels.leave"), Feather.LOG_OUT, model::leave);
    leave.setId("label-leave");
    progress.getChildren().add(leave);
    VBox enough =
        Ui.card(
            Ui.label(Strings.text("labels.enough"), "card-title"),
            wrapped(
                Strings.text(
                    "labels.enough.text",
                    String.format(Locale.ROOT, "%.1f", 100 * LabellingViewModel.WIN_RATE),
                    one.needed(),
                    one.decided())),
            wrapped(Strings.text("labels.peeking"), "muted", "small-text"));
    VBox told = Ui.card();
    if (one.guidelines().version() > 0) {
      told.getChildren()
          .addAll(
              Ui.row(
                  8,
                  Ui.label(Strings.text("labels.guidelines"), "card-title"),
                  Ui.whole("v" + one.guidelines().version(), "muted", "small-text")),
              guidelines(one.guidelines().markdown()));
    } else {
      told.getChildren()
          .addAll(
              Ui.label(Strings.text("labels.guidelines"), "card-title"),
              wrapped(LabelWords.instruction(one.settings().mode()), "muted"));
    }
    aside.getChildren().addAll(progress, enough, told);
  }

  private static Node guidelines(String markdown) {
    VBox box = new VBox(7);
    box.getStyleClass().add("label-guidelines");
    box.getChildren().addAll(MarkdownText.nodes(markdown));
    return box;
  }

  private static String share(Proportion share) {
    return String.format(
        Locale.ROOT,
        "%.0f %% [%.0f, %.0f]",
        100 * share.value(),
        100 * share.interval().low(),
        100 * share.interval().high());
  }

  private static Label wrapped(String text, String... classes) {
    Label label = Ui.label(text, classes);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  // answering

  private void pressed(KeyEvent event) {
    if (overlay.isOpen() || event.getTarget() instanceof TextInputControl) {
      return;
    }
    sign();
    for (LabelKey key : LabelKey.values()) {
      // Enter on a button that has the focus presses that button.
      boolean elsewhere =
          event.getCode() == KeyCode.ENTER
              && root.getScene() != null
              && root.getScene().getFocusOwner() instanceof Button;
      if (bindings.declared(key.id()).matches(event) && !elsewhere) {
        event.consume();
        act(key);
        return;
      }
    }
    KeyCode code = event.getCode();
    boolean plain = !event.isControlDown() && !event.isAltDown() && !event.isMetaDown();
    if (plain && code.isDigitKey()) {
      int digit = Integer.parseInt(code.getName().replaceAll("[^0-9]", ""));
      if (digit >= 1 && !scales.isEmpty() && digit <= scales.getFirst().places()) {
        event.consume();
        int question = firstOpen();
        scales.get(question).choose(digit - 1);
      }
    }
  }

  /** The first question without an answer; where all have one, the first is changed. */
  private int firstOpen() {
    for (int i = 0; i < chosen.size(); i++) {
      if (chosen.get(i) == null) {
        return i;
      }
    }
    return 0;
  }

  private void choose(int question, int at) {
    Screen one = screen;
    if (one != null) {
      chosen.set(question, scales.get(question).judgement(at, one.slot().firstLeft()));
      showOutcome(chosen.getFirst());
      root.requestFocus();
    }
  }

  private void outcome(Outcome outcome) {
    if (chosen.isEmpty() || screen == null) {
      return;
    }
    chosen.set(0, Judgement.of(outcome));
    scales.getFirst().show(null, true);
    showOutcome(chosen.getFirst());
  }

  private void showOutcome(@Nullable Judgement judgement) {
    marked(LabelKey.TIE, judgement != null && judgement.outcome() == Outcome.TIE);
    marked(LabelKey.BOTH_BAD, judgement != null && judgement.outcome() == Outcome.BOTH_BAD);
    marked(LabelKey.CANNOT_JUDGE, judgement != null && judgement.outcome() == Outcome.CANNOT_JUDGE);
    requireKey(LabelKey.NEXT).setDisable(judgement == null);
  }

  private void act(LabelKey key) {
    Screen one = screen;
    if (one == null) {
      return;
    }
    switch (key) {
      case TIE -> outcome(Outcome.TIE);
      case BOTH_BAD -> outcome(Outcome.BOTH_BAD);
      case CANNOT_JUDGE -> outcome(Outcome.CANNOT_JUDGE);
      case SKIP -> model.answer(Draft.of(Judgement.of(Outcome.SKIPPED)));
      case FLAG -> model.flag();
      case COMMENT -> comment(one);
      case EDIT -> edit(one);
      case DIFFERENCE -> {
        difference = !difference;
        marked(LabelKey.DIFFERENCE, difference);
        marked(LabelKey.MARKDOWN, markdown && !difference);
        showTexts(one.slot());
      }
      case MARKDOWN -> {
        markdown = !markdown;
        marked(LabelKey.MARKDOWN, markdown && !difference);
        showTexts(one.slot());
      }
      case TURNS -> {
        unfolded = !unfolded;
        showDialogue(one.slot().item().prompt());
      }
      case GO -> go(one);
      case OPEN -> model.next();
      case UNDO -> model.undo();
      case NEXT -> submit();
    }
  }

  private void submit() {
    if (chosen.isEmpty() || chosen.getFirst() == null) {
      return;
    }
    List<Judgement> answers = new ArrayList<>();
    for (Judgement each : chosen) {
      answers.add(each == null ? Judgement.of(Outcome.SKIPPED) : each);
    }
    List<Integer> rated = new ArrayList<>();
    for (int rating : ratings) {
      rated.add(rating);
    }
    model.answer(new Draft(answers, rated, edited));
  }

  private void comment(Screen one) {
    TextArea area = new TextArea(one.comment());
    area.setId("label-comment-text");
    area.setPrefRowCount(4);
    area.setWrapText(true);
    area.setAccessibleText(LabelWords.key(LabelKey.COMMENT));
    fillIn(
        LabelKey.COMMENT,
        area,
        () -> {
          model.comment(area.getText().strip());
        });
  }

  private void go(Screen one) {
    TextField field = new TextField();
    field.setId("label-go-number");
    field.setPromptText("1 – " + one.total());
    field.setAccessibleText(LabelWords.key(LabelKey.GO));
    Runnable done =
        () -> {
          String digits = field.getText().strip();
          if (digits.matches("[0-9]{1,7}")) {
            model.go(Integer.parseInt(digits) - 1);
          }
        };
    field.setOnAction(
        event -> {
          overlay.close();
          done.run();
        });
    fillIn(LabelKey.GO, field, done);
  }

  private void edit(Screen one) {
    Slot slot = one.slot();
    TextArea area = new TextArea();
    area.setWrapText(true);
    area.setPrefRowCount(12);
    area.setId("label-edit-text");
    area.setAccessibleText(LabelWords.key(LabelKey.EDIT));
    boolean[] editsLeft = {true};
    ToggleButton a = new ToggleButton("A");
    ToggleButton b = new ToggleButton("B");
    Runnable show =
        () -> {
          a.setSelected(editsLeft[0]);
          b.setSelected(!editsLeft[0]);
          boolean first = editsLeft[0] == slot.firstLeft();
          area.setText(
              edited
                  .filter(each -> each.first() == first)
                  .map(Edit::text)
                  .orElse((first ? slot.item().first() : slot.item().second()).content()));
        };
    a.setOnAction(
        event -> {
          editsLeft[0] = true;
          show.run();
        });
    b.setOnAction(
        event -> {
          editsLeft[0] = false;
          show.run();
        });
    show.run();
    fillIn(
        LabelKey.EDIT,
        new VBox(8, Ui.row(6, a, b), area, wrapped(Strings.text("labels.edit.text"), "muted")),
        () -> {
          boolean first = editsLeft[0] == slot.firstLeft();
          String original = (first ? slot.item().first() : slot.item().second()).content();
          edited =
              area.getText().strip().equals(original)
                  ? Optional.empty()
                  : Optional.of(new Edit(first, area.getText().strip()));
          marked(LabelKey.EDIT, edited.isPresent());
        });
  }

  private void fillIn(LabelKey key, Node content, Runnable done) {
    Button keep =
        Ui.button(
            Strings.text("labels.keep"),
            Feather.CHECK,
            () -> {
              overlay.close();
              done.run();
              root.requestFocus();
            });
    keep.setId("label-keep");
    keep.getStyleClass().add("accent");
    Node first = content instanceof VBox box ? box.getChildren().get(1) : content;
    overlay.open(
        "label-fill",
        LabelWords.key(key),
        new VBox(12, content, Ui.row(8, Ui.spring(), keep)),
        560,
        first);
  }
}
