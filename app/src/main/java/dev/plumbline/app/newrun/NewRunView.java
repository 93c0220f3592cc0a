package dev.plumbline.app.newrun;

import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.experiment.RunEstimate;
import dev.plumbline.experiment.SpecHelp;
import dev.plumbline.experiment.SpecProblem;
import dev.plumbline.experiment.SpecWarning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.collections.FXCollections;
import javafx.geometry.Bounds;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.kordamp.ikonli.feather.Feather;

/**
 * The page of a new run or study: the form at the left, at the right what is wrong or risky, what
 * it will need, and the same as text.
 */
public final class NewRunView implements View {
  private static final double KEY_WIDTH = 146;

  private final NewRunViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final VBox root = new VBox(12);
  private final VBox sections = new VBox(12);
  private final ScrollPane scroll = new ScrollPane(sections);
  private final Map<String, SpecEditor> editors = new LinkedHashMap<>();
  private final ComboBox<String> stage = new ComboBox<>();
  private final ToggleButton basic = scope(Strings.text("newrun.basic"), "newrun-basic");
  private final ToggleButton advanced = scope(Strings.text("newrun.advanced"), "newrun-advanced");
  private final ToggleButton one = scope(Strings.text("newrun.one"), "newrun-one");
  private final ToggleButton study = scope(Strings.text("newrun.study"), "newrun-study");
  private final Label helpKey = Ui.label("", "strong");
  private final Label help = Ui.label("", "muted", "small-text");
  private final VBox found = new VBox(6);
  private final Label verdict = Ui.label("", "strong");
  private final Label estimate = Ui.label("", "small-text");
  private final Label estimateNote = Ui.label("", "muted", "small-text");
  private final Tooltip memoryTip;
  private final TextArea text = new TextArea();
  private final Label textNote = Ui.label("", "muted", "small-text");
  private final Button start;
  private final Button enqueue;
  private final Button undo;
  private final Button redo;
  private final VBox axes = new VBox(8);
  private final VBox axesCard;
  private final Label axesCount = Ui.label("", "muted", "small-text");
  private List<List<String>> structure = List.of();
  private List<NewRunState.AxisLine> shownAxes = List.of();
  private String shownStage = "-";
  private boolean showing;

  /**
   * @param obstacle why nothing can be started, in a few words, or empty
   */
  public NewRunView(NewRunViewModel model, ObservableStringValue obstacle) {
    this.model = model;
    start = Ui.button(Strings.text("newrun.start"), Feather.PLAY, model::start);
    start.setId("newrun-start");
    enqueue = Ui.button(Strings.text("newrun.enqueue"), Feather.LIST, model::enqueue);
    start.getStyleClass().add("accent");
    start.setMinWidth(Region.USE_PREF_SIZE);
    undo = Ui.iconButton(Strings.text("newrun.undo"), Feather.CORNER_UP_LEFT, model::undo);
    undo.setId("newrun-undo");
    redo = Ui.iconButton(Strings.text("newrun.redo"), Feather.CORNER_UP_RIGHT, model::redo);
    redo.setId("newrun-redo");
    memoryTip = Ui.tip(estimate, "");
    axesCard = axesCard();
    root.setId("newrun");
    SplitPane split = new SplitPane(form(), side(obstacle));
    split.setDividerPositions(0.56);
    VBox.setVgrow(split, Priority.ALWAYS);
    root.getChildren().setAll(head(), split);
    root.addEventFilter(KeyEvent.KEY_PRESSED, this::keys);
    model.state().subscribe(this::update);
  }

