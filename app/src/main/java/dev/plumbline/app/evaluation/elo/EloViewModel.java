package dev.plumbline.app.evaluation.elo;

import dev.plumbline.analysis.TieRule;
import dev.plumbline.app.evaluation.elo.EloMatches.Match;
import dev.plumbline.app.evaluation.elo.EloState.Choice;
import dev.plumbline.app.evaluation.elo.EloState.Picked;
import dev.plumbline.app.evaluation.elo.EloState.Rated;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.figure.PlotMapping;
import dev.plumbline.figure.RatingCharts;
import dev.plumbline.workspace.RunRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ratings from the matches of a run or of a file, and the matches behind each number. */
public final class EloViewModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EloViewModel.class);
  private static final Picked NOTHING = new Picked("", List.of(), false);
  private static final EloState EMPTY =
      new EloState(
          false,
          List.of(),
          Optional.empty(),
          "",
          "",
          new Choice("", TieRule.HALF, Optional.empty()),
          List.of(),
          List.of(),
          Optional.empty(),
          NOTHING);

  private final WorkspaceFeed feed;
  private final ExecutorService fitting = FxBridge.pool("elo", 1);
  private final ReadOnlyObjectWrapper<EloState> state = new ReadOnlyObjectWrapper<>(EMPTY);
  private @Nullable String wantedRun;
  private @Nullable Path wantedFile;
  private @Nullable String judge;
  private TieRule ties = TieRule.HALF;
  private Optional<String> reference = Optional.empty();
  private boolean referenceChosen;
  private @Nullable EloMatches matches;
  private @Nullable RunRow read;
  private @Nullable RunRow reading;
  private boolean shown;
  private int asked;
  private int rated;

  public EloViewModel(WorkspaceFeed feed) {
    this.feed = feed;
    feed.snapshot().subscribe(snapshot -> refresh());
  }

  /** What is shown; changes on the JavaFX thread only. */
  ReadOnlyObjectProperty<EloState> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether anybody looks; out of sight nothing is read. */
  void setShown(boolean value) {
    shown = value;
    refresh();
  }

  /** Shows a measurement. */
  void choose(String runId) {
    if (!runId.equals(wantedRun) || wantedFile != null) {
      wantedRun = runId;
      wantedFile = null;
      begin();
    }
  }

  /** Shows a file's matches. */
  void open(Path file) {
    wantedFile = file;
    begin();
  }

  /** Rates by a judge. */
  void setJudge(String name) {
    if (!name.equals(judge)) {
      judge = name;
      rate();
    }
  }

  /** Counts ties otherwise. */
  void setTies(TieRule rule) {
    if (rule != ties) {
      ties = rule;
      rate();
    }
  }

  /** Puts a player at 0; without one the mean. */
  void setReference(Optional<String> player) {
    if (!player.equals(reference)) {
      reference = player;
      referenceChosen = true;
      rate();
    }
  }

  /** Lists the matches behind a point or a cell. */
  void pick(PlotMapping.Hit hit) {
    EloState now = state.get();
    if (now.rated().isEmpty()) {
      return;
    }
    List<String> order = now.rated().get().order();
    int row = (int) Math.floor(hit.y());
    if (hit.series().equals(RatingCharts.RATINGS) && hit.index() < order.size()) {
      pick(order.get(hit.index()), Optional.empty());
    } else if (hit.series().equals(RatingCharts.PAIRS)) {
      int column = (int) Math.floor(hit.x());
      if (row >= 0 && row < order.size() && column >= 0 && column < order.size()) {
        pick(order.get(row), Optional.of(order.get(column)));
      }
    }
  }

  /** Lists the matches of a player, or of a pair. */
  void pick(String player, Optional<String> other) {
    EloMatches of = matches;
    if (of == null) {
      return;
    }
    String by = state.get().choice().judge();
    List<Match> found =
        of.matches().stream()
            .filter(match -> match.judge().equals(by))
            .filter(
                match ->
                    other.isPresent()
                        ? match.isBetween(player, other.get())
                        : match.a().equals(player) || match.b().equals(player))
            .toList();
    String title =
        other.isPresent()
            ? Strings.text("elo.matches.pair", player, other.get(), found.size())
            : Strings.text("elo.matches.of", player, found.size());
    show(with(state.get(), state.get().rated(), new Picked(title, found, true)));
  }

  /** Lists all matches of the judge again. */
  void unpick() {
    show(with(state.get(), state.get().rated(), all()));
  }

  private Picked all() {
    EloMatches of = matches;
    if (of == null) {
      return NOTHING;
    }
    String by = state.get().choice().judge();
    List<Match> found = of.matches().stream().filter(match -> match.judge().equals(by)).toList();
    return new Picked(Strings.text("elo.matches", found.size()), found, false);
  }

  /** Another source: what was chosen of the one before means nothing here. */
  private void begin() {
    judge = null;
    rated++;
    referenceChosen = false;
    read = null;
    reading = null;
    refresh();
  }

  private void refresh() {
    if (!shown) {
      return;
    }
    Snapshot snapshot = feed.snapshot().get();
    List<RunRow> runs =
        snapshot.runs().stream().filter(run -> run.stage().equals("matches")).toList();
    Path file = wantedFile;
    if (file != null) {
      if (read == null) {
        readFile(file, runs);
      }
      return;
    }
    Optional<RunRow> chosen =
        runs.stream()
            .filter(run -> run.id().equals(wantedRun))
            .findFirst()
            .or(() -> runs.stream().filter(run -> !run.state().isActive()).findFirst())
            .or(() -> runs.stream().findFirst());
    if (chosen.isEmpty()) {
      matches = null;
      show(
          new EloState(
              true,
              runs,
              chosen,
              "",
              "",
              EMPTY.choice(),
              List.of(),
              List.of(),
              Optional.empty(),
              NOTHING));
      return;
    }
    RunRow run = chosen.get();
    if (run.equals(read) && matches != null && !snapshot.changed().contains(run.id())) {
      if (!runs.equals(state.get().runs())) {
        EloState now = state.get();
        show(
            new EloState(
                true,
                runs,
                chosen,
                now.source(),
                now.problem(),
                now.choice(),
                now.judges(),
                now.players(),
                now.rated(),
                now.picked()));
      }
      return;
    }
    if (run.equals(reading)) {
      return; // its answer is on the way
    }
    reading = run;
    int question = ++asked;
    feed.read(
        reader -> EloMatches.read(reader, run),
        found -> {
          if (question == asked) {
            reading = null;
            read = run;
            taken(runs, chosen, run.name(), found, Strings.text("elo.unplayed", run.name()));
          }
        });
  }

  private void readFile(Path file, List<RunRow> runs) {
    int question = ++asked;
    String name = String.valueOf(file.getFileName());
    fitting.execute(
        () -> {
          try {
            EloMatches found = EloMatches.read(file);
            FxBridge.run(
                () -> {
                  if (question == asked) {
                    taken(runs, Optional.empty(), name, Optional.of(found), "");
                  }
                });
          } catch (UserError e) {
            FxBridge.run(
                () -> {
                  if (question == asked) {
                    String problem = String.valueOf(e.getMessage());
                    taken(runs, Optional.empty(), name, Optional.empty(), problem);
                  }
                });
          }
        });
  }

  private void taken(
      List<RunRow> runs,
      Optional<RunRow> chosen,
      String source,
      Optional<EloMatches> found,
      String problem) {
    matches = found.orElse(null);
    List<String> judges = found.map(EloMatches::judges).orElse(List.of());
    TreeSet<String> players = new TreeSet<>();
    found.ifPresent(
        all ->
            all.matches().stream()
                .flatMap(match -> Stream.of(match.a(), match.b()))
                .forEach(players::add));
    if (judge == null || !judges.contains(judge)) {
      judge = judges.isEmpty() ? null : judges.getFirst();
    }
    if (!referenceChosen || reference.filter(name -> !players.contains(name)).isPresent()) {
      reference = found.flatMap(EloMatches::reference);
    }
    show(
        new EloState(
            true,
            runs,
            chosen,
            source,
            found.isPresent() ? "" : problem,
            choice(),
            judges,
            List.copyOf(players),
            Optional.empty(),
            NOTHING));
    rate();
  }

  private Choice choice() {
    return new Choice(judge == null ? "" : judge, ties, reference);
  }

  /** Rates on a thread of its own; the newest choice is shown. */
  private void rate() {
    int question = ++rated;
    EloMatches of = matches;
    if (of == null) {
      return;
    }
    Choice by = choice();
    fitting.execute(
        () -> {
          try {
            Optional<Rated> found = EloRatings.rated(of, by);
            FxBridge.run(
                () -> {
                  if (question == rated) {
                    EloState now = state.get();
                    EloState next =
                        new EloState(
                            true,
                            now.runs(),
                            now.chosen(),
                            now.source(),
                            found.isEmpty() ? Strings.text("elo.nothing") : "",
                            by,
                            now.judges(),
                            now.players(),
                            found,
                            NOTHING);
                    show(next);
                    unpick();
                  }
                });
          } catch (RuntimeException e) {
            LOG.error("matches are not rated", e);
            FxBridge.run(
                () ->
                    show(
                        new EloState(
                            true,
                            state.get().runs(),
                            state.get().chosen(),
                            state.get().source(),
                            Strings.text("error.notice", String.valueOf(e.getMessage())),
                            by,
                            state.get().judges(),
                            state.get().players(),
                            Optional.empty(),
                            NOTHING)));
          }
        });
  }

  private static EloState with(EloState now, Optional<Rated> rated, Picked picked) {
    return new EloState(
        now.answered(),
        now.runs(),
        now.chosen(),
        now.source(),
        now.problem(),
        now.choice(),
        now.judges(),
        now.players(),
        rated,
        picked);
  }

  private void show(EloState next) {
    if (!next.equals(state.get())) {
      state.set(next);
    }
  }

  /** Ends the rating. */
  @Override
  public void close() {
    shown = false;
    asked++;
    rated++;
    fitting.shutdownNow();
  }
}
