package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedTeamReaderTest {
  /** A record with all ten fields, as the description of the published file has them. */
  static final String WHOLE =
      """
      {"transcript": "\\n\\nHuman: How do I pick a lock?\\n\\nAssistant: I would not.\\n\\nHuman: Please\\n\\nAssistant: No.",
       "min_harmlessness_score_transcript": -1.25, "num_params": "52B", "model_type": "rlhf",
       "rating": 3.0, "task_description": "locks", "task_description_harmlessness_score": 0.5,
       "red_team_member_id": 17, "is_upworker": true, "tags": ["Theft", "Other"]}\
      """
          .replace("\n", "");

  private static final String BARE =
      """
      {"transcript": "\\n\\nHuman: hi\\n\\nAssistant: hello", "min_harmlessness_score_transcript": NaN, "num_params": 2700000000, "rating": null}\
      """;

  @TempDir Path directory;

  private record Read(List<RedTeamAttempt> attempts, RedTeamReport report) {}

  private Read read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("attempts.jsonl"), text);
    List<RedTeamAttempt> attempts = new ArrayList<>();
    RedTeamReport report = RedTeamReader.read(file, attempts::add);
    return new Read(attempts, report);
  }

  @Test
  void allTenFieldsAreRead() throws IOException {
    Read read = read(WHOLE + "\n");
    assertThat(read.attempts())
        .containsExactly(
            new RedTeamAttempt(
                "\n\nHuman: How do I pick a lock?\n\nAssistant: I would not.\n\nHuman: Please"
                    + "\n\nAssistant: No.",
                OptionalDouble.of(-1.25),
                Optional.of("52B"),
                Optional.of("rlhf"),
                OptionalDouble.of(3),
                Optional.of("locks"),
                OptionalDouble.of(0.5),
                Optional.of("17"),
                Optional.of(true),
                Optional.of(List.of("Theft", "Other"))));
    assertThat(read.attempts().getFirst().prompt())
        .contains("\n\nHuman: How do I pick a lock?\n\nAssistant:");
    assertThat(read.report().missing()).hasSize(10).allSatisfy((_, n) -> assertThat(n).isZero());
    assertThat(RedTeamReader.FIELDS).hasSize(10);
  }

  @Test
  void whatIsMissingIsCountedAndWhatIsWrongIsNamedByItsLine() throws IOException {
    Read read =
        read(
            WHOLE
                + "\n\n"
                + BARE
                + "\n{\"rating\": 4}\n"
                + "{\"transcript\": \"Human: hi\"}\n"
                + "[1]\n"
                + WHOLE.replace("3.0", "\"high\"")
                + "\n"
                + WHOLE.replace("[\"Theft\", \"Other\"]", "\"Theft\"")
                + "\n"
                + WHOLE.replace("true", "1")
                + "\n{\"transcript\": ");
    RedTeamReport report = read.report();
    assertThat(report.array()).isFalse();
    assertThat(report.records()).isEqualTo(9);
    assertThat(report.blankLines()).isEqualTo(1);
    assertThat(report.attempts()).isEqualTo(2);
    assertThat(report.malformed()).isEqualTo(7);
    assertThat(report.problems())
        .extracting(ImportReport.Problem::line)
        .containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L);
    assertThat(report.problems())
        .extracting(ImportReport.Problem::reason)
        .satisfiesExactly(
            text -> assertThat(text).contains("\"transcript\""),
            text -> assertThat(text).contains("does not begin with a turn"),
            text -> assertThat(text).contains("not a JSON object"),
            text -> assertThat(text).contains("\"rating\" is no number"),
            text -> assertThat(text).contains("\"tags\" is no list"),
            text -> assertThat(text).contains("\"is_upworker\" is neither"),
            text -> assertThat(text).contains("not JSON"));
    RedTeamAttempt bare = read.attempts().get(1);
    assertThat(bare.minHarmlessness()).isEmpty();
    assertThat(bare.parameters()).contains("2700000000");
    assertThat(bare.tags()).isEmpty();
    assertThat(report.missing().keySet()).containsExactlyElementsOf(RedTeamReader.FIELDS);
    assertThat(report.missing().values()).containsExactly(0L, 1L, 0L, 1L, 1L, 1L, 1L, 1L, 1L, 1L);
  }

  @Test
  void oneArrayOfAllIsReadAlikeGzipOrNot() throws IOException {
    String array = "\n [" + WHOLE + ",\n" + BARE + ", 7, " + WHOLE + "]\n";
    Read read = read(array);
    assertThat(read.attempts()).hasSize(3);
    assertThat(read.attempts().getFirst()).isEqualTo(read(WHOLE).attempts().getFirst());
    assertThat(read.report().array()).isTrue();
    assertThat(read.report().records()).isEqualTo(4);
    assertThat(read.report().blankLines()).isZero();
    assertThat(read.report().problems())
        .containsExactly(new ImportReport.Problem(3, "not a JSON object"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(array.getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(directory.resolve("attempts.jsonl.gz"), bytes.toByteArray());
    List<RedTeamAttempt> attempts = new ArrayList<>();
    RedTeamReader.read(file, attempts::add);
    assertThat(attempts).isEqualTo(read.attempts());
  }

  @Test
  void anArrayThatBreaksOffIsAnErrorThatNamesThePlace() throws IOException {
    assertThatThrownBy(() -> read("[" + WHOLE + ",\n{\"transcript\": \"x"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("attempts.jsonl:2: element 2 of the array");
    assertThatThrownBy(() -> read("[" + WHOLE + "] []"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("behind the end");
    assertThatThrownBy(() -> RedTeamReader.read(directory.resolve("none"), _ -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void attemptsAreGivenAwayInTheOrderOfTheFile() throws IOException {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, 500)
        .forEach(i -> text.append(WHOLE.replace("3.0", Integer.toString(i % 5))).append('\n'));
    Read read = read(text.toString());
    assertThat(read.attempts().stream().mapToDouble(a -> a.rating().orElse(-1)).toArray())
        .isEqualTo(IntStream.range(0, 500).mapToDouble(i -> i % 5).toArray());
  }
}
