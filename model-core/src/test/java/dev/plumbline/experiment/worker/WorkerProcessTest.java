package dev.plumbline.experiment.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.Waiting;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real child JVMs around an executor that trains nothing. */
final class WorkerProcessTest {
  @TempDir Path directory;
  private Runs runs;
  private final List<ProcessHandle> started = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    runs = new Runs(directory.resolve("workspace"), FakeWorkerMain.launcher());
    Files.writeString(directory.resolve("text.jsonl"), "{\"text\": \"x\"}\n");
  }

  @AfterEach
  void endAll() {
    for (RunDirectory run : runs.list()) {
      WorkerProcess.read(run.workerFile())
          .flatMap(WorkerProcess::handle)
          .ifPresent(ProcessHandle::destroyForcibly);
    }
    started.forEach(ProcessHandle::destroyForcibly);
    started.forEach(process -> process.onExit().join());
  }

  private Path spec(String name, long steps, String more) throws IOException {
    return Files.writeString(
        directory.resolve(name + ".yaml"),
        "name: %s\npretraining:\n  data: text.jsonl\n  steps: %d\n  checkpoint_every: 50\n%s"
            .formatted(name, steps, more));
  }

  private ProcessHandle start(RunDirectory run) {
    ProcessHandle process = runs.start(run);
    started.add(process);
    return process;
  }

  private static List<JournalEntry> journal(RunDirectory run) {
    try {
      return JournalReader.readAll(run.journalFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long metrics(RunDirectory run) {
    return journal(run).stream().filter(e -> e.event() instanceof JournalEvent.Metrics).count();
  }

  @Test
  void killedWithoutAWordItLosesNothingThatWasJournalledAndResumes() throws IOException {
    RunDirectory run = runs.create(spec("endless", 1_000_000, ""));
    ProcessHandle worker = start(run);
    Waiting.until("a checkpoint and more is there", () -> metrics(run) > 120);
    List<JournalEntry> before = journal(run);
    worker.destroyForcibly();
    worker.onExit().join();
    List<JournalEntry> after = journal(run);
    assertThat(after.subList(0, before.size())).isEqualTo(before);
    assertThat(runs.state(run)).isEqualTo(RunState.LOST);
    assertThatThrownBy(() -> runs.send(run, new Command.Pause()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is lost, so no worker can obey; start or resume it first");

    try (Workspace workspace = Workspace.open(runs.workspace())) {
      workspace.ingest();
      assertThat(workspace.run(run.id()).orElseThrow().state()).isEqualTo(RunState.LOST);
      ProcessHandle second = runs.resume(run);
      started.add(second);
      assertThatThrownBy(() -> runs.start(run))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("already; pause or stop it first");
      long reached = metrics(run);
      Waiting.until("it trains again", () -> metrics(run) > reached + 100);
      runs.send(run, new Command.Stop());
      second.onExit().join();
      assertThat(runs.state(run)).isEqualTo(RunState.STOPPED);
      workspace.ingest();
      MetricSeries loss = workspace.series(run.id(), "loss");
      long last = workspace.run(run.id()).orElseThrow().step();
      assertThat(loss.step()).isEqualTo(LongStream.rangeClosed(1, last).toArray());
      assertThat(workspace.marks(run.id()))
          .filteredOn(mark -> mark.kind() == MarkRow.Kind.RESUMED)
          .singleElement()
          .satisfies(mark -> assertThat(mark.step() % 50).isZero());
      List<JournalEntry> whole = journal(run);
      assertThat(whole.subList(0, before.size())).isEqualTo(before);
      assertThat(whole)
          .extracting(JournalEntry::sequence)
          .isEqualTo(LongStream.rangeClosed(1, whole.size()).boxed().toList());
    }
  }

  @Test
  void commandsReachTheWorkerExactlyOnce() throws IOException {
    RunDirectory run = runs.create(spec("steered", 1_000_000, ""));
    ProcessHandle worker = start(run);
    List<String> ids = new ArrayList<>();
    ids.add(runs.send(run, new Command.Pause()));
    Waiting.until("it pauses", () -> runs.state(run) == RunState.PAUSED);
    for (int i = 1; i <= 5; i++) {
      ids.add(runs.send(run, new Command.Steer("learning_rate", i)));
    }
    ids.add(runs.send(run, new Command.Resume()));
    ids.add(runs.send(run, new Command.Stop()));
    worker.onExit().join();
    assertThat(runs.state(run)).isEqualTo(RunState.STOPPED);
    assertThat(journal(run).stream().map(JournalEntry::event))
        .filteredOn(event -> event instanceof JournalEvent.Commanded)
        .extracting(event -> ((JournalEvent.Commanded) event).id())
        .isEqualTo(ids);
    assertThat(journal(run).stream().map(JournalEntry::event))
        .filteredOn(event -> event instanceof JournalEvent.Steered)
        .extracting(event -> ((JournalEvent.Steered) event).to())
        .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);

    ProcessHandle second = start(run);
    Waiting.until("it trains again", () -> metrics(run) > 0 && runs.state(run) == RunState.RUNNING);
    second.destroy(); // SIGTERM: a checkpoint, and a clean end
    second.onExit().join();
    assertThat(runs.state(run)).isEqualTo(RunState.STOPPED);
    assertThat(journal(run).stream().map(JournalEntry::event))
        .filteredOn(event -> event instanceof JournalEvent.Commanded)
        .hasSize(ids.size());
    assertThat(run.checkpoints().last()).isPresent();
  }

  @Test
  void aFailureIsOneClearLine() throws IOException {
    RunDirectory run = runs.create(spec("failing", 100, "seed: 13\n"));
    start(run).onExit().join();
    assertThat(journal(run).getLast().event())
        .isEqualTo(
            new JournalEvent.State(RunState.FAILED, 0, "batch 3 does not fit; make it smaller"));
    assertThat(Files.readString(run.logFile())).contains("UserError", "at dev.plumbline");
    assertThat(runs.state(run)).isEqualTo(RunState.FAILED);
  }

  @Test
  void aStudyGoesThroughItsRunsAndSurvivesAKillOfEachProcess() throws IOException {
    spec("first", 60, "");
    spec("second", 900, "");
    Path file = Files.writeString(directory.resolve("study.yaml"), "- first.yaml\n- second.yaml\n");
    Study study = Study.create(runs, file);
    assertThat(study.state()).isEqualTo(RunState.QUEUED);
    List<RunDirectory> members = study.members();
    assertThat(members).allSatisfy(run -> assertThat(run.state()).isEqualTo(RunState.QUEUED));
    ProcessHandle supervisor = study.start(runs);
    started.add(supervisor);
    Waiting.until("the second trains", () -> metrics(members.get(1)) > 60);
    supervisor.destroyForcibly();
    supervisor.onExit().join();
    assertThat(Study.read(study.directory()).state()).isEqualTo(RunState.LOST);
    assertThat(members.get(1).state()).as("the member goes on alone").isEqualTo(RunState.RUNNING);
    ProcessHandle child =
        WorkerProcess.read(members.get(1).workerFile()).orElseThrow().handle().orElseThrow();
    child.destroyForcibly();
    child.onExit().join();
    ProcessHandle again = study.start(runs);
    started.add(again);
    again.onExit().join();
    assertThat(Study.read(study.directory()).state()).isEqualTo(RunState.FINISHED);
    assertThat(members).allSatisfy(run -> assertThat(run.state()).isEqualTo(RunState.FINISHED));
    assertThat(
            journal(members.get(0)).stream().filter(e -> e.event() instanceof JournalEvent.Resumed))
        .as("a finished member is passed over")
        .isEmpty();
  }

  @Test
  void aCancelledStudyStopsItsMemberWithACheckpointAndGoesOnLater() throws IOException {
    spec("long", 1_000_000, "");
    spec("later", 1_000_000, "");
    Path file = Files.writeString(directory.resolve("study.yaml"), "- long.yaml\n- later.yaml\n");
    Study study = Study.create(runs, file);
    RunDirectory first = study.members().getFirst();
    CompletableFuture<Worker.Exit> supervisor =
        CompletableFuture.supplyAsync(() -> new StudySupervisor(runs).run(study.directory()));
    Waiting.until("it trains", () -> metrics(first) > 0);
    study.cancel();
    assertThat(supervisor.join()).isEqualTo(Worker.Exit.DONE);
    assertThat(Study.read(study.directory()).state()).isEqualTo(RunState.STOPPED);
    assertThat(first.state()).isEqualTo(RunState.STOPPED);
    assertThat(first.checkpoints().last()).isPresent();
    RunDirectory later = study.members().getLast();
    assertThat(later.state()).isEqualTo(RunState.QUEUED);
    assertThat(later.workerFile()).as("no worker was started for it").doesNotExist();

    long reached = metrics(first);
    ProcessHandle again = study.start(runs);
    started.add(again);
    Waiting.until("it goes on from there", () -> metrics(first) > reached);
    study.cancel();
    again.onExit().join();
    assertThat(first.state()).isEqualTo(RunState.STOPPED);
  }
}
