package dev.plumbline.experiment.worker;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.QueueBook;
import dev.plumbline.experiment.QueueProcess;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.WorkerLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * The worker process: {@code WorkerMain RUN_DIRECTORY} or {@code WorkerMain --study DIRECTORY
 * [WORKERS]}, where 0 workers are as many as the machine carries, or {@code WorkerMain --queue
 * WORKSPACE}.
 */
public final class WorkerMain {
  /** System property with the number of threads of one tensor operation; 0 or none chooses. */
  public static final String THREADS = WorkerLauncher.THREADS;

  private WorkerMain() {}

  /** Works on one run, study or queue and ends with the exit code of {@link Worker.Exit}. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, new TorchExecutor(), WorkerLauncher.standard()));
  }

  /**
   * Works on one run, study or queue and returns the exit code of {@link Worker.Exit}.
   *
   * @param executor does the stages
   * @param launcher starts the members of a study
   */
  public static int run(String[] arguments, StageExecutor executor, WorkerLauncher launcher) {
    try {
      if (arguments.length == 1) {
        RunDirectory run = new RunDirectory(Path.of(arguments[0]));
        WorkerLog.open(run.logFile());
        return new Worker(executor).run(run).code();
      }
      if ((arguments.length == 2 || arguments.length == 3) && arguments[0].equals("--study")) {
        int workers = arguments.length == 3 ? Integer.parseInt(arguments[2]) : 0;
        Path study = Path.of(arguments[1]).toAbsolutePath().normalize();
        WorkerLog.open(study.resolve("log.txt"));
        Path workspace = study.resolve("../..").normalize();
        return new StudySupervisor(new Runs(workspace, launcher), workers).run(study).code();
      }
      if (arguments.length == 2 && arguments[0].equals("--queue")) {
        Path workspace = Path.of(arguments[1]).toAbsolutePath().normalize();
        WorkerLog.open(new QueueProcess(workspace).logFile());
        QueueBook.Opener opener =
            ServiceLoader.load(QueueBook.Opener.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no record of queues is there"));
        try (QueueBook book = opener.open(workspace)) {
          return new QueueSupervisor(workspace, book, launcher).run().code();
        }
      }
      System.err.println(
          "usage: worker RUN_DIRECTORY | worker --study DIRECTORY [WORKERS] | worker --queue"
              + " WORKSPACE");
      return 2;
    } catch (UserError e) {
      System.err.println(e.getMessage());
      return Worker.Exit.FAILED.code();
    } catch (IOException e) {
      System.err.println("cannot write the log: " + e.getMessage() + "; check rights and space");
      return Worker.Exit.FAILED.code();
    }
  }
}
