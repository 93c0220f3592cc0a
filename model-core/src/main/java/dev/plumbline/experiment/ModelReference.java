package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person writes where a model is asked for, and the Hugging Face directory that it means. It
 * may be a Hugging Face directory, a checkpoint directory, a run directory (its last checkpoint),
 * or a run's name or id in a workspace, with {@code run:} before it or not and {@code @STEP} behind
 * it or not.
 */
public final class ModelReference {
  private ModelReference() {}

  /**
   * The Hugging Face directory that an argument means.
   *
   * @param workspace directory in which names are looked up, or null where there is none
   * @throws UserError where there is no such model; says what was looked for
   */
  public static Path resolve(String argument, @Nullable Path workspace) {
    if (!argument.startsWith(RunReference.PREFIX)) {
      Optional<Path> directory = path(argument).filter(Files::isDirectory);
      if (directory.isPresent()) {
        return inDirectory(directory.get());
      }
    }
    RunReference reference =
        RunReference.parse(argument)
            .orElseThrow(
                () ->
                    new UserError(
                        "no directory '%s'; give a model, checkpoint or run directory, or run:NAME"
                            .formatted(argument)));
    if (workspace == null) {
      throw new UserError(
          "no directory '%s'; give one, or name a workspace to look up runs in"
              .formatted(argument));
    }
    return new Runs(workspace).model(reference);
  }

  /** The Hugging Face directory that a directory is or holds. */
  static Path inDirectory(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    if (Files.isRegularFile(absolute.resolve("config.json"))) {
      return absolute;
    }
    Path model = absolute.resolve("model");
    if (Files.isRegularFile(model.resolve("config.json"))) {
      return model;
    }
    RunDirectory run = new RunDirectory(absolute);
    if (run.exists()) {
      return ofRun(run);
    }
    throw new UserError(
        absolute
            + " holds no model: no config.json in it or in its model directory; check the path");
  }

  /** The model of a run's last checkpoint. */
  static Path ofRun(RunDirectory run) {
    return inDirectory(
        run.checkpoints()
            .last()
            .orElseThrow(
                () ->
                    new UserError(
                        "run %s has no checkpoint yet; wait for its first, or resume it"
                            .formatted(run.id()))));
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
