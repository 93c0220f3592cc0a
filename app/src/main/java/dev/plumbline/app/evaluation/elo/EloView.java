package dev.plumbline.app.evaluation.elo;

import dev.plumbline.analysis.TieRule;
import dev.plumbline.app.chart.ChartCard;
import dev.plumbline.app.evaluation.DialogueBox;
import dev.plumbline.app.evaluation.elo.EloMatches.Match;
import dev.plumbline.app.evaluation.elo.EloMatches.Winner;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.workspace.RunRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** Ratings and pairs at the left, what they rest on and the matches at the right. */
final class EloView implements View {
  private static final double SIDE = 296;

  private final EloViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ChoiceBox<RunRow> runs = new ChoiceBox<>();
  private final ChoiceBox<String> judges = new ChoiceBox<>();
  private final ChoiceBox<TieRule> ties = new ChoiceBox<>();
  private final ChoiceBox<String> references = new ChoiceBox<>();
  private final Label file = Ui.label("", "muted");
  private final ChartCard ratings = new ChartCard();
  private final ChartCard wins = new ChartCard();
  private final ChartCard residuals = new ChartCard();
  private final ChartCard steps = new ChartCard();
  private final VBox says = new VBox(6);
  private final Label listTitle = Ui.label("", "card-title");
  private final Button back;
  private final ListView<Match> list = new ListView<>();
  private final HBox choices;
  private final HBox body;
  private final VBox unplayed;
  private final Label unplayedText = Ui.label("", "muted");
  private final VBox page;
  private final VBox empty;
  private final StackPane root = new StackPane();
  private final Overlay overlay = new Overlay(root);
  private boolean updating;

  EloView(EloViewModel model, DialogService dialogs, Path folder, Runnable goHome) {
    this.model = model;
    Runnable ask =
        () ->
            dialogs
                .askOpenFile(
                    Strings.text("elo.open"),
                    folder,
                    Strings.text("elo.files"),
                    List.of("jsonl", "jsonl.gz"))
                .ifPresent(model::open);
    back = Ui.iconButton(Strings.text("elo.back"), Feather.X, model::unpick);
    back.setId("elo-back");
    choices = choices();
    Button open = Ui.button(Strings.text("elo.open"), Feather.FOLDER, ask);
    open.setId("elo-open");
    open.setMinWidth(Region.USE_PREF_SIZE);
    runs.setId("elo-runs");
    runs.setPrefWidth(170);
    runs.setAccessibleText(Strings.text("elo.run"));
    runs.setConverter(Words.of(runs::getItems, run -> run == null ? "" : run.name()));
    runs.valueProperty()
        .subscribe(
            run -> {
              if (run != null && !updating) {
                model.choose(run.id());
              }
            });
    HBox bar = Ui.row(8, runs, file, choices, Ui.spring(), open);
    body = new HBox(12, charts(), side());
    unplayedText.setWrapText(true);
    unplayedText.setMaxWidth(620);
    unplayedText.setAlignment(Pos.CENTER);
    unplayedText.setTextAlignment(TextAlignment.CENTER);
    unplayed = new VBox(10, Ui.icon(Feather.ALERT_CIRCLE), unplayedText);
    unplayed.getStyleClass().add("empty");
    StackPane middle = new StackPane(body, unplayed);
    VBox.setVgrow(middle, Priority.ALWAYS);
    page = new VBox(10, bar, middle);
    Button first = Ui.button(Strings.text("elo.open"), Feather.FOLDER, ask);
    empty =
        Ui.empty(
            Feather.AWARD,
            Strings.text("elo.empty"),
            Strings.text("elo.empty.text"),
            Ui.row(8, Ui.button(Strings.text("empty.home"), Feather.HOME, goHome), first));
    ((HBox) empty.getChildren().getLast()).setAlignment(Pos.CENTER);
    root.getChildren().setAll(page, empty);
    model.state().subscribe(this::update);
  }

