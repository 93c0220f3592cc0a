package dev.plumbline.app.evaluation.elo;

import dev.plumbline.app.evaluation.EvaluationPart;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.View;
import java.nio.file.Path;

/**
 * The part of ratings.
 *
 * @param model what is shown
 * @param dialogs asks for a file
 * @param folder where files are looked for first
 * @param goHome goes to the page where something can be begun
 */
public record EloPart(EloViewModel model, DialogService dialogs, Path folder, Runnable goHome)
    implements EvaluationPart {
  @Override
  public String id() {
    return "elo";
  }

  @Override
  public String title() {
    return Strings.text("evaluation.elo");
  }

  @Override
  public View view() {
    return new EloView(model, dialogs, folder, goHome);
  }
}
