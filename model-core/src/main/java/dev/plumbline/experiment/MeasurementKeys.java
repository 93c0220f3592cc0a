package dev.plumbline.experiment;

import static dev.plumbline.experiment.SpecDefaults.above;
import static dev.plumbline.experiment.SpecDefaults.choice;
import static dev.plumbline.experiment.SpecDefaults.count;
import static dev.plumbline.experiment.SpecDefaults.files;
import static dev.plumbline.experiment.SpecDefaults.model;
import static dev.plumbline.experiment.SpecDefaults.optionalText;
import static dev.plumbline.experiment.SpecDefaults.requiredGroup;

import dev.plumbline.evaluation.BestOfKSettings;
import dev.plumbline.experiment.SpecDefaults.Key;
import dev.plumbline.experiment.SpecDefaults.Meaning;
import dev.plumbline.lm.DialogueFormat;
import java.util.List;
import java.util.Map;

/** The part of {@link SpecDefaults} that is about measurements. */
final class MeasurementKeys {
  static final Map<Class<?>, List<Key>> KEYS =
      Map.of(
          BestOfKSettings.class,
          List.of(
              model("policy"),
              requiredGroup("reward"),
              optionalText("gold", Meaning.VALUE),
              files("prompts"),
              choice("format", DialogueFormat.HH),
              count("max_prompts", 128, 1),
              count("samples", 64, 1),
              count("max_prompt_tokens", 128, 1),
              count("max_response_tokens", 128, 1),
              above("temperature", 1.0, 0)));

  private MeasurementKeys() {}
}
