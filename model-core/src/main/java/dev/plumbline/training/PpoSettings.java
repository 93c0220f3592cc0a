package dev.plumbline.training;

import dev.plumbline.lm.DialogueFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RLHF by PPO (paper section 4, appendix B.1).
 *
 * @param policy directory of the language model that the policy starts from; it is the reference
 *     policy too
 * @param reward where the score of a response comes from
 * @param gold name of a known gold reward that is recorded beside the score and never trained on,
 *     or null; {@code sample-world/helpful} and {@code sample-world/harmless} are known
 * @param prompts files with prompts: JSON Lines of {@code {"prompt": transcript}} or comparisons,
 *     whose prompts are taken
 * @param format how prompts become tokens; a preference model must have been trained on the same
 *     form
 * @param iterations rollout and update rounds; one iteration is one step of the journal
 * @param batchSize responses an iteration
 * @param minibatchSize responses an optimiser step
 * @param epochs passes over a batch (the paper's K: 1, 2 or 4)
 * @param maxPromptTokens longer prompts are left out and counted
 * @param maxResponseTokens length limit of a response
 * @param temperature sampling temperature; log-probabilities are taken at the same temperature
 * @param lambdaKl weight of the KL penalty (paper equation 4.1: 0.001)
 * @param klTarget divergence in nats a response that {@code lambdaKl} is moved to hold (Ziegler et
 *     al. 2019); 0 leaves the weight where it is
 * @param klHorizon responses over which the weight is moved, where there is a target
 * @param klPlacement where the penalty enters the reward
 * @param clipRange PPO's epsilon (0.2)
 * @param valueClipRange clip range of the value loss (0.2)
 * @param valueCoefficient weight of the value loss (0.1)
 * @param gamma discount (1)
 * @param gaeLambda lambda of generalised advantage estimation (0.95)
 * @param whitenAdvantages whether advantages are whitened over a batch's response tokens
 * @param missingEosPenalty subtracted from the score of a response that hit the length limit, nats
 * @param learningRate learning rate of AdamW
 * @param warmupIterations iterations of linear warm-up
 * @param maxGradientNorm bound on the global gradient norm
 * @param sampleSheetSize responses an iteration that are written to the journal to be read
 * @param checkpointEvery iterations between checkpoints
 * @param trainer numbers, memory, adapters and the watchdog
 */
public record PpoSettings(
    String policy,
    Reward reward,
    @Nullable String gold,
    List<String> prompts,
    DialogueFormat format,
    int iterations,
    int batchSize,
    int minibatchSize,
    int epochs,
    int maxPromptTokens,
    int maxResponseTokens,
    double temperature,
    double lambdaKl,
    double klTarget,
    double klHorizon,
    KlPlacement klPlacement,
    double clipRange,
    double valueClipRange,
    double valueCoefficient,
    double gamma,
    double gaeLambda,
    boolean whitenAdvantages,
    double missingEosPenalty,
    double learningRate,
    int warmupIterations,
    double maxGradientNorm,
    int sampleSheetSize,
    int checkpointEvery,
    TrainerSettings trainer)
    implements TrainingSettings {

  /** Where the KL penalty enters. */
  public enum KlPlacement {
    /** Each token's reward carries its own log-ratio (the usual practice). */
    PER_TOKEN,
    /** The last token carries the sum over the response (paper equation 4.1 as written). */
    PER_RESPONSE
  }

  /** Where scores come from: exactly one of the two is set. */
  public record Reward(@Nullable String preferenceModel, @Nullable Lexical lexical) {}

  /**
   * A gold reward that anyone can compute by hand: nats for each listed word, and per token of
   * length.
   *
   * @param words words (lower case) that are worth {@code perWord} each, at most {@code maxWords}
   *     counted
   * @param perWord nats for each occurrence counted
   * @param maxWords bound on the occurrences counted
   * @param perToken nats for each response token
   */
  public record Lexical(List<String> words, double perWord, int maxWords, double perToken) {}
}
