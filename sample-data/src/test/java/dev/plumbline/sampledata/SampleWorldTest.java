package dev.plumbline.sampledata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.LengthRule;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SampleWorldTest {
  private static List<Comparison> data(long seed, SampleWorld.Kind kind, SampleWorld.Side side) {
    return SampleWorld.comparisons(seed, kind, side, SampleWorld.Weakest.DROPPED)
        .limit(2500)
        .toList();
  }

  @Test
  void theVocabularyIsSmallAndComplete() {
    Set<String> seen = new TreeSet<>();
    SampleWorld.transcripts(3).limit(12_000).forEach(text -> seen.addAll(Reading.of(text).words()));
    seen.removeIf(word -> Character.isDigit(word.charAt(0)));
    assertThat(Vocabulary.words()).hasSizeLessThan(1000).containsAll(seen);
    assertThat(seen).as("no word is listed in vain").containsAll(Vocabulary.words());
  }

  @Test
  void dialoguesKeepToTheGrammar() {
    for (SampleWorld.Kind kind : SampleWorld.Kind.values()) {
      for (Comparison comparison : data(5, kind, SampleWorld.Side.TRAIN)) {
        Dialogue dialogue = Dialogue.parse(comparison.chosenTranscript());
        assertThat(dialogue.render()).isEqualTo(comparison.chosenTranscript());
        assertThat(dialogue.prompt()).isEqualTo(comparison.prompt());
        assertThat(dialogue.count(Role.HUMAN))
            .isBetween(1, 4)
            .isEqualTo(dialogue.count(Role.ASSISTANT));
        assertThat(LengthRule.words(comparison.chosen())).isBetween(1, 27);
        assertThat(comparison.chosen()).startsWith(" ").isNotEqualTo(comparison.rejected());
        assertThat(comparison.attributes())
            .containsOnlyKeys(
                "domain",
                "tranche",
                "annotator",
                "strength",
                "shown_left",
                "gold_chosen",
                "gold_rejected");
        assertThat(Double.parseDouble(comparison.attributes().getOrDefault("gold_chosen", "NaN")))
            .isCloseTo(kind.gold(comparison.prompt(), comparison.chosen()), within(0.0006));
        assertThat(comparison.attributes().get("strength")).isIn("2", "3", "4");
      }
    }
  }

  @Test
  void everyRequestIsUnderstood() {
    for (SampleWorld.Kind kind : SampleWorld.Kind.values()) {
      SampleWorld.prompts(9, kind, SampleWorld.Side.TRAIN)
          .limit(3000)
          .forEach(
              prompt ->
                  assertThat(Questions.asked(prompt.text()).map(Question::domain))
                      .as(prompt.text())
                      .hasValue(prompt.domain()));
    }
  }

  @Test
  void rightAnswersAreWorthMoreThanWrongOnes() {
    for (int i = 0; i < 3000; i++) {
      Dice dice = Dice.of(1, "answers", i);
      Question question = Questions.helpful(dice);
      String prompt = "\n\nHuman: " + question.ask(dice) + "\n\nAssistant:";
      double wrong = Gold.helpful(prompt, " " + question.wrong(dice));
      for (String good : List.of(question.right(dice), question.terse(dice))) {
        assertThat(Gold.helpful(prompt, " " + good)).as(prompt + good).isGreaterThan(1.0);
      }
      // Chance may write a wrong recipe that is right; a better one than the right one it cannot.
      assertThat(wrong).isLessThan(2.01);
      assertThat(
              Gold.helpful(
                  prompt, " " + question.right(dice) + " " + question.details().getFirst()))
          .isGreaterThan(Gold.helpful(prompt, " " + question.falseDetail(dice)));
    }
  }

  @Test
  void trainAndHeldOutConversationsNeverOpenAlike() {
    for (SampleWorld.Kind kind : SampleWorld.Kind.values()) {
      Set<String> train = new HashSet<>();
      data(5, kind, SampleWorld.Side.TRAIN).forEach(c -> train.add(c.conversationKey()));
      Set<String> heldOut = new HashSet<>();
      data(6, kind, SampleWorld.Side.HELD_OUT).forEach(c -> heldOut.add(c.conversationKey()));
      assertThat(heldOut).isNotEmpty().doesNotContainAnyElementsOf(train);
    }
  }

  @Test
  void aSeedDecidesEverything() {
    assertThat(data(5, SampleWorld.Kind.HELPFUL, SampleWorld.Side.TRAIN))
        .isEqualTo(data(5, SampleWorld.Kind.HELPFUL, SampleWorld.Side.TRAIN))
        .isNotEqualTo(data(6, SampleWorld.Kind.HELPFUL, SampleWorld.Side.TRAIN));
  }

  @Test
  void aForumRanksByWhatIsRightAndNotByManners() {
    List<Comparison> pairs = SampleWorld.ranked(5, SampleWorld.Side.TRAIN).limit(400).toList();
    for (Comparison pair : pairs) {
      double gap =
          Gold.votes(pair.prompt(), pair.chosen()) - Gold.votes(pair.prompt(), pair.rejected());
      assertThat(gap).isGreaterThanOrEqualTo(0.3 - 1e-9);
    }
    String prompt = "\n\nHuman: what is 3 plus 4?\n\nAssistant:";
    assertThat(Gold.votes(prompt, " 3 plus 4 is 7."))
        .isEqualTo(Gold.votes(prompt, " what a silly question. 3 plus 4 is 7. i hope this helps!"))
        .isCloseTo(1.6, within(1e-9));
    // The annotators do mind manners, so the two orders are not the same.
    assertThat(pairs)
        .anyMatch(
            pair ->
                Gold.helpful(pair.prompt(), pair.chosen())
                    < Gold.helpful(pair.prompt(), pair.rejected()));
  }
}
