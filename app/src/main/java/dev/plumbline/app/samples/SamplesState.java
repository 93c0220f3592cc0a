package dev.plumbline.app.samples;

import dev.plumbline.training.ResponseSample;
import java.util.List;
import java.util.Optional;

/**
 * Responses side by side at one moment.
 *
 * @param answered false until the workspace was asked for the first time
 * @param columns the models, left to right
 * @param prompts the prompts, top to bottom
 */
public record SamplesState(boolean answered, List<Column> columns, List<Prompt> prompts) {
  /** Nothing to show yet. */
  public static final SamplesState EMPTY = new SamplesState(false, List.of(), List.of());

  /**
   * A model: a run at a step.
   *
   * @param runId the run
   * @param runName its name
   * @param step the step at whose start the policy wrote
   * @param steps all steps of the run that have responses
   * @param live whether the column follows the run's latest step
   * @param initial whether this is the policy before any update
   */
  public record Column(
      String runId, String runName, long step, List<Long> steps, boolean live, boolean initial) {
    /** Copies the list. */
    public Column {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A prompt and what each model wrote.
   *
   * @param text the transcript that the policy saw
   * @param responses one entry a column
   * @param change PM score of the last column less that of the first, NaN where one is missing
   */
  public record Prompt(String text, List<Optional<ResponseSample>> responses, double change) {
    /** Copies the list. */
    public Prompt {
      responses = List.copyOf(responses);
    }
  }

  /** Copies the lists. */
  public SamplesState {
    columns = List.copyOf(columns);
    prompts = List.copyOf(prompts);
  }
}
