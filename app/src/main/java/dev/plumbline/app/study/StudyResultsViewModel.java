package dev.plumbline.app.study;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.StudyFigures;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.workspace.StudyRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/** The studies with their results: claims, figures, and the tables behind them. */
public final class StudyResultsViewModel implements AutoCloseable {
  private final WorkspaceFeed feed;
  private final RunControl control;
  private final Consumer<String> onProblem;
  private final String version;
  private final ExecutorService writer = FxBridge.pool("study-export", 1);
  private final ReadOnlyObjectWrapper<StudyResultsState> state =
      new ReadOnlyObjectWrapper<>(StudyResultsState.EMPTY);
  private @Nullable String wantedStudy;
  private @Nullable String wantedTable;
  private boolean shown;
  private boolean reading;
  private boolean again;

  /**
   * @param version version of the program, for the figures' provenance
   */
  public StudyResultsViewModel(
      WorkspaceFeed feed, RunControl control, String version, Consumer<String> onProblem) {
    this.feed = feed;
    this.control = control;
    this.version = version;
    this.onProblem = onProblem;
    feed.snapshot().subscribe(snapshot -> refresh());
  }

  /** What is shown; changes on the JavaFX thread only. */
  public ReadOnlyObjectProperty<StudyResultsState> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether anybody looks. */
  public void setShown(boolean value) {
    shown = value;
    refresh();
  }

  /** Shows a study's results. */
  public void choose(String studyId) {
    if (!studyId.equals(wantedStudy)) {
      wantedStudy = studyId;
      wantedTable = null;
      refresh();
    }
  }

  /** Shows one of the chosen study's tables. */
  public void chooseTable(String name) {
    if (!name.equals(wantedTable)) {
      wantedTable = name;
      refresh();
    }
  }

  /** Starts a ready study. */
  public void start(String name) {
    wantedStudy = null; // the newest: the one that begins
    control.startReadyStudy(name, onProblem);
  }

  /** Writes a figure; tells the file, or what went wrong in one line, on the JavaFX thread. */
  public void export(Figure figure, FigureSize.Venue venue, Path file, Consumer<Path> done) {
    Optional<FigureExport.Format> format = FigureExport.Format.ofFile(file);
    if (format.isEmpty()) {
      onProblem.accept(
          file
              + ": its ending says no format; use .pdf, .svg, .png, .csv, .tex, .vl.json or .json");
      return;
    }
    writer.execute(
        () -> {
          try {
            FigureExport.write(format.get(), figure, venue.style(), venue.size(), file);
            FxBridge.run(() -> done.accept(file));
          } catch (IOException e) {
            FxBridge.run(() -> onProblem.accept(file + ": " + e.getMessage()));
          }
        });
  }

  private void refresh() {
    if (!shown) {
      return;
    }
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    StudyResultsState before = state.get();
    List<StudyRow> studies = feed.snapshot().get().results();
    String study = wantedStudy;
    String table = wantedTable;
    feed.read(
        reader -> read(reader, studies, before, study, table),
        next -> {
          reading = false;
          if (!next.equals(state.get())) {
            state.set(next);
          }
          if (again) {
            again = false;
            refresh();
          }
        });
  }

  /** On the reading thread. Results are read again only where the study's record has changed. */
  private StudyResultsState read(
      RunReader reader,
      List<StudyRow> studies,
      StudyResultsState before,
      @Nullable String study,
      @Nullable String table) {
    Optional<StudyRow> chosen =
        studies.stream()
            .filter(row -> study == null || row.id().equals(study))
            .findFirst()
            .or(() -> studies.stream().findFirst());
    if (chosen.isEmpty() || !chosen.get().analysed()) {
      return new StudyResultsState(
          studies, chosen, List.of(), List.of(), List.of(), Optional.empty());
    }
    String id = chosen.get().id();
    List<String> tables = reader.studyTables(id);
    boolean same = before.chosen().equals(chosen) && before.tables().equals(tables);
    List<PaperCard> cards = reader.cards(id);
    List<StudyFigures.Drawn> figures =
        same && before.cards().equals(cards) ? before.figures() : reader.studyFigures(id, version);
    String name =
        table != null && tables.contains(table) ? table : tables.isEmpty() ? "" : tables.getFirst();
    return new StudyResultsState(
        studies, chosen, cards, figures, tables, reader.studyTable(id, name));
  }

  /** Lets a file that is being written be finished, and takes no more. */
  @Override
  public void close() {
    writer.shutdown();
  }
}
