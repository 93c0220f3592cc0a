package dev.plumbline.experiment.worker;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunQueue;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.experiment.journal.ControlFile;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a study's runs through a queue: any run whose predecessors are finished may start. Where a
 * run fails, those that build on it are left out and the others go on. It holds nothing that is not
 * on the disk: killed and started again it finds the runs that are at work, waits for them, and
 * goes on.
 */
public final class StudySupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(StudySupervisor.class);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final long TELL_NANOS = 5_000_000_000L;
  private static final int NAMED = 5;

  private final Runs runs;
  private final int workers;
  private boolean stopped;

  /** A supervisor that starts as many members at a time as the machine carries. */
  public StudySupervisor(Runs runs) {
    this(runs, 0);
  }

  /**
   * A supervisor that starts members through {@code runs}.
   *
   * @param workers members at a time, 0 for as many as the machine carries
   */
  public StudySupervisor(Runs runs, int workers) {
    this.runs = runs;
    this.workers = workers;
  }

  /** Where a member stands. */
  private enum Stand {
    WAITING,
    WORKING,
    DONE,
    FAILED,
    /** One that it builds on failed. */
    SKIPPED,
    /** Somebody stopped it, or one that it builds on. */
    STOPPED
  }

  /** Works on a study until no member is left that could be worked on. */
  public Worker.Exit run(Path directory) {
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("worker.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = Worker.tryLock(channel)) {
      if (lock == null) {
        LOG.warn("another process works on {}; this one ends", directory);
        return Worker.Exit.BUSY;
      }
      WorkerProcess.current().write(directory.resolve("worker.json"));
      Study study = Study.read(directory);
      LocalShare share = LocalShare.of(study, runs, workers);
      LOG.info("{} runs at a time, {} threads each (0: theirs)", share.workers(), share.threads());
      try (JournalWriter journal = JournalWriter.open(study.journalFile())) {
        return new Course(study, journal, new LocalQueue(runs, share)).run();
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot write in %s: %s; check its rights and free space"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  /** One process's way through a study. */
  private final class Course {
    private final Study study;
    private final JournalWriter journal;
    private final RunQueue queue;
    private final ControlFile control;
    private final StudyClock clock = new StudyClock();
    private final Map<StudyMember, Stand> stands = new LinkedHashMap<>();
    private final Map<String, StudyMember> byRun = new HashMap<>();
    private final Map<StudyMember, String> causes = new HashMap<>();
    private final Set<StudyMember> told = new HashSet<>();
    private final Set<StudyMember> again = new HashSet<>();
    private RunState state = RunState.STARTING;
    private long toldAt;

    Course(Study study, JournalWriter journal, RunQueue queue) {
      this.study = study;
      this.journal = journal;
      this.queue = queue;
      this.control = new ControlFile(study.directory().resolve("control.jsonl"));
    }

    Worker.Exit run() throws IOException {
      for (ControlFile.Request request : control.read()) {
        stopped = isStop(request); // one before the latest launch was meant for an earlier process
      }
      try {
        for (StudyMember member : study.plannedRuns()) {
          byRun.put(member.run(), member);
          stands.put(member, found(member));
        }
        enter(RunState.RUNNING, "");
        boolean news = true;
        while (turn(news)) {
          queue.await(LOOK);
          news = settle();
        }
        return end();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        enter(RunState.STOPPED, summary());
        return Worker.Exit.DONE;
      } catch (UserError e) {
        LOG.error("study {} failed", study.id(), e);
        enter(RunState.FAILED, String.valueOf(e.getMessage()));
        return Worker.Exit.FAILED;
      }
    }

    private Stand found(StudyMember member) {
      RunDirectory run = study.run(member);
      RunState now = run.state();
      if (now == RunState.FINISHED) {
        clock.finished(member, run);
        return Stand.DONE;
      }
      return now.isActive() && queue.holds(run) ? Stand.WORKING : Stand.WAITING;
    }

    /** Starts what can start, or stops what is at work; whether there is anything to wait for. */
    private boolean turn(boolean news) throws IOException {
      for (ControlFile.Request request : control.read()) {
        stopped |= isStop(request);
      }
      boolean passed = pass(); // a failure goes on to all that build on it
      boolean changed = news || passed;
      if (stopped) {
        for (StudyMember member : all(Stand.WORKING)) {
          if (told.add(member)) {
            queue.stop(study.run(member));
          }
        }
      } else {
        for (StudyMember member : all(Stand.WAITING)) {
          if (all(Stand.WORKING).size() >= queue.slots()) {
            break;
          }
          if (stand(member).stream().allMatch(before -> before == Stand.DONE)) {
            changed = true;
            submit(member);
          }
        }
        changed |= pass();
      }
      tell(changed);
      return !all(Stand.WORKING).isEmpty();
    }

    private void submit(StudyMember member) throws IOException {
      try {
        queue.submit(study.run(member));
        stands.put(member, Stand.WORKING);
      } catch (UserError e) {
        fail(member, String.valueOf(e.getMessage()));
      }
    }

    /** Where those stand that a member waits for. */
    private List<Stand> stand(StudyMember member) {
      List<Stand> before = new ArrayList<>();
      for (String run : member.after()) {
        StudyMember one = byRun.get(run);
        before.add(one == null ? Stand.DONE : stands.getOrDefault(one, Stand.WAITING));
      }
      return before;
    }

    /** Members that wait for one that will not come do not wait any more. */
    private boolean pass() throws IOException {
      boolean changed = false;
      // Members stand behind those that they wait for, so one pass reaches all.
      for (StudyMember member : all(Stand.WAITING)) {
        List<Stand> before = stand(member);
        if (before.contains(Stand.FAILED) || before.contains(Stand.SKIPPED)) {
          stands.put(member, Stand.SKIPPED);
          journal.append(
              new JournalEvent.Notice(
                  done(), "skipped " + member.name() + ": what it builds on failed"));
          changed = true;
        } else if (before.contains(Stand.STOPPED)) {
          stands.put(member, Stand.STOPPED);
          changed = true;
        }
      }
      return changed;
    }

    /** Looks which members have ended; whether any has. */
    private boolean settle() throws IOException {
      boolean changed = false;
      for (StudyMember member : all(Stand.WORKING)) {
        RunDirectory run = study.run(member);
        if (queue.holds(run)) {
          continue;
        }
        changed = true;
        told.remove(member);
        RunState end = run.state();
        switch (end) {
          case FINISHED -> {
            stands.put(member, Stand.DONE);
            clock.finished(member, run);
            journal.append(
                new JournalEvent.Notice(
                    done(),
                    String.format(
                        Locale.ROOT, "finished %s in %.0f s", member.name(), clock.taken(member))));
          }
          case STOPPED, QUEUED -> stands.put(member, Stand.STOPPED);
          case LOST -> {
            if (!stopped && again.add(member)) {
              stands.put(member, Stand.WAITING);
              journal.append(
                  new JournalEvent.Notice(
                      done(), member.name() + ": its worker is gone without a word; once more"));
            } else if (stopped) {
              stands.put(member, Stand.STOPPED);
            } else {
              fail(member, "its worker is gone without a word, twice");
            }
          }
          default -> fail(member, run.detail());
        }
      }
      return changed;
    }

    private void fail(StudyMember member, String cause) throws IOException {
      stands.put(member, Stand.FAILED);
      causes.put(member, cause);
      journal.append(
          new JournalEvent.Notice(
              done(), member.name() + " failed" + (cause.isEmpty() ? "" : ": " + cause)));
    }

    private Worker.Exit end() throws IOException {
      if (all(Stand.DONE).size() == stands.size()) {
        enter(RunState.RUNNING, "the results are computed");
        try {
          for (StudyEnd end : ServiceLoader.load(StudyEnd.class)) {
            end.finished(study, journal);
          }
        } catch (UserError e) {
          LOG.error("no results of {}", study.id(), e);
          enter(
              RunState.FAILED,
              "all runs finished, but no results: %s; `plumbline study analyse %s` tries again"
                  .formatted(e.getMessage(), study.id()));
          return Worker.Exit.FAILED;
        }
        enter(RunState.FINISHED, "");
        return Worker.Exit.DONE;
      }
      boolean failed = !all(Stand.FAILED).isEmpty();
      enter(failed && !stopped ? RunState.FAILED : RunState.STOPPED, summary());
      return failed && !stopped ? Worker.Exit.FAILED : Worker.Exit.DONE;
    }

    // ------------------------------------------------------------------------------- telling

    private List<StudyMember> all(Stand... wanted) {
      Collection<Stand> any = Arrays.asList(wanted);
      return stands.entrySet().stream()
          .filter(entry -> any.contains(entry.getValue()))
          .map(Map.Entry::getKey)
          .toList();
    }

    private int done() {
      return all(Stand.DONE).size();
    }

    private void enter(RunState entered, String detail) throws IOException {
      state = entered;
      journal.append(new JournalEvent.State(entered, done(), detail));
      double left = entered == RunState.FINISHED ? 0 : Double.NaN;
      study.with(entered, detail, new Study.Progress(done(), left)).save();
    }

    /** Tells how far the study is: when something has changed, and every few seconds. */
    private void tell(boolean changed) throws IOException {
      if (!changed && System.nanoTime() - toldAt < TELL_NANOS) {
        return;
      }
      toldAt = System.nanoTime();
      Map<StudyMember, RunDirectory> working = new LinkedHashMap<>();
      all(Stand.WORKING).forEach(member -> working.put(member, study.run(member)));
      double left = clock.secondsLeft(working, all(Stand.WAITING), queue.slots());
      String atWork = names(all(Stand.WORKING));
      journal.append(new JournalEvent.Progress(done(), stands.size(), left, atWork));
      study
          .with(
              state,
              "%d of %d done%s"
                  .formatted(done(), stands.size(), atWork.isEmpty() ? "" : "; at work: " + atWork),
              new Study.Progress(done(), left))
          .save();
    }

    private String summary() {
      StringBuilder text = new StringBuilder();
      text.append(done()).append(" of ").append(stands.size()).append(" runs finished");
      List<StudyMember> failed = all(Stand.FAILED);
      if (!failed.isEmpty()) {
        text.append("; failed: ")
            .append(
                failed.stream()
                    .limit(NAMED)
                    .map(
                        member ->
                            member.name()
                                + " ("
                                + causes.getOrDefault(member, "its log has the cause")
                                + ")")
                    .collect(Collectors.joining(", ")))
            .append(more(failed));
      }
      List<StudyMember> skipped = all(Stand.SKIPPED);
      if (!skipped.isEmpty()) {
        text.append("; skipped: ").append(names(skipped));
      }
      return text.toString();
    }

    private static String names(List<StudyMember> members) {
      return members.stream().limit(NAMED).map(StudyMember::name).collect(Collectors.joining(", "))
          + more(members);
    }

    private static String more(List<StudyMember> members) {
      return members.size() > NAMED ? " and " + (members.size() - NAMED) + " more" : "";
    }
  }

  private static boolean isStop(ControlFile.Request request) {
    return request instanceof ControlFile.Order order && order.command() instanceof Command.Stop;
  }
}
