package dev.plumbline.app.figures;

import dev.plumbline.app.feed.FigureSource;
import dev.plumbline.app.feed.RewardFigure;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureBatch;
import dev.plumbline.figure.FigureEdit;
import dev.plumbline.figure.FigureEditJson;
import dev.plumbline.figure.FigureEdits;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureJson;
import dev.plumbline.figure.FigureSheet;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.HouseStyle;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.figure.catalogue.PaperIndex;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.StoredFigure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * The figures of the paper and the project: which is shown, what was changed of it, how it looks,
 * and its files. What is shown is what is exported. Changes are kept in the workspace as they are
 * made.
 */
public final class FiguresViewModel implements AutoCloseable {
  /** Key of the chart of policies in training, which is drawn from the runs that are ticked. */
  public static final String POLICIES = "policies";

  private static final int MOST_PANELS = 12;

  private final WorkspaceFeed feed;
  private final String version;
  private final ExecutorService writer = FxBridge.pool("export", 1);
  private final ReadOnlyObjectWrapper<List<RunRow>> policies =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<FiguresState> state;
  private final Set<String> chosenRuns = new LinkedHashSet<>();
  private boolean gold = true;
  private boolean shown;
  private boolean started;
  private String known = "";

  public FiguresViewModel(WorkspaceFeed feed, String version, FigureSize.Venue venue) {
    this.feed = feed;
    this.version = version;
    this.state =
        new ReadOnlyObjectWrapper<>(
            new FiguresState(
                entries(List.of()),
                POLICIES,
                PaperFigures.rewardAgainstSqrtKl(List.of(), PaperFigures.Options.ALL),
                FigureEdits.NONE,
                HouseStyle.of(venue),
                List.of(),
                Optional.empty()));
    feed.snapshot().subscribe(this::changed);
  }

  /** What is shown. */
  public ReadOnlyObjectProperty<FiguresState> state() {
    return state.getReadOnlyProperty();
  }

  /** Runs that the chart of policies can be drawn from. */
  public ReadOnlyObjectProperty<List<RunRow>> policies() {
    return policies.getReadOnlyProperty();
  }

  // ---------------------------------------------------------------------------- the catalogue

  /** Shows a figure of the catalogue; one that cannot be drawn is left where it is. */
  public void choose(String key) {
    Optional<FigureEntry> entry =
        state.get().entries().stream().filter(each -> each.key().equals(key)).findFirst();
    if (entry.isEmpty() || !entry.get().isDrawn()) {
      return;
    }
    if (key.equals(POLICIES)) {
      state.set(
          state
              .get()
              .with(
                  POLICIES,
                  PaperFigures.rewardAgainstSqrtKl(List.of(), PaperFigures.Options.ALL),
                  FigureEdits.NONE));
      refreshPolicies();
      return;
    }
    FigureEntry wanted = entry.get();
    feed.read(
        reader -> reader.figure(wanted.key(), wanted.name(), version),
        found -> found.ifPresent(source -> show(wanted.key(), source)));
  }

  private void show(String key, FigureSource.Found found) {
    FiguresState next = state.get().with(key, found.figure(), found.edits());
    state.set(found.style().map(next::with).orElse(next));
  }

  private List<FigureEntry> entries(List<FigureSource> sources) {
    List<FigureEntry> entries = new ArrayList<>();
    entries.add(
        new FigureEntry(
            POLICIES,
            Strings.text("figures.place", 13),
            Strings.text("figures.title"),
            Strings.text("figures.policies"),
            FigureEntry.Kind.READY,
            "reward-sqrt-kl"));
    for (PaperIndex.Entry figure : PaperIndex.all()) {
      boolean any = false;
      for (FigureSource source : sources) {
        if (source.number() == figure.number()) {
          any = true;
          entries.add(entry(source));
        }
      }
      if (!any) {
        entries.add(missing(figure));
      }
    }
    for (FigureSource source : sources) {
      if (source.number() == 0) {
        entries.add(entry(source));
      }
    }
    return entries;
  }

  private static FigureEntry entry(FigureSource source) {
    return new FigureEntry(
        source.key(),
        source.place(),
        source.title(),
        source.from(),
        source.kept() ? FigureEntry.Kind.KEPT : FigureEntry.Kind.READY,
        source.name());
  }

  private static FigureEntry missing(PaperIndex.Entry figure) {
    String needs =
        figure.isDrawn()
            ? Strings.text(
                "figures.needs",
                figure.studies().isEmpty()
                    ? figure.runs().getFirst().stage()
                    : figure.studies().getFirst().analysis())
            : figure.reason();
    return new FigureEntry(
        "absent:" + figure.number(),
        Strings.text("figures.place", figure.number()),
        figure.shows(),
        needs,
        figure.isDrawn() ? FigureEntry.Kind.MISSING : FigureEntry.Kind.NEVER,
        "");
  }

  // ---------------------------------------------------------------------------------- changes

