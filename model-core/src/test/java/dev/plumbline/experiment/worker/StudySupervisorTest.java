package dev.plumbline.experiment.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.experiment.Waiting;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grids, with real child JVMs around an executor that trains nothing. */
final class StudySupervisorTest {
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

  /** Runs that differ in their seed. */
  private Study study(String seeds, long steps) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("grid.yaml"),
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
    return Study.create(runs, StudyPlan.read(file, Map.of()));
  }

  private static RunState stateOf(Study study) {
    return Study.read(study.directory()).state();
  }

  private static List<JournalEntry> journal(Path file) {
    try {
      return JournalReader.readAll(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long metrics(RunDirectory run) {
    return journal(run.journalFile()).stream()
        .filter(e -> e.event() instanceof JournalEvent.Metrics)
        .count();
  }

  private static List<String> notices(Study study) {
    return journal(study.journalFile()).stream()
        .filter(entry -> entry.event() instanceof JournalEvent.Notice)
        .map(entry -> ((JournalEvent.Notice) entry.event()).text())
        .toList();
  }

  private static Instant when(RunDirectory run, RunState state) {
    return journal(run.journalFile()).stream()
        .filter(e -> e.event() instanceof JournalEvent.State s && s.state() == state)
        .findFirst()
        .orElseThrow()
        .time();
  }

  /** The same study with its second run waiting for the first and the third for the second. */
  private static Study chained(Study study) throws IOException {
    List<StudyMember> chained = new ArrayList<>();
    for (StudyMember member : study.plannedRuns()) {
      boolean odd = chained.size() % 2 == 1;
      chained.add(
          new StudyMember(
              member.run(),
              member.name(),
              member.role(),
              member.levels(),
              odd ? List.of(chained.getLast().run()) : List.of()));
    }
    Study changed =
        new Study(
            study.directory(),
            study.about(),
            study.created(),
            study.plan(),
            study.state(),
            "",
            study.progress(),
            chained);
    changed.save();
    return changed;
  }

  @Test
  void whatIsFinishedStandsForWhatWouldRepeatIt() throws IOException {
    Study first = study("1, 2", 60);
    assertThat(new StudySupervisor(runs, 2).run(first.directory())).isEqualTo(Worker.Exit.DONE);
    StudyPlan plan =
        StudyPlan.read(directory.resolve("grid.yaml"), Map.of("seed", "2, 3")); // 2 is there
    Study second = Study.create(runs, plan, true);
    assertThat(second.runs().getFirst()).isEqualTo(first.runs().getLast());
    assertThat(first.runs()).doesNotContain(second.runs().getLast());
    assertThat(Study.create(runs, plan).runs()).doesNotContainAnyElementsOf(first.runs());
    long before = metrics(first.members().getLast());
    assertThat(new StudySupervisor(runs, 2).run(second.directory())).isEqualTo(Worker.Exit.DONE);
    assertThat(stateOf(second)).isEqualTo(RunState.FINISHED);
    assertThat(metrics(first.members().getLast())).isEqualTo(before);
    Files.writeString(directory.resolve("text.jsonl"), "{\"text\": \"other\"}\n");
    assertThat(Study.create(runs, plan, true).runs())
        .as("other data, other runs")
        .doesNotContainAnyElementsOf(first.runs());
  }

  @Test
  void runsGoSideBySideAndEachBehindWhatItBuildsOn() throws IOException {
    Study study = chained(study("1, 2, 3, 4", 60)); // 1 before 2, 3 before 4
    assertThat(new StudySupervisor(runs, 2).run(study.directory())).isEqualTo(Worker.Exit.DONE);
    Study end = Study.read(study.directory());
    assertThat(end.state()).isEqualTo(RunState.FINISHED);
    assertThat(end.progress().done()).isEqualTo(4);
    List<RunDirectory> members = study.members();
    assertThat(members).allSatisfy(run -> assertThat(run.state()).isEqualTo(RunState.FINISHED));
    for (int first : List.of(0, 2)) {
      assertThat(when(members.get(first + 1), RunState.STARTING))
          .isAfterOrEqualTo(when(members.get(first), RunState.FINISHED));
    }
    List<JournalEvent.Progress> told =
        journal(study.journalFile()).stream()
            .filter(entry -> entry.event() instanceof JournalEvent.Progress)
            .map(entry -> (JournalEvent.Progress) entry.event())
            .toList();
    assertThat(told.getFirst().phase()).contains("seed1", "seed3").doesNotContain("seed2");
    assertThat(told).allSatisfy(one -> assertThat(one.totalSteps()).isEqualTo(4));
    assertThat(told).extracting(JournalEvent.Progress::step).isSorted().endsWith(4L);
    assertThat(told)
        .as("once one is finished there is an estimate")
        .filteredOn(one -> one.step() > 0)
        .allSatisfy(one -> assertThat(one.secondsLeft()).isNotNaN());
  }

  @Test
  void whatBuildsOnAFailureIsSkippedAndNamedAndTheOthersGoOn() throws IOException {
    Study study = chained(study("13, 2, 3, 4", 60)); // the fake fails where the seed is 13
    assertThat(new StudySupervisor(runs, 2).run(study.directory())).isEqualTo(Worker.Exit.FAILED);
    Study end = Study.read(study.directory());
    assertThat(end.state()).isEqualTo(RunState.FAILED);
    assertThat(end.detail())
        .isEqualTo(
            "2 of 4 runs finished; failed: member-seed13 (batch 3 does not fit; make it smaller);"
                + " skipped: member-seed2");
    assertThat(study.members())
        .extracting(RunDirectory::state)
        .containsExactly(RunState.FAILED, RunState.QUEUED, RunState.FINISHED, RunState.FINISHED);
    assertThat(notices(study)).contains("skipped member-seed2: what it builds on failed");

    // started again it tries the failed one again and leaves the finished ones alone
    long before = metrics(study.members().get(2));
    assertThat(new StudySupervisor(runs, 2).run(study.directory())).isEqualTo(Worker.Exit.FAILED);
    assertThat(metrics(study.members().get(2))).isEqualTo(before);
    assertThat(journal(study.members().getFirst().journalFile()))
        .filteredOn(e -> e.event() instanceof JournalEvent.State s && s.state() == RunState.FAILED)
        .hasSize(2);
  }

  @Test
  void aCancelStopsAllWithCheckpointsAndLaterAllGoOn() throws IOException {
    Study study = study("1, 2, 3", 1_000_000);
    CompletableFuture<Worker.Exit> supervisor =
        CompletableFuture.supplyAsync(() -> new StudySupervisor(runs, 2).run(study.directory()));
    List<RunDirectory> members = study.members();
    Waiting.until("two train", () -> metrics(members.get(0)) > 0 && metrics(members.get(1)) > 0);
    assertThat(members.get(2).workerFile()).as("there are two workers").doesNotExist();
    study.cancel();
    assertThat(supervisor.join()).isEqualTo(Worker.Exit.DONE);
    assertThat(stateOf(study)).isEqualTo(RunState.STOPPED);
    for (RunDirectory run : members.subList(0, 2)) {
      assertThat(run.state()).isEqualTo(RunState.STOPPED);
      assertThat(run.checkpoints().last()).isPresent();
    }
    assertThat(members.get(2).workerFile()).doesNotExist();
    long reached = metrics(members.get(0));
    ProcessHandle again = study.start(runs, 1);
    started.add(again);
    Waiting.until("it goes on from there", () -> metrics(members.get(0)) > reached);
    study.cancel();
    again.onExit().join();
    assertThat(stateOf(study)).isEqualTo(RunState.STOPPED);
  }

  @Test
  void killedAndStartedAgainItFindsTheRunsAtWork() throws IOException {
    Study study = study("1, 2, 3", 1500);
    ProcessHandle supervisor = study.start(runs, 2);
    started.add(supervisor);
    List<RunDirectory> members = study.members();
    Waiting.until("two train", () -> metrics(members.get(0)) > 0 && metrics(members.get(1)) > 0);
    supervisor.destroyForcibly();
    supervisor.onExit().join();
    assertThat(stateOf(study)).isEqualTo(RunState.LOST);
    assertThat(members.getFirst().state()).as("a member goes on alone").isEqualTo(RunState.RUNNING);
    ProcessHandle lost =
        WorkerProcess.read(members.get(1).workerFile()).orElseThrow().handle().orElseThrow();
    ProcessHandle again = study.start(runs, 2);
    started.add(again);
    lost.destroyForcibly(); // a worker that dies without a word is started once more
    again.onExit().join();
    assertThat(stateOf(study)).isEqualTo(RunState.FINISHED);
    assertThat(journal(members.get(0).journalFile()))
        .as("found at work, not begun again")
        .noneMatch(entry -> entry.event() instanceof JournalEvent.Resumed);
    assertThat(journal(members.get(1).journalFile()))
        .anyMatch(entry -> entry.event() instanceof JournalEvent.Resumed);
  }

  @Test
  void theMachineIsSharedByTheStudyAndNotByTheMoment() {
    assertThat(LocalShare.of(2, 9, 2)).isEqualTo(new LocalShare(2, 1));
    assertThat(LocalShare.of(4, 9, 16)).isEqualTo(new LocalShare(4, 4));
    assertThat(LocalShare.of(4, 2, 16))
        .as("two at most go at a time")
        .isEqualTo(new LocalShare(4, 8));
    assertThat(LocalShare.of(1, 9, 2)).as("alone it chooses").isEqualTo(new LocalShare(1, 0));
    List<StudyMember> diamond =
        List.of(
            new StudyMember("a", "a", "r", Map.of(), List.of()),
            new StudyMember("b", "b", "r", Map.of(), List.of("a")),
            new StudyMember("c", "c", "r", Map.of(), List.of("a")),
            new StudyMember("d", "d", "r", Map.of(), List.of("b", "c")));
    assertThat(LocalShare.width(diamond)).isEqualTo(2);
  }
}
