package dev.plumbline.app.home;

import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Action;
import dev.plumbline.app.shell.Job;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.app.study.StudiesViewModel;
import dev.plumbline.app.study.StudyItem;
import dev.plumbline.sampledata.SampleWorkspace;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** The first page: one obvious thing to do, then how far it is and what there is to look at. */
public final class HomeView implements View {
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ScrollPane root;
  private final VBox stages = new VBox(12);
  private final VBox stagesCard;
  private final GridPane runs = new GridPane();
  private final VBox runsCard;
  private final Button start;
  private final StudiesViewModel studies;
  private final Consumer<RunRow> openLive;
  private final Label studyName = Ui.label("", "card-title");
  private final Label studyNote = Ui.label("", "muted", "small-text");
  private final Button studyAct;
  private final Ways ways;
  private final VBox jobs = new VBox(10);
  private final VBox jobsCard;
  private final VBox places = new VBox(4);
  private final VBox placesCard;
  private final List<Label> numbers = new ArrayList<>();
  private final List<Label> pills = new ArrayList<>();

  /**
   * Where one can go from here.
   *
   * @param go shows a page
   * @param workspaces opening other workspaces, the last one first
   * @param readNews puts the news away
   */
  public record Ways(Consumer<Page> go, Supplier<List<Action>> workspaces, Runnable readNews) {}

