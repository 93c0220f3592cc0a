package dev.plumbline.app.live;

import dev.plumbline.app.chart.ChartCard;
import dev.plumbline.app.chart.MetricTile;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.shell.Words;
import dev.plumbline.app.study.StudiesViewModel;
import dev.plumbline.app.study.StudyItem;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.figure.RunCharts;
import dev.plumbline.training.Command;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.SampleRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Circle;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.kordamp.ikonli.feather.Feather;

/**
 * The live page: numbers on top, the law in the middle, curves beside it, controls at the right.
 */
public final class LiveView implements View {
  private static final int TILES = 6;
  private static final int CHARTS = 4;
  private static final int MARKS = 40;
  private static final int SAMPLES = 3;
  private static final double[] RANGES = {Double.POSITIVE_INFINITY, 0.5, 1, 1.5, 2, 3, 4};

  private final LiveViewModel model;
  private final StudiesViewModel studies;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root = new StackPane();
  private final GridPane page = new GridPane();
  private final List<MetricTile> tiles = new ArrayList<>();
  private final ChartCard main = new ChartCard();
  private final List<ChartCard> charts = new ArrayList<>();
  private final List<MenuButton> choices = new ArrayList<>();
  private final ChoiceBox<Double> fit = new ChoiceBox<>();
  private final Label name = Ui.label("", "card-title");
  private final Label pill = Ui.whole("", "pill");
  private final Label detail = Ui.label("", "muted", "small-text");
  private final Button pause;
  private final Button step;
  private final Button stop;
  private final Button checkpoint;
  private final Label studyName = Ui.label("", "muted", "small-text");
  private final Label studyPlace = Ui.label("", "subtle", "small-text");
  private final Tooltip studyTip = Ui.tip(studyName, "");
  private final Button studyAct;
  private final HBox studyRow;
  private final SteerField lambda;
  private final SteerField rate;
  private final SteerField temperature;
  private final VBox steering;
  private final VBox slopeBox = new VBox(6);
  private final GridPane slopes = new GridPane();
  private final Label slopeNote = Ui.label("", "subtle", "small-text");
  private final VBox marks = new VBox(3);
  private final VBox samples = new VBox(8);
  private final Label samplesNote = Ui.label("", "subtle", "small-text");
  private final VBox samplesCard;
  private final Node empty;
  private final CompareViewModel comparison;
  private final CompareView compare;
  private final StackPane watch = new StackPane();
  private final ToggleButton watching = new ToggleButton(Strings.text("live.watch"));
  private final ToggleButton comparing = new ToggleButton(Strings.text("live.compare"));
  private boolean inSight;

