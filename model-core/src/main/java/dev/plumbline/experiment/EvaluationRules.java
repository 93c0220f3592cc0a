package dev.plumbline.experiment;

import dev.plumbline.evaluation.AnswerLikelihoodSettings;
import dev.plumbline.evaluation.MultipleChoiceSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.evaluation.TextScoresSettings;
import dev.plumbline.experiment.MeasurementRules.Breach;
import java.util.List;
import java.util.Optional;

/** The part of {@link MeasurementRules} that is about models on texts, questions and answers. */
final class EvaluationRules {
  private EvaluationRules() {}

  static Optional<Breach> first(TextScoresSettings settings) {
    if (!settings.template().contains(TextScoresSettings.PLACE)) {
      return Optional.of(
          new Breach(
              "template", "text_scores.template: say where the text stands, with {text} in it"));
    }
    if (settings.positive() != null && settings.label() == null) {
      return Optional.of(
          new Breach(
              "positive", "text_scores.positive: a value of the label, but no label is named"));
    }
    if (settings.pair() == null && (settings.term() != null || !settings.terms().isEmpty())) {
      return Optional.of(
          new Breach(
              settings.term() != null ? "term" : "terms",
              "text_scores: terms are compared within pairs; name the key of the pairs under"
                  + " pair"));
    }
    return Optional.empty();
  }

  static Optional<Breach> first(MultipleChoiceSettings settings) {
    return players("multiple_choice", settings.players(), settings.reference())
        .or(
            () ->
                MeasurementRules.unique(
                    "multiple_choice",
                    "tasks",
                    settings.tasks().stream().map(MultipleChoiceSettings.Task::name).toList()));
  }

  static Optional<Breach> first(AnswerLikelihoodSettings settings) {
    return players("answer_likelihood", settings.players(), settings.reference());
  }

  private static Optional<Breach> players(String stage, List<Player> players, String reference) {
    List<String> names = players.stream().map(Player::name).toList();
    return MeasurementRules.unique(stage, "players", names)
        .or(() -> MeasurementRules.reference(stage, names, reference))
        .or(() -> MeasurementRules.plain(stage, players, "nothing is sampled here"));
  }
}
