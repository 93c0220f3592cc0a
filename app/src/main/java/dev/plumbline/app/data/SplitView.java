package dev.plumbline.app.data;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.data.SplitFiles;
import dev.plumbline.workspace.DataFile;
import java.util.function.Consumer;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** Parting files by conversation. */
final class SplitView implements View {
  private static final double[] SHARES = {0.05, 0.35, 0.5};

  private final DataViewModel model;
  private final SplitViewModel split;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final VBox files = new VBox(6);
  private final HBox shares = Ui.row(2);
  private final TextField share = new TextField();
  private final TextField seed = new TextField();
  private final TextField folder = new TextField();
  private final Label problem = Ui.label("", "bad");
  private final Button run;
  private final GridPane result = new GridPane(18, 5);
  private final Label leakage = Ui.label("");
  private final TextArea spec = new TextArea();
  private final VBox done;
  private final ScrollPane root;

  SplitView(DataViewModel model, ObservableStringValue obstacle, Consumer<String> clipboard) {
    this.model = model;
    split = model.split();
    for (double each : SHARES) {
      long held = Math.round(100 * each);
      ToggleButton button = new ToggleButton(Strings.text("data.split.share", 100 - held, held));
      button.setId("data-split-" + held);
      button.getStyleClass().setAll("toggle-button", "scope");
      button.setMinWidth(Region.USE_PREF_SIZE);
      button.setUserData(each);
      button.setOnAction(
          _ -> {
            split.setHeldOut(each);
            share.setText(SplitViewModel.number(each));
            update();
          });
      shares.getChildren().add(button);
    }
    field(share, "data-split-heldout", Strings.text("data.split.heldout"), 6);
    field(seed, "data-split-seed", Strings.text("data.split.seed"), 6);
    field(folder, "data-split-folder", Strings.text("data.split.folder"), 16);
    share.setText(SplitViewModel.number(split.state().get().heldOut()));
    seed.setText(Long.toString(split.state().get().seed()));
    folder.setText(split.state().get().folder());
    share
        .textProperty()
        .subscribe(
            (_, text) -> {
              double value = number(text);
              if (value > 0 && value < 1) {
                split.setHeldOut(value);
              }
              update();
            });
    seed.textProperty()
        .subscribe(
            (_, text) -> {
              if (text.strip().matches("-?[0-9]{1,18}")) {
                split.setSeed(Long.parseLong(text.strip()));
              }
              update();
            });
    folder.textProperty().subscribe((_, text) -> split.setFolder(text));
    run = Ui.button(Strings.text("data.split.run"), Feather.SCISSORS, split::run);
    run.setId("data-split-run");
    run.getStyleClass().add("accent");
    Button command =
        Ui.button(
            Strings.text("data.split.command"),
            Feather.TERMINAL,
            () -> clipboard.accept(split.commandLine()));
    problem.setWrapText(true);
    problem.managedProperty().bind(problem.visibleProperty());
    problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
    Label why = Ui.label(Strings.text("data.split.why"), "muted");
    why.setWrapText(true);
    why.setMinHeight(Region.USE_PREF_SIZE);
    GridPane form = new GridPane(12, 8);
    form.addRow(0, Ui.whole(Strings.text("data.split.heldout"), "muted"), Ui.row(8, share, shares));
    form.addRow(1, Ui.whole(Strings.text("data.split.seed"), "muted"), Ui.row(0, seed));
    form.addRow(2, Ui.whole(Strings.text("data.split.folder"), "muted"), Ui.row(0, folder));
    VBox card =
        Ui.card(
            Ui.label(Strings.text("data.split.title"), "card-title"),
            why,
            Ui.label(Strings.text("data.split.files"), "strong"),
            files,
            form,
            problem,
            Ui.row(8, Ui.guard(run, obstacle), command));
    ColumnConstraints name = new ColumnConstraints();
    ColumnConstraints count = new ColumnConstraints();
    count.setHalignment(HPos.RIGHT);
    result.getColumnConstraints().setAll(name, count, count, count);
    leakage.setWrapText(true);
    leakage.setId("data-split-leakage");
    spec.setEditable(false);
    spec.setPrefRowCount(4);
    spec.getStyleClass().add("spec-text");
    spec.setAccessibleText(Strings.text("data.spec"));
    done =
        Ui.card(
            Ui.label(Strings.text("data.split.done"), "card-title"),
            result,
            leakage,
            spec,
            Ui.row(
                8,
                Ui.button(
                    Strings.text("data.spec.copy"),
                    Feather.COPY,
                    () -> clipboard.accept(split.spec()))));
    done.managedProperty().bind(done.visibleProperty());
    root = new ScrollPane(new VBox(10, card, done));
    root.setFitToWidth(true);
    root.getStyleClass().add("card-scroll");
    split.state().subscribe(_ -> update());
    model.library().files().subscribe(_ -> files());
  }

