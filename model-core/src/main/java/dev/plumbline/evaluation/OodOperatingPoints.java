package dev.plumbline.evaluation;

import dev.plumbline.analysis.Detection;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.RejectThreshold;
import dev.plumbline.analysis.ResultTable;

/**
 * Table {@code operating_points}: thresholds that are set on the calibration part, and what they do
 * to the tested part, which had no share in them. There are two rules: one asks for a rate of false
 * rejects and needs no outliers; the other asks for a share of outliers to be caught and is set on
 * outliers that are kept apart.
 */
final class OodOperatingPoints {
  private static final double LEVEL = 0.95;

  private final double falseReject;
  private final double catchFraction;
  private final ResultTable.Builder table =
      ResultTable.named("operating_points")
          .number("layer", "", "block behind which the activation is read, from 1")
          .number("relative_layer", "", "(layer - 1)/(L - 1)")
          .text("method", "mahalanobis, or relative: less its diagonal part")
          .number("split", "", "random split, from 0")
          .text("rule", "false_reject: set on inliers; catch: set on outliers kept apart")
          .number("target", "fraction", "the rate that the rule is to keep")
          .number("threshold", "", "prompts whose score reaches it are rejected")
          .number("n_set", "", "calibration prompts that the threshold was set on")
          .number("false_reject", "fraction", "tested in-distribution prompts rejected")
          .number("false_reject_low", "fraction", "lower end of Wilson's 95 % interval")
          .number("false_reject_high", "fraction", "upper end of Wilson's 95 % interval")
          .number("caught", "fraction", "tested out-of-distribution prompts rejected")
          .number("caught_low", "fraction", "lower end of Wilson's 95 % interval")
          .number("caught_high", "fraction", "upper end of Wilson's 95 % interval")
          .number("n_in", "", "in-distribution prompts tested")
          .number("n_out", "", "out-of-distribution prompts tested")
          .number(
              "conversations_in",
              "",
              "conversations that the tested in-distribution prompts are of; the intervals take"
                  + " prompts as independent, and with fewer conversations they are too narrow")
          .number("conversations_out", "", "likewise of the out-of-distribution prompts");

  /**
   * The table's rows are to be added.
   *
   * @param falseReject share of in-distribution prompts that may be rejected
   * @param catchFraction share of out-of-distribution prompts to be caught
   */
  OodOperatingPoints(double falseReject, double catchFraction) {
    this.falseReject = falseReject;
    this.catchFraction = catchFraction;
  }

  /**
   * Where scores are from.
   *
   * @param layer from 1
   * @param relativeLayer from 0 to 1
   */
  record Place(int layer, double relativeLayer, String method, int split) {}

  /** Scores of both kinds. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Both(double[] in, double[] out) {}

  /** How many conversations tested prompts are of. */
  record Conversations(long in, long out) {}

  /**
   * Sets a threshold by each rule on the calibration scores and adds what it does to the tested.
   */
  void add(Place place, Both calibration, Both test, Conversations conversations) {
    row(
        place,
        "false_reject",
        falseReject,
        RejectThreshold.atMostRejected(calibration.in(), falseReject),
        calibration.in().length,
        test,
        conversations);
    row(
        place,
        "catch",
        catchFraction,
        RejectThreshold.atLeastCaught(calibration.out(), catchFraction),
        calibration.out().length,
        test,
        conversations);
  }

  private void row(
      Place place,
      String rule,
      double target,
      double threshold,
      int setOn,
      Both test,
      Conversations conversations) {
    Detection.OperatingPoint point = Detection.of(test.in(), test.out()).at(threshold, LEVEL);
    Proportion rejected = point.falseReject();
    Proportion caught = point.caught();
    table.row(
        place.layer(),
        place.relativeLayer(),
        place.method(),
        place.split(),
        rule,
        target,
        threshold,
        setOn,
        rejected.value(),
        rejected.interval().low(),
        rejected.interval().high(),
        caught.value(),
        caught.interval().low(),
        caught.interval().high(),
        test.in().length,
        test.out().length,
        conversations.in(),
        conversations.out());
  }

  ResultTable build() {
    return table.build();
  }
}