  /** Changes the figure that is shown, and keeps it. */
  public void edit(FigureEdit edit) {
    FiguresState now = state.get();
    // A field that is left as it was is no change.
    if (edit.apply(now.figure()).equals(now.figure())) {
      return;
    }
    keep(now.with(now.edits().and(edit)));
  }

  /** Takes the last change back. */
  public void undo() {
    keep(state.get().with(state.get().edits().undo()));
  }

  /** Makes the change again that was taken back last. */
  public void redo() {
    keep(state.get().with(state.get().edits().redo()));
  }

  /** Moves a series among the names of the legend. */
  public void move(String label, int by) {
    List<String> labels = new ArrayList<>(state.get().figure().labels());
    int at = labels.indexOf(label);
    int to = at + by;
    if (at >= 0 && to >= 0 && to < labels.size()) {
      labels.remove(at);
      labels.add(to, label);
      edit(new FigureEdit.Order(labels));
    }
  }

  /** Gives a series the next colour of the palette. */
  public void recolour(String label) {
    FiguresState now = state.get();
    now.figure().layers().stream()
        .filter(layer -> layer.label().equals(label))
        .flatMap(layer -> layer.inked().stream())
        .filter(ink -> ink.index() >= 0)
        .findFirst()
        .ifPresent(
            ink ->
                edit(
                    new FigureEdit.Recolour(
                        label, (ink.index() + 1) % now.style().palette().size())));
  }

  /** Another look of the figure, kept with it. */
  public void style(HouseStyle style) {
    if (!style.equals(state.get().style())) {
      keep(state.get().with(style));
    }
  }

  private void keep(FiguresState next) {
    if (next.equals(state.get())) {
      return;
    }
    state.set(next);
    Optional<FigureEntry> entry = next.entry();
    if (entry.isEmpty() || next.chosen().equals(POLICIES)) {
      return; // policies that train change by themselves; their figure is exported, not kept
    }
    StoredFigure stored =
        new StoredFigure(
            entry.get().name(),
            FigureSource.sourceOf(next.chosen()),
            FigureSource.recipeOf(next.chosen()),
            FigureJson.write(next.base()),
            FigureEditJson.write(next.edits()),
            next.style().write());
    feed.edit(edits -> edits.keep(stored), _ -> markKept(stored.name()), _ -> {});
  }

  private void markKept(String name) {
    state.set(
        state
            .get()
            .with(
                state.get().entries().stream()
                    .map(
                        entry ->
                            entry.name().equals(name) && entry.isDrawn()
                                ? new FigureEntry(
                                    entry.key(),
                                    entry.place(),
                                    entry.title(),
                                    entry.from(),
                                    FigureEntry.Kind.KEPT,
                                    entry.name())
                                : entry)
                    .toList()));
  }

  // ----------------------------------------------------------------------------------- panels

  /** Takes the figure that is shown as one more panel. */
  public void addPanel() {
    FiguresState now = state.get();
    if (now.panels().size() < MOST_PANELS && now.sheet().isEmpty()) {
      List<Figure> panels = new ArrayList<>(now.panels());
      panels.add(now.figure());
      state.set(now.with(panels, Optional.empty()));
    }
  }

  /** Shows the panels as one figure. */
  public void showPanels(int columns, boolean letters, FigureSheet.Shared shared) {
    FiguresState now = state.get();
    if (!now.panels().isEmpty()) {
      state.set(
          now.with(
              now.panels(),
              Optional.of(
                  new FigureSheet(
                      "",
                      now.panels(),
                      Math.clamp(columns, 1, now.panels().size()),
                      letters,
                      shared,
                      ""))));
    }
  }

  /** Shows the single figure again, and keeps the panels. */
  public void leavePanels() {
    state.set(state.get().with(state.get().panels(), Optional.empty()));
  }

  /** Forgets the panels. */
  public void clearPanels() {
    state.set(state.get().with(List.of(), Optional.empty()));
  }

  // ------------------------------------------------------------------------------------ files

  /** A name for the file of what is shown, without an ending. */
  public String fileName() {
    return state.get().sheet().isPresent()
        ? "panels"
        : state.get().entry().map(FigureEntry::name).orElse("figure");
  }

  /** Writes what is shown; tells the file, or what went wrong in one line, on the JavaFX thread. */
  public void export(
      FigureExport.Format format, Path file, Consumer<Path> done, Consumer<String> problem) {
    FiguresState now = state.get();
    work(
        () -> {
          write(now, format, file);
          return file;
        },
        done,
        problem);
  }

  private static void write(FiguresState now, FigureExport.Format format, Path file)
      throws IOException {
    if (now.sheet().isPresent()) {
      FigureExport.write(format, now.sheet().get(), now.style().style(), now.style().size(), file);
    } else {
      FigureExport.write(format, now.figure(), now.style().style(), now.style().size(), file);
    }
  }