  private static void field(TextField field, String id, String name, int columns) {
    field.setId(id);
    field.setAccessibleText(name);
    field.setPrefColumnCount(columns);
  }

  private static double number(String text) {
    return text.strip().matches("[0-9]*\\.?[0-9]+") ? Double.parseDouble(text.strip()) : Double.NaN;
  }

  private void files() {
    files.getChildren().clear();
    for (DataFile file : split.choices()) {
      CheckBox box =
          new CheckBox(
              Strings.text("data.split.file", file.name(), Numbers.whole(file.report().used())));
      box.setMnemonicParsing(false);
      box.setUserData(file.name());
      box.setSelected(split.state().get().files().contains(file.name()));
      box.setOnAction(_ -> split.choose(file.name(), box.isSelected()));
      files.getChildren().add(box);
    }
    if (files.getChildren().isEmpty()) {
      files.getChildren().add(Ui.label(Strings.text("data.split.nofiles"), "subtle"));
    }
    update();
  }

  private void update() {
    SplitViewModel.State state = split.state().get();
    for (Node node : shares.getChildren()) {
      if (node instanceof ToggleButton button && button.getUserData() instanceof Double each) {
        button.setSelected(Math.abs(each - state.heldOut()) < 1e-9);
      }
    }
    double typed = number(share.getText());
    boolean fine = typed > 0 && typed < 1;
    boolean seeded = seed.getText().strip().matches("-?[0-9]{1,18}");
    problem.setText(
        !fine
            ? Strings.text("data.split.badshare")
            : !seeded ? Strings.text("data.split.badseed") : state.problem());
    run.setDisable(state.busy() || state.files().isEmpty() || !fine || !seeded);
    done.setVisible(state.done().isPresent());
    state.done().ifPresent(this::show);
  }

  private void show(SplitFiles found) {
    result.getChildren().clear();
    result.addRow(
        0,
        Ui.label(""),
        Ui.whole(Strings.text("data.split.train"), "muted"),
        Ui.whole(Strings.text("data.split.test"), "muted"),
        Ui.whole(Strings.text("data.split.share.test"), "muted"));
    int row = 1;
    for (SplitFiles.Part part : found.parts()) {
      result.addRow(
          row++,
          Ui.label(String.valueOf(part.file().getFileName())),
          Ui.whole(Numbers.whole(part.train()), "strong"),
          Ui.whole(Numbers.whole(part.heldOut()), "strong"),
          Ui.whole(DataWords.share(part.heldOut(), part.train() + part.heldOut()), "muted"));
    }
    boolean none = found.leakage().isNone();
    leakage.setText(none ? Strings.text("data.split.noleak") : found.leakage().describe());
    leakage.getStyleClass().setAll("label", none ? "good" : "bad");
    spec.setText(split.spec());
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
    files();
    model
        .chosen()
        .get()
        .filter(file -> split.state().get().files().isEmpty() && split.choices().contains(file))
        .ifPresent(
            file -> {
              split.choose(file.name(), true);
              files();
            });
  }
}