  private static ToggleButton scope(String words, String id) {
    ToggleButton button = new ToggleButton(words);
    button.getStyleClass().add("scope");
    button.setId(id);
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  private void keys(KeyEvent event) {
    if (new KeyCodeCombination(KeyCode.ENTER, KeyCombination.SHORTCUT_DOWN).match(event)) {
      event.consume();
      model.start();
    }
  }

  // --------------------------------------------------------------------------------------- parts

  private Node head() {
    stage.setId("newrun-stage");
    stage.setAccessibleText(Strings.text("newrun.stage"));
    stage.setItems(FXCollections.observableArrayList(NewRunViewModel.stages()));
    stage.setVisibleRowCount(20);
    stage.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(String name) {
            return name == null || name.isEmpty() ? "" : RunWords.stage(name);
          }

          @Override
          public String fromString(String text) {
            return text;
          }
        });
    stage
        .valueProperty()
        .subscribe(
            (_, chosen) -> {
              if (!showing && chosen != null) {
                model.setStage(chosen);
              }
            });
    MenuButton presets = new MenuButton(Strings.text("newrun.presets"), Ui.icon(Feather.SLIDERS));
    presets.setId("newrun-presets");
    presets.setMinWidth(Region.USE_PREF_SIZE);
    presets.setOnShowing(
        _ -> {
          presets.getItems().clear();
          for (NewRunViewModel.Choice choice : model.presets()) {
            Label words = Ui.label(choice.title(), "strong");
            Label source = Ui.label(choice.source(), "muted", "small-text");
            source.setWrapText(true);
            source.setMaxWidth(420);
            source.setPrefWidth(420);
            MenuItem item = new MenuItem("", new VBox(1, words, source));
            item.setId("preset-" + choice.id());
            item.setOnAction(_ -> model.take(choice));
            presets.getItems().add(item);
          }
          if (presets.getItems().isEmpty()) {
            MenuItem none = new MenuItem(Strings.text("newrun.presets.none"));
            none.setDisable(true);
            presets.getItems().add(none);
          }
        });
    presets.getItems().add(new MenuItem(Strings.text("newrun.presets.none")));
    Button open = Ui.iconButton(Strings.text("newrun.open"), Feather.FOLDER, model::openFile);
    open.setId("newrun-open");
    one.setOnAction(_ -> model.setStudy(false));
    study.setOnAction(_ -> model.setStudy(true));
    basic.setOnAction(_ -> model.setAdvanced(false));
    advanced.setOnAction(_ -> model.setAdvanced(true));
    return Ui.row(
        8,
        stage,
        presets,
        open,
        undo,
        redo,
        Ui.spring(),
        Ui.row(2, one, study),
        Ui.row(2, basic, advanced));
  }

  private Node form() {
    sections.getStyleClass().add("scrolled");
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    scroll.setId("newrun-form");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    help.setWrapText(true);
    help.setMinHeight(34);
    help.setMaxHeight(68);
    helpKey.setText(Strings.text("newrun.help"));
    VBox helpCard = Ui.card(helpKey, help);
    helpCard.setId("newrun-help");
    helpCard.getStyleClass().add("form-help");
    helpCard.setMinHeight(Region.USE_PREF_SIZE);
    return new VBox(10, scroll, helpCard);
  }

  private Node side(ObservableStringValue obstacle) {
    verdict.setId("newrun-verdict");
    verdict.setWrapText(true);
    ScrollPane list = new ScrollPane(found);
    list.setFitToWidth(true);
    list.getStyleClass().add("card-scroll");
    list.setMaxHeight(190);
    found.getStyleClass().add("scrolled");
    found.setId("newrun-found");
    estimate.setId("newrun-estimate");
    estimate.setWrapText(true);
    estimateNote.setWrapText(true);
    VBox checks = Ui.card(verdict, list, estimate, estimateNote);
    checks.setMinHeight(Region.USE_PREF_SIZE);
    list.visibleProperty().bind(javafx.beans.binding.Bindings.isNotEmpty(found.getChildren()));
    list.managedProperty().bind(list.visibleProperty());

    text.setId("newrun-text");
    text.setAccessibleText(Strings.text("newrun.text"));
    text.getStyleClass().add("spec-text");
    text.setMinHeight(90);
    Overlay.tabLeadsOn(text);
    VBox.setVgrow(text, Priority.ALWAYS);
    text.textProperty()
        .subscribe(
            (_, typed) -> {
              if (!showing) {
                model.type(typed);
              }
            });
    textNote.setWrapText(true);
    Button copy = Ui.button(Strings.text("newrun.copy"), Feather.COPY, model::copyText);
    copy.setId("newrun-copy");
    Button save = Ui.button(Strings.text("newrun.save"), Feather.SAVE, () -> model.save(_ -> {}));
    save.setId("newrun-save");
    Button command =
        Ui.button(Strings.text("newrun.command"), Feather.TERMINAL, model::copyCommand);
    command.setId("newrun-command");
    Ui.tip(command, Strings.text("newrun.command.tip"));
    for (Button button : List.of(copy, save, command)) {
      button.getStyleClass().add("small");
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    VBox source =
        Ui.card(
            Ui.row(8, Ui.label(Strings.text("newrun.text"), "card-title"), Ui.spring(), textNote),
            text,
            Ui.row(6, copy, save, command));
    VBox.setVgrow(source, Priority.ALWAYS);
    Ui.tip(start, Strings.text("newrun.start.tip"));
    enqueue.setId("newrun-enqueue");
    enqueue.setMinWidth(Region.USE_PREF_SIZE);
    Ui.tip(enqueue, Strings.text("newrun.enqueue.tip"));
    return new VBox(
        10,
        checks,
        source,
        Ui.row(8, Ui.spring(), Ui.guard(enqueue, obstacle), Ui.guard(start, obstacle)));
  }

  private VBox axesCard() {
    Button add =
        Ui.button(
            Strings.text("newrun.axis.add"),
            Feather.PLUS,
            () -> {
              List<NewRunState.AxisLine> next = new ArrayList<>(model.state().get().axes());
              next.add(new NewRunState.AxisLine("", ""));
              model.setAxes(next);
            });
    add.setId("newrun-axis-add");
    add.getStyleClass().add("small");
    Label about = Ui.label(Strings.text("newrun.axis.about"), "muted", "small-text");
    about.setWrapText(true);
    about.setMinHeight(Region.USE_PREF_SIZE);
    VBox card =
        Ui.card(
            Ui.row(
                8,
                Ui.label(Strings.text("newrun.axis.title"), "card-title"),
                axesCount,
                Ui.spring(),
                add),
            about,
            axes);
    card.setId("newrun-axes");
    return card;
  }

  // ------------------------------------------------------------------------------------- showing

  private void update(NewRunState s) {
    showing = true;
    stage.setValue(s.draft().stage());
    basic.setSelected(!s.advanced());
    advanced.setSelected(s.advanced());
    one.setSelected(!s.study());
    study.setSelected(s.study());
    if (!text.getText().equals(s.text())) {
      int caret = text.getCaretPosition();
      text.setText(s.text());
      text.positionCaret(Math.min(caret, s.text().length()));
    }
    text.setEditable(!s.study());
    textNote.setText(s.study() ? Strings.text("newrun.text.study") : "");
    subject.set(s.draft().text("name"));
    if (!s.draft().stage().equals(shownStage)) {
      shownStage = s.draft().stage();
      helpKey.setText(shownStage.isEmpty() ? Strings.text("newrun.help") : shownStage);
      help.setText(SpecHelp.stage(shownStage));
    }
    List<List<String>> next = new ArrayList<>();
    next.add(List.of(s.draft().stage(), Boolean.toString(s.study())));
    s.sections().forEach(section -> next.add(section.structure()));
    if (!next.equals(structure)) {
      structure = List.copyOf(next);
      rebuild(s);
    }
    for (SpecEditor editor : editors.values()) {
      editor.show(s.draft());
      editor.tell(s.problem(editor.path()), s.warning(editor.path()));
    }
    if (s.study()) {
      updateAxes(s);
    }
    updateFound(s);
    updateEstimate(s);
    undo.setDisable(!model.canUndo());
    redo.setDisable(!model.canRedo());
    start.setDisable(!s.canStart());
    enqueue.setDisable(!s.canStart());
    start.setText(
        s.starting()
            ? Strings.text("newrun.starting")
            : s.study()
                ? Strings.text("newrun.start.study", s.runs())
                : Strings.text("newrun.start"));
    showing = false;
  }

  private void rebuild(NewRunState s) {
    String focused = "";
    for (SpecEditor editor : editors.values()) {
      if (editor.node().isFocusWithin()) {
        focused = editor.path();
      }
    }
    Map<String, SpecEditor> before = Map.copyOf(editors);
    editors.clear();
    List<Node> cards = new ArrayList<>();
    for (FormSection section : s.sections()) {
      cards.add(card(section, before));
    }
    if (s.study()) {
      cards.add(1, axesCard);
    }
    double at = scroll.getVvalue();
    sections.getChildren().setAll(cards);
    scroll.setVvalue(at);
    SpecEditor again = editors.get(focused);
    if (again != null) {
      again.input().requestFocus();
      again.input().positionCaret(again.input().getLength());
    }
  }

  private Node card(FormSection section, Map<String, SpecEditor> before) {
    Label title = Ui.label(section.title(), "card-title");
    HBox head = Ui.row(6, title, Ui.spring());
    String id = section.path();
    switch (section.kind()) {
      case ABSENT ->
          head.getChildren()
              .add(
                  small(
                      "put-" + id,
                      Strings.text("newrun.put"),
                      Feather.PLUS,
                      () -> model.putGroup(id)));
      case PRESENT ->
          head.getChildren()
              .add(
                  small(
                      "out-" + id, Strings.text("newrun.out"), Feather.X, () -> model.takeOut(id)));
      case LIST ->
          head.getChildren()
              .add(
                  small(
                      "add-" + id,
                      Strings.text("newrun.add"),
                      Feather.PLUS,
                      () -> model.addItem(id)));
      case ITEM -> {
        Button up =
            Ui.iconButton(
                Strings.text("newrun.up"), Feather.ARROW_UP, () -> model.moveItem(id, -1));
        Button down =
            Ui.iconButton(
                Strings.text("newrun.down"), Feather.ARROW_DOWN, () -> model.moveItem(id, 1));
        Button out =
            Ui.iconButton(Strings.text("newrun.out"), Feather.TRASH_2, () -> model.removeItem(id));
        out.setId("out-" + id);
        head.getChildren().addAll(up, down, out);
      }
      case FIXED -> {}
    }
    VBox card = Ui.card(head);
    card.getStyleClass().add("form-section");
    card.setId("section-" + id);
    if (!section.about().isEmpty()) {
      Label about = Ui.label(section.about(), "muted", "small-text");
      about.setWrapText(true);
      about.setMinHeight(Region.USE_PREF_SIZE);
      card.getChildren().add(about);
    }
    if (!section.fields().isEmpty()) {
      GridPane lines = new GridPane();
      lines.getStyleClass().add("form-lines");
      ColumnConstraints keys = new ColumnConstraints(KEY_WIDTH, KEY_WIDTH, KEY_WIDTH);
      ColumnConstraints values = new ColumnConstraints();
      values.setHgrow(Priority.ALWAYS);
      lines.getColumnConstraints().setAll(keys, values);
      int row = 0;
      for (FormField field : section.fields()) {
        SpecEditor known = before.get(field.path());
        SpecEditor editor = known != null && known.field().equals(field) ? known : editor(field);
        editors.put(field.path(), editor);
        Label key = Ui.label(field.name(), "form-key");
        key.setLabelFor(editor.input());
        Ui.tip(key, field.meaning());
        GridPane.setValignment(key, VPos.TOP);
        lines.addRow(row++, key, editor.node());
      }
      card.getChildren().add(lines);
    }
    return card;
  }

  private SpecEditor editor(FormField field) {
    SpecEditor editor = new SpecEditor(field, model);
    editor
        .node()
        .focusWithinProperty()
        .subscribe(
            inside -> {
              if (inside) {
                helpKey.setText(field.path().isEmpty() ? field.name() : field.path());
                help.setText(field.meaning());
              }
            });
    return editor;
  }

  private static Button small(String id, String words, Feather icon, Runnable task) {
    Button button = Ui.button(words, icon, task);
    button.setId(id);
    button.getStyleClass().add("small");
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  private void updateAxes(NewRunState s) {
    axesCount.setText(Strings.text("newrun.axis.runs", s.runs()));
    if (s.axes().equals(shownAxes) && !axes.getChildren().isEmpty()) {
      return;
    }
    boolean grown = s.axes().size() != axes.getChildren().size();
    shownAxes = s.axes();
    if (!grown && axesAsTyped(s.axes())) {
      return;
    }
    GridPane[] rows = new GridPane[s.axes().size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = axis(i, s.axes().get(i));
    }
    axes.getChildren().setAll(rows);
  }

  private boolean axesAsTyped(List<NewRunState.AxisLine> lines) {
    for (int i = 0; i < lines.size(); i++) {
      if (axes.getChildren().get(i) instanceof GridPane row
          && row.getUserData() instanceof NewRunState.AxisLine(String path, String levels)
          && path.equals(lines.get(i).path())
          && levels.equals(lines.get(i).levels())) {
        continue;
      }
      return false;
    }
    return true;
  }

  private GridPane axis(int place, NewRunState.AxisLine line) {
    ComboBox<String> key = new ComboBox<>();
    key.setEditable(true);
    key.setId("axis-key-" + place);
    key.getEditor().setText(line.path());
    key.getEditor().setPromptText(Strings.text("newrun.axis.key"));
    key.getEditor().setAccessibleText(Strings.text("newrun.axis.key"));
    key.setMaxWidth(Double.MAX_VALUE);
    key.setPrefWidth(210);
    key.setVisibleRowCount(16);
    key.setOnShowing(
        _ -> {
          String typed = key.getEditor().getText();
          key.getItems().setAll(model.axisChoices());
          key.getEditor().setText(typed);
        });
    TextField levels = new TextField(line.levels());
    levels.setId("axis-levels-" + place);
    levels.setPromptText(Strings.text("newrun.axis.levels"));
    levels.setAccessibleText(Strings.text("newrun.axis.levels"));
    GridPane row = new GridPane();
    row.setUserData(line);
    row.setHgap(8);
    Runnable changed =
        () -> {
          List<NewRunState.AxisLine> next = new ArrayList<>(model.state().get().axes());
          NewRunState.AxisLine now =
              new NewRunState.AxisLine(key.getEditor().getText().strip(), levels.getText());
          if (place < next.size() && !now.equals(next.get(place))) {
            row.setUserData(now);
            next.set(place, now);
            model.setAxes(next);
          }
        };
    key.getEditor().textProperty().subscribe((_, _) -> changed.run());
    levels.textProperty().subscribe((_, _) -> changed.run());
    Button out =
        Ui.iconButton(
            Strings.text("newrun.out"),
            Feather.TRASH_2,
            () -> {
              List<NewRunState.AxisLine> next = new ArrayList<>(model.state().get().axes());
              next.remove(place);
              model.setAxes(next);
            });
    GridPane.setHgrow(levels, Priority.ALWAYS);
    row.addRow(0, key, levels, out);
    return row;
  }

  private void updateFound(NewRunState s) {
    List<Node> lines = new ArrayList<>();
    for (SpecProblem problem : s.problems()) {
      lines.add(finding(problem.path(), problem.message(), Feather.X_CIRCLE, "mark-fail"));
    }
    if (s.problems().isEmpty()) {
      for (SpecWarning warning : s.look().warnings()) {
        lines.add(finding(warning.path(), warning.message(), Feather.ALERT_TRIANGLE, "mark-warn"));
      }
      if (!s.look().obstacle().isEmpty()) {
        lines.add(finding("", s.look().obstacle(), Feather.ALERT_TRIANGLE, "mark-warn"));
      }
    }
    found.getChildren().setAll(lines);
    int wrong = s.problems().size();
    int risky = s.look().warnings().size();
    verdict.setText(
        wrong > 0
            ? Strings.text("newrun.wrong", wrong)
            : s.checking()
                ? Strings.text("newrun.checking")
                : risky > 0 ? Strings.text("newrun.risky", risky) : Strings.text("newrun.right"));
    verdict
        .getStyleClass()
        .setAll(
            "label", "strong", wrong > 0 ? "bad" : s.checking() || risky > 0 ? "strong" : "good");
  }

  private Node finding(String path, String message, Feather icon, String mark) {
    var picture = Ui.icon(icon);
    picture.getStyleClass().add(mark);
    String words =
        message.startsWith(path + ": ") && !path.isEmpty()
            ? message.substring(path.length() + 2)
            : message;
    Label says = Ui.label(words, "small-text");
    says.setWrapText(true);
    says.setMinHeight(Region.USE_PREF_SIZE);
    VBox body = new VBox(1);
    if (!path.isEmpty()) {
      Hyperlink key = new Hyperlink(path);
      key.getStyleClass().add("form-link");
      key.setMnemonicParsing(false);
      key.setOnAction(
          _ -> {
            key.setVisited(false);
            go(path);
          });
      body.getChildren().add(key);
    }
    body.getChildren().add(says);
    HBox.setHgrow(body, Priority.ALWAYS);
    HBox line = new HBox(8, picture, body);
    line.getStyleClass().add("finding");
    return line;
  }

  /** Brings the line of a key into sight. */
  private void go(String path) {
    SpecEditor editor = editors.get(path);
    if (editor == null) {
      text.requestFocus();
      return;
    }
    editor.input().requestFocus();
    Bounds place =
        sections.sceneToLocal(editor.node().localToScene(editor.node().getLayoutBounds()));
    double room = sections.getHeight() - scroll.getViewportBounds().getHeight();
    if (room > 0) {
      scroll.setVvalue(Math.clamp((place.getMinY() - 60) / room, 0, 1));
    }
  }

  private void updateEstimate(NewRunState s) {
    Optional<SpecCheck.Estimate> known =
        s.problems().isEmpty() ? s.look().estimate() : Optional.empty();
    estimate.setText(known.map(each -> words(each, s)).orElse(""));
    estimateNote.setText(
        known
            .map(
                each ->
                    each.measured()
                        ? Strings.text("newrun.estimate.measured")
                        : Strings.text("newrun.estimate.assumed"))
            .orElse(""));
    for (Label label : List.of(estimate, estimateNote)) {
      label.setVisible(known.isPresent());
      label.setManaged(known.isPresent());
    }
    boolean large = known.isPresent() && !known.get().fits();
    estimate.getStyleClass().setAll("label", "small-text", large ? "bad" : "label");
    StringBuilder parts = new StringBuilder();
    known.ifPresent(
        each -> {
          for (RunEstimate.Item item : each.memory()) {
            parts
                .append(parts.isEmpty() ? "" : "\n")
                .append(size(item.bytes()))
                .append("  ")
                .append(item.what());
          }
        });
    memoryTip.setText(parts.toString());
  }

  private static String words(SpecCheck.Estimate e, NewRunState s) {
    String memory =
        e.fits()
            ? Strings.text("newrun.estimate.memory", size(e.bytes()), size(e.machine()))
            : Strings.text("newrun.estimate.toolarge", size(e.bytes()), size(e.machine()));
    String time =
        s.study()
            ? Strings.text("newrun.estimate.study", s.runs(), Numbers.duration(e.seconds()))
            : Strings.text("newrun.estimate.time", Numbers.duration(e.seconds()));
    return Strings.text("newrun.estimate.parameters", Numbers.compact((double) e.parameters()))
        + " · "
        + memory
        + " · "
        + time;
  }

  private static String size(double bytes) {
    return bytes >= 1e9
        ? Numbers.fixed(bytes / 1e9, 2) + " GB"
        : Numbers.fixed(bytes / 1e6, 0) + " MB";
  }
}
