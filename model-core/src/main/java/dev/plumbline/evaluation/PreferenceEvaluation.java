package dev.plumbline.evaluation;

import dev.plumbline.data.ComparisonFile;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.HeldOutMean;
import dev.plumbline.training.PreferenceAccuracy;
import dev.plumbline.training.ScoreFixture;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Accuracy of a preference model on comparisons, with what it has to be compared with.
 *
 * @param n comparisons
 * @param ties comparisons with equal scores; each counts one half
 * @param accuracy share with r_chosen > r_rejected
 * @param low lower end of the 95 % Wilson interval of the accuracy
 * @param high upper end of the 95 % Wilson interval of the accuracy
 * @param loss mean of ln(1 + exp(r_rejected - r_chosen)), nats
 * @param lengthBaseline accuracy of the length rule: picking the response with fewer words, a tie
 *     counting one half
 * @param longerBaseline accuracy of picking the response with more words: {@code 1 -
 *     lengthBaseline}; the larger of the two is what the model has to beat
 * @param leftOut comparisons of the file with unequal prompts, which are not used
 * @param meanScore mean score of the chosen and rejected responses, nats
 * @param heldOutMean mean score on the held-out set of the model's training, where the model
 *     remembers it, or null: {@code meanScore} less it can be compared with another model's of the
 *     same set (paper appendix B.2)
 */
public record PreferenceEvaluation(
    long n,
    long ties,
    double accuracy,
    double low,
    double high,
    double loss,
    double lengthBaseline,
    double longerBaseline,
    long leftOut,
    double meanScore,
    @Nullable HeldOutMean heldOutMean) {

  /**
   * Evaluates the model in a directory on a file of comparisons.
   *
   * @param model a Hugging Face directory
   * @throws UserError where either cannot be used
   */
  public static PreferenceEvaluation of(TorchRuntime runtime, Path model, Path data) {
    ComparisonFile file = ComparisonReader.read(data);
    file.report().requireClean();
    if (file.comparisons().isEmpty()) {
      throw new UserError(data + ": holds no comparison that can be used");
    }
    try (PreferenceModel loaded = ScoreFixture.load(runtime, model)) {
      return of(
          loaded,
          file.comparisons(),
          file.report().unequalPrompts(),
          ScoreFixture.mean(model).orElse(null));
    }
  }

  /** Evaluates a model on comparisons, at least one. */
  public static PreferenceEvaluation of(
      PreferenceModel model, List<Comparison> comparisons, long leftOut) {
    return of(model, comparisons, leftOut, null);
  }

  private static PreferenceEvaluation of(
      PreferenceModel model,
      List<Comparison> comparisons,
      long leftOut,
      @Nullable HeldOutMean heldOutMean) {
    List<String> prompts = comparisons.stream().map(Comparison::prompt).toList();
    double[] chosen =
        ScoreFixture.score(model, prompts, comparisons.stream().map(Comparison::chosen).toList());
    double[] rejected =
        ScoreFixture.score(model, prompts, comparisons.stream().map(Comparison::rejected).toList());
    PreferenceAccuracy accuracy = PreferenceAccuracy.of(chosen, rejected);
    LengthRule lengths = LengthRule.of(comparisons);
    return new PreferenceEvaluation(
        accuracy.n(),
        accuracy.ties(),
        accuracy.accuracy(),
        accuracy.low(),
        accuracy.high(),
        accuracy.loss(),
        lengths.shorter(),
        lengths.longer(),
        leftOut,
        DoubleStream.concat(Arrays.stream(chosen), Arrays.stream(rejected)).average().orElseThrow(),
        heldOutMean);
  }
}