  private HBox choices() {
    judges.setId("elo-judge");
    judges.setPrefWidth(128);
    judges.setAccessibleText(Strings.text("elo.judge"));
    judges.setConverter(
        Words.of(
            judges::getItems,
            name ->
                name == null || name.isEmpty()
                    ? Strings.text("elo.judge.none")
                    : Strings.text("elo.judge.by", name)));
    judges
        .valueProperty()
        .subscribe(
            name -> {
              if (name != null && !updating) {
                model.setJudge(name);
              }
            });
    ties.setId("elo-ties");
    ties.setPrefWidth(132);
    ties.setAccessibleText(Strings.text("elo.ties"));
    ties.getItems().setAll(TieRule.values());
    ties.setConverter(
        Words.of(
            ties::getItems,
            rule ->
                rule == TieRule.DROP
                    ? Strings.text("elo.ties.drop")
                    : Strings.text("elo.ties.half")));
    ties.valueProperty()
        .subscribe(
            rule -> {
              if (rule != null && !updating) {
                model.setTies(rule);
              }
            });
    references.setId("elo-reference");
    references.setPrefWidth(150);
    references.setAccessibleText(Strings.text("elo.reference"));
    references.setConverter(
        Words.of(
            references::getItems,
            name ->
                name == null || name.isEmpty()
                    ? Strings.text("elo.zero.mean")
                    : Strings.text("elo.zero", name)));
    references
        .valueProperty()
        .subscribe(
            name -> {
              if (name != null && !updating) {
                model.setReference(name.isEmpty() ? Optional.empty() : Optional.of(name));
              }
            });
    return Ui.row(8, judges, ties, references);
  }

  private Node charts() {
    ratings.view().setId("elo-ratings");
    wins.view().setId("elo-wins");
    residuals.view().setId("elo-residuals");
    steps.view().setId("elo-steps");
    for (ChartCard card : List.of(ratings, wins, residuals)) {
      card.view().onPick(model::pick);
    }
    GridPane grid = new GridPane(12, 12);
    for (int i = 0; i < 2; i++) {
      ColumnConstraints column = new ColumnConstraints();
      column.setPercentWidth(50);
      grid.getColumnConstraints().add(column);
      RowConstraints row = new RowConstraints();
      row.setPercentHeight(50);
      grid.getRowConstraints().add(row);
    }
    grid.add(ratings, 0, 0);
    grid.add(wins, 1, 0);
    grid.add(steps, 0, 1);
    grid.add(residuals, 1, 1);
    grid.setMinSize(0, 0);
    HBox.setHgrow(grid, Priority.ALWAYS);
    return grid;
  }

