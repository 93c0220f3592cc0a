package dev.plumbline.app.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.SimpleStringProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The list of what goes on, under the pill at the top right: how far, and a way to stop it. */
final class JobsPanel extends StackPane {
  private final VBox list = new VBox(14);
  private final Label none = Ui.label(Strings.text("jobs.none"), "muted");
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private List<Job> jobs = List.of();
  private @Nullable Node before;

  JobsPanel(ShellViewModel model) {
    setId("jobs");
    setVisible(false);
    getStyleClass().add("jobs-veil");
    setAlignment(Pos.TOP_RIGHT);
    VBox box = new VBox(12, Ui.label(Strings.text("jobs.title"), "card-title"), none, list);
    box.getStyleClass().add("jobs");
    box.setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
    getChildren().add(box);
    setOnMousePressed(
        event -> {
          if (event.getTarget() == this) {
            close();
          }
        });
    addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.ESCAPE) {
            event.consume();
            close();
          }
        });
    model.jobs().subscribe(this::update);
  }

  /** Opens the list, or closes it. */
  void toggle() {
    if (isVisible()) {
      close();
      return;
    }
    before = getScene().getFocusOwner();
    setVisible(true);
    // Escape must be heard although nothing goes on and there is no button to press.
    setFocusTraversable(rows.isEmpty());
    if (rows.isEmpty()) {
      requestFocus();
    } else {
      rows.values().iterator().next().name.requestFocus();
    }
  }

  private void close() {
    setVisible(false);
    if (before != null) {
      before.requestFocus();
      before = null;
    }
  }

  /** Changes rows in place, so that a button that has the focus keeps it. */
  private void update(List<Job> next) {
    jobs = next;
    List<String> ids = next.stream().map(Job::id).toList();
    if (!ids.equals(new ArrayList<>(rows.keySet()))) {
      rows.keySet().retainAll(ids);
      Map<String, Row> ordered = new LinkedHashMap<>();
      for (Job job : jobs) {
        Row known = rows.get(job.id());
        ordered.put(job.id(), known == null ? new Row(job) : known);
      }
      rows.clear();
      rows.putAll(ordered);
      list.getChildren().setAll(rows.values());
    }
    jobs.forEach(job -> show(rows.get(job.id()), job));
    keepFocus();
    none.setVisible(jobs.isEmpty());
    none.setManaged(jobs.isEmpty());
  }

  /** The row that had the focus may be gone, and Escape must be heard still. */
  private void keepFocus() {
    if (!isVisible() || getScene() == null) {
      return;
    }
    for (Node node = getScene().getFocusOwner(); node != null; node = node.getParent()) {
      if (node.equals(this)) {
        return;
      }
    }
    setFocusTraversable(true);
    requestFocus();
  }

  private static void show(@Nullable Row row, Job job) {
    if (row != null) {
      row.show(job);
    }
  }

  /** One job. */
  private final class Row extends VBox {
    private final Hyperlink name = new Hyperlink();
    private final Label rest = Ui.whole("", "muted", "small-text");
    private final ProgressBar bar = new ProgressBar(0);
    private final Label detail = Ui.label("", "muted", "small-text");
    private final Button stop;
    private final SimpleStringProperty obstacle = new SimpleStringProperty("");
    private Job job;

    Row(Job first) {
      super(5);
      job = first;
      name.setId("job-" + first.id());
      name.setOnAction(
          event -> {
            name.setVisited(false);
            close();
            job.open().run();
          });
      stop = Ui.button("", Feather.SQUARE, () -> job.stop().run());
      stop.setId("stop-" + first.id());
      stop.getStyleClass().add("small");
      stop.setMinWidth(USE_PREF_SIZE);
      bar.getStyleClass().add("small");
      bar.setMaxWidth(Double.MAX_VALUE);
      detail.setWrapText(true);
      getChildren()
          .addAll(
              Ui.row(10, name, Ui.spring(), rest),
              bar,
              Ui.row(10, detail, Ui.spring(), Ui.guard(stop, obstacle)));
    }

    void show(Job next) {
      job = next;
      name.setText(next.name());
      rest.setText(next.rest().equals(next.detail()) ? "" : next.rest());
      bar.setProgress(Math.max(0, next.fraction()));
      bar.setAccessibleText(next.name());
      detail.setText(
          next.device().isEmpty() || next.detail().isEmpty()
              ? next.device() + next.detail()
              : next.device() + " · " + next.detail());
      stop.setText(next.stopText());
      stop.setVisible(!next.stopText().isEmpty());
      stop.setManaged(stop.isVisible());
      stop.setDisable(!next.canStop());
      obstacle.set(next.obstacle());
    }
  }
}
