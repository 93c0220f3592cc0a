package dev.plumbline.sampledata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plumbline.data.ComparisonFile;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.Leakage;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.PromptReader;
import dev.plumbline.data.TranscriptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFilesTest {
  private static final SampleDataGenerator.Sizes SMALL =
      new SampleDataGenerator.Sizes(300, 40, 150, 40, 60, 20, 100, 30, 500);

  @TempDir Path directory;

  @Test
  void aSeedGivesTheSameBytes() throws IOException {
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    var first = SampleDataGenerator.write(one, 42, SMALL, SampleDataGenerator.Progress.NONE);
    var second = SampleDataGenerator.write(two, 42, SMALL, SampleDataGenerator.Progress.NONE);
    assertThat(first).hasSize(11).isEqualTo(second);
    for (SampleDataGenerator.Written file : first) {
      assertThat(Files.readAllBytes(one.resolve(file.name())))
          .isEqualTo(Files.readAllBytes(two.resolve(file.name())));
    }
    assertThat(Files.readAllBytes(one.resolve("README.json")))
        .isEqualTo(Files.readAllBytes(two.resolve("README.json")));
    var other = SampleDataGenerator.write(two, 43, SMALL, SampleDataGenerator.Progress.NONE);
    assertThat(other.getFirst().contentSha256()).isNotEqualTo(first.getFirst().contentSha256());

    ComparisonFile read = ComparisonReader.read(one.resolve("helpful-train.jsonl.gz"));
    read.report().requireClean();
    assertThat(read.comparisons()).hasSize(300);
    List<Comparison> ranked = ranked(one, "ranked-train.jsonl.gz");
    List<Comparison> rankedTest = ranked(one, "ranked-test.jsonl.gz");
    assertThat(ranked).hasSize(100);
    assertThat(rankedTest).hasSize(30);
    assertThat(Leakage.between(ranked, rankedTest).isNone()).isTrue();
    assertThat(Leakage.between(read.comparisons(), rankedTest).isNone()).isTrue();
    assertThat(PromptReader.read(one.resolve("prompts-train.jsonl.gz"))).hasSize(60);
    assertThat(TranscriptReader.read(one.resolve("transcripts.jsonl.gz"))).hasSize(500);
    try (Stream<Path> files = Files.list(one)) {
      assertThat(files).hasSize(12);
    }
  }

  private static List<Comparison> ranked(Path set, String name) {
    return ComparisonReader.read(set.resolve(name)).comparisons();
  }

  @Test
  void theShippedStudyHasTheNameThatItIsKnownBy() throws IOException {
    Path study = SampleWorkspace.install(directory).study();
    assertThat(Files.readAllLines(study)).contains("name: " + SampleWorkspace.STUDY_NAME);
  }

  @Test
  void progressGrowsToOne() {
    double[] last = {0};
    SampleDataGenerator.write(
        directory,
        1,
        SMALL,
        (file, fraction) -> {
          assertThat(fraction).isGreaterThanOrEqualTo(last[0]);
          last[0] = fraction;
        });
    assertThat(last[0]).isEqualTo(1.0);
  }

  @Test
  void whereNothingCanBeWrittenOneLineSaysSo() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThatThrownBy(
            () ->
                SampleDataGenerator.write(
                    file.resolve("set"), 1, SMALL, SampleDataGenerator.Progress.NONE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be written");
    assertThatThrownBy(() -> SampleDataGenerator.Sizes.ofComparisons(3))
        .isInstanceOf(UserError.class);
  }

  @Test
  void theShippedSetIsWhatTheWorldGives() throws IOException {
    JsonNode manifest;
    try (InputStream in =
        Objects.requireNonNull(SampleWorkspace.class.getResourceAsStream("set/README.json"))) {
      manifest = JsonMapper.builder().build().readTree(in);
    }
    Map<String, String> shipped = new HashMap<>();
    manifest
        .path("files")
        .forEach(f -> shipped.put(f.path("name").asText(), f.path("content_sha256").asText()));
    Map<String, String> drawn = new HashMap<>();
    for (SampleDataGenerator.Written file :
        SampleDataGenerator.write(
            directory,
            manifest.path("seed").asLong(),
            SampleDataGenerator.Sizes.SHIPPED,
            SampleDataGenerator.Progress.NONE)) {
      drawn.put(file.name(), file.contentSha256());
    }
    assertThat(drawn).isEqualTo(shipped);
  }

  @Test
  void installsOnceAndMendsWhatWasDamaged() throws IOException {
    SampleWorkspace.Installed set = SampleWorkspace.install(directory);
    List<Path> files =
        List.of(
            set.helpfulTrain(),
            set.redTeamTest(),
            set.promptsTrain(),
            set.transcripts(),
            set.baseSpec(),
            set.study());
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    for (Path file : files) {
      Files.setLastModifiedTime(file, old);
    }
    byte[] whole = Files.readAllBytes(set.helpfulTrain());
    SampleWorkspace.install(directory);
    for (Path file : files) {
      assertThat(Files.getLastModifiedTime(file)).as("%s is left alone", file).isEqualTo(old);
    }

    Files.write(set.helpfulTrain(), new byte[] {1, 2, 3});
    Files.delete(set.transcripts());
    SampleWorkspace.install(directory);
    assertThat(Files.readAllBytes(set.helpfulTrain())).isEqualTo(whole);
    assertThat(TranscriptReader.read(set.transcripts())).hasSize(60_000);
    try (Stream<Path> left = Files.walk(directory)) {
      assertThat(left.map(p -> p.getFileName().toString())).noneMatch(n -> n.endsWith(".tmp"));
    }

    ComparisonFile helpful = ComparisonReader.read(set.helpfulTest());
    helpful.report().requireClean();
    assertThat(helpful.comparisons()).hasSize(1000);
    assertThat(LengthRule.of(helpful.comparisons()).best()).isBetween(0.50, 0.60);
    Ceiling ceiling =
        Ceiling.of(helpful.comparisons(), SampleWorld.Kind.HELPFUL, SampleWorld.Weakest.DROPPED);
    assertThat(ceiling.bayes()).isBetween(0.80, 0.85);
    assertThat(ceiling.gold()).isBetween(0.78, 0.86);
  }

  @Test
  void anUnwritableWorkspaceGivesOneLine() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThatThrownBy(() -> SampleWorkspace.install(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be written");
  }
}
