package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  /**
   * Counts comparisons as they pass, and keeps 24 bytes of each: 64 bits of a hash stand for each
   * text, so that among a million the chance of one false match is below 1e-6.
   */
  static final class Counter {
    private final Numbers[] training = {new Numbers(), new Numbers(), new Numbers()};
    private final Numbers[] heldOut = {new Numbers(), new Numbers(), new Numbers()};

    void add(Comparison comparison, boolean held) {
      Numbers[] side = held ? heldOut : training;
      side[0].add(hash(comparison.conversationKey()));
      side[1].add(hash(comparison.prompt()));
      side[2].add(hash(String.join("\0", sorted(comparison))));
    }

    private static long hash(String text) {
      return Long.parseUnsignedLong(Sha256.of(text.getBytes(StandardCharsets.UTF_8)), 0, 16, 16);
    }

    Leakage count() {
      return new Leakage(heldOut[0].size, shared(0), shared(1), shared(2));
    }

    private long shared(int what) {
      long[] known = Arrays.copyOf(training[what].values, training[what].size);
      Arrays.sort(known);
      return Arrays.stream(heldOut[what].values, 0, heldOut[what].size)
          .filter(each -> Arrays.binarySearch(known, each) >= 0)
          .count();
    }
  }

  /** A list of numbers that grows. */
  private static final class Numbers {
    private long[] values = new long[1024];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
      }
      values[size++] = value;
    }
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
