package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What held-out comparisons have in common with training (paper section 2.3: conversations, not
 * comparisons, are split).
 *
 * @param heldOut held-out comparisons
 * @param openings those whose conversation opens with the same turn as one of training
 * @param prompts those whose whole prompt is a prompt of training
 * @param comparisons those whose prompt and two responses, in either order, are in training
 */
public record Leakage(long heldOut, long openings, long prompts, long comparisons) {

  /** Counts; nothing of the order of either list matters. */
  public static Leakage between(Collection<Comparison> training, Collection<Comparison> heldOut) {
    Set<String> openings = new HashSet<>();
    Set<String> prompts = new HashSet<>();
    Set<List<String>> whole = new HashSet<>();
    for (Comparison comparison : training) {
      openings.add(comparison.conversationKey());
      prompts.add(comparison.prompt());
      whole.add(sorted(comparison));
    }
    return new Leakage(
        heldOut.size(),
        heldOut.stream().filter(c -> openings.contains(c.conversationKey())).count(),
        heldOut.stream().filter(c -> prompts.contains(c.prompt())).count(),
        heldOut.stream().filter(c -> whole.contains(sorted(c))).count());
  }

  /** Prompt and responses, whichever was preferred. */
  private static List<String> sorted(Comparison comparison) {
    String a = comparison.chosen();
    String b = comparison.rejected();
    return a.compareTo(b) <= 0
        ? List.of(comparison.prompt(), a, b)
        : List.of(comparison.prompt(), b, a);
  }

  /** Whether nothing is shared. */
  public boolean isNone() {
    return openings == 0;
  }

  /** One line for people. */
  public String describe() {
    return ("%,d of %,d held-out comparisons open like a conversation of training; %,d have a whole"
            + " prompt of training, %,d are in training themselves")
        .formatted(openings, heldOut, prompts, comparisons);
  }
}
