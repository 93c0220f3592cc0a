package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.training.PpoSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StudyDraftTest {
  private static final Path FILE = Path.of("/w/new.yaml");

  private static SpecDraft base() {
    return SpecDraft.parse(
        FILE,
        """
        name: KL weight
        seed: 3
        rlhf:
          policy: run:base
          reward: {preference_model: run:pm}
          prompts: [p.jsonl]
          trainer: {watchdog: {kl_limit: 50}}
        """);
  }

  /** Two weights times three seeds are six runs, each with its own values and all else alike. */
  @Test
  void aGridOverOneSpecIsAStudyFile() {
    StudyDraft draft =
        new StudyDraft(
            base(),
            List.of(
                StudyDraft.Axis.of("rlhf.lambda_kl", "0.001, 1e-2"),
                StudyDraft.Axis.of("seed", "1..3")));
    assertThat(draft.runs()).isEqualTo(6);
    StudyPlan plan = StudyPlan.parse(FILE, draft.yaml());
    assertThat(plan.about().name()).isEqualTo("KL weight");
    assertThat(plan.members()).hasSize(6);
    assertThat(plan.members().getFirst().spec().name()).startsWith("kl-weight-");
    assertThat(plan.members())
        .extracting(
            member ->
                ((PpoSettings) member.spec().settings()).lambdaKl() + " " + member.spec().seed())
        .containsExactly("0.001 1", "0.001 2", "0.001 3", "0.01 1", "0.01 2", "0.01 3");
    assertThat(plan.members())
        .allMatch(
            member ->
                ((PpoSettings) member.spec().settings()).trainer().watchdog().klLimit() == 50);
  }

  @Test
  void axesThatEndAlikeAndWordsAreLevelsToo() {
    StudyDraft draft =
        new StudyDraft(
            base(),
            List.of(
                StudyDraft.Axis.of("rlhf.whiten_rewards", "true,false"),
                StudyDraft.Axis.of("rlhf.trainer.precision", "float32, bfloat16"),
                StudyDraft.Axis.of("rlhf.trainer.freeze.layers", "0,1")));
    assertThat(draft.runs()).isEqualTo(8);
    assertThat(StudyPlan.parse(FILE, draft.yaml()).members()).hasSize(8);
    assertThat(new StudyDraft(base(), List.of()).runs()).isEqualTo(1);
    assertThat(StudyDraft.Axis.of("seed", " , 5,").levels()).containsExactly("5");
  }
}
