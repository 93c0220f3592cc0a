package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.training.DistillationSettings;
import dev.plumbline.training.ModelLadder;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceObjective;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.PretrainingSettings;
import dev.plumbline.training.RewardTransform;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecReaderTest {
  private static final String PPO =
      """
      name: helpful ppo
      seed: 7
      tags: [sample, ppo]
      rlhf:
        policy: run:base@40
        reward:
          preference_model: run:helpful-pm
        prompts: prompts.jsonl
        learning_rate: 3e-5
        kl_placement: per_response
        lambda_kl: 0.01
      """;

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("a.yaml"), text);
  }

  @Test
  void omittedKeysHaveTheirDefaultsAndPathsAreRelativeToTheFile() throws IOException {
    ExperimentSpec spec = ExperimentSpec.read(file(PPO));
    assertThat(spec.name()).isEqualTo("helpful ppo");
    assertThat(spec.seed()).isEqualTo(7);
    assertThat(spec.stage()).isEqualTo("rlhf");
    PpoSettings ppo = (PpoSettings) spec.settings();
    assertThat(ppo.policy()).isEqualTo("run:base@40");
    assertThat(ppo.prompts()).containsExactly(directory.resolve("prompts.jsonl").toString());
    assertThat(ppo.learningRate()).isEqualTo(3e-5);
    assertThat(ppo.klPlacement()).isEqualTo(PpoSettings.KlPlacement.PER_RESPONSE);
    assertThat(ppo.lambdaKl()).isEqualTo(0.01);
    assertThat(ppo.clipRange()).isEqualTo(0.2);
    assertThat(ppo.gold()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '  lambda_kl: 0.01'|'  lamda_kl: 0.01'|11: unknown key 'lamda_kl' in rlhf; did you mean 'lambda_kl'?
          '  lambda_kl: 0.01'|'  lambda_kl: much'|11: rlhf.lambda_kl: a number is needed, and here is the text 'much'
          '  lambda_kl: 0.01'|'  lambda_kl: -1'|11: rlhf.lambda_kl: -1 is out of range; it must be at least 0
          '  lambda_kl: 0.01'|'  batch_size: 1.5'|11: rlhf.batch_size: a whole number is needed, and here is 1.5
          '  lambda_kl: 0.01'|'  whiten_advantages: 1'|11: rlhf.whiten_advantages: true or false is needed, and here is 1
          '  lambda_kl: 0.01'|'  minibatch_size: 48'|11: rlhf: minibatch_size 48 must divide batch_size 64
          '  lambda_kl: 0.01'|'  kl_placement: per_token'|11: key 'kl_placement' stands on line 10 too; keep one
          per_response|per_word|10: rlhf.kl_placement: 'per_word' is not one of per_token, per_response
          '  policy: run:base@40'|''|4: key 'policy' is missing in rlhf; add it
          run:base@40|run:a@b|5: rlhf.policy: 'run:a@b' is not of the form run:NAME or run:NAME@STEP
          'seed: 7'|'sed: 7'|2: unknown key 'sed'; did you mean 'seed'?
          'seed: 7'|'seed: x'|2: seed: a whole number is needed, and here is the text 'x'
          rlhf|rlfh|4: unknown key 'rlfh'; did you mean 'rlhf'?
          preference_model|reward_model|7: unknown key 'reward_model' in rlhf.reward; known keys: preference_model, sum, lexical, transform
          '[sample, ppo]'|'&a [x]'|OK
          'prompts: prompts.jsonl'|'prompts: []'|8: rlhf: give exactly one of prompts and prompt_pools
          '  lambda_kl: 0.01'|'  prompt_pools: [{name: a, files: b.jsonl}]'|11: rlhf: give exactly one of prompts and prompt_pools
          'prompts: prompts.jsonl'|'prompt_pools: {name: a}'|8: rlhf.prompt_pools: a list of groups is needed, and here is a group of keys
          'prompts: prompts.jsonl'|'prompt_pools: [{name: a, files: b}, {name: c}]'|8: key 'files' is missing in rlhf.prompt_pools[2]; add it
          'prompts: prompts.jsonl'|'prompt_pools: [{name: a, file: b}]'|8: unknown key 'file' in rlhf.prompt_pools[1]; did you mean 'files'?
          'prompts: prompts.jsonl'|'prompt_pools: [a]'|8: rlhf.prompt_pools[1]: a group of keys is needed, and here is the text 'a'
          'prompts: prompts.jsonl'|'prompt_pools: [{name: A b, files: c}]'|8: rlhf.prompt_pools: the name 'A b' will not do in a metric's name; use 1 to 40 small letters, digits and - and no other
          'prompts: prompts.jsonl'|'prompt_pools: [{name: a, files: c}, {name: a, files: d}]'|8: rlhf.prompt_pools: the name 'a' stands twice; rename one
          '  lambda_kl: 0.01'|'  missing_eos_score: low'|11: rlhf.missing_eos_score: a number is needed, and here is the text 'low'
          """)
  void eachMistakeIsOneLineWithItsPlaceAndMend(String old, String mistaken, String message)
      throws IOException {
    assertThat(PPO).contains(old);
    Path file = file(PPO.replace(old, mistaken == null ? "" : mistaken));
    if (message.equals("OK")) {
      assertThat(ExperimentSpec.read(file).tags()).containsExactly("x");
      return;
    }
    assertThatThrownBy(() -> ExperimentSpec.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(file + ":" + message);
  }

  @Test
  void aliasesAndTagsAreRefusedSoNothingUnfoldsOrRuns() throws IOException {
    assertThatThrownBy(() -> ExperimentSpec.read(file("a: &x [1]\nb: [*x, *x]\n")))
        .hasMessageEndingWith(
            "a.yaml:2: aliases (*name) are not read in specs; write the value out");
    assertThatThrownBy(
            () -> ExperimentSpec.read(file("name: !!javax.script.ScriptEngineManager [x]\n")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a.yaml:1: ");
    assertThatThrownBy(() -> ExperimentSpec.read(file("[".repeat(5000))))
        .isInstanceOf(UserError.class);
  }

  @Test
  void brokenYamlNamesTheLine() throws IOException {
    assertThatThrownBy(() -> ExperimentSpec.read(file(PPO.replace("  reward:", "  reward"))))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(".*a\\.yaml:\\d+: not valid YAML: .*")
        .hasMessageNotContaining("\n");
  }

  private static final String MIXTURE =
      """
      preference:
        base: run:base
        data:
          - {name: helpful, files: [a.jsonl, b.jsonl], fraction: 0.7, objective: binary}
          - name: harmless
            files: c.jsonl
            fraction: 0.3
            loss_weight: 2
        held_out: [{name: harmless, files: [d.jsonl], tranche: rs}]
        max_comparisons: 1000
        split: {seed: 4, half: b}
        evaluate_at: log
      """;

  @Test
  void aMixtureIsAListOfParts() throws IOException {
    ExperimentSpec spec = ExperimentSpec.read(file(MIXTURE));
    PreferenceSettings settings = (PreferenceSettings) spec.settings();
    String a = directory.resolve("a.jsonl").toString();
    String b = directory.resolve("b.jsonl").toString();
    assertThat(settings.data())
        .containsExactly(
            new PreferenceSettings.Part(
                "helpful", List.of(a, b), null, 0.7, null, 1, PreferenceObjective.BINARY),
            new PreferenceSettings.Part(
                "harmless",
                List.of(directory.resolve("c.jsonl").toString()),
                null,
                0.3,
                null,
                2,
                PreferenceObjective.RANKED));
    assertThat(settings.heldOut())
        .containsExactly(
            new PreferenceSettings.HeldOut(
                "harmless",
                List.of(directory.resolve("d.jsonl").toString()),
                "rs",
                PreferenceObjective.RANKED));
    assertThat(settings.split())
        .isEqualTo(new PreferenceSettings.Split(4L, PreferenceSettings.Half.B));
    assertThat(settings.evaluateAt()).isEqualTo(PreferenceSettings.Spacing.LOG);

    RunSpec run = new RunSpec(spec, true, List.of(), "h", Instant.parse("2026-11-01T00:00:00Z"));
    Path json = Files.writeString(directory.resolve("spec.json"), SpecJson.write(run));
    assertThat(SpecJson.read(json)).isEqualTo(run);
    // A file's content is seen wherever it stands in a part.
    List<String> keys = new ArrayList<>();
    SpecPaths.map(
        settings,
        (key, _, text) -> {
          keys.add(key);
          return text;
        });
    assertThat(keys)
        .containsExactly(
            "preference.base",
            "preference.data[1].files",
            "preference.data[1].files",
            "preference.data[2].files",
            "preference.held_out[1].files");
    assertThat(SpecJson.hash(spec, path -> path.endsWith("c.jsonl") ? "x" : "y"))
        .isNotEqualTo(SpecJson.hash(spec, path -> path.endsWith("a.jsonl") ? "x" : "y"));
  }

  @Test
  void mereFilesAreOnePart() throws IOException {
    for (String data : List.of("a.jsonl", "[a.jsonl]", "[{files: [a.jsonl]}]")) {
      PreferenceSettings settings =
          (PreferenceSettings)
              ExperimentSpec.read(file("preference: {base: /m, data: %s}".formatted(data)))
                  .settings();
      assertThat(settings.data())
          .containsExactly(
              PreferenceSettings.Part.of(List.of(directory.resolve("a.jsonl").toString())));
      assertThat(settings.heldOut()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fraction: 0.3 | fraction: 0.4 | a.yaml:3: preference.data: the parts' fractions add up to"
            + " 1.1; they must add up to 1",
        "fraction: 0.3 | comparisons: 10 | a fraction for one part and none for another",
        "fraction: 0.3 | fraction: 1.5 | preference.data[2].fraction: 1.5 is out of range",
        "fraction: 0.3 | fraktion: 0.3 | unknown key 'fraktion' in preference.data[2]; did you mean"
            + " 'fraction'?",
        "name: harmless | name: helpful | preference.data: the name 'helpful' stands twice",
        "name: harmless | name: not this | the name 'not this' will not do",
        "max_comparisons: 1000 | max_comparisons: 0 | fractions are of a fixed total",
        "'{seed: 4, half: b}' | '{half: b}' | preference.split: a half needs a seed",
        "'[{name: harmless, files: [d.jsonl], tranche: rs}]' | '[{name: x}]' | key 'files' is"
            + " missing in preference.held_out[1]",
        "'[{name: harmless, files: [d.jsonl], tranche: rs}]' | '[d.jsonl, {name: x}]' |"
            + " preference.held_out[1]: a group of keys is needed",
      })
  void aWrongMixtureIsOneLine(String good, String bad, String message) {
    assertThatThrownBy(
            () ->
                ExperimentSpec.read(
                    file(MIXTURE.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad)))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message)
        .hasMessageContaining("a.yaml:")
        .hasMessageNotContaining("\n");
  }

  @Test
  void everySettingHasAGrammar() {
    for (Class<?> type :
        List.of(
            PretrainingSettings.class,
            PretrainingSettings.ModelSize.class,
            PreferenceSettings.class,
            PreferenceSettings.Part.class,
            PreferenceSettings.HeldOut.class,
            PreferenceSettings.Split.class,
            DistillationSettings.class,
            PpoSettings.class,
            PpoSettings.Reward.class,
            PpoSettings.Lexical.class,
            PpoSettings.Part.class,
            PpoSettings.PromptPool.class,
            PpoSettings.TestReward.class,
            PpoSettings.HeldOutPrompts.class,
            PpoSettings.Ranker.class,
            RewardTransform.class)) {
      List<String> components =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getName)
              .map(SpecDefaults::fileName)
              .toList();
      assertThat(SpecDefaults.keys(type).stream().map(SpecDefaults.Key::name))
          .as(type.getSimpleName())
          .containsExactlyElementsOf(components);
    }
  }

  @Test
  void writtenOutItReadsBackTheSame() throws IOException {
    ExperimentSpec spec = ExperimentSpec.read(file(PPO));
    RunSpec run =
        new RunSpec(
            spec,
            true,
            List.of(new RunSpec.Input("rlhf.policy", "run:base@40", "/m", "ab")),
            "hash",
            Instant.parse("2026-11-01T00:00:00Z"));
    Path json = Files.writeString(directory.resolve("spec.json"), SpecJson.write(run));
    assertThat(SpecJson.read(json)).isEqualTo(run);
  }

  /** Groups in lists go through reading, resolving, hashing and writing like any others. */
  @Test
  void listsOfGroupsReadBackTheSameWithTheirPathsResolved() throws IOException {
    Path yaml =
        file(
            PPO.replace(
                "  prompts: prompts.jsonl\n",
                """
                  prompt_pools:
                    - {name: asked, files: [a.jsonl, b.jsonl], share: 3}
                    - name: red-team
                      files: c.jsonl
                      gold: sample-world/harmless
                  test_rewards: [{name: halves, preference_model: run:other@7}]
                  missing_eos_score: -1
                """));
    ExperimentSpec spec = ExperimentSpec.read(yaml);
    PpoSettings ppo = (PpoSettings) spec.settings();
    assertThat(ppo.promptPools())
        .containsExactly(
            new PpoSettings.PromptPool(
                "asked",
                List.of(
                    directory.resolve("a.jsonl").toString(),
                    directory.resolve("b.jsonl").toString()),
                3,
                null),
            new PpoSettings.PromptPool(
                "red-team",
                List.of(directory.resolve("c.jsonl").toString()),
                1,
                "sample-world/harmless"));
    assertThat(ppo.testRewards())
        .containsExactly(new PpoSettings.TestReward("halves", "run:other@7"));
    assertThat(ppo.missingEosScore()).isEqualTo(-1.0);
    RunSpec run = new RunSpec(spec, true, List.of(), "hash", Instant.parse("2026-11-01T00:00:00Z"));
    Path json = Files.writeString(directory.resolve("spec.json"), SpecJson.write(run));
    assertThat(SpecJson.read(json)).isEqualTo(run);
    List<String> keys = new ArrayList<>();
    SpecPaths.map(
        ppo,
        (key, meaning, text) -> {
          keys.add(key);
          return text;
        });
    assertThat(keys)
        .contains("rlhf.prompt_pools[2].files", "rlhf.test_rewards[1].preference_model");
    assertThat(SpecJson.hash(spec, path -> "content"))
        .isNotEqualTo(SpecJson.hash(spec, path -> path.endsWith("b.jsonl") ? "new" : "content"));
  }

  @Test
  void theHashSeesContentAndSeedAndNotNamesOrPlaces() throws IOException {
    ExperimentSpec spec = ExperimentSpec.read(file(PPO));
    ExperimentSpec renamed =
        ExperimentSpec.read(file(PPO.replace("helpful ppo", "x").replace("prompts.j", "other.j")));
    ExperimentSpec reseeded = ExperimentSpec.read(file(PPO.replace("seed: 7", "seed: 8")));
    String hash = SpecJson.hash(spec, path -> "content");
    assertThat(hash).matches("[0-9a-f]{64}");
    assertThat(SpecJson.hash(renamed, path -> "content")).isEqualTo(hash);
    assertThat(SpecJson.hash(reseeded, path -> "content")).isNotEqualTo(hash);
    assertThat(SpecJson.hash(spec, path -> "else")).isNotEqualTo(hash);
  }

  @Test
  void aPresetNamesTheSizes() throws IOException {
    for (ModelLadder size : ModelLadder.values()) {
      PretrainingSettings settings =
          (PretrainingSettings)
              ExperimentSpec.read(
                      file(
                          "pretraining: {data: a.jsonl, model: {preset: %s}}"
                              .formatted(size.label())))
                  .settings();
      assertThat(settings.model()).isEqualTo(size.size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "M13, 12.6e6, 4, 512",
    "M42, 42.5e6, 6, 768",
    "M197, 197e6, 10, 1280",
    "M810, 805e6, 16, 2048",
    "B2_7, 2.72e9, 24, 3072",
  })
  void thePapersSizesHaveItsParameters(
      ModelLadder ladder, double parameters, int layers, int dModel) {
    PretrainingSettings.ModelSize size = ladder.size();
    assertThat(size.layers()).isEqualTo(layers);
    assertThat(size.dModel()).isEqualTo(dModel);
    // Blocks and norms alone: the paper's 12 L d^2 has no embedding.
    long counted = ModelLadder.parameters(size, 260) - 260L * dModel;
    assertThat((double) counted).isCloseTo(parameters, Percentage.withPercentage(0.6));
    assertThat(size.dModel() % size.heads()).isZero();
  }

  @Test
  void aPresetBesideSizesIsAnErrorWithItsLine() throws IOException {
    String spec =
        """
        pretraining:
          data: a.jsonl
          model:
            preset: 13M
            layers: 3
        """;
    assertThatThrownBy(() -> ExperimentSpec.read(file(spec)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a.yaml:5:")
        .hasMessageContaining("'layers' beside a preset");
    assertThatThrownBy(
            () ->
                ExperimentSpec.read(
                    file(spec.replace("13M", "14M").replace("    layers: 3\n", ""))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a.yaml:4:")
        .hasMessageContaining("0.8M, 3M, 13M, 42M, 197M, 810M, 2.7B");
  }

  @Test
  void aWeightThatFollowsATargetCanMoveAndStaysAboveZero() throws IOException {
    Path still = file(PPO.replace("lambda_kl: 0.01", "lambda_kl: 0\n  kl_target: 6"));
    assertThatThrownBy(() -> ExperimentSpec.read(still))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("11: rlhf: with a kl_target lambda_kl must be above 0");
    // One step would multiply the weight by 1 - 0.2 * 64 / 10.
    Path wild = file(PPO + "  kl_target: 6\n  kl_horizon: 10\n");
    assertThatThrownBy(() -> ExperimentSpec.read(wild))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("13: rlhf: kl_horizon 10.0 must be at least batch_size 64");
    assertThat(ExperimentSpec.read(file(PPO + "  kl_target: 6\n")).settings())
        .isInstanceOf(PpoSettings.class);
  }
}
