package dev.plumbline.evaluation;

import dev.plumbline.analysis.Mahalanobis;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Role;
import dev.plumbline.evaluation.OodModel.Activations;
import dev.plumbline.evaluation.OodSplit.Part;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Scores further prompts as a finished out-of-distribution measurement scored its own: against the
 * prompts that its first split fitted. Where the run kept its fits they are read; of runs of before
 * they were kept, and of very wide models, they are made again from the same prompts, which gives
 * the same.
 */
public final class OodScorer implements AutoCloseable {
  private final OodModel model;
  private final List<Mahalanobis> fits;

  /**
   * A prompt's score.
   *
   * @param layer block behind which the activation is read, from 1
   * @param plain squared Mahalanobis distance to the fitted prompts
   * @param relative simplified relative Mahalanobis score
   */
  public record Score(int layer, double plain, double relative) {}

  /**
   * Loads a measurement's model and its fits.
   *
   * @param seed the run's
   * @param directory run directory
   * @param watcher hears what is being done
   * @throws UserError where the model or the prompts are not there any more
   */
  public OodScorer(
      OodSettings settings,
      long seed,
      Path directory,
      TorchRuntime runtime,
      Consumer<String> watcher) {
    model = new OodModel(settings, runtime);
    boolean ready = false;
    try {
      Optional<List<Mahalanobis>> kept = OodFits.read(directory);
      fits = kept.orElseGet(() -> fitted(settings, seed, watcher));
      if (fits.size() != model.layers() || fits.getFirst().width() != model.width()) {
        throw new UserError(
            "%s is of another model than %s".formatted(OodFits.FILE, settings.model()));
      }
      ready = true;
    } finally {
      if (!ready) {
        model.close();
      }
    }
  }

  private List<Mahalanobis> fitted(OodSettings settings, long seed, Consumer<String> watcher) {
    Randomness randomness = new Randomness(seed);
    List<String> inside = model.drawn(settings.inside(), "in-distribution", randomness);
    List<String> outside = model.drawn(settings.outside(), "out-of-distribution", randomness);
    OodSplit split = model.split(inside, outside, randomness, 0);
    int[] which = split.inside(Part.FIT);
    List<String> prompts = Arrays.stream(which).mapToObj(inside::get).toList();
    Activations activations =
        model.activations(
            prompts,
            done -> watcher.accept("fitting: prompt %d of %d".formatted(done, prompts.size())));
    List<Mahalanobis> all = new ArrayList<>();
    for (int layer = 0; layer < model.layers(); layer++) {
      all.add(model.fit(activations.layers().get(layer), layer));
    }
    return all;
  }

  /**
   * What is scored of a text: a transcript up to its last open turn of the assistant, where it is
   * none a single question of a person.
   *
   * @throws UserError where it is empty
   */
  public static String prompt(String text) {
    if (text.isBlank()) {
      throw new UserError("there is no text to be scored");
    }
    String human = Role.HUMAN.marker();
    String assistant = Role.ASSISTANT.marker();
    String whole = text.strip();
    if (!whole.startsWith(human.strip())) {
      return human + " " + whole + assistant;
    }
    String dialogue = "\n\n" + whole;
    int last = dialogue.lastIndexOf(assistant);
    // What the assistant answered last is no part of its prompt.
    return dialogue.lastIndexOf(human) > last
        ? dialogue + assistant
        : dialogue.substring(0, last + assistant.length());
  }

  /** Tokens of a prompt, the begin token included. */
  public int tokens(String prompt) {
    return model.form().encode(prompt).length;
  }

  /**
   * Scores a prompt at every layer.
   *
   * @param prompt as {@link #prompt} gives it
   * @throws UserError where the model's context is too short for it
   */
  public List<Score> score(String prompt) {
    int tokens = tokens(prompt);
    if (tokens > model.form().contextTokens()) {
      throw new UserError(
          "the prompt has %,d tokens, and the model's context is %,d; shorten it"
              .formatted(tokens, model.form().contextTokens()));
    }
    Activations activations = model.activations(List.of(prompt), done -> {});
    List<Score> scores = new ArrayList<>();
    for (int layer = 0; layer < fits.size(); layer++) {
      float[] row = activations.layers().get(layer);
      scores.add(
          new Score(layer + 1, fits.get(layer).plain(row)[0], fits.get(layer).relative(row)[0]));
    }
    return scores;
  }

  @Override
  public void close() {
    model.close();
  }
}
