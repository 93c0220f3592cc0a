package dev.plumbline.app.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.experiment.answer.AnswerEvent;
import dev.plumbline.experiment.answer.AnswerRequest;
import dev.plumbline.training.TokenTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers to a prompt of one's own, with an answerer that the test plays; and median sheets. */
final class AnswersViewModelTest {
  private static final AnswersViewModel.Draw DRAW = new AnswersViewModel.Draw(5, 0.7, 32);

  @TempDir private Path folder;
  private final List<AnswerRequest> asked = new ArrayList<>();
  private final List<Long> cancelled = new ArrayList<>();
  private int closed;
  private Consumer<AnswerEvent> sink = event -> {};
  private final AnswersViewModel model =
      new AnswersViewModel(
          run -> run.equals("gone") ? Optional.empty() : Optional.of(folder.resolve(run)),
          to -> {
            sink = to;
            return new Answerer();
          },
          Runnable::run,
          Runnable::run);

  private final class Answerer implements AnswersViewModel.Answerer {
    @Override
    public void ask(AnswerRequest request) {
      asked.add(request);
    }

    @Override
    public void cancel(long id) {
      cancelled.add(id);
    }

    @Override
    public void close() {
      closed++;
    }
  }

  @BeforeEach
  void write() throws IOException {
    Path run = folder.resolve("a");
    Files.createDirectories(run.resolve("checkpoints/20/model"));
    Files.createDirectories(run.resolve("checkpoints/40/model"));
    Files.writeString(
        run.resolve("spec.json"),
        """
        {"name": "a", "seed": 1, "rlhf": {"policy": "/data/base",
         "reward": {"preference_model": "/data/pm"},
         "test_rewards": [{"name": "b", "preference_model": "/data/b"}],
         "prompts": ["/data/p.jsonl"]}, "created": "2026-11-01T12:00:00Z"}
        """);
  }

  private static SamplesState.Column column(String run, long step) {
    return new SamplesState.Column(run, run, step, List.of(step), false, false, true);
  }

  @Test
  void everyModelIsAskedWithTheSameSeedFromItsCheckpointBefore() {
    model.ask(" hello ", DRAW, List.of(column("a", 0), column("a", 39), column("a", 40)));
    assertThat(asked).extracting(AnswerRequest::seed).containsOnly(5L);
    assertThat(asked).extracting(AnswerRequest::prompt).containsOnly("hello");
    assertThat(asked)
        .extracting(AnswerRequest::model)
        .containsExactly(
            "/data/base",
            folder.resolve("a/checkpoints/20/model").toString(),
            folder.resolve("a/checkpoints/40/model").toString());
    assertThat(asked.getFirst().scorers()).isEqualTo(Map.of("pm", "/data/pm", "test/b", "/data/b"));
    assertThat(model.state().get().running()).isTrue();
  }

  @Test
  void anAnswerGrowsAndEndsWithItsNumbers() {
    model.ask("hello", DRAW, List.of(column("a", 20), column("a", 40)));
    long first = asked.getFirst().id();
    sink.accept(new AnswerEvent.Grown(first, " one"));
    sink.accept(new AnswerEvent.Grown(first, " one two"));
    assertThat(model.state().get().answers().getFirst().text()).isEqualTo(" one two");
    sink.accept(
        new AnswerEvent.Done(
            first, " one two", 3, true, -2, Map.of("pm", 1.5, "test/b", 0.5), TokenTrace.NONE));
    AnswersViewModel.Answer answer = model.state().get().answers().getFirst();
    assertThat(answer.sample().orElseThrow().pmScore()).isEqualTo(1.5);
    assertThat(answer.sample().orElseThrow().scores()).containsExactly(Map.entry("test/b", 0.5));
    assertThat(model.state().get().running()).as("the second one").isTrue();
    sink.accept(new AnswerEvent.Failed(first + 1, "no memory"));
    assertThat(model.state().get().running()).isFalse();
    assertThat(model.excerpt().prompts().getFirst().responses())
        .singleElement()
        .satisfies(
            response ->
                assertThat(response.facts())
                    .extracting(Excerpt.Fact::name)
                    .containsExactly("PM score", "test PM b", "log-prob", "length"));
  }

  @Test
  void aCancelledAnswerKeepsWhatWasDrawnAndOldEventsChangeNothing() {
    model.ask("one", DRAW, List.of(column("a", 20)));
    long first = asked.getFirst().id();
    sink.accept(new AnswerEvent.Grown(first, " so far"));
    model.cancel();
    assertThat(cancelled).containsExactly(first);
    sink.accept(new AnswerEvent.Cancelled(first));
    assertThat(model.state().get().answers().getFirst())
        .isEqualTo(
            new AnswersViewModel.Answer(
                AnswersViewModel.Stage.CANCELLED, " so far", "", Optional.empty()));
    model.ask("two", DRAW, List.of(column("a", 20)));
    sink.accept(new AnswerEvent.Grown(first, " late"));
    assertThat(model.state().get().answers().getFirst().text()).isEmpty();
  }

  @Test
  void whatCannotBeAskedSaysWhyAndTheRestIsAsked() {
    model.ask("one", DRAW, List.of(column("gone", 1), column("a", 20)));
    assertThat(model.state().get().answers().getFirst().stage())
        .isEqualTo(AnswersViewModel.Stage.FAILED);
    assertThat(model.state().get().answers().getFirst().reason()).isNotEmpty();
    assertThat(asked).hasSize(1);
    model.ask("  ", DRAW, List.of(column("a", 20)));
    assertThat(asked).as("nothing is no prompt").hasSize(1);
    model.close();
    model.close();
    assertThat(closed).isEqualTo(1);
  }

  static ResultTable table() {
    ResultTable.Builder table =
        ResultTable.named("sheet")
            .text("model", "")
            .text("tag", "")
            .number("prompt_index", "", "")
            .text("prompt", "")
            .text("response", "")
            .number("rank", "", "")
            .number("score", "nat", "")
            .number("tokens", "token", "")
            .number("shown", "", "");
    for (String model : List.of("base", "helpful-ppo")) {
      for (int prompt = 0; prompt < 3; prompt++) {
        for (int rank = 17; rank >= 1; rank--) {
          table.row(
              model,
              prompt < 2 ? "helpful" : "red-team",
              prompt,
              "\n\nHuman: question " + prompt + "?\n\nAssistant:",
              "answer " + rank + " of " + model + ", which goes on over more than one line of it",
              rank,
              2.5 - 0.25 * rank,
              10 + rank,
              rank == 9 ? 1 : 0);
        }
      }
    }
    return table.build();
  }

  @Test
  void aSheetHasEveryAnswerByRankAndMarksTheMedian() {
    MedianSheet sheet = MedianSheet.of(table());
    assertThat(sheet.prompts()).hasSize(3);
    assertThat(sheet.prompts())
        .extracting(MedianSheet.Prompt::tag)
        .containsExactly("helpful", "helpful", "red-team");
    MedianSheet.Model model = sheet.prompts().getFirst().models().getLast();
    assertThat(model.name()).isEqualTo("helpful-ppo");
    assertThat(model.answers())
        .extracting(MedianSheet.Answer::rank)
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
    assertThat(model.median().orElseThrow().rank()).isEqualTo(9);
    assertThat(MedianViewModel.facts(model, model.median().orElseThrow()))
        .containsExactly(
            new Excerpt.Fact("rank", "9 of 17"),
            new Excerpt.Fact("PM score", "0.25 nats"),
            new Excerpt.Fact("length", "19 tokens"));
  }
}
