package dev.plumbline.evaluation;

import dev.plumbline.analysis.GroupBootstrap;
import java.util.List;
import java.util.Locale;

/** What measurements of several models have in common. */
final class Players {
  private Players() {}

  /** The number of the model that the others are compared with: the first where none is named. */
  static int reference(List<Player> players, String name) {
    int found = players.stream().map(Player::name).toList().indexOf(name);
    return Math.max(0, found);
  }

  /** Which interval a bootstrap gave, as tables say it. */
  static String rule(GroupBootstrap.Estimate estimate) {
    return estimate.rule().name().toLowerCase(Locale.ROOT);
  }
}
