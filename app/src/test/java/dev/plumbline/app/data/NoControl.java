package dev.plumbline.app.data;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.StudyProgress;
import dev.plumbline.training.Command;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.WorkQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/** Controls nothing. */
final class NoControl implements RunControl {
  @Override
  public void startStudy(String study, Consumer<String> onStarted, Consumer<String> onProblem) {}

  @Override
  public void copy(RunRow run, Consumer<String> sink, Consumer<String> onProblem) {}

  @Override
  public void send(RunRow run, Command command, Consumer<String> onProblem) {}

  @Override
  public void resume(RunRow run, Consumer<String> onProblem) {}

  @Override
  public void startSampleStudy(Consumer<String> onProblem) {}

  @Override
  public void startReadyStudy(String name, Consumer<String> onProblem) {}

  @Override
  public void stop(StudyProgress study, Consumer<String> onProblem) {}

  @Override
  public void resume(StudyProgress study, Consumer<String> onProblem) {}

  @Override
  public String commandLine(RunRow run) {
    return "";
  }

  @Override
  public void branch(RunRow run, long step, Consumer<String> sink, Consumer<String> onProblem) {}

  @Override
  public void check(String spec, Consumer<String> problem) {}

  @Override
  public void start(String spec, Consumer<String> onStarted, Consumer<String> onProblem) {}

  @Override
  public <T> void queue(
      Function<WorkQueue, T> change, Consumer<T> sink, Consumer<String> onProblem) {
    throw new AssertionError("nobody changes the queue here");
  }

  @Override
  public void enqueue(Queued what, Consumer<Long> onQueued, Consumer<String> onProblem) {
    throw new AssertionError("nobody queues anything here");
  }
}
