package dev.plumbline.dialogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DialogueTest {
  @Property(tries = 500)
  void parseAndRenderAreInverse(@ForAll("dialogues") Dialogue dialogue) {
    assertThat(Dialogue.parse(dialogue.render())).isEqualTo(dialogue);
  }

  @Property(tries = 500)
  void promptAndResponseMakeTheTranscript(@ForAll("dialogues") Dialogue dialogue) {
    Dialogue answered =
        new Dialogue(
            Stream.concat(dialogue.turns().stream(), Stream.of(Turn.of(Role.ASSISTANT, "yes")))
                .toList());
    assertThat(answered.prompt() + answered.response()).isEqualTo(answered.render());
    assertThat(answered.prompt()).endsWith("\n\nAssistant:");
    assertThat(answered.response()).isEqualTo(" yes");
  }

  /** Turns built from the pieces that could be taken for markers, and from any characters. */
  @Provide
  Arbitrary<Dialogue> dialogues() {
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.of("\n", "\n\n", "Human", "Human:", "Assistant", ":", " ", "\r", "ä", "🙂"),
            Arbitraries.strings().ofMaxLength(4));
    Arbitrary<String> text =
        piece
            .list()
            .ofMaxSize(8)
            .map(pieces -> String.join("", pieces))
            .filter(s -> !s.contains("\n\nHuman:") && !s.contains("\n\nAssistant:"));
    Arbitrary<Turn> turn =
        Combinators.combine(Arbitraries.of(Role.class), text).as((role, t) -> new Turn(role, t));
    return turn.list().ofMinSize(1).ofMaxSize(6).map(Dialogue::new);
  }

  @Test
  void readsTheGrammarOfTheFiles() {
    Dialogue dialogue =
        Dialogue.parse("\n\nHuman: hi\n\nthere\n\nAssistant: hello\n\nHuman: bye\n\nAssistant:");
    assertThat(dialogue.turns())
        .containsExactly(
            new Turn(Role.HUMAN, " hi\n\nthere"),
            new Turn(Role.ASSISTANT, " hello"),
            new Turn(Role.HUMAN, " bye"),
            new Turn(Role.ASSISTANT, ""));
    assertThat(dialogue.turns().getFirst().content()).isEqualTo("hi\n\nthere");
    assertThat(dialogue.count(Role.ASSISTANT)).isEqualTo(2);
    assertThat(dialogue.response()).isEmpty();
  }

  @Test
  void refusesWhatIsNoTranscript() {
    assertThatThrownBy(() -> Dialogue.parse("Human: hi"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Turn.of(Role.HUMAN, "a\n\nAssistant: b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Dialogue.parse("\n\nHuman: hi").prompt())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new Comparison("\n\nHuman: hi", " a", " b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void comparisonsOfOneConversationShareTheirKey() {
    Comparison first = new Comparison("\n\nHuman: hi\n\nAssistant:", " a", " b");
    Comparison second =
        new Comparison(
            "\n\nHuman: hi\n\nAssistant: a\n\nHuman: so?\n\nAssistant:",
            " c",
            " d",
            Map.of("strength", "3"));
    assertThat(first.conversationKey()).isEqualTo("hi").isEqualTo(second.conversationKey());
    assertThat(second.rejectedTranscript())
        .isEqualTo("\n\nHuman: hi\n\nAssistant: a\n\nHuman: so?\n\nAssistant: d");
  }

  @Test
  void strengthsHaveTheirLevels() {
    assertThat(List.of(Strength.values()).stream().map(Strength::level))
        .containsExactly(1, 2, 3, 4);
    assertThat(Strength.ofLevel(1)).isEqualTo(Strength.UNSURE);
    assertThatThrownBy(() -> Strength.ofLevel(5)).isInstanceOf(IllegalArgumentException.class);
  }
}
