package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.dialogue.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitFilesTest {
  @TempDir Path directory;

  /** Conversations {@code from} to {@code to}, three comparisons each. */
  private Path file(String name, int from, int to) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      for (int j = 0; j < 3; j++) {
        text.append(
            """
            {"chosen":"\\n\\nHuman: q%d\\n\\nAssistant: good %s%d","rejected":"\\n\\nHuman: q%d\\n\\nAssistant: bad %s%d","tranche":"t%d"}
            """
                .formatted(i, name, j, i, name, j, j));
      }
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private static List<Comparison> read(Path file) {
    return ComparisonReader.read(file).comparisons();
  }

  private static Set<String> conversations(Path file) {
    return read(file).stream().map(Comparison::conversationKey).collect(Collectors.toSet());
  }

  @Test
  void everyComparisonIsInOnePartAndNoConversationInTwo() throws IOException {
    Path a = file("a.jsonl", 0, 60);
    Path b = file("b.jsonl", 30, 100); // 30 conversations of a, too
    SplitFiles split = SplitFiles.split(List.of(a, b), 0.2, 7, directory.resolve("out"));
    Set<String> train = new HashSet<>();
    Set<String> heldOut = new HashSet<>();
    for (SplitFiles.Part part : split.parts()) {
      train.addAll(conversations(part.trainFile()));
      heldOut.addAll(conversations(part.heldOutFile()));
      List<Comparison> all = new ArrayList<>(read(part.trainFile()));
      all.addAll(read(part.heldOutFile()));
      assertThat(all).containsExactlyInAnyOrderElementsOf(read(part.file()));
      assertThat(part.train()).isEqualTo(read(part.trainFile()).size());
      assertThat(part.heldOut()).isEqualTo(read(part.heldOutFile()).size());
    }
    assertThat(train).doesNotContainAnyElementsOf(heldOut);
    assertThat(train.size() + heldOut.size()).isEqualTo(100);
    assertThat(split.leakage().isNone()).isTrue();
    long held = split.parts().stream().mapToLong(SplitFiles.Part::heldOut).sum();
    assertThat(held).isBetween(78L, 84L); // 0.2 of 390, and less than the largest conversation more
  }

  @Test
  void partsAreThoseOfTheSplitThatHoldsEverything() throws IOException {
    Path a = file("a.jsonl", 0, 60);
    Path b = file("b.jsonl", 30, 100);
    SplitFiles split = SplitFiles.split(List.of(a, b), 0.35, 11, directory.resolve("out"));
    List<Comparison> all = new ArrayList<>(read(a));
    all.addAll(read(b));
    ConversationSplit.Split<Comparison> held = ConversationSplit.split(all, 0.35, 11);
    List<Comparison> train = new ArrayList<>();
    List<Comparison> test = new ArrayList<>();
    for (SplitFiles.Part part : split.parts()) {
      train.addAll(read(part.trainFile()));
      test.addAll(read(part.heldOutFile()));
    }
    assertThat(train).containsExactlyElementsOf(held.train());
    assertThat(test).containsExactlyElementsOf(held.heldOut());
  }

  @Test
  void nothingIsReplacedAndWhatCannotBeReadStopsBeforeAnythingIsWritten() throws IOException {
    Path a = file("a.jsonl", 0, 10);
    Path out = directory.resolve("out");
    Path bad = Files.writeString(directory.resolve("bad.jsonl"), "{}\n");
    assertThatThrownBy(() -> SplitFiles.split(List.of(a, bad), 0.2, 1, out))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("bad.jsonl:1");
    assertThat(out).doesNotExist();
    SplitFiles.split(List.of(a), 0.2, 1, out);
    assertThatThrownBy(() -> SplitFiles.split(List.of(a), 0.2, 1, out))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a-train.jsonl.gz: is there already");
    assertThatThrownBy(
            () -> SplitFiles.split(List.of(a, a), 0.2, 1, directory.resolve("elsewhere")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("another file has the same name");
  }
}
