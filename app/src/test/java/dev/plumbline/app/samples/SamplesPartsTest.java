package dev.plumbline.app.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.TokenTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** The plain parts of the samples page. */
final class SamplesPartsTest {
  private static String without(List<WordDiff.Part> parts, WordDiff.Change change) {
    return parts.stream()
        .filter(part -> part.change() != change)
        .map(WordDiff.Part::text)
        .collect(Collectors.joining());
  }

  @Property(tries = 300)
  void aDifferenceHoldsBothTexts(
      @ForAll @Chars({'a', 'b', ' ', '.', '\n'}) @StringLength(max = 30) String first,
      @ForAll @Chars({'a', 'b', ' ', '.', '\n'}) @StringLength(max = 30) String second) {
    List<WordDiff.Part> parts = WordDiff.of(first, second);
    assertThat(without(parts, WordDiff.Change.ADDED)).isEqualTo(first);
    assertThat(without(parts, WordDiff.Change.REMOVED)).isEqualTo(second);
    if (first.equals(second) && !first.isEmpty()) {
      assertThat(parts).containsExactly(new WordDiff.Part(WordDiff.Change.SAME, first));
    }
  }

  @Test
  void wordsAreWhole() {
    assertThat(WordDiff.of("the old mill, i think", "the new mill is"))
        .extracting(part -> part.change() + part.text())
        .startsWith("SAMEthe ", "REMOVEDold", "ADDEDnew", "SAME mill");
    assertThat(WordDiff.of("yes it is.", "no, so far."))
        .extracting(part -> part.change() + part.text())
        .containsExactly("REMOVEDyes it is", "ADDEDno, so far", "SAME.");
    assertThat(WordDiff.of("don't", "can't"))
        .extracting(WordDiff.Part::text)
        .containsExactly("don't", "can't");
  }

  private static TokenTrace kls(double... values) {
    List<TokenTrace.Token> tokens = new ArrayList<>();
    for (double value : values) {
      tokens.add(new TokenTrace.Token(tokens.size() + 1, -1, -1, value, 0, value, -value));
    }
    return new TokenTrace(tokens);
  }

  @Test
  void aScaleHoldsMostValuesAndEndsAtARoundOne() {
    double[] values = new double[100];
    for (int i = 0; i < 100; i++) {
      values[i] = i == 99 ? 50 : 0.01 * i; // 98 of 100 values are at most 0.97
    }
    HeatScale scale = HeatScale.over(TokenQuantity.KL, List.of(kls(values)));
    assertThat(scale.limit()).isEqualTo(1);
    assertThat(scale.step(0)).isZero();
    assertThat(scale.step(0.5)).isEqualTo(3);
    assertThat(scale.step(50)).isEqualTo(6);
    assertThat(scale.step(Double.NaN)).isEqualTo(-1);
    for (int i = 0; i < HeatScale.STEPS; i++) {
      assertThat(scale.step(scale.middle(i))).isEqualTo(i);
    }
  }

  @Test
  void zeroIsTheMiddleOfASignedScale() {
    HeatScale scale = HeatScale.over(TokenQuantity.ADVANTAGE, List.of(kls(0.4, -1.9)));
    assertThat(scale.limit()).isEqualTo(2);
    assertThat(scale.style(0)).isEqualTo("tilt-3");
    assertThat(scale.style(-2)).isEqualTo("tilt-0");
    assertThat(scale.style(2)).isEqualTo("tilt-6");
    assertThat(HeatScale.over(TokenQuantity.KL, List.of()).limit()).isEqualTo(1);
    assertThat(HeatScale.over(TokenQuantity.KL, List.of(kls(0, 0))).limit()).isEqualTo(1);
  }

  @Test
  void tokensMakeWordsThatAreNotParted() {
    String text = " red figs\nare";
    TokenTrace trace =
        new TokenTrace(
            List.of(
                token(4), token(7), token(10), token(13),
                token(13))); // " red" " fi" "gs\n" "are" ""
    ResponseSample sample = new ResponseSample(0, 0, "p", text, 0, 0, 0, 5, true);
    List<TokenText.Word> words = TokenText.words(sample, trace);
    assertThat(words)
        .extracting(word -> word.tokens().stream().map(TokenText.Shown::text).toList())
        .containsExactly(List.of(" red"), List.of(" fi", "gs\n"), List.of("are", ""));
    assertThat(words.get(1).breaks()).isTrue();
    assertThat(words.getLast().tokens().getLast().last()).isTrue();
    assertThat(TokenText.rest(sample, trace)).isEmpty();
    assertThat(TokenText.rest(sample, new TokenTrace(List.of(token(4))))).isEqualTo(" figs\nare");
  }

