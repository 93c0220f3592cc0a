package dev.plumbline.app.evaluation.ood;

import dev.plumbline.experiment.PromptScoring;
import java.nio.file.Path;

/** Scores prompts as a run does; an interface, since tests have no model. */
public interface PromptScorer extends AutoCloseable {
  /** Begins a process for a run. */
  interface Source {
    /**
     * Starts it; returns before it is ready.
     *
     * @param run run directory
     */
    PromptScorer of(Path run);
  }

  /**
   * Scores a prompt at every layer; waits for the answer.
   *
   * @throws dev.plumbline.data.UserError in one line, where there is none
   */
  PromptScoring.Answer score(String prompt);

  /** Ends the process; a call that waits ends with an error. May be called from any thread. */
  @Override
  void close();

  /** Processes of this machine. */
  static Source processes() {
    return run -> {
      PromptScoring process = PromptScoring.start(run);
      return new PromptScorer() {
        @Override
        public PromptScoring.Answer score(String prompt) {
          return process.score(prompt);
        }

        @Override
        public void close() {
          process.close();
        }
      };
    };
  }
}
