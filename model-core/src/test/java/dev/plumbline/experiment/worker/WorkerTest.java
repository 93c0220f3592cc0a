package dev.plumbline.experiment.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker in this process, around executors that train nothing. */
final class WorkerTest {
  @TempDir Path directory;

  private RunDirectory run() throws IOException {
    Files.writeString(directory.resolve("text.jsonl"), "{\"text\": \"x\"}\n");
    Path spec =
        Files.writeString(
            directory.resolve("run.yaml"),
            "name: run\npretraining:\n  data: text.jsonl\n  steps: 100\n  checkpoint_every: 50\n");
    return new Runs(directory.resolve("workspace")).create(spec);
  }

  private static List<JournalEvent> events(RunDirectory run) throws IOException {
    return JournalReader.readAll(run.journalFile()).stream().map(JournalEntry::event).toList();
  }

  private static Worker.Exit beginAndStop(RunDirectory run) {
    return new Worker(
            (_, _, _, _, listener, _) -> {
              listener.state(RunState.RUNNING, 0, "");
              listener.state(RunState.STOPPED, 0, "");
            })
        .run(run);
  }

  @Test
  void changedDataIsNotResumedOver() throws IOException {
    RunDirectory run = run();
    assertThat(beginAndStop(run)).isEqualTo(Worker.Exit.DONE);
    Files.writeString(directory.resolve("text.jsonl"), "{\"text\": \"y\"}\n");
    assertThat(new Worker(new FakeExecutor()).run(run)).isEqualTo(Worker.Exit.FAILED);
    JournalEvent.State last = (JournalEvent.State) events(run).getLast();
    assertThat(last.state()).isEqualTo(RunState.FAILED);
    assertThat(last.detail())
        .contains("text.jsonl (pretraining.data) has changed since the run began");
  }

  @Test
  void theSameDataAreResumedOver() throws IOException {
    RunDirectory run = run();
    beginAndStop(run);
    assertThat(new Worker(new FakeExecutor()).run(run)).isEqualTo(Worker.Exit.DONE);
    assertThat(run.state()).isEqualTo(RunState.FINISHED);
    assertThat(events(run)).contains(new JournalEvent.Resumed(-1));
  }
}
