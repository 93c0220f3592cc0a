package dev.plumbline.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts and people read of files of comparisons and of red-team attempts. */
final class DataCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private record Outcome(int code, String out, String err) {}

  private static Outcome data(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CommandLineEntry.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Stream.concat(Stream.of("data"), Arrays.stream(arguments).map(Object::toString))
                .toArray(String[]::new));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static String attempt(
      String opening, String type, String parameters, double rating, double score, String rest) {
    return """
    {"transcript": "\\n\\nHuman: %s\\n\\nAssistant: no", "model_type": "%s", "num_params": "%s", \
    "rating": %s, "min_harmlessness_score_transcript": %s%s}
    """
        .formatted(opening, type, parameters, rating, score, rest);
  }

  private Path attempts() throws IOException {
    return file(
        "attempts.jsonl",
        attempt("one", "rlhf", "52B", 4, -2, ", \"red_team_member_id\": 1, \"tags\": [\"Theft\"]")
            + attempt("one", "rlhf", "52B", 0, 1, ", \"red_team_member_id\": 2, \"tags\": [\"A\"]")
            + attempt("two", "rlhf", "2.7B", 3, -1, ", \"red_team_member_id\": 1")
            + "nonsense\n"
            + attempt("three", "plain lm", "52B", 1, 0.5, ", \"red_team_member_id\": 3"));
  }

  @Test
  void redTeamAttemptsStandByModelRatingAndTag() throws IOException {
    Path prompts = directory.resolve("prompts.jsonl");
    Outcome outcome = data("red-team", attempts(), "--prompts", prompts, "--json");
    assertThat(outcome.code()).isZero();
    JsonNode report = JSON.readTree(outcome.out());
    assertThat(report.path("attempts").asInt()).isEqualTo(4);
    assertThat(report.path("malformed").asInt()).isEqualTo(1);
    assertThat(report.path("malformed_records").path(0).path("line").asInt()).isEqualTo(4);
    assertThat(report.path("missing").path("tags").asInt()).isEqualTo(2);
    assertThat(report.path("missing").path("is_upworker").asInt()).isEqualTo(4);
    assertThat(report.path("success_from").asDouble()).isEqualTo(3);
    JsonNode all = report.path("all");
    assertThat(all.path("people").asInt()).isEqualTo(3);
    // (4 + 0 + 3 + 1) / 4 and two of four at 3 or above.
    assertThat(all.path("rating").path("mean").asDouble()).isCloseTo(2, within(1e-12));
    assertThat(all.path("success").path("mean").asDouble()).isCloseTo(0.5, within(1e-12));
    assertThat(all.path("lowest_score").asDouble()).isEqualTo(-2);
    // Types by name, sizes by number: 2.7B before 52B.
    assertThat(report.path("models").findValuesAsText("parameters"))
        .containsExactly("52B", "2.7B", "52B");
    assertThat(report.path("models").path(0).path("model_type").asText()).isEqualTo("plain lm");
    assertThat(report.path("models").path(2).path("rating").path("mean").asDouble()).isEqualTo(2);
    assertThat(report.path("ratings").findValuesAsText("attempts"))
        .containsExactly("1", "1", "1", "1");
    JsonNode theft = report.path("tags").path(1);
    assertThat(theft.path("tag").asText()).isEqualTo("Theft");
    assertThat(theft.path("success").path("interval").asText()).isEqualTo("wilson");
    assertThat(theft.path("rating").path("low").isNull()).isTrue();
    assertThat(report.path("prompts").path("prompts").asInt()).isEqualTo(3);
    assertThat(Files.readAllLines(prompts))
        .containsExactly(
            "{\"prompt\":\"\\n\\nHuman: one\\n\\nAssistant:\",\"tags\":[\"Theft\",\"A\"]}",
            "{\"prompt\":\"\\n\\nHuman: two\\n\\nAssistant:\"}",
            "{\"prompt\":\"\\n\\nHuman: three\\n\\nAssistant:\"}");
    Outcome table = data("red-team", attempts(), "--success", 4);
    assertThat(table.out())
        .contains("rlhf, 2.7B", "a rating of 4 or more", "2 attempts have tags")
        .doesNotContain("NaN");
    assertThat(table.err()).contains("line 4: not JSON");
  }

  @Test
  void comparisonsAreCountedByTrancheBesideThePapersNumbers() throws IOException {
    String pair =
        """
        {"chosen": "\\n\\nHuman: hi\\n\\nAssistant: a", "rejected": "\\n\\nHuman: hi\\n\\nAssistant: b", \
        "tranche": "%s", "model_chosen": "%s", "model_rejected": "old"}
        """;
    Path file =
        file(
            "pairs.jsonl",
            pair.formatted("rs", "new") + pair.formatted("rs", "old") + pair.formatted("x", "new"));
    Outcome outcome = data("inspect", file, "--by", "tranche", "--by", "model", "--json");
    assertThat(outcome.code()).isZero();
    JsonNode by = JSON.readTree(outcome.out()).path("by");
    JsonNode rs = by.path(0).path("counts").path(0);
    assertThat(rs.path("value").asText()).isEqualTo("rs");
    assertThat(rs.path("comparisons").asInt()).isEqualTo(2);
    assertThat(rs.path("paper_helpful").asInt()).isEqualTo(52_000);
    assertThat(rs.path("paper_red_team").asInt()).isEqualTo(2_000);
    assertThat(rs.path("chosen").isNull()).isTrue();
    assertThat(by.path(0).path("counts").path(1).path("paper_helpful").isNull()).isTrue();
    JsonNode old = by.path(1).path("counts").path(0);
    assertThat(old.path("value").asText()).isEqualTo("old");
    assertThat(old.path("comparisons").asInt()).isEqualTo(3);
    assertThat(old.path("chosen").asInt()).isEqualTo(1);
    assertThat(old.path("rejected").asInt()).isEqualTo(3);
    assertThat(data("inspect", file, "--by", "tranche").out())
        .contains("paper helpful", "52,000", "section 2.3");
    Outcome wrong = data("inspect", file, "--by", "snapshot");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("pairs.jsonl", "'snapshot'", "model, model_chosen");
  }

  @Test
  void aFileOfAnotherFormIsWrittenAsStagesReadIt() throws IOException {
    Path csv =
        file("pairs.csv", "question,good,bad,grade\nWhy?,Because.,No.,2\nHow?,So.,,1\nWho,a\n");
    Path out = directory.resolve("pairs.jsonl.gz");
    Outcome unknown = data("import", csv, "--out", out);
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("chosen").contains("--column").hasLineCount(1);
    Outcome outcome =
        data(
            "import",
            csv,
            "--out",
            out,
            "--column",
            "chosen=good",
            "--column",
            "rejected=bad",
            "--column",
            "margin=grade",
            "--json");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    JsonNode report = JSON.readTree(outcome.out());
    assertThat(report.path("kind").asText()).isEqualTo("comparisons");
    assertThat(report.path("columns").path("prompt").asText()).isEqualTo("question");
    assertThat(report.path("lines").asLong()).isEqualTo(3);
    assertThat(report.path("used").asLong()).isEqualTo(2);
    assertThat(report.path("left").asLong()).isEqualTo(1);
    assertThat(report.path("skipped").path(0).path("examples").path(0).path("line").asLong())
        .isEqualTo(4);
    Outcome inspected = data("inspect", out, "--json");
    assertThat(JSON.readTree(inspected.out()).path("comparisons").asLong()).isEqualTo(2);
    Outcome again = data("import", csv, "--out", out);
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("is there already");
    Outcome wrong =
        data("import", csv, "--out", directory.resolve("b.jsonl"), "--column", "chosen=nothing");
    assertThat(wrong.err()).contains("no such column").contains("question, good, bad, grade");
  }
}
