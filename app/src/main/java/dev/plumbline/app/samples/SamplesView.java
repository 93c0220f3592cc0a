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
import java.util.List;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
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
  private final SamplesViewModel model;
  private final DialogService dialogs;
  private final Notices notices;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root = new StackPane();
  private final HBox heads = new HBox(12);
  private final MenuButton add = new MenuButton(Strings.text("samples.add"));
  private final VBox page;
  private final Node empty;

  /**
   * @param goHome goes to the page where something can be begun
   */
  public SamplesView(
      SamplesViewModel model, DialogService dialogs, Notices notices, Runnable goHome) {
    this.model = model;
    this.dialogs = dialogs;
    this.notices = notices;
    heads.getStyleClass().add("sample-heads");
    add.setGraphic(Ui.icon(Feather.PLUS));
    add.setId("samples-add");
    add.setOnShowing(event -> fillAdd());
    SheetView sheet = new SheetView(model, heads);
    VBox.setVgrow(sheet.node(), Priority.ALWAYS);
    page = new VBox(12, Ui.row(10, Ui.spring(), add, export()), sheet.node());
    empty =
        Ui.empty(
            Feather.MESSAGE_SQUARE,
            Strings.text("samples.empty"),
            Strings.text("samples.empty.text"),
            Ui.button(Strings.text("empty.home"), Feather.HOME, goHome));
    root.getChildren().addAll(page, empty);
    model.state().subscribe(this::update);
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
    model.setShown(true);
  }

  @Override
  public void hidden() {
    model.setShown(false);
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

  private MenuButton export() {
    MenuButton export = new MenuButton(Strings.text("samples.export"));
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
    return export;
  }

  private Excerpt excerpt() {
    return Excerpts.of(model.state().get(), model.chosen().get());
  }

  private void copy(ExcerptFormat format) {
    dialogs.copy(format.write(excerpt()));
    notices.show(
        Notices.Kind.DONE,
        Strings.text("samples.export.copied", model.chosen().get().size(), format.words()));
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
    boolean some = !state.columns().isEmpty();
    page.setVisible(some);
    empty.setVisible(!some && state.answered());
    subject.set(
        String.join(
            ", ",
            state.columns().stream()
                .map(column -> column.runName() + " @" + column.step())
                .toList()));
    updateHeads(state.columns());
  }

  private void updateHeads(List<SamplesState.Column> columns) {
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
