package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How different the responses of a set are (paper section 4.5: RLHF lowers the policy's entropy).
 * All of these depend on how many responses there are and how long they are: compare sets of equal
 * size only.
 *
 * @param responses responses
 * @param tokens tokens of all of them
 * @param distinct share of n-grams that are different from each other, over all responses, for n =
 *     1, 2, ...; NaN where there is no n-gram (Li et al. 2016)
 * @param uniqueShare share of responses that are different from each other
 * @param unigramEntropy entropy of the distribution of tokens, nats; the plug-in estimate, which is
 *     too low for few tokens
 * @param scoreMean mean score
 * @param scoreVariance variance of the scores with n - 1 below, nats squared; NaN for fewer than
 *     two
 */
public record Diversity(
    int responses,
    long tokens,
    List<Double> distinct,
    double uniqueShare,
    double unigramEntropy,
    double scoreMean,
    double scoreVariance) {
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** Copies the list. */
  public Diversity {
    distinct = List.copyOf(distinct);
  }

  /**
   * The diversity of responses as token ids.
   *
   * @param responses token ids of each, at least one response
   * @param scores a score of each, or none at all
   * @param longest n-grams up to this n
   */
  public static Diversity of(List<int[]> responses, double[] scores, int longest) {
    if (responses.isEmpty() || longest < 1) {
      throw new IllegalArgumentException(
          "n-grams up to %d of %d responses".formatted(longest, responses.size()));
    }
    if (scores.length != 0 && scores.length != responses.size()) {
      throw new IllegalArgumentException(
          "%d responses and %d scores".formatted(responses.size(), scores.length));
    }
    List<Double> distinct = new ArrayList<>();
    for (int n = 1; n <= longest; n++) {
      distinct.add(distinct(responses, n));
    }
    Set<List<Integer>> unique = new HashSet<>();
    Map<Integer, long[]> counts = new HashMap<>();
    long tokens = 0;
    for (int[] response : responses) {
      unique.add(Arrays.stream(response).boxed().toList());
      for (int token : response) {
        counts.computeIfAbsent(token, _ -> new long[1])[0]++;
        tokens++;
      }
    }
    double entropy = 0;
    for (long[] count : counts.values()) {
      double p = (double) count[0] / tokens;
      entropy -= p * Math.log(p);
    }
    Moments moments = Moments.of(scores);
    return new Diversity(
        responses.size(),
        tokens,
        distinct,
        (double) unique.size() / responses.size(),
        entropy,
        moments.mean(),
        moments.variance());
  }

  /** The same of texts, whose tokens are what stands between spaces. */
  public static Diversity ofWords(List<String> responses, double[] scores, int longest) {
    Map<String, Integer> numbers = new HashMap<>();
    List<int[]> tokens =
        responses.stream()
            .map(
                text ->
                    SPACE
                        .splitAsStream(text.strip())
                        .filter(word -> !word.isEmpty())
                        .mapToInt(word -> numbers.computeIfAbsent(word, _ -> numbers.size()))
                        .toArray())
            .toList();
    return of(tokens, scores, longest);
  }

  private static double distinct(List<int[]> responses, int n) {
    Set<List<Integer>> different = new HashSet<>();
    long all = 0;
    for (int[] response : responses) {
      for (int from = 0; from + n <= response.length; from++) {
        different.add(Arrays.stream(response, from, from + n).boxed().toList());
        all++;
      }
    }
    return (double) different.size() / all;
  }
}
