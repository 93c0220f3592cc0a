package dev.plumbline.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The gold rewards of a stage's prompts by pool: the pool's own, or the stage's, or none. */
final class Golds {
  private final List<GoldReward.@Nullable Judge> judges = new ArrayList<>();

  /**
   * Finds the judges.
   *
   * @param fallback the stage's, or null
   * @param names one for each pool, null for the stage's
   * @throws dev.plumbline.data.UserError where a name is not known
   */
  Golds(@Nullable String fallback, List<@Nullable String> names) {
    for (String name : names) {
      String named = name == null ? fallback : name;
      judges.add(named == null ? null : GoldReward.named(named));
    }
  }

  /** Whether a pool has one. */
  boolean in(int pool) {
    return judges.get(pool) != null;
  }

  /** Whether every pool has one. */
  boolean everywhere() {
    return judges.stream().allMatch(Objects::nonNull);
  }

  /** Gold reward of each response, nats; NaN where its pool has none. */
  double[] rewards(Ppo.Rollout rollout) {
    double[] rewards = new double[rollout.size()];
    for (int i = 0; i < rewards.length; i++) {
      PromptPools.Prompt prompt = rollout.asked().get(i);
      GoldReward.Judge judge = judges.get(prompt.pool());
      rewards[i] = judge == null ? Double.NaN : judge.reward(prompt.text(), rollout.texts().get(i));
    }
    return rewards;
  }
}
