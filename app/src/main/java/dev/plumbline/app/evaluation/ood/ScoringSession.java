package dev.plumbline.app.evaluation.ood;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.PromptScoring;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One run's scoring process, started when it is first needed and ended from any thread. */
final class ScoringSession {
  private final PromptScorer.Source source;
  private final Path run;
  private @Nullable PromptScorer scorer;
  private boolean ended;

  /**
   * @param run run directory
   */
  ScoringSession(PromptScorer.Source source, Path run) {
    this.source = source;
    this.run = run;
  }

  /** Whether it is of a run's directory. */
  boolean isOf(Path directory) {
    return run.equals(directory);
  }

  /** Starts the process where there is none; waits for nothing. Not on the JavaFX thread. */
  void start() {
    var _ = started();
  }

  /** Scores a prompt; waits for the answer. Not on the JavaFX thread. */
  PromptScoring.Answer score(String prompt) {
    return started().score(prompt);
  }

  private synchronized PromptScorer started() {
    if (ended) {
      throw new UserError("cancelled");
    }
    PromptScorer made = scorer;
    if (made == null) {
      made = source.of(run);
      scorer = made;
    }
    return made;
  }

  /** Ends the process; who waits for an answer gets an error. */
  synchronized void end() {
    ended = true;
    if (scorer != null) {
      scorer.close();
    }
  }
}
