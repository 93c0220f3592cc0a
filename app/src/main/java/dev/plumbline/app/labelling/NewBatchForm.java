package dev.plumbline.app.labelling;

import dev.plumbline.app.labelling.LabellingViewModel.NewBatch;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.labelling.BatchSettings;
import dev.plumbline.labelling.LabelMode;
import dev.plumbline.workspace.RunRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** What a new batch is made of and how it is asked. */
final class NewBatchForm {
  private static final List<String> RULES = List.of("random", "uncertainty", "disagreement");

  private final TextField name = new TextField();
  private final ComboBox<String> source = new ComboBox<>();
  private final ComboBox<LabelMode> mode = new ComboBox<>();
  private final Spinner<Integer> count = new Spinner<>(1, 100_000, 100, 10);
  private final ComboBox<String> by = new ComboBox<>();
  private final Spinner<Integer> random = new Spinner<>(0, 100, 30, 5);
  private final TextField reference = new TextField();
  private final Spinner<Integer> levels = new Spinner<>(1, 9, BatchSettings.PAPER_LEVELS);
  private final Spinner<Integer> repeats = new Spinner<>(0, 50, 5);
  private final Spinner<Integer> seed = new Spinner<>(0, Integer.MAX_VALUE, 1);
  private final CheckBox blind = new CheckBox(Strings.text("labels.new.blind"));
  private final TextArea guidelines = new TextArea();
  private final VBox root;

  NewBatchForm(LabellingViewModel model, DialogService dialogs, Runnable close) {
    List<String> sources = new ArrayList<>();
    for (RunRow run : model.sources()) {
      sources.add("run:" + run.id());
    }
    source.getItems().setAll(sources);
    source.setEditable(true);
    source.setMaxWidth(Double.MAX_VALUE);
    if (!sources.isEmpty()) {
      source.setValue(sources.getFirst());
    }
    mode.getItems().setAll(LabelMode.values());
    mode.setValue(LabelMode.HELPFUL);
    mode.setConverter(words(LabelWords::mode));
    by.getItems().setAll(RULES);
    by.setValue(RULES.getFirst());
    by.setConverter(words(LabelWords::rule));
    for (Spinner<Integer> each : List.of(count, random, levels, repeats, seed)) {
      each.setEditable(true);
      each.setPrefWidth(110);
    }
    blind.setSelected(true);
    guidelines.setPrefRowCount(4);
    guidelines.setWrapText(true);
    guidelines.setPromptText(Strings.text("labels.new.guidelines.prompt"));
    random.disableProperty().bind(by.valueProperty().isEqualTo("random"));
    Button open =
        Ui.iconButton(
            Strings.text("labels.new.file"),
            Feather.FOLDER,
            () ->
                dialogs
                    .askOpenFile(
                        Strings.text("labels.new.file"),
                        Path.of(System.getProperty("user.home", ".")),
                        Strings.text("labels.new.kind"),
                        List.of("jsonl", "gz"))
                    .ifPresent(file -> source.setValue(file.toString())));
    GridPane grid = new GridPane(12, 9);
    ColumnConstraints label = new ColumnConstraints();
    label.setMinWidth(Region.USE_PREF_SIZE);
    ColumnConstraints field = new ColumnConstraints();
    field.setHgrow(Priority.ALWAYS);
    grid.getColumnConstraints().addAll(label, field, label, field);
    HBox from = Ui.row(6, source, open);
    HBox.setHgrow(source, Priority.ALWAYS);
    wide(
        grid,
        label("name", Strings.text("labels.new.name"), Strings.text("labels.new.name.tip"), name),
        name);
    wide(
        grid,
        label(
            "source",
            Strings.text("labels.new.source"),
            Strings.text("labels.new.source.tip"),
            from),
        from);
    wide(
        grid,
        label("mode", Strings.text("labels.new.mode"), Strings.text("labels.new.mode.tip"), mode),
        mode);
    wide(
        grid,
        label("by", Strings.text("labels.new.by"), Strings.text("labels.new.by.tip"), by),
        by);
    pair(
        grid,
        label(
            "count", Strings.text("labels.new.count"), Strings.text("labels.new.count.tip"), count),
        count,
        label(
            "random",
            Strings.text("labels.new.random"),
            Strings.text("labels.new.random.tip"),
            random),
        random);
    wide(
        grid,
        label(
            "reference",
            Strings.text("labels.new.reference"),
            Strings.text("labels.new.reference.tip"),
            reference),
        reference);
    pair(
        grid,
        label(
            "levels",
            Strings.text("labels.new.levels"),
            Strings.text("labels.new.levels.tip"),
            levels),
        levels,
        label(
            "repeats",
            Strings.text("labels.new.repeats"),
            Strings.text("labels.new.repeats.tip"),
            repeats),
        repeats);
    pair(
        grid,
        label("seed", Strings.text("labels.new.seed"), Strings.text("labels.new.seed.tip"), seed),
        seed,
        null,
        blind);
    wide(
        grid,
        label(
            "guidelines",
            Strings.text("labels.new.guidelines"),
            Strings.text("labels.new.guidelines.tip"),
            guidelines),
        guidelines);
    Button make =
        Ui.button(
            Strings.text("labels.new.make"),
            Feather.CHECK,
            () -> {
              close.run();
              model.create(wanted());
            });
    make.setId("new-batch-make");
    make.getStyleClass().add("accent");
    make.disableProperty()
        .bind(
            Bindings.createBooleanBinding(
                () -> name.getText().isBlank() || obstacle() != null,
                name.textProperty(),
                source.valueProperty()));
    Label why = Ui.label("", "muted", "small-text");
    why.setWrapText(true);
    why.textProperty()
        .bind(
            Bindings.createStringBinding(
                () -> {
                  String obstacle = obstacle();
                  return obstacle == null ? "" : obstacle;
                },
                source.valueProperty()));
    root = new VBox(14, grid, Ui.row(10, why, Ui.spring(), make));
  }

