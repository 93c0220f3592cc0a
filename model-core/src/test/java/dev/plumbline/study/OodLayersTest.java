package dev.plumbline.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.PaperCard.Verdict;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose tables are written by hand, so that the answer is known. */
final class OodLayersTest {
  private static final double[] DEPTH_GAIN = {0, 0.1, 0};

  @TempDir Path directory;

  private Study study() throws IOException {
    Files.createDirectories(directory.resolve("base"));
    Files.writeString(directory.resolve("base/config.json"), "{}");
    Files.writeString(directory.resolve("in.jsonl"), "{}\n");
    Path file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            axes:
              size: {three: {WIDTH: 20}, two: {WIDTH: 30}}
              seed: [1, 2, 3]
            runs:
              - role: ood
                over: [size, seed]
                spec:
                  seed: "${seed}"
                  ood: {model: base, inside: [in.jsonl], outside: [in.jsonl], max_prompts: "${WIDTH}"}
            analysis: ood
            """);
    return Study.create(new Runs(directory.resolve("workspace")), StudyPlan.read(file, Map.of()));
  }

  /**
   * Plain 0.7 and relative 0.7 + 0.02 + 0.01 k at the ends, 0.1 more of both in the middle; ten
   * outliers give 0.05 less than the relative score there, with or without chance: k = seed - 2.
   */
  private static void finish(Study study, StudyMember member) throws IOException {
    finish(study, member, 0.7);
  }

  private static void finish(Study study, StudyMember member, double plain) throws IOException {
    RunDirectory run = study.run(member);
    int k = Integer.parseInt(String.valueOf(member.levels().get("seed"))) - 2;
    int layers = "three".equals(member.levels().get("size")) ? 3 : 2;
    ResultTable.Builder auroc =
        ResultTable.named("auroc_by_layer")
            .number("layer", "", "")
            .number("relative_layer", "", "")
            .text("method", "")
            .number("auroc", "", "");
    for (int layer = 1; layer <= layers; layer++) {
      double gain = layers == 3 ? DEPTH_GAIN[layer - 1] : 0;
      double depth = (layer - 1.0) / (layers - 1);
      auroc.row(layer, depth, "mahalanobis", plain + gain);
      auroc.row(layer, depth, "relative", 0.72 + 0.01 * k + gain);
    }
    int middle = (layers - 1) / 2 + 1;
    ResultTable.Builder exposure =
        ResultTable.named("exposure")
            .number("layer", "", "")
            .number("outliers", "", "")
            .number("auroc", "", "");
    double relative = 0.72 + 0.01 * k + (layers == 3 ? 0.1 : 0);
    for (int draw = -1; draw <= 1; draw++) {
      exposure.row(middle, 1, 0.6);
      exposure.row(middle, 10, relative - 0.05 + 0.03 * draw);
      exposure.row(layers + 5, 10, 0.1); // another layer is not looked at
    }
    ResultTable.Builder points =
        ResultTable.named("operating_points")
            .number("layer", "", "")
            .text("method", "")
            .text("rule", "")
            .number("target", "", "")
            .number("false_reject", "", "")
            .number("caught", "", "");
    for (int split = -1; split <= 1; split++) {
      points.row(
          middle, "relative", "false_reject", 0.05, 0.06 + 0.01 * k + 0.02 * split, 0.5 + 0.1 * k);
      points.row(middle + 1, "relative", "false_reject", 0.05, 0.9, 0.9); // not looked at
    }
    try (JournalWriter journal = JournalWriter.open(run.journalFile())) {
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      journal.append(TableFile.write(run.path(), 0, auroc.build()));
      journal.append(TableFile.write(run.path(), 0, exposure.build()));
      journal.append(TableFile.write(run.path(), 0, points.build()));
      journal.append(new JournalEvent.State(RunState.FINISHED, 1, ""));
    }
  }

  @Test
  void effectsThatWerePutInAreFoundWithTheirIntervalOverSeeds() throws IOException {
    Study study = study();
    for (StudyMember member : study.plannedRuns()) {
      finish(study, member);
    }

    StudyResult result = StudyReports.recompute(study);
    CatalogueFigures.checkAll("ood", result);

    // The verdicts are those of the last size, which has two layers and so no middle one.
    // Relative less plain: 0.01, 0.02, 0.03 over seeds, so 0.02 -+ 4.302653 0.01/sqrt(3) = 0.0248.
    assertThat(result.cards())
        .extracting(PaperCard::id, PaperCard::verdict)
        .containsExactly(
            tuple("relative-beats-plain", Verdict.UNDECIDED),
            tuple("middle-layers-best", Verdict.SAME),
            tuple("ten-outliers-help", Verdict.CHANGED));
    assertThat(result.cards().get(0).measured()).contains("-0.0048 to 0.0448");
    assertThat(result.cards().get(1).measured()).contains("three +0.1000 (0.1000 to 0.1000");
    assertThat(result.cards().get(2).measured()).contains("two -0.0500 (-0.0500 to -0.0500");

    ResultTable layers = result.tables().getFirst();
    assertThat(layers.size()).isEqualTo(2 * (3 + 2));
    int row = 0;
    while (!(layers.text(row, "size").equals("three")
        && layers.number(row, "layer") == 2
        && layers.text(row, "method").equals("relative"))) {
      row++;
    }
    assertThat(layers.number(row, "auroc")).isCloseTo(0.82, within(1e-12));
    // On the logit scale: ln(0.82 / 0.18) -+ 0.0248414 / (0.82 * 0.18) = 1.516347 -+ 0.168302
    assertThat(layers.number(row, "low")).isCloseTo(0.7938099, within(1e-6));
    assertThat(layers.number(row, "seeds")).isEqualTo(3);
    ResultTable exposure = result.tables().get(1);
    assertThat(exposure.numbers("outliers")).containsExactly(1, 10, 1, 10);
    assertThat(exposure.number(0, "auroc")).isCloseTo(0.6, within(1e-12));
    // Over seeds 0.05, 0.06, 0.07: ln(0.06 / 0.94) -+ 4.302653 0.01/sqrt(3) / (0.06 0.94), on the
    // logit scale; the splits' spread is none of it.
    ResultTable operations = result.tables().get(2);
    assertThat(operations.size()).isEqualTo(2);
    assertThat(operations.number(0, "false_reject")).isCloseTo(0.06, within(1e-12));
    assertThat(operations.number(0, "false_reject_low")).isCloseTo(0.0394684, within(1e-6));
    assertThat(operations.number(0, "caught")).isCloseTo(0.5, within(1e-12));
    assertThat(operations.number(0, "target")).isEqualTo(0.05);
    assertThat(operations.number(0, "seeds")).isEqualTo(3);
  }

  @Test
  void whatOutliersBringIsCountedFromTheBetterScore() throws IOException {
    Study study = study();
    for (StudyMember member : study.plannedRuns()) {
      finish(study, member, 0.8);
    }
    // With ten 0.66, 0.67, 0.68 over seeds; the plain score has 0.8 where the relative has 0.72.
    assertThat(StudyReports.recompute(study).cards().get(2).measured())
        .contains("two -0.1300 (-0.1548 to -0.1052");
  }
}