  /**
   * @param comparison the runs beside each other
   * @param obstacle why nothing can be changed in the workspace, or empty
   * @param goHome goes to the page where something can be begun
   * @param onPick called with a run and a step when a point is clicked
   * @param onAgainst called when the horizontal axis was changed
   */
  public LiveView(
      LiveViewModel model,
      CompareViewModel comparison,
      StudiesViewModel studies,
      ObservableStringValue obstacle,
      Runnable goHome,
      Theme theme,
      BiConsumer<String, Long> onPick,
      java.util.function.Consumer<RunCharts.Against> onAgainst) {
    this.model = model;
    this.studies = studies;
    this.comparison = comparison;
    compare = new CompareView(comparison, theme, onPick);
    page.getStyleClass().add("live");
    page.setHgap(12);
    page.setVgap(12);

    pause = Ui.button("", Feather.PAUSE, this::pauseOrResume);
    pause.setId("live-pause");
    pause.getStyleClass().add("accent");
    step =
        Ui.button(
            Strings.text("live.step"),
            Feather.SKIP_FORWARD,
            () -> model.send(new Command.StepOnce()));
    step.setId("live-step");
    stop =
        Ui.button(Strings.text("live.stop"), Feather.SQUARE, () -> model.send(new Command.Stop()));
    stop.setId("live-stop");
    checkpoint =
        Ui.button(
            Strings.text("live.checkpoint"),
            Feather.SAVE,
            () -> model.send(new Command.Checkpoint()));
    checkpoint.setId("live-checkpoint");
    Ui.tip(stop, Strings.text("live.stop.tip"));
    studyAct = Ui.button("", Feather.SQUARE, this::stopOrContinueStudy);
    studyAct.setId("live-study");
    studyAct.getStyleClass().add("small");
    studyAct.setMinWidth(Region.USE_PREF_SIZE);
    studyRow =
        Ui.row(8, new VBox(studyName, studyPlace), Ui.spring(), Ui.guard(studyAct, obstacle));
    lambda =
        steer("lambda_kl", Strings.text("parameter.lambda_kl"), 1e-4, 1, true, Metrics.LAMBDA_KL);
    rate =
        steer(
            "learning_rate",
            Strings.text("parameter.learning_rate"),
            1e-7,
            1e-2,
            true,
            Metrics.LEARNING_RATE);
    temperature =
        steer(
            "temperature",
            Strings.text("parameter.temperature"),
            0.1,
            2,
            false,
            Metrics.TEMPERATURE);
    steering = new VBox(8, lambda, rate, temperature);

    HBox tileRow = new HBox(12);
    for (int i = 0; i < TILES; i++) {
      MetricTile tile = new MetricTile("");
      HBox.setHgrow(tile.node(), Priority.ALWAYS);
      tiles.add(tile);
      tileRow.getChildren().add(tile.node());
    }
    main.view().onPick(hit -> onPick.accept(runOf(hit.series()), (long) hit.step()));
    fit.setConverter(
        Words.of(
            fit::getItems,
            value ->
                value == null || Double.isInfinite(value)
                    ? Strings.text("live.fit.whole")
                    : Strings.text("live.fit.to", Numbers.significant(value))));
    for (double range : RANGES) {
      fit.getItems().add(range);
    }
    fit.setValue(Double.POSITIVE_INFINITY);
    fit.setPrefWidth(156);
    fit.setMinWidth(156);
    fit.setId("live-fit");
    fit.setAccessibleText(Strings.text("live.fit"));
    Ui.tip(fit, Strings.text("live.fit.tip"));
    fit.valueProperty()
        .subscribe(value -> model.setFitTo(value == null ? Double.POSITIVE_INFINITY : value));
    main.head().getChildren().add(fit);

    VBox chartColumn = new VBox(12, axisRow(onAgainst));
    for (int i = 0; i < CHARTS; i++) {
      ChartCard card = new ChartCard();
      MenuButton choice = new MenuButton();
      choice.getStyleClass().addAll("flat", "chart-choice");
      choice.setGraphic(Ui.icon(Feather.MORE_HORIZONTAL));
      choice.setAccessibleText(Strings.text("live.choose"));
      card.head().getChildren().add(choice);
      VBox.setVgrow(card, Priority.ALWAYS);
      card.setPrefHeight(150);
      card.setMinHeight(90);
      charts.add(card);
      choices.add(choice);
      chartColumn.getChildren().add(card);
    }

    samplesCard =
        Ui.card(
            Ui.row(10, Ui.whole(Strings.text("live.samples"), "card-title"), samplesNote), samples);
    samplesCard.setMinHeight(0);
    samplesCard.setPrefHeight(150);
    samplesCard.setMaxHeight(190);
    clip(samplesCard);
    VBox left = new VBox(12, main, samplesCard);
    VBox.setVgrow(main, Priority.ALWAYS);

    page.add(tileRow, 0, 0, 3, 1);
    page.add(left, 0, 1);
    page.add(chartColumn, 1, 1);
    page.add(panel(obstacle), 2, 1);
    page.getColumnConstraints()
        .addAll(column(260, 560, Double.MAX_VALUE), column(232, 330, 340), column(244, 268, 268));
    RowConstraints rest = new RowConstraints();
    rest.setVgrow(Priority.ALWAYS);
    RowConstraints tileHeight = new RowConstraints(84);
    page.getRowConstraints().addAll(tileHeight, rest);
    // Narrow tiles have no course at their foot: the charts below need that room more.
    page.widthProperty()
        .subscribe(width -> tileHeight.setPrefHeight(width.doubleValue() < 1000 ? 70 : 84));

    empty =
        Ui.empty(
            Feather.ACTIVITY,
            Strings.text("live.empty"),
            Strings.text("live.empty.text"),
            Ui.button(Strings.text("empty.home"), Feather.HOME, goHome));
    watch.getChildren().addAll(page, empty);
    root.getChildren().add(new VBox(8, switches(), watch, compare.node()));
    VBox.setVgrow(watch, Priority.ALWAYS);
    VBox.setVgrow(compare.node(), Priority.ALWAYS);
    comparing.selectedProperty().subscribe(this::turn);
    themed(theme);
    model.state().subscribe(this::update);
    studies.items().subscribe(ignored -> model.state().get().focus().ifPresent(this::updateStudy));
    model.pending().subscribe(ignored -> updateSteering(model.state().get()));
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  /** One run with its controls, or many beside each other. */
  private HBox switches() {
    ToggleGroup group = new ToggleGroup();
    watching.setId("live-watch");
    comparing.setId("live-compare");
    for (ToggleButton button : List.of(watching, comparing)) {
      button.setToggleGroup(group);
      button.getStyleClass().add("live-mode");
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    watching.getStyleClass().add("left-pill");
    comparing.getStyleClass().add("right-pill");
    Ui.tip(watching, Strings.text("live.watch.tip"));
    Ui.tip(comparing, Strings.text("live.compare.tip"));
    watching.setSelected(true);
    // One of the two is always chosen.
    group
        .selectedToggleProperty()
        .subscribe(
            (was, is) -> {
              if (is == null && was != null) {
                was.setSelected(true);
              }
            });
    return Ui.row(0, watching, comparing);
  }

  private void turn(boolean compares) {
    for (Node node : List.of(watch, compare.node())) {
      boolean on = node.equals(watch) != compares;
      node.setVisible(on);
      node.setManaged(on);
    }
    model.setShown(inSight && !compares);
    comparison.setShown(inSight && compares);
  }

  @Override
  public void shown() {
    inSight = true;
    turn(comparing.isSelected());
  }

  @Override
  public void hidden() {
    inSight = false;
    turn(comparing.isSelected());
  }

  @Override
  public void themed(Theme theme) {
    compare.themed(theme);
    main.themed(theme);
    charts.forEach(card -> card.themed(theme));
  }

  private HBox axisRow(java.util.function.Consumer<RunCharts.Against> onAgainst) {
    CheckBox smooth = new CheckBox(Strings.text("live.smooth"));
    ChoiceBox<RunCharts.Against> axis = new ChoiceBox<>();
    axis.getItems().setAll(RunCharts.Against.values());
    axis.setConverter(
        Words.of(
            axis::getItems,
            value ->
                switch (value) {
                  case STEP -> Strings.text("live.axis.step");
                  case SAMPLES -> Strings.text("live.axis.samples");
                  case TOKENS -> Strings.text("live.axis.tokens");
                  case SECONDS -> Strings.text("live.axis.time");
                }));
    axis.setValue(model.against());
    axis.setId("live-axis");
    axis.setPrefWidth(104);
    axis.setMinWidth(84);
    smooth.setMinWidth(Region.USE_PREF_SIZE);
    axis.setAccessibleText(Strings.text("live.axis"));
    axis.valueProperty()
        .subscribe(
            (was, is) -> {
              model.setAgainst(is);
              onAgainst.accept(is);
            });
    Ui.tip(smooth, Strings.text("live.smooth.tip"));
    smooth.selectedProperty().subscribe(model::setSmooth);
    HBox row =
        Ui.row(8, Ui.whole(Strings.text("live.against"), "muted"), axis, Ui.spring(), smooth);
    return row;
  }

  private Region panel(ObservableStringValue obstacle) {
    checkpoint.setMaxWidth(Double.MAX_VALUE);
    step.setGraphic(null);
    stop.setGraphic(null);
    name.setMinWidth(0);
    name.setWrapText(true);
    name.setMinHeight(Region.USE_PREF_SIZE);
    pause.setMinWidth(Region.USE_PREF_SIZE);
    step.setMinWidth(Region.USE_PREF_SIZE);
    stop.setMinWidth(Region.USE_PREF_SIZE);
    detail.setWrapText(true);
    HBox buttons = Ui.row(6, pause, step, stop);
    slopes.setHgap(8);
    slopes.setVgap(6);
    slopeNote.setWrapText(true);
    slopeBox
        .getChildren()
        .addAll(Ui.label(Strings.text("live.slope"), "card-title"), slopes, slopeNote);
    VBox content =
        new VBox(
            12,
            new VBox(4, Ui.row(8, name, Ui.spring(), pill), detail),
            Ui.guard(buttons, obstacle),
            studyRow,
            Ui.guard(new VBox(12, steering, checkpoint), obstacle),
            slopeBox,
            Ui.label(Strings.text("live.marks"), "card-title"),
            marks);
    content.setMinWidth(0);
    content.getStyleClass().add("scrolled");
    ScrollPane scroll = new ScrollPane(content);
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add("card-scroll");
    VBox card = Ui.card(scroll);
    card.getStyleClass().add("scroll-card");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    return card;
  }

  private SteerField steer(
      String id, String title, double low, double high, boolean logarithmic, String metric) {
    return new SteerField(
        id,
        title,
        low,
        high,
        logarithmic,
        Metrics.of(metric).map(Metrics.Metric::definition).orElse(title),
        value -> model.send(new Command.Steer(id, value)));
  }

  private void pauseOrResume() {
    Optional<RunRow> focus = model.state().get().focus();
    if (focus.isEmpty()) {
      return;
    }
    RunState state = focus.get().state();
    if (state == RunState.PAUSED) {
      model.send(new Command.Resume());
    } else if (state.isActive()) {
      model.send(new Command.Pause());
    } else {
      model.resumeRun();
    }
  }

  private void stopOrContinueStudy() {
    model
        .state()
        .get()
        .focus()
        .flatMap(studies::of)
        .ifPresent(
            study -> {
              if (study.canContinue()) {
                studies.resume(study);
              } else {
                studies.stop(study);
              }
            });
  }

  /** The study that the run belongs to, while it goes on or could. */
  private void updateStudy(RunRow run) {
    Optional<StudyItem> found =
        studies.of(run).filter(item -> item.progress().running() || item.canContinue());
    studyRow.setVisible(found.isPresent());
    studyRow.setManaged(found.isPresent());
    found.ifPresent(
        item -> {
          String name = Strings.text("jobs.study", item.progress().name());
          studyName.setText(item.progress().name());
          studyPlace.setText(Strings.text("jobs.study.place", item.place(), item.size()));
          studyTip.setText(
              item.progress().detail().isEmpty() ? name : name + "\n" + item.progress().detail());
          studyAct.setText(
              item.stopping()
                  ? Strings.text("study.stopping")
                  : item.canContinue()
                      ? Strings.text("study.continue")
                      : Strings.text("study.stop"));
          studyAct.setGraphic(Ui.icon(item.canContinue() ? Feather.PLAY : Feather.SQUARE));
          studyAct.setDisable(!item.canStop() && !item.canContinue());
        });
  }

  private void update(LiveState state) {
    boolean some = state.focus().isPresent();
    page.setVisible(some);
    empty.setVisible(!some && state.answered());
    if (!some) {
      subject.set("");
      return;
    }
    RunRow run = state.focus().get();
    subject.set(String.join(", ", state.shown().stream().map(RunRow::name).toList()));
    for (int i = 0; i < TILES && i < state.tiles().size(); i++) {
      LiveState.TileValue value = state.tiles().get(i);
      tiles
          .get(i)
          .show(
              value.title(),
              value.text(),
              value.unit(),
              value.note(),
              value.course().stream().mapToDouble(Double::doubleValue).toArray(),
              value.definition());
    }
    main.show(state.main().figure(), state.main().definition());
    boolean law = run.stage().equals("rlhf");
    fit.setVisible(law);
    fit.setManaged(law);
    Map<String, String> names = LiveViewModel.choices(run);
    for (int i = 0; i < CHARTS; i++) {
      boolean has = i < state.charts().size();
      charts.get(i).setVisible(has);
      if (has) {
        LiveState.Chart chart = state.charts().get(i);
        charts.get(i).show(chart.figure(), chart.definition());
        fillChoices(choices.get(i), i, names);
      }
    }
    updatePanel(run);
    updateStudy(run);
    updateSteering(state);
    updateSlopes(state.slopes(), law);
    updateMarks(state.marks());
    updateSamples(state.samples(), law);
  }

  private void fillChoices(MenuButton button, int chart, Map<String, String> names) {
    if (button.getItems().size() != names.size()) {
      button.getItems().clear();
      names.forEach(
          (metric, label) -> {
            MenuItem item = new MenuItem(label);
            item.setOnAction(event -> model.choose(chart, metric));
            button.getItems().add(item);
          });
    }
  }

  private void updatePanel(RunRow run) {
    name.setText(run.name());
    pill.setText(RunWords.state(run.state()));
    pill.getStyleClass().setAll("label", "pill", RunWords.pill(run.state()));
    // The line keeps its place when it is empty: Resume is to be where Pause was.
    detail.setText(run.detail());
    boolean active = run.state().isActive();
    boolean paused = run.state() == RunState.PAUSED;
    boolean resumes = paused || run.state().isResumable();
    pause.setText(resumes || !active ? Strings.text("live.resume") : Strings.text("live.pause"));
    pause.setGraphic(Ui.icon(resumes || !active ? Feather.PLAY : Feather.PAUSE));
    pause.setDisable(!active && !resumes);
    step.setDisable(!active);
    stop.setDisable(!active);
    checkpoint.setDisable(!active);
  }

  private void updateSteering(LiveState state) {
    if (state.focus().isEmpty()) {
      return;
    }
    RunRow run = state.focus().get();
    boolean law = run.stage().equals("rlhf");
    for (SteerField field : List.of(lambda, temperature)) {
      field.setVisible(law);
      field.setManaged(law);
    }
    steering.setDisable(!run.state().isActive());
    show(lambda, state, run, "lambda_kl");
    show(rate, state, run, "learning_rate");
    show(temperature, state, run, "temperature");
  }

  private void show(SteerField field, LiveState state, RunRow run, String parameter) {
    LiveViewModel.Pending asked = model.pending().get().get(parameter);
    double value = asked != null && asked.runId().equals(run.id()) ? asked.value() : Double.NaN;
    double inForce = state.settings().getOrDefault(parameter, Double.NaN);
    field.show(inForce, Double.isFinite(value), value);
  }

  private void updateSlopes(List<PaperFigures.SlopeRow> rows, boolean law) {
    slopeBox.setVisible(law);
    slopeBox.setManaged(law);
    slopes.getChildren().clear();
    if (rows.isEmpty()) {
      slopeNote.setText(Strings.text("live.slope.none"));
      return;
    }
    slopes.addRow(
        0,
        Ui.label(Strings.text("live.slope.run"), "subtle", "small-text"),
        Ui.whole(Strings.text("live.slope.value"), "subtle", "small-text"),
        Ui.whole(Strings.text("live.slope.interval"), "subtle", "small-text"));
    int line = 1;
    for (PaperFigures.SlopeRow row : rows) {
      Label label = Ui.label(row.label());
      label.setGraphic(dot(row.ink()));
      // Names of runs differ at their ends.
      label.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
      Ui.tip(label, row.label());
      GridPane.setHgrow(label, Priority.ALWAYS);
      label.setMaxWidth(Double.MAX_VALUE);
      slopes.addRow(
          line++,
          label,
          Ui.whole(Numbers.fixed(row.slope(), 2), "strong"),
          Ui.whole(
              Numbers.fixed(row.interval().low(), 2)
                  + " – "
                  + Numbers.fixed(row.interval().high(), 2)));
    }
    double from = rows.getFirst().fits().getFirst().from();
    double to = rows.getFirst().fits().getFirst().to();
    slopeNote.setText(
        Strings.text(
            "live.slope.note",
            Numbers.fixed(from, 2),
            Numbers.fixed(to, 2),
            rows.getFirst().method()));
  }

  /** The dot in a series' colour. */
  static Circle dot(Ink ink) {
    Circle dot = new Circle(4.5);
    dot.getStyleClass().add("series-" + Math.floorMod(ink.index(), 7));
    return dot;
  }

  private void updateMarks(List<MarkRow> rows) {
    marks.getChildren().clear();
    if (rows.isEmpty()) {
      marks.getChildren().add(Ui.label(Strings.text("live.marks.none"), "subtle", "small-text"));
    }
    for (MarkRow row : rows.subList(0, Math.min(rows.size(), MARKS))) {
      Label label =
          Ui.label(Numbers.whole(row.step()) + "  ·  " + RunWords.mark(row), "small-text");
      label
          .getStyleClass()
          .add(
              switch (row.kind()) {
                case STEERED -> "mark-steered";
                case NOTICE, ALERT -> "mark-notice";
                default -> "muted";
              });
      label.setWrapText(row.kind() == MarkRow.Kind.NOTICE || row.kind() == MarkRow.Kind.ALERT);
      marks.getChildren().add(label);
    }
  }

  private void updateSamples(List<SampleRow> rows, boolean law) {
    samplesCard.setVisible(law);
    samplesCard.setManaged(law);
    samples.getChildren().clear();
    if (rows.isEmpty()) {
      samplesNote.setText("");
      samples.getChildren().add(Ui.label(Strings.text("live.samples.none"), "muted"));
      return;
    }
    samplesNote.setText(
        Strings.text(
            "live.samples.note", Numbers.whole(rows.getFirst().sample().step()), rows.size()));
    rows.stream()
        .map(SampleRow::sample)
        .sorted(Comparator.comparingInt(ResponseSample::index))
        .limit(SAMPLES)
        .forEach(sample -> samples.getChildren().add(line(sample)));
  }

  private static Node line(ResponseSample sample) {
    Text human = new Text(Strings.text("role.human") + " ");
    human.getStyleClass().add("text-muted");
    Text assistant = new Text("  " + Strings.text("role.assistant") + " ");
    assistant.getStyleClass().add("text-muted");
    TextFlow flow =
        new TextFlow(
            human,
            new Text(lastQuestion(sample.prompt())),
            assistant,
            new Text(sample.response().strip()));
    HBox.setHgrow(flow, Priority.ALWAYS);
    flow.setMinWidth(0);
    Label score = Ui.whole(Numbers.signed(sample.pmScore(), 2), "pill");
    score.getStyleClass().add(sample.pmScore() >= 0 ? "pill-running" : "pill-failed");
    HBox row = new HBox(10, flow, score);
    row.setAlignment(javafx.geometry.Pos.TOP_LEFT);
    return row;
  }

  /** The last human turn of a transcript. */
  static String lastQuestion(String prompt) {
    int start = prompt.lastIndexOf("\n\nHuman:");
    String turn = start < 0 ? prompt : prompt.substring(start + 8);
    int end = turn.indexOf("\n\nAssistant:");
    return (end < 0 ? turn : turn.substring(0, end)).strip();
  }

  private static String runOf(String series) {
    int slash = series.indexOf('/');
    return slash < 0 ? series : series.substring(0, slash);
  }

  private static ColumnConstraints column(double min, double pref, double max) {
    ColumnConstraints column = new ColumnConstraints(min, pref, max);
    column.setHgrow(max == Double.MAX_VALUE ? Priority.ALWAYS : Priority.SOMETIMES);
    return column;
  }

  private static void clip(Region region) {
    javafx.scene.shape.Rectangle clip = new javafx.scene.shape.Rectangle();
    clip.widthProperty().bind(region.widthProperty());
    clip.heightProperty().bind(region.heightProperty());
    region.setClip(clip);
  }
}
