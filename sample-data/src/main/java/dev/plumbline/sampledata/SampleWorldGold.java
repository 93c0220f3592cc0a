package dev.plumbline.sampledata;

import dev.plumbline.training.GoldReward;
import java.util.Optional;

/** Offers the gold rewards to training as {@code sample-world/helpful} and {@code .../harmless}. */
public final class SampleWorldGold implements GoldReward {
  /** For the service loader. */
  public SampleWorldGold() {}

  @Override
  public Optional<Judge> judge(String name) {
    return switch (name) {
      case "sample-world/helpful" -> Optional.of(Gold::helpful);
      case "sample-world/harmless" -> Optional.of(Gold::harmless);
      default -> Optional.empty();
    };
  }
}