  private static TokenTrace.Token token(int end) {
    return new TokenTrace.Token(end, 0, 0, 0, 0, 0, 0);
  }

  private static SamplesState.Prompt row(String text, String response, double score, int tokens) {
    ResponseSample sample =
        new ResponseSample(
            5, 0, text, response, score, -1, -2, tokens, tokens < 30, Map.of("gold", -score));
    return new SamplesState.Prompt(text, List.of(Optional.of(sample)), score + 1);
  }

  @Test
  void aFilterKeepsWhereEverythingHolds() {
    SamplesState.Prompt fruit = row("Name fruits", "plums and red figs", 1.5, 8);
    SamplesState.Prompt mill = row("Where is the mill", "it is old", -0.5, 30);
    assertThat(kept("fig", fruit, mill)).containsExactly(fruit);
    assertThat(kept("NAME plums", fruit, mill)).containsExactly(fruit);
    assertThat(kept("\"red figs\"", fruit, mill)).containsExactly(fruit);
    assertThat(kept("\"figs red\"", fruit, mill)).isEmpty();
    assertThat(kept("score>0", fruit, mill)).containsExactly(fruit);
    assertThat(kept("score<=-0.5", fruit, mill)).containsExactly(mill);
    assertThat(kept("score<\u22120.4", fruit, mill)).containsExactly(mill);
    assertThat(kept("length>=30", fruit, mill)).containsExactly(mill);
    assertThat(kept("change>2 length<9", fruit, mill)).containsExactly(fruit);
    assertThat(kept("ended:no", fruit, mill)).containsExactly(mill);
    assertThat(kept("", fruit, mill)).containsExactly(fruit, mill);
    assertThat(SampleFilter.parse("score>0", "gold").keeps(mill)).isTrue();
    assertThat(SampleFilter.parse("score>0", "test/absent").keeps(fruit)).isFalse();
    SampleFilter wrong = SampleFilter.parse("score>much", SamplesState.REWARD);
    assertThat(wrong.problem()).contains("score>much");
    assertThat(wrong.keeps(mill)).isTrue();
  }

  private static List<SamplesState.Prompt> kept(String filter, SamplesState.Prompt... rows) {
    SampleFilter parsed = SampleFilter.parse(filter, SamplesState.REWARD);
    assertThat(parsed.problem()).isEmpty();
    return List.of(rows).stream().filter(parsed::keeps).toList();
  }

  @Test
  void ordersPutWhatHasNoValueLast() {
    SamplesState.Prompt good = row("a", "x", 2, 3);
    SamplesState.Prompt bad = row("b", "xx", -2, 9);
    SamplesState.Prompt none = new SamplesState.Prompt("c", List.of(Optional.empty()), Double.NaN);
    List<SamplesState.Prompt> rows = List.of(none, bad, good);
    assertThat(sorted(rows, SampleOrder.SHEET)).containsExactly(none, bad, good);
    assertThat(sorted(rows, SampleOrder.RISE)).containsExactly(good, bad, none);
    assertThat(sorted(rows, SampleOrder.FALL)).containsExactly(bad, good, none);
    assertThat(sorted(rows, SampleOrder.BEST)).containsExactly(good, bad, none);
    assertThat(sorted(rows, SampleOrder.WORST)).containsExactly(bad, good, none);
    assertThat(sorted(rows, SampleOrder.LONGEST)).containsExactly(bad, good, none);
    assertThat(sorted(rows, SampleOrder.SHORTEST)).containsExactly(good, bad, none);
  }

  private static List<SamplesState.Prompt> sorted(
      List<SamplesState.Prompt> rows, SampleOrder order) {
    return rows.stream().sorted(order.comparator(SamplesState.REWARD)).toList();
  }

  @Test
  void theLastQuestionOfADialogueIsItsName() {
    String prompt = "\n\nHuman: one?\n\nAssistant: first\n\nHuman: two?\n\nAssistant:";
    assertThat(Excerpts.lastQuestion(prompt)).isEqualTo("two?");
    assertThat(Excerpts.turns(prompt))
        .extracting(Excerpt.Said::text)
        .containsExactly("one?", "first", "two?");
    assertThat(Excerpts.lastQuestion("no dialogue")).isEqualTo("no dialogue");
  }
}
