package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.dialogue.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SplitAndLengthTest {
  @Property(tries = 200)
  void conversationsStayTogetherWhateverTheOrder(
      @ForAll @Size(min = 1, max = 80) List<@IntRange(max = 20) Integer> conversations,
      @ForAll @DoubleRange(min = 0, max = 0.9) double fraction,
      @ForAll long seed) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < conversations.size(); i++) {
      items.add(conversations.get(i) + "/" + i);
    }
    ConversationSplit.Split<String> split =
        ConversationSplit.split(items, SplitAndLengthTest::key, fraction, seed);
    Set<String> train = keys(split.train());
    train.retainAll(keys(split.heldOut()));
    assertThat(train).isEmpty();
    assertThat(split.train().size() + split.heldOut().size()).isEqualTo(items.size());
    assertThat(split.heldOut().size()).isGreaterThanOrEqualTo((int) (fraction * items.size()));

    List<String> shuffled = new ArrayList<>(items);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(
            new HashSet<>(
                ConversationSplit.split(shuffled, SplitAndLengthTest::key, fraction, seed)
                    .heldOut()))
        .isEqualTo(new HashSet<>(split.heldOut()));
  }

  private static String key(String item) {
    return item.substring(0, item.indexOf('/'));
  }

  private static Set<String> keys(List<String> items) {
    return new HashSet<>(items.stream().map(SplitAndLengthTest::key).toList());
  }

  @Test
  void aSeedChoosesOtherConversations() {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      items.add(i + "/0");
    }
    List<String> one = ConversationSplit.split(items, SplitAndLengthTest::key, 0.25, 1).heldOut();
    List<String> two = ConversationSplit.split(items, SplitAndLengthTest::key, 0.25, 2).heldOut();
    assertThat(one).hasSize(100).isNotEqualTo(two);
    assertThatThrownBy(() -> ConversationSplit.split(items, SplitAndLengthTest::key, 1, 1))
        .isInstanceOf(UserError.class);
  }

  @Test
  void lengthRuleCountsWordsAndHalvesTies() {
    LengthRule rule =
        LengthRule.of(
            List.of(
                pair(" a b", " a b c"), pair(" a", " b  c"), pair(" a b c", "a"), pair("a", " b")));
    assertThat(rule.shorter()).isEqualTo(2.5 / 4);
    assertThat(rule.longer()).isEqualTo(1.5 / 4);
    assertThat(rule.best()).isEqualTo(2.5 / 4);
    assertThat(LengthRule.words("  two\n words ")).isEqualTo(2);
    assertThat(LengthRule.words("")).isZero();
  }

  private static Comparison pair(String chosen, String rejected) {
    return new Comparison("\n\nHuman: x\n\nAssistant:", chosen, rejected);
  }

  @Test
  void hashesAgreeWithThePublishedExample() {
    assertThat(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
