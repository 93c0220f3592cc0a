package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The process that works through a workspace's queue: it outlives whoever started it, and ends when
 * nothing is left to do. Its files are in {@code queue/}; the queue itself is in the workspace.
 *
 * <p>No entry is overlooked: the process takes {@code worker.json} away before it looks at the
 * queue for the last time, and who adds an entry looks for {@code worker.json} afterwards.
 *
 * @param workspace the workspace's directory
 */
public record QueueProcess(Path workspace) {
  /** Copies nothing; the path becomes absolute. */
  public QueueProcess {
    workspace = workspace.toAbsolutePath().normalize();
  }

  /** Where its files are. */
  public Path directory() {
    return workspace.resolve("queue");
  }

  /** Which process it is; absent where none is at work. */
  public Path workerFile() {
    return directory().resolve("worker.json");
  }

  /** Held by the process. */
  public Path lockFile() {
    return directory().resolve("worker.lock");
  }

  /** What it logs. */
  public Path logFile() {
    return directory().resolve("log.txt");
  }

  /** Whether somebody works through the queue now. */
  public boolean isAtWork() {
    return WorkerProcess.read(workerFile()).filter(process -> !process.isGone()).isPresent();
  }

  /**
   * Starts it; nothing happens where it is at work.
   *
   * @return whether it was started
   */
  public boolean start(Runs runs) {
    try {
      Files.createDirectories(directory());
    } catch (IOException e) {
      throw new UserError(
          "cannot write %s: %s; check its rights and free space"
              .formatted(directory(), e.getMessage()),
          e);
    }
    boolean[] busy = new boolean[1];
    try {
      ProcessHandle process =
          runs.launch(
              directory(),
              List.of("--queue", workspace.toString()),
              () -> {
                busy[0] = isAtWork();
                if (busy[0]) {
                  throw new UserError("the queue is worked through already");
                }
              });
      return process.pid() > 0;
    } catch (UserError e) {
      if (busy[0]) {
        return false;
      }
      throw e;
    }
  }
}
