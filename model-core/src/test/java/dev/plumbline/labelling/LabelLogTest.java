package dev.plumbline.labelling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.labelling.LabelEvent.Adjudicated;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelEvent.Edit;
import dev.plumbline.labelling.LabelEvent.Noted;
import dev.plumbline.labelling.LabelEvent.Session;
import dev.plumbline.labelling.LabelEvent.Undone;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabelLogTest {
  private static final List<LabelEvent.Action> ACTIONS =
      List.of(
          new Session(true, Map.of("host", "a \"quoted\" one")),
          new Answered(
              3,
              "0123456789abcdef",
              true,
              List.of(Judgement.prefer(false, 4), Judgement.of(Outcome.TIE)),
              List.of(1, 5, 0),
              12.25,
              2,
              true,
              Optional.of(new Edit(true, "line one\nline two \u2028 \ud83d\ude00"))),
          new Noted(3, "0123456789abcdef", true, "looks odd"),
          new Undone("aa-1"),
          new Adjudicated("0123456789abcdef", Judgement.of(Outcome.BOTH_BAD), "neither"),
          new Session(false, Map.of()));

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadBackAndTheLogGoesOn() {
    List<LabelEvent> written = new ArrayList<>();
    for (LabelEvent.Action action : ACTIONS) {
      try (LabelLog log = LabelLog.open(folder, "Müller, K.", LabelFixture.clock())) {
        written.add(log.append(action));
      }
    }
    LabelLogFile read = LabelLogFile.read(only());
    assertThat(read.events()).isEqualTo(written);
    assertThat(read.events()).extracting(LabelEvent::action).isEqualTo(ACTIONS);
    assertThat(read.events()).extracting(LabelEvent::id).doesNotHaveDuplicates();
  }

  private Path only() {
    try (var files = Files.list(folder)) {
      return files.reduce((_, _) -> null).orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aLogThatWasCutAnywhereLosesNothingThatWasAcknowledged() throws IOException {
    List<Long> ends = new ArrayList<>();
    try (LabelLog log = LabelLog.open(folder, "mk", LabelFixture.clock())) {
      for (LabelEvent.Action action : ACTIONS) {
        log.append(action);
        ends.add(Files.size(log.file()));
      }
    }
    byte[] whole = Files.readAllBytes(only());
    Path file = only();
    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut), StandardOpenOption.TRUNCATE_EXISTING);
      int at = cut;
      long acknowledged = ends.stream().filter(end -> end <= at).count();
      assertThat(LabelLogFile.read(file).events()).hasSize((int) acknowledged);
      LabelEvent next;
      try (LabelLog log = LabelLog.open(folder, "mk", LabelFixture.clock())) {
        next = log.append(new Undone("after the cut"));
      }
      List<LabelEvent> after = LabelLogFile.read(file).events();
      assertThat(after).hasSize((int) acknowledged + 1).endsWith(next);
    }
  }

  @Test
  void twoWindowsDoNotWriteOneLog() {
    try (LabelLog log = LabelLog.open(folder, "mk", LabelFixture.clock())) {
      assertThatThrownBy(() -> LabelLog.open(folder, "mk", LabelFixture.clock()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("mk is labelling this batch in another window");
      // somebody else may
      try (LabelLog other = LabelLog.open(folder, "jo", LabelFixture.clock())) {
        assertThat(other.file()).isNotEqualTo(log.file());
      }
    }
  }

  @Test
  void namesThatLookAlikeInAPathHaveLogsOfTheirOwn() {
    try (LabelLog one = LabelLog.open(folder, "A B", LabelFixture.clock());
        LabelLog two = LabelLog.open(folder, "a/b", LabelFixture.clock())) {
      assertThat(one.file()).isNotEqualTo(two.file());
    }
  }

  @Test
  void aLineThatIsNoEventIsSaidWithItsNumber() throws IOException {
    try (LabelLog log = LabelLog.open(folder, "mk", LabelFixture.clock())) {
      log.append(ACTIONS.getFirst());
    }
    Files.writeString(only(), "{\"type\":\"dance\"}\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> LabelLogFile.read(only()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(".jsonl:2: unknown type 'dance'");
  }

  /**
   * A process that answers as fast as it can is killed at a random moment: every answer that it had
   * reported as written is there, and the next process goes on. {@code plumbline.kills} asks for
   * more of them than the five that every build does.
   */
  @Test
  void noKillLosesAnAnswer() throws Exception {
    Random random = new Random(5);
    int kills = Integer.getInteger("plumbline.kills", 5);
    long acknowledged = 0;
    for (int kill = 0; kill < kills; kill++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  Hasty.class.getName(),
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      long wanted = acknowledged + 1 + random.nextInt(300);
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        while (acknowledged < wanted) {
          String line = reader.readLine();
          assertThat(line).as("the process ends by being killed").isNotNull();
          acknowledged = Long.parseLong(line);
        }
        process.destroyForcibly().waitFor();
      }
      List<LabelEvent> events = LabelLogFile.read(only()).events();
      assertThat((long) events.size()).isGreaterThanOrEqualTo(acknowledged);
      for (int i = 0; i < events.size(); i++) {
        assertThat(((Answered) events.get(i).action()).slot()).isEqualTo(i);
      }
      acknowledged = events.size();
    }
  }

  /** Answers without end, and says after each how many there are. */
  static final class Hasty {
    private Hasty() {}

    @SuppressWarnings("SystemOut") // its own process' answer to the test
    public static void main(String[] arguments) {
      Path folder = Path.of(arguments[0]);
      try (LabelLog log = LabelLog.open(folder, "hasty", Clock.systemUTC())) {
        int slot = LabelLogFile.read(log.file()).events().size();
        while (true) {
          log.append(
              new Answered(
                  slot++,
                  "0123456789abcdef",
                  true,
                  List.of(Judgement.prefer(true, 2)),
                  List.of(),
                  1,
                  0,
                  true,
                  Optional.empty()));
          System.out.println(slot);
          System.out.flush();
        }
      }
    }
  }
}
