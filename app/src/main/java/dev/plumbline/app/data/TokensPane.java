package dev.plumbline.app.data;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.Words;
import dev.plumbline.training.TokenInspection;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import javafx.beans.property.SimpleStringProperty;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The tokens of the row that is read: ids, whose they are, and which each stage learns from. */
final class TokensPane extends VBox {
  private static final PseudoClass RESPONSE = PseudoClass.getPseudoClass("response");
  private static final PseudoClass SPECIAL = PseudoClass.getPseudoClass("special");

  private final TokensViewModel model;
  private final ComboBox<TokensViewModel.Model> models = new ComboBox<>();
  private final CheckBox chat = new CheckBox(Strings.text("data.tokens.chat"));
  private final ToggleButton chosen = side("data-tokens-chosen", Strings.text("data.field.chosen"));
  private final ToggleButton rejected =
      side("data-tokens-rejected", Strings.text("data.field.rejected"));
  private final Label about = Ui.label("", "subtle", "small-text");
  private final Label problem = Ui.label("", "muted");
  private final TableView<TokenInspection.Row> table = new TableView<>();
  private boolean filling;
  private @Nullable TokenInspection shown;

  TokensPane(TokensViewModel model, DialogService dialogs) {
    super(8);
    this.model = model;
    models.setId("data-tokens-model");
    models.setAccessibleText(Strings.text("data.tokens.model"));
    models.setPromptText(Strings.text("data.tokens.model"));
    models.setConverter(
        Words.of(() -> model.state().get().models(), each -> each == null ? "" : each.name()));
    models.setMaxWidth(Double.MAX_VALUE);
    models.setMinWidth(90);
    HBox.setHgrow(models, Priority.ALWAYS);
    models
        .valueProperty()
        .subscribe(
            value -> {
              if (!filling && value != null) {
                model.setModel(value);
              }
            });
    Button folder =
        Ui.iconButton(
            Strings.text("data.tokens.folder"),
            Feather.FOLDER,
            () ->
                dialogs
                    .askDirectory(Strings.text("data.tokens.folder"), Path.of("."))
                    .ifPresent(
                        path ->
                            model.setModel(
                                new TokensViewModel.Model(
                                    String.valueOf(path.getFileName()), path))));
    chat.setId("data-tokens-chat");
    chat.setMinWidth(Region.USE_PREF_SIZE);
    chat.setOnAction(_ -> model.setChat(chat.isSelected()));
    chosen.setSelected(true);
    chosen.setOnAction(_ -> choose(chosen));
    rejected.setOnAction(_ -> choose(rejected));
    about.setWrapText(true);
    problem.setWrapText(true);
    problem.managedProperty().bind(problem.visibleProperty());
    problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
    makeTable();
    VBox.setVgrow(table, Priority.ALWAYS);
    getChildren()
        .setAll(
            Ui.row(6, models, folder),
            Ui.row(4, chosen, rejected, Ui.spring(), chat),
            about,
            problem,
            table);
    model.state().subscribe(_ -> update());
  }

  private static ToggleButton side(String id, String name) {
    ToggleButton button = new ToggleButton(name);
    button.setId(id);
    button.getStyleClass().setAll("toggle-button", "scope");
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  private void choose(ToggleButton side) {
    chosen.setSelected(side.equals(chosen));
    rejected.setSelected(side.equals(rejected));
    update();
  }

  private void makeTable() {
    table.setId("data-tokens");
    table.setAccessibleText(Strings.text("data.row.tokens"));
    table.setPlaceholder(Ui.label("", "muted"));
    table.setRowFactory(
        _ ->
            new TableRow<>() {
              @Override
              protected void updateItem(TokenInspection.@Nullable Row row, boolean empty) {
                super.updateItem(row, empty);
                pseudoClassStateChanged(
                    RESPONSE, row != null && row.owner() == TokenInspection.Owner.RESPONSE);
                pseudoClassStateChanged(
                    SPECIAL, row != null && row.owner() == TokenInspection.Owner.SPECIAL);
              }
            });
    column(Strings.text("data.tokens.place"), "", 58, true, row -> Numbers.whole(row.place()));
    column(Strings.text("data.tokens.id"), "", 58, true, row -> Integer.toString(row.id()));
    column(Strings.text("data.tokens.token"), "", 92, false, row -> visible(row.text()));
    column(
        Strings.text("data.tokens.owner"),
        "",
        74,
        false,
        row ->
            switch (row.owner()) {
              case SPECIAL -> Strings.text("data.tokens.owner.special");
              case PROMPT -> Strings.text("data.tokens.owner.prompt");
              case RESPONSE -> Strings.text("data.tokens.owner.response");
            });
    column(
        Strings.text("data.tokens.next"),
        Strings.text("data.tokens.next.tip"),
        92,
        false,
        row -> {
          TokenInspection of = shown;
          return of == null || row.wanted() < 0 ? Numbers.NONE : visible(of.wantedText(row));
        });
    column(
        Strings.text("data.tokens.preference"),
        Strings.text("data.tokens.preference.tip"),
        92,
        false,
        row ->
            row.scored()
                ? Strings.text("data.tokens.score")
                : row.shared()
                    ? Strings.text("data.tokens.shared")
                    : Strings.text("data.tokens.own"));
    column(
        Strings.text("data.tokens.policy"),
        Strings.text("data.tokens.policy.tip"),
        78,
        false,
        row ->
            switch (row.sampling()) {
              case PROMPT -> Strings.text("data.tokens.given");
              case RESPONSE -> Strings.text("data.tokens.sampled");
              case NONE -> Numbers.NONE;
            });
  }

  private void column(
      String title,
      String tip,
      double width,
      boolean number,
      Function<TokenInspection.Row, String> value) {
    TableColumn<TokenInspection.Row, String> column = new TableColumn<>();
    Label head = Ui.label(title);
    if (!tip.isEmpty()) {
      Ui.tip(head, tip);
    }
    column.setGraphic(head);
    column.setPrefWidth(width);
    column.setSortable(false);
    column.setReorderable(false);
    if (number) {
      column.getStyleClass().add("number");
    }
    column.setCellValueFactory(cell -> new SimpleStringProperty(value.apply(cell.getValue())));
    table.getColumns().add(column);
  }

  /** A token on one line, its spaces to be seen. */
  private static String visible(String text) {
    return text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r").replace(' ', '␣');
  }

  private void update() {
    TokensViewModel.State state = model.state().get();
    filling = true;
    if (!models.getItems().equals(state.models())) {
      models.getItems().setAll(state.models());
    }
    models.setValue(state.model());
    chat.setSelected(state.chat());
    filling = false;
    problem.setText(
        !state.problem().isEmpty()
            ? state.problem()
            : state.model() == null ? Strings.text("data.tokens.none") : "");
    List<TokenInspection> sides = state.sides();
    if (sides.isEmpty()) {
      shown = null;
      about.setText("");
      table.getItems().clear();
      return;
    }
    TokenInspection side = sides.get(rejected.isSelected() ? 1 : 0);
    shown = side;
    about.setText(
        Strings.text(
            "data.tokens.about",
            Numbers.whole(side.tokens()),
            Numbers.whole(side.cut()),
            Numbers.whole(side.shared())));
    table.getItems().setAll(side.rows());
  }
}
