package dev.plumbline.experiment.answer;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.training.PpoSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The model of a run near a step, with what judged it in training.
 *
 * @param step of the checkpoint that answers; -1 for the model that the run began with
 * @param directory of the model
 * @param form how its dialogues become tokens, as in specs
 * @param temperature that it was sampled at in training, 1 where it was not
 * @param scorers directories of preference models by name: {@code pm} of the reward, {@code
 *     part/NAME} of a sum, {@code test/NAME}
 */
public record AnsweringModel(
    long step, Path directory, String form, double temperature, Map<String, String> scorers) {

  /** Copies the map. */
  public AnsweringModel {
    scorers = Map.copyOf(scorers);
  }

  /**
   * The last checkpoint at or before a step; before a policy's first checkpoint, the model that it
   * began with.
   *
   * @param runDirectory of the run
   * @param step step that a column shows
   * @throws UserError where the run has no checkpoint, or its spec cannot be read
   */
  public static AnsweringModel of(Path runDirectory, long step) {
    RunDirectory run = new RunDirectory(runDirectory);
    ExperimentSpec spec = run.spec().spec();
    long found = -1;
    for (long each : run.checkpoints().steps()) {
      found = each <= step ? Math.max(found, each) : found;
    }
    Path directory = run.checkpoint(found).map(path -> path.resolve("model")).orElse(null);
    if (spec.settings() instanceof PpoSettings ppo) {
      Map<String, String> scorers = new LinkedHashMap<>();
      String single = ppo.reward().preferenceModel();
      if (single != null) {
        scorers.put("pm", single);
      }
      ppo.reward()
          .sum()
          .forEach(part -> scorers.put("part/" + part.name(), part.preferenceModel()));
      ppo.testRewards().forEach(test -> scorers.put("test/" + test.name(), test.preferenceModel()));
      return new AnsweringModel(
          found,
          directory == null ? Path.of(ppo.policy()) : directory,
          ppo.format().fileName(),
          ppo.temperature(),
          scorers);
    }
    if (directory == null) {
      throw new UserError(
          "%s has no checkpoint at or before step %d yet; wait for its first one"
              .formatted(run.id(), step));
    }
    return new AnsweringModel(found, directory, "hh", 1, Map.of());
  }
}
