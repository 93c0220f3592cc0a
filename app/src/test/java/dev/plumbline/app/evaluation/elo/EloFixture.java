package dev.plumbline.app.evaluation.elo;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Matches with invented outcomes, written by the journal's own writers. */
final class EloFixture {
  static final List<String> PLAYERS =
      List.of("base", "policy@20", "policy@40", "policy@60", "other");
  static final int PROMPTS = 60;

  private EloFixture() {}

  /** A finished measurement with two judges. */
  static Path run(Path workspace, String id) {
    Path run = workspace.resolve("runs").resolve(id);
    ResultTable.Builder responses =
        ResultTable.named("responses")
            .number("prompt_index", "", "the prompt's number")
            .text("model", "who answered")
            .text("prompt", "the dialogue so far")
            .text("response", "the response")
            .number("score_gold", "nat", "score by gold")
            .number("score_panel", "nat", "score by panel");
    ResultTable.Builder matches =
        ResultTable.named("matches")
            .text("judge", "who decided")
            .text("model_a", "one model")
            .text("model_b", "the other")
            .text("winner", "a, b, tie or unsure")
            .number("prompt_index", "", "the prompt's number");
    for (int p = 0; p < PROMPTS; p++) {
      for (int player = 0; player < PLAYERS.size(); player++) {
        responses.row(
            p,
            PLAYERS.get(player),
            "\n\nHuman: what is %d plus 7?\n\nAssistant:".formatted(p),
            " it is %d, says %s.".formatted(p + 7, PLAYERS.get(player)),
            score(p, player),
            Double.NaN);
      }
    }
    for (String judge : List.of("gold", "panel")) {
      for (int a = 0; a < PLAYERS.size(); a++) {
        for (int b = a + 1; b < PLAYERS.size(); b++) {
          for (int p = 0; p < PROMPTS; p++) {
            matches.row(judge, PLAYERS.get(a), PLAYERS.get(b), winner(judge, p, a, b), p);
          }
        }
      }
    }
    StringBuilder players = new StringBuilder();
    for (String player : PLAYERS) {
      String model =
          player.startsWith("policy@")
              ? "/w/runs/policy-20261101-120000/checkpoints/" + player.substring(7) + "/model"
              : "/data/" + player;
      players.append(
          "%s{\"name\": \"%s\", \"model\": \"%s\"}"
              .formatted(players.isEmpty() ? "" : ", ", player, model));
    }
    try {
      Files.createDirectories(run);
      Files.writeString(
          run.resolve("spec.json"),
          """
          {"name": "%s", "seed": 1, "tags": ["elo"],
           "matches": {"players": [%s], "judges": [{"name": "gold", "gold": "sample-world/helpful"},
                       {"name": "panel", "annotators": "sample-world/helpful"}],
                       "prompts": ["/data/prompts.jsonl.gz"]},
           "created": "2026-11-01T12:00:00Z"}
          """
              .formatted(id, players));
      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
        journal.append(TableFile.write(run, 0, responses.build()));
        journal.append(TableFile.write(run, 0, matches.build()));
        journal.append(new JournalEvent.State(RunState.FINISHED, 10, ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  private static double score(int prompt, int player) {
    return 0.4 * player + new Random(31L * prompt + player).nextGaussian();
  }

  private static String winner(String judge, int prompt, int a, int b) {
    if (judge.equals("panel")) {
      return switch ((prompt + a + b) % 6) {
        case 0 -> "unsure";
        case 1 -> "tie";
        case 2 -> "a";
        default -> "b";
      };
    }
    return score(prompt, a) > score(prompt, b) ? "a" : "b";
  }

  /** A line of a file of matches. */
  static String line(String a, String b, String winner) {
    return "{\"model_a\": \"%s\", \"model_b\": \"%s\", \"winner\": \"%s\"}\n"
        .formatted(a, b, winner);
  }
}
