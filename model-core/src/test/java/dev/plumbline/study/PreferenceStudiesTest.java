package dev.plumbline.study;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Studies of mixtures, calibration, preference model pretraining and context distillation on
 * journals that are written by hand. Over three seeds whose values are m - d, m and m + d the t
 * interval is m -+ 4.302653 d / sqrt(3) = m -+ 2.484138 d (Student's t of two degrees of freedom,
 * published tables).
 */
final class PreferenceStudiesTest {
  private static final double HALF = 2.484138;

  /** Numbers of the two decoders below without embeddings; worked in StudyReportsTest. */
  private static final double SMALL = 25_248;

  private static final double LARGE = 100_672;

  @TempDir Path directory;

  /** What a run of a study is made to say. */
  private interface Story {
    List<JournalEvent> tell(StudyMember member, Path run) throws IOException;
  }

  private static String config(boolean small) {
    return """
    {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 1024,
     "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": 2,
     "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 160,
     "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
     "attention_bias": false, "mlp_bias": false, "tie_word_embeddings": true,
     "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    """
        .formatted(small ? 32 : 64, small ? 88 : 176);
  }

  private StudyResult analyse(String yaml, Story story) throws IOException {
    Files.createDirectories(directory.resolve("base"));
    Files.writeString(directory.resolve("base/config.json"), config(true));
    Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    Path file = Files.writeString(directory.resolve("study.yaml"), yaml);
    Study study =
        Study.create(new Runs(directory.resolve("workspace")), StudyPlan.read(file, Map.of()));
    for (StudyMember member : study.plannedRuns()) {
      RunDirectory run = study.run(member);
      Path model = run.path().resolve("checkpoints/10/model");
      Files.createDirectories(model);
      Files.writeString(
          model.resolve("config.json"),
          config(!member.levels().getOrDefault("size", "small").equals("large")));
      try (JournalWriter journal = JournalWriter.open(run.journalFile())) {
        journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
        for (JournalEvent event : story.tell(member, run.path())) {
          journal.append(event);
        }
        journal.append(new JournalEvent.State(RunState.FINISHED, 10, ""));
      }
    }
    return StudyReports.recompute(study);
  }

  private static String level(StudyMember member, String axis) {
    return member.levels().getOrDefault(axis, "");
  }

  /** -1, 0 and 1 for the seeds 1, 2 and 3. */
  private static int k(StudyMember member) {
    return Integer.parseInt(level(member, "seed")) - 2;
  }

  private static JournalEvent metrics(long step, Map<String, Double> values) {
    return new JournalEvent.Metrics(step, step * 32, step * 640, 1, values);
  }

  private static PaperCard card(StudyResult result, String id) {
    return result.cards().stream().filter(card -> card.id().equals(id)).findFirst().orElseThrow();
  }

