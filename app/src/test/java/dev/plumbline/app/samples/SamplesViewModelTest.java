package dev.plumbline.app.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.feed.Access;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import dev.plumbline.training.TokenTrace;
import dev.plumbline.workspace.RunEdits;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.RunTable;
import dev.plumbline.workspace.SampleRow;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.junit.jupiter.api.Test;

/** The samples page's model over a feed that answers at once, without a window. */
final class SamplesViewModelTest {
  private final Feed feed = new Feed();
  private final SamplesViewModel model = new SamplesViewModel(feed);

  /** Sheets by run and step, and what was asked. */
  private static final class Feed implements WorkspaceFeed {
    final Map<String, TreeMap<Long, List<ResponseSample>>> sheets = new HashMap<>();
    final List<String> asked = new ArrayList<>();
    final ReadOnlyObjectWrapper<Snapshot> snapshot =
        new ReadOnlyObjectWrapper<>(Snapshot.empty(Path.of("w")));

    void publish(RunState state, long done, String... runs) {
      List<RunRow> rows = new ArrayList<>();
      for (String run : runs) {
        rows.add(
            new RunRow(
                run,
                run,
                "rlhf",
                state,
                "",
                done,
                9,
                0,
                Instant.EPOCH,
                0,
                Map.of(),
                List.of(),
                "",
                "cpu",
                1,
                Path.of(run)));
      }
      Snapshot empty = Snapshot.empty(Path.of("w"));
      snapshot.set(
          new Snapshot(
              Path.of("w"), rows, empty.changed(), List.of(), List.of(), empty.problems()));
    }

