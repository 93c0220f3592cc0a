package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.experiment.SpecForm.Kind;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.StageSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Drafts, forms and gathered mistakes: what a form does with a spec before it is one. */
final class SpecDraftTest {
  private static final Path FILE = Path.of("/w/new.yaml");

  private static SpecDraft parse(String text) {
    return SpecDraft.parse(FILE, text);
  }

  /** A key is put where the grammar has it, and all else stays as it was. */
  @Test
  void aChangedKeyIsPutWhereTheGrammarHasIt() {
    SpecDraft draft =
        parse(
            """
            # why this run
            name: a
            rlhf:
              policy: run:base
              iterations: 100
              learning_rate: 6e-6
            """);
    SpecDraft next =
        draft
            .with("rlhf.reward.preference_model", Kind.MODEL, "run:pm@40")
            .with("rlhf.prompts", List.of("p.jsonl", "q 1.jsonl"))
            .with("rlhf.batch_size", Kind.WHOLE, "128")
            .with("seed", Kind.WHOLE, "7");
    assertThat(next.yaml())
        .isEqualTo(
            """
            # why this run
            name: a
            seed: 7
            rlhf:
              policy: run:base
              reward:
                preference_model: run:pm@40
              prompts:
                - p.jsonl
                - q 1.jsonl
              iterations: 100
              batch_size: 128
              learning_rate: 0.000006
            """);
    assertThat(next.text("rlhf.learning_rate")).isEqualTo("6e-6");
    assertThat(draft.has("seed")).as("drafts are immutable").isFalse();
    assertThat(next.with("rlhf.batch_size", Kind.WHOLE, " ").has("rlhf.batch_size")).isFalse();
    assertThat(ExperimentSpec.problems(FILE, next.yaml())).isEmpty();
  }

  /** Texts that look like something else come back as texts, and mistakes stay to be read. */
  @Test
  void whatIsWrittenIsReadAgain() {
    SpecDraft draft = SpecDraft.of("preference");
    for (String text : List.of("true", "12", "1e-3", "null", "a: b # c", " x", "[1", "é ✓", "no")) {
      SpecDraft next = draft.with("notes", Kind.TEXT, text).with("tags", List.of(text, "b"));
      SpecDraft again = parse(next.yaml());
      assertThat(again.text("notes")).isEqualTo(text);
      assertThat(again.texts("tags")).containsExactly(text, "b");
      assertThat(again).isEqualTo(next);
    }
    SpecDraft wrong = draft.with("preference.batch_size", Kind.WHOLE, "many");
    assertThat(parse(wrong.yaml()).text("preference.batch_size")).isEqualTo("many");
  }

  @Test
  void listsOfGroupsGrowMoveAndShrink() {
    SpecDraft draft =
        parse("preference: {base: run:base, data: [a.jsonl, b.jsonl], max_comparisons: 9}");
    assertThat(draft.isPlain("preference.data")).isTrue();
    SpecDraft parts =
        draft
            .spread("preference.data", "files")
            .added("preference.data")
            .with("preference.data[2].name", Kind.TEXT, "red")
            .with("preference.data[2].files", List.of("c.jsonl"))
            .with("preference.data[2].fraction", Kind.NUMBER, "0.25")
            .with("preference.data[1].fraction", Kind.NUMBER, "0.75");
    assertThat(parts.isPlain("preference.data")).isFalse();
    PreferenceSettings settings =
        (PreferenceSettings) ExperimentSpec.parse(FILE, parts.yaml()).settings();
    assertThat(settings.data())
        .extracting(PreferenceSettings.Part::name)
        .containsExactly("all", "red");
    assertThat(settings.data().getFirst().files()).containsExactly("/w/a.jsonl", "/w/b.jsonl");
    SpecDraft moved = parts.moved("preference.data", 2, -1);
    assertThat(moved.text("preference.data[1].name")).isEqualTo("red");
    assertThat(moved.moved("preference.data", 1, -1)).isEqualTo(moved);
    assertThat(moved.removed("preference.data", 1).removed("preference.data", 1))
        .isEqualTo(parse("preference: {base: run:base, max_comparisons: 9}"));
  }

  @Test
  void pathsMeanTheSameInAnotherFile() {
    SpecDraft draft =
        parse(
            """
            preference:
              base: base
              baseline: run:base
              data: [{files: [t.jsonl, /abs/u.jsonl]}]
              held_out: [h.jsonl]
            """);
    SpecDraft there = draft.rebased(Path.of("/w/sample"), Path.of("/w"));
    assertThat(there.text("preference.base")).isEqualTo("sample/base");
    assertThat(there.text("preference.baseline")).isEqualTo("run:base");
    assertThat(there.texts("preference.data[1].files"))
        .containsExactly("sample/t.jsonl", "/abs/u.jsonl");
    assertThat(there.texts("preference.held_out")).containsExactly("sample/h.jsonl");
    assertThat(ExperimentSpec.parse(Path.of("/w/x.yaml"), there.yaml()).settings())
        .isEqualTo(ExperimentSpec.parse(Path.of("/w/sample/x.yaml"), draft.yaml()).settings());
  }

