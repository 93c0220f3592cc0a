package dev.plumbline.app.newrun;

import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.experiment.SpecDraft;
import dev.plumbline.experiment.SpecForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/**
 * What stands at the right of a key on the form: a field of its kind, and under it what is wrong or
 * risky about it. An empty field leaves the key out; its default is shown in grey.
 */
final class SpecEditor {
  private static final PseudoClass INVALID = PseudoClass.getPseudoClass("danger");

  private final FormField field;
  private final NewRunViewModel model;
  private final VBox box = new VBox(3);
  private final Label message = Ui.label("", "small-text", "form-message");
  private final TextInputControl input;
  private boolean showing;

  SpecEditor(FormField field, NewRunViewModel model) {
    this.field = field;
    this.model = model;
    message.setWrapText(true);
    message.setMinHeight(javafx.scene.layout.Region.USE_PREF_SIZE);
    message.managedProperty().bind(message.visibleProperty());
    message.setVisible(false);
    Node control;
    ComboBox<String> combo = null;
    switch (field.kind()) {
      case TRUTH, CHOICE -> {
        List<String> words = new ArrayList<>();
        words.add("");
        words.addAll(
            field.kind() == SpecForm.Kind.TRUTH ? List.of("true", "false") : field.options());
        ComboBox<String> choice = combo(words);
        combo = choice;
        input = choice.getEditor();
        control = choice;
      }
      case MODEL -> {
        ComboBox<String> choice = combo(List.of());
        choice.setOnShowing(_ -> model.models(field.path(), found -> fill(choice, found)));
        combo = choice;
        input = choice.getEditor();
        control = withButton(choice, Strings.text("newrun.choose.model"), model::chooseModel);
      }
      case FILE -> {
        input = new TextField();
        control = withButton(input, Strings.text("newrun.choose.file"), model::chooseFile);
      }
      case FILES -> {
        input = lines();
        control = withFiles(input);
      }
      case TEXTS -> {
        input = lines();
        control = input;
      }
      default -> {
        input = new TextField();
        control = input;
      }
    }
    input.setId("form-" + field.path());
    input.setAccessibleText(field.name() + ". " + field.meaning());
    input.setPromptText(prompt(field));
    if (combo != null) {
      combo.setPromptText(prompt(field)); // an editable one shows its own
      combo.setAccessibleText(input.getAccessibleText());
    }
    HBox.setHgrow(control, Priority.ALWAYS);
    box.getChildren().addAll(control, message);
    box.setFillWidth(true);
    input.textProperty().subscribe((_, text) -> typed(text));
  }

  private static String prompt(FormField field) {
    if (field.required()) {
      return Strings.text("newrun.required");
    }
    return field.fallback().isEmpty()
        ? Strings.text("newrun.none")
        : Strings.text("newrun.default", field.fallback());
  }

  private static TextArea lines() {
    TextArea area = new TextArea();
    area.setPrefRowCount(1);
    area.setMinHeight(34);
    Overlay.tabLeadsOn(area);
    area.textProperty()
        .subscribe(text -> area.setPrefRowCount(Math.clamp(text.lines().count(), 1, 5)));
    return area;
  }

  private static ComboBox<String> combo(List<String> words) {
    ComboBox<String> choice = new ComboBox<>();
    choice.setEditable(true);
    choice.getItems().setAll(words);
    choice.setMaxWidth(Double.MAX_VALUE);
    choice.setVisibleRowCount(14);
    return choice;
  }

  private static void fill(ComboBox<String> choice, List<String> found) {
    String typed = choice.getEditor().getText();
    if (!choice.getItems().equals(found)) {
      choice.getItems().setAll(found);
      choice.getEditor().setText(typed);
    }
  }

  private Node withButton(Node control, String text, Supplier<Optional<String>> choose) {
    Button browse =
        Ui.iconButton(text, Feather.FOLDER, () -> choose.get().ifPresent(input::setText));
    HBox.setHgrow(control, Priority.ALWAYS);
    return Ui.row(4, control, browse);
  }

  private Node withFiles(Node control) {
    MenuButton add = new MenuButton("", Ui.icon(Feather.PLUS));
    add.getStyleClass().addAll("flat", "runs-menu");
    add.setAccessibleText(Strings.text("newrun.add.file"));
    Ui.tip(add, Strings.text("newrun.add.file"));
    MenuItem other =
        new MenuItem(Strings.text("newrun.choose.file.other"), Ui.icon(Feather.FOLDER));
    other.setOnAction(_ -> model.chooseFile().ifPresent(this::append));
    add.getItems().add(other);
    add.setOnShowing(
        _ ->
            model.files(
                found -> {
                  add.getItems().setAll(other);
                  for (String file : found) {
                    MenuItem item = new MenuItem(file);
                    item.setMnemonicParsing(false);
                    item.setOnAction(_ -> append(file));
                    add.getItems().add(item);
                  }
                }));
    HBox.setHgrow(control, Priority.ALWAYS);
    return Ui.row(4, control, add);
  }

  private void append(String file) {
    String text = input.getText().strip();
    input.setText(text.isEmpty() ? file : text + "\n" + file);
  }

  private void typed(String text) {
    if (showing) {
      return;
    }
    switch (field.kind()) {
      case FILES, TEXTS ->
          model.set(
              field.path(),
              text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
      default -> model.set(field.path(), field.kind(), text);
    }
  }

  String path() {
    return field.path();
  }

  FormField field() {
    return field;
  }

  /** What gets the focus. */
  TextInputControl input() {
    return input;
  }

  /** Shows what the draft holds, unless it is what was just typed. */
  void show(SpecDraft draft) {
    boolean list = field.kind() == SpecForm.Kind.FILES || field.kind() == SpecForm.Kind.TEXTS;
    String text = list ? String.join("\n", draft.texts(field.path())) : draft.text(field.path());
    boolean same =
        list
            ? draft
                .texts(field.path())
                .equals(
                    input
                        .getText()
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList())
            : draft
                .with(field.path(), field.kind(), input.getText())
                .text(field.path())
                .equals(text);
    if (!same) {
      showing = true;
      input.setText(text);
      showing = false;
    }
  }

  /** Says what is wrong, or what is risky. */
  void tell(Optional<String> problem, Optional<String> warning) {
    String text = problem.or(() -> warning).orElse("");
    // The key stands at the left already.
    message.setText(
        text.startsWith(field.path() + ": ") ? text.substring(field.path().length() + 2) : text);
    message.setVisible(!text.isEmpty());
    message
        .getStyleClass()
        .setAll("label", "small-text", "form-message", problem.isPresent() ? "bad" : "warn-text");
    input.pseudoClassStateChanged(INVALID, problem.isPresent());
    input.setAccessibleHelp(text);
  }

  /** Field and message. */
  Node node() {
    return box;
  }
}