  private static ResultTable table(StudyResult result, String name) {
    return result.tables().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private static final String MIXTURE =
      """
      axes:
        size: {small: {RATE: 0.1}, large: {RATE: 0.2}}
        fraction:
          "0": {A: 1, B: 0}
          "0.5": {A: 0.5, B: 0.5}
          "1": {A: 0, B: 1}
        lambda: [2, 3, 10]
        seed: [1, 2, 3]
      runs:
        - role: pm
          over: [size, fraction, seed]
          spec:
            seed: "${seed}"
            preference:
              base: base
              data:
                - {name: helpful, files: [data.jsonl], fraction: "${A}"}
                - {name: harmless, files: [data.jsonl], fraction: "${B}"}
              max_comparisons: 100
              learning_rate: "${RATE}"
        - role: weighted
          over: [size, lambda, seed]
          spec:
            seed: "${seed}"
            preference:
              base: base
              data:
                - {name: helpful, files: [data.jsonl], fraction: 0.5}
                - {name: harmless, files: [data.jsonl], fraction: 0.5, loss_weight: "${lambda}"}
              max_comparisons: 100
              learning_rate: "${RATE}"
      analysis: mixture
      """;

  private static List<JournalEvent> mixture(StudyMember member) {
    boolean small = level(member, "size").equals("small");
    double helpful = small ? 0.66 : 0.69;
    double harmless = small ? 0.66 : 0.72;
    int k = k(member);
    switch (level(member, "fraction")) {
      case "0" -> {
        helpful = 0.70;
        harmless = 0.36 + 0.01 * k;
      }
      case "1" -> {
        helpful = 0.40;
        harmless = 0.75;
      }
      default -> {
        // the even mixture
      }
    }
    switch (level(member, "lambda")) {
      case "2" -> {
        helpful -= 0.01;
        harmless += 0.03 + 0.004 * k;
      }
      case "3" -> {
        helpful -= 0.02;
        harmless += 0.04;
      }
      case "10" -> {
        helpful -= small ? 0.10 : 0.03;
        harmless += 0.05;
      }
      default -> {
        // lambda 1
      }
    }
    return List.of(
        metrics(
            10,
            Map.of(
                "eval/accuracy/helpful",
                helpful,
                "eval/accuracy/harmless",
                harmless,
                "eval/n/helpful",
                1000.0,
                "eval/n/harmless",
                1000.0,
                "eval/length_accuracy/helpful",
                0.43,
                "eval/length_accuracy/harmless",
                0.52)));
  }

  @Test
  void theEndsOfAMixtureItsOwnMaximaAndWeightsAreMeasured() throws IOException {
    StudyResult result = analyse(MIXTURE, (member, _) -> mixture(member));
    CatalogueFigures.checkAll("mixture", result);
    // 0.5 - (0.36 + 0.01 k)
    assertThat(card(result, "harmless-below-chance").measured())
        .isEqualTo(
            "0.1400 of accuracy below chance, mean over sizes, 95 % t interval over 3 seeds 0.1152"
                + " to 0.1648 (what matters: 0.0450)");
    assertThat(card(result, "helpful-below-chance").measured()).startsWith("0.1000 ");
    // Small loses (1 - 0.66/0.70 + 1 - 0.66/0.75)/2 = 0.08857, large (1 - 0.69/0.70 + 1 -
    // 0.72/0.75)/2 = 0.02714.
    assertThat(card(result, "larger-models-flatter").measured()).startsWith("0.0614 ");
    // Mean accuracy at 2 is (-0.01 + 0.03 + 0.004 k)/2 above that at 1, at 3 it is 0.01: together
    // 0.01 + 0.001 k; at 10 it is -0.025 for small and 0.01 for large.
    assertThat(card(result, "lambda-two-or-three-above-one").measured())
        .startsWith("0.0100 ")
        .contains("0.0075 to 0.0125");
    assertThat(card(result, "lambda-two-or-three-above-ten").measured()).startsWith("0.0175 ");
    assertThat(card(result, "lambda-ten-costs-helpfulness").measured()).startsWith("0.0650 ");
    assertThat(card(result, "lambda-costs-larger-models-less").measured()).startsWith("0.0700 ");
    assertThat(result.cards()).extracting(PaperCard::verdict).containsOnly(Verdict.SAME);

    ResultTable rows = table(result, "mixture");
    assertThat(rows.size()).isEqualTo(2 * (18 + 18));
    // Wilson (1927) for 700 of 1000: 0.699235 -+ 0.028359.
    assertThat(rows.number(0, "low")).isCloseTo(0.670876, within(1e-5));
    assertThat(rows.number(0, "high")).isCloseTo(0.727594, within(1e-5));
    assertThat(rows.number(0, "length_rule")).isCloseTo(0.57, within(1e-12));
    ResultTable curves = table(result, "accuracy_by_fraction");
    assertThat(curves.texts("size").getFirst()).isEqualTo("small");
    assertThat(curves.number(1, "normalised")).isCloseTo(0.66 / 0.70, within(1e-12));
    // Of the mean the maximum is at 0.5, whatever the seed.
    assertThat(curves.texts("part").get(7)).isEqualTo("mean");
    assertThat(curves.number(7, "accuracy")).isCloseTo(0.66, within(1e-12));
    assertThat(curves.number(7, "normalised")).isCloseTo(1, within(1e-12));
    // ln(0.53 / 0.47) - 0.0124207 / (0.53 * 0.47) = 0.120144 - 0.049862
    assertThat(curves.number(6, "low")).isCloseTo(0.5175633, within(1e-6));
    assertThat(table(result, "accuracy_by_weight").numbers("lambda"))
        .startsWith(1, 2, 3, 10, 1, 2, 3, 10);
  }

  private static final String SKILLS =
      """
      axes:
        size: {small: {RATE: 0.1}, large: {RATE: 0.2}}
        training:
          hh: {DATA: [{name: helpful, files: [data.jsonl], comparisons: 2}]}
          skill: {DATA: [{name: skill, files: [data.jsonl], comparisons: 2}]}
          both:
            DATA:
              - {name: helpful, files: [data.jsonl], comparisons: 2}
              - {name: skill, files: [data.jsonl], comparisons: 2}
        seed: [1, 2, 3]
      runs:
        - role: pm
          over: [size, training, seed]
          spec:
            seed: "${seed}"
            preference: {base: base, data: "${DATA}", learning_rate: "${RATE}"}
      analysis: skill
      """;

  /**
   * The helpful test has 3000 comparisons and the harmless one 1000. Together they cost small 0.002
   * and large 0.004 + 0.001 k on them.
   */
  private static List<JournalEvent> skills(StudyMember member, double skillCost) {
    boolean small = level(member, "size").equals("small");
    double helpful = 0.70;
    double harmless = 0.62;
    double skill = 0.80;
    switch (level(member, "training")) {
      case "skill" -> {
        helpful = 0.60;
        harmless = 0.48;
      }
      case "both" -> {
        // three quarters of the test lose four thirds of the cost
        helpful -= (small ? 0.002 : 0.004 + 0.001 * k(member)) * 4 / 3;
        skill -= skillCost + 0.01 * k(member);
      }
      default -> skill = 0.64;
    }
    return List.of(
        metrics(
            10,
            Map.of(
                "eval/accuracy/helpful",
                helpful,
                "eval/accuracy/harmless",
                harmless,
                "eval/accuracy/skill",
                skill,
                "eval/n/helpful",
                3000.0,
                "eval/n/harmless",
                1000.0,
                "eval/n/skill",
                500.0,
                "eval/length_accuracy/helpful",
                0.43,
                "eval/length_accuracy/harmless",
                0.55,
                "eval/length_accuracy/skill",
                0.4)));
  }

  @Test
  void aSkillBesideTheOthersCostsWhatTheModelOfBothIsBelowTheSpecialists() throws IOException {
    StudyResult result = analyse(SKILLS, (member, _) -> skills(member, -0.03));
    // Over sizes (0.002 + 0.004 + 0.001 k) / 2 = 0.003 + 0.0005 k, within 0.003 -+ 0.0012.
    assertThat(card(result, "skill-costs-hh-nothing").measured())
        .isEqualTo(
            "0.0030 of accuracy on helpful and harmless comparisons lost by training on the skill"
                + " as well, mean over sizes, 95 % t interval over 3 seeds 0.0018 to 0.0042 (what"
                + " matters: 0.0097)");
    assertThat(card(result, "skill-costs-hh-nothing").verdict()).isEqualTo(Verdict.SAME);
    // -0.03 + 0.01 k: a gain, so no cost.
    assertThat(card(result, "hh-costs-skill-nothing").measured()).startsWith("-0.0300 ");
    assertThat(card(result, "hh-costs-skill-nothing").verdict()).isEqualTo(Verdict.SAME);
    ResultTable rows = table(result, "skill");
    assertThat(rows.size()).isEqualTo(2 * 18);
    // 0.75 x 0.70 + 0.25 x 0.62 of 4000, and the length rule 1 - 0.75 x 0.43 - 0.25 x 0.55.
    assertThat(rows.number(0, "accuracy")).isCloseTo(0.68, within(1e-12));
    assertThat(rows.number(0, "n")).isEqualTo(4000);
    assertThat(rows.number(0, "length_rule")).isCloseTo(0.54, within(1e-12));
    ResultTable cells = table(result, "accuracy_by_training");
    assertThat(cells.size()).isEqualTo(12);
    assertThat(cells.texts("training").subList(0, 6))
        .containsExactly("hh", "hh", "skill", "skill", "both", "both");
    assertThat(cells.number(0, "parameters")).isEqualTo(SMALL);
    assertThat(cells.number(0, "cost")).isNaN();
    assertThat(cells.number(5, "cost")).isCloseTo(0.004, within(1e-12));
    assertThat(cells.number(5, "cost_high")).isCloseTo(0.004 + 0.001 * HALF, within(1e-7));
    CatalogueFigures.checkAll("skill", result);
  }

  @Test
  void aCostThatMattersContradictsThePaper() throws IOException {
    StudyResult result = analyse(SKILLS, (member, _) -> skills(member, 0.07));
    assertThat(card(result, "hh-costs-skill-nothing").measured()).startsWith("0.0700 ");
    assertThat(card(result, "hh-costs-skill-nothing").verdict()).isEqualTo(Verdict.CHANGED);
  }

  private static final String CALIBRATION =
      """
      axes:
        size: {small: {RATE: 0.1}, large: {RATE: 0.2}}
        mix: {only: {A: 1, B: 0}, both: {A: 0.5, B: 0.5}}
        seed: [1, 2, 3]
      runs:
        - role: pm
          over: [size, mix, seed]
          spec:
            seed: "${seed}"
            preference:
              base: base
              data:
                - {name: helpful, files: [data.jsonl], fraction: "${A}"}
                - {name: harmless, files: [data.jsonl], fraction: "${B}"}
              max_comparisons: 100
              held_out_fraction: 0.35
              learning_rate: "${RATE}"
      analysis: calibration
      """;

  /** Pairs whose scores differ by ln 3 about a level, so many of them on the right side. */
  private static void pairs(
      ResultTable.Builder rows, String part, double level, int right, int wrong) {
    double half = Math.log(3) / 2;
    IntStream.range(0, right + wrong)
        .forEach(
            i -> {
              double sign = i < right ? 1 : -1;
              rows.row(part, level + sign * half, level - sign * half);
            });
  }

  private static List<JournalEvent> calibration(StudyMember member, Path run) throws IOException {
    ResultTable.Builder rows =
        ResultTable.named("held-out-comparisons")
            .text("part", "part")
            .number("r_chosen", "nat", "score")
            .number("r_rejected", "nat", "score");
    if (level(member, "mix").equals("only")) {
      pairs(rows, "helpful", 5, 25, 25);
      pairs(rows, "helpful", -5, 50, 0);
      pairs(rows, "harmless", 0, 0, 100); // never trained on, and no part of the measure
    } else {
      pairs(rows, "helpful", 5, 40, 10);
      pairs(rows, "helpful", -5, 50, 0);
      pairs(rows, "helpful", 0, 0, 300); // more than its share of the mixture
      pairs(rows, "harmless", 5, 40, 10);
      pairs(rows, "harmless", -5, 50, 0);
    }
    return List.of(TableFile.write(run, 10, rows.build()));
  }

  /**
   * A margin of ln 3 promises 1/(1 + 1/3) = 0.75. Where 0.75 are right the slope is 1; where 0.9
   * are, s ln 3 = ln(0.9/0.1) = 2 ln 3 and the slope is 2.
   */
  @Test
  void aCalibratedModelAndAnUnderConfidentOneAreToldApart() throws IOException {
    StudyResult result = analyse(CALIBRATION, PreferenceStudiesTest::calibration);
    CatalogueFigures.checkAll("calibration", result);
    assertThat(result.cards()).extracting(PaperCard::verdict).containsOnly(Verdict.SAME);
    assertThat(card(result, "helpful-calibrated").measured()).startsWith("0.0000 ");
    assertThat(card(result, "mixture-under-confident").measured()).startsWith("1.0000 ");
    // 0.9 of all pairs and 0.8 of those above the mean, which is 0.
    assertThat(card(result, "helpful-accuracy-falls-with-scores").measured()).startsWith("0.1000 ");
    ResultTable rows = table(result, "calibration");
    assertThat(rows.size()).isEqualTo(12);
    int both = rows.texts("mix").indexOf("both");
    assertThat(rows.numbers("n")[0]).isEqualTo(100);
    assertThat(rows.number(both, "n")).isEqualTo(200);
    assertThat(rows.number(both, "accuracy")).isCloseTo(0.9, within(1e-12));
    assertThat(rows.number(0, "ece")).isCloseTo(0, within(1e-9));
    assertThat(rows.number(both, "ece")).isCloseTo(0.15, within(1e-9));
    assertThat(rows.number(both, "squared_error"))
        .isCloseTo(0.15 * 0.15 - 0.9 * 0.1 / 199, within(1e-9));
    // 0.9 (1 - 0.75)^2 + 0.1 x 0.75^2, and -0.9 ln 0.75 - 0.1 ln 0.25
    assertThat(rows.number(both, "brier")).isCloseTo(0.1125, within(1e-9));
    assertThat(rows.number(both, "loss")).isCloseTo(0.397543, within(1e-6));
    assertThat(rows.number(both, "slope")).isCloseTo(2, within(1e-9));
    assertThat(rows.number(both, "p_value")).isLessThan(0.01);
    assertThat(rows.number(0, "p_value")).isEqualTo(1);
    ResultTable curves = table(result, "accuracy_above_threshold");
    int zero =
        IntStream.range(0, curves.size())
            .filter(
                row ->
                    curves.text(row, "mix").equals("both") && curves.number(row, "threshold") == 0)
            .findFirst()
            .orElseThrow();
    assertThat(curves.number(zero, "n")).isEqualTo(50);
    assertThat(curves.number(zero, "accuracy")).isCloseTo(0.8, within(1e-12));
  }

  private static final String PRETRAINING =
      """
      axes:
        objective: [binary, ranked]
        data: [500, 8000]
        seed: [1, 2, 3]
      runs:
        - role: pmp
          over: [objective, seed]
          spec:
            seed: "${seed}"
            preference:
              base: base
              data: [{name: forum, files: [data.jsonl], objective: "${objective}"}]
        - role: plain
          over: [data, seed]
          spec:
            seed: "${seed}"
            preference: {base: base, data: [data.jsonl], max_comparisons: "${data}"}
        - role: pretrained
          over: [objective, data, seed]
          spec:
            seed: "${seed}"
            preference: {base: run:pmp, data: [data.jsonl], max_comparisons: "${data}"}
      analysis: preference-pretraining
      """;

  /** Binary gains 0.07 + 0.002 k with little data and 0.03 + 0.002 k with much, ranked 0.02. */
  private static List<JournalEvent> pretraining(StudyMember member) {
    boolean little = level(member, "data").equals("500");
    double gain =
        switch (level(member, "objective")) {
          case "binary" -> (little ? 0.07 : 0.03) + 0.002 * k(member);
          case "ranked" -> 0.02;
          default -> 0;
        };
    double accuracy = (little ? 0.60 : 0.64) + gain;
    return List.of(
        metrics(
            10,
            Map.of(
                Metrics.EVAL_ACCURACY,
                accuracy,
                Metrics.EVAL_ACCURACY_LOW,
                accuracy - 0.03,
                Metrics.EVAL_ACCURACY_HIGH,
                accuracy + 0.03,
                Metrics.EVAL_N,
                1000.0,
                Metrics.EVAL_LOSS,
                0.6,
                Metrics.EVAL_LENGTH_ACCURACY,
                0.43)));
  }

  @Test
  void aGainIsThatOverTheSameDataAndSeedWithoutPretraining() throws IOException {
    StudyResult result = analyse(PRETRAINING, (member, _) -> pretraining(member));
    CatalogueFigures.checkAll("preference-pretraining", result);
    assertThat(result.cards()).extracting(PaperCard::verdict).containsOnly(Verdict.SAME);
    assertThat(card(result, "binary-pretraining-helps").measured())
        .startsWith("0.0500 ")
        .contains("0.0450 to 0.0550"); // 0.05 -+ 0.002 x 2.484138
    assertThat(card(result, "ranked-pretraining-helps").measured()).startsWith("0.0200 ");
    assertThat(card(result, "pretraining-helps-most-with-little-data").measured())
        .startsWith("0.0200 "); // 0.04 for binary and 0 for ranked
    assertThat(card(result, "binary-transfers-better").measured()).startsWith("0.0300 ");
    ResultTable cells = table(result, "accuracy_by_pretraining");
    assertThat(cells.texts("pretraining"))
        .containsExactly("none", "none", "binary", "binary", "ranked", "ranked");
    assertThat(cells.number(2, "gain")).isCloseTo(0.07, within(1e-12));
    assertThat(cells.number(2, "gain_low")).isCloseTo(0.07 - 0.002 * HALF, within(1e-7));
    assertThat(cells.number(0, "gain")).isNaN();
  }

  private static final String DISTILLATION =
      """
      axes:
        size: {small: {WIDTH: 32}, large: {WIDTH: 64}}
        seed: [1, 2, 3]
      runs:
        - role: base
          over: [size, seed]
          spec:
            seed: "${seed}"
            pretraining: {data: [data.jsonl], model: {d_model: "${WIDTH}"}}
        - role: student
          over: [size, seed]
          spec:
            seed: "${seed}"
            context_distillation:
              teacher: run:base[size=large]
              student: run:base
              prompt: data.jsonl
              data: [data.jsonl]
      analysis: distillation
      """;

  /**
   * From 1 to 0.5 for the small student, from 0.5 to 0.25 e^(-0.1 k) for the teacher's own size.
   */
  private static List<JournalEvent> distillation(StudyMember member) {
    boolean small = level(member, "size").equals("small");
    return List.of(
        metrics(0, Map.of(Metrics.EVAL_LOSS, small ? 1.0 : 0.5)),
        metrics(10, Map.of(Metrics.EVAL_LOSS, small ? 0.5 : 0.25 * Math.exp(-0.1 * k(member)))));
  }

  @Test
  void studentsAreComparedByTheLogarithmsOfTheirLosses() throws IOException {
    StudyResult result = analyse(DISTILLATION, (member, _) -> distillation(member));
    CatalogueFigures.checkAll("distillation", result);
    assertThat(result.cards()).extracting(PaperCard::verdict).containsOnly(Verdict.SAME);
    double slope = Math.log(2) / Math.log(LARGE / SMALL);
    assertThat(card(result, "loss-falls-with-size").measured())
        .startsWith(String.format(Locale.ROOT, "%.4f ", slope));
    assertThat(card(result, "own-size-starts-nearest").measured())
        .startsWith("0.6931 ")
        .contains("0.6931 to 0.6931");
    assertThat(card(result, "own-size-lowest").measured())
        .startsWith("0.6931 ")
        .contains("0.4447 to 0.9416"); // ln 2 -+ 0.2484138
    assertThat(card(result, "distillation-learns").measured()).startsWith("0.6931 ");
    ResultTable rows = table(result, "distillation");
    assertThat(rows.size()).isEqualTo(12);
    assertThat(rows.texts("own").subList(0, 7))
        .containsExactly("no", "no", "no", "no", "no", "no", "yes");
    assertThat(table(result, "distillation_by_size").numbers("parameters"))
        .containsExactly(SMALL, SMALL, LARGE, LARGE);
  }
}
