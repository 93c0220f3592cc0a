package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecWarningsTest {
  private static final String PPO =
      "policy: m, reward: {preference_model: run:pm-a}, prompts: [p.jsonl]";

  @TempDir Path workspace;

  private List<SpecWarning> warnings(String text) {
    return SpecWarnings.of(ExperimentSpec.parse(workspace.resolve("new.yaml"), text), workspace);
  }

  private List<String> paths(String text) {
    return warnings(text).stream().map(SpecWarning::path).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lambda_kl: 0               | rlhf.lambda_kl",
        "batch_size: 8, minibatch_size: 8 | rlhf.batch_size",
        "epochs: 5                  | rlhf.epochs",
        "clip_range: 0.5            | rlhf.clip_range",
        "temperature: 0.3           | rlhf.temperature",
        "gamma: 0.9                 | rlhf.gamma",
        "value_coefficient: 0       | rlhf.value_coefficient",
        "kl_target: 200             | rlhf.kl_target",
        "warmup_iterations: 100     | rlhf.warmup_iterations",
        "iterations: 300, checkpoint_every: 301 | rlhf.checkpoint_every",
        "'held_out: [{name: a, files: [p.jsonl]}]' | rlhf.held_out",
        "'test_rewards: [{name: t, preference_model: run:pm-a}]' |"
            + " rlhf.test_rewards[1].preference_model"
      })
  void riskyPolicies(String keys, String path) {
    assertThat(paths("rlhf: {" + PPO + "}")).isEmpty();
    assertThat(paths("rlhf: {" + PPO + ", " + keys + "}")).contains(path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch_size: 4       | preference.batch_size",
        "epochs: 3           | preference.epochs",
        "held_out: [a.jsonl] | preference.held_out"
      })
  void riskyPreferenceModels(String keys, String path) {
    String spec = "preference: {base: m, data: [a.jsonl]%s}";
    assertThat(paths(spec.formatted(""))).isEmpty();
    assertThat(paths(spec.formatted(", " + keys))).containsExactly(path);
  }

  @Test
  void tranchesOfOneFileAreNotTheSameData() {
    String spec =
        "preference: {base: m, data: [{files: [a.jsonl], tranche: base}],"
            + " held_out: [{files: [a.jsonl], tranche: %s}]}";
    assertThat(paths(spec.formatted("online"))).isEmpty();
    assertThat(paths(spec.formatted("base"))).containsExactly("preference.held_out");
  }

  /**
   * Kaplan et al. 2020, equation D.1, by hand: ln 10^8 = 18.4207, 0.0001395 x 18.4207 = 0.0025697,
   * 0.003239 - 0.0025697 = 0.0006693; at 10^12 the formula is negative and the floor holds.
   */
  @Test
  void theUsualRateIsThePublishedOne() {
    assertThat(SpecWarnings.usualRate(1e8)).isCloseTo(0.0006693, within(1e-7));
    assertThat(SpecWarnings.usualRate(1e12)).isEqualTo(1e-4);
  }

  @Test
  void aRateIsHeldToTheSizeOfTheModel() {
    // 2.7 billion parameters: 0.003239 - 0.0001395 x ln 2.7e9 = 0.003239 - 0.003028 = 2.1e-4
    String spec =
        "pretraining: {data: [a], model: {preset: 2.7B}, checkpoint_every: 5, learning_rate: %s}";
    assertThat(paths(spec.formatted("0.0008"))).isEmpty();
    assertThat(warnings(spec.formatted("0.001")))
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.path()).isEqualTo("pretraining.learning_rate");
              assertThat(warning.message())
                  .contains("2.72 billion", "2.1e-04")
                  .doesNotContain("\n");
            });
    // the same rate on the smallest model is what it is usually trained with
    assertThat(paths(spec.replace("2.7B", "0.8M").formatted("0.001"))).isEmpty();
  }

  private void model(String run, String settings, String inputs, String form) throws IOException {
    Path directory = Files.createDirectories(workspace.resolve("runs").resolve(run + "-1"));
    Path model = Files.createDirectories(directory.resolve("checkpoints/5/model"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"architectures": ["LlamaForSequenceClassification"], "model_type": "llama",
         "num_labels": 1, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
         "num_key_value_heads": 2, "intermediate_size": 16, "vocab_size": 300,
         "max_position_embeddings": 64 %s}
        """
            .formatted(form));
    Files.writeString(
        directory.resolve("spec.json"),
        """
        {"name": "%s", "seed": 1, "tags": [], "notes": "", %s,
         "created": "2026-11-01T12:00:00Z", "resolved": true, "spec_hash": "h", "inputs": [%s]}
        """
            .formatted(run, settings, inputs));
  }

  private static String trained(String file, String half) {
    return "\"preference\": {\"base\": \"/m\", \"data\": [{\"files\": [\"%s\"]}], \"split\": %s}"
        .formatted(file, half);
  }

  private static String input(String file, String hash) {
    return "{\"key\": \"preference.data\", \"reference\": \"r\", \"path\": \"%s\", \"sha256\": \"%s\"}"
        .formatted(file, hash);
  }

  /** The content decides and not the name; halves of one split have nothing in common. */
  @Test
  void testModelsThatShareDataSayNothingNew() throws IOException {
    model("pm-a", trained("/d/x", "{\"seed\": 1, \"half\": \"a\"}"), input("/d/x", "one"), "");
    model("pm-b", trained("/d/x", "{\"seed\": 1, \"half\": \"b\"}"), input("/d/x", "one"), "");
    model("pm-c", trained("/e/copy", "{}"), input("/e/copy", "one"), "");
    model("pm-d", trained("/d/x", "{}"), input("/d/x", "another"), "");
    model("pm-e", trained("/d/x", "{\"seed\": 2, \"half\": \"b\"}"), input("/d/x", "one"), "");
    String spec = "rlhf: {" + PPO + ", test_rewards: [{name: t, preference_model: run:%s}]}";
    assertThat(warnings(spec.formatted("pm-b"))).isEmpty();
    assertThat(warnings(spec.formatted("pm-d"))).isEmpty();
    for (String other : List.of("pm-c", "pm-e")) {
      assertThat(warnings(spec.formatted(other)))
          .singleElement()
          .satisfies(
              warning ->
                  assertThat(warning.message()).contains("share mistakes", "halves a and b"));
    }
    assertThat(warnings(spec.formatted("pm-a")))
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("is the one"));
  }

  @Test
  void aPreferenceModelOfAnotherFormIsToldBeforeTheStart() throws IOException {
    model("pm-a", trained("/d/x", "{}"), "", ", \"plumbline_format\": \"chat_template\"");
    assertThat(warnings("rlhf: {" + PPO + "}"))
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.path()).isEqualTo("rlhf.format");
              assertThat(warning.message()).contains("set format: chat_template");
            });
    assertThat(paths("rlhf: {" + PPO + ", format: chat_template}")).isEmpty();
  }

  @Test
  void aJudgeThatAPlayerWasTrainedToPlease() throws IOException {
    model("pm-a", trained("/d/x", "{}"), input("/d/x", "one"), "");
    String reward = workspace.toRealPath().resolve("runs/pm-a-1/checkpoints/5/model").toString();
    model(
        "policy",
        "\"rlhf\": {\"policy\": \"/m\", \"reward\": {\"preference_model\": \"%s\"}, \"prompts\": [\"/p\"]}"
            .formatted(reward),
        "",
        "");
    String spec =
        "matches: {players: [{name: a, model: run:policy}, {name: b, model: m}], prompts: [p],"
            + " judges: [{name: j, preference_model: run:pm-a}]}";
    assertThat(warnings(spec))
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("'a' was trained to please"));
    assertThat(paths("preference_evaluation: {model: run:pm-a, data: [/d/x]}"))
        .containsExactly("preference_evaluation.data");
  }

  /** With n answers a share of one half is known to 1.96 / (2 sqrt(n)): 385 give 5 points. */
  @Test
  void fewPromptsLeaveAWinRateOpen() {
    assertThat(
            warnings(
                "matches: {players: [{name: a, model: x}, {name: b, model: m}], prompts: [p],"
                    + " max_prompts: 64, judges: [{name: j, gold: sample-world/helpful}]}"))
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("to 12 points", "385"));
  }
}
