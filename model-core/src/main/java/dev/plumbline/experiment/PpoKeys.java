package dev.plumbline.experiment;

import static dev.plumbline.experiment.SpecDefaults.above;
import static dev.plumbline.experiment.SpecDefaults.any;
import static dev.plumbline.experiment.SpecDefaults.choice;
import static dev.plumbline.experiment.SpecDefaults.count;
import static dev.plumbline.experiment.SpecDefaults.files;
import static dev.plumbline.experiment.SpecDefaults.model;
import static dev.plumbline.experiment.SpecDefaults.optionalText;
import static dev.plumbline.experiment.SpecDefaults.text;
import static dev.plumbline.experiment.SpecDefaults.truth;

import dev.plumbline.experiment.SpecDefaults.Meaning;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.RewardTransform;
import java.util.List;
import java.util.Map;

/** The grammar of what stands inside {@code rlhf}: groups, and lists of groups. */
final class PpoKeys {
  private PpoKeys() {}

  static final Map<Class<?>, List<SpecDefaults.Key>> KEYS =
      Map.of(
          RewardTransform.class,
          List.of(
              truth("standardise", RewardTransform.IDENTITY.standardise()),
              choice("shape", RewardTransform.IDENTITY.shape()),
              any("low", RewardTransform.IDENTITY.low()),
              any("high", RewardTransform.IDENTITY.high()),
              above("scale", RewardTransform.IDENTITY.scale(), 0),
              SpecDefaults.from("slope", RewardTransform.IDENTITY.slope(), 0)),
          PpoSettings.Part.class,
          List.of(text("name"), model("preference_model"), any("weight", 1)),
          PpoSettings.TestReward.class,
          List.of(text("name"), model("preference_model")),
          PpoSettings.PromptPool.class,
          List.of(
              text("name"),
              files("files"),
              above("share", 1, 0),
              optionalText("gold", Meaning.VALUE)),
          PpoSettings.HeldOutPrompts.class,
          List.of(
              text("name"),
              files("files"),
              count("count", 64, 2),
              optionalText("gold", Meaning.VALUE)),
          PpoSettings.Ranker.class,
          List.of(files("data"), count("every", 10, 1), count("max_comparisons", 500, 2)));
}
