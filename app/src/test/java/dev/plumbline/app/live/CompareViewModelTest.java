package dev.plumbline.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.chart.Zoom;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.figure.ComparisonChart;
import dev.plumbline.figure.Dash;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Layer;
import dev.plumbline.training.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparing runs, without a window. */
final class CompareViewModelTest {
  @TempDir private Path folder;
  private final List<String> problems = new ArrayList<>();
  private StoreFeed feed;
  private CompareViewModel model;

  @BeforeEach
  void open() {
    CompareFixture.write(folder);
    Fx.start();
    feed = Fx.call(() -> new StoreFeed(folder, List::of));
    model = Fx.call(() -> new CompareViewModel(feed, problems::add));
    Fx.await("seven runs", () -> feed.snapshot().get().runs().size() == 7);
    Fx.run(() -> model.setShown(true));
    Fx.run(() -> model.setFilter("stage:rlhf"));
    await("six policies and all charts", s -> s.runs().size() == 6 && s.metrics().size() > 5);
  }

  @AfterEach
  void close() {
    feed.close();
  }

  private CompareState await(String what, Predicate<CompareState> condition) {
    Fx.await(what, () -> condition.test(model.state().get()));
    return model.state().get();
  }

  private static List<Layer.Line> lines(Figure figure) {
    return figure.layers().stream()
        .filter(Layer.Line.class::isInstance)
        .map(Layer.Line.class::cast)
        .toList();
  }

  private Figure chart(int index) {
    return model.state().get().panels().get(index).figure();
  }

  @Test
  void theChartsOfThePoliciesStageAreThereAtFirst() {
    CompareState state = model.state().get();
    assertThat(state.layout().charts().getFirst().law()).isTrue();
    assertThat(state.panels()).hasSize(state.layout().charts().size());
    assertThat(lines(chart(1))).hasSize(6);
    assertThat(state.keys()).extracting(CompareState.Key::label).contains("weak-ppo-seed1");
    assertThat(state.fields().getFirst()).as("they differ in it").isIn("seed", "rlhf.lambda_kl");
    assertThat(state.fields()).contains("rlhf.batch_size");
  }

  @Test
  void aColourIsAValueOfASettingAndADashOneOfAnother() {
    Fx.run(() -> model.group("rlhf.lambda_kl", "seed", ""));
    CompareState state =
        await("groups", s -> s.keys().size() == 6 && s.layout().dash().equals("seed"));
    Fx.await(
        "two colours",
        () -> lines(chart(1)).stream().map(line -> line.ink().index()).distinct().count() == 2);
    List<Layer.Line> lines = lines(chart(1));
    assertThat(lines).extracting(line -> line.ink().index()).containsOnly(0, 1);
    assertThat(lines).extracting(Layer.Line::dash).contains(Dash.SOLID, Dash.DASHED, Dash.DOTTED);
    assertThat(state.keys().getFirst().label()).contains("lambda_kl = 0.001").contains("seed = 1");
  }

  @Test
  void aFacetHasAChartOfItsOwn() {
    int charts = model.state().get().panels().size();
    Fx.run(() -> model.group("", "", "rlhf.lambda_kl"));
    CompareState state =
        await(
            "facets",
            s ->
                s.panels().size() == 2 * charts
                    && s.panels().stream().noneMatch(panel -> panel.facet().isEmpty()));
    assertThat(state.panels().get(2).facet()).isEqualTo("lambda_kl = 0.001");
    assertThat(state.panels().get(2).figure().subtitle()).contains("lambda_kl = 0.001");
    assertThat(lines(chart(2))).hasSize(3);
  }

  @Test
  void seedsAreDrawnTogetherWithAStatedBand() {
    Fx.run(() -> model.setSeeds(ComparisonChart.Seeds.MEAN_T));
    await("bands", s -> s.layout().seeds() == ComparisonChart.Seeds.MEAN_T);
    Fx.await("two groups", () -> lines(chart(1)).size() == 2);
    assertThat(chart(1).layers().stream().filter(Layer.Band.class::isInstance)).hasSize(2);
    assertThat(chart(1).subtitle()).contains("mean, 95 % t interval, n = 3");
    assertThat(model.state().get().panels().get(1).definition()).contains("seed alone");
  }

  @Test
  void aKlOfAnotherEstimatorIsRefusedOnTheSameAxisWithTheReason() {
    Optional<String> refused = Fx.call(() -> model.toggleMetric(1, Metrics.KL_K3));
    assertThat(refused.orElseThrow())
        .contains("k3 estimate per response")
        .contains("is not the same quantity as exact KL per response");
    assertThat(problems).containsExactly(refused.get());
    assertThat(model.state().get().layout().charts().get(1).y()).containsExactly(Metrics.KL_EXACT);
    assertThat(Fx.call(() -> model.toggleMetric(1, Metrics.RESPONSE_TOKENS)).orElseThrow())
        .as("another unit")
        .contains("tokens");
    assertThat(Fx.call(() -> model.toggleMetric(1, Metrics.PM_SCORE))).isEmpty();
    Fx.await("two metrics", () -> lines(chart(1)).size() == 12);
  }

