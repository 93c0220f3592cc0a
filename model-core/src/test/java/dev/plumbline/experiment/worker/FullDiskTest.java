package dev.plumbline.experiment.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.testing.SmallDisk;
import dev.plumbline.training.Checkpoints;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a full disk everything that writes says so in one line, and what was there stays. */
final class FullDiskTest {
  private static final String FULL = "No space left on device";

  @TempDir Path directory;

  private static ResponseSample sample(long step) {
    return new ResponseSample(step, 0, "p", "r".repeat(700), 0.5, -1, -2, 3, true);
  }

  /** The device that is always full; it needs no rights, and keeps nothing. */
  @Test
  void aJournalThatCannotBeWrittenNamesItselfAndTheReason() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
    Path file = Files.createSymbolicLink(directory.resolve("journal.jsonl"), full);
    try (JournalWriter journal = JournalWriter.open(file)) {
      assertThatThrownBy(() -> journal.append(new JournalEvent.Resumed(1)))
          .isInstanceOf(IOException.class)
          .hasMessage("cannot write " + file + ": " + FULL);
    }
    Files.delete(file);
  }

  @Nested
  final class OnASmallDisk {
    private SmallDisk disk;

    @BeforeEach
    void mount() throws IOException {
      disk = SmallDisk.mount(directory, 2048);
    }

    @AfterEach
    void unmount() throws IOException {
      if (disk != null) {
        disk.close();
      }
    }

    @Test
    void aJournalKeepsEveryEventThatItTookAndGoesOnWhenThereIsRoom() throws IOException {
      Path file = disk.root().resolve("journal.jsonl");
      disk.fillUpTo(64);
      List<JournalEntry> written = new ArrayList<>();
      try (JournalWriter journal = JournalWriter.open(file)) {
        IOException failure =
            catchThrowableOfType(
                IOException.class,
                () -> {
                  while (written.size() < 10_000) {
                    written.add(journal.append(new JournalEvent.Sample(sample(written.size()))));
                  }
                });
        assertThat(failure).hasMessage("cannot write " + file + ": " + FULL);
        assertThat(JournalReader.readAll(file)).isEqualTo(written);
        assertThat(Files.readString(file)).endsWith("}\n");
        disk.makeRoom();
        written.add(journal.append(new JournalEvent.Resumed(1)));
      }
      assertThat(JournalReader.readAll(file)).isEqualTo(written);
      assertThat(written.getLast().sequence()).isEqualTo(written.size());
    }

    @Test
    void aCheckpointIsThereWholeOrNotAtAll() throws IOException {
      Checkpoints checkpoints = new Checkpoints(disk.root());
      byte[] weights = new byte[200 * 1024];
      weights[1] = 7;
      Path first = checkpoints.write(state(1), to -> Files.write(to.resolve("weights"), weights));
      disk.fillUpTo(100);
      assertThatThrownBy(
              () -> checkpoints.write(state(2), to -> Files.write(to.resolve("weights"), weights)))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("checkpoints/2 cannot be written: ")
          .hasMessageContaining(FULL + "; make room or choose another workspace")
          .hasMessageNotContaining("\n");
      assertThat(checkpoints.steps()).containsExactly(1L);
      assertThat(first.resolve("weights")).hasBinaryContent(weights);
      assertThat(Checkpoints.read(first)).isEqualTo(state(1));
      assertThat(disk.root().resolve("checkpoints")).isDirectoryNotContaining("glob:**.tmp");
      disk.makeRoom();
      checkpoints.write(state(2), to -> Files.write(to.resolve("weights"), weights));
      assertThat(checkpoints.steps()).containsExactly(1L, 2L);
    }

    private static Checkpoints.State state(long step) {
      return new Checkpoints.State("Ppo", step, true, 0, 0, 0.1, 7, "hash", Map.of(), Map.of());
    }

    @Test
    void anIngestThatFailsLeavesTheDatabaseAsItWasAndIsMadeUpForLater() throws IOException {
      // The runs lie elsewhere: only the database has no room.
      Path runs = Files.createDirectories(directory.resolve("elsewhere/runs"));
      Files.createSymbolicLink(disk.root().resolve("runs"), runs);
      journal(runs.resolve("small"), 5);
      try (Workspace workspace = Workspace.open(disk.root())) {
        workspace.ingest();
        journal(runs.resolve("big"), 20_000);
        disk.fillUpTo(64);
        for (int attempt = 0; attempt < 2; attempt++) {
          assertThatThrownBy(workspace::ingest)
              .isInstanceOf(UserError.class)
              .hasMessage(
                  "the disk is full while writing %s; free some space and try again"
                      .formatted(disk.root().resolve("workspace.db")));
        }
        assertThat(workspace.series("small", "loss").size()).isEqualTo(5);
        disk.makeRoom();
        workspace.ingest();
        assertThat(workspace.series("small", "loss").size()).isEqualTo(5);
        assertThat(workspace.series("big", "loss").step())
            .isEqualTo(LongStream.rangeClosed(1, 20_000).toArray());
      }
    }

    private static void journal(Path run, int steps) throws IOException {
      Files.createDirectories(run);
      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        for (long step = 1; step <= steps; step++) {
          journal.append(new JournalEvent.Metrics(step, 0, 0, 0, Map.of("loss", 1.0 / step)));
        }
        journal.append(new JournalEvent.State(RunState.STOPPED, steps, ""));
      }
    }

    @Test
    void aRunThatDiesOfItSaysSoAndResumesWhenThereIsRoom() throws IOException {
      Files.writeString(directory.resolve("text.jsonl"), "{\"text\": \"x\"}\n");
      Path spec =
          Files.writeString(
              directory.resolve("run.yaml"),
              "name: run\npretraining:\n  data: text.jsonl\n  steps: 9\n  checkpoint_every: 5\n");
      RunDirectory run = new Runs(disk.root()).create(spec);
      disk.fillUpTo(256);
      Worker.Exit exit = new Worker((_, _, _, _, listener, _) -> fillTheJournal(listener)).run(run);
      assertThat(exit).isEqualTo(Worker.Exit.FAILED);
      assertThat(JournalReader.readAll(run.journalFile()).getLast().event())
          .isEqualTo(
              new JournalEvent.State(
                  RunState.FAILED,
                  0,
                  "cannot write %s: %s; free some space or mend the disk, then resume the run"
                      .formatted(run.journalFile(), FULL)));
      disk.makeRoom();
      assertThat(new Worker(new FakeExecutor()).run(run)).isEqualTo(Worker.Exit.DONE);
      assertThat(run.state()).isEqualTo(RunState.FINISHED);
    }

    private static void fillTheJournal(RunListener listener) {
      listener.state(RunState.RUNNING, 0, "");
      for (long step = 0; step < 10_000; step++) {
        listener.sample(sample(step));
      }
    }

    @Test
    void aRunThatCannotBeMadeLeavesNothing() throws IOException {
      Files.writeString(directory.resolve("text.jsonl"), "{\"text\": \"x\"}\n");
      Path spec =
          Files.writeString(
              directory.resolve("run.yaml"), "name: run\npretraining:\n  data: text.jsonl\n");
      Runs runs = new Runs(disk.root());
      Files.createDirectories(runs.directory());
      disk.fillUpTo(0);
      assertThatThrownBy(() -> runs.create(spec))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(FULL + "; check its rights and free space")
          .hasMessageNotContaining("\n");
      assertThat(runs.directory()).isEmptyDirectory();
    }
  }
}