  /**
   * @param obstacle why nothing can be started, or empty
   * @param openLive shows a run on the live page
   * @param newRun opens the form of a new run
   * @param workspace the workspace's name
   * @param ways to other pages and workspaces
   * @param news what is new and was not put away
   */
  public HomeView(
      HomeViewModel model,
      StudiesViewModel studies,
      ObservableStringValue obstacle,
      Consumer<RunRow> openLive,
      Runnable newRun,
      String workspace,
      Ways ways,
      Optional<News> news) {
    this.studies = studies;
    this.openLive = openLive;
    this.ways = ways;
    subject.set(workspace);
    start = Ui.button(Strings.text("home.start"), Feather.PLAY, model::startSample);
    start.setId("home-start");
    start.setDefaultButton(true);
    start.getStyleClass().addAll("accent", "large");
    start.setMinWidth(Button.USE_PREF_SIZE);
    Runnable label =
        () -> {
          start.setDisable(model.busy().get());
          start.setText(
              model.busy().get()
                  ? Strings.text("home.start.busy")
                  : model.interrupted().get()
                      ? Strings.text("home.start.again")
                      : Strings.text("home.start"));
        };
    model.busy().subscribe(label);
    model.interrupted().subscribe(label);
    label.run();
    studyAct =
        Ui.button("", Feather.SQUARE, () -> studies.newest().ifPresent(this::stopOrContinue));
    studyAct.setId("home-study");
    studyAct.setMinWidth(Button.USE_PREF_SIZE);
    studyNote.setWrapText(true);
    Label title = Ui.label(Strings.text("home.title"), "page-title");
    Label lead = Ui.label(Strings.text("home.lead"), "lead");
    lead.setWrapText(true);
    GridPane plan = new GridPane();
    plan.setHgap(14);
    plan.setVgap(10);
    step(plan, 0, Strings.text("home.plan.1"), Strings.text("home.plan.1.text"));
    step(plan, 1, Strings.text("home.plan.2"), Strings.text("home.plan.2.text"));
    step(plan, 2, Strings.text("home.plan.3"), Strings.text("home.plan.3.text"));
    Button live = way(Strings.text("home.go.live"), Feather.ACTIVITY, Page.LIVE);
    Button samples = way(Strings.text("home.go.samples"), Feather.MESSAGE_SQUARE, Page.SAMPLES);
    Button figures = way(Strings.text("home.go.figures"), Feather.BAR_CHART_2, Page.FIGURES);
    FlowPane look = new FlowPane(8, 8, live, samples, figures);
    Label time = Ui.label(Strings.text("home.time"), "muted");
    time.setWrapText(true);
    Button fresh = Ui.button(Strings.text("home.new"), Feather.PLUS, newRun);
    fresh.setId("home-new");
    fresh.setMinWidth(Button.USE_PREF_SIZE);
    HBox act = Ui.row(16, Ui.guard(start, obstacle), fresh, time);
    VBox hero = Ui.card(title, lead, plan, look, act);
    model.guide().subscribe(guide -> showGuide(guide, look, lead));
    hero.getStyleClass().add("hero");

    stagesCard =
        Ui.card(
            Ui.row(10, studyName, Ui.spring(), Ui.guard(studyAct, obstacle)), studyNote, stages);
    runs.setHgap(14);
    runs.setVgap(4);
    runsCard = Ui.card(Ui.label(Strings.text("home.recent"), "card-title"), runs);
    jobsCard = Ui.card(Ui.label(Strings.text("home.jobs"), "card-title"), jobs);
    jobsCard.setId("home-jobs");
    placesCard = Ui.card(Ui.label(Strings.text("home.workspaces"), "card-title"), places);
    placesCard.setId("home-workspaces");
    VBox page = new VBox(14, hero, stagesCard, jobsCard, runsCard, placesCard);
    news.ifPresent(what -> page.getChildren().addFirst(news(what, page)));
    page.setMaxWidth(860);
    HBox centred = new HBox(page);
    HBox.setHgrow(page, Priority.ALWAYS);
    centred.setAlignment(Pos.TOP_CENTER);
    centred.getStyleClass().add("home");
    root = new ScrollPane(centred);
    root.setFitToWidth(true);
    root.getStyleClass().add("card-scroll");
    model.stages().subscribe(this::updateStages);
    model.recent().subscribe(this::updateRuns);
    model.jobs().subscribe(this::updateJobs);
    updatePlaces();
    studies.items().subscribe(ignored -> studies.newest().ifPresent(this::updateStudy));
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  /** Workspaces may have been opened since. */
  @Override
  public void shown() {
    updatePlaces();
  }

  private Button way(String text, Feather icon, Page page) {
    Button button = Ui.button(text, icon, () -> ways.go().accept(page));
    button.setId("home-go-" + page.name().toLowerCase(Locale.ROOT));
    return button;
  }

  private void step(GridPane plan, int row, String title, String text) {
    Label number = Ui.whole(String.valueOf(row + 1), "plan-number");
    numbers.add(number);
    Label head = Ui.label(title, "strong");
    Label body = Ui.label(text, "muted");
    body.setWrapText(true);
    VBox words = new VBox(1, head, body);
    GridPane.setHgrow(words, Priority.ALWAYS);
    Label pill = Ui.whole("", "pill");
    pills.add(pill);
    plan.addRow(row, number, words, pill);
    GridPane.setValignment(number, VPos.TOP);
    GridPane.setValignment(pill, VPos.TOP);
    GridPane.setHalignment(pill, HPos.RIGHT);
  }

  private void showGuide(HomeViewModel.Guide guide, FlowPane look, Label lead) {
    List<HomeViewModel.Step> steps = List.of(guide.preference(), guide.policy(), guide.reading());
    for (int i = 0; i < steps.size(); i++) {
      Label pill = pills.get(i);
      boolean begun = steps.get(i) != HomeViewModel.Step.WAITS;
      boolean done = steps.get(i) == HomeViewModel.Step.DONE;
      numbers.get(i).setText(done ? "" : String.valueOf(i + 1));
      numbers.get(i).setGraphic(done ? Ui.icon(Feather.CHECK) : null);
      numbers.get(i).setAccessibleText(String.valueOf(i + 1));
      pill.setVisible(begun);
      pill.setManaged(begun);
      pill.setText(done ? Strings.text("home.step.done") : Strings.text("home.step.runs"));
      pill.getStyleClass().remove("pill-running");
      if (!done) {
        pill.getStyleClass().add("pill-running");
      }
    }
    boolean policy = guide.policy() != HomeViewModel.Step.WAITS;
    look.setVisible(policy);
    look.setManaged(policy);
    lead.setVisible(!guide.done());
    lead.setManaged(!guide.done());
  }

  private VBox news(News what, VBox page) {
    VBox items = new VBox(6);
    for (News.Item item : what.items()) {
      Label line =
          Ui.label(item.head().isEmpty() ? item.first() : item.head() + " – " + item.first());
      line.setWrapText(true);
      line.setMinHeight(Label.USE_PREF_SIZE);
      items.getChildren().add(line);
    }
    ScrollPane scroll = new ScrollPane(items);
    scroll.setFitToWidth(true);
    scroll.setPrefViewportHeight(150);
    scroll.setMinHeight(90);
    scroll.getStyleClass().addAll("card-scroll", "scrolled");
    VBox card = new VBox();
    Button close =
        Ui.iconButton(
            Strings.text("home.news.close"),
            Feather.X,
            () -> {
              page.getChildren().remove(card);
              ways.readNews().run();
            });
    close.setId("home-news-close");
    card.setId("home-news");
    card.getStyleClass().add("card");
    card.getChildren()
        .setAll(
            Ui.row(
                10,
                Ui.label(Strings.text("home.news", what.version()), "card-title"),
                Ui.spring(),
                close),
            scroll);
    return card;
  }

  private void updateJobs(List<Job> now) {
    jobsCard.setVisible(!now.isEmpty());
    jobsCard.setManaged(!now.isEmpty());
    jobs.getChildren().clear();
    for (Job job : now) {
      Hyperlink name = new Hyperlink(job.name());
      name.setMnemonicParsing(false);
      name.getStyleClass().add("run-link");
      name.setOnAction(event -> job.open().run());
      ProgressBar bar = new ProgressBar(Math.max(0, job.fraction()));
      bar.getStyleClass().add("small");
      bar.setAccessibleText(job.name());
      bar.setMaxWidth(Double.MAX_VALUE);
      jobs.getChildren()
          .add(
              new VBox(
                  4,
                  Ui.row(10, name, Ui.spring(), Ui.label(job.rest(), "muted", "small-text")),
                  bar));
    }
  }

  private void updatePlaces() {
    List<Action> others = ways.workspaces().get();
    placesCard.setVisible(!others.isEmpty());
    placesCard.setManaged(!others.isEmpty());
    places.getChildren().clear();
    for (Action each : others) {
      Hyperlink open = new Hyperlink(each.text());
      open.setMnemonicParsing(false);
      open.setGraphic(Ui.icon(each.icon()));
      open.getStyleClass().add("run-link");
      open.setWrapText(true);
      open.setOnAction(event -> each.run());
      places.getChildren().add(open);
    }
  }

  private void stopOrContinue(StudyItem item) {
    if (item.canContinue()) {
      studies.resume(item);
    } else {
      studies.stop(item);
    }
  }

  private void updateStudy(StudyItem item) {
    boolean sample = item.progress().name().equals(SampleWorkspace.STUDY_NAME);
    studyName.setText(
        sample ? Strings.text("home.stages") : Strings.text("jobs.study", item.progress().name()));
    String note =
        switch (item.progress().state()) {
          case STOPPED -> Strings.text("home.study.stopped", item.place(), item.size());
          case LOST -> Strings.text("home.study.lost", item.place(), item.size());
          case FAILED ->
              Strings.text(
                  "home.study.early",
                  RunWords.state(item.progress().state()),
                  item.progress().detail());
          default -> "";
        };
    studyNote.setText(note);
    studyNote.setVisible(!note.isEmpty());
    studyNote.setManaged(!note.isEmpty());
    studyAct.setText(
        item.stopping()
            ? Strings.text("study.stopping")
            : item.canContinue() ? Strings.text("study.continue") : Strings.text("study.stop"));
    studyAct.setGraphic(Ui.icon(item.canContinue() ? Feather.PLAY : Feather.SQUARE));
    studyAct.setDisable(!item.canStop() && !item.canContinue());
    studyAct.setVisible(item.progress().running() || item.canContinue());
  }

  private void updateStages(List<HomeViewModel.Stage> list) {
    stagesCard.setVisible(!list.isEmpty());
    stagesCard.setManaged(!list.isEmpty());
    stages.getChildren().clear();
    for (HomeViewModel.Stage stage : list) {
      Label pill = Ui.whole(stage.state(), "pill", stage.pill());
      ProgressBar bar = new ProgressBar(stage.fraction() < 0 ? 0 : stage.fraction());
      bar.getStyleClass().add("small");
      bar.setAccessibleText(stage.title());
      bar.setMaxWidth(Double.MAX_VALUE);
      Label note = Ui.label(stage.note(), "muted", "small-text");
      note.setWrapText(true);
      note.setManaged(!stage.note().isEmpty());
      stages
          .getChildren()
          .add(new VBox(5, Ui.row(10, Ui.label(stage.title()), Ui.spring(), pill), bar, note));
    }
  }

  private void updateRuns(List<RunRow> list) {
    runsCard.setVisible(!list.isEmpty());
    runsCard.setManaged(!list.isEmpty());
    runs.getChildren().clear();
    int line = 0;
    for (RunRow run : list) {
      Button open = new Button(run.name());
      open.getStyleClass().addAll("flat", "run-link");
      open.setOnAction(event -> openLive.accept(run));
      open.setMnemonicParsing(false);
      Label facts =
          Ui.label(
              RunWords.stage(run.stage())
                  + " · "
                  + RunWords.progress(run)
                  + " · "
                  + Numbers.duration(run.activeSeconds()),
              "muted",
              "small-text");
      GridPane.setHgrow(facts, Priority.ALWAYS);
      Label pill = Ui.whole(RunWords.state(run.state()), "pill", RunWords.pill(run.state()));
      GridPane.setHalignment(pill, HPos.RIGHT);
      runs.addRow(line++, open, facts, pill);
    }
  }
}
