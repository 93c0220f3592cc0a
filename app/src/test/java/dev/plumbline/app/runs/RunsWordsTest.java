package dev.plumbline.app.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.EditHistory;
import dev.plumbline.workspace.Lineage;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunFilterParser;
import dev.plumbline.workspace.RunLine;
import dev.plumbline.workspace.RunVocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Completion, history, layouts and words of the runs page, without a window. */
final class RunsWordsTest {
  private static final RunVocabulary WORDS =
      new RunVocabulary(
          List.of("rlhf.lambda_kl", "rlhf.learning_rate"), List.of("learning_rate", "pm_score"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "sta|3|0|sta|",
        "helpful pm_sc|13|8|pm_sc|",
        "helpful pm_score>1|7|0|helpful|",
        "state:fin|9|6|fin|state",
        "state : fin|11|8|fin|state",
        "tag:\"two wo|11|4|two wo|tag",
        "state in (pau|13|10|pau|",
        "state:(paused, lo|17|15|lo|state",
        "rlhf.lambda_kl<|15|15|^^|rlhf.lambda_kl",
        "(sta|4|1|sta|",
        "-sta|4|1|sta|",
        "^^|0|0|^^|",
      })
  void theCaretStandsInAFieldOrInAValue(
      String text, int caret, int start, String begun, String field) {
    RunCompletion.Place place = RunCompletion.at(text, caret).orElseThrow();
    assertThat(place.start()).isEqualTo(start);
    assertThat(place.end()).isEqualTo(caret);
    assertThat(place.begun()).isEqualTo(begun);
    assertThat(place.field()).isEqualTo(Optional.ofNullable(field));
  }

  @Test
  void whatBeginsSoComesFirstAndThenWhatHasAPartThatDoes() {
    assertThat(RunCompletion.fields("l", WORDS))
        .extracting(RunCompletion.Proposal::text)
        .startsWith(
            "learning_rate.last",
            "learning_rate.best",
            "learning_rate.min",
            "learning_rate.max",
            "learning_rate.mean",
            "pm_score.last",
            "rlhf.lambda_kl",
            "rlhf.learning_rate");
    assertThat(RunCompletion.fields("", WORDS))
        .extracting(RunCompletion.Proposal::text)
        .contains("state", "pm_score.last", "rlhf.lambda_kl")
        .doesNotContain("pm_score.best");
  }

  /** Whatever value is proposed, the filter reads it back as one value. */
  @Property
  void aProposedValueIsReadAsItIs(@ForAll String value) {
    if (value.isEmpty() || value.contains("\\")) {
      return;
    }
    String text = "name:" + RunCompletion.quoted(value);
    assertThat(RunFilterParser.parse(text).problem()).as(text).isEmpty();
  }

  @Test
  void historyGoesBackAndForthAndForgetsWhatIsGone() {
    List<String> said = new ArrayList<>();
    EditHistory history = new EditHistory();
    history.did("a", List.of("1"), () -> said.add("-a"), () -> said.add("+a"));
    history.did("b", List.of("2"), () -> said.add("-b"), () -> said.add("+b"));
    assertThat(history.undoText().get()).isEqualTo("b");
    assertThat(history.undo()).contains("b");
    assertThat(history.undo()).contains("a");
    assertThat(history.undo()).isEmpty();
    assertThat(history.redo()).contains("a");
    assertThat(history.redoText().get()).isEqualTo("b");
    history.did("c", List.of("3"), () -> said.add("-c"), () -> said.add("+c"));
    assertThat(history.redo()).as("a new change takes the place of what was undone").isEmpty();
    history.forget(List.of("3"));
    assertThat(history.undo()).contains("a");
    assertThat(said).containsExactly("-b", "-a", "+a", "-a");
  }

  /** Any mixture of changes, undone and done again, ends where a plain list of them does. */
  @Property
  void undoAndRedoKeepTheOrderOfChanges(@ForAll List<@IntRange(max = 2) Integer> steps) {
    EditHistory history = new EditHistory();
    List<Integer> state = new ArrayList<>();
    List<Integer> done = new ArrayList<>();
    List<Integer> undone = new ArrayList<>();
    int next = 0;
    for (int step : steps) {
      int number = next;
      switch (step) {
        case 0 -> {
          state.add(number);
          history.did("x", List.of(), state::removeLast, () -> state.add(number));
          done.add(number);
          undone.clear();
          next++;
        }
        case 1 -> {
          if (history.undo().isPresent()) {
            undone.add(done.removeLast());
          }
        }
        default -> {
          if (history.redo().isPresent()) {
            done.add(undone.removeLast());
          }
        }
      }
      assertThat(state).isEqualTo(done);
    }
  }

  @Test
  void layoutsAreReadBackAndPinnedColumnsStandFirst() {
    RunsLayout layout =
        new RunsLayout(
            "tag:x",
            List.of(
                new RunsLayout.Column("rlhf.lambda_kl", 80, false),
                new RunsLayout.Column("name", 200, true)),
            List.of(new RunsLayout.Sort("name", true)),
            "stage");
    assertThat(layout.columns().getFirst().field()).isEqualTo("name");
    assertThat(RunsLayout.read(layout.json())).isEqualTo(layout);
    assertThat(RunsLayout.read("{\"filter\": ")).isEqualTo(RunsLayout.standard());
    assertThat(RunsLayout.read("{\"columns\": [], \"filter\": \"a\", \"order\": []}").columns())
        .isEqualTo(RunsLayout.standard().columns());
  }

  @ParameterizedTest
  @CsvSource({"0.001,0.001", "0.0002,0.0002", "0.00002,2e−5", "3,3", "1e20,1e20", "-0.5,−0.5"})
  void settingsAreNotRounded(double number, String text) {
    assertThat(FieldWords.exact(number)).isEqualTo(text);
    assertThat(FieldWords.exact(0.1234567890123)).isEqualTo("0.1234567890123");
  }

  @Test
  void anEstimateIsAsExactAsItsInterval() {
    assertThat(FieldWords.estimate(0.74213, 0.0141)).isEqualTo("0.742 ± 0.014");
    assertThat(FieldWords.estimate(12.3456, 2.2)).isEqualTo("12.3 ± 2.2");
    assertThat(FieldWords.estimate(0.5, Double.NaN)).isEqualTo("0.500");
    assertThat(FieldWords.estimate(Double.POSITIVE_INFINITY, Double.NaN)).isEqualTo("∞");
    assertThat(
            FieldWords.cell(
                new RunLine.Cell("", 0.5, 60, 120), RunField.of(RunField.Attribute.PROGRESS)))
        .isEqualTo("60 / 120");
  }

  @Test
  void eachStandsBelowEverythingThatItWasMadeFrom() {
    Lineage lineage =
        new Lineage(
            List.of(node("data"), node("base"), node("pm"), node("ppo"), node("prompts")),
            List.of(
                new Lineage.Edge("base", "pm", ""),
                new Lineage.Edge("data", "pm", ""),
                new Lineage.Edge("pm", "ppo", ""),
                new Lineage.Edge("base", "ppo", ""),
                new Lineage.Edge("prompts", "ppo", "")),
            false);
    assertThat(LineageView.layers(lineage))
        .isEqualTo(Map.of("data", 0, "base", 0, "pm", 1, "ppo", 2, "prompts", 1));
  }

  private static Lineage.Node node(String id) {
    return new Lineage.Node(Lineage.Kind.DATA, id, id, "", Optional.empty(), false);
  }
}
