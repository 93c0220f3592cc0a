package dev.plumbline.app.evaluation.ood;

import dev.plumbline.analysis.Auroc;
import dev.plumbline.analysis.Detection;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.RejectThreshold;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Out-of-distribution measurements with invented scores, written by the journal's own writers. */
final class OodFixture {
  static final int IN = 240;
  static final int OUT = 160;
  static final int LAYERS = 4;
  private static final int CALIBRATION = 120;

  private OodFixture() {}

  /** Scores of the tested prompts of a run at its layers: [detector][layer][prompt]. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Scores(double[][][] in, double[][][] out) {}

  /** The tested scores that {@link #run} writes for a seed. */
  static Scores scores(long seed) {
    return new Scores(drawn(new Random(seed), IN, 0), drawn(new Random(seed + 1000), OUT, 1));
  }

  private static double[][][] drawn(Random random, int n, int out) {
    double[][][] scores = new double[2][LAYERS][n];
    for (int layer = 0; layer < LAYERS; layer++) {
      double shift = out * (1.2 + 0.9 * Math.min(layer, LAYERS - 1 - layer));
      for (int i = 0; i < n; i++) {
        double z = random.nextGaussian() + shift;
        scores[0][layer][i] = 4 * z;
        scores[1][layer][i] = 40 + 6 * (0.7 * z + 0.7 * random.nextGaussian());
      }
    }
    return scores;
  }

