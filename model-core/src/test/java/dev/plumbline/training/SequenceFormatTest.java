package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.training.SequenceFormat.Sequence;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceFormatTest {
  private static final String TWO_TURNS =
      "\n\nHuman: hello there\n\nAssistant: hi\n\nHuman: more\n\nAssistant: done now";
  private static final Tokenizer TOKENIZER =
      BpeTrainer.train(List.of(TWO_TURNS, TWO_TURNS), 300, Tokenizer.SPECIALS);
  private static final int BEGIN = 1;
  private static final int END = 2;
  private static final int END_OF_CONTEXT = 3;

  @Test
  void afterEveryResponseTheEndIsToBePredicted() {
    Sequence sequence = SequenceFormat.training(TOKENIZER, END, TWO_TURNS, 200);
    int[] ids = sequence.ids();
    assertThat(ids[0]).isEqualTo(BEGIN);
    assertThat(ids[ids.length - 1]).isEqualTo(END);
    assertThat(Arrays.stream(ids).filter(id -> id == END).count()).isEqualTo(1);
    assertThat(Arrays.stream(sequence.wanted()).filter(id -> id == END).count()).isEqualTo(2);
    int first =
        SequenceFormat.prompt(TOKENIZER, "\n\nHuman: hello there\n\nAssistant:").length
            + TOKENIZER.encode(" hi").length
            - 1;
    assertThat(sequence.wanted()[first]).isEqualTo(END);
    for (int t = 0; t < sequence.wanted().length; t++) {
      if (t != first) {
        assertThat(sequence.wanted()[t]).isEqualTo(ids[t + 1]);
      }
    }
    assertThat(TOKENIZER.decode(ids)).isEqualTo(TWO_TURNS);
  }

  @Test
  void theSamplersPromptIsTheBeginningOfWhatWasTrainedAndOfWhatIsScored() {
    String prompt = TWO_TURNS.substring(0, TWO_TURNS.length() - " done now".length());
    int[] asked = SequenceFormat.prompt(TOKENIZER, prompt);
    int[] trained = SequenceFormat.training(TOKENIZER, END, TWO_TURNS, 200).ids();
    int[] scored = SequenceFormat.scored(TOKENIZER, END_OF_CONTEXT, prompt, " done now", 200);
    assertThat(Arrays.copyOf(trained, asked.length)).isEqualTo(asked);
    assertThat(Arrays.copyOf(scored, scored.length - 1))
        .isEqualTo(Arrays.copyOf(trained, trained.length - 1));
    assertThat(scored[scored.length - 1]).isEqualTo(END_OF_CONTEXT);
  }

  @Test
  void whatIsTooLongLosesItsBeginningAndKeepsTheBeginToken() {
    Sequence whole = SequenceFormat.training(TOKENIZER, END, TWO_TURNS, 200);
    Sequence cut = SequenceFormat.training(TOKENIZER, END, TWO_TURNS, 8);
    assertThat(cut.ids()).hasSize(8).startsWith(BEGIN).endsWith(END);
    assertThat(Arrays.copyOfRange(cut.ids(), 1, 8))
        .isEqualTo(Arrays.copyOfRange(whole.ids(), whole.ids().length - 7, whole.ids().length));
    assertThat(SequenceFormat.scored(TOKENIZER, END_OF_CONTEXT, TWO_TURNS, " yes", 6))
        .hasSize(6)
        .startsWith(BEGIN)
        .endsWith(END_OF_CONTEXT);
  }

  @Test
  void plainTextIsOnePiece() {
    Sequence sequence = SequenceFormat.training(TOKENIZER, END, "hello", 200);
    assertThat(sequence.ids()).hasSize(TOKENIZER.encode("hello").length + 2).endsWith(END);
    assertThat(sequence.wanted()).endsWith(END);
  }
}
