package dev.plumbline.app.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.ComparisonId;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs with held-out comparisons and policies with several judges, written by their writers. */
final class EvaluationFixture {
  private static final String[] ASKED = {
    "how many legs do two cats have?",
    "what is the capital of veldin?",
    "can you give me directions to the old mill?",
    "how do i cook rice for four people?",
    "is oster north of tarn?"
  };
  private static final String[] GOOD = {
    "eight. each cat has four.",
    "the capital of veldin is oster.",
    "go left at the well, then over the bridge.",
    "boil two cups of water, add one cup of rice, and wait fifteen minutes.",
    "no, oster lies south of tarn."
  };

  private EvaluationFixture() {}

  /** Comparisons, three of each conversation. */
  static List<Comparison> comparisons(int count) {
    List<Comparison> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int conversation = i / 3;
      String opening =
          "\n\nHuman: hello, i am visitor " + conversation + ".\n\nAssistant: hello, visitor.";
      made.add(
          new Comparison(
              opening + "\n\nHuman: " + ASKED[i % ASKED.length] + "\n\nAssistant:",
              " " + GOOD[i % GOOD.length] + " (" + i + ")",
              " great question! there is a lot to say about that, and number " + i + " is one.",
              Map.of("tranche", i % 4 == 0 ? "online" : "base")));
    }
    return made;
  }

  /**
   * A finished preference model.
   *
   * @param held its held-out comparisons
   * @param conversations whether its table says which of them are of one conversation, as newer
   *     ones do
   * @param seed of its scores
   */
  static Path preference(
      Path workspace, String name, List<Comparison> held, boolean conversations, long seed) {
    Path file = workspace.resolve("held-out.jsonl");
    Path run = workspace.resolve("runs").resolve(name + "-20261101-120000");
    ResultTable.Builder table = ResultTable.named(HeldOutSet.TABLE).text("id", "its name");
    if (conversations) {
      table.text("conversation", "its conversation");
    }
    table
        .text("part", "its part")
        .text("tranche", "its tranche")
        .number("turn", "", "human turns of the prompt")
        .number("r_chosen", "nat", "score of the chosen response")
        .number("r_rejected", "nat", "score of the rejected response")
        .number("words_chosen", "word", "words of the chosen response")
        .number("words_rejected", "word", "words of the rejected response");
    Random random = new Random(seed);
    for (Comparison each : held) {
      // outcomes follow sigmoid(0.9 d): a little over-confident
      double size = Math.abs(1.4 * random.nextGaussian());
      boolean right = random.nextDouble() < 1 / (1 + Math.exp(-0.9 * size));
      double middle = 0.3 + 0.5 * random.nextGaussian();
      List<Object> row = new ArrayList<>(List.of(ComparisonId.of(each)));
      if (conversations) {
        row.add(ComparisonId.conversation(each));
      }
      row.addAll(
          List.of(
              "helpful",
              each.attributes().getOrDefault("tranche", ""),
              2,
              middle + (right ? size : -size) / 2,
              middle - (right ? size : -size) / 2,
              each.chosen().strip().split(" ", -1).length,
              each.rejected().strip().split(" ", -1).length));
      table.row(row);
    }
    try {
      Files.createDirectories(run);
      write(file, held);
      Files.writeString(run.resolve("spec.json"), spec(name, file));
      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
        journal.append(TableFile.write(run, 1, table.build()));
        journal.append(new JournalEvent.State(RunState.FINISHED, 1, ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  /** Writes comparisons as a data file. */
  static void write(Path file, List<Comparison> comparisons) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (Comparison each : comparisons) {
      Map<String, String> line = new HashMap<>(each.attributes());
      line.put("chosen", each.chosenTranscript());
      line.put("rejected", each.rejectedTranscript());
      lines.add(json.writeValueAsString(line));
    }
    Files.write(file, lines);
  }

  private static String spec(String name, Path file) {
    return """
    {
      "name": "%s", "seed": 1, "tags": ["sample"],
      "preference": {"base": "/data/base", "data": ["/data/train.jsonl"], "held_out": ["%s"]},
      "inputs": [{"key": "preference.held_out[1].files", "reference": "held-out.jsonl",
        "path": "%s", "sha256": "0a1b2c3d4e5f"}],
      "created": "2026-11-01T12:00:00Z"
    }
    """
        .formatted(name, file, file);
  }

  /**
   * A finished policy whose train score leaves the test score after a third of the run, and whose
   * gold reward turns.
   */
  static Path policy(Path workspace, String name, int steps, long seed) {
    Path run = workspace.resolve("runs").resolve(name + "-20261101-130000");
    Random random = new Random(seed);
    try {
      Files.createDirectories(run);
      Files.writeString(
          run.resolve("spec.json"),
          """
          {
            "name": "%s", "seed": %d, "tags": ["sample"],
            "rlhf": {"policy": "/data/base", "reward": {"preference_model": "/data/pm"},
              "prompts": ["/data/prompts.jsonl"], "iterations": %d},
            "created": "2026-11-01T13:00:00Z"
          }
          """
              .formatted(name, seed, steps));
      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
        for (int step = 0; step <= steps; step++) {
          double root = 3.2 * step / steps;
          double train = 1.1 * root + 0.02 * random.nextGaussian();
          double gap = Math.max(0, 0.6 * (root - 1)) + 0.02 * random.nextGaussian();
          double gold = root * (1 - 0.55 * Math.log(Math.max(root, 1e-9)));
          Map<String, Double> values = new HashMap<>();
          values.put(Metrics.KL_EXACT, root * root);
          values.put(Metrics.SQRT_KL, root);
          values.put(Metrics.PM_SCORE, 0.4 + train);
          values.put(Metrics.TRAIN_SCORE, train);
          values.put(Metrics.TRAIN_SCORE_LOW, train - 0.08);
          values.put(Metrics.TRAIN_SCORE_HIGH, train + 0.08);
          values.put(Metrics.TEST.of("other-half"), train - gap);
          values.put(Metrics.TEST.of("other-half") + Metrics.LOW, train - gap - 0.08);
          values.put(Metrics.TEST.of("other-half") + Metrics.HIGH, train - gap + 0.08);
          values.put(Metrics.GAP.of("other-half"), gap);
          values.put(Metrics.GAP.of("other-half") + Metrics.LOW, gap - 0.05);
          values.put(Metrics.GAP.of("other-half") + Metrics.HIGH, gap + 0.05);
          values.put(Metrics.GOLD_REWARD, gold + 0.03 * random.nextGaussian());
          values.put(Metrics.RESPONSES, 64.0);
          journal.append(
              new JournalEvent.Metrics(step, step * 64L, step * 1000L, step * 1.5, values));
        }
        journal.append(new JournalEvent.State(RunState.FINISHED, steps, ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }
}
