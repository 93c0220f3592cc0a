package dev.plumbline.study;

import dev.plumbline.analysis.BradleyTerry;
import dev.plumbline.analysis.EloDiagnosis;
import dev.plumbline.analysis.Matches;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.study.OnlineSnapshots.Curves;
import dev.plumbline.study.OnlineSnapshots.Player;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why a preference model predicts more Elo than annotators give (paper appendix B.4, Fig 35). */
final class OnlineGaps {
  private static final String ANNOTATORS = "annotators";

  /** Draws behind the interval of one seed's curve. */
  private static final int RESAMPLES = 300;

  private final Curves overestimate = new Curves();
  private final Curves shift = new Curves();
  private final Curves ranking = new Curves();
  private final Curves robustness = new Curves();
  private final ResultTable diagnosis;
  private final ResultTable means;

  OnlineGaps(StudyData data) {
    diagnosis = diagnose(data);
    means = means(data);
  }

  /** The four curves and the gaps between them, by seed and snapshot. */
  ResultTable diagnosis() {
    return diagnosis;
  }

  /** The gaps' means over seeds. */
  ResultTable means() {
    return means;
  }

  /** (a) - (d), by seed. */
  Curves overestimate() {
    return overestimate;
  }

  /** (a) - (b): held-out prompts against those of the matches. */
  Curves shift() {
    return shift;
  }

  /** (b) - (c): scores against the votes that they make. */
  Curves ranking() {
    return ranking;
  }

  /** (c) - (d): the preference model's votes against the annotators'. */
  Curves robustness() {
    return robustness;
  }

  private ResultTable diagnose(StudyData data) {
    ResultTable.Builder table =
        ResultTable.named("elo_diagnosis")
            .text("seed", "level of the axis")
            .text("arm", "whose policy and preference model")
            .number("step", "iteration", "of the snapshot")
            .number("samples", "response", "responses that it had been trained on")
            .number("a", "Elo", "(a) gain in mean score on held-out prompts, times 400/ln 10")
            .number("b", "Elo", "(b) gain in mean score of the responses in the matches")
            .number("c", "Elo", "(c) rating by the preference model's votes on the matches")
            .number("d", "Elo", "(d) rating by the annotators' votes");
    for (String gap : List.of("shift", "score_rank", "robustness")) {
      String words =
          switch (gap) {
            case "shift" -> "(a) - (b)";
            case "score_rank" -> "(b) - (c)";
            default -> "(c) - (d)";
          };
      table
          .number(gap, "Elo", words)
          .number(gap + "_low", "Elo", "lower end of its 95 % bootstrap interval over prompts")
          .number(gap + "_high", "Elo", "upper end of its 95 % bootstrap interval over prompts");
    }
    for (StudyRun run : data.role("matches")) {
      String seed = run.level("seed");
      List<Player> players = OnlineSnapshots.players(data, run);
      StudyRun heldOut = data.alike(run, "held-out").getFirst();
      for (String arm : data.levels("policy", "arm")) {
        List<Player> own =
            players.stream()
                .filter(player -> player.initial() || player.arm().equals(arm))
                .toList();
        String judge = "pm-" + arm;
        if (own.size() < 2 || !run.table("responses").has("score_" + judge)) {
          continue;
        }
        List<EloDiagnosis.Snapshot> snapshots =
            own.stream()
                .map(
                    player ->
                        new EloDiagnosis.Snapshot(
                            player.name(),
                            player.step(),
                            OnlineSnapshots.scores(heldOut.table("responses"), player, judge)))
                .toList();
        EloDiagnosis found =
            EloDiagnosis.of(
                snapshots,
                judged(run, own, judge),
                BradleyTerry.Options.STANDARD.against(own.getFirst().name()).resampled(RESAMPLES));
        for (int i = 0; i < own.size(); i++) {
          Player player = own.get(i);
          EloDiagnosis.Point point = found.points().get(i);
          List<Object> row =
              new ArrayList<>(
                  List.of(
                      seed,
                      arm,
                      player.step(),
                      OnlineSnapshots.samples(data, player, seed),
                      point.heldOut().elo(),
                      point.inMatches().elo(),
                      point.modelVotes().elo(),
                      point.votes().elo()));
          for (EloDiagnosis.Value gap :
              List.of(point.shift(), point.scoreAgainstRank(), point.robustness())) {
            row.add(gap.elo());
            row.add(gap.interval().low());
            row.add(gap.interval().high());
          }
          table.row(row);
          if (!player.initial()) {
            overestimate.put(player, seed, point.heldOut().elo() - point.votes().elo());
            shift.put(player, seed, point.shift().elo());
            ranking.put(player, seed, point.scoreAgainstRank().elo());
            robustness.put(player, seed, point.robustness().elo());
          }
        }
      }
    }
    return table.build();
  }

  /** The matches among some players that annotators decided, with a preference model's scores. */
  private static List<EloDiagnosis.Judged> judged(StudyRun run, List<Player> own, String judge) {
    Map<String, double[]> scores = new LinkedHashMap<>();
    own.forEach(
        player ->
            scores.put(
                player.name(), OnlineSnapshots.scores(run.table("responses"), player, judge)));
    ResultTable matches = run.table("matches");
    List<EloDiagnosis.Judged> judged = new ArrayList<>();
    for (int i = 0; i < matches.size(); i++) {
      String first = matches.text(i, "model_a");
      String second = matches.text(i, "model_b");
      double[] firstScores = scores.get(first);
      double[] secondScores = scores.get(second);
      String winner = matches.text(i, "winner");
      if (!matches.text(i, "judge").equals(ANNOTATORS)
          || firstScores == null
          || secondScores == null
          || winner.equals("unsure")) {
        continue;
      }
      int prompt = (int) matches.number(i, "prompt_index");
      judged.add(
          new EloDiagnosis.Judged(
              first,
              second,
              firstScores[prompt],
              secondScores[prompt],
              switch (winner) {
                case "a" -> Matches.Outcome.FIRST;
                case "b" -> Matches.Outcome.SECOND;
                default -> Matches.Outcome.TIE;
              },
              Integer.toString(prompt)));
    }
    return judged;
  }

  private ResultTable means(StudyData data) {
    ResultTable.Builder table =
        OverSeeds.columns(
            ResultTable.named("elo_gaps")
                .text("arm", "whose policy and preference model")
                .number("step", "iteration", "of the snapshot")
                .number(
                    "samples", "response", "responses that it had been trained on, mean over seeds")
                .text("gap", "which: (a) - (d) and its three parts"),
            "elo",
            "Elo",
            "mean over seeds");
    Map<String, Curves> all = new LinkedHashMap<>();
    all.put("overestimate (a) - (d)", overestimate);
    all.put("shift (a) - (b)", shift);
    all.put("score against rank (b) - (c)", ranking);
    all.put("robustness (c) - (d)", robustness);
    all.forEach(
        (name, curves) ->
            curves.forEach(
                (player, bySeed) -> {
                  double samples = OnlineSnapshots.samples(data, player, bySeed.seeds());
                  OverSeeds.row(
                      table, bySeed.moments(), player.arm(), player.step(), samples, name);
                }));
    return table.build();
  }
}
