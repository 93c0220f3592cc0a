package dev.plumbline.app.evaluation.ood;

import dev.plumbline.app.evaluation.EvaluationPart;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.View;

/**
 * The part of out-of-distribution detection.
 *
 * @param model what is shown
 * @param goHome goes to the page where something can be begun
 */
public record OodPart(OodViewModel model, Runnable goHome) implements EvaluationPart {
  @Override
  public String id() {
    return "ood";
  }

  @Override
  public String title() {
    return Strings.text("evaluation.ood");
  }

  @Override
  public View view() {
    return new OodView(model, goHome);
  }
}
