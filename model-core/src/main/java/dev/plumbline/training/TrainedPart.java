package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes of a model what a trainer's settings ask for, and knows what of it is trained. */
final class TrainedPart {
  private static final String ADAPTER = ".lora_";

  private final TrainerSettings settings;

  TrainedPart(TrainerSettings settings) {
    this.settings = settings;
  }

  /** The model computed as the settings say, with its adapters; it takes the place of the first. */
  LanguageModel of(LanguageModel model, Randomness randomness) {
    check(model);
    LanguageModel computed = model.computing(settings.compute());
    TrainerSettings.LoraSettings lora = settings.lora();
    return lora == null ? computed : computed.adapted(lora.lora(), randomness.key("adapters"));
  }

  /** As {@link #of(LanguageModel, Randomness)}. */
  PreferenceModel of(PreferenceModel model, Randomness randomness) {
    check(model.trunk());
    PreferenceModel computed = model.computing(settings.compute());
    TrainerSettings.LoraSettings lora = settings.lora();
    return lora == null ? computed : computed.adapted(lora.lora(), randomness.key("adapters"));
  }

  private void check(LanguageModel model) {
    int layers = model.config().layers();
    if (settings.freeze().layers() > layers) {
      throw new UserError(
          "trainer.freeze.layers is %d, and the model has %d layers; freeze fewer"
              .formatted(settings.freeze().layers(), layers));
    }
  }

  /** Whether a parameter is trained: a head always, a model's own tensor where it is not frozen. */
  boolean trains(String name) {
    boolean own = name.startsWith("model.") || name.startsWith("lm_head.");
    if (!own) {
      return true;
    }
    if (settings.lora() != null) {
      return name.contains(ADAPTER);
    }
    if (name.startsWith("model.embed_")) {
      return !settings.freeze().embeddings();
    }
    for (int i = 0; i < settings.freeze().layers(); i++) {
      if (name.startsWith("model.layers." + i + ".")) {
        return false;
      }
    }
    return true;
  }

  /** Writes the model's folder, and beside it its adapters in their own form. */
  void save(LanguageModel model, Path checkpoint) {
    model.save(checkpoint.resolve("model"));
    if (settings.lora() != null) {
      model.saveAdapter(checkpoint.resolve("adapter"));
    }
  }

  /** As {@link #save(LanguageModel, Path)}. */
  void save(PreferenceModel model, Path checkpoint) {
    model.save(checkpoint.resolve("model"));
    if (settings.lora() != null) {
      model.saveAdapter(checkpoint.resolve("adapter"));
    }
  }

  /**
   * The tensors that a checkpoint's model folder cannot give back, because it holds them merged.
   *
   * @param names of all parameters, heads included
   */
  Map<String, Tensor> kept(List<String> names, List<Tensor> parameters) {
    Map<String, Tensor> kept = new LinkedHashMap<>();
    for (int i = 0; settings.lora() != null && i < names.size(); i++) {
      if (trains(names.get(i))) {
        kept.put(names.get(i), parameters.get(i));
      }
    }
    return kept;
  }

  /** Takes up the weights of a checkpoint; adapters come back with {@link #kept}. */
  void restore(LanguageModel model, Path checkpoint) {
    if (settings.lora() == null) {
      model.restore(checkpoint.resolve("model"));
    }
  }

  /** As {@link #restore(LanguageModel, Path)}. */
  void restore(PreferenceModel model, Path checkpoint) {
    if (settings.lora() == null) {
      model.restore(checkpoint.resolve("model"));
    }
  }
}
