package dev.plumbline.evaluation;

import dev.plumbline.data.UserError;
import dev.plumbline.training.Checkpoints;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the model that a path given by a person means. */
public final class ModelDirectory {
  private ModelDirectory() {}

  /**
   * The Hugging Face directory behind a path: the path itself, the {@code model/} of a checkpoint
   * directory, or that of the last checkpoint of a run directory.
   *
   * @throws UserError where there is none
   */
  public static Path resolve(Path path) {
    if (isModel(path)) {
      return path;
    }
    if (isModel(path.resolve("model"))) {
      return path.resolve("model");
    }
    if (Files.isDirectory(path.resolve("checkpoints"))) {
      return new Checkpoints(path)
          .last()
          .map(checkpoint -> checkpoint.resolve("model"))
          .filter(ModelDirectory::isModel)
          .orElseThrow(
              () ->
                  new UserError(
                      "%s: the run has no checkpoint yet; wait for one or ask for one"
                          .formatted(path)));
    }
    throw new UserError(
        ("%s: no model here; give a folder with config.json, or the folder of a checkpoint or a"
                + " run")
            .formatted(path));
  }

  private static boolean isModel(Path path) {
    return Files.isRegularFile(path.resolve("config.json"));
  }
}
