package dev.plumbline.training;

import dev.plumbline.lm.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A policy's scores on prompts that it is never trained on, by kind (paper figure 14). The same
 * prompts and the same random numbers at every step, so that what differs between steps is the
 * policy.
 */
final class HeldOutResponses {
  private final List<String> names = new ArrayList<>();
  private final List<List<PromptPools.Prompt>> prompts = new ArrayList<>();
  private final Golds golds;
  private final Randomness randomness;

  /**
   * Reads the prompts.
   *
   * @param encode a prompt's tokens
   * @param longest longer prompts are left out, in tokens
   */
  HeldOutResponses(
      PpoSettings settings, Function<String, int[]> encode, int longest, Randomness randomness) {
    this.randomness = randomness;
    for (PpoSettings.HeldOutPrompts each : settings.heldOut()) {
      int place = names.size();
      List<PromptPools.Prompt> all = PromptPools.read(each.files(), encode, longest, place);
      int[] order = randomness.permutation(all.size(), "held-out prompts", place);
      names.add(each.name());
      prompts.add(Arrays.stream(order).limit(each.count()).mapToObj(all::get).toList());
    }
    golds =
        new Golds(
            settings.gold(),
            settings.heldOut().stream().map(PpoSettings.HeldOutPrompts::gold).toList());
  }

  /** The prompts' texts. */
  Set<String> texts() {
    return prompts.stream()
        .flatMap(List::stream)
        .map(PromptPools.Prompt::text)
        .collect(Collectors.toSet());
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /**
   * Adds the means of each kind.
   *
   * @param sample draws responses to prompts under a key
   * @param scores the scores that are trained on
   */
  void put(
      Map<String, Double> values,
      BiFunction<List<PromptPools.Prompt>, Long, Ppo.Rollout> sample,
      Function<Ppo.Rollout, ResponseScorer.Scores> scores,
      TrainingStage.Interruption interruption) {
    for (int j = 0; j < names.size(); j++) {
      interruption.check();
      Ppo.Rollout rollout = sample.apply(prompts.get(j), randomness.key("held out", j));
      Means.of(scores.apply(rollout).total()).put(values, Metrics.HELD_OUT_SCORE.of(names.get(j)));
      if (golds.in(j)) {
        Means.of(golds.rewards(rollout)).put(values, Metrics.HELD_OUT_GOLD.of(names.get(j)));
      }
    }
  }
}
