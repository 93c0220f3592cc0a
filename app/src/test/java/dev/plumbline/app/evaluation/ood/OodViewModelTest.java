package dev.plumbline.app.evaluation.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.Detection;
import dev.plumbline.app.evaluation.ood.OodRun.Place;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.PromptScoring;
import dev.plumbline.figure.DetectionCharts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The threshold, the lists and the box without a window. */
final class OodViewModelTest {
  @TempDir private Path folder;
  private final Played scorer = new Played();
  private StoreFeed feed;
  private OodViewModel model;

  /** A scorer of the test's own. */
  private static final class Played implements PromptScorer.Source {
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile String problem = "";
    volatile CountDownLatch hold = new CountDownLatch(0);

    @Override
    public PromptScorer of(Path run) {
      started.incrementAndGet();
      return new PromptScorer() {
        private final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public PromptScoring.Answer score(String prompt) {
          asked.add(prompt);
          try {
            while (hold.getCount() > 0
                && !ended.await(5, java.util.concurrent.TimeUnit.MILLISECONDS)) {
              // until the test lets go, or the process is ended
            }
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          if (ended.getCount() == 0) {
            throw new UserError("cancelled");
          }
          if (!problem.isEmpty()) {
            throw new UserError(problem);
          }
          List<PromptScoring.LayerScore> layers = new ArrayList<>();
          for (int layer = 1; layer <= OodFixture.LAYERS; layer++) {
            layers.add(new PromptScoring.LayerScore(layer, 40 + layer, 2.0 * layer));
          }
          return new PromptScoring.Answer("", prompt, 7, layers);
        }

        @Override
        public void close() {
          if (ended.getCount() > 0) {
            closed.incrementAndGet();
            ended.countDown();
          }
        }
      };
    }
  }

  @BeforeAll
  static void start() {
    Fx.start();
  }

  @BeforeEach
  void open() {
    feed = new StoreFeed(folder, List::of);
    model = Fx.call(() -> new OodViewModel(feed, scorer));
    Fx.run(() -> model.setShown(true));
  }

  @AfterEach
  void end() {
    Fx.run(model::close);
    feed.close();
  }

  private void measured() {
    OodFixture.run(folder, "ood-a", 5);
    feed.poke();
    Fx.await("scores", () -> model.state().get().histogram().isPresent());
  }

  @Test
  void theThresholdOfTheRunIsTheFirstAndDoesWhatTheRunSaid() {
    measured();
    OodRun run = model.state().get().run().orElseThrow();
    Place place = model.state().get().place();
    assertThat(place).isEqualTo(new Place(2, Detector.RELATIVE)); // the middle of four
    OodRun.Operating point = run.operating(place, "false_reject").orElseThrow();
    assertThat(model.threshold().get()).isEqualTo(point.threshold());
    Detection.OperatingPoint now = model.outcome().get().point().orElseThrow();
    assertThat(now.falseReject().value()).isEqualTo(point.falseReject());
    assertThat(now.caught().value()).isEqualTo(point.caught());
    assertThat(now.falseReject().n()).isEqualTo(OodFixture.IN);
    // the same area from the scores as in the table that the run wrote
    assertThat(OodFigures.auroc(run, place).value())
        .isEqualTo(Objects.requireNonNull(run.areas().get(place)).value());
  }

  @Test
  void aThresholdCountsThoseAtOrAboveIt() {
    measured();
    double[] in = OodFixture.scores(5).in()[0][1];
    double[] out = OodFixture.scores(5).out()[0][1];
    double at = in[17];
    Fx.run(() -> model.setThreshold(at));
    Detection.OperatingPoint now = model.outcome().get().point().orElseThrow();
    assertThat(now.falseReject().successes())
        .isEqualTo(Arrays.stream(in).filter(score -> score >= at).count());
    assertThat(now.caught().successes())
        .isEqualTo(Arrays.stream(out).filter(score -> score >= at).count());
    Fx.run(() -> model.setThreshold(Double.NaN)); // nothing to be set
    assertThat(model.threshold().get()).isEqualTo(at);
    Fx.run(() -> model.useRule("catch"));
    assertThat(model.threshold().get())
        .isEqualTo(
            model
                .state()
                .get()
                .run()
                .orElseThrow()
                .operating(model.state().get().place(), "catch")
                .orElseThrow()
                .threshold());
  }

