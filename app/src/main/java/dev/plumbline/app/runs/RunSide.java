package dev.plumbline.app.runs;

import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.RunChange;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunLine;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** What the chosen runs are: facts and notes, settings side by side, lineage. */
final class RunSide {
  /** The parts of the panel. */
  enum Part {
    RUN,
    SETTINGS,
    LINEAGE
  }

  private static final List<RunField> CHOSEN =
      List.of(
          RunField.of(RunField.Attribute.TIME),
          RunField.of(RunField.Attribute.PROGRESS),
          RunField.of(RunField.Attribute.CREATED));

  private final RunsViewModel model;
  private final VBox panel;
  private final Label name = Ui.label("", "card-title");
  private final Label pill = Ui.whole("", "pill");
  private final Label detail = Ui.label("", "muted");
  private final Label facts = Ui.label("", "small-text", "muted");
  private final TextField tags = new TextField();
  private final TextArea notes = new TextArea();
  private final Button resume;
  private final Button stop;
  private final ComparisonView comparison;
  private final LineageView lineage;
  private final ScrollPane lineageScroll = new ScrollPane();
  private final Label cut = Ui.label(Strings.text("runs.lineage.cut"), "subtle", "small-text");
  private final StackPane pages = new StackPane();
  private final ToggleGroup toggles = new ToggleGroup();
  private final Node runPage;
  private final VBox lineagePage;
  private Part part = Part.RUN;
  private List<String> ids = List.of();

  RunSide(
      RunsViewModel model,
      ObservableStringValue obstacle,
      Runnable open,
      Runnable branch,
      Consumer<String> clipboard,
      Consumer<String> goTo,
      Consumer<String> addColumn,
      Consumer<Part> onPart) {
    this.model = model;
    Button openButton = Ui.button(Strings.text("runs.open"), Feather.ACTIVITY, open);
    openButton.getStyleClass().add("accent");
    openButton.setId("runs-open");
    Button branchButton = Ui.button(Strings.text("runs.branch"), Feather.GIT_BRANCH, branch);
    branchButton.setId("runs-branch-open");
    resume = Ui.button(Strings.text("runs.resume"), Feather.PLAY, () -> ids.forEach(model::resume));
    stop = Ui.button(Strings.text("runs.stop"), Feather.SQUARE, () -> ids.forEach(model::stop));
    resume.setId("runs-resume");
    stop.setId("runs-stop");
    Button copy =
        Ui.button(
            Strings.text("runs.copy"),
            Feather.TERMINAL,
            () -> {
              List<String> lines =
                  ids.stream().map(model::commandLine).flatMap(java.util.Optional::stream).toList();
              if (!lines.isEmpty()) {
                clipboard.accept(String.join("\n", lines));
              }
            });
    copy.setId("runs-copy-command");
    for (Button button : List.of(openButton, branchButton, resume, stop, copy)) {
      button.setMaxWidth(Double.MAX_VALUE);
      button.setMinWidth(0);
    }
    comparison = new ComparisonView(addColumn);
    lineage = new LineageView(goTo, clipboard);
    lineageScroll.setContent(lineage);
    lineageScroll.setPannable(true);
    lineageScroll.getStyleClass().add("card-scroll");
    cut.setWrapText(true);
    VBox.setVgrow(lineageScroll, Priority.ALWAYS);
    lineagePage = new VBox(8, lineageScroll, cut);
    name.setWrapText(true);
    name.setMinWidth(0);
    for (Label label : List.of(name, detail, facts)) {
      label.setWrapText(true);
      label.setMinHeight(Region.USE_PREF_SIZE);
    }
    detail.managedProperty().bind(detail.visibleProperty());
    runPage = runPage(obstacle, openButton, branchButton, copy);
    HBox switches = Ui.row(2);
    for (Part each : Part.values()) {
      ToggleButton button = new ToggleButton(title(each));
      button.setId("runs-side-" + each.name().toLowerCase(Locale.ROOT));
      button.getStyleClass().setAll("scope");
      button.setToggleGroup(toggles);
      button.setUserData(each);
      button.setMinWidth(Region.USE_PREF_SIZE);
      button.setOnAction(
          _ -> {
            show(each);
            onPart.accept(each);
          });
      switches.getChildren().add(button);
    }
    VBox.setVgrow(pages, Priority.ALWAYS);
    panel = Ui.card(Ui.row(8, name, Ui.spring(), pill), switches, pages);
    panel.setMinWidth(230);
    show(Part.RUN);
    model.chosen().subscribe(this::show);
  }

  Node node() {
    return panel;
  }

  private static String title(Part part) {
    return switch (part) {
      case RUN -> Strings.text("runs.side.run");
      case SETTINGS -> Strings.text("runs.side.settings");
      case LINEAGE -> Strings.text("runs.side.lineage");
    };
  }