  private @Nullable String obstacle() {
    String value = source.getValue();
    if (value == null || value.isBlank()) {
      return Strings.text("labels.new.nosource");
    }
    return value.startsWith("run:") || Files.isRegularFile(Path.of(value))
        ? null
        : Strings.text("labels.new.absent", value);
  }

  private NewBatch wanted() {
    BatchSettings paper = BatchSettings.paper(name.getText().strip(), mode.getValue(), 1);
    return new NewBatch(
        source.getValue(),
        new BatchSettings(
            paper.name(),
            paper.mode(),
            levels.getValue(),
            paper.questions(),
            paper.ratings(),
            seed.getValue(),
            repeats.getValue() / 100.0,
            blind.isSelected(),
            0),
        count.getValue(),
        by.getValue().equals("random") ? 1 : random.getValue() / 100.0,
        by.getValue(),
        reference.getText().strip(),
        guidelines.getText().strip());
  }

  private static void wide(GridPane grid, Label label, Node field) {
    int row = grid.getRowCount();
    grid.add(label, 0, row);
    grid.add(field, 1, row, 3, 1);
  }

  /** Two short fields in one row; the second may say itself what it is. */
  private static void pair(
      GridPane grid, Label label, Node field, @Nullable Label other, Node second) {
    int row = grid.getRowCount();
    grid.add(label, 0, row);
    grid.add(field, 1, row);
    if (other == null) {
      grid.add(second, 2, row, 2, 1);
    } else {
      grid.add(other, 2, row);
      grid.add(second, 3, row);
    }
  }

  private static Label label(String key, String text, String tip, Node field) {
    Label label = Ui.label(text);
    label.setLabelFor(field);
    Ui.tip(label, tip);
    field.setAccessibleText(label.getText());
    field.setId("new-batch-" + key);
    return label;
  }

  private static <T> StringConverter<T> words(Function<T, String> word) {
    return new StringConverter<>() {
      @Override
      public String toString(@Nullable T value) {
        return value == null ? "" : word.apply(value);
      }

      @Override
      public T fromString(String text) {
        throw new UnsupportedOperationException("is chosen and not typed");
      }
    };
  }

  Node node() {
    return root;
  }

  Node first() {
    return name;
  }
}
