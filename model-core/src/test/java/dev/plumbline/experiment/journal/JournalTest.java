package dev.plumbline.experiment.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.training.Command;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import dev.plumbline.training.TokenTrace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  @TempDir Path directory;

  private static final List<JournalEvent> EVENTS =
      List.of(
          new JournalEvent.State(RunState.RUNNING, 0, "a \"line\"\nwith é and 😀"),
          new JournalEvent.Device("cpu", 2),
          new JournalEvent.Progress(1, 10, Double.NaN, "training"),
          new JournalEvent.Metrics(
              1,
              2,
              3,
              0.5,
              Map.of(
                  "loss", 0.1 + 0.2,
                  "nan", Double.NaN,
                  "up", Double.POSITIVE_INFINITY,
                  "down", Double.NEGATIVE_INFINITY,
                  "tiny", Double.MIN_VALUE)),
          new JournalEvent.Sample(
              new ResponseSample(
                  1,
                  0,
                  "\n\nHuman: q\n\nAssistant:",
                  " r",
                  1.5,
                  -3,
                  -4,
                  5,
                  true,
                  Map.of("gold", 2.25, "test/b", -0.5),
                  new TokenTrace(
                      List.of(
                          new TokenTrace.Token(2, -1.25, -1.5, 0.03, 2, -0.5, 0.125),
                          new TokenTrace.Token(2, -1, -2, Double.NaN, 1.5, 0, -3e-5))))),
          new JournalEvent.Checkpoint(1, "checkpoints/1"),
          new JournalEvent.Steered(1, "lambda_kl", 0.001, 0.01),
          new JournalEvent.Resumed(1),
          new JournalEvent.Commanded("id", new Command.Steer("temperature", 0.7), true),
          new JournalEvent.Commanded("id2", new Command.StepOnce(), false));

  private Path journal() throws IOException {
    Path file = directory.resolve("journal.jsonl");
    try (JournalWriter writer = JournalWriter.open(file)) {
      for (JournalEvent event : EVENTS) {
        writer.append(event);
      }
    }
    return file;
  }

  @Test
  void everyEventReadsBackAsItWasWritten() throws IOException {
    List<JournalEntry> entries = JournalReader.readAll(journal());
    assertThat(entries).extracting(JournalEntry::event).containsExactlyElementsOf(EVENTS);
    assertThat(entries)
        .extracting(JournalEntry::sequence)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void aSampleOfAnOlderProgramHasNoTrace() throws JournalFormat.NotAnEventException {
    byte[] line =
        ("""
        {"seq":7,"time":"2026-01-01T00:00:00.000Z","type":"sample","step":1,"index":0,\
        "prompt":"p","response":"r","pm_score":1.5,"log_probability":-3,\
        "reference_log_probability":-4,"tokens":5,"ended":true}\
        """)
            .getBytes(StandardCharsets.UTF_8);
    assertThat(JournalFormat.entry(line, 0, line.length).event())
        .isEqualTo(
            new JournalEvent.Sample(new ResponseSample(1, 0, "p", "r", 1.5, -3, -4, 5, true)));
  }

  @Test
  void everyTimeReadsBackAndWhatIsNoneIsNamed() throws JournalFormat.NotAnEventException {
    Random random = new Random(5);
    long end = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    for (int i = 0; i < 2000; i++) {
      long milliseconds = random.nextLong(end);
      Instant time =
          i % 3 == 0
              ? Instant.ofEpochSecond(milliseconds / 1000, random.nextInt(1_000_000_000))
              : Instant.ofEpochMilli(milliseconds);
      byte[] line =
          JournalFormat.line(new JournalEntry(1, time, new JournalEvent.Resumed(milliseconds)));
      assertThat(JournalFormat.entry(line, 0, line.length).time()).isEqualTo(time);
    }
    for (String wrong :
        List.of(
            "2026-13-01T00:00:00.000Z", "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00.0a0Z")) {
      byte[] line =
          "{\"seq\":1,\"time\":\"%s\",\"type\":\"resumed\"}"
              .formatted(wrong)
              .getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> JournalFormat.entry(line, 0, line.length))
          .hasMessage("time is not an instant");
    }
  }

  @Test
  void cutAnywhereItGivesTheWholeLinesAndTheNextWriterGoesOn() throws IOException {
    byte[] whole = Files.readAllBytes(journal());
    Path file = directory.resolve("cut.jsonl");
    for (int length = 0; length <= whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      Files.write(file, cut);
      int lines =
          (int) new String(cut, StandardCharsets.ISO_8859_1).chars().filter(c -> c == '\n').count();
      assertThat(JournalReader.readAll(file)).hasSize(lines);
      try (JournalWriter writer = JournalWriter.open(file)) {
        writer.append(new JournalEvent.Resumed(0));
      }
      List<JournalEntry> entries = JournalReader.readAll(file);
      // a line that lacks only its line feed is a whole event, and is kept
      boolean keptTail =
          length < whole.length && length > 0 && whole[length] == '\n' && whole[length - 1] == '}';
      assertThat(entries).hasSize(lines + (keptTail ? 2 : 1));
      assertThat(entries.getLast().sequence()).isEqualTo(entries.size());
      assertThat(entries.subList(0, lines))
          .extracting(JournalEntry::event)
          .isEqualTo(EVENTS.subList(0, lines));
    }
  }

  @Test
  void aReaderGoesOnFromItsOffsetAndLeavesATornLine() throws IOException {
    Path file = journal();
    JournalReader reader = new JournalReader(file, 0);
    assertThat(reader.read().entries()).hasSize(10);
    Files.writeString(file, "{\"seq\":11,\"ti", StandardOpenOption.APPEND);
    assertThat(reader.read().entries()).isEmpty();
    Files.writeString(
        file,
        "me\":\"2026-01-01T00:00:00Z\",\"type\":\"resumed\",\"from_step\":3}\n",
        StandardOpenOption.APPEND);
    assertThat(new JournalReader(file, reader.offset()).read().entries())
        .extracting(JournalEntry::event)
        .containsExactly(new JournalEvent.Resumed(3));
  }

  @Test
  void damageIsNamedAndHidesNothingElse() throws IOException {
    Path file = journal();
    Files.writeString(
        file,
        """
        garbage
        {"seq":11,"time":"2026-01-01T00:00:00Z","type":"resumed","from_step":3}
        {"seq":12,"time":"2026-01-01T00:00:00Z","type":"of tomorrow"}
        """,
        StandardOpenOption.APPEND);
    JournalReader.Batch batch = new JournalReader(file, 0).read();
    assertThat(batch.problems()).singleElement().asString().contains("line at byte", "not JSON");
    assertThat(batch.entries()).hasSize(12);
    assertThat(batch.entries().getLast().event())
        .isEqualTo(new JournalEvent.Unknown("of tomorrow"));
  }

  @Test
  void commandsOfManySendersArriveInOrderAndATornOneSpoilsNone() throws IOException {
    ControlFile reader = new ControlFile(directory.resolve("control.jsonl"));
    assertThat(reader.read()).isEmpty();
    ControlFile sender = new ControlFile(directory.resolve("control.jsonl"));
    String first = sender.send(new Command.Pause());
    Files.writeString(
        directory.resolve("control.jsonl"), "{\"id\":\"to", StandardOpenOption.APPEND);
    String second =
        new ControlFile(directory.resolve("control.jsonl"))
            .send(new Command.Steer("lambda_kl", 0.5));
    assertThat(reader.read()).extracting(ControlFile.Request::id).containsExactly(first, second);
    assertThat(reader.read()).isEmpty();
  }
}
