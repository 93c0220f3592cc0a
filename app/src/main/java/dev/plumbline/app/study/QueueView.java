package dev.plumbline.app.study;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.workspace.QueueLine;
import dev.plumbline.workspace.QueueSheet;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/**
 * The queue: its terms above, the entries in their order, and what can be done to the chosen one.
 */
public final class QueueView implements View {
  private static final int MOST_AT_A_TIME = 8;
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ENGLISH);

  private final QueueViewModel model;
  private final Clock clock;
  private final Consumer<QueueEntry> open;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ListView<QueueLine> list = new ListView<>();
  private final Label summary = Ui.label("", "muted");
  private final ToggleButton hold =
      new ToggleButton(Strings.text("queue.hold"), Ui.icon(Feather.PAUSE));
  private final ChoiceBox<Integer> many = new ChoiceBox<>();
  private final Button up;
  private final Button down;
  private final Button pause;
  private final Button resume;
  private final Button cancel;
  private final Button clear;
  private final HBox stalled;
  private final StackPane root = new StackPane();
  private final Node empty;
  private final Node page;
  private boolean filling;

  /**
   * @param ready the ready studies
   * @param obstacle why nothing can be changed, or empty
   * @param open shows what an entry is about
   */
  public QueueView(
      QueueViewModel model,
      List<StudyPlan.About> ready,
      ObservableStringValue obstacle,
      Clock clock,
      Consumer<QueueEntry> open) {
    this.model = model;
    this.clock = clock;
    this.open = open;
    up = act(Strings.text("queue.up"), Feather.ARROW_UP, "queue-up", line -> model.shift(line, -1));
    down =
        act(Strings.text("queue.down"), Feather.ARROW_DOWN, "queue-down", l -> model.shift(l, 1));
    pause = act(Strings.text("queue.pause"), Feather.PAUSE, "queue-pause", model::pause);
    resume = act(Strings.text("queue.resume"), Feather.PLAY, "queue-resume", model::resume);
    cancel = act(Strings.text("queue.cancel"), Feather.X, "queue-cancel", model::cancel);
    clear = Ui.button(Strings.text("queue.clear"), Feather.CHECK, model::clear);
    clear.setId("queue-clear");
    clear.getStyleClass().addAll("flat", "small");
    clear.setMinWidth(Region.USE_PREF_SIZE);

    hold.setId("queue-hold");
    hold.setMinWidth(Region.USE_PREF_SIZE);
    hold.setOnAction(event -> model.setPaused(hold.isSelected()));
    Ui.tip(hold, Strings.text("queue.hold.tip"));
    terms();

    list.setId("queue");
    list.setAccessibleText(Strings.text("queue.title"));
    list.getStyleClass().add("plain-list");
    list.setCellFactory(ignored -> new Cell());
    list.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    list.getSelectionModel().selectedItemProperty().subscribe(line -> tellButtons());
    VBox.setVgrow(list, Priority.ALWAYS);

    Button wake = Ui.button(Strings.text("queue.wake"), Feather.PLAY, model::wake);
    wake.setId("queue-wake");
    wake.setMinWidth(Region.USE_PREF_SIZE);
    Label gone = Ui.label(Strings.text("queue.stalled"));
    gone.setWrapText(true);
    gone.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(gone, Priority.ALWAYS);
    stalled = Ui.row(10, Ui.icon(Feather.ALERT_TRIANGLE), gone, wake);
    stalled.getStyleClass().add("banner");

    summary.setId("queue-summary");
    summary.setWrapText(true);
    summary.setMinHeight(Region.USE_PREF_SIZE);
    Label manyLabel = Ui.whole(Strings.text("queue.many"), "muted");
    manyLabel.setLabelFor(many);
    HBox head =
        Ui.row(
            8,
            Ui.whole(Strings.text("queue.title"), "card-title"),
            Ui.spring(),
            manyLabel,
            many,
            hold,
            addMenu(ready, "queue-add"));
    Label keys = Ui.label(Strings.text("queue.keys"), "subtle", "small-text");
    keys.setMinWidth(0);
    HBox acts = Ui.row(6, up, down, pause, resume, cancel, Ui.spring(), keys, clear);
    VBox card = Ui.card(head, summary, stalled, acts, list);
    page = Ui.guard(card, obstacle);
    empty =
        Ui.empty(
            Feather.LIST,
            Strings.text("queue.empty"),
            Strings.text("queue.empty.text"),
            Ui.guard(addMenu(ready, "queue-add-first"), obstacle));
    root.getChildren().setAll(page, empty);
    model.sheet().subscribe(this::update);
  }

  private void terms() {
    many.setId("queue-many");
    many.setPrefWidth(110);
    many.setAccessibleText(Strings.text("queue.many"));
    for (int i = 1; i <= MOST_AT_A_TIME; i++) {
      many.getItems().add(i);
    }
    many.getItems().add(0);
    many.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(@Nullable Integer value) {
            return value == null
                ? ""
                : value == 0 ? Strings.text("queue.many.all") : Integer.toString(value);
          }

          @Override
          public Integer fromString(String text) {
            throw new UnsupportedOperationException("the box is not typed into");
          }
        });
    Ui.tip(many, Strings.text("queue.many.tip"));
    many.valueProperty()
        .subscribe(
            value -> {
              if (value != null && !filling) {
                model.setAtATime(value);
              }
            });
  }

  private MenuButton addMenu(List<StudyPlan.About> ready, String id) {
    return ReadyStudiesMenu.of(
        Strings.text("queue.add"),
        Feather.PLUS,
        ready,
        id,
        name -> model.add(new RunControl.Queued.ReadyStudy(name)));
  }

  private Button act(String text, Feather icon, String id, Consumer<QueueLine> task) {
    Button button = Ui.iconButton(text, icon, () -> chosen().ifPresent(task));
    button.setId(id);
    return button;
  }

  private Optional<QueueLine> chosen() {
    return Optional.ofNullable(list.getSelectionModel().getSelectedItem());
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  private void key(KeyEvent event) {
    Optional<QueueLine> line = chosen();
    if (line.isEmpty()) {
      return;
    }
    boolean taken = true;
    if (event.isAltDown() && event.getCode() == KeyCode.UP) {
      model.shift(line.get(), -1);
    } else if (event.isAltDown() && event.getCode() == KeyCode.DOWN) {
      model.shift(line.get(), 1);
    } else if (event.getCode() == KeyCode.DELETE) {
      model.cancel(line.get());
    } else if (event.getCode() == KeyCode.SPACE) {
      if (QueueViewModel.canResume(line.get())) {
        model.resume(line.get());
      } else {
        model.pause(line.get());
      }
    } else if (event.getCode() == KeyCode.ENTER) {
      open.accept(line.get().entry());
    } else {
      taken = false;
    }
    if (taken) {
      event.consume();
    }
  }

  // ------------------------------------------------------------------------------------ update

  private void update(QueueSheet sheet) {
    boolean any = !sheet.lines().isEmpty();
    page.setVisible(any);
    empty.setVisible(!any);
    filling = true;
    try {
      long before = chosen().map(line -> line.entry().number()).orElse(-1L);
      if (!list.getItems().equals(sheet.lines())) {
        list.getItems().setAll(sheet.lines());
        sheet.lines().stream()
            .filter(line -> line.entry().number() == before)
            .findFirst()
            .ifPresentOrElse(
                line -> list.getSelectionModel().select(line),
                () -> list.getSelectionModel().selectFirst());
      }
      if (!many.getItems().contains(sheet.terms().atATime())) {
        many.getItems().add(sheet.terms().atATime());
      }
      many.setValue(sheet.terms().atATime());
      hold.setSelected(sheet.terms().paused());
    } finally {
      filling = false;
    }
    stalled.setVisible(sheet.isStalled());
    stalled.setManaged(sheet.isStalled());
    clear.setDisable(sheet.lines().stream().noneMatch(line -> line.entry().state().isOver()));
    summary.setText(words(sheet));
    subject.set(sheet.open() == 0 ? "" : Strings.text("queue.subject", sheet.open()));
    tellButtons();
  }

  private void tellButtons() {
    Optional<QueueLine> line = chosen();
    List<QueueLine> movable = list.getItems().stream().filter(QueueViewModel::canMove).toList();
    boolean canMove = line.filter(QueueViewModel::canMove).isPresent();
    up.setDisable(!canMove || movable.getFirst().equals(line.get()));
    down.setDisable(!canMove || movable.getLast().equals(line.get()));
    pause.setDisable(line.filter(QueueViewModel::canPause).isEmpty());
    resume.setDisable(line.filter(QueueViewModel::canResume).isEmpty());
    cancel.setDisable(line.filter(QueueViewModel::canCancel).isEmpty());
  }

  private String words(QueueSheet sheet) {
    StringBuilder text =
        new StringBuilder(
            Strings.text(
                "queue.summary",
                sheet.in(QueueEntry.State.RUNNING).size(),
                sheet.in(QueueEntry.State.WAITING).size()));
    if (Double.isFinite(sheet.secondsLeft())) {
      text.append("  ·  ")
          .append(
              Strings.text(
                  "queue.left", Numbers.duration(sheet.secondsLeft()), at(sheet.secondsLeft())));
    }
    if (sheet.unknown() > 0) {
      text.append("  ·  ").append(Strings.text("queue.unknown", sheet.unknown()));
    }
    if (sheet.terms().paused()) {
      text.append("  ·  ").append(Strings.text("queue.held"));
    }
    return text.toString();
  }

  /** The time of day that is so many seconds away. */
  private String at(double seconds) {
    ZonedDateTime now = ZonedDateTime.now(clock);
    ZonedDateTime end = now.plusSeconds(Math.round(seconds));
    LocalTime time = end.toLocalTime();
    return end.toLocalDate().equals(now.toLocalDate()) ? CLOCK.format(time) : DAY.format(end);
  }

  private static String state(QueueEntry entry) {
    return switch (entry.wish()) {
      case PAUSE -> Strings.text("queue.state.pausing");
      case CANCEL -> Strings.text("queue.state.stopping");
      case NONE ->
          switch (entry.state()) {
            case WAITING -> Strings.text("queue.state.waiting");
            case RUNNING -> Strings.text("queue.state.running");
            case PAUSED -> Strings.text("queue.state.paused");
            case FINISHED -> Strings.text("queue.state.finished");
            case FAILED -> Strings.text("queue.state.failed");
            case CANCELLED -> Strings.text("queue.state.cancelled");
          };
    };
  }

  private static String style(QueueEntry entry) {
    return switch (entry.state()) {
      case RUNNING -> entry.wish() == QueueEntry.Wish.NONE ? "pill-running" : "pill-paused";
      case PAUSED -> "pill-paused";
      case FAILED -> "pill-failed";
      case WAITING, FINISHED, CANCELLED -> "pill-quiet";
    };
  }

  /** An entry: what it is and where it stands, how far it is, and when it will be done. */
  private final class Cell extends ListCell<QueueLine> {
    private final Label title = Ui.label("", "strong");
    private final Label about = Ui.label("", "muted", "small-text");
    private final Label state = Ui.whole("", "pill");
    private final ProgressBar bar = new ProgressBar(0);
    private final Label far = Ui.label("", "subtle", "small-text");
    private final Label left = Ui.label("");
    private final Label end = Ui.label("", "subtle", "small-text");
    private final GridPane grid = new GridPane();

    Cell() {
      bar.setMaxWidth(Double.MAX_VALUE);
      bar.getStyleClass().add("thin");
      VBox what = new VBox(2, title, about);
      what.setMinWidth(0);
      VBox progress = new VBox(4, bar, far);
      progress.setAlignment(Pos.CENTER_LEFT);
      VBox times = new VBox(2, left, end);
      times.setAlignment(Pos.CENTER_RIGHT);
      ColumnConstraints first = new ColumnConstraints();
      first.setHgrow(Priority.ALWAYS);
      first.setMinWidth(120);
      ColumnConstraints second = new ColumnConstraints(96);
      second.setHalignment(HPos.CENTER);
      ColumnConstraints third = new ColumnConstraints(150);
      ColumnConstraints fourth = new ColumnConstraints(130);
      fourth.setHalignment(HPos.RIGHT);
      grid.getColumnConstraints().setAll(first, second, third, fourth);
      grid.setHgap(14);
      grid.addRow(0, what, state, progress, times);
      setPrefWidth(0);
      setOnMouseClicked(
          event -> {
            if (event.getClickCount() == 2 && getItem() != null) {
              open.accept(getItem().entry());
            }
          });
      drag();
    }

    private void drag() {
      setOnDragDetected(
          event -> {
            if (getItem() != null && QueueViewModel.canMove(getItem())) {
              ClipboardContent content = new ClipboardContent();
              content.putString(Long.toString(getItem().entry().number()));
              startDragAndDrop(TransferMode.MOVE).setContent(content);
              event.consume();
            }
          });
      setOnDragOver(
          event -> {
            if (event.getGestureSource() instanceof Cell
                && getItem() != null
                && QueueViewModel.canMove(getItem())) {
              event.acceptTransferModes(TransferMode.MOVE);
            }
            event.consume();
          });
      setOnDragDropped(
          event -> {
            boolean done = false;
            if (getItem() != null && event.getGestureSource() instanceof Cell source) {
              QueueLine moved = source.getItem();
              if (moved != null) {
                model.moveOnto(moved, getItem());
                done = true;
              }
            }
            event.setDropCompleted(done);
            event.consume();
          });
    }

    @Override
    protected void updateItem(@Nullable QueueLine line, boolean blank) {
      super.updateItem(line, blank);
      if (line == null || blank) {
        setGraphic(null);
        setAccessibleText(null);
        return;
      }
      QueueEntry entry = line.entry();
      title.setText(entry.title());
      about.setText(
          (entry.kind() == QueueEntry.Kind.STUDY
                  ? Strings.text("queue.study", entry.target())
                  : Strings.text("queue.run", entry.target()))
              + (entry.detail().isEmpty() ? "" : "  ·  " + entry.detail()));
      state.setText(state(entry));
      state.getStyleClass().setAll("label", "pill", style(entry));
      boolean known = Double.isFinite(line.fraction());
      bar.setProgress(known ? line.fraction() : 0);
      bar.setVisible(known && (line.fraction() > 0 || entry.state() == QueueEntry.State.RUNNING));
      far.setText(
          line.total() == 0
              ? ""
              : entry.kind() == QueueEntry.Kind.STUDY
                  ? Strings.text("studies.done", line.done(), line.total())
                  : Strings.text("queue.steps", line.done(), line.total()));
      boolean over = entry.state().isOver();
      left.setText(
          over
              ? ""
              : Double.isFinite(line.secondsLeft())
                  ? Strings.text("queue.work", Numbers.duration(line.secondsLeft()))
                  : Strings.text("queue.work.unknown"));
      end.setText(
          Double.isFinite(line.endsIn()) ? Strings.text("queue.ends", at(line.endsIn())) : "");
      setAccessibleText(
          String.join(
              ", ",
              title.getText(),
              state.getText(),
              far.getText(),
              left.getText(),
              end.getText()));
      setGraphic(grid);
    }
  }
}
