package dev.plumbline.app.samples;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.workspace.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/**
 * The samples page in parts: the sheets of training runs, answers to a prompt of one's own, and the
 * sheets of median samples.
 */
public final class SamplesView implements View {
  /** The parts of the page. */
  private enum Part {
    SHEET,
    TRY,
    MEDIAN
  }

  private final SamplesViewModel model;
  private final AnswersViewModel answers;
  private final MedianViewModel medians;
  private final DialogService dialogs;
  private final Notices notices;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root = new StackPane();
  private final HBox sheetHeads = new HBox(12);
  private final HBox answerHeads = new HBox(12);
  private final Map<Part, ToggleButton> tabs = new EnumMap<>(Part.class);
  private final Map<Part, Node> parts = new EnumMap<>(Part.class);
  private final StackPane content = new StackPane();
  private final MenuButton add = new MenuButton(Strings.text("samples.add"));
  private final MenuButton export = new MenuButton(Strings.text("samples.export"));
  private final Node empty;
  private Part part = Part.SHEET;
  private boolean shown;

  /**
   * @param goHome goes to the page where something can be begun
   */
  public SamplesView(
      SamplesViewModel model,
      AnswersViewModel answers,
      MedianViewModel medians,
      DialogService dialogs,
      Notices notices,
      Runnable goHome) {
    this.model = model;
    this.answers = answers;
    this.medians = medians;
    this.dialogs = dialogs;
    this.notices = notices;
    sheetHeads.getStyleClass().add("sample-heads");
    answerHeads.getStyleClass().add("sample-heads");
    add.setGraphic(Ui.icon(Feather.PLUS));
    add.setId("samples-add");
    add.setOnShowing(event -> fillAdd());
    fillExport();
    parts.put(Part.SHEET, new SheetView(model, sheetHeads).node());
    parts.put(Part.TRY, new AnswersView(answers, model, answerHeads).node());
    parts.put(Part.MEDIAN, new MedianView(medians).node());
    HBox selector = Ui.row(4);
    selector.setAccessibleRole(AccessibleRole.TOOL_BAR);
    selector.setAccessibleText(Strings.text("samples.parts"));
    for (Part each : Part.values()) {
      ToggleButton tab = new ToggleButton(words(each));
      tab.setId("samples-part-" + each.name().toLowerCase(Locale.ROOT));
      tab.getStyleClass().setAll("toggle-button", "scope");
      tab.setMinWidth(ToggleButton.USE_PREF_SIZE);
      // No toggle group: it would let a second press take the choice away.
      tab.setOnAction(event -> choose(each));
      tabs.put(each, tab);
      selector.getChildren().add(tab);
    }
    content.setMinSize(0, 0);
    VBox.setVgrow(content, Priority.ALWAYS);
    VBox page = new VBox(10, Ui.row(10, selector, Ui.spring(), add, export), content);
    empty =
        Ui.empty(
            Feather.MESSAGE_SQUARE,
            Strings.text("samples.empty"),
            Strings.text("samples.empty.text"),
            Ui.button(Strings.text("empty.home"), Feather.HOME, goHome));
    root.getChildren().add(page);
    model.state().subscribe(this::update);
    choose(part);
  }

  private static String words(Part part) {
    return switch (part) {
      case SHEET -> Strings.text("samples.part.sheet");
      case TRY -> Strings.text("samples.part.try");
      case MEDIAN -> Strings.text("samples.part.median");
    };
  }

  private void choose(Part next) {
    part = next;
    tabs.forEach((each, tab) -> tab.setSelected(each == next));
    medians.setShown(shown && next == Part.MEDIAN);
    showPart();
  }

  private void showPart() {
    SamplesState state = model.state().get();
    boolean some = !state.columns().isEmpty() || part == Part.MEDIAN;
    add.setVisible(part != Part.MEDIAN && (some || !model.policies().isEmpty()));
    export.setVisible(some);
    Node now = some ? parts.get(part) : state.answered() ? empty : null;
    List<Node> wanted = now == null ? List.of() : List.of(now);
    if (!content.getChildren().equals(wanted)) {
      content.getChildren().setAll(wanted);
    }
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  @Override
  public void shown() {
    shown = true;
    model.setShown(true);
    medians.setShown(part == Part.MEDIAN);
  }

  @Override
  public void hidden() {
    shown = false;
    model.setShown(false);
    medians.setShown(false);
    answers.close(); // its process is kept while the page is open
  }

  private void fillAdd() {
    add.getItems().clear();
    for (RunRow run : model.policies()) {
      MenuItem item = new MenuItem(run.name() + "  \u00b7  " + run.id());
      item.setMnemonicParsing(false);
      item.setOnAction(event -> model.add(run.id()));
      add.getItems().add(item);
    }
  }

  private void fillExport() {
    export.setGraphic(Ui.icon(Feather.DOWNLOAD));
    export.setId("samples-export");
    for (ExcerptFormat format : ExcerptFormat.values()) {
      MenuItem copy = new MenuItem(Strings.text("samples.export.copy", format.words()));
      copy.setId("samples-copy-" + format.id());
      copy.setOnAction(event -> copy(format));
      export.getItems().add(copy);
    }
    export.getItems().add(new SeparatorMenuItem());
    for (ExcerptFormat format : ExcerptFormat.values()) {
      MenuItem save = new MenuItem(Strings.text("samples.export.save", format.words()));
      save.setId("samples-save-" + format.id());
      save.setOnAction(event -> save(format));
      export.getItems().add(save);
    }
  }

  private Excerpt excerpt() {
    return switch (part) {
      case SHEET -> Excerpts.of(model.state().get(), model.chosen().get());
      case TRY -> answers.excerpt();
      case MEDIAN -> medians.excerpt();
    };
  }

  private void copy(ExcerptFormat format) {
    Excerpt excerpt = excerpt();
    dialogs.copy(format.write(excerpt));
    notices.show(
        Notices.Kind.DONE,
        Strings.text("samples.export.copied", excerpt.prompts().size(), format.words()));
  }

  private void save(ExcerptFormat format) {
    Optional<Path> file =
        dialogs.askSaveFile(
            Strings.text("samples.export"),
            "samples." + format.extension(),
            format.words(),
            format.extension());
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.writeString(file.get(), format.write(excerpt()));
      notices.show(Notices.Kind.DONE, Strings.text("samples.export.saved", file.get()));
    } catch (IOException e) {
      notices.show(
          Notices.Kind.PROBLEM,
          Strings.text("samples.export.failed", file.get(), String.valueOf(e.getMessage())));
    }
  }

  private void update(SamplesState state) {
    showPart();
    subject.set(
        String.join(
            ", ",
            state.columns().stream()
                .map(column -> column.runName() + " @" + column.step())
                .toList()));
    updateHeads(sheetHeads, state.columns());
    updateHeads(answerHeads, state.columns());
  }

  private void updateHeads(HBox heads, List<SamplesState.Column> columns) {
    while (heads.getChildren().size() > columns.size()) {
      heads.getChildren().removeLast();
    }
    for (int i = heads.getChildren().size(); i < columns.size(); i++) {
      SampleHead head = new SampleHead(model, i);
      HBox.setHgrow(head, Priority.ALWAYS);
      heads.getChildren().add(head);
    }
    for (int i = 0; i < columns.size(); i++) {
      ((SampleHead) heads.getChildren().get(i)).show(columns.get(i), columns.size());
    }
  }
}