  /** A finished measurement. */
  static Path run(Path workspace, String id, long seed) {
    Path run = directory(workspace, id);
    Scores tested = scores(seed);
    double[][][] calibrationIn = drawn(new Random(seed + 7), CALIBRATION, 0);
    double[][][] calibrationOut = drawn(new Random(seed + 8), CALIBRATION, 1);
    ResultTable.Builder prompts =
        ResultTable.named("prompts")
            .number("out", "", "1 for an out-of-distribution prompt")
            .number("prompt_index", "", "the prompt's number among its kind")
            .text("prompt", "the dialogue so far");
    for (int out = 0; out < 2; out++) {
      for (int i = 0; i < (out == 0 ? IN : OUT) + CALIBRATION; i++) {
        prompts.row(
            out,
            i,
            "\n\nHuman: %s %d?\n\nAssistant:"
                .formatted(out == 0 ? "where is the mill of house" : "how do i open lock", i));
      }
    }
    ResultTable.Builder scores =
        ResultTable.named("scores")
            .number("layer", "", "block")
            .text("part", "calibration or test")
            .number("out", "", "1 for an out-of-distribution prompt")
            .number("prompt_index", "", "the prompt's number among its kind")
            .number("mahalanobis", "", "squared Mahalanobis distance")
            .number("relative", "", "simplified relative score");
    ResultTable.Builder auroc =
        ResultTable.named("auroc")
            .number("layer", "", "block")
            .text("method", "detector")
            .number("split", "", "random split")
            .number("auroc", "fraction", "area")
            .number("low", "fraction", "lower end")
            .number("high", "fraction", "upper end")
            .number("fpr95", "fraction", "false rejects at 95 % caught")
            .number("n_train", "", "fitted")
            .number("n_in", "", "tested")
            .number("n_out", "", "tested")
            .number("shrinkage", "", "weight")
            .number("condition", "", "condition number");
    ResultTable.Builder byLayer =
        ResultTable.named("auroc_by_layer")
            .number("layer", "", "block")
            .text("method", "detector")
            .number("auroc", "fraction", "mean")
            .number("sd", "fraction", "spread")
            .number("splits", "", "random splits");
    ResultTable.Builder points =
        ResultTable.named("operating_points")
            .number("layer", "", "block")
            .text("method", "detector")
            .number("split", "", "random split")
            .text("rule", "rule")
            .number("target", "fraction", "rate")
            .number("threshold", "", "threshold")
            .number("n_set", "", "calibration prompts")
            .number("false_reject", "fraction", "rejected")
            .number("caught", "fraction", "caught");
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int i = 0; i < CALIBRATION; i++) {
        scores.row(
            layer + 1,
            "calibration",
            0,
            IN + i,
            calibrationIn[1][layer][i],
            calibrationIn[0][layer][i]);
        scores.row(
            layer + 1,
            "calibration",
            1,
            OUT + i,
            calibrationOut[1][layer][i],
            calibrationOut[0][layer][i]);
      }
      for (int i = 0; i < IN; i++) {
        scores.row(layer + 1, "test", 0, i, tested.in()[1][layer][i], tested.in()[0][layer][i]);
      }
      for (int i = 0; i < OUT; i++) {
        scores.row(layer + 1, "test", 1, i, tested.out()[1][layer][i], tested.out()[0][layer][i]);
      }
      for (int m = 0; m < 2; m++) {
        String method = m == 0 ? "relative" : "mahalanobis";
        double[] in = tested.in()[m][layer];
        double[] out = tested.out()[m][layer];
        Auroc area = Auroc.of(in, out, 0.95);
        Detection detection = Detection.of(in, out);
        auroc.row(
            layer + 1,
            method,
            0,
            area.value(),
            area.interval().low(),
            area.interval().high(),
            detection.falsePositiveRateAt95(),
            500,
            IN,
            OUT,
            0.01,
            3319.6);
        byLayer.row(layer + 1, method, area.value() - 0.002, 0.008, 3);
        double reject = RejectThreshold.atMostRejected(calibrationIn[m][layer], 0.05);
        double caught = RejectThreshold.atLeastCaught(calibrationOut[m][layer], 0.95);
        for (String rule : List.of("false_reject", "catch")) {
          double threshold = rule.equals("catch") ? caught : reject;
          Detection.OperatingPoint at = detection.at(threshold, 0.95);
          points.row(
              layer + 1,
              method,
              0,
              rule,
              rule.equals("catch") ? 0.95 : 0.05,
              threshold,
              CALIBRATION,
              at.falseReject().value(),
              at.caught().value());
        }
      }
    }
    ResultTable.Builder exposure =
        ResultTable.named("exposure")
            .number("layer", "", "block")
            .number("outliers", "", "shown")
            .number("draw", "", "draw")
            .number("auroc", "fraction", "area");
    Random random = new Random(seed + 3);
    for (int layer : new int[] {2, LAYERS}) {
      for (int shown : new int[] {1, 2, 5, 10, 20, 50, 100, 200}) {
        for (int draw = 0; draw < 5; draw++) {
          exposure.row(
              layer,
              shown,
              draw,
              1 - (layer == 2 ? 0.12 : 0.2) / Math.sqrt(shown) - 0.01 * random.nextDouble());
        }
      }
    }
    write(
        run,
        List.of(
            prompts.build(),
            auroc.build(),
            byLayer.build(),
            scores.build(),
            points.build(),
            exposure.build()));
    return run;
  }

  /** A measurement that failed before it had scores. */
  static Path failed(Path workspace, String id) {
    Path run = directory(workspace, id);
    try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
      journal.append(new JournalEvent.State(RunState.STARTING, 0, ""));
      journal.append(new JournalEvent.State(RunState.FAILED, 0, "12 prompts; 20 are needed"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  /** A study of two sizes with these runs, analysed. */
  static void study(Path workspace, String small, String large) {
    ResultTable.Builder table =
        ResultTable.named("auroc_by_layer_and_size")
            .text("size", "level of the axis")
            .number("layer", "", "block")
            .text("method", "detector")
            .number("auroc", "fraction", "mean")
            .number("low", "fraction", "lower end")
            .number("high", "fraction", "upper end")
            .number("seeds", "run", "how many");
    for (int layer = 1; layer <= LAYERS; layer++) {
      for (String method : List.of("mahalanobis", "relative")) {
        if (layer <= 2) {
          table.row("2x32", layer, method, 0.7 + 0.04 * layer, 0.6, 0.85, 3);
        }
        table.row("4x96", layer, method, 0.8 + 0.03 * layer, 0.75, 0.97, 3);
      }
    }
    Path directory = workspace.resolve("studies/20261101-150000");
    List<StudyMember> members = new ArrayList<>();
    members.add(
        new StudyMember(small, small, "ood", Map.of("size", "2x32", "seed", "1"), List.of()));
    members.add(
        new StudyMember(large, large, "ood", Map.of("size", "4x96", "seed", "1"), List.of()));
    try {
      Files.createDirectories(directory);
      new Study(
              directory,
              new StudyPlan.About("ood", "Out-of-distribution prompts", "22, 23, 39", 3, "ood"),
              Instant.parse("2026-11-01T15:00:00Z"),
              "c0ffee",
              RunState.FINISHED,
              "",
              new Study.Progress(2, Double.NaN),
              members)
          .save();
      try (JournalWriter journal = JournalWriter.open(directory.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
        journal.append(new JournalEvent.Analysis("ood", 2));
        journal.append(TableFile.write(directory, 0, table.build()));
        journal.append(
            new JournalEvent.Card(
                new PaperCard("x", "Fig 39", "claim", PaperCard.Verdict.SAME, "measured")));
        journal.append(new JournalEvent.State(RunState.FINISHED, 2, ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path directory(Path workspace, String id) {
    Path run = workspace.resolve("runs").resolve(id);
    try {
      Files.createDirectories(run);
      Files.writeString(
          run.resolve("spec.json"),
          """
          {"name": "%s", "seed": 1, "tags": ["ood"],
           "ood": {"model": "/data/base", "inside": ["/data/in.jsonl.gz"],
                   "outside": ["/data/out.jsonl.gz"]},
           "created": "2026-11-01T12:00:0%dZ"}
          """
              .formatted(id, id.length() % 10));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run;
  }

  private static void write(Path run, List<ResultTable> tables) {
    try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
      journal.append(new JournalEvent.State(RunState.STARTING, 0, ""));
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      for (ResultTable table : tables) {
        journal.append(TableFile.write(run, 0, table));
      }
      journal.append(new JournalEvent.State(RunState.FINISHED, 10, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
