package dev.plumbline.experiment.worker;

import dev.plumbline.experiment.WorkerLauncher;

/** The worker's process with {@link FakeExecutor} inside. */
public final class FakeWorkerMain {
  private FakeWorkerMain() {}

  /** A launcher of this class on the class path of the tests. */
  public static WorkerLauncher launcher() {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new WorkerLauncher(FakeWorkerMain.class.getName(), classPath);
  }

  /** Runs the worker. */
  public static void main(String[] arguments) {
    System.exit(WorkerMain.run(arguments, new FakeExecutor(), launcher()));
  }
}
