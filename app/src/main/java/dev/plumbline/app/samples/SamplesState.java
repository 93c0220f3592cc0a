package dev.plumbline.app.samples;

import dev.plumbline.training.ResponseSample;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Responses side by side at one moment.
 *
 * @param answered false until the workspace was asked for the first time
 * @param columns the models, left to right
 * @param prompts the prompts that the filter keeps, in order
 * @param total prompts before the filter
 * @param scorers names of scores that any of the responses has beside that of the preference model
 *     trained against, as in {@link ResponseSample#scores}
 * @param problem what is wrong with the filter, or empty
 */
public record SamplesState(
    boolean answered,
    List<Column> columns,
    List<Prompt> prompts,
    int total,
    List<String> scorers,
    String problem) {
  /** Nothing to show yet. */
  public static final SamplesState EMPTY =
      new SamplesState(false, List.of(), List.of(), 0, List.of(), "");

  /** The scorer whose name is empty: the preference model trained against. */
  public static final String REWARD = "";

  /**
   * A model: a run at a step.
   *
   * @param runId the run
   * @param runName its name
   * @param step the step at whose start the policy wrote
   * @param steps all steps of the run that have responses; of a run that writes none, those that
   *     have checkpoints
   * @param live whether the column follows the run's latest step
   * @param initial whether this is the policy before any update
   * @param writes whether the run has responses at all
   */
  public record Column(
      String runId,
      String runName,
      long step,
      List<Long> steps,
      boolean live,
      boolean initial,
      boolean writes) {
    /** Copies the list. */
    public Column {
      steps = List.copyOf(steps);
    }

    /** The model as something asked for. */
    SamplesViewModel.Wanted wanted() {
      return new SamplesViewModel.Wanted(
          runId, live ? OptionalLong.empty() : OptionalLong.of(step));
    }
  }

  /**
   * A prompt and what each model wrote.
   *
   * @param text the transcript that the policy saw
   * @param responses one entry a column
   * @param change score of the last column less that of the first, NaN where one is missing
   */
  public record Prompt(String text, List<Optional<ResponseSample>> responses, double change) {
    /** Copies the list. */
    public Prompt {
      responses = List.copyOf(responses);
    }

    /** What the last model wrote. */
    Optional<ResponseSample> last() {
      return responses.isEmpty() ? Optional.empty() : responses.getLast();
    }
  }

  /** Copies the lists. */
  public SamplesState {
    columns = List.copyOf(columns);
    prompts = List.copyOf(prompts);
    scorers = List.copyOf(scorers);
  }

  /** The score that a scorer gave, nats; NaN where it gave none. */
  static double score(ResponseSample response, String scorer) {
    if (scorer.equals(REWARD)) {
      return response.pmScore();
    }
    Double found = response.scores().get(scorer);
    return found == null ? Double.NaN : found;
  }
}