  /**
   * Writes what is shown into a folder of its own, to be copied or dragged.
   *
   * @param done takes the files by format
   */
  public void forClipboard(
      List<FigureExport.Format> formats,
      Consumer<Map<FigureExport.Format, Path>> done,
      Consumer<String> problem) {
    FiguresState now = state.get();
    String name = fileName();
    work(
        () -> {
          Path folder = Files.createTempDirectory("plumbline-figure");
          folder.toFile().deleteOnExit();
          Map<FigureExport.Format, Path> files = new java.util.EnumMap<>(FigureExport.Format.class);
          for (FigureExport.Format format : formats) {
            Path file = folder.resolve(name + "." + format.extension());
            write(now, format, file);
            file.toFile().deleteOnExit();
            files.put(format, file);
          }
          return files;
        },
        done,
        problem);
  }

  /** Exports every figure of the project, and tells what differs from the last export. */
  public void exportAll(
      List<FigureExport.Format> formats,
      Path directory,
      Consumer<List<FigureBatch.Done>> done,
      Consumer<String> problem) {
    HouseStyle style = state.get().style();
    feed.read(
        reader -> reader.projectFigures(version),
        items -> work(() -> FigureBatch.export(items, style, formats, directory), done, problem));
  }

  /** Tells what an export of the project would change, with pictures beside the files. */
  public void compareAll(
      Path directory, Consumer<List<FigureBatch.Done>> done, Consumer<String> problem) {
    HouseStyle style = state.get().style();
    feed.read(
        reader -> reader.projectFigures(version),
        items -> work(() -> FigureBatch.diff(items, style, directory, true), done, problem));
  }

  /** Saves the style as a house style that can be shared. */
  public void saveStyle(Path file, Consumer<Path> done, Consumer<String> problem) {
    String name = String.valueOf(file.getFileName()).replaceAll("\\.json$", "");
    String text = state.get().style().named(name).write();
    work(
        () -> {
          Files.writeString(file, text, StandardCharsets.UTF_8);
          return file;
        },
        done,
        problem);
  }

  /** Takes a house style from a file. */
  public void loadStyle(Path file, Consumer<String> problem) {
    work(() -> HouseStyle.read(file), this::style, problem);
  }

  private <T> void work(Callable<T> task, Consumer<T> done, Consumer<String> problem) {
    writer.execute(
        () -> {
          try {
            T made = task.call();
            FxBridge.run(() -> done.accept(made));
          } catch (UserError e) {
            String says = String.valueOf(e.getMessage());
            FxBridge.run(() -> problem.accept(says));
          } catch (Exception e) {
            String says = Strings.text("figures.failed", String.valueOf(e.getMessage()));
            FxBridge.run(() -> problem.accept(says));
          }
        });
  }

  /** Lets a file that is being written be finished, and takes no more. */
  @Override
  public void close() {
    writer.shutdown();
  }

  // --------------------------------------------------------------------------------- policies

  /** Whether the gold reward is drawn. */
  public void setGold(boolean value) {
    gold = value;
    refreshPolicies();
  }

  public boolean isChosen(RunRow run) {
    return chosenRuns.contains(run.id());
  }

  /** Takes a run into the chart of policies, or out of it. */
  public void choose(RunRow run, boolean value) {
    boolean changed = value ? chosenRuns.add(run.id()) : chosenRuns.remove(run.id());
    if (changed) {
      refreshPolicies();
    }
  }

  public void setShown(boolean value) {
    shown = value;
    if (value) {
      known = "";
    }
    changed(feed.snapshot().get());
  }

  private void changed(Snapshot snapshot) {
    List<RunRow> runs =
        snapshot.runs().stream()
            .filter(run -> run.stage().equals("rlhf") && run.step() > 0)
            .toList();
    if (!started && !runs.isEmpty()) {
      started = true;
      chosenRuns.add(runs.getFirst().id());
    }
    if (!policies.get().equals(runs)) {
      policies.set(runs);
    }
    if (!shown) {
      return;
    }
    refreshPolicies();
    // Runs that go on bring a snapshot four times a second; the catalogue changes when one ends.
    String now =
        snapshot.runs().stream()
                .filter(run -> !run.state().isActive())
                .map(RunRow::id)
                .toList()
                .hashCode()
            + "";
    if (!now.equals(known)) {
      known = now;
      feed.read(
          reader -> reader.figureSources(),
          sources -> state.set(state.get().with(entries(sources))));
    }
  }

  private void refreshPolicies() {
    if (!shown || !state.get().chosen().equals(POLICIES)) {
      return;
    }
    List<RunRow> runs =
        feed.snapshot().get().runs().stream().filter(run -> chosenRuns.contains(run.id())).toList();
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
          FiguresState now = state.get();
          if (now.chosen().equals(POLICIES) && !next.equals(now.base())) {
            state.set(
                new FiguresState(
                    now.entries(),
                    POLICIES,
                    next,
                    now.edits(),
                    now.style(),
                    now.panels(),
                    now.sheet()));
          }
        });
  }
}
