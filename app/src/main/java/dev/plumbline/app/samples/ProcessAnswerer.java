package dev.plumbline.app.samples;

import dev.plumbline.experiment.WorkerLauncher;
import dev.plumbline.experiment.answer.AnswerEvent;
import dev.plumbline.experiment.answer.AnswerProcess;
import dev.plumbline.experiment.answer.AnswerRequest;
import java.util.function.Consumer;

/** Answers from a process that is started like a worker. */
public final class ProcessAnswerer implements AnswersViewModel.Answerer {
  private final AnswerProcess process;

  /**
   * @param sink hears events on a thread of the process's own
   */
  public ProcessAnswerer(Consumer<AnswerEvent> sink) {
    process = new AnswerProcess(WorkerLauncher.standard(), sink);
  }

  @Override
  public void ask(AnswerRequest request) {
    process.ask(request);
  }

  @Override
  public void cancel(long id) {
    process.cancel(id);
  }

  @Override
  public void close() {
    process.close();
  }
}
