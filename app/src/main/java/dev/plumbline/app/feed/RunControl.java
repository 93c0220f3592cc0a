package dev.plumbline.app.feed;

import dev.plumbline.training.Command;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.WorkQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a person may do to runs. Work is done off the JavaFX thread; what goes wrong comes back as
 * one line on the JavaFX thread.
 */
public interface RunControl {
  /** Writes a command for a run's worker. */
  void send(RunRow run, Command command, Consumer<String> onProblem);

  /** Takes a run up again from its last checkpoint. */
  void resume(RunRow run, Consumer<String> onProblem);

  /** Installs the sample world if it is not there, and starts the sample study. */
  void startSampleStudy(Consumer<String> onProblem);

  /**
   * Starts a ready study, or goes on with one of the same runs that was interrupted; what the
   * workspace has finished already is not run again.
   *
   * @param name one of {@link dev.plumbline.sampledata.ReadyStudies#list}
   */
  void startReadyStudy(String name, Consumer<String> onProblem);

  /**
   * Asks a study's process to stop the run that it is at, with a checkpoint, and to start no other.
   */
  void stop(StudyProgress study, Consumer<String> onProblem);

  /** Takes a study up again: finished runs are passed over, a stopped one goes on. */
  void resume(StudyProgress study, Consumer<String> onProblem);

  /** The command line that does the same as this run's spec. */
  String commandLine(RunRow run);

  /**
   * The text of a spec that begins with the model of a run's checkpoint.
   *
   * @param onProblem takes why there is none, in one line
   */
  void branch(RunRow run, long step, Consumer<String> sink, Consumer<String> onProblem);

  /** Reads a text as a spec and tells what is wrong with it in one line, empty where nothing is. */
  void check(String spec, Consumer<String> problem);

  /**
   * Makes a run of a spec's text and starts its worker.
   *
   * @param onStarted takes the run's id
   */
  void start(String spec, Consumer<String> onStarted, Consumer<String> onProblem);

  /**
   * Makes a study of a text and starts it, or puts it behind those that go on.
   *
   * @param onStarted takes the study's id
   */
  void startStudy(String study, Consumer<String> onStarted, Consumer<String> onProblem);

  /**
   * The text of a spec that does what a run does, to be changed.
   *
   * @param onProblem takes why there is none, in one line
   */
  void copy(RunRow run, Consumer<String> sink, Consumer<String> onProblem);

  /**
   * Changes the workspace's queue, and sees to it that somebody works through it.
   *
   * @param sink takes what the change gave
   */
  <T> void queue(Function<WorkQueue, T> change, Consumer<T> sink, Consumer<String> onProblem);

  /**
   * Puts something into the queue, behind all that waits.
   *
   * @param onQueued takes the entry's number
   */
  void enqueue(Queued what, Consumer<Long> onQueued, Consumer<String> onProblem);

  /** What can be put into the queue. */
  sealed interface Queued {
    /** A run that is there and not finished, by its id. */
    record Run(String id) implements Queued {}

    /** A study that is there and not finished, by its id. */
    record OldStudy(String id) implements Queued {}

    /** A ready study by its name. */
    record ReadyStudy(String name) implements Queued {}

    /** A new run, by its spec's text. */
    record Spec(String text) implements Queued {}

    /** A new study, by its text. */
    record StudyText(String text) implements Queued {}
  }
}
