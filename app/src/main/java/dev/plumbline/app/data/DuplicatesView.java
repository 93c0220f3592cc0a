package dev.plumbline.app.data;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.data.DataKind;
import dev.plumbline.workspace.DataFilter;
import dev.plumbline.workspace.DataIndex;
import dev.plumbline.workspace.DataRepeats;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Spinner;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** What stands in a file more than once, and what other files have of it. */
final class DuplicatesView implements View {
  private final DataViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final GridPane exact = grid();
  private final GridPane near = grid();
  private final GridPane leak = grid();
  private final ComboBox<String> other = new ComboBox<>();
  private final Spinner<Double> threshold = new Spinner<>(0.5, 1, 0.8, 0.05);
  private final Label nearNote = Ui.label("", "muted");
  private final Label leakNote = Ui.label("", "muted");
  private final ScrollPane root;
  private boolean filling;

  DuplicatesView(DataViewModel model, ObservableStringValue obstacle) {
    this.model = model;
    threshold.setId("data-near-threshold");
    threshold.setEditable(true);
    threshold.setPrefWidth(84);
    threshold.getEditor().setAccessibleText(Strings.text("data.near.threshold"));
    Button look =
        Ui.button(
            Strings.text("data.near.look"),
            Feather.SEARCH,
            () -> model.counts().findNear(threshold.getValue()));
    look.setId("data-near-look");
    nearNote.setWrapText(true);
    leakNote.setWrapText(true);
    other.setId("data-leak-other");
    other.setAccessibleText(Strings.text("data.leak.other"));
    other.setPromptText(Strings.text("data.leak.other"));
    other.setPrefWidth(240);
    other
        .valueProperty()
        .subscribe(
            name -> {
              if (!filling && name != null) {
                model.counts().compare(name);
              }
            });
    Label leakWhy = Ui.label(Strings.text("data.leak.why"), "muted");
    leakWhy.setWrapText(true);
    Label nearWhy = Ui.label(Strings.text("data.near.why"), "muted");
    nearWhy.setWrapText(true);
    VBox column =
        new VBox(
            10,
            Ui.card(Ui.label(Strings.text("data.duplicates.exact"), "card-title"), exact),
            Ui.card(
                Ui.label(Strings.text("data.near.title"), "card-title"),
                nearWhy,
                Ui.row(
                    8,
                    Ui.whole(Strings.text("data.near.threshold"), "muted"),
                    threshold,
                    Ui.guard(look, obstacle)),
                nearNote,
                near),
            Ui.card(
                Ui.label(Strings.text("data.leak.title"), "card-title"),
                leakWhy,
                Ui.row(8, Ui.whole(Strings.text("data.leak.against"), "muted"), other),
                leakNote,
                leak));
    root = new ScrollPane(column);
    root.setFitToWidth(true);
    root.getStyleClass().add("card-scroll");
    model.counts().repeats().subscribe(this::show);
    model.counts().leak().subscribe(this::show);
    model.library().files().subscribe(_ -> others());
    model.chosen().subscribe(_ -> others());
  }

  private static GridPane grid() {
    GridPane grid = new GridPane(18, 5);
    ColumnConstraints words = new ColumnConstraints();
    words.setMinWidth(200);
    ColumnConstraints number = new ColumnConstraints();
    number.setHalignment(HPos.RIGHT);
    number.setMinWidth(70);
    ColumnConstraints share = new ColumnConstraints();
    share.setHalignment(HPos.RIGHT);
    share.setMinWidth(60);
    grid.getColumnConstraints().setAll(words, number, share);
    return grid;
  }

  private void others() {
    filling = true;
    other.getItems().setAll(model.counts().others());
    other.setValue(
        model
            .counts()
            .leak()
            .get()
            .map(CountsViewModel.Leak::other)
            .filter(other.getItems()::contains)
            .orElse(null));
    filling = false;
    leakNote.setText(
        other.getItems().isEmpty() ? Strings.text("data.leak.noother") : leakNote.getText());
  }

