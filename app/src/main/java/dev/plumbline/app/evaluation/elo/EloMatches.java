package dev.plumbline.app.evaluation.elo;

import dev.plumbline.analysis.Matches;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.data.MatchReader;
import dev.plumbline.data.PlayedMatch;
import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.workspace.RunRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matches that can be rated, from a run's tables or from a file.
 *
 * @param name of the run or file
 * @param matches all of them, those that were left out too
 * @param judges who decided, in the order of the matches; one empty name where a file says nothing
 * @param reference the player at 0 that the run's spec names
 * @param snapshots which run and step a player is, where that is known
 * @param unit what is resampled together: prompts in a run, single matches of a file
 */
record EloMatches(
    String name,
    List<Match> matches,
    List<String> judges,
    Optional<String> reference,
    Map<String, Snapshot> snapshots,
    Unit unit) {
  private static final Logger LOG = LoggerFactory.getLogger(EloMatches.class);

  /** A model directory below a checkpoint of a run. */
  private static final Pattern CHECKPOINT =
      Pattern.compile(".*[/\\\\]([^/\\\\]+)[/\\\\]checkpoints[/\\\\](\\d+)[/\\\\]model[/\\\\]?");

  /** A player of a file that says its step. */
  private static final Pattern STEP = Pattern.compile("(.+)@(\\d+)");

  EloMatches {
    matches = List.copyOf(matches);
    judges = List.copyOf(judges);
    snapshots = Map.copyOf(snapshots);
  }

  /** What is resampled together. */
  enum Unit {
    /** The matches over one prompt. */
    PROMPT,
    /** Each match by itself. */
    MATCH
  }

  /** How a match ended. */
  enum Winner {
    A,
    B,
    TIE,
    /** The judge was unsure and the match is left out. */
    UNSURE
  }

  /**
   * A match.
   *
   * @param prompt the dialogue so far; empty where it is not known, as the responses
   * @param scoreA the judge's score of a's response; NaN where there is none
   */
  record Match(
      String judge,
      String a,
      String b,
      Winner winner,
      String group,
      String prompt,
      String responseA,
      String responseB,
      double scoreA,
      double scoreB) {
    /** Whether both played it. */
    boolean isBetween(String one, String other) {
      return (a.equals(one) && b.equals(other)) || (a.equals(other) && b.equals(one));
    }
  }

  /** A step of a training run. */
  record Snapshot(String run, long step) {}

  /** The matches of a judge as they are rated; the unsure ones are left out. */
  Matches of(String judge) {
    Matches.Builder builder = new Matches.Builder();
    for (Match match : matches) {
      if (match.judge().equals(judge) && match.winner() != Winner.UNSURE) {
        Matches.Outcome outcome =
            switch (match.winner()) {
              case A -> Matches.Outcome.FIRST;
              case B -> Matches.Outcome.SECOND;
              case TIE, UNSURE -> Matches.Outcome.TIE;
            };
        if (unit == Unit.PROMPT) {
          builder.add(match.a(), match.b(), outcome, match.group());
        } else {
          builder.add(match.a(), match.b(), outcome);
        }
      }
    }
    return builder.build();
  }

  /** Reads a run's tables; empty where it has not written them (yet). */
  static Optional<EloMatches> read(RunReader reader, RunRow run) {
    Optional<ResultTable> table = reader.runTable(run.id(), "matches");
    if (table.isEmpty() || table.get().size() == 0) {
      return Optional.empty();
    }
    Map<String, Response> responses =
        reader.runTable(run.id(), "responses").map(EloMatches::responses).orElse(Map.of());
    List<Match> matches = new ArrayList<>();
    LinkedHashSet<String> judges = new LinkedHashSet<>();
    ResultTable rows = table.get();
    List<String> judge = rows.texts("judge");
    List<String> a = rows.texts("model_a");
    List<String> b = rows.texts("model_b");
    List<String> winner = rows.texts("winner");
    double[] prompt = rows.numbers("prompt_index");
    for (int i = 0; i < rows.size(); i++) {
      judges.add(judge.get(i));
      Response first = responses.getOrDefault(key(a.get(i), prompt[i]), Response.NONE);
      Response second = responses.getOrDefault(key(b.get(i), prompt[i]), Response.NONE);
      matches.add(
          new Match(
              judge.get(i),
              a.get(i),
              b.get(i),
              switch (winner.get(i)) {
                case "a" -> Winner.A;
                case "b" -> Winner.B;
                case "tie" -> Winner.TIE;
                default -> Winner.UNSURE;
              },
              Integer.toString((int) prompt[i]),
              first.prompt(),
              first.text(),
              second.text(),
              first.scores().getOrDefault(judge.get(i), Double.NaN),
              second.scores().getOrDefault(judge.get(i), Double.NaN)));
    }
    Optional<MatchesSettings> settings = settings(run);
    Optional<String> reference =
        settings.map(
            each ->
                each.reference().isEmpty() ? each.players().getFirst().name() : each.reference());
    return Optional.of(
        new EloMatches(
            run.name(),
            matches,
            List.copyOf(judges),
            reference,
            settings.map(each -> snapshots(each.players())).orElse(Map.of()),
            Unit.PROMPT));
  }

  private static Optional<MatchesSettings> settings(RunRow run) {
    try {
      return new RunDirectory(run.directory()).spec().spec().settings()
              instanceof MatchesSettings settings
          ? Optional.of(settings)
          : Optional.empty();
    } catch (UserError e) {
      LOG.info("players of {} are not known: {}", run.id(), e.getMessage());
      return Optional.empty();
    }
  }

  /** The steps of players whose models are checkpoints. */
  static Map<String, Snapshot> snapshots(List<Player> players) {
    Map<String, Snapshot> found = new HashMap<>();
    for (Player player : players) {
      Matcher path = CHECKPOINT.matcher(player.model());
      if (path.matches()) {
        found.put(
            player.name(),
            new Snapshot(
                path.group(1).replaceFirst("-\\d{8}-\\d{6}(-\\d+)?$", ""),
                Long.parseLong(path.group(2))));
      }
    }
    return found;
  }

  private record Response(String prompt, String text, Map<String, Double> scores) {
    static final Response NONE = new Response("", "", Map.of());
  }

  private static String key(String model, double prompt) {
    return (int) prompt + " " + model;
  }

  private static Map<String, Response> responses(ResultTable table) {
    String begin = "score_";
    Map<String, double[]> scores = new LinkedHashMap<>();
    for (ResultTable.Column column : table.columns()) {
      if (column.name().startsWith(begin)) {
        scores.put(column.name().substring(begin.length()), table.numbers(column.name()));
      }
    }
    double[] prompt = table.numbers("prompt_index");
    List<String> model = table.texts("model");
    List<String> text = table.texts("prompt");
    List<String> response = table.texts("response");
    Map<String, Response> found = new HashMap<>();
    for (int i = 0; i < table.size(); i++) {
      Map<String, Double> own = new HashMap<>();
      for (Map.Entry<String, double[]> each : scores.entrySet()) {
        own.put(each.getKey(), each.getValue()[i]);
      }
      found.put(
          key(model.get(i), prompt[i]),
          new Response(text.get(i), response.get(i), Map.copyOf(own)));
    }
    return found;
  }

  /**
   * Reads a file as {@code plumbline analyze elo} does, with the texts where it has them.
   *
   * @throws UserError where the file or a line cannot be read
   */
  static EloMatches read(Path file) {
    List<Match> matches = new ArrayList<>();
    LinkedHashSet<String> judges = new LinkedHashSet<>();
    Map<String, Snapshot> snapshots = new HashMap<>();
    for (PlayedMatch played : MatchReader.played(file)) {
      judges.add(played.judge());
      for (String player : List.of(played.row().modelA(), played.row().modelB())) {
        Matcher step = STEP.matcher(player);
        if (step.matches()) {
          snapshots.put(player, new Snapshot(step.group(1), Long.parseLong(step.group(2))));
        }
      }
      matches.add(
          new Match(
              played.judge(),
              played.row().modelA(),
              played.row().modelB(),
              switch (played.row().winner()) {
                case A -> Winner.A;
                case B -> Winner.B;
                case TIE -> Winner.TIE;
              },
              "",
              played.prompt(),
              played.responseA(),
              played.responseB(),
              Double.NaN,
              Double.NaN));
    }
    return new EloMatches(
        String.valueOf(file.getFileName()),
        matches,
        List.copyOf(judges),
        Optional.empty(),
        snapshots,
        Unit.MATCH);
  }
}
