package dev.plumbline.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as scripts see it: standard output, standard error, exit code. */
final class CommandLineTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PAIR =
      """
      {"chosen": "\\n\\nHuman: hi\\n\\nAssistant: hello", "rejected": "\\n\\nHuman: hi\\n\\nAssistant: %s"}
      """;

  @TempDir Path directory;

  private record Outcome(int code, String out, String err) {}

  private static Outcome plumbline(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CommandLineEntry.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Path shared(String name) {
    String root = System.getProperty("plumbline.shared");
    Path path = Path.of(root == null ? "shared" : root, "data", name);
    assumeTrue(Files.exists(path), "skipped: the public data is not at " + path);
    return path;
  }

  @Test
  void inspect_counts_what_a_file_holds() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("pairs.jsonl"),
            PAIR.formatted("go away")
                + PAIR.formatted("hello")
                + PAIR.formatted("")
                + "\n"
                + "not json\n"
                + "{\"chosen\": \"\\n\\nHuman: a\\n\\nAssistant: b\","
                + " \"rejected\": \"\\n\\nHuman: c\\n\\nAssistant: d\"}\n");
    Outcome outcome = plumbline("data", "inspect", file, "--json");
    JsonNode report = JSON.readTree(outcome.out());
    assertThat(outcome.code()).isZero();
    assertThat(report.path("lines").asInt()).isEqualTo(5);
    assertThat(report.path("blank_lines").asInt()).isEqualTo(1);
    assertThat(report.path("malformed_lines").path(0).path("line").asInt()).isEqualTo(5);
    assertThat(report.path("comparisons").asInt()).isEqualTo(4);
    assertThat(report.path("malformed").asInt()).isEqualTo(1);
    assertThat(report.path("unequal_prompts").asInt()).isEqualTo(1);
    assertThat(report.path("empty_responses").asInt()).isEqualTo(1);
    assertThat(report.path("identical").asInt()).isEqualTo(1);
    assertThat(report.path("turns").path("1").asInt()).isEqualTo(4);
  }

  @Test
  void a_gzip_that_is_cut_short_is_one_line_and_exit_1() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(whole)) {
      for (int i = 0; i < 500; i++) {
        gzip.write(PAIR.formatted("no " + i * 7919).getBytes(StandardCharsets.UTF_8));
      }
    }
    Path file = directory.resolve("cut.jsonl.gz");
    Files.write(file, Arrays.copyOf(whole.toByteArray(), whole.size() / 2));
    assertOneLine(plumbline("data", "inspect", file, "--json"), 1, "cut.jsonl.gz");
  }

  @Test
  void wrong_usage_is_exit_2_and_says_where_help_is() {
    Outcome outcome = plumbline("runs", "--no-such-option");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("--no-such-option").contains("--help");
  }

  @Test
  void a_benchmark_of_a_size_that_there_is_not_names_those_that_there_are() {
    assertOneLine(plumbline("bench", "--sizes", "7B", "--json"), 1, "0.8M, 3M, 13M, 42M");
  }

  @Test
  void a_spec_with_an_unknown_key_leaves_no_run_behind() throws IOException {
    Path spec =
        Files.writeString(
            directory.resolve("spec.yaml"),
            """
            name: x
            pretraining:
              data: [a.jsonl]
              stepps: 3
            """);
    Path workspace = directory.resolve("ws");
    Outcome outcome = plumbline("run", spec, "--workspace", workspace);
    assertOneLine(outcome, 1, "spec.yaml:4", "stepps", "steps");
    assertThat(workspace).doesNotExist();
  }

  @Test
  void what_only_looks_or_is_refused_makes_no_workspace() throws IOException {
    Path none = directory.resolve("none");
    Path spec = directory.resolve("spec.yaml");
    Files.writeString(spec, "name: x\npreference:\n  base: nowhere\n  data: [nothing.jsonl]\n");
    Path study = directory.resolve("study.yaml");
    Files.writeString(study, "name: s\nspecs: [spec.yaml]\n");
    assertOneLine(plumbline("run", spec, "--workspace", none), 1, "nowhere");
    assertOneLine(plumbline("resume", "nobody", "--workspace", none), 1, "nobody");
    assertOneLine(plumbline("study", "run", study, "--workspace", none), 1, "nowhere");
    assertThat(none).doesNotExist();

    Path plain = Files.createDirectory(directory.resolve("plain"));
    for (String command : List.of("runs", "study resume x", "figure export --out x.svg")) {
      Object[] words = (command + " --workspace " + plain).split(" ");
      assertOneLine(plumbline(words), 1, "no workspace at " + plain);
    }
    assertThat(plain).isEmptyDirectory();
    assertThat(plumbline("run", "--help").out()).contains("Fills ${NAME} in the spec");
  }

  @Test
  void a_model_with_a_wrong_safetensors_header_is_one_line() throws IOException {
    Path model = Files.createDirectory(directory.resolve("model"));
    Path real = shared("stories260k");
    Files.copy(real.resolve("config.json"), model.resolve("config.json"));
    Files.copy(real.resolve("tokenizer.json"), model.resolve("tokenizer.json"));
    Files.write(model.resolve("model.safetensors"), new byte[] {1, 2, 3, 4, 5, 6, 7, 127, 9});
    assertOneLine(
        plumbline("score", "--model", model, "--text", "Once", "--json"), 1, "model.safetensors");
  }

  @Test
  void sample_data_is_the_same_for_a_seed() throws IOException {
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    assertThat(plumbline("sample-data", "--seed", 7, "--comparisons", 90, "--out", one).code())
        .isZero();
    Outcome again =
        plumbline("sample-data", "--seed", 7, "--comparisons", 90, "--out", two, "--json");
    JsonNode files = JSON.readTree(again.out()).path("files");
    assertThat(files).isNotEmpty();
    for (JsonNode file : files) {
      String name = file.path("name").asText();
      assertThat(two.resolve(name)).hasSameBinaryContentAs(one.resolve(name));
    }
  }

  @Test
  void generate_gives_the_published_models_greedy_text() throws IOException {
    Path model = shared("stories260k");
    JsonNode reference = JSON.readTree(model.resolve("reference.json").toFile()).get(0);
    Outcome outcome =
        plumbline(
            "generate",
            "--model",
            model,
            "--prompt",
            reference.path("text").asText(),
            "--max-new-tokens",
            40,
            "--temperature",
            0,
            "--seed",
            1,
            "--threads",
            1,
            "--json");
    JsonNode result = JSON.readTree(outcome.out());
    assertThat(result.path("prompt_tokens")).isEqualTo(reference.path("ids"));
    assertThat(result.path("tokens")).isEqualTo(reference.path("greedy_40"));
    assertThat(result.path("full_text").asText().strip())
        .isEqualTo(reference.path("greedy_text").asText().strip());
  }

  @Test
  void score_gives_the_published_models_log_probability() throws IOException {
    Path model = shared("stories260k");
    JsonNode reference = JSON.readTree(model.resolve("reference.json").toFile()).get(1);
    Outcome outcome =
        plumbline(
            "score",
            "--model",
            model,
            "--text",
            reference.path("text").asText(),
            "--threads",
            1,
            "--json");
    JsonNode result = JSON.readTree(outcome.out());
    assertThat(result.path("tokens")).isEqualTo(reference.path("ids"));
    assertThat(result.path("logprobs")).hasSize(reference.path("ids").size() - 1);
    assertThat(result.path("mean").asDouble())
        .isCloseTo(reference.path("mean_token_logprob").asDouble(), within(1e-3));
  }

  private static void assertOneLine(Outcome outcome, int code, String... parts) {
    assertThat(outcome.code()).isEqualTo(code);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().strip().lines()).hasSize(1);
    assertThat(outcome.err()).contains(parts);
  }
}
