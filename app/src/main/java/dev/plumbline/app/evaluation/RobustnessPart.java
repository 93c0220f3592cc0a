package dev.plumbline.app.evaluation;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.View;
import java.util.function.ObjLongConsumer;

/**
 * The part of robustness.
 *
 * @param model what is shown
 * @param goHome goes to the page where something can be begun
 * @param openSamples shows a run's responses near a step
 */
public record RobustnessPart(
    RobustnessViewModel model, Runnable goHome, ObjLongConsumer<String> openSamples)
    implements EvaluationPart {
  @Override
  public String id() {
    return "robustness";
  }

  @Override
  public String title() {
    return Strings.text("evaluation.robustness");
  }

  @Override
  public View view() {
    return new RobustnessView(model, goHome, openSamples);
  }
}
