package dev.plumbline.experiment;

import static dev.plumbline.experiment.SpecDefaults.above;
import static dev.plumbline.experiment.SpecDefaults.between;
import static dev.plumbline.experiment.SpecDefaults.choice;
import static dev.plumbline.experiment.SpecDefaults.count;
import static dev.plumbline.experiment.SpecDefaults.files;
import static dev.plumbline.experiment.SpecDefaults.model;
import static dev.plumbline.experiment.SpecDefaults.optionalFiles;
import static dev.plumbline.experiment.SpecDefaults.optionalGroup;
import static dev.plumbline.experiment.SpecDefaults.optionalText;
import static dev.plumbline.experiment.SpecDefaults.requiredGroup;
import static dev.plumbline.experiment.SpecDefaults.truth;

import dev.plumbline.evaluation.BestOfKSettings;
import dev.plumbline.evaluation.CollectionSettings;
import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.OodSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.evaluation.PreferenceEvaluationSettings;
import dev.plumbline.evaluation.SampleSheetSettings;
import dev.plumbline.experiment.SpecDefaults.Meaning;
import dev.plumbline.lm.DialogueFormat;
import java.util.List;
import java.util.Map;

/** The part of {@link SpecDefaults} that is about measurements. */
final class MeasurementKeys {
  private static final SpecDefaults.Key FORMAT = choice("format", DialogueFormat.HH);
  private static final SpecDefaults.Key PROMPT_TOKENS = count("max_prompt_tokens", 128, 1);
  private static final SpecDefaults.Key RESPONSE_TOKENS = count("max_response_tokens", 128, 1);
  private static final SpecDefaults.Key TEMPERATURE = above("temperature", 1.0, 0);

  static final Map<Class<?>, List<SpecDefaults.Key>> KEYS =
      Map.of(
          Player.class,
          List.of(
              text("name"),
              model("model"),
              above("share", 1.0, 0),
              count("best_of", 1, 1),
              optionalGroup("ranker")),
          BestOfKSettings.class,
          List.of(
              model("policy"),
              requiredGroup("reward"),
              optionalText("gold", Meaning.VALUE),
              files("prompts"),
              FORMAT,
              count("max_prompts", 128, 1),
              count("samples", 64, 1),
              PROMPT_TOKENS,
              RESPONSE_TOKENS,
              TEMPERATURE),
          CollectionSettings.class,
          List.of(
              records("players", 0),
              optionalFiles("prompts"),
              optionalText("annotators", Meaning.VALUE),
              optionalFiles("labels"),
              FORMAT,
              count("comparisons", 1000, 1),
              truth("keep_unsure", false),
              fallback("tranche", "online"),
              PROMPT_TOKENS,
              RESPONSE_TOKENS,
              TEMPERATURE),
          MatchesSettings.class,
          List.of(
              records("players", 2),
              records("judges", 1),
              fallback("reference", ""),
              files("prompts"),
              FORMAT,
              count("max_prompts", 256, 1),
              PROMPT_TOKENS,
              RESPONSE_TOKENS,
              TEMPERATURE),
          MatchesSettings.Judge.class,
          List.of(
              text("name"),
              optionalText("preference_model", Meaning.MODEL),
              optionalText("gold", Meaning.VALUE),
              optionalText("annotators", Meaning.VALUE)),
          OodSettings.class,
          List.of(
              model("model"),
              files("inside"),
              files("outside"),
              FORMAT,
              count("max_prompts", 2000, 20),
              count("max_prompt_tokens", 256, 1),
              between("test_fraction", 0.3, 0.05, 0.9),
              between("calibration_fraction", 0.2, 0.05, 0.9),
              count("splits", 3, 1),
              between("shrinkage", 0.01, 0, 1),
              count("max_outliers", 1000, 1),
              count("draws", 5, 1),
              above("ridge", 0.01, 0),
              between("false_reject", 0.05, 0.001, 0.5),
              between("catch_fraction", 0.95, 0.01, 0.999),
              optionalFiles("filter")),
          PreferenceEvaluationSettings.class,
          List.of(
              model("model"),
              optionalText("baseline", Meaning.MODEL),
              files("data"),
              count("context_tokens", 0, 0)),
          SampleSheetSettings.class,
          List.of(
              records("players", 1),
              records("sets", 1),
              requiredGroup("ranker"),
              FORMAT,
              count("samples", 17, 1),
              count("max_prompts", 20, 1),
              PROMPT_TOKENS,
              RESPONSE_TOKENS,
              TEMPERATURE),
          SampleSheetSettings.PromptSet.class,
          List.of(text("tag"), files("files")));

  private MeasurementKeys() {}

  /** A list of groups, at least so many. */
  private static SpecDefaults.Key records(String name, int least) {
    return new SpecDefaults.Key(
        name,
        least > 0,
        least > 0 ? null : List.of(),
        least,
        false,
        Double.POSITIVE_INFINITY,
        Meaning.VALUE);
  }

  private static SpecDefaults.Key text(String name) {
    return new SpecDefaults.Key(name, true, null, 0, false, 0, Meaning.VALUE);
  }

  private static SpecDefaults.Key fallback(String name, String value) {
    return new SpecDefaults.Key(name, false, value, 0, false, 0, Meaning.VALUE);
  }
}
