package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.dialogue.Comparison;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {
  private static final String GOOD =
      """
      {"chosen":"\\n\\nHuman: hi\\n\\nAssistant: yes","rejected":"\\n\\nHuman: hi\\n\\nAssistant: no","strength":3,"note":null}
      """;

  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void countsWhatIsWrongWithEachLine() throws IOException {
    Path file =
        write(
            "mixed.jsonl",
            GOOD
                + "{\"chosen\": \"\\n"
                + "\\n"
                + "Human: hi\n"
                + "\n"
                + "{\"chosen\":\"\\n"
                + "\\n"
                + "Human: hi\\n"
                + "\\n"
                + "Assistant: a\"}\n"
                + "{\"chosen\":\"hi\",\"rejected\":\"hi\"}\n"
                + "[1]\n"
                + "{\"chosen\":\"\\n"
                + "\\n"
                + "Human: a\\n"
                + "\\n"
                + "Assistant: x\",\"rejected\":\"\\n"
                + "\\n"
                + "Human: b\\n"
                + "\\n"
                + "Assistant: x\"}\n"
                + "{\"chosen\":\"\\n"
                + "\\n"
                + "Human: a\\n"
                + "\\n"
                + "Assistant: \",\"rejected\":\"\\n"
                + "\\n"
                + "Human: a\\n"
                + "\\n"
                + "Assistant: x\"}\n"
                + "{\"chosen\":\"\\n"
                + "\\n"
                + "Human: a\\n"
                + "\\n"
                + "Assistant: b\\n"
                + "\\n"
                + "Human: c\\n"
                + "\\n"
                + "Assistant: d\",\"rejected\":\"\\n"
                + "\\n"
                + "Human: a\\n"
                + "\\n"
                + "Assistant: b\\n"
                + "\\n"
                + "Human: c\\n"
                + "\\n"
                + "Assistant: d\"}");
    ComparisonFile read = ComparisonReader.read(file);
    ImportReport report = read.report();
    assertThat(report.lines()).isEqualTo(8);
    assertThat(report.malformed()).isEqualTo(4);
    assertThat(report.comparisons()).isEqualTo(4);
    assertThat(report.unequalPrompts()).isEqualTo(1);
    assertThat(report.usable()).isEqualTo(3).isEqualTo(read.comparisons().size());
    assertThat(report.emptyResponses()).isEqualTo(1);
    assertThat(report.identical()).isEqualTo(1);
    assertThat(report.turns()).isEqualTo(new TreeMap<>(Map.of(1, 3L, 2, 1L)));
    assertThat(report.problems())
        .extracting(ImportReport.Problem::line)
        .containsExactly(2L, 4L, 5L, 6L);
    assertThatThrownBy(report::requireClean)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ":2: not JSON")
        .hasMessageContaining("3 more such lines")
        .hasMessageNotContaining("\n");
    Comparison last = read.comparisons().getLast();
    assertThat(last.prompt()).isEqualTo("\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:");
    assertThat(last.chosen()).isEqualTo(" d");
  }

  @Test
  void otherKeysBecomeAttributes() throws IOException {
    ComparisonFile read = ComparisonReader.read(write("good.jsonl", GOOD));
    read.report().requireClean();
    assertThat(read.comparisons().getFirst().attributes()).isEqualTo(Map.of("strength", "3"));
  }

  @Test
  void writtenComparisonsReadBack() {
    Path file = directory.resolve("out.jsonl.gz");
    Comparison comparison =
        new Comparison("\n\nHuman: hé \"x\"\n\nAssistant:", " a\n", "", Map.of("k", "v"));
    try (JsonLinesWriter writer = new JsonLinesWriter(file)) {
      writer.write(comparison);
    }
    assertThat(ComparisonReader.read(file).comparisons()).containsExactly(comparison);
  }

  @Test
  void damagedFilesGiveOneLine() throws IOException {
    byte[] whole = gzip(GOOD.repeat(2000));
    Path cut = directory.resolve("cut.jsonl.gz");
    for (int length : new int[] {2, 9, 40, whole.length / 2, whole.length - 4}) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ComparisonReader.read(cut))
          .as("cut after %d bytes", length)
          .isInstanceOf(UserError.class)
          .hasMessageContaining("cut.jsonl.gz:")
          .hasMessageContaining("cut short");
    }
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 0x55;
    damaged[whole.length / 2 + 1] ^= 0x55;
    Files.write(cut, damaged);
    assertThatThrownBy(() -> ComparisonReader.read(cut))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("download it again");
    assertThatThrownBy(() -> ComparisonReader.read(write("plain.jsonl.gz", GOOD)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no gzip file");
    assertThatThrownBy(() -> ComparisonReader.read(directory.resolve("absent.jsonl")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> ComparisonReader.read(directory))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is a directory");
  }

  @Test
  void textThatIsNotUtf8IsMalformed() throws IOException {
    Path file = directory.resolve("latin.jsonl");
    Files.write(file, "{\"chosen\":\"\u00e4\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(ComparisonReader.read(file).report().malformed()).isEqualTo(1);
  }

  @Test
  void promptsComeFromPromptsOrComparisonsOnce() throws IOException {
    Path file = write("prompts.jsonl", "{\"prompt\":\"\\n\\nHuman: hi\\n\\nAssistant:\"}\n" + GOOD);
    assertThat(PromptReader.read(file)).containsExactly("\n\nHuman: hi\n\nAssistant:");
    assertThat(PromptReader.read(write("plain.jsonl", "{\"prompt\":\"Once upon a time\"}\n")))
        .as("plain text is continued as it is")
        .containsExactly("Once upon a time");
    String open = "\n{\"prompt\":\"\\n\\nHuman: hi\"}\n";
    assertThatThrownBy(() -> PromptReader.read(write("open.jsonl", open)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("open.jsonl:2: the prompt does not end");
  }

  @Test
  void transcriptsComeFromTextOrChosen() throws IOException {
    Path file = write("text.jsonl", "{\"text\":\"abc\"}\n" + GOOD);
    assertThat(TranscriptReader.read(file))
        .containsExactly("abc", "\n\nHuman: hi\n\nAssistant: yes");
    assertThatThrownBy(() -> TranscriptReader.read(write("none.jsonl", "{\"t\":1}")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none.jsonl:1:");
  }

  /** The expected numbers were counted by an independent script over the same file. */
  @Test
  void countsTheRealFile() {
    Path file =
        Path.of(System.getProperty("plumbline.shared", ""), "data/hh/harmless-base.jsonl.gz");
    assumeTrue(Files.exists(file), "the hh-rlhf file is not beside the project");
    ComparisonFile read = ComparisonReader.read(file);
    ImportReport report = read.report();
    report.requireClean();
    assertThat(report.lines()).isEqualTo(1700);
    assertThat(report.comparisons()).isEqualTo(1700);
    assertThat(report.unequalPrompts()).isEqualTo(5);
    assertThat(report.emptyResponses()).isEqualTo(2);
    assertThat(report.identical()).isZero();
    assertThat(report.turns())
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    1, 486L, 2, 426L, 3, 449L, 4, 255L, 5, 49L, 6, 16L, 7, 11L, 8, 5L, 9, 2L, 18,
                    1L)));
    assertThat(read.comparisons()).hasSize(1695);
    // The paper's digest measures about 0.55 for picking the shorter response on this split.
    assertThat(LengthRule.of(read.comparisons()).shorter()).isBetween(0.52, 0.58);
  }
}
