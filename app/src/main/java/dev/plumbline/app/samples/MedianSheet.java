package dev.plumbline.app.samples;

import dev.plumbline.analysis.ResultTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sheet of median samples (paper section 6 and appendix C): several answers of each model to each
 * prompt, ranked, of which the median one that is not empty stands for its model.
 *
 * @param prompts in the sheet's order
 */
public record MedianSheet(List<Prompt> prompts) {
  /** Nothing was measured. */
  public static final MedianSheet NONE = new MedianSheet(List.of());

  /**
   * A prompt.
   *
   * @param tag its set
   * @param text the dialogue so far
   * @param models who answered
   */
  public record Prompt(String tag, String text, List<Model> models) {
    /** Copies the list. */
    public Prompt {
      models = List.copyOf(models);
    }
  }

  /**
   * A model's answers to a prompt.
   *
   * @param name who answered
   * @param answers by rank, the best first
   */
  public record Model(String name, List<Answer> answers) {
    /** Copies the list. */
    public Model {
      answers = List.copyOf(answers);
    }

    /** The answer that stands for the model; empty where all are blank. */
    Optional<Answer> median() {
      return answers.stream().filter(Answer::shown).findFirst();
    }
  }

  /**
   * An answer.
   *
   * @param rank 1 for the highest score
   * @param score that ranks, nats
   * @param tokens its length
   * @param text the answer
   * @param shown whether it is the median one
   */
  public record Answer(int rank, double score, int tokens, String text, boolean shown) {}

  /** Copies the list. */
  public MedianSheet {
    prompts = List.copyOf(prompts);
  }

  /** The sheet of a table {@code sheet} of the stage {@code sample_sheet}. */
  static MedianSheet of(ResultTable table) {
    List<String> names = table.texts("model");
    List<String> tags = table.texts("tag");
    List<String> texts = table.texts("prompt");
    List<String> responses = table.texts("response");
    double[] numbers = table.numbers("prompt_index");
    double[] ranks = table.numbers("rank");
    double[] scores = table.numbers("score");
    double[] tokens = table.numbers("tokens");
    double[] shown = table.numbers("shown");
    Map<Integer, Integer> first = new LinkedHashMap<>();
    Map<Integer, Map<String, List<Answer>>> found = new LinkedHashMap<>();
    for (int i = 0; i < table.size(); i++) {
      int number = (int) numbers[i];
      first.putIfAbsent(number, i);
      found
          .computeIfAbsent(number, key -> new LinkedHashMap<>())
          .computeIfAbsent(names.get(i), key -> new ArrayList<>())
          .add(
              new Answer(
                  (int) ranks[i], scores[i], (int) tokens[i], responses.get(i), shown[i] == 1));
    }
    List<Prompt> prompts = new ArrayList<>();
    found.forEach(
        (number, models) -> {
          int row = first.getOrDefault(number, 0);
          List<Model> all = new ArrayList<>();
          models.forEach(
              (name, answers) -> {
                answers.sort(Comparator.comparingInt(Answer::rank));
                all.add(new Model(name, answers));
              });
          prompts.add(new Prompt(tags.get(row), texts.get(row), all));
        });
    return new MedianSheet(prompts);
  }
}
