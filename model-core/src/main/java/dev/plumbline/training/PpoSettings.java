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
 *     whose prompts are taken; empty where there are {@code promptPools}
 * @param promptPools prompts of several kinds, each with its share of every batch; empty where
 *     there are {@code prompts}
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
 * @param value what estimates how much a response will be worth
 * @param whitenRewards whether the rewards of a batch's response tokens are divided by their
 *     standard deviation (divisor n - 1), their mean left where it is (Ziegler et al. 2019)
 * @param whitenAdvantages whether advantages are whitened over a batch's response tokens
 * @param missingEosPenalty subtracted from the score of a response that hit the length limit, nats
 * @param missingEosScore what a response that hit the length limit gets in place of its score,
 *     nats; null where it keeps it
 * @param learningRate learning rate of AdamW
 * @param warmupIterations iterations of linear warm-up
 * @param maxGradientNorm bound on the global gradient norm
 * @param testRewards preference models that score the same responses and are never trained on
 *     (paper section 4.2)
 * @param testEvery iterations between their scores
 * @param heldOut prompts that are never trained on, whose responses are scored (paper figure 14)
 * @param heldOutEvery iterations between their scores
 * @param ranker comparisons that the policy ranks by its own probabilities (paper figure 34), or
 *     null
 * @param sampleSheetSize responses an iteration that are written to the journal to be read
 * @param checkpointEvery iterations between checkpoints
 * @param trainer numbers, memory, adapters and the watchdog
 */
public record PpoSettings(
    String policy,
    Reward reward,
    @Nullable String gold,
    List<String> prompts,
    List<PromptPool> promptPools,
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
    Value value,
    boolean whitenRewards,
    boolean whitenAdvantages,
    double missingEosPenalty,
    @Nullable Double missingEosScore,
    double learningRate,
    int warmupIterations,
    double maxGradientNorm,
    List<TestReward> testRewards,
    int testEvery,
    List<HeldOutPrompts> heldOut,
    int heldOutEvery,
    @Nullable Ranker ranker,
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

  /** What estimates the return of a response before each of its tokens. */
  public enum Value {
    /** A linear head on the policy's last hidden state, which it does not move. */
    HEAD,
    /** A model of its own that starts from the preference model, trunk and head. */
    PREFERENCE_MODEL
  }

  /**
   * Where scores come from: exactly one of the first three is set.
   *
   * @param preferenceModel directory of a preference model
   * @param sum preference models whose weighted scores are added
   * @param lexical a count of words
   * @param transform what is made of the score
   */
  public record Reward(
      @Nullable String preferenceModel,
      List<Part> sum,
      @Nullable Lexical lexical,
      RewardTransform transform) {

    /** One source, whose score is the reward. */
    public Reward(@Nullable String preferenceModel, @Nullable Lexical lexical) {
      this(preferenceModel, List.of(), lexical, RewardTransform.IDENTITY);
    }

    /** How many of the three sources are given; one has to be. */
    public int sources() {
      return (preferenceModel == null ? 0 : 1)
          + (sum.isEmpty() ? 0 : 1)
          + (lexical == null ? 0 : 1);
    }

    /** The directories of the preference models, in order. */
    public List<String> preferenceModels() {
      return preferenceModel == null
          ? sum.stream().map(Part::preferenceModel).toList()
          : List.of(preferenceModel);
    }
  }

  /**
   * A preference model in a sum.
   *
   * @param name what its own score is called in metrics
   * @param preferenceModel its directory
   * @param weight what its score is multiplied by
   */
  public record Part(String name, String preferenceModel, double weight) {}

  /**
   * A preference model that scores and is never trained on.
   *
   * @param name what it is called in metrics
   * @param preferenceModel its directory
   */
  public record TestReward(String name, String preferenceModel) {}

  /**
   * Prompts of one kind.
   *
   * @param name what they are called in metrics
   * @param files as {@link PpoSettings#prompts()}
   * @param share of every batch, beside the other pools' shares
   * @param gold name of the gold reward of these prompts, or null for the stage's
   */
  public record PromptPool(String name, List<String> files, double share, @Nullable String gold) {}

  /**
   * Prompts that are never trained on.
   *
   * @param name what they are called in metrics
   * @param files as {@link PpoSettings#prompts()}
   * @param count at most so many of them, drawn by the seed
   * @param gold name of the gold reward of these prompts, or null for the stage's
   */
  public record HeldOutPrompts(String name, List<String> files, int count, @Nullable String gold) {}

  /**
   * Comparisons that the policy ranks.
   *
   * @param data comparison files
   * @param every iterations between rankings
   * @param maxComparisons at most so many of them, drawn by the seed
   */
  public record Ranker(List<String> data, int every, int maxComparisons) {}

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
