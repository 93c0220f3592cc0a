package dev.plumbline.app.feed;

import dev.plumbline.analysis.KlKind;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.RewardKlRun;
import dev.plumbline.training.Metrics;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.RunRow;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From stored curves to the rows of the chart of reward against sqrt(KL). */
public final class RewardRuns {
  private static final Set<MarkRow.Kind> CHARTED =
      EnumSet.of(
          MarkRow.Kind.STEERED, MarkRow.Kind.RESUMED, MarkRow.Kind.NOTICE, MarkRow.Kind.ALERT);

  private RewardRuns() {}

  /** The rows of one run; without rows where it has none. */
  public static RewardKlRun of(RunReader reader, RunRow run) {
    MetricSeries kl = reader.series(run.id(), Metrics.KL_EXACT);
    double[] reward = at(kl, reader.series(run.id(), Metrics.PM_SCORE));
    MetricSeries goldSeries = reader.series(run.id(), Metrics.GOLD_REWARD);
    Column gold = goldSeries.size() == 0 ? Column.empty() : Column.of(at(kl, goldSeries));
    double responses = RunWords.last(run, Metrics.RESPONSES);
    return new RewardKlRun(
        run.id(),
        run.name(),
        run.id(),
        KlKind.EXACT_PER_RESPONSE,
        Column.of(kl.step()),
        Column.of(kl.value()),
        Column.of(reward),
        gold,
        Double.isFinite(responses) ? (int) responses : 0,
        Double.NaN,
        happenings(reader.marks(run.id())));
  }

  /** What belongs on charts: changes that a person made, resumes, and what went wrong. */
  public static List<RewardKlRun.Happening> happenings(List<MarkRow> marks) {
    return marks.stream()
        .filter(mark -> CHARTED.contains(mark.kind()))
        .map(mark -> new RewardKlRun.Happening(mark.step(), RunWords.shortMark(mark)))
        .toList();
  }

  /** Values of a series at the steps of another, NaN where it has none. */
  static double[] at(MetricSeries steps, MetricSeries values) {
    Map<Long, Double> byStep = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      byStep.put(values.step()[i], values.value()[i]);
    }
    double[] joined = new double[steps.size()];
    for (int i = 0; i < joined.length; i++) {
      joined[i] = byStep.getOrDefault(steps.step()[i], Double.NaN);
    }
    return joined;
  }
}
