package dev.plumbline.experiment.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.experiment.WorkerLauncher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The process that answers, with a real model. */
final class AnswerProcessTest {
  private final BlockingQueue<AnswerEvent> events = new LinkedBlockingQueue<>();

  private static Path model() {
    Path model =
        Path.of(System.getProperty("plumbline.shared", "../shared"), "data", "stories260k");
    assumeTrue(Files.isDirectory(model), model + " is not there");
    return model;
  }

  private static WorkerLauncher launcher() {
    String here =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new WorkerLauncher("", System.getProperty(WorkerLauncher.CLASS_PATH, here));
  }

  private static AnswerRequest request(long id, String model, long seed, int tokens) {
    return new AnswerRequest(id, model, "Tell me a story", "hh", seed, 1, tokens, Map.of());
  }

  /** Events of a request up to its last. */
  private List<AnswerEvent> until(long id) throws InterruptedException {
    List<AnswerEvent> found = new ArrayList<>();
    while (true) {
      AnswerEvent event = events.poll(120, TimeUnit.SECONDS);
      assertThat(event).as("an event within two minutes").isNotNull();
      if (event != null && event.id() == id) {
        found.add(event);
        if (!(event instanceof AnswerEvent.Begun) && !(event instanceof AnswerEvent.Grown)) {
          return found;
        }
      }
    }
  }

  @Test
  void answersGrowStopOnDemandAndAreTheSameForTheSameSeed() throws InterruptedException {
    String model = model().toString();
    try (AnswerProcess process = new AnswerProcess(launcher(), events::add)) {
      process.ask(request(1, model, 7, 24));
      List<AnswerEvent> first = until(1);
      AnswerEvent.Done done = (AnswerEvent.Done) first.getLast();
      List<String> grown =
          first.stream()
              .filter(AnswerEvent.Grown.class::isInstance)
              .map(event -> ((AnswerEvent.Grown) event).text())
              .toList();
      assertThat(grown).as("24 tokens come in parts").hasSizeGreaterThan(1);
      assertThat(grown).allMatch(text -> done.text().startsWith(text.replaceFirst("\uFFFD+$", "")));
      assertThat(done.trace().tokens()).hasSize(done.tokens());
      assertThat(done.trace().tokens().getLast().end()).isEqualTo(done.text().length());
      assertThat(done.logProbability()).isNegative();
      assertThat(done.trace().tokens().stream().mapToDouble(t -> t.logProbability()).sum())
          .isCloseTo(done.logProbability(), org.assertj.core.api.Assertions.withinPercentage(0.5));

      process.ask(request(2, model, 7, 24));
      assertThat(((AnswerEvent.Done) until(2).getLast()).text()).isEqualTo(done.text());

      process.ask(request(3, model + "-absent", 7, 24));
      assertThat(until(3).getLast())
          .isInstanceOfSatisfying(
              AnswerEvent.Failed.class,
              failed ->
                  assertThat(failed.reason()).contains("stories260k-absent").doesNotContain("\n"));

      process.ask(request(4, model, 7, 400));
      process.ask(request(5, model, 7, 8));
      process.cancel(4);
      assertThat(until(4).getLast()).isInstanceOf(AnswerEvent.Cancelled.class);
      assertThat(until(5).getLast()).as("the next one").isInstanceOf(AnswerEvent.Done.class);
    }
  }

  @Test
  void linesReadBackAndOtherLinesArePassedOver() {
    AnswerRequest request =
        new AnswerRequest(
            9, "/m", "a \"b\"\n\u00e9\ud83d\ude00", "hh", -3, 0.5, 7, Map.of("pm", "/p"));
    assertThat(AnswerLines.order(AnswerLines.line(request)))
        .contains(new AnswerLines.Order.Ask(request));
    assertThat(AnswerLines.line(request)).doesNotContain("\n");
    assertThat(AnswerLines.order(AnswerLines.cancel(4))).contains(new AnswerLines.Order.Cancel(4));
    for (AnswerEvent event :
        List.of(
            new AnswerEvent.Begun(1),
            new AnswerEvent.Grown(1, " x\ny"),
            new AnswerEvent.Failed(2, "why"),
            new AnswerEvent.Cancelled(3),
            new AnswerEvent.Done(
                4,
                "t",
                2,
                true,
                -1.5,
                Map.of("pm", 0.25),
                dev.plumbline.training.TokenTrace.NONE))) {
      assertThat(AnswerLines.event(AnswerLines.line(event))).contains(event);
    }
    assertThat(AnswerLines.event("WARNING: something")).isEmpty();
    assertThat(AnswerLines.event("@plumbline {broken")).isEmpty();
  }
}
