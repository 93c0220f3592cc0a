package dev.plumbline.app.evaluation;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.View;

/**
 * The part of calibration.
 *
 * @param model what is shown
 * @param goHome goes to the page where something can be begun
 * @param dialogs asks where files go
 * @param notices says that they were written
 */
public record CalibrationPart(
    CalibrationViewModel model, Runnable goHome, DialogService dialogs, Notices notices)
    implements EvaluationPart {
  @Override
  public String id() {
    return "calibration";
  }

  @Override
  public String title() {
    return Strings.text("evaluation.calibration");
  }

  @Override
  public View view() {
    return new CalibrationView(model, goHome, dialogs, notices);
  }
}