  private Node runPage(ObservableStringValue obstacle, Button open, Button branch, Button copy) {
    tags.setId("runs-tags");
    tags.setPromptText(Strings.text("runs.tags.prompt"));
    tags.setAccessibleText(Strings.text("runs.tags"));
    tags.setOnAction(_ -> saveTags());
    tags.focusedProperty()
        .subscribe(
            focused -> {
              if (!focused) {
                saveTags();
              }
            });
    notes.setId("runs-notes");
    notes.setPromptText(Strings.text("runs.notes.prompt"));
    notes.setAccessibleText(Strings.text("runs.notes"));
    notes.setWrapText(true);
    Overlay.tabLeadsOn(notes);
    notes.setPrefRowCount(4);
    notes.setMinHeight(54);
    notes
        .focusedProperty()
        .subscribe(
            focused -> {
              if (!focused) {
                saveNotes();
              }
            });
    VBox.setVgrow(notes, Priority.SOMETIMES);
    Region guardedNotes = Ui.guard(notes, obstacle);
    guardedNotes.setMaxHeight(150);
    VBox.setVgrow(guardedNotes, Priority.SOMETIMES);
    HBox work = new HBox(8, Ui.guard(resume, obstacle), Ui.guard(stop, obstacle));
    work.getChildren().forEach(child -> HBox.setHgrow(child, Priority.ALWAYS));
    VBox page =
        new VBox(
            8,
            detail,
            facts,
            Ui.label(Strings.text("runs.tags"), "subtle", "small-text"),
            Ui.guard(tags, obstacle),
            Ui.label(Strings.text("runs.notes"), "subtle", "small-text"),
            guardedNotes,
            Ui.spring(),
            open,
            Ui.guard(branch, obstacle),
            work,
            copy);
    return page;
  }

  /** Shows a part. */
  void show(Part next) {
    part = next;
    toggles
        .getToggles()
        .forEach(toggle -> toggle.setSelected(Objects.equals(toggle.getUserData(), next)));
    pages
        .getChildren()
        .setAll(
            switch (next) {
              case RUN -> runPage;
              case SETTINGS -> comparison;
              case LINEAGE -> lineagePage;
            });
  }

  /** The part that is shown. */
  Part part() {
    return part;
  }

  /** Puts the caret into the notes. */
  void editNotes() {
    notes.requestFocus();
    notes.end();
  }

  private void show(RunsViewModel.Chosen chosen) {
    if (chosen.lines().isEmpty()) {
      return;
    }
    List<String> next = chosen.lines().stream().map(line -> line.key().id()).toList();
    boolean same = next.equals(ids);
    if (!same) {
      saveTags();
      saveNotes();
    }
    ids = next;
    RunLine run = chosen.lines().getFirst();
    int others = chosen.lines().size() + chosen.more() - 1;
    name.setText(others == 0 ? run.name() : Strings.text("runs.chosen", run.name(), others));
    pill.setText(RunWords.state(run.state()));
    pill.getStyleClass().setAll("label", "pill", RunWords.pill(run.state()));
    detail.setText(run.detail());
    detail.setVisible(!run.detail().isEmpty());
    facts.setText(
        Strings.text(
            "runs.facts",
            RunWords.stage(run.stage()),
            FieldWords.cell(run.cells().get(1), CHOSEN.get(1)),
            Numbers.duration(run.cells().get(0).number()),
            FieldWords.cell(run.cells().get(2), CHOSEN.get(2)),
            run.key().id()));
    if (!same || !tags.isFocused()) {
      tags.setText(String.join(", ", run.tags()));
    }
    if (!same || !notes.isFocused()) {
      notes.setText(run.notes());
    }
    shownTags = String.join(", ", run.tags());
    shownNotes = run.notes();
    edited = run.key().id();
    boolean one = chosen.lines().size() == 1;
    tags.setDisable(!one);
    notes.setDisable(!one);
    resume.setDisable(
        chosen.lines().stream().noneMatch(line -> line.state().isResumable()) || run.trashed());
    stop.setDisable(chosen.lines().stream().map(RunLine::state).noneMatch(RunState::isActive));
    comparison.show(chosen.comparison(), chosen.more());
    lineage.show(chosen.lineage());
    cut.setVisible(chosen.lineage().cut());
    cut.setManaged(chosen.lineage().cut());
  }

  private String shownTags = "";
  private String shownNotes = "";
  private String edited = "";

  private void saveTags() {
    if (!edited.isEmpty() && !tags.isDisabled() && !tags.getText().equals(shownTags)) {
      shownTags = tags.getText();
      model.change(
          List.of(edited), new RunChange.Tags(Arrays.asList(tags.getText().split(",", -1))));
    }
  }

  private void saveNotes() {
    if (!edited.isEmpty() && !notes.isDisabled() && !notes.getText().equals(shownNotes)) {
      shownNotes = notes.getText();
      model.change(List.of(edited), new RunChange.Notes(notes.getText()));
    }
  }
}
