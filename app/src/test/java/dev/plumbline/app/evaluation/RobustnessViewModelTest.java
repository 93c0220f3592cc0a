package dev.plumbline.app.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.Overoptimisation;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.feed.StoreReader;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.RobustnessCharts;
import dev.plumbline.training.Metrics;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Robustness without a window. */
final class RobustnessViewModelTest {
  @TempDir private Path folder;

  private List<RobustnessCharts.Policy> policies() {
    try (Workspace workspace = Workspace.open(folder)) {
      workspace.ingest();
      StoreReader reader = new StoreReader(workspace);
      return workspace.runs().stream()
          .map(run -> RobustnessRuns.of(reader, run, Map.of()))
          .toList();
    }
  }

  /**
   * The fixture's gap begins at sqrt(KL) = 1 of 3.2, behind step 25 of 80, and grows by 0.024 a
   * step with intervals of 0.05 to each side and noise of 0.02: it opens some steps later. Its gold
   * reward is d (1 - 0.55 ln d), which is largest where ln d = 1/0.55 - 1, at d = 2.266.
   */
  @Test
  void theOnsetAndThePeakThatWerePutInAreFound() {
    EvaluationFixture.policy(folder, "ppo", 80, 4);
    RobustnessCharts.Policy policy = policies().getFirst();
    assertThat(policy.scores().stream().map(RobustnessCharts.Scores::name))
        .containsExactly("train PM", "test PM other-half", "gold");
    long onset = policy.gaps().getFirst().onset(policy.step()).orElseThrow().onset().orElseThrow();
    assertThat(onset).isBetween(26L, 33L);
    Overoptimisation law = policy.law().orElseThrow();
    assertThat(law.n()).as("without the first point").isEqualTo(80);
    assertThat(law.peak().orElseThrow().distance()).isCloseTo(Math.exp(1 / 0.55 - 1), within(0.08));
    List<NumberLine> findings = RobustnessFindings.of(List.of(policy));
    assertThat(findings.stream().map(NumberLine::value))
        .containsExactly(
            "from step " + onset,
            "peak at √KL %.2f".formatted(law.peak().orElseThrow().distance()));
  }

  /** Over runs: means and t intervals of one number a run, by hand for two runs. */
  @Test
  void severalRunsHaveAGapOverRuns() {
    EvaluationFixture.policy(folder, "ppo-one", 40, 4);
    EvaluationFixture.policy(folder, "ppo-two", 40, 5);
    List<RobustnessCharts.Policy> both = policies();
    String metric = Metrics.GAP.of("other-half");
    var over = RobustnessCharts.overRuns(both, metric).orElseThrow();
    assertThat(over.points()).hasSize(40);
    double a = both.get(0).gaps().getFirst().gap().get(30);
    double b = both.get(1).gaps().getFirst().gap().get(30);
    var point = over.points().get(29);
    assertThat(point.step()).isEqualTo(30);
    assertThat(point.gap()).isCloseTo((a + b) / 2, within(1e-12));
    // t of one degree of freedom, 12.7062, times |a - b| / 2, which is s / sqrt(2)
    assertThat(point.interval().high() - point.gap())
        .isCloseTo(12.7062047364 * Math.abs(a - b) / 2, within(1e-8));
    assertThat(RobustnessCharts.overRuns(both.subList(0, 1), metric)).isEmpty();
    assertThat(RobustnessFindings.of(both)).hasSize(5);
  }

  @Test
  void policiesAreChosenAndDrawnAgainstStepOrDistance() {
    Fx.start();
    EvaluationFixture.policy(folder, "ppo-one", 20, 4);
    EvaluationFixture.policy(folder, "ppo-two", 20, 5);
    try (StoreFeed feed = new StoreFeed(folder, List::of)) {
      RobustnessViewModel model = Fx.call(() -> new RobustnessViewModel(feed));
      Fx.run(() -> model.setShown(true));
      Fx.await("the runs", () -> model.state().get().runs().size() == 2);
      String first = model.state().get().chosen().getFirst();
      String other =
          model.state().get().runs().stream()
              .map(run -> run.id())
              .filter(id -> !id.equals(first))
              .findFirst()
              .orElseThrow();
      assertThat(Fx.call(() -> model.toggle(first))).as("the last one stays").isFalse();
      assertThat(Fx.call(() -> model.toggle(other))).isTrue();
      Fx.await("both", () -> model.state().get().chosen().size() == 2);
      Fx.run(() -> model.setAgainst(RobustnessCharts.Against.STEP));
      Fx.await("against steps", () -> model.state().get().scores().x().label().equals("step"));
      List<Layer.Line> lines =
          model.state().get().scores().layers().stream()
              .filter(Layer.Line.class::isInstance)
              .map(Layer.Line.class::cast)
              .toList();
      assertThat(lines).as("three judges of two runs").hasSize(6);
      assertThat(lines.getFirst().id()).isEqualTo(first + "/" + Metrics.TRAIN_SCORE);
      assertThat(lines.getFirst().step().get(7)).isEqualTo(7);
    }
  }
}
