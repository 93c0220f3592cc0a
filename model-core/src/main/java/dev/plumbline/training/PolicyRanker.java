package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A language model as a judge of comparisons (paper appendix B.3, figure 34): it prefers the
 * response whose tokens have the higher mean log-probability at temperature 1, the end token
 * included. Beside it stands the sum, which favours short responses.
 */
public final class PolicyRanker {
  private final List<int[]> sequences = new ArrayList<>();
  private final List<Integer> promptLengths = new ArrayList<>();
  private final int leftOut;

  /**
   * What a policy thinks of comparisons.
   *
   * @param byMean agreement of the mean log-probability
   * @param bySum agreement of the sum
   */
  public record Ranking(PreferenceAccuracy byMean, PreferenceAccuracy bySum) {
    /** Adds the metrics. */
    void put(Map<String, Double> values) {
      values.put(Metrics.RANKER_ACCURACY, byMean.accuracy());
      values.put(Metrics.RANKER_ACCURACY_LOW, byMean.low());
      values.put(Metrics.RANKER_ACCURACY_HIGH, byMean.high());
      values.put(Metrics.RANKER_SUM_ACCURACY, bySum.accuracy());
      values.put(Metrics.RANKER_N, (double) byMean.n());
    }
  }

  /**
   * Comparisons as a model's tokens; those that are longer than its context are left out.
   *
   * @param prompt how a prompt becomes tokens, as {@link SequenceFormat#prompt} or {@link
   *     ChatFormat#prompt}
   * @throws UserError where none is left
   */
  public PolicyRanker(
      LanguageModel model, List<Comparison> comparisons, Function<String, int[]> prompt) {
    int end = SequenceFormat.endToken(model);
    int longest = model.config().contextTokens();
    int skipped = 0;
    for (Comparison comparison : comparisons) {
      int[] before = prompt.apply(comparison.prompt());
      int[] chosen = sequence(model, before, comparison.chosen(), end);
      int[] rejected = sequence(model, before, comparison.rejected(), end);
      if (Math.max(chosen.length, rejected.length) > longest) {
        skipped++;
        continue;
      }
      sequences.add(chosen);
      sequences.add(rejected);
      promptLengths.add(before.length);
    }
    leftOut = skipped;
    if (promptLengths.isEmpty()) {
      throw new UserError(
          "none of the %d comparisons to be ranked fits into the model's %d tokens; name others"
              .formatted(comparisons.size(), longest));
    }
  }

  private static int[] sequence(LanguageModel model, int[] prompt, String response, int end) {
    int[] tokens = model.tokenizer().encodeAfter(response);
    int[] sequence = Arrays.copyOf(prompt, prompt.length + tokens.length + 1);
    System.arraycopy(tokens, 0, sequence, prompt.length, tokens.length);
    sequence[sequence.length - 1] = end;
    return sequence;
  }

  /** Comparisons that are ranked. */
  public int size() {
    return promptLengths.size();
  }

  /** Comparisons that were too long. */
  public int leftOut() {
    return leftOut;
  }

  /** Ranks the comparisons by a model over the same tokens. */
  public Ranking rank(LanguageModel model) {
    List<TokenScores> scores = model.score(sequences, 1);
    int n = promptLengths.size();
    double[][] sums = new double[2][n];
    double[][] means = new double[2][n];
    for (int i = 0; i < n; i++) {
      for (int side = 0; side < 2; side++) {
        double[] all = scores.get(2 * i + side).logProbabilities();
        // The first token has no probability, so the response's begin one place earlier.
        double[] response = Arrays.copyOfRange(all, promptLengths.get(i) - 1, all.length);
        sums[side][i] = Arrays.stream(response).sum();
        means[side][i] = sums[side][i] / response.length;
      }
    }
    return new Ranking(
        PreferenceAccuracy.of(means[0], means[1]), PreferenceAccuracy.of(sums[0], sums[1]));
  }
}