  @Test
  void aBarListsThePromptsThatItCountsAndTheThresholdItsNeighbours() {
    measured();
    var histogram = model.state().get().histogram().orElseThrow();
    double counted = 0;
    for (int bin = 0; bin < histogram.in().size(); bin++) {
      int at = bin;
      Fx.run(() -> model.openBar(DetectionCharts.IN, at));
      assertThat(model.outcome().get().prompts()).hasSize((int) histogram.in().get(bin));
      counted += histogram.in().get(bin);
    }
    assertThat(counted).as("every tested prompt is in a bar").isEqualTo(OodFixture.IN);
    assertThat(model.outcome().get().barChosen()).isTrue();
    Fx.run(model::closeBar);
    List<OodRun.Scored> nearest = model.outcome().get().prompts();
    double threshold = model.threshold().get();
    double farthest =
        nearest.stream()
            .mapToDouble(each -> Math.abs(each.score() - threshold))
            .max()
            .orElseThrow();
    long nearer =
        Objects.requireNonNull(
                model.state().get().run().orElseThrow().scores().get(model.state().get().place()))
            .stream()
            .filter(each -> Math.abs(each.score() - threshold) < farthest)
            .count();
    assertThat(nearer).isEqualTo(nearest.size() - 1L);
    OodRun.Scored one = nearest.getFirst();
    assertThat(one.prompt()).contains(one.out() ? "lock " : "house ").contains(one.index() + "?");
  }

  @Test
  void pairedScoresAreThoseOfOnePrompt() {
    measured();
    OodRun run = model.state().get().run().orElseThrow();
    assertThat(run.paired(new Place(3, Detector.RELATIVE), true))
        .containsExactly(OodFixture.scores(5).out()[0][2]);
    assertThat(run.paired(new Place(3, Detector.PLAIN), false))
        .containsExactly(OodFixture.scores(5).in()[1][2]);
  }

  @Test
  void aCellOfTheMapLeadsToItsLayerDetectorAndSize() {
    OodFixture.run(folder, "small", 5);
    measured();
    Fx.run(() -> model.openCell(1, 3));
    Fx.await(
        "layer 4, the other detector",
        () -> model.state().get().place().equals(new Place(4, Detector.PLAIN)));
    OodFixture.study(folder, "small", "ood-a");
    feed.poke();
    Fx.await("the study's map", () -> model.state().get().sizes().isPresent());
    OodSizes sizes = model.state().get().sizes().orElseThrow();
    assertThat(sizes.sizes()).containsExactly("2x32", "4x96");
    assertThat(sizes.layers()).containsExactly("1", "2", "3", "4");
    Fx.run(() -> model.openCell(0, 1));
    Fx.await(
        "the small one at layer 2",
        () ->
            model.state().get().chosen().orElseThrow().id().equals("small")
                && model.state().get().place().layer() == 2);
  }

  @Test
  void aTypedPromptHasItsPlaceAtEveryLayerAndTheProcessStays() {
    measured();
    Fx.run(() -> model.score("how do i open it?"));
    assertThat(model.typed().get().busy() || !model.typed().get().layers().isEmpty()).isTrue();
    Fx.await("an answer", () -> model.typed().get().layers().size() == OodFixture.LAYERS);
    OodState.Layer at = model.typed().get().layers().get(1);
    assertThat(at.score()).isEqualTo(4); // 2 x layer 2, the relative one
    double[] in = OodFixture.scores(5).in()[0][1];
    assertThat(at.aboveIn())
        .isCloseTo(
            Arrays.stream(in).filter(score -> score < 4).count() / (double) in.length,
            within(1e-12));
    assertThat(at.threshold()).isEqualTo(model.threshold().get());
    Fx.run(() -> model.setThreshold(3.5));
    assertThat(model.typed().get().layers().get(1).rejected()).isTrue();
    Fx.run(() -> model.setThreshold(4.5));
    assertThat(model.typed().get().layers().get(1).rejected()).isFalse();
    Fx.run(() -> model.score("and this?"));
    Fx.await("a second answer", () -> scorer.asked.size() == 2 && !model.typed().get().busy());
    assertThat(scorer.started).hasValue(1);
    Fx.run(() -> model.setShown(false));
    assertThat(scorer.closed).as("out of sight no process is kept").hasValue(1);
  }

  @Test
  void anErrorIsOneLineAndWaitingCanBeGivenUp() {
    measured();
    scorer.problem = "/data/base: no such model";
    Fx.run(() -> model.score("one"));
    Fx.await("the problem", () -> model.typed().get().problem().equals(scorer.problem));
    scorer.problem = "";
    scorer.hold = new CountDownLatch(1);
    Fx.run(() -> model.score("two"));
    Fx.await("asked", () -> scorer.asked.contains("two"));
    assertThat(model.typed().get().busy()).isTrue();
    Fx.run(model::cancel);
    assertThat(model.typed().get()).isEqualTo(OodState.Typed.NOTHING);
    scorer.hold.countDown();
    Fx.run(() -> model.score("three"));
    Fx.await("answered", () -> !model.typed().get().layers().isEmpty());
    assertThat(scorer.started).as("another process after the one that was ended").hasValue(2);
  }

  @Test
  void aRunWithoutScoresSaysSo() {
    OodFixture.failed(folder, "ood-short");
    feed.poke();
    Fx.await("answered", () -> model.state().get().chosen().isPresent());
    assertThat(model.state().get().run()).isEmpty();
    Fx.run(() -> model.setThreshold(1));
    Fx.run(() -> model.score("x"));
    assertThat(model.threshold().get()).isNaN();
    assertThat(scorer.started).hasValue(0);
  }
}
