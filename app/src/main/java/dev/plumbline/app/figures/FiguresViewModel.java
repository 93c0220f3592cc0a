package dev.plumbline.app.figures;

import dev.plumbline.app.feed.RewardFigure;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.FigureStyle;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.workspace.RunRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The figure for the paper: which runs, how wide, in what style; and its files. */
public final class FiguresViewModel implements AutoCloseable {
  /** The looks of exported figures. */
  public enum Look {
    /** For print: dashes besides colours, no title. */
    PAPER,
    /** For a light slide. */
    LIGHT,
    /** For a dark slide. */
    DARK
  }

  private final WorkspaceFeed feed;
  private final String version;
  private final ExecutorService writer = FxBridge.pool("export", 1);
  private final ReadOnlyObjectWrapper<List<RunRow>> policies =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<Figure> figure =
      new ReadOnlyObjectWrapper<>(
          PaperFigures.rewardAgainstSqrtKl(List.of(), PaperFigures.Options.ALL));
  private final Set<String> chosen = new LinkedHashSet<>();
  private FigureSize.Venue venue;
  private Look look = Look.PAPER;
  private boolean gold = true;
  private boolean shown;
  private boolean started;

  public FiguresViewModel(WorkspaceFeed feed, String version, FigureSize.Venue venue) {
    this.feed = feed;
    this.version = version;
    this.venue = venue;
    feed.snapshot().subscribe(this::changed);
  }

  /** Runs that have the figure's rows. */
  public ReadOnlyObjectProperty<List<RunRow>> policies() {
    return policies.getReadOnlyProperty();
  }

  /** The figure as it would be written now. */
  public ReadOnlyObjectProperty<Figure> figure() {
    return figure.getReadOnlyProperty();
  }

  public FigureSize.Venue venue() {
    return venue;
  }

  public void setVenue(FigureSize.Venue value) {
    venue = value;
  }

  public void setLook(Look value) {
    look = value;
  }

  /** Whether the gold reward is drawn. */
  public void setGold(boolean value) {
    gold = value;
    refresh();
  }

  public boolean isChosen(RunRow run) {
    return chosen.contains(run.id());
  }

  /** Takes a run into the figure, or out of it. */
  public void choose(RunRow run, boolean value) {
    boolean changed = value ? chosen.add(run.id()) : chosen.remove(run.id());
    if (changed) {
      refresh();
    }
  }

  public void setShown(boolean value) {
    shown = value;
    changed(feed.snapshot().get());
  }

  /** The style at the venue's sizes. */
  public FigureStyle style() {
    FigureStyle paper = venue.style();
    return switch (look) {
      case PAPER -> paper;
      case LIGHT -> FigureStyle.light().withSize(paper.size()).withCaption(false);
      case DARK -> FigureStyle.dark().withSize(paper.size()).withCaption(false);
    };
  }

  /** Writes the figure; tells the file, or what went wrong in one line, on the JavaFX thread. */
  public void export(
      FigureExport.Format format, Path file, Consumer<Path> done, Consumer<String> problem) {
    Figure current = figure.get();
    FigureStyle style = style();
    FigureSize size = venue.size();
    writer.execute(
        () -> {
          try {
            FigureExport.write(format, current, style, size, file);
            FxBridge.run(() -> done.accept(file));
          } catch (IOException e) {
            FxBridge.run(() -> problem.accept(file + ": " + e.getMessage()));
          }
        });
  }

  /** Lets a file that is being written be finished, and takes no more. */
  @Override
  public void close() {
    writer.shutdown();
  }

  private void changed(Snapshot snapshot) {
    List<RunRow> runs =
        snapshot.runs().stream()
            .filter(run -> run.stage().equals("rlhf") && run.step() > 0)
            .toList();
    if (!started && !runs.isEmpty()) {
      started = true;
      chosen.add(runs.getFirst().id());
    }
    if (!policies.get().equals(runs)) {
      policies.set(runs);
    }
    refresh();
  }

  private void refresh() {
    if (!shown) {
      return;
    }
    List<RunRow> runs =
        feed.snapshot().get().runs().stream().filter(run -> chosen.contains(run.id())).toList();
    boolean withGold = gold;
    feed.read(
        reader -> {
          PaperFigures.Options all = PaperFigures.Options.ALL;
          return RewardFigure.of(
                  reader,
                  runs,
                  new PaperFigures.Options(
                      all.fit(), all.lines(), all.theory(), withGold, all.marks()),
                  version)
              .figure();
        },
        next -> {
          if (!next.equals(figure.get())) {
            figure.set(next);
          }
        });
  }
}
