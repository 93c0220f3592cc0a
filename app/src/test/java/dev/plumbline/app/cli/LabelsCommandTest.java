package dev.plumbline.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.labelling.Judgement;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabellingSession;
import dev.plumbline.labelling.LabellingSession.Draft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels by command: made, shown, sent, received, exported and read back. */
final class LabelsCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Path workspace = Path.of("");

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void make() throws IOException {
    workspace = folder.resolve("w.plumbline");
    Files.createDirectories(workspace.resolve("runs"));
  }

  private Outcome labels(Object... arguments) {
    return in(workspace, arguments);
  }

  private static Outcome in(Path workspace, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CommandLineEntry.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Stream.of(
                    Stream.of("labels"),
                    Arrays.stream(arguments).map(Object::toString),
                    Stream.of("-w", workspace.toString()))
                .flatMap(each -> each)
                .toArray(String[]::new));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private JsonNode json(Object... arguments) throws IOException {
    Outcome outcome =
        labels(Stream.concat(Arrays.stream(arguments), Stream.of("--json")).toArray());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    return JSON.readTree(outcome.out());
  }

  private Path pairs(int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          """
          {"chosen": "\\n\\nHuman: q%d\\n\\nAssistant: good %d", \
          "rejected": "\\n\\nHuman: q%d\\n\\nAssistant: bad %d", "tranche": "%s", "ood": %d}
          """
              .formatted(i, i, i, i, i % 4 == 0 ? "base" : "online", i));
    }
    return Files.writeString(folder.resolve("pairs.jsonl"), lines);
  }

  private static void answer(Path folder, String annotator, int pairs, boolean first) {
    LabelBatch batch = LabelBatch.read(folder);
    try (LabellingSession session = LabellingSession.open(batch, annotator, Clock.systemUTC())) {
      for (int i = 0; i < pairs; i++) {
        session.answer(Draft.of(Judgement.prefer(first, 3)));
      }
    }
  }

  @Test
  void queuesAndControlItemsSayWhatWasChosenAndWhy() throws IOException {
    Path pairs = pairs(40);
    JsonNode strata =
        json("new", pairs, "--name", "S", "--count", 20, "--by", "strata:tranche", "--repeats", 0);
    assertThat(strata.path("batch").asText()).isEqualTo("s");
    // ten of forty are base, so five of twenty are
    assertThat(
            LabelBatch.read(workspace.resolve("labels/s")).items().stream()
                .filter(item -> "base".equals(item.attributes().get("tranche")))
                .count())
        .isEqualTo(5);
    JsonNode ood = json("new", pairs, "--name", "O", "--count", 10, "--by", "ood", "--random", 0.3);
    assertThat(ood.path("chosen").path("random").asInt()).isEqualTo(3);
    assertThat(ood.path("chosen").path("ood").asInt()).isEqualTo(7);
    JsonNode gold =
        json("new", pairs, "--name", "G", "--count", 4, "--gold", pairs(6), "--gold-count", 2);
    assertThat(gold.path("controls").asInt()).isEqualTo(2);
    assertThat(json("list")).hasSize(3);
    assertThat(json("show", "g").path("batch").path("controls").asInt()).isEqualTo(2);
  }

  @Test
  void twoPeoplesLabelsAreMergedAgreedOnAndReadBack() throws IOException {
    json("new", pairs(12), "--name", "Two", "--count", 12, "--repeats", 0);
    Path sent = folder.resolve("sent.zip");
    assertThat(labels("bundle", "two", "--out", sent).code()).isZero();
    Path elsewhere = folder.resolve("elsewhere");
    Files.createDirectories(elsewhere.resolve("runs"));
    assertThat(in(elsewhere, "receive", sent).out()).contains("two  made, 0 new events");
    answer(elsewhere.resolve("labels/two"), "jo", 12, true);
    answer(workspace.resolve("labels/two"), "mk", 12, true);
    Path back = folder.resolve("back.zip");
    assertThat(in(elsewhere, "bundle", "two", "--out", back).code()).isZero();
    JsonNode received = json("receive", back);
    assertThat(received.path("events").asInt()).isEqualTo(14); // twelve, came and went
    assertThat(json("receive", back).path("events").asInt()).isZero();
    JsonNode agreement = json("agreement", "two");
    assertThat(agreement.path("items").asInt()).isEqualTo(12);
    assertThat(agreement.path("direction").get(0).path("value").asDouble()).isEqualTo(1);
    Path out = folder.resolve("out.jsonl");
    assertThat(json("export", "two", "--form", "openai", "--out", out).path("rows").asInt())
        .isEqualTo(12);
    JsonNode imported = json("import", out, "--name", "Back");
    assertThat(imported.path("labels").asInt()).isEqualTo(24);
    assertThat(imported.path("comparisons").asInt()).isEqualTo(12);
    assertThat(imported.path("skipped")).isEmpty();
    JsonNode shown = json("show", "back");
    assertThat(shown.path("annotators")).hasSize(2);
    assertThat(shown.path("annotators").get(0).path("left").path("n").asInt()).isEqualTo(12);
  }

  @Test
  void mistakesAreOneLine() throws IOException {
    Path pairs = pairs(3);
    for (Outcome outcome :
        new Outcome[] {
          labels("show", "nothing"),
          labels("new", pairs, "--name", "x", "--by", "uncertainty"),
          labels("new", pairs, "--name", "x", "--by", "strata:colour"),
          labels("new", pairs, "--name", "x", "--levels", 12),
          labels("new", pairs, "--name", "x", "--gold", pairs, "--gold-count", 9),
          labels("new", "run:nothing", "--name", "x"),
          labels("import", folder.resolve("absent.jsonl")),
          in(folder.resolve("absent"), "list")
        }) {
      assertThat(outcome.code()).isEqualTo(CommandLineEntry.FAILED);
      assertThat(outcome.err().lines()).hasSize(1);
      assertThat(outcome.err()).startsWith("plumbline: ");
    }
    assertThat(json("list")).isEmpty();
    json("new", pairs, "--name", "x");
    Path there = Files.writeString(folder.resolve("there.jsonl"), "");
    assertThat(labels("export", "x", "--out", there).err()).contains("is there already");
    assertThat(labels("agreement", "x").err()).contains("agreement takes two");
  }
}
