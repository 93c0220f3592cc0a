package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * When the preference model that a policy is trained on and one that it is not come apart (paper
 * section 4.2, figure 4): the difference of their scores of the same responses, step by step.
 *
 * @param points by step, ascending
 * @param onset the first step from which on every interval excludes 0, all on one side; empty where
 *     the last one does not
 */
public record GapOnset(List<Point> points, OptionalLong onset) {
  /** Copies the list. */
  public GapOnset {
    points = List.copyOf(points);
  }

  /**
   * Both models' scores at a step.
   *
   * @param step RL training samples, or steps
   * @param train scores by the model that the policy is trained on, nats
   * @param test scores of the same responses, in the same order, by the other
   */
  @SuppressWarnings("ArrayRecordComponent") // thousands of scores, read only here
  public record Step(long step, double[] train, double[] test) {}

  /**
   * The gap at a step.
   *
   * @param step the step
   * @param n responses that both models scored
   * @param gap mean of train less test, less the offset, nats
   * @param interval t interval of the mean of the paired differences; NaN for fewer than two
   */
  public record Point(long step, long n, double gap, Interval interval) {
    /** 1 where the interval lies above 0, -1 where below, else 0. */
    int side() {
      return interval.low() > 0 ? 1 : interval.high() < 0 ? -1 : 0;
    }
  }

  /**
   * Computes the gap.
   *
   * @param steps in any order, each step once; NaN scores are left out with their partners
   * @param offset mean of train less test on held-out data: only differences of scores mean
   *     anything, so each model's held-out mean is taken off (paper appendix B.2)
   * @param level coverage of intervals
   * @throws IllegalArgumentException where a step comes twice or scores do not pair up
   */
  public static GapOnset of(List<Step> steps, double offset, double level) {
    List<Point> points = new ArrayList<>();
    for (Step step : steps.stream().sorted(Comparator.comparingLong(Step::step)).toList()) {
      if (step.train().length != step.test().length) {
        throw new IllegalArgumentException(
            "step %d has %d scores of one model and %d of the other"
                .formatted(step.step(), step.train().length, step.test().length));
      }
      if (!points.isEmpty() && points.getLast().step() == step.step()) {
        throw new IllegalArgumentException("step " + step.step() + " comes twice");
      }
      Moments moments = new Moments();
      for (int i = 0; i < step.train().length; i++) {
        moments.add(step.train()[i] - step.test()[i] - offset);
      }
      points.add(new Point(step.step(), moments.n(), moments.mean(), moments.tInterval(level)));
    }
    return of(points);
  }

  /**
   * The onset of gaps whose intervals are known, such as those over the responses of one run.
   *
   * @param points by step, ascending
   */
  public static GapOnset of(List<Point> points) {
    OptionalLong onset = OptionalLong.empty();
    for (int i = points.size() - 1; i >= 0; i--) {
      int side = points.get(i).side();
      if (side == 0 || side != points.getLast().side()) {
        break;
      }
      onset = OptionalLong.of(points.get(i).step());
    }
    return new GapOnset(points, onset);
  }
}
