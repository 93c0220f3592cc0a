package dev.plumbline.app.newrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.newrun.FormSection.Kind;
import dev.plumbline.experiment.SpecDefaults;
import dev.plumbline.experiment.SpecDraft;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which lines a form has, without a window. */
final class FormLayoutTest {
  private static SpecDraft draft(String text) {
    return SpecDraft.parse(Path.of("new.yaml"), text);
  }

  private static List<String> paths(List<FormSection> sections) {
    List<String> paths = new ArrayList<>();
    sections.forEach(section -> section.fields().forEach(field -> paths.add(field.path())));
    return paths;
  }

  /**
   * Basic holds all that must be given, all that is given, and all that something is said about.
   */
  @Test
  void basicShowsWhatMatters() {
    SpecDraft draft = draft("rlhf: {policy: p, gamma: 0.9}");
    List<String> basic = paths(FormLayout.of(draft, false, Set.of("rlhf.clip_range")::contains));
    assertThat(basic)
        .contains(
            "name",
            "seed",
            "rlhf.policy",
            "rlhf.gamma",
            "rlhf.clip_range",
            "rlhf.lambda_kl",
            "rlhf.reward.preference_model")
        .doesNotContain("rlhf.gae_lambda", "rlhf.trainer.precision");
    assertThat(paths(FormLayout.of(draft, true, _ -> false)))
        .containsAll(basic)
        .contains("rlhf.gae_lambda", "rlhf.trainer.watchdog.kl_limit", "tags");
  }

  /** No line stands twice, and each says what it means, in every stage. */
  @Test
  void everyStageHasAForm() {
    for (String stage : SpecDefaults.STAGES.keySet()) {
      List<FormSection> sections = FormLayout.of(SpecDraft.of(stage), true, _ -> true);
      assertThat(paths(sections)).as(stage).doesNotHaveDuplicates().hasSizeGreaterThan(6);
      sections.forEach(
          section -> section.fields().forEach(field -> assertThat(field.meaning()).isNotBlank()));
      assertThat(NewRunViewModel.stages()).contains(stage);
    }
  }

  @Test
  void aListOfFilesBecomesPartsAndGroupsComeAndGo() {
    SpecDraft plain = draft("preference: {base: b, data: [a]}");
    assertThat(paths(FormLayout.of(plain, false, _ -> false))).contains("preference.data");
    SpecDraft parts = plain.spread("preference.data", "files").added("preference.data");
    List<FormSection> sections = FormLayout.of(parts, false, _ -> false);
    assertThat(paths(sections))
        .doesNotContain("preference.data")
        .contains("preference.data[1].files", "preference.data[2].files");
    assertThat(sections)
        .filteredOn(section -> section.kind() == Kind.ITEM)
        .extracting(FormSection::path)
        .containsExactly("preference.data[1]", "preference.data[2]");
    assertThat(FormLayout.of(plain, true, _ -> false))
        .filteredOn(section -> section.path().equals("preference.trainer.lora"))
        .extracting(FormSection::kind)
        .containsExactly(Kind.ABSENT);
    assertThat(FormLayout.of(plain.withGroup("preference.trainer.lora"), false, _ -> false))
        .filteredOn(section -> section.path().equals("preference.trainer.lora"))
        .extracting(FormSection::kind)
        .containsExactly(Kind.PRESENT);
  }

  @Test
  void defaultsAreWrittenAsPeopleWriteThem() {
    assertThat(FormLayout.of(SpecDraft.of("preference"), true, _ -> false))
        .flatExtracting(FormSection::fields)
        .filteredOn(field -> field.path().equals("preference.learning_rate"))
        .singleElement()
        .satisfies(
            field -> {
              assertThat(field.fallback()).isEqualTo("0.0003");
              assertThat(field.meaning()).contains("AdamW", "Range: above 0.");
            });
  }
}