  @Test
  void aMetricStandsAgainstAnotherJoinedByStep() {
    Fx.run(() -> model.setX(3, Metrics.SQRT_KL));
    Fx.await("against √KL", () -> chart(3).x().label().equals("√KL"));
    Layer.Line line = lines(chart(3)).getFirst();
    assertThat(line.x().size()).isEqualTo(line.step().size());
    assertThat(line.x().get(0)).as("√KL of step 0").isEqualTo(0);
    assertThat(model.state().get().panels().get(3).definition()).contains("joined by step");
  }

  @Test
  void smoothingKeepsTheMeasuredValuesBehind() {
    Fx.run(() -> model.setSmoothing(0.9));
    Fx.await("smooth", () -> !lines(chart(1)).getFirst().ghost().isEmpty());
    assertThat(chart(1).subtitle()).contains("smoothed 0.9");
  }

  @Test
  void chartsOfOneAxisZoomTogether() {
    Fx.run(() -> model.zoom("step", Optional.of(Zoom.of(10, 20))));
    assertThat(model.zooms().get()).containsEntry("step", Zoom.of(10, 20)).hasSize(1);
    Fx.run(() -> model.cross("step", 12));
    assertThat(model.cross().get()).contains(new CompareViewModel.Cross("step", 12));
    Fx.run(() -> model.cross("step", Double.NaN));
    assertThat(model.cross().get()).isEmpty();
    Fx.run(() -> model.zoom("step", Optional.empty()));
    assertThat(model.zooms().get()).isEmpty();
  }

  private List<Layer.Mark> marks(int chart) {
    return chart(chart).layers().stream()
        .filter(Layer.Marks.class::isInstance)
        .flatMap(layer -> ((Layer.Marks) layer).marks().stream())
        .toList();
  }

  @Test
  void checkpointsAndSteeringAreMarkedAndOfFewRunsInWords() {
    assertThat(marks(1)).extracting(Layer.Mark::step).contains(45L).doesNotContain(20L);
    assertThat(marks(1)).as("six runs").allMatch(mark -> mark.label().isEmpty());
    Fx.run(() -> model.setMarks(true, true));
    Fx.await("checkpoints", () -> marks(1).stream().anyMatch(mark -> mark.step() == 20));
    Fx.run(() -> model.setFilter("stage:rlhf seed1"));
    await("two runs", s -> s.runs().size() == 2);
    Fx.await(
        "words",
        () ->
            marks(1).stream().anyMatch(mark -> mark.label().contains("0.01 → 0.005"))
                && marks(1).stream().anyMatch(mark -> mark.label().equals("checkpoint")));
  }

  @Test
  void aViewIsSavedWithItsChartsAndOpenedAgain() {
    Fx.run(
        () -> {
          model.addChart(Metrics.MEMORY_MB);
          model.resize(5, 6, 2);
          model.setLog(5, false, true);
          model.group("seed", "", "");
          model.saveView("memory");
        });
    Fx.await("the view", () -> model.views().get().equals(List.of("memory")));
    Fx.run(
        () -> {
          model.remove(5);
          model.group("", "", "");
        });
    await("five charts", s -> s.layout().charts().size() == 5 && s.layout().colour().isEmpty());
    Fx.run(() -> model.openView("memory"));
    CompareState state = await("as saved", s -> s.layout().charts().size() == 6);
    assertThat(state.layout().charts().get(5))
        .isEqualTo(
            new ChartSpec(List.of(Metrics.MEMORY_MB), "step", false, true, false, 6, 2, false));
    assertThat(state.layout().colour()).isEqualTo("seed");
    assertThat(CompareLayout.read(state.layout().json())).isEqualTo(state.layout());
    assertThat(CompareLayout.read("{\"charts\": 3")).isEqualTo(CompareLayout.first());
    Fx.run(() -> model.removeView("memory"));
    Fx.await("no view", () -> model.views().get().isEmpty());
  }

  @Test
  void aColourIsHiddenAndShownAgain() {
    CompareState.Key key = model.state().get().keys().getFirst();
    Fx.run(() -> model.toggle(key));
    Fx.await("five lines", () -> lines(chart(1)).size() == 5);
    CompareState.Key hidden = model.state().get().keys().getFirst();
    assertThat(hidden.hidden()).isTrue();
    Fx.run(() -> model.toggle(hidden));
    Fx.await("six lines", () -> lines(chart(1)).size() == 6);
  }

  @Test
  void modelsOfOtherSeedsCountAsEqual() {
    assertThat(CompareCharts.withoutSeed("run:base-3x64-seed1-20261123-163511"))
        .isEqualTo(CompareCharts.withoutSeed("run:base-3x64-seed12-20261124-000000"));
    assertThat(CompareCharts.withoutSeed("/data/seed1")).isEqualTo("/data/seed1");
  }
}
