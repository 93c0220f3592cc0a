package dev.plumbline.training;

import dev.plumbline.lm.PreferenceModel;
import java.util.ArrayList;
import java.util.List;

/** A comparison as the pairs of token sequences that its objective makes of it. */
record EncodedComparison(PreferenceData.Item item, List<Pair> pairs) {
  /** Two token sequences, of which the first is to score higher. */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  record Pair(int[] better, int[] worse) {
    int length() {
      return Math.max(better.length, worse.length);
    }
  }

  /**
   * Comparisons in the form that a model reads. To be called while the tensor library is idle:
   * every core tokenizes.
   *
   * @param longest longest sequence in tokens; longer prompts are cut at the left
   */
  static List<EncodedComparison> of(
      PreferenceModel model, List<PreferenceData.Item> items, int longest) {
    ScoredSequences form =
        new ScoredSequences(model, Math.min(longest, model.trunk().config().contextTokens()));
    return items.parallelStream()
        .map(
            item -> {
              List<String> responses = new ArrayList<>();
              for (PreferenceObjective.Pair pair : item.objective().pairs(item.comparison())) {
                responses.add(pair.better());
                responses.add(pair.worse());
              }
              List<int[]> sequences = form.of(item.comparison().prompt(), responses);
              List<Pair> pairs = new ArrayList<>();
              for (int i = 0; i < sequences.size(); i += 2) {
                pairs.add(new Pair(sequences.get(i), sequences.get(i + 1)));
              }
              return new EncodedComparison(item, List.copyOf(pairs));
            })
        .toList();
  }

  /** Tokens of the longest sequence. */
  int length() {
    return pairs.stream().mapToInt(Pair::length).max().orElse(0);
  }
}
