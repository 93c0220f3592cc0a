package dev.plumbline.evaluation;

import dev.plumbline.analysis.Mahalanobis;
import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.OodSplit.Part;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The model of an out-of-distribution measurement: prompts, activations and fits are made here. */
final class OodModel implements AutoCloseable {
  private static final int AT_ONCE = 64;

  private final OodSettings settings;
  private final PromptForm form;
  private final @Nullable PreferenceModel preferenceModel;
  private final LanguageModel model;

  OodModel(OodSettings settings, TorchRuntime runtime) {
    this.settings = settings;
    Path directory = Path.of(settings.model());
    form = new PromptForm(directory, settings.format());
    preferenceModel =
        PreferenceModel.formatOf(directory).isPresent()
            ? PreferenceModel.load(runtime, directory)
            : null;
    model =
        preferenceModel == null ? LanguageModel.load(runtime, directory) : preferenceModel.trunk();
  }

  /** How prompts become tokens. */
  PromptForm form() {
    return form;
  }

  /** How many layers there are, L. */
  int layers() {
    return model.config().layers();
  }

  /** Numbers of an activation, d. */
  int width() {
    return model.config().dModel();
  }

  /** Activations of some prompts: by layer, rows side by side. */
  record Activations(List<String> prompts, List<float[]> layers) {
    int size() {
      return prompts.size();
    }

    /** Some of the prompts. */
    List<String> prompts(int[] which) {
      return Arrays.stream(which).mapToObj(prompts::get).toList();
    }

    /** Rows of some prompts at a layer. */
    float[] rows(int layer, int[] which) {
      float[] all = layers.get(layer);
      int width = all.length / size();
      float[] rows = new float[which.length * width];
      for (int i = 0; i < which.length; i++) {
        System.arraycopy(all, which[i] * width, rows, i * width, width);
      }
      return rows;
    }
  }

  /**
   * The activations of prompts.
   *
   * @param watcher hears how many are done
   */
  Activations activations(List<String> prompts, IntConsumer watcher) {
    List<float[]> all = new ArrayList<>();
    for (int layer = 0; layer < layers(); layer++) {
      all.add(new float[prompts.size() * width()]);
    }
    for (int from = 0; from < prompts.size(); from += AT_ONCE) {
      List<String> part = prompts.subList(from, Math.min(prompts.size(), from + AT_ONCE));
      List<float[][]> found = model.activations(part.stream().map(form::encode).toList());
      for (int i = 0; i < part.size(); i++) {
        for (int layer = 0; layer < layers(); layer++) {
          // Entry 0 is the embedding, the same for every prompt that ends alike.
          System.arraycopy(
              found.get(i)[layer + 1], 0, all.get(layer), (from + i) * width(), width());
        }
      }
      watcher.accept(from + part.size());
    }
    return new Activations(prompts, all);
  }

  /**
   * The prompts of a kind, in the order that the seed draws.
   *
   * @param kind its name, for the error
   */
  List<String> drawn(List<String> files, String kind, Randomness randomness) {
    List<String> prompts =
        PromptForm.draw(
            PromptForm.read(files),
            settings.maxPrompts(),
            new PromptForm.Bounds(settings.maxPromptTokens(), 0),
            List.of(form),
            randomness);
    if (prompts.size() < 20) {
      throw new UserError(
          "%d %s prompts have at most %d tokens; at least 20 are needed"
              .formatted(prompts.size(), kind, settings.maxPromptTokens()));
    }
    return prompts;
  }

  /** A split of prompts, by its number from 0. */
  OodSplit split(List<String> inside, List<String> outside, Randomness randomness, int number) {
    return OodSplit.of(
        inside,
        outside,
        settings.testFraction(),
        settings.calibrationFraction(),
        randomness,
        number);
  }

  /** The distribution of a split's fitted prompts at a layer, from 0. */
  Mahalanobis fit(Activations inside, OodSplit split, int layer) {
    return fit(inside.rows(layer, split.inside(Part.FIT)), layer);
  }

  /** The distribution of activations at a layer, from 0. */
  Mahalanobis fit(float[] rows, int layer) {
    try {
      return Mahalanobis.fit(rows, width(), settings.shrinkage());
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "layer %d, %d prompts of width %d: %s; raise shrinkage or max_prompts"
              .formatted(layer + 1, rows.length / width(), width(), e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    if (preferenceModel != null) {
      preferenceModel.close();
    } else {
      model.close();
    }
  }
}
