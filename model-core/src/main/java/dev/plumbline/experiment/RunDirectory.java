package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.Gathered;
import dev.plumbline.experiment.journal.ControlFile;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.training.Checkpoints;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The directory of one run, the only home of its record: {@code spec.json}, {@code journal.jsonl},
 * {@code control.jsonl}, {@code checkpoints/<step>/}, {@code log.txt}, {@code worker.json}, {@code
 * worker.lock}, {@code threads.txt} and {@code device.txt}.
 */
public record RunDirectory(Path path) {
  public RunDirectory {
    path = path.toAbsolutePath().normalize();
  }

  /** The run's id: the directory's name. */
  public String id() {
    return String.valueOf(path.getFileName());
  }

  /** The complete spec. */
  public Path specFile() {
    return path.resolve("spec.json");
  }

  /** The events. */
  public Path journalFile() {
    return path.resolve("journal.jsonl");
  }

  /** The commands. */
  public Path controlFile() {
    return path.resolve("control.jsonl");
  }

  /** What the worker logs and prints. */
  public Path logFile() {
    return path.resolve("log.txt");
  }

  /** Which process works, or worked last. */
  public Path workerFile() {
    return path.resolve("worker.json");
  }

  /** Held by the working process. */
  public Path lockFile() {
    return path.resolve("worker.lock");
  }

  /** What the run computed on last; a resumed run goes on there. */
  public Path deviceFile() {
    return path.resolve("device.txt");
  }

  /** What a run that gathers data has gathered; it appears whole, at the run's end. */
  public Path dataFile() {
    return path.resolve(Gathered.FILE);
  }

  /** Reads the spec. */
  public RunSpec spec() {
    return SpecJson.read(specFile());
  }

  /** Whether this looks like a run directory. */
  public boolean exists() {
    return Files.isRegularFile(specFile());
  }

  /** The checkpoints. */
  public Checkpoints checkpoints() {
    return new Checkpoints(path);
  }

  /** The directory of a complete checkpoint, if it is there. */
  public Optional<Path> checkpoint(long step) {
    Path directory = path.resolve("checkpoints").resolve(Long.toString(step));
    return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
  }

  /**
   * What the state is, given what the journal says: a run whose worker is gone without a word is
   * LOST, and one whose worker was launched but has not written yet is STARTING.
   *
   * @param journalled the journal's last state, QUEUED where it has none
   * @param since when that state was written
   */
  public RunState observed(RunState journalled, Instant since) {
    Optional<WorkerProcess> worker = WorkerProcess.read(workerFile());
    if (worker.isEmpty()) {
      return journalled.isActive() ? RunState.LOST : journalled;
    }
    boolean mute = worker.get().launched().isAfter(since);
    if (!journalled.isActive() && !mute) {
      return journalled;
    }
    if (worker.get().isGone()) {
      return RunState.LOST;
    }
    return journalled.isActive() ? journalled : RunState.STARTING;
  }

  /** The state now, by the journal and the worker process. */
  public RunState state() {
    RunState journalled = RunState.QUEUED;
    Instant since = Instant.EPOCH;
    try {
      for (JournalEntry entry : JournalReader.readAll(journalFile())) {
        if (entry.event() instanceof JournalEvent.State state) {
          journalled = state.state();
          since = entry.time();
        }
      }
    } catch (IOException e) {
      throw new UserError("cannot read the journal: " + e.getMessage(), e);
    }
    return observed(journalled, since);
  }

  /**
   * What the journal's last state says of itself, such as a failure's cause; empty where it says
   * nothing.
   */
  public String detail() {
    String detail = "";
    try {
      for (JournalEntry entry : JournalReader.readAll(journalFile())) {
        if (entry.event() instanceof JournalEvent.State state) {
          detail = state.detail();
        }
      }
    } catch (IOException e) {
      throw new UserError("cannot read the journal: " + e.getMessage(), e);
    }
    return detail;
  }

  /** The control file. */
  public ControlFile control() {
    return new ControlFile(controlFile());
  }
}