  private void line(
      GridPane grid, String words, String tip, long count, long whole, String filter) {
    int row = grid.getRowCount();
    Label label = Ui.label(words);
    if (!tip.isEmpty()) {
      Ui.tip(label, tip);
    }
    grid.addRow(
        row,
        label,
        Ui.whole(Numbers.whole(count), "strong"),
        Ui.whole(whole < 0 ? "" : DataWords.share(count, whole), "muted"));
    if (!filter.isEmpty() && count > 0) {
      Hyperlink rows = new Hyperlink(Strings.text("data.duplicates.rows"));
      rows.getStyleClass().add("run-link");
      rows.setAccessibleText(words + ": " + Strings.text("data.duplicates.rows"));
      rows.setMinWidth(Region.USE_PREF_SIZE);
      rows.setOnAction(_ -> model.showRows(filter));
      grid.add(rows, 3, row);
    }
  }

  private void show(Optional<?> what) {
    if (what.isPresent() && what.get() instanceof CountsViewModel.Leak found) {
      leaked(found);
      return;
    }
    if (model.counts().leak().get().isEmpty()) {
      leak.getChildren().clear();
      leakNote.setText(other.getItems().isEmpty() ? Strings.text("data.leak.noother") : "");
    }
    exact.getChildren().clear();
    near.getChildren().clear();
    Optional<DataRepeats> known = model.counts().repeats().get();
    if (known.isEmpty()) {
      exact.addRow(0, Ui.label(Strings.text("data.duplicates.none"), "muted"));
      nearNote.setText("");
      return;
    }
    DataRepeats repeats = known.get();
    boolean pairs =
        model
            .chosen()
            .get()
            .filter(file -> file.mapping().kind() == DataKind.COMPARISONS)
            .isPresent();
    long rows = repeats.rows();
    line(exact, Strings.text("data.duplicates.all"), "", rows, -1, "");
    line(
        exact,
        Strings.text("data.duplicates.conversations"),
        Strings.text("data.duplicates.conversations.tip"),
        repeats.conversations(),
        -1,
        "");
    line(exact, Strings.text("data.duplicates.prompts"), "", repeats.prompts(), -1, "");
    line(
        exact,
        Strings.text("data.duplicates.duplicates"),
        Strings.text("data.duplicates.duplicates.tip"),
        repeats.duplicates(),
        rows,
        "is:duplicate");
    line(
        exact,
        Strings.text("data.duplicates.surplus"),
        Strings.text("data.duplicates.surplus.tip"),
        repeats.surplus(),
        rows,
        "");
    if (pairs) {
      line(
          exact,
          Strings.text("data.duplicates.contradicted"),
          Strings.text("data.duplicates.contradicted.tip"),
          repeats.contradicted(),
          rows,
          "is:contradicted");
      line(exact, Strings.text("data.duplicates.same"), "", repeats.same(), rows, "is:same");
      line(exact, Strings.text("data.duplicates.empty"), "", repeats.empty(), rows, "is:empty");
    }
    if (repeats.near() < 0) {
      nearNote.setText(Strings.text("data.near.not"));
    } else {
      nearNote.setText(
          Strings.text(
              "data.near.found",
              Numbers.fixed(repeats.nearThreshold(), 2),
              Numbers.whole(repeats.nearGroups())));
      line(near, Strings.text("data.near.rows"), "", repeats.near(), rows, "is:near");
    }
  }

  private void leaked(CountsViewModel.Leak found) {
    leak.getChildren().clear();
    DataIndex.Shared shared = found.shared();
    leakNote.setText(
        shared.openings() == 0
            ? Strings.text("data.leak.nothing", found.other())
            : Strings.text("data.leak.something", found.other()));
    String name = found.other();
    line(
        leak,
        Strings.text("data.leak.openings"),
        "",
        shared.openings(),
        shared.heldOut(),
        DataFilter.text("opening_in", name));
    line(
        leak,
        Strings.text("data.leak.prompts"),
        "",
        shared.prompts(),
        shared.heldOut(),
        DataFilter.text("prompt_in", name));
    line(
        leak,
        Strings.text("data.leak.rows"),
        "",
        shared.rows(),
        shared.heldOut(),
        DataFilter.text("row_in", name));
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
    others();
    model.counts().setRepeating(true);
  }

  @Override
  public void hidden() {
    model.counts().setRepeating(false);
  }
}
