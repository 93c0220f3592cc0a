package dev.plumbline.app.evaluation;

import dev.plumbline.analysis.BinRule;
import dev.plumbline.analysis.CalibrationBin;
import dev.plumbline.analysis.PreferenceCalibration;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.app.evaluation.CalibrationState.Choice;
import dev.plumbline.app.evaluation.CalibrationState.Model;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.figure.CalibrationCharts;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calibration of preference models on their held-out comparisons, and the comparisons themselves.
 * Tables come from the reading thread; resampling, files and lists are a thread's of its own.
 */
public final class CalibrationViewModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CalibrationViewModel.class);

  /** As many as there are colours to tell apart. */
  static final int MOST = 6;

  private static final int REMEMBERED = 48;
  private static final int TEXTS_REMEMBERED = 4;

  private record Asked(
      String run, String part, String tranche, int bins, BinRule rule, ResultTable table) {}

  /** A model that is wanted, with its table where it has one. */
  private record Wanted(RunRow run, Optional<ResultTable> table) {}

  private record Gathered(List<RunRow> available, List<Wanted> wanted) {}

  private record Key(List<Run> runs, List<String> chosen) {}

  private record Read(Key key, Gathered gathered) {}

  private record Run(String id, String name, RunState state) {}

  private final WorkspaceFeed feed;
  private final Consumer<String> onProblem;
  private final ExecutorService worker = FxBridge.pool("calibration", 1);
  private final ReadOnlyObjectWrapper<CalibrationState> state =
      new ReadOnlyObjectWrapper<>(CalibrationState.EMPTY);
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
  // both are the worker's
  private final Map<Asked, PreferenceCalibration> measured = remembering(REMEMBERED);
  private final Map<String, ComparisonTexts> texts = remembering(TEXTS_REMEMBERED);
  private Choice choice = Choice.BEGINNING;
  private List<Run> known = List.of();
  private Optional<Read> read = Optional.empty();
  private boolean shown;
  private boolean again;

  /**
   * @param onProblem takes why something could not be done, in one line
   */
  public CalibrationViewModel(WorkspaceFeed feed, Consumer<String> onProblem) {
    this.feed = feed;
    this.onProblem = onProblem;
    feed.snapshot().subscribe(this::changed);
  }

  private static <K, V> Map<K, V> remembering(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /** What is shown; changes on the JavaFX thread only. */
  ReadOnlyObjectProperty<CalibrationState> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether something that was asked for is not on the screen yet. */
  ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  /** Whether anybody looks; out of sight nothing is read. */
  void setShown(boolean value) {
    shown = value;
    refresh();
  }

  /** Shows these models; the newest where there are none. */
  void choose(List<String> runs) {
    change(now -> now.withRuns(runs.subList(0, Math.min(MOST, runs.size()))));
  }

  /**
   * Takes a model in or out, and says whether it did: the last one stays, and so many are enough.
   */
  boolean toggle(String run) {
    List<String> next =
        new ArrayList<>(state.get().models().stream().map(model -> model.run().id()).toList());
    if (!next.remove(run)) {
      next.add(run);
    }
    boolean possible = !next.isEmpty() && next.size() <= MOST;
    if (possible) {
      choose(next);
    }
    return possible;
  }

  /** Shows the numbers and pairs of one of the chosen models. */
  void focus(String run) {
    boolean same = state.get().focused().map(model -> model.run().id().equals(run)).orElse(true);
    if (!same) {
      change(now -> now.withFocus(run, OptionalInt.empty()));
    }
  }

  /** Shows a part of the held-out data; empty for all. */
  void setPart(String part) {
    change(now -> now.part().equals(part) ? now : now.withPart(part));
  }

  /** Shows a tranche of it; empty for all. */
  void setTranche(String tranche) {
    change(now -> now.tranche().equals(tranche) ? now : now.withTranche(tranche));
  }

  /** Cuts other bins. */
  void setBins(int bins, BinRule rule) {
    change(now -> now.bins() == bins && now.rule() == rule ? now : now.withBins(bins, rule));
  }

  /** Draws the isotonic fit or not. */
  void setCorp(boolean drawn) {
    change(now -> now.withCorp(drawn));
  }

  /** Draws accuracy against something else. */
  void setAgainst(CalibrationCharts.Against against) {
    change(now -> now.withAgainst(against));
  }

  /** Lists the pairs of a bin; empty for all. */
  void setBin(OptionalInt bin) {
    change(now -> now.withBin(bin));
  }

  /**
   * Lists the pairs of the bin that a place of the reliability diagram is in.
   *
   * @param series whose it is, beginning with the run
   * @param p the place on the axis of probabilities
   */
  void pick(String series, double p) {
    for (Model model : state.get().models()) {
      if (series.startsWith(model.run().id() + "/") && model.calibration().isPresent()) {
        OptionalInt bin = CalibrationCharts.bin(chart(model, model.calibration().get()), p);
        if (bin.isPresent()) {
          change(now -> now.withFocus(model.run().id(), bin));
        }
      }
    }
  }

  /** Lists the pairs that have these words. */
  void setSearch(String words) {
    change(now -> now.withSearch(words.strip()));
  }

  /** Orders the pairs. */
  void setOrder(CalibrationState.Order order, boolean ascending) {
    change(now -> now.withOrder(order, ascending));
  }

  private void change(UnaryOperator<Choice> how) {
    Choice next = how.apply(choice);
    if (!next.equals(choice)) {
      choice = next;
      refresh();
    }
  }

  private void changed(Snapshot snapshot) {
    List<Run> now =
        snapshot.runs().stream()
            .filter(run -> run.stage().startsWith("preference"))
            .map(run -> new Run(run.id(), run.name(), run.state()))
            .toList();
    if (!now.equals(known)) {
      known = now;
      refresh();
    }
  }

  private void refresh() {
    if (!shown) {
      return;
    }
    if (busy.get()) {
      again = true;
      return;
    }
    busy.set(true);
    Choice asked = choice;
    Key key = new Key(known, asked.runs());
    if (read.isPresent() && read.get().key().equals(key)) {
      compute(read.get().gathered(), asked);
      return;
    }
    Snapshot snapshot = feed.snapshot().get();
    feed.read(
        reader -> gather(reader, snapshot, asked),
        gathered -> {
          read = Optional.of(new Read(key, gathered));
          compute(gathered, asked);
        });
  }

  private void compute(Gathered gathered, Choice asked) {
    work(
        () -> {
          CalibrationState next = answer(gathered, asked);
          FxBridge.run(() -> show(next));
        });
  }

  private void show(CalibrationState next) {
    state.set(next);
    busy.set(false);
    if (again) {
      again = false;
      refresh();
    }
  }

  private void work(Runnable task) {
    try {
      worker.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.warn("Calibration failed", e);
              FxBridge.run(
                  () -> {
                    busy.set(false);
                    onProblem.accept(Strings.text("error.notice", String.valueOf(e.getMessage())));
                  });
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The page is closed already");
    }
  }

  /** Writes a figure, or says why not; {@code done} takes the file on the JavaFX thread. */
  void export(Figure figure, FigureSize.Venue venue, Path file, Consumer<Path> done) {
    Optional<FigureExport.Format> format = FigureExport.Format.ofFile(file);
    if (format.isEmpty()) {
      onProblem.accept(Strings.text("calibration.format", file));
      return;
    }
    write(
        file,
        () -> FigureExport.write(format.get(), figure, venue.style(), venue.size(), file),
        done);
  }

  /** Writes the predictions of the model in focus for {@code plumbline analyze calibration}. */
  void savePredictions(Path file, Consumer<Path> done) {
    Optional<Model> focused = state.get().focused();
    Choice shownChoice = state.get().choice();
    if (focused.isEmpty() || focused.get().calibration().isEmpty()) {
      return;
    }
    String run = focused.get().run().id();
    PreferenceCalibration calibration = focused.get().calibration().get();
    feed.read(
        reader -> reader.runTable(run, HeldOutSet.TABLE),
        table ->
            table.ifPresent(
                rows -> {
                  HeldOutSet set =
                      HeldOutSet.of(rows).only(shownChoice.part(), shownChoice.tranche());
                  write(file, () -> Files.writeString(file, set.csv(calibration)), done);
                }));
  }

  private interface Writing {
    void write() throws IOException;
  }

  private void write(Path file, Writing writing, Consumer<Path> done) {
    work(
        () -> {
          try {
            writing.write();
            FxBridge.run(() -> done.accept(file));
          } catch (IOException e) {
            FxBridge.run(() -> onProblem.accept(file + ": " + e.getMessage()));
          }
        });
  }

  // ------------------------------------------------------------------------ on the reading thread

  private static Gathered gather(RunReader reader, Snapshot snapshot, Choice asked) {
    Set<String> with = Set.copyOf(reader.runsWith(HeldOutSet.TABLE));
    List<RunRow> available =
        snapshot.runs().stream().filter(run -> with.contains(run.id())).toList();
    List<RunRow> chosen =
        asked.runs().stream()
            .map(snapshot::run)
            .flatMap(Optional::stream)
            .filter(run -> with.contains(run.id()))
            .toList();
    if (chosen.isEmpty()) {
      chosen = available.stream().limit(1).toList();
    }
    return new Gathered(
        available,
        chosen.stream()
            .map(run -> new Wanted(run, reader.runTable(run.id(), HeldOutSet.TABLE)))
            .toList());
  }

  // ------------------------------------------------------------------------------- on the worker

  private CalibrationState answer(Gathered gathered, Choice asked) {
    if (gathered.wanted().isEmpty()) {
      return CalibrationState.empty(true, asked);
    }
    List<Model> models = new ArrayList<>();
    Map<String, HeldOutSet> sets = new HashMap<>();
    int focus = 0;
    for (Wanted wanted : gathered.wanted()) {
      if (wanted.run().id().equals(asked.focus())) {
        focus = models.size();
      }
      models.add(measure(wanted, asked, sets));
    }
    Wanted focused = gathered.wanted().get(focus);
    HeldOutSet whole = HeldOutSet.of(focused.table().orElse(EMPTY));
    List<CalibrationCharts.Model> charted = new ArrayList<>();
    int chartedFocus = 0;
    for (int i = 0; i < models.size(); i++) {
      Model model = models.get(i);
      if (model.calibration().isPresent()) {
        chartedFocus = i == focus ? charted.size() : chartedFocus;
        charted.add(chart(model, model.calibration().get()));
      }
    }
    boolean drawn = models.get(focus).calibration().isPresent();
    OptionalInt bin =
        drawn && asked.bin().isPresent() && asked.bin().getAsInt() < bins(models.get(focus)).size()
            ? asked.bin()
            : OptionalInt.empty();
    Pairs pairs =
        models
            .get(focus)
            .calibration()
            .map(
                calibration ->
                    pairs(
                        focused.run(),
                        whole,
                        sets.getOrDefault(focused.run().id(), whole),
                        calibration,
                        bin,
                        asked))
            .orElse(Pairs.NONE);
    HeldOutSet own = sets.getOrDefault(focused.run().id(), whole);
    return new CalibrationState(
        true,
        gathered.available(),
        models,
        focus,
        List.copyOf(whole.values("part")),
        List.copyOf(whole.only(asked.part(), "").values("tranche")),
        asked.withBin(bin),
        CalibrationCharts.reliability(
            charted, chartedFocus, asked.corp(), drawn ? bin : OptionalInt.empty()),
        CalibrationCharts.histogram(charted, chartedFocus),
        CalibrationCharts.accuracy(charted, asked.against()),
        models
            .get(focus)
            .calibration()
            .map(calibration -> CalibrationNumbers.of(calibration, own.lengthRule()))
            .orElse(List.of()),
        note(sets),
        drawn ? binNames(models.get(focus)) : List.of(),
        pairs.shown(),
        pairs.title(),
        pairs.note());
  }

  private static final ResultTable EMPTY =
      ResultTable.named("none").text("id", "").text("part", "").text("tranche", "").build();

  private static CalibrationCharts.Model chart(Model model, PreferenceCalibration calibration) {
    return new CalibrationCharts.Model(model.run().id(), model.run().name(), calibration);
  }

  private Model measure(Wanted wanted, Choice asked, Map<String, HeldOutSet> sets) {
    RunRow run = wanted.run();
    if (wanted.table().isEmpty()) {
      return new Model(run, Optional.empty(), Strings.text("calibration.notable"));
    }
    HeldOutSet set = HeldOutSet.of(wanted.table().get()).only(asked.part(), asked.tranche());
    if (set.size() == 0) {
      return new Model(run, Optional.empty(), Strings.text("calibration.nopart"));
    }
    if (!set.isMeasurable()) {
      return new Model(run, Optional.empty(), Strings.text("calibration.ties"));
    }
    sets.put(run.id(), set);
    PreferenceCalibration found =
        measured.computeIfAbsent(
            new Asked(
                run.id(),
                asked.part(),
                asked.tranche(),
                asked.bins(),
                asked.rule(),
                wanted.table().get()),
            _ ->
                set.calibration(
                    PreferenceCalibration.Options.DISPLAY.withBins(asked.bins(), asked.rule())));
    return new Model(run, Optional.of(found), "");
  }

  private static List<CalibrationBin> bins(Model model) {
    return model
        .calibration()
        .map(calibration -> calibration.measured().binned().bins())
        .orElse(List.of());
  }

  private static List<String> binNames(Model model) {
    return bins(model).stream()
        .map(bin -> Strings.text("calibration.bin.name", edges(bin), Numbers.whole(bin.n())))
        .toList();
  }

  private static String edges(CalibrationBin bin) {
    return "(" + Numbers.fixed(bin.from(), 2) + ", " + Numbers.fixed(bin.to(), 2) + "]";
  }

  /** Whether several models were asked about the same comparisons. */
  private static String note(Map<String, HeldOutSet> sets) {
    if (sets.size() < 2) {
      return "";
    }
    List<Set<String>> ids = sets.values().stream().map(HeldOutSet::ids).toList();
    Set<String> shared = new java.util.HashSet<>(ids.getFirst());
    int most = 0;
    for (Set<String> each : ids) {
      shared.retainAll(each);
      most = Math.max(most, each.size());
    }
    return shared.size() == most
        ? Strings.text("calibration.same")
        : Strings.text("calibration.differ", Numbers.whole(shared.size()), Numbers.whole(most));
  }

  private record Pairs(List<HeldOutPair> shown, String title, String note) {
    static final Pairs NONE = new Pairs(List.of(), "", "");
  }

  private Pairs pairs(
      RunRow run,
      HeldOutSet whole,
      HeldOutSet set,
      PreferenceCalibration calibration,
      OptionalInt bin,
      Choice asked) {
    ComparisonTexts found =
        texts.computeIfAbsent(run.id(), _ -> ComparisonTexts.find(run.directory(), whole.ids()));
    Map<String, Comparison> byId = found.byId();
    List<HeldOutPair> listed =
        set.pairs(calibration, byId).stream()
            .filter(pair -> bin.isEmpty() || pair.bin() == bin.getAsInt())
            .toList();
    long right = listed.stream().filter(HeldOutPair::right).count();
    String which =
        bin.isEmpty()
            ? Strings.text("calibration.pairs.all")
            : Strings.text(
                "calibration.pairs.bin",
                bin.getAsInt() + 1,
                edges(calibration.measured().binned().bins().get(bin.getAsInt())));
    List<HeldOutPair> shownPairs =
        listed.stream()
            .filter(pair -> asked.search().isEmpty() || pair.has(asked.search()))
            .sorted(order(asked.order(), asked.ascending()))
            .toList();
    String title =
        Strings.text(
            "calibration.pairs",
            which,
            Numbers.whole(listed.size()),
            Numbers.whole(right),
            asked.search().isEmpty()
                ? ""
                : Strings.text("calibration.pairs.found", Numbers.whole(shownPairs.size())));
    return new Pairs(shownPairs, title, found.note());
  }

  private static Comparator<HeldOutPair> order(CalibrationState.Order order, boolean ascending) {
    Comparator<HeldOutPair> by =
        switch (order) {
          case P -> Comparator.comparingDouble(HeldOutPair::p);
          case MARGIN -> Comparator.comparingDouble(HeldOutPair::margin);
          case SCORE_CHOSEN -> Comparator.comparingDouble(HeldOutPair::scoreChosen);
          case SCORE_REJECTED -> Comparator.comparingDouble(HeldOutPair::scoreRejected);
          case PROMPT -> Comparator.comparing(HeldOutPair::question);
          case CHOSEN ->
              Comparator.comparing(pair -> pair.text().map(Comparison::chosen).orElse(""));
          case REJECTED ->
              Comparator.comparing(pair -> pair.text().map(Comparison::rejected).orElse(""));
        };
    // the order of pairs that are alike is the same in both directions
    return (ascending ? by : by.reversed()).thenComparing(HeldOutPair::id);
  }

  /** Takes no more work; what is being written is finished. */
  @Override
  public void close() {
    worker.shutdown();
  }
}
