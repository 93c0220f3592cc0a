package dev.plumbline.evaluation;

import java.util.List;

/**
 * Language models on suites of multiple-choice questions (paper section 4.6.1, appendix E, figures
 * 3, 5 right, 28 and 29): the option whose text is the likeliest completion is the model's answer.
 *
 * @param players the models
 * @param reference name of the one that the others are compared with; empty for the first
 * @param tasks the suite
 * @param format how a question becomes a prompt
 * @param layout whether the prompt lists the options, and what the completions are
 * @param shots questions with their answers that stand before the one that is asked
 * @param seeds how often those, and the order of the options, are drawn
 * @param shuffle whether the options are listed in an order drawn by the seed; the file's order
 *     otherwise
 * @param unconditional whether completions are also measured against their log-probability without
 *     the question
 * @param maxItems questions of each task that are asked, drawn by the seed
 */
public record MultipleChoiceSettings(
    List<Player> players,
    String reference,
    List<Task> tasks,
    Format format,
    Layout layout,
    int shots,
    int seeds,
    boolean shuffle,
    boolean unconditional,
    int maxItems)
    implements MeasurementSettings {

  /** How a question becomes a prompt. */
  public enum Format {
    /** {@code Question: ... Answer:}, for models that were not trained on dialogues. */
    TEXT,
    /** A person's turn of a transcript, and the assistant's opened. */
    HH,
    /** The same in the model's own chat template. */
    CHAT_TEMPLATE
  }

  /** What is shown, and what is completed. */
  public enum Layout {
    /** The question alone; the completions are the options' texts. */
    PLAIN,
    /** The question and the options as (A), (B) and so on; the completions are their texts. */
    LISTED,
    /** The same; the completions are (A), (B) and so on. */
    LETTERS
  }

  /**
   * A task of the suite.
   *
   * @param name what tables call it
   * @param files questions, see {@link dev.plumbline.data.ChoiceReader}
   * @param shotsFrom files that the questions shown before come from; where empty, the other
   *     questions of the task
   */
  public record Task(String name, List<String> files, List<String> shotsFrom) {}
}
