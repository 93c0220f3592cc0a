package dev.plumbline.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.PaperCard.Verdict;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
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
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study of three seeds whose journals are written by hand, so that every gap is known. */
final class OnlineTrainingTest {
  private static final int PROMPTS = 30;

  @TempDir Path directory;

  private Study finished(String snapshot) throws IOException {
    Files.createDirectories(directory.resolve("base"));
    Files.writeString(
        directory.resolve("base/config.json"),
        """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 300,
         "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 1,
         "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 64,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
         "attention_bias": false, "mlp_bias": false, "tie_word_embeddings": true,
         "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
        """);
    Files.writeString(directory.resolve("pairs.jsonl"), "{}\n");
    String matches =
        """
              seed: "${seed}"
              matches:
                # no reference: the first; the run's own record has it as an empty text
                players: [{name: initial, model: base}, {name: base-2, model: base}]
                judges: [{name: gold, gold: sample-world/helpful}]
                prompts: [pairs.jsonl]
        """;
    Path file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            title: by hand
            axes: {arm: {base: {RATE: 0.1}, mix: {RATE: 0.2}}, seed: [1, 2, 3]}
            runs:
              - role: pm
                over: [arm, seed]
                spec:
                  seed: "${seed}"
                  preference: {base: base, data: [pairs.jsonl], learning_rate: "${RATE}"}
              - role: policy
                over: [arm, seed]
                spec:
                  seed: "${seed}"
                  rlhf:
                    policy: base
                    reward: {preference_model: run:pm}
                    prompts: [pairs.jsonl]
              - role: matches
                over: [seed]
                spec:
            %s
              - role: held-out
                over: [seed]
                spec:
            %s
            analysis: online-training
            """
                .formatted(matches, matches));
    Study study =
        Study.create(new Runs(directory.resolve("workspace")), StudyPlan.read(file, Map.of()));
    for (StudyMember member : study.plannedRuns()) {
      finish(study, member, snapshot);
    }
    return study;
  }

  private static void finish(Study study, StudyMember member, String snapshot) throws IOException {
    RunDirectory run = study.run(member);
    int k = Integer.parseInt(String.valueOf(member.levels().get("seed"))) - 2;
    Files.createDirectories(run.path());
    try (JournalWriter journal = JournalWriter.open(run.journalFile())) {
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      switch (member.role()) {
        case "pm" -> {
          journal.append(
              new JournalEvent.Metrics(5, 1600, 1, 1, Map.of(Metrics.EVAL_ACCURACY, 0.8)));
          boolean mix = "mix".equals(member.levels().get("arm"));
          journal.append(TableFile.write(run.path(), 5, comparisons(mix)));
        }
        case "policy" -> {
          journal.append(policy(1, 16, 0.0, 0.5));
          journal.append(policy(2, 32, 1.5, 0.6));
        }
        case "matches" -> {
          journal.append(TableFile.write(run.path(), 1, responses(snapshot, 0)));
          journal.append(TableFile.write(run.path(), 1, matches(snapshot)));
          journal.append(TableFile.write(run.path(), 1, ratings(snapshot, k)));
        }
        default ->
            journal.append(TableFile.write(run.path(), 1, responses(snapshot, 2 + 0.05 * k)));
      }
      journal.append(new JournalEvent.State(RunState.FINISHED, 5, ""));
    }
  }

  private static JournalEvent policy(long step, long samples, double score, double ranker) {
    return new JournalEvent.Metrics(
        step,
        samples,
        samples * 20,
        1,
        Map.of(
            Metrics.PM_SCORE,
            score,
            Metrics.GOLD_REWARD,
            score / 2,
            Metrics.KL_EXACT,
            score,
            Metrics.RANKER_ACCURACY,
            ranker,
            Metrics.RANKER_ACCURACY_LOW,
            ranker - 0.1,
            Metrics.RANKER_ACCURACY_HIGH,
            ranker + 0.1));
  }

  /**
   * Base: 7 of 10 right, 2 ties, so 0.8, mean score 0. Online: 6 of 10 right, mean score 1 (6 times
   * 1 +- 0.5 and 4 times 1 -+ 0.5). The best of several: 7 of 10. People's conversations: 9 of 10.
   */
  private static ResultTable comparisons(boolean online) {
    ResultTable.Builder table =
        ResultTable.named("held-out-comparisons")
            .text("part", "part")
            .number("r_chosen", "nat", "score")
            .number("r_rejected", "nat", "score");
    for (int i = 0; i < 10; i++) {
      double base = i < 7 ? 0.5 : i < 9 ? 0 : -0.5;
      table.row("base", base, -base);
      table.row("conversations", i < 9 ? 1 : 0, i < 9 ? 0 : 1);
      if (online) {
        double margin = i < 6 ? 0.5 : -0.5;
        table.row("online", 1 + margin, 1 - margin);
        table.row("rejection-sampling", i < 7 ? 1 : 0, i < 7 ? 0 : 1);
      }
    }
    return table.build();
  }

  /**
   * The initial model scores 0 by every judge. In matches the snapshot of mix scores 2 on 20
   * prompts and -1 on 10: mean 1, and it wins 20 of 30 by the preference model. On held-out prompts
   * it scores what is given.
   */
  private static ResultTable responses(String snapshot, double heldOut) {
    ResultTable.Builder table =
        ResultTable.named("responses")
            .number("prompt_index", "", "number")
            .text("model", "who")
            .text("response", "text")
            .number("score_gold", "nat", "score")
            .number("score_pm-base", "nat", "score")
            .number("score_pm-mix", "nat", "score");
    for (int i = 0; i < PROMPTS; i++) {
      table.row(i, "initial", "a b c d", 0, 0, 0);
    }
    for (int i = 0; i < PROMPTS; i++) {
      table.row(i, "base-2", "a a b b", 0, i % 2 == 0 ? 1 : -1, 0);
    }
    for (int i = 0; i < PROMPTS; i++) {
      table.row(i, snapshot, "a", 0, 0, heldOut != 0 ? heldOut : i < 20 ? 2 : -1);
    }
    return table.build();
  }

  /** Annotators: base wins 20 of 30 against initial, mix 24 of 30; a match of each is unsure. */
  private static ResultTable matches(String snapshot) {
    ResultTable.Builder table =
        ResultTable.named("matches")
            .text("judge", "who")
            .text("model_a", "one")
            .text("model_b", "other")
            .text("winner", "a, b, tie or unsure")
            .number("prompt_index", "", "number");
    for (int i = 0; i < PROMPTS; i++) {
      table.row("gold", "initial", snapshot, "a", i); // another judge's are not counted
      table.row("annotators", "initial", "base-2", i % 3 == 0 ? "a" : "b", i);
      table.row("annotators", "initial", snapshot, i % 5 == 0 ? "a" : "b", i);
      table.row("annotators", "base-2", snapshot, i == 0 ? "unsure" : "b", i);
    }
    return table.build();
  }

  private static ResultTable ratings(String snapshot, int k) {
    return ResultTable.named("ratings")
        .text("judge", "who")
        .text("model", "model")
        .number("elo", "Elo", "rating")
        .number("low", "Elo", "low")
        .number("high", "Elo", "high")
        .number("matches", "", "matches")
        .row("annotators", "initial", 0, 0, 0, 60)
        .row("annotators", "base-2", 100, 50, 150, 60)
        .row("annotators", snapshot, 160 + 10 * k, 110, 210, 60)
        .row("gold", snapshot, 500, 400, 600, 60)
        .build();
  }

  private static ResultTable table(StudyResult result, String name) {
    return result.tables().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theControlledTestIsTheDifferenceOfTheLastSnapshotsOverSeeds() throws IOException {
    StudyResult result = StudyReports.recompute(finished("mix-2"));
    CatalogueFigures.checkAll("online-training", result);
    // 50, 60, 70 Elo: standard error 10/sqrt(3); Student's t for two degrees of freedom is 4.302653
    // (published tables), so 60 -+ 24.841.
    assertThat(result.cards().getFirst().measured())
        .isEqualTo(
            "60.0 Elo by annotators, mix less base after the last snapshot, 95 % t interval over 3"
                + " seeds 35.2 to 84.8 (what matters: 20.0)");
    ResultTable curve = table(result, "elo_by_samples");
    assertThat(curve.texts("arm")).containsExactly("", "base", "mix");
    assertThat(curve.numbers("samples")).containsExactly(0, 32, 32);
    assertThat(curve.number(2, "elo")).isCloseTo(160, within(1e-9));
    assertThat(curve.number(2, "low")).isCloseTo(135.159, within(1e-3));
    ResultTable ledger = table(result, "ledger");
    assertThat(ledger.size()).isEqualTo(6);
    int row = ledger.texts("arm").indexOf("mix");
    assertThat(ledger.number(row, "comparisons")).isEqualTo(1600);
    assertThat(ledger.number(row, "accuracy_online")).isCloseTo(0.6, within(1e-12));
    assertThat(ledger.number(row, "gold_gain")).isCloseTo(0.75, within(1e-12));
    assertThat(ledger.number(ledger.texts("arm").indexOf("base"), "accuracy_online")).isNaN();
  }

  @Test
  void theFourCurvesOfTheDiagnosisAreThoseWorkedByHand() throws IOException {
    StudyResult result = StudyReports.recompute(finished("mix-2"));
    ResultTable found = table(result, "elo_diagnosis");
    int row =
        IntStream.range(0, found.size())
            .filter(
                i ->
                    found.text(i, "seed").equals("2")
                        && found.text(i, "arm").equals("mix")
                        && found.number(i, "step") == 2)
            .findFirst()
            .orElseThrow();
    double nat = 400 / Math.log(10);
    assertThat(found.number(row, "a")).isCloseTo(2 * nat, within(1e-9));
    assertThat(found.number(row, "b")).isCloseTo(nat, within(1e-9)); // (20 * 2 - 10) / 30
    assertThat(found.number(row, "c")).isCloseTo(nat * Math.log(2), within(1e-4)); // 20 : 10
    assertThat(found.number(row, "d")).isCloseTo(nat * Math.log(4), within(1e-4)); // 24 : 6
    // Over seeds (a) is (2 + 0.05 k) nats with k = -1, 0, 1: 0.05 nat = 8.68589 Elo, and
    // 8.68589 / sqrt(3) * 4.302653 = 21.577 Elo to either side of (a) - (d) = 106.612.
    ResultTable gaps = table(result, "elo_gaps");
    int over =
        IntStream.range(0, gaps.size())
            .filter(
                i -> gaps.text(i, "gap").endsWith("(a) - (d)") && gaps.text(i, "arm").equals("mix"))
            .findFirst()
            .orElseThrow();
    assertThat(gaps.number(over, "elo")).isCloseTo(106.612, within(0.01));
    assertThat(gaps.number(over, "low")).isCloseTo(106.612 - 21.577, within(0.01));
    assertThat(result.cards())
        .extracting(PaperCard::id, PaperCard::verdict)
        .containsExactly(
            tuple("mix-beats-base", Verdict.SAME),
            tuple("elo-overestimated", Verdict.SAME),
            // (a) - (b) = 173.72, (b) - (c) = 53.31, (c) - (d) = -120.41
            tuple("shift-largest", Verdict.SAME),
            tuple("score-against-rank", Verdict.CHANGED),
            tuple("accuracy-falls", Verdict.SAME), // 0.8 - 0.6
            tuple("rejection-sampling-between", Verdict.SAME), // 0.8 - 0.7 and 0.7 - 0.6
            tuple("scores-rise", Verdict.SAME), // 1 nat
            tuple("diversity-falls", Verdict.SAME), // ln 4 - ln 2
            tuple("policy-ranks-better", Verdict.SAME), // 0.6 - 0.5
            tuple("ranker-below-pm", Verdict.SAME)); // 0.9 - 0.6
    assertThat(result.cards().get(5).measured()).startsWith("0.1000 accuracy, the smaller of");
    assertThat(result.notes()).noneMatch(note -> note.contains("rejection sampling"));
    assertThat(result.notes()).anyMatch(note -> note.contains("1.1 % of 270 matches")); // 1 of 90
  }

  @Test
  void densitiesOfEachTrancheAddUpToOneAboutTheZeroOfBaseResponses() throws IOException {
    StudyResult result = StudyReports.recompute(finished("mix-2"));
    ResultTable densities = table(result, "score_densities");
    for (String tranche : List.of("base", "online")) {
      double[] middle = new double[2];
      double sum = 0;
      double mean = 0;
      int bin = 0;
      for (int i = 0; i < densities.size(); i++) {
        if (densities.text(i, "tranche").equals(tranche)) {
          if (bin < 2) {
            middle[bin++] = densities.number(i, "score");
          }
          assertThat(densities.number(i, "n")).isEqualTo(60); // 3 seeds, 10 comparisons
          sum += densities.number(i, "density");
          mean += densities.number(i, "density") * densities.number(i, "score");
        }
      }
      double width = middle[1] - middle[0];
      assertThat(sum * width).isCloseTo(1, within(1e-9));
      assertThat(mean * width).isCloseTo(tranche.equals("base") ? 0 : 1, within(width / 2));
    }
    ResultTable diversity = table(result, "diversity");
    assertThat(diversity.number(0, "entropy")).isCloseTo(Math.log(4), within(1e-12));
    assertThat(diversity.number(1, "distinct_1")).isCloseTo(2.0 / 120, within(1e-12));
    assertThat(diversity.number(2, "unique")).isCloseTo(1.0 / 30, within(1e-12));
  }

  @Test
  void aPlayerOfAnotherNameIsSaid() throws IOException {
    Study study = finished("winner");
    assertThatThrownBy(() -> StudyReports.recompute(study))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("player 'winner' is called neither ARM-STEP");
  }
}
