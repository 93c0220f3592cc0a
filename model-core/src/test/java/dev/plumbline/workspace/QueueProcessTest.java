package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.experiment.QueueProcess;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.Waiting;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.experiment.worker.FakeWorkerMain;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that works through a queue, with real child JVMs that train nothing. */
final class QueueProcessTest {
  @TempDir private Path folder;
  private Path workspace;
  private Runs runs;
  private QueueProcess process;

  @BeforeEach
  void prepare() throws IOException {
    workspace = folder.resolve("workspace");
    runs = new Runs(workspace, FakeWorkerMain.launcher());
    process = new QueueProcess(workspace);
    Files.writeString(folder.resolve("text.jsonl"), "{\"text\": \"x\"}\n");
  }

  @AfterEach
  void endAll() {
    Stream.concat(
            Stream.of(process.workerFile()),
            Stream.concat(
                runs.list().stream().map(RunDirectory::workerFile),
                Study.list(workspace).stream().map(s -> s.directory().resolve("worker.json"))))
        .flatMap(file -> WorkerProcess.read(file).stream())
        .flatMap(worker -> worker.handle().stream())
        .forEach(
            handle -> {
              handle.destroyForcibly();
              handle.onExit().join();
            });
  }

  private String spec(int seed, long steps) {
    return """
    seed: %d
    name: run%d
    pretraining: {data: [%s], steps: %d, checkpoint_every: 50}
    """
        .formatted(seed, seed, folder.resolve("text.jsonl"), steps);
  }

  private WorkQueue.Request run(int seed, long steps) throws IOException {
    Path file = Files.writeString(folder.resolve("run%d.yaml".formatted(seed)), spec(seed, steps));
    String id = runs.create(file).id();
    return new WorkQueue.Request(QueueEntry.Kind.RUN, id, "run " + seed, "cpu", 0);
  }

  private WorkQueue.Request study(String seeds, long steps) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("grid.yaml"),
            """
            axes: {seed: [%s]}
            runs:
              - role: member
                over: [seed]
                spec:
                  seed: "${seed}"
                  pretraining: {data: [text.jsonl], steps: %d, checkpoint_every: 50}
            """
                .formatted(seeds, steps));
    Study study = Study.create(runs, file);
    return new WorkQueue.Request(QueueEntry.Kind.STUDY, study.id(), "grid", "cpu", 1);
  }

  private static List<JournalEntry> journal(RunDirectory run) {
    try {
      return JournalReader.readAll(run.journalFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Instant when(String run, RunState state) {
    return journal(runs.get(runs.directory().resolve(run).toString())).stream()
        .filter(e -> e.event() instanceof JournalEvent.State s && s.state() == state)
        .findFirst()
        .orElseThrow()
        .time();
  }

  private static QueueEntry.State state(WorkQueue queue, long number) {
    return queue.entry(number).orElseThrow().state();
  }

  @Test
  void entriesGoOneAfterTheOtherInTheirOrderAndAFailureKeepsNoOtherFromRunning()
      throws IOException {
    WorkQueue.Request first = run(1, 60);
    WorkQueue.Request grid = study("5, 6", 60);
    WorkQueue.Request bad = run(13, 60);
    WorkQueue.Request last = run(2, 60);
    try (WorkQueue queue = WorkQueue.open(workspace)) {
      List<Long> n = queue.add(List.of(first, bad, grid, last));
      queue.move(n.get(3), 1);
      assertThat(process.start(runs)).isTrue();
      assertThat(process.start(runs)).as("it is at work").isFalse();
      Waiting.until(
          "all are over", () -> queue.entries().stream().allMatch(e -> e.state().isOver()));
      Waiting.until("its process ends", () -> !process.isAtWork());
      assertThat(queue.entries())
          .extracting(QueueEntry::state)
          .containsExactly(
              QueueEntry.State.FINISHED,
              QueueEntry.State.FINISHED,
              QueueEntry.State.FAILED,
              QueueEntry.State.FINISHED);
      assertThat(queue.entries().get(2).detail())
          .isEqualTo("batch 3 does not fit; make it smaller");
      assertThat(when(first.target(), RunState.STARTING))
          .isAfterOrEqualTo(when(last.target(), RunState.FINISHED));
      assertThat(Study.read(workspace.resolve("studies").resolve(grid.target())).state())
          .isEqualTo(RunState.FINISHED);
    }
  }

  @Test
  void whatIsAtWorkIsPausedAndCancelledWithCheckpointsAndTheNextBegins() throws IOException {
    WorkQueue.Request first = run(1, 100_000);
    WorkQueue.Request grid = study("5, 6", 100_000);
    try (WorkQueue queue = WorkQueue.open(workspace)) {
      List<Long> n = queue.add(List.of(first, grid));
      process.start(runs);
      RunDirectory run = runs.get(first.target());
      Waiting.until("it runs", () -> run.state() == RunState.RUNNING);
      queue.pause(n.get(0));
      Waiting.until("it is paused", () -> state(queue, n.get(0)) == QueueEntry.State.PAUSED);
      assertThat(run.checkpoints().last()).isPresent();
      Path study = workspace.resolve("studies").resolve(grid.target());
      Waiting.until(
          "a member runs",
          () ->
              Study.read(study).members().stream()
                  .anyMatch(member -> member.state() == RunState.RUNNING));
      queue.cancel(n.get(1));
      Waiting.until("it is out", () -> state(queue, n.get(1)) == QueueEntry.State.CANCELLED);
      assertThat(Study.read(study).state()).isEqualTo(RunState.STOPPED);
      Waiting.until("nothing is left to do", () -> !process.isAtWork());
      queue.resume(n.get(0));
      process.start(runs);
      Waiting.until("it goes on", () -> resumed(run));
    }
  }

  @Test
  void killedAndStartedAgainItFindsWhatIsAtWorkAndBeginsAgainWhatWasCutOff() throws IOException {
    WorkQueue.Request first = run(1, 100_000);
    WorkQueue.Request second = run(2, 60);
    try (WorkQueue queue = WorkQueue.open(workspace)) {
      List<Long> n = queue.add(List.of(first, second));
      process.start(runs);
      RunDirectory run = runs.get(first.target());
      Waiting.until("a checkpoint", () -> run.checkpoints().last().isPresent());
      kill(process.workerFile());
      assertThat(process.isAtWork()).isFalse();
      assertThat(run.state()).as("the worker lives on").isEqualTo(RunState.RUNNING);
      process.start(runs);
      Waiting.until("it is at work", process::isAtWork);
      kill(run.workerFile()); // and now the power cut
      Waiting.until("it goes on from a checkpoint", () -> resumed(run));
      assertThat(state(queue, n.get(1))).isEqualTo(QueueEntry.State.WAITING);
      queue.cancel(n.get(0));
      Waiting.until("the next is done", () -> state(queue, n.get(1)) == QueueEntry.State.FINISHED);
    }
  }

  private static boolean resumed(RunDirectory run) {
    return journal(run).stream().anyMatch(e -> e.event() instanceof JournalEvent.Resumed);
  }

  private static void kill(Path workerFile) {
    ProcessHandle handle =
        WorkerProcess.read(workerFile).flatMap(WorkerProcess::handle).orElseThrow();
    handle.destroyForcibly();
    handle.onExit().join();
  }
}
