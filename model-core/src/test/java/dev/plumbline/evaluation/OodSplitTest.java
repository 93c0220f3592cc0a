package dev.plumbline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.evaluation.OodSplit.Part;
import dev.plumbline.lm.Randomness;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Parts hold whole conversations, of both kinds together. */
class OodSplitTest {
  /** Prompts of some conversations, the later turns all different. */
  private static List<String> prompts(String kind, int prompts, int conversations) {
    return IntStream.range(0, prompts)
        .mapToObj(
            i ->
                "\n\nHuman: %s %d\n\nAssistant: yes\n\nHuman: and %d\n\nAssistant:"
                    .formatted(i % 7 == 0 ? "hello" : kind, i % conversations, i))
        .toList();
  }

  private static Set<String> keys(List<String> prompts, int[] which) {
    Set<String> keys = new HashSet<>();
    for (int i : which) {
      keys.add(Dialogue.conversationKey(prompts.get(i)));
    }
    return keys;
  }

  @Property(tries = 30)
  void noConversationIsInTwoParts(
      @ForAll @IntRange(min = 5, max = 60) int conversations, @ForAll long seed) {
    // One prompt in seven opens with a greeting that the other kind knows too.
    List<String> inside = prompts("help", 300, conversations);
    List<String> outside = prompts("harm", 200, conversations);

    OodSplit split = OodSplit.of(inside, outside, 0.3, 0.2, new Randomness(seed), 0);

    Map<Part, Set<String>> found = new EnumMap<>(Part.class);
    List<Integer> insideAll = new ArrayList<>();
    List<Integer> outsideAll = new ArrayList<>();
    for (Part part : Part.values()) {
      Set<String> keys = keys(inside, split.inside(part));
      keys.addAll(keys(outside, split.outside(part)));
      found.put(part, keys);
      IntStream.of(split.inside(part)).forEach(insideAll::add);
      IntStream.of(split.outside(part)).forEach(outsideAll::add);
    }
    long all = found.values().stream().mapToLong(Set::size).sum();
    assertThat(all)
        .isEqualTo(
            Stream.concat(inside.stream(), outside.stream())
                .map(Dialogue::conversationKey)
                .distinct()
                .count());
    assertThat(insideAll)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 300).boxed().toList());
    assertThat(outsideAll)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 200).boxed().toList());
  }

  /** With conversations of one prompt the shares are met to the prompt. */
  @Test
  void thePartsHaveTheirShares() {
    List<String> inside = distinct("help", 200);
    OodSplit split = OodSplit.of(inside, distinct("harm", 100), 0.3, 0.2, new Randomness(1), 4);
    assertThat(split.inside(Part.TEST)).hasSize(60);
    assertThat(split.inside(Part.CALIBRATION)).hasSize(40);
    assertThat(split.inside(Part.FIT)).hasSize(100);
    assertThat(split.outside(Part.TEST)).hasSize(30);
    assertThat(split.outside(Part.CALIBRATION)).hasSize(20);
    OodSplit other = OodSplit.of(inside, distinct("harm", 100), 0.3, 0.2, new Randomness(1), 5);
    // Two independent draws of 60 of 200 share 18 on average; the deviation is about 3.
    Set<String> shared = keys(inside, split.inside(Part.TEST));
    shared.retainAll(keys(inside, other.inside(Part.TEST)));
    assertThat((double) shared.size()).isCloseTo(18, within(15.0));
  }

  private static List<String> distinct(String kind, int n) {
    return IntStream.range(0, n)
        .mapToObj(i -> "\n\nHuman: %s %d\n\nAssistant:".formatted(kind, i))
        .toList();
  }

  /** A conversation is known by its first turn; a text that is no dialogue is one of its own. */
  @Test
  void conversationsAreCountedByTheirFirstTurn() {
    assertThat(
            OodSplit.conversations(
                List.of(
                    "\n\nHuman: a\n\nAssistant:",
                    "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:",
                    "\n\nHuman:  a \n\nAssistant:",
                    "\n\nAssistant: d\n\nHuman: a\n\nAssistant:",
                    "once upon a time")))
        .isEqualTo(3);
  }
}