  /** Each mistake stands at its key, all at once, and the first is the one that a run would say. */
  @Test
  void allMistakesAreToldAtTheirKeys() {
    String text =
        """
        name: a
        rlhf:
          reward: {transform: {scale: 0}, sum: [{name: a, preference_model: m}, {weight: x}]}
          prompts: [p.jsonl]
          batch_size: 0
          learning_rat: 1
          trainer: {dropout: 2}
        seed: many
        """;
    List<SpecProblem> problems = ExperimentSpec.problems(FILE, text);
    assertThat(problems)
        .extracting(SpecProblem::path)
        .containsExactlyInAnyOrder(
            "rlhf.policy",
            "rlhf.reward.transform.scale",
            "rlhf.reward.sum[2].name",
            "rlhf.reward.sum[2].preference_model",
            "rlhf.reward.sum[2].weight",
            "rlhf.batch_size",
            "rlhf.learning_rat",
            "rlhf.trainer.dropout",
            "seed");
    assertThat(problems)
        .filteredOn(problem -> problem.path().equals("rlhf.batch_size"))
        .containsExactly(
            new SpecProblem(
                "rlhf.batch_size", 5, "rlhf.batch_size: 0 is out of range; it must be at least 1"));
    assertThat(problems)
        .filteredOn(problem -> problem.path().equals("rlhf.learning_rat"))
        .extracting(SpecProblem::message)
        .containsExactly("unknown key 'learning_rat' in rlhf; did you mean 'learning_rate'?");
  }

  /** Rules between keys are told at the key that stands in the text, or that the message names. */
  @Test
  @SuppressWarnings("InlineFormatString") // one text with several keys
  void aRuleBetweenKeysIsToldAtOneOfThem() {
    String body =
        "rlhf:\n  policy: m\n  reward: {preference_model: p}\n  prompts: [p.jsonl]\n  %s\n";
    assertThat(ExperimentSpec.problems(FILE, body.formatted("batch_size: 48")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo("rlhf.batch_size");
              assertThat(problem.message()).contains("minibatch_size 32 must divide batch_size 48");
            });
    assertThat(
            ExperimentSpec.problems(
                FILE, "preference:\n  base: b\n  data: a\n  held_out_fraction: 0"))
        .extracting(SpecProblem::path)
        .containsExactly("preference.held_out_fraction");
    assertThat(
            ExperimentSpec.problems(FILE, "rlhf:\n  policy: m\n  reward: {preference_model: p}\n"))
        .extracting(SpecProblem::path)
        .containsExactly("rlhf.prompts");
    assertThat(ExperimentSpec.problems(FILE, "a: [b\n")).hasSize(1);
    assertThat(ExperimentSpec.problems(FILE, "name: x\n")).hasSize(1);
  }

  /** What a form shows is complete: every key of every stage has a kind and a meaning. */
  @Test
  void everyKeyOfEveryStageIsOnAForm() {
    Set<Class<?>> seen = new HashSet<>();
    List<String> silent = new ArrayList<>();
    for (Map.Entry<String, Class<? extends StageSettings>> stage : SpecDefaults.STAGES.entrySet()) {
      walk(stage.getKey(), stage.getValue(), seen, silent);
      assertThat(SpecHelp.stage(stage.getKey())).as(stage.getKey()).isNotBlank();
    }
    assertThat(silent).as("keys without a meaning in docs/specs.md").isEmpty();
    assertThat(seen).hasSizeGreaterThan(25);
    assertThat(SpecForm.at("rlhf.reward.sum[2].weight").orElseThrow().kind())
        .isEqualTo(Kind.NUMBER);
    assertThat(SpecForm.at("rlhf.trainer.schedule").orElseThrow().options())
        .containsExactly("constant", "linear", "cosine", "halving");
    assertThat(SpecForm.at("rlhf.trainer.lora").orElseThrow().kind())
        .isEqualTo(Kind.OPTIONAL_GROUP);
    assertThat(SpecForm.at("rlhf.nothing.at")).isEmpty();
  }

  private static void walk(String path, Class<?> record, Set<Class<?>> seen, List<String> silent) {
    seen.add(record);
    assertThat(SpecForm.fields(record)).hasSize(SpecDefaults.keys(record).size());
    for (SpecForm.Field field : SpecForm.fields(record)) {
      String place = path + "." + field.name();
      assertThat(SpecForm.at(place)).contains(field);
      if (SpecHelp.meaning(record, field.name()).isEmpty()) {
        silent.add(place);
      }
      field.record().ifPresent(inner -> walk(place, inner, seen, silent));
    }
  }

  /** Every preset gives a spec that only lacks what it leaves to the person. */
  @Test
  void everyPresetIsInTheGrammar() {
    for (SpecPreset preset : SpecPreset.PAPER) {
      SpecDraft draft = preset.over(SpecDraft.of(preset.stage()));
      assertThat(ExperimentSpec.problems(FILE, draft.yaml()))
          .as(preset.id())
          .allMatch(problem -> problem.message().contains("is missing in"), preset.id());
    }
    SpecDraft ppo =
        SpecPreset.PAPER.stream()
            .filter(preset -> preset.id().equals("paper-robustness"))
            .findFirst()
            .orElseThrow()
            .over(parse("rlhf: {policy: run:a, batch_size: 8, temperature: 0.7}"));
    assertThat(ppo.text("rlhf.policy")).isEqualTo("run:a");
    assertThat(ppo.text("rlhf.temperature")).as("keys that it does not name").isEqualTo("0.7");
    // 25,000 samples of 200,000 are an eighth, and an eighth of 200 iterations is 25.
    assertThat(ppo.text("rlhf.warmup_iterations")).isEqualTo("25");
  }
}
