package dev.plumbline.evaluation;

import dev.plumbline.data.ConversationSplit;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.lm.Randomness;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One random split of the prompts of both kinds into three parts, by conversation: prompts that
 * open with the same turn are in the same part, of whichever kind they are, so that nothing that is
 * tested has a sister among what was fitted or what a threshold was set on.
 */
final class OodSplit {
  /** What prompts are for. */
  enum Part {
    /** To fit the distribution, and to show to the classifier of the outlier exposure. */
    FIT,
    /** To set thresholds. */
    CALIBRATION,
    /** To measure, and for nothing else. */
    TEST
  }

  private final Map<Part, List<Integer>> inside;
  private final Map<Part, List<Integer>> outside;

  private OodSplit(Map<Part, List<Integer>> inside, Map<Part, List<Integer>> outside) {
    this.inside = inside;
    this.outside = outside;
  }

  /**
   * Splits prompts. Conversations that are among both kinds go where the split of the
   * in-distribution ones puts them.
   *
   * @param inside in-distribution prompts
   * @param outside out-of-distribution prompts
   * @param test share of each kind that is tested, about: conversations stay whole
   * @param calibration share of each kind that thresholds are set on, likewise
   * @param split number of the split, from 0
   */
  static OodSplit of(
      List<String> inside,
      List<String> outside,
      double test,
      double calibration,
      Randomness randomness,
      int split) {
    Map<String, Part> known = new HashMap<>();
    Dealer dealer =
        new Dealer(
            test,
            // Less the rounding, so that 0.2 of 200 are 40 and not 41.
            calibration / (1 - test) - 1e-9,
            randomness.key("test", split),
            randomness.key("calibration", split));
    Map<Part, List<Integer>> in = dealer.deal(keys(inside), known);
    return new OodSplit(in, dealer.deal(keys(outside), known));
  }

  private static List<String> keys(List<String> prompts) {
    return prompts.stream().map(Dialogue::conversationKey).toList();
  }

  /** Deals the prompts of a kind; the calibration share is of what is not tested. */
  private record Dealer(double test, double calibration, long testSeed, long calibrationSeed) {
    /** Deals by {@code known}, the rest by chance, and enters that into {@code known}. */
    Map<Part, List<Integer>> deal(List<String> keys, Map<String, Part> known) {
      List<Integer> rest =
          IntStream.range(0, keys.size())
              .filter(i -> !known.containsKey(keys.get(i)))
              .boxed()
              .toList();
      ConversationSplit.Split<Integer> first =
          ConversationSplit.split(rest, keys::get, test, testSeed);
      ConversationSplit.Split<Integer> second =
          ConversationSplit.split(first.train(), keys::get, calibration, calibrationSeed);
      second.train().forEach(i -> known.put(keys.get(i), Part.FIT));
      second.heldOut().forEach(i -> known.put(keys.get(i), Part.CALIBRATION));
      first.heldOut().forEach(i -> known.put(keys.get(i), Part.TEST));
      Map<Part, List<Integer>> parts = new EnumMap<>(Part.class);
      for (Part part : Part.values()) {
        parts.put(
            part,
            IntStream.range(0, keys.size())
                .filter(i -> known.get(keys.get(i)) == part)
                .boxed()
                .toList());
      }
      return parts;
    }
  }

  /** Numbers of the in-distribution prompts of a part, ascending. */
  int[] inside(Part part) {
    return numbers(inside, part);
  }

  /** Numbers of the out-of-distribution prompts of a part, ascending. */
  int[] outside(Part part) {
    return numbers(outside, part);
  }

  private static int[] numbers(Map<Part, List<Integer>> parts, Part part) {
    return parts.getOrDefault(part, List.of()).stream().mapToInt(Integer::intValue).toArray();
  }

  /** How many conversations some prompts are of. */
  static long conversations(Collection<String> prompts) {
    return prompts.stream().map(Dialogue::conversationKey).distinct().count();
  }
}