    private RunReader reader() {
      return (RunReader)
          Proxy.newProxyInstance(
              RunReader.class.getClassLoader(),
              new Class<?>[] {RunReader.class},
              (proxy, method, arguments) -> {
                String run = (String) arguments[0];
                TreeMap<Long, List<ResponseSample>> steps =
                    sheets.getOrDefault(run, new TreeMap<>());
                return switch (method.getName()) {
                  case "sampleSteps" -> List.copyOf(steps.keySet());
                  case "checkpoints" -> List.of();
                  case "samples" -> {
                    long step = ((OptionalLong) arguments[1]).orElseThrow();
                    asked.add(run + "@" + step);
                    yield steps.getOrDefault(step, List.of()).stream()
                        .map(each -> new SampleRow(run, each))
                        .toList();
                  }
                  case "sampleTrace" -> {
                    asked.add("trace " + run + "@" + arguments[1] + "/" + arguments[2]);
                    yield new TokenTrace(List.of(new TokenTrace.Token(1, -0.5, -1, 3, 1, 1, 1)));
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                };
              });
    }

    @Override
    public Path directory() {
      return Path.of("w");
    }

    @Override
    public ReadOnlyObjectProperty<Access> access() {
      return new ReadOnlyObjectWrapper<>(Access.WRITING).getReadOnlyProperty();
    }

    @Override
    public ReadOnlyObjectProperty<Snapshot> snapshot() {
      return snapshot.getReadOnlyProperty();
    }

    @Override
    public <T> void read(Function<RunReader, T> question, Consumer<T> sink) {
      sink.accept(question.apply(reader()));
    }

    @Override
    public <T> void ask(
        Function<RunTable, T> question, Consumer<T> sink, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> void edit(
        Function<RunEdits, T> change, Consumer<T> sink, Consumer<String> onProblem) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static List<ResponseSample> sheet(long step, double... scores) {
    return IntStream.range(0, scores.length)
        .mapToObj(
            i ->
                new ResponseSample(
                    step,
                    i,
                    "\n\nHuman: q" + i + "?\n\nAssistant:",
                    " answer " + step,
                    scores[i],
                    -1,
                    -2,
                    3 + i,
                    true,
                    Map.of("test/b", -scores[i])))
        .toList();
  }

  private List<String> listed() {
    return model.state().get().prompts().stream()
        .map(row -> Excerpts.lastQuestion(row.text()))
        .toList();
  }

  private void twoSteps() {
    feed.sheets
        .computeIfAbsent("a", run -> new TreeMap<>())
        .putAll(Map.of(0L, sheet(0, 0, 0, 0), 5L, sheet(5, 1, 3, -2)));
    feed.publish(RunState.FINISHED, 9, "a");
    model.setShown(true);
  }

  @Test
  void theNewestPolicyStandsBeforeAndAfterByTheGreatestRise() {
    twoSteps();
    SamplesState state = model.state().get();
    assertThat(state.columns()).extracting(SamplesState.Column::step).containsExactly(0L, 5L);
    assertThat(state.columns().getFirst().initial()).isTrue();
    assertThat(listed()).containsExactly("q1?", "q0?", "q2?");
    assertThat(model.chosen().get()).hasSize(2);
    assertThat(state.scorers()).containsExactly("test/b");
  }

  @Test
  void anotherScorerTurnsTheOrderAround() {
    twoSteps();
    model.setScorer("test/b");
    assertThat(listed()).containsExactly("q2?", "q0?", "q1?");
    model.setOrder(SampleOrder.WORST);
    assertThat(listed()).containsExactly("q1?", "q0?", "q2?");
  }

  @Test
  void aFilterIsAnsweredFromWhatWasRead() {
    twoSteps();
    feed.asked.clear();
    model.setFilter("score>0");
    assertThat(listed()).containsExactly("q1?", "q0?");
    assertThat(model.state().get().total()).isEqualTo(3);
    model.setFilter("score>");
    assertThat(model.state().get().problem()).isNotEmpty();
    assertThat(listed()).hasSize(3);
    assertThat(feed.asked).as("nothing is read again").isEmpty();
  }

  @Test
  void whatIsReadStaysWhileTheRunGoesOn() {
    feed.sheets
        .computeIfAbsent("a", run -> new TreeMap<>())
        .putAll(Map.of(0L, sheet(0, 0, 0, 0), 1L, sheet(1, 1, 0, 0)));
    feed.publish(RunState.RUNNING, 1, "a");
    model.setShown(true);
    String last = model.state().get().prompts().getLast().text();
    model.choose(List.of(last));
    feed.sheets.computeIfAbsent("a", run -> new TreeMap<>()).put(2L, sheet(2, 0, 0, 7));
    feed.asked.clear();
    feed.publish(RunState.RUNNING, 2, "a");
    assertThat(model.state().get().columns().getLast().step()).isEqualTo(2);
    assertThat(listed().getFirst()).isEqualTo("q2?");
    assertThat(model.chosen().get()).containsExactly(last);
    assertThat(feed.asked).as("the first step is known").containsExactly("a@2");
  }

  @Test
  void aRunThatWentBackIsReadAgain() {
    twoSteps();
    TreeMap<Long, List<ResponseSample>> steps =
        feed.sheets.computeIfAbsent("a", run -> new TreeMap<>());
    steps.remove(5L);
    steps.put(3L, sheet(3, 9, 9, 9));
    feed.publish(RunState.RUNNING, 3, "a");
    steps.put(5L, sheet(5, 8, 8, 8));
    feed.publish(RunState.RUNNING, 5, "a");
    assertThat(model.state().get().prompts().getFirst().last().orElseThrow().pmScore())
        .isEqualTo(8);
  }

  @Test
  void tokensAreReadForWhatIsChosenAloneAndOnce() {
    twoSteps();
    feed.asked.clear();
    model.setColour(TokenQuantity.KL);
    assertThat(feed.asked).hasSize(4).allMatch(each -> each.startsWith("trace"));
    assertThat(model.traces().get()).hasSize(4);
    assertThat(model.heat().get().limit()).isEqualTo(3);
    feed.asked.clear();
    model.setColour(TokenQuantity.ENTROPY);
    assertThat(feed.asked).isEmpty();
    assertThat(model.heat().get().limit()).isEqualTo(1);
    model.setColour(TokenQuantity.NONE);
    assertThat(model.traces().get()).isEmpty();
  }

  @Test
  void modelsAreAddedTakenAwayAndMoved() {
    feed.sheets.computeIfAbsent("b", run -> new TreeMap<>()).put(4L, sheet(4, 5, 5, 5));
    twoSteps();
    feed.publish(RunState.FINISHED, 9, "a", "b");
    model.add("b");
    assertThat(model.state().get().columns())
        .extracting(SamplesState.Column::runId)
        .containsExactly("a", "a", "b");
    model.setStep(1, OptionalLong.of(0));
    model.remove(0);
    assertThat(model.state().get().columns())
        .extracting(each -> each.runId() + each.step())
        .containsExactly("a0", "b4");
    model.showNear("a", 4);
    assertThat(model.state().get().columns())
        .extracting(SamplesState.Column::step)
        .containsExactly(0L, 5L);
  }

  @Test
  void tenThousandPromptsAreListedAndTwelveRead() {
    double[] scores = IntStream.range(0, 10_000).mapToDouble(i -> (i * 7919) % 10_000).toArray();
    feed.sheets
        .computeIfAbsent("a", run -> new TreeMap<>())
        .putAll(Map.of(0L, sheet(0, new double[10_000]), 5L, sheet(5, scores)));
    feed.publish(RunState.FINISHED, 9, "a");
    model.setShown(true);
    assertThat(model.state().get().prompts()).hasSize(10_000);
    assertThat(model.state().get().prompts().getFirst().change()).isEqualTo(9999);
    feed.asked.clear();
    model.setFilter("change>9989");
    assertThat(listed()).hasSize(10);
    assertThat(feed.asked).isEmpty();
    model.setFilter("");
    model.choose(model.state().get().prompts().stream().map(SamplesState.Prompt::text).toList());
    assertThat(model.chosen().get()).hasSize(SamplesViewModel.MOST_CHOSEN);
  }

  @Test
  void anExcerptHoldsTheChosenPromptsWithEveryScore() {
    twoSteps();
    model.choose(List.of(model.state().get().prompts().get(1).text()));
    Excerpt excerpt = Excerpts.of(model.state().get(), model.chosen().get());
    assertThat(excerpt.prompts()).hasSize(1);
    assertThat(excerpt.prompts().getFirst().turns())
        .containsExactly(new Excerpt.Said("Human", "q0?"));
    assertThat(excerpt.prompts().getFirst().responses().getLast().model()).isEqualTo("a, step 5");
    assertThat(excerpt.prompts().getFirst().responses().getLast().facts())
        .contains(
            new Excerpt.Fact("PM score", "1.00 nats"),
            new Excerpt.Fact("test PM b", "\u22121.00 nats"),
            new Excerpt.Fact("KL", "1.00 nats"));
  }
}
