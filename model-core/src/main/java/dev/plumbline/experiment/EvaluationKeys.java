package dev.plumbline.experiment;

import static dev.plumbline.experiment.SpecDefaults.choice;
import static dev.plumbline.experiment.SpecDefaults.count;
import static dev.plumbline.experiment.SpecDefaults.files;
import static dev.plumbline.experiment.SpecDefaults.model;
import static dev.plumbline.experiment.SpecDefaults.optionalFiles;
import static dev.plumbline.experiment.SpecDefaults.optionalText;
import static dev.plumbline.experiment.SpecDefaults.text;
import static dev.plumbline.experiment.SpecDefaults.truth;

import dev.plumbline.evaluation.AnswerLikelihoodSettings;
import dev.plumbline.evaluation.MultipleChoiceSettings;
import dev.plumbline.evaluation.TextScoresSettings;
import dev.plumbline.experiment.SpecDefaults.Meaning;
import dev.plumbline.lm.DialogueFormat;
import java.util.List;
import java.util.Map;

/** The part of {@link SpecDefaults} that is about models on texts, questions and answers. */
final class EvaluationKeys {
  static final Map<Class<?>, List<SpecDefaults.Key>> KEYS =
      Map.of(
          TextScoresSettings.class,
          List.of(
              model("preference_model"),
              files("files"),
              optionalText("text", Meaning.VALUE),
              text("template", TextScoresSettings.PLACE),
              optionalText("group_by", Meaning.VALUE),
              optionalText("label", Meaning.VALUE),
              optionalText("positive", Meaning.VALUE),
              optionalText("pair", Meaning.VALUE),
              optionalText("term", Meaning.VALUE),
              SpecDefaults.records("terms"),
              count("max_texts", 50_000, 1)),
          MultipleChoiceSettings.class,
          List.of(
              some("players"),
              text("reference", ""),
              some("tasks"),
              choice("format", MultipleChoiceSettings.Format.TEXT),
              choice("layout", MultipleChoiceSettings.Layout.LISTED),
              count("shots", 0, 0),
              count("seeds", 1, 1),
              truth("shuffle", true),
              truth("unconditional", false),
              count("max_items", 2000, 1)),
          MultipleChoiceSettings.Task.class,
          List.of(text("name"), files("files"), optionalFiles("shots_from")),
          AnswerLikelihoodSettings.class,
          List.of(
              some("players"),
              text("reference", ""),
              files("data"),
              choice("format", DialogueFormat.HH),
              count("max_comparisons", 4000, 1)));

  private EvaluationKeys() {}

  /** A list of at least one group. */
  private static SpecDefaults.Key some(String name) {
    return new SpecDefaults.Key(
        name, true, null, 1, false, Double.POSITIVE_INFINITY, Meaning.VALUE);
  }
}
