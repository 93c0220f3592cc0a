package dev.plumbline.app.evaluation;

import dev.plumbline.analysis.Calibration;
import dev.plumbline.analysis.CalibrationBootstrap;
import dev.plumbline.analysis.CalibrationChance;
import dev.plumbline.analysis.CalibrationSlope;
import dev.plumbline.analysis.Corp;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.PreferenceCalibration;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import java.util.List;

/** The numbers of a calibration as people read them, each with its interval and definition. */
final class CalibrationNumbers {
  private CalibrationNumbers() {}

  /**
   * @param lengthRule accuracy of the better length rule on the same comparisons
   */
  static List<NumberLine> of(PreferenceCalibration found, double lengthRule) {
    Calibration measured = found.measured();
    CalibrationBootstrap spread = found.bootstrap();
    CalibrationChance chance = found.chance();
    Proportion accuracy = found.margin().accuracy();
    Corp corp = measured.corp();
    return List.of(
        new NumberLine(
            "accuracy",
            Strings.text("calibration.accuracy"),
            number(accuracy.value()),
            ends(accuracy.interval()),
            Strings.text("calibration.accuracy.tip")),
        new NumberLine(
            "length",
            Strings.text("calibration.length"),
            number(lengthRule),
            "",
            Strings.text("calibration.length.tip")),
        new NumberLine(
            "ece",
            Strings.text("calibration.ece"),
            number(measured.binned().ece()),
            ends(spread.ece()),
            Strings.text("calibration.ece.tip")),
        new NumberLine(
            "chance",
            Strings.text("calibration.chance"),
            number(chance.ece()),
            ends(chance.eceInterval()),
            Strings.text("calibration.chance.tip", number(chance.pValue()))),
        new NumberLine(
            "debiased",
            Strings.text("calibration.debiased"),
            number(measured.binned().debiasedL2()),
            ends(spread.debiasedL2()),
            Strings.text("calibration.debiased.tip")),
        new NumberLine(
            "mce",
            Strings.text("calibration.mce"),
            number(measured.binned().mce()),
            ends(spread.mce()),
            Strings.text("calibration.mce.tip")),
        new NumberLine(
            "brier",
            Strings.text("calibration.brier"),
            number(measured.brier()),
            ends(spread.brier()),
            Strings.text("calibration.brier.tip")),
        new NumberLine(
            "loss",
            Strings.text("calibration.loss"),
            number(measured.logLoss()),
            ends(spread.logLoss()),
            Strings.text("calibration.loss.tip")),
        new NumberLine(
            "slope",
            Strings.text("calibration.slope"),
            slope(measured.slope()),
            measured.slope().kind() == CalibrationSlope.Kind.ESTIMATED
                ? ends(measured.slope().interval())
                : "",
            Strings.text("calibration.slope.tip")),
        new NumberLine(
            "mcb",
            Strings.text("calibration.mcb"),
            number(corp.mcb()),
            "",
            Strings.text("calibration.mcb.tip")),
        new NumberLine(
            "dsc",
            Strings.text("calibration.dsc"),
            number(corp.dsc()),
            "",
            Strings.text("calibration.dsc.tip")),
        new NumberLine(
            "unc",
            Strings.text("calibration.unc"),
            number(corp.unc()),
            "",
            Strings.text("calibration.unc.tip")));
  }

  /** A slope, or why there is none. */
  static String slope(CalibrationSlope slope) {
    return switch (slope.kind()) {
      case ESTIMATED -> Numbers.fixed(slope.value(), 3);
      case SEPARATED -> "∞";
      case REVERSED -> "−∞";
      case CONSTANT -> Numbers.NONE;
    };
  }

  /** With four decimals, as the command line has them. */
  static String number(double value) {
    return Numbers.fixed(value, 4);
  }

  static String ends(Interval interval) {
    return Double.isNaN(interval.low())
        ? ""
        : Numbers.fixed(interval.low(), 4) + " – " + Numbers.fixed(interval.high(), 4);
  }
}