  private Node side() {
    says.setId("elo-says");
    ScrollPane scroll = new ScrollPane(says);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    scroll.setMaxHeight(220);
    scroll.setMinHeight(90);
    VBox first = Ui.card(Ui.label(Strings.text("elo.says"), "card-title"), scroll);
    list.setId("elo-matches");
    list.setAccessibleText(Strings.text("elo.list"));
    list.getStyleClass().add("plain-list");
    list.setCellFactory(ignored -> new MatchCell());
    list.setPlaceholder(Ui.label(Strings.text("elo.list.none"), "muted"));
    list.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ENTER) {
            event.consume();
            open(list.getSelectionModel().getSelectedItem());
          }
        });
    VBox.setVgrow(list, Priority.ALWAYS);
    listTitle.setWrapText(true);
    listTitle.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(listTitle, Priority.ALWAYS);
    VBox second = Ui.card(Ui.row(8, listTitle, Ui.spring(), back), list);
    VBox.setVgrow(second, Priority.ALWAYS);
    VBox side = new VBox(12, first, second);
    side.setMinWidth(SIDE);
    side.setPrefWidth(SIDE);
    side.setMaxWidth(SIDE);
    return side;
  }

  private void update(EloState state) {
    boolean fromFile = state.chosen().isEmpty() && !state.source().isEmpty();
    boolean any = !state.runs().isEmpty() || fromFile;
    page.setVisible(any);
    empty.setVisible(!any && state.answered());
    boolean rated = state.rated().isPresent();
    body.setVisible(rated);
    unplayed.setVisible(any && !state.problem().isEmpty());
    unplayedText.setText(state.problem());
    choices.setVisible(!state.judges().isEmpty());
    subject.set(state.source());
    updating = true;
    try {
      if (!runs.getItems().equals(state.runs())) {
        runs.getItems().setAll(state.runs());
      }
      runs.setValue(state.chosen().orElse(null));
      runs.setVisible(!state.runs().isEmpty());
      runs.setManaged(!state.runs().isEmpty());
      file.setText(fromFile ? state.source() : "");
      file.setManaged(fromFile);
      if (!judges.getItems().equals(state.judges())) {
        judges.getItems().setAll(state.judges());
      }
      judges.setValue(
          state.judges().contains(state.choice().judge()) ? state.choice().judge() : null);
      judges.setManaged(state.judges().size() > 1);
      judges.setVisible(state.judges().size() > 1);
      ties.setValue(state.choice().ties());
      List<String> zeros = new ArrayList<>(state.players());
      zeros.addFirst("");
      if (!references.getItems().equals(zeros)) {
        references.getItems().setAll(zeros);
      }
      references.setValue(state.choice().reference().orElse(""));
    } finally {
      updating = false;
    }
    state.rated().ifPresent(this::show);
    listTitle.setText(state.picked().title());
    back.setVisible(state.picked().chosen());
    back.setManaged(state.picked().chosen());
    if (!list.getItems().equals(state.picked().matches())) {
      list.getItems().setAll(state.picked().matches());
      list.scrollTo(0);
    }
  }

  private void show(EloState.Rated rated) {
    ratings.show(rated.ratings(), "");
    wins.show(rated.wins(), "");
    residuals.show(rated.residuals(), "");
    steps.show(rated.steps(), "");
    says.getChildren().clear();
    says.getChildren().add(line(rated.facts()));
    for (String warning : rated.warnings()) {
      Label label = line(warning);
      label.getStyleClass().add("warning-text");
      says.getChildren().add(label);
    }
    for (String triple : rated.triples()) {
      says.getChildren().add(line(triple));
    }
  }

  private static Label line(String text) {
    Label label = Ui.label(text, "small-text");
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  private void open(@Nullable Match match) {
    if (match == null) {
      return;
    }
    VBox whole = new VBox(14);
    if (!match.prompt().isEmpty()) {
      whole.getChildren().add(DialogueBox.of(match.prompt()));
    }
    whole
        .getChildren()
        .addAll(
            response(match.a(), match.responseA(), match.scoreA(), match.winner() == Winner.A),
            response(match.b(), match.responseB(), match.scoreB(), match.winner() == Winner.B));
    ScrollPane scroll = new ScrollPane(whole);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    scroll.setMaxHeight(460);
    Button pair =
        Ui.button(
            Strings.text("elo.pair"),
            Feather.LIST,
            () -> {
              overlay.close();
              model.pick(match.a(), Optional.of(match.b()));
            });
    overlay.open(
        "elo-match",
        Strings.text("elo.match", match.a(), match.b()),
        new VBox(12, Ui.row(8, Ui.label(verdict(match), "muted"), Ui.spring(), pair), scroll),
        640,
        pair);
  }

  private static Node response(String player, String text, double score, boolean won) {
    String heading =
        Double.isFinite(score)
            ? Strings.text("elo.response", player, Numbers.signed(score, 2))
            : player;
    VBox turn =
        DialogueBox.turn(heading, text.isBlank() ? Strings.text("elo.response.unknown") : text);
    Label pill = Ui.whole(Strings.text("elo.won"), "pill", "pill-running");
    pill.setVisible(won);
    HBox.setHgrow(turn, Priority.ALWAYS);
    HBox row = new HBox(8, turn, pill);
    row.getStyleClass().add("match-response");
    return row;
  }

  private static String verdict(Match match) {
    String by = match.judge().isEmpty() ? "" : Strings.text("elo.judged", match.judge());
    return switch (match.winner()) {
      case A -> Strings.text("elo.winner", match.a()) + by;
      case B -> Strings.text("elo.winner", match.b()) + by;
      case TIE -> Strings.text("elo.tie") + by;
      case UNSURE -> Strings.text("elo.unsure") + by;
    };
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

  @Override
  public void themed(Theme theme) {
    for (ChartCard card : List.of(ratings, wins, residuals, steps)) {
      card.themed(theme);
    }
  }

  /** A match: who won against whom, and what was asked. */
  private final class MatchCell extends ListCell<Match> {
    private final Label players = Ui.label("", "small-text");
    private final Label gist = Ui.label("", "subtle", "small-text");
    private final VBox box = new VBox(1, players, gist);

    MatchCell() {
      setPrefWidth(0);
      setOnMouseClicked(event -> open(isEmpty() ? null : getItem()));
    }

    @Override
    protected void updateItem(@Nullable Match match, boolean nothing) {
      super.updateItem(match, nothing);
      if (nothing || match == null) {
        setGraphic(null);
        return;
      }
      players.setText(
          switch (match.winner()) {
            case A -> Strings.text("elo.beat", match.a(), match.b());
            case B -> Strings.text("elo.beat", match.b(), match.a());
            case TIE -> Strings.text("elo.drew", match.a(), match.b());
            case UNSURE -> Strings.text("elo.undecided", match.a(), match.b());
          });
      gist.setText(DialogueBox.gist(match.prompt()));
      gist.setManaged(!match.prompt().isEmpty());
      setAccessibleText(players.getText() + ". " + gist.getText());
      setGraphic(box);
    }
  }
}
