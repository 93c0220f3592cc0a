package dev.plumbline.figure;

import dev.plumbline.analysis.KlKind;
import java.util.List;

/**
 * One run's rows for the chart of reward against sqrt(KL).
 *
 * @param id the run's stable identifier
 * @param label its name on the chart
 * @param group runs of one group differ in their seed only and are fitted together; the id when the
 *     run stands alone
 * @param kind what the KL is
 * @param step training steps, ascending
 * @param kl mean KL of each step in nats, not clipped
 * @param reward mean PM score of each step in nats
 * @param gold mean gold reward of each step in nats, or empty
 * @param responses responses behind each point, 0 when unknown
 * @param rewardDeviation standard deviation of the score under the initial policy for a fixed
 *     prompt, for the theory slope; NaN when unknown
 * @param marks what happened while the run went on
 */
public record RewardKlRun(
    String id,
    String label,
    String group,
    KlKind kind,
    Column step,
    Column kl,
    Column reward,
    Column gold,
    int responses,
    double rewardDeviation,
    List<Happening> marks) {

  /** Checks the columns and copies the list. */
  public RewardKlRun {
    if (step.size() != kl.size()
        || step.size() != reward.size()
        || !(gold.isEmpty() || gold.size() == step.size())) {
      throw new IllegalArgumentException(
          "run "
              + id
              + ": columns of "
              + step.size()
              + ", "
              + kl.size()
              + ", "
              + reward.size()
              + " and "
              + gold.size()
              + " rows");
    }
    marks = List.copyOf(marks);
  }

  /**
   * Something that happened to a run, such as a hyper-parameter that was changed.
   *
   * @param step when
   * @param label what, a few words
   */
  public record Happening(long step, String label) {}

  /** A run alone, without gold reward and marks. */
  public static RewardKlRun of(
      String id, String label, KlKind kind, long[] step, double[] kl, double[] reward) {
    return new RewardKlRun(
        id,
        label,
        id,
        kind,
        Column.of(step),
        Column.of(kl),
        Column.of(reward),
        Column.empty(),
        0,
        Double.NaN,
        List.of());
  }

  /** The same run with a gold reward. */
  public RewardKlRun withGold(double[] values) {
    return new RewardKlRun(
        id,
        label,
        group,
        kind,
        step,
        kl,
        reward,
        Column.of(values),
        responses,
        rewardDeviation,
        marks);
  }

  /** The same run in a group of seeds. */
  public RewardKlRun withGroup(String name) {
    return new RewardKlRun(
        id, label, name, kind, step, kl, reward, gold, responses, rewardDeviation, marks);
  }

  /** The same run with the number of responses behind each point. */
  public RewardKlRun withResponses(int count) {
    return new RewardKlRun(
        id, label, group, kind, step, kl, reward, gold, count, rewardDeviation, marks);
  }

  /** The same run with the spread of the score under the initial policy. */
  public RewardKlRun withRewardDeviation(double deviation) {
    return new RewardKlRun(
        id, label, group, kind, step, kl, reward, gold, responses, deviation, marks);
  }

  /** The same run with what happened to it. */
  public RewardKlRun withMarks(List<Happening> happenings) {
    return new RewardKlRun(
        id, label, group, kind, step, kl, reward, gold, responses, rewardDeviation, happenings);
  }

  /** sqrt(max(0, KL)) of each step, in sqrt(nat). */
  Column sqrtKl() {
    return kl.map(value -> Math.sqrt(Math.max(0, value)));
  }

  /** The score of the first point that has one; it is the initial policy's. */
  double initialReward() {
    return first(reward);
  }

  double initialGold() {
    return first(gold);
  }

  private static double first(Column values) {
    for (double value : values.raw()) {
      if (Double.isFinite(value)) {
        return value;
      }
    }
    return Double.NaN;
  }

  /** The place of a step on the axis of sqrt(KL): the last point at or before it; else NaN. */
  double sqrtKlAt(long when) {
    double place = Double.NaN;
    for (int row = 0; row < step.size() && step.get(row) <= when; row++) {
      place = Double.isFinite(kl.get(row)) ? Math.sqrt(Math.max(0, kl.get(row))) : place;
    }
    return place;
  }
}
