package dev.plumbline.labelling;

import dev.plumbline.analysis.Agreement;
import dev.plumbline.analysis.AnnotatorReport;
import dev.plumbline.analysis.AnnotatorReport.Side;
import dev.plumbline.analysis.LabellingPlan;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.Quantiles;
import dev.plumbline.analysis.ReliabilityData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a batch's labels say of those who gave them. */
public final class LabelStatistics {
  /** Coverage of intervals. */
  private static final double COVERAGE = 0.95;

  private LabelStatistics() {}

  /**
   * One annotator.
   *
   * @param report side bias, self-consistency on hidden repeats, median active seconds
   * @param controls share of control items whose expected candidate was chosen; empty without any
   * @param drift how the second half of the labels differs from the first; empty below 20 labels
   */
  public record Annotator(
      AnnotatorReport report, Optional<Proportion> controls, Optional<Drift> drift) {}

  /**
   * Second half against first half, in the order in which the labels were given.
   *
   * @param secondsRatio median active seconds, second over first
   * @param firstLeft share of decided choices on the left in the first half; empty without any
   * @param secondLeft the same in the second
   */
  public record Drift(
      double secondsRatio, Optional<Proportion> firstLeft, Optional<Proportion> secondLeft) {}

  /** Everybody who labelled, in the order of their first label. */
  public static List<Annotator> annotators(Labels labels) {
    List<AnnotatorReport.Choice> choices = new ArrayList<>();
    for (Label label : labels.labels()) {
      if (label.judgement().outcome() != Outcome.SKIPPED) {
        choices.add(
            new AnnotatorReport.Choice(
                label.annotator(),
                label.item().id(),
                side(label),
                label.judgement().outcome().word(),
                label.answer().seconds()));
      }
    }
    return AnnotatorReport.of(choices, COVERAGE).stream()
        .map(
            report ->
                new Annotator(
                    report,
                    controls(labels, report.annotator()),
                    drift(
                        choices.stream()
                            .filter(choice -> choice.annotator().equals(report.annotator()))
                            .toList())))
        .toList();
  }

  private static Side side(Label label) {
    return !label.judgement().outcome().decided()
        ? Side.NEITHER
        : label.choseLeft() ? Side.LEFT : Side.RIGHT;
  }

  private static Optional<Proportion> controls(Labels labels, String annotator) {
    long asked = 0;
    long right = 0;
    for (Label label : labels.of(annotator)) {
      Optional<Judgement> expected = label.item().expected();
      if (expected.isPresent() && !label.repeat()) {
        asked++;
        right += expected.get().outcome() == label.judgement().outcome() ? 1 : 0;
      }
    }
    return asked == 0 ? Optional.empty() : Optional.of(Proportion.wilson(right, asked, COVERAGE));
  }

  private static Optional<Drift> drift(List<AnnotatorReport.Choice> own) {
    int half = own.size() / 2;
    if (half < 10) {
      return Optional.empty();
    }
    List<AnnotatorReport.Choice> first = own.subList(0, half);
    List<AnnotatorReport.Choice> second = own.subList(own.size() - half, own.size());
    return Optional.of(new Drift(median(second) / median(first), left(first), left(second)));
  }

  private static double median(List<AnnotatorReport.Choice> choices) {
    double[] seconds =
        choices.stream()
            .mapToDouble(AnnotatorReport.Choice::activeSeconds)
            .filter(each -> !Double.isNaN(each))
            .toArray();
    return seconds.length == 0 ? Double.NaN : Quantiles.of(seconds, 0.5);
  }

  private static Optional<Proportion> left(List<AnnotatorReport.Choice> choices) {
    long left = choices.stream().filter(each -> each.side() == Side.LEFT).count();
    long decided = choices.stream().filter(each -> each.side() != Side.NEITHER).count();
    return decided == 0
        ? Optional.empty()
        : Optional.of(Proportion.wilson(left, decided, COVERAGE));
  }

  /**
   * Agreement of several annotators on the same pairs, repeats left out.
   *
   * @param graded on the place on the scale (ordinal; ties as 0), otherwise on the direction alone
   *     (nominal; ties as a direction of their own)
   */
  public static Agreement agreement(Labels labels, boolean graded) {
    ReliabilityData.Builder data = new ReliabilityData.Builder();
    Map<String, Label> first = new LinkedHashMap<>();
    for (Label label : labels.labels()) {
      if (!label.repeat() && !Double.isNaN(label.judgement().signed())) {
        first.put(label.item().id() + "/" + label.annotator(), label);
      }
    }
    for (Label label : first.values()) {
      double signed = label.judgement().signed();
      data.add(label.item().id(), label.annotator(), graded ? signed : Math.signum(signed));
    }
    return Agreement.of(
        data.build(),
        graded ? Agreement.Level.ORDINAL : Agreement.Level.NOMINAL,
        Agreement.Options.STANDARD);
  }

  /**
   * Pairs that somebody decided more strongly than the weakest strength, each once: pairs that were
   * chosen by a model's doubt say nothing about the pool and are left out, repeats too.
   */
  public static long decidedAtRandom(Labels labels) {
    return labels.labels().stream()
        .filter(label -> !label.repeat() && label.judgement().counts() && atRandom(label.item()))
        .map(label -> label.item().id())
        .distinct()
        .count();
  }

  private static boolean atRandom(LabelItem item) {
    return item.attributes()
        .getOrDefault(LabelItem.SELECTED_BY, LabelSelection.AT_RANDOM)
        .equals(LabelSelection.AT_RANDOM);
  }

  /**
   * Wins of one model against all others, and how many labels it still takes to see a win rate.
   * Labels of pairs that were chosen by a model's doubt are left out: they say nothing about the
   * pool. The plan holds for one look at the end.
   *
   * @param wins share of decided matches won, with Wilson's interval; empty without any
   * @param stillNeeded decided comparisons still to come
   */
  public record Progress(Optional<Proportion> wins, long decided, long stillNeeded) {}

  /**
   * How far a batch is.
   *
   * @param model whose win rate it is
   * @param plan what win rate is to be seen, with which power
   */
  public static Progress progress(
      LabelBatch batch, Labels labels, String model, LabellingPlan plan) {
    boolean worse = batch.settings().mode() == LabelMode.RED_TEAM;
    long decided = 0;
    long wins = 0;
    for (Label label : labels.labels()) {
      LabelItem item = label.item();
      boolean first = item.first().model().equals(model);
      boolean second = item.second().model().equals(model);
      if (first == second || label.repeat() || !label.judgement().counts() || !atRandom(item)) {
        continue;
      }
      decided++;
      boolean firstWins = (label.judgement().outcome() == Outcome.FIRST) != worse;
      wins += firstWins == first ? 1 : 0;
    }
    return new Progress(
        decided == 0 ? Optional.empty() : Optional.of(Proportion.wilson(wins, decided, COVERAGE)),
        decided,
        plan.stillNeeded(decided));
  }
}
