package dev.plumbline.experiment;

import dev.plumbline.evaluation.AnswerLikelihoodSettings;
import dev.plumbline.evaluation.BestOfKSettings;
import dev.plumbline.evaluation.CollectionSettings;
import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.MeasurementSettings;
import dev.plumbline.evaluation.MultipleChoiceSettings;
import dev.plumbline.evaluation.OodSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.evaluation.PreferenceEvaluationSettings;
import dev.plumbline.evaluation.SampleSheetSettings;
import dev.plumbline.evaluation.TextScoresSettings;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Rules between the keys of a measurement. */
final class MeasurementRules {
  private MeasurementRules() {}

  /**
   * A broken rule.
   *
   * @param key where it shows
   * @param message what is wrong and the mend
   */
  record Breach(String key, String message) {}

  /** The first rule that settings break; empty where they break none. */
  static Optional<Breach> first(MeasurementSettings settings) {
    return switch (settings) {
      case AnswerLikelihoodSettings answers -> EvaluationRules.first(answers);
      case BestOfKSettings bestOfK -> one("best_of_k", "reward", bestOfK.reward());
      case CollectionSettings collection -> collection(collection);
      case MatchesSettings matches -> matches(matches);
      case OodSettings ood -> ood(ood);
      case PreferenceEvaluationSettings preference -> preferenceEvaluation(preference);
      case MultipleChoiceSettings choice -> EvaluationRules.first(choice);
      case TextScoresSettings texts -> EvaluationRules.first(texts);
      case SampleSheetSettings sheet ->
          unique("sample_sheet", "players", sheet.players().stream().map(Player::name).toList())
              .or(() -> one("sample_sheet", "ranker", sheet.ranker()))
              .or(
                  () ->
                      plain(
                          "sample_sheet",
                          sheet.players(),
                          "a sheet shows all samples in their order"));
    };
  }

  private static Optional<Breach> one(String stage, String key, PpoSettings.Reward reward) {
    return reward.sources() != 1
        ? Optional.of(
            new Breach(
                key,
                "%s.%s: give exactly one of preference_model, sum and lexical"
                    .formatted(stage, key)))
        : Optional.empty();
  }

  private static Optional<Breach> collection(CollectionSettings settings) {
    if (settings.annotators() == null && settings.labels().isEmpty()) {
      return Optional.of(
          new Breach(
              "annotators", "collection: nobody chooses; name annotators, or files under labels"));
    }
    if (settings.annotators() != null
        && (settings.players().isEmpty() || settings.prompts().isEmpty())) {
      return Optional.of(
          new Breach(
              "annotators",
              "collection: annotators need players that answer and prompts; add both"));
    }
    return unique("collection", "players", settings.players().stream().map(Player::name).toList())
        .or(() -> choices("collection", settings.players()));
  }

  private static Optional<Breach> matches(MatchesSettings settings) {
    List<String> players = settings.players().stream().map(Player::name).toList();
    Optional<Breach> reference = reference("matches", players, settings.reference());
    if (reference.isPresent()) {
      return reference;
    }
    for (MatchesSettings.Judge judge : settings.judges()) {
      long given =
          Stream.of(judge.preferenceModel(), judge.gold(), judge.annotators())
              .filter(Objects::nonNull)
              .count();
      if (given != 1) {
        return Optional.of(
            new Breach(
                "judges",
                "matches.judges: '%s' needs exactly one of preference_model, gold and annotators"
                    .formatted(judge.name())));
      }
    }
    return unique("matches", "players", players)
        .or(() -> choices("matches", settings.players()))
        .or(
            () ->
                unique(
                    "matches",
                    "judges",
                    settings.judges().stream().map(MatchesSettings.Judge::name).toList()));
  }

  /** A choice of several responses needs what it is made by, and that needs a choice. */
  private static Optional<Breach> choices(String stage, List<Player> players) {
    for (Player player : players) {
      PpoSettings.Reward ranker = player.ranker();
      String wrong = null;
      if (player.bestOf() > 1 && ranker == null) {
        wrong = "best_of %d needs a ranker that chooses".formatted(player.bestOf());
      } else if (ranker != null && player.bestOf() == 1) {
        wrong = "a ranker has nothing to choose from; give best_of, or leave it out";
      } else if (ranker != null && ranker.sources() != 1) {
        wrong = "a ranker is exactly one of preference_model, sum and lexical";
      }
      if (wrong != null) {
        return Optional.of(
            new Breach("players", "%s.players: '%s': %s".formatted(stage, player.name(), wrong)));
      }
    }
    return Optional.empty();
  }

  /** Players that do not choose among responses of theirs. */
  static Optional<Breach> plain(String stage, List<Player> players, String why) {
    return players.stream()
        .filter(player -> player.bestOf() > 1 || player.ranker() != null)
        .findFirst()
        .map(
            player ->
                new Breach(
                    "players",
                    "%s.players: '%s': %s; leave best_of and ranker out"
                        .formatted(stage, player.name(), why)));
  }

  private static Optional<Breach> ood(OodSettings settings) {
    double kept = settings.testFraction() + settings.calibrationFraction();
    return kept > 0.95 + 1e-9
        ? Optional.of(
            new Breach(
                "calibration_fraction",
                ("ood: test_fraction and calibration_fraction add up to %.2f and leave less than"
                        + " 0.05 to be fitted; lower one")
                    .formatted(kept)))
        : Optional.empty();
  }

  private static Optional<Breach> preferenceEvaluation(PreferenceEvaluationSettings settings) {
    int context = settings.contextTokens();
    return context == 1 || context == 2
        ? Optional.of(
            new Breach(
                "context_tokens",
                ("preference_evaluation: context_tokens %d has no room for a response; use 0 for"
                        + " the model's context, or at least 3")
                    .formatted(context)))
        : unique(
            "preference_evaluation",
            "data",
            settings.data().stream().map(PreferenceSettings.HeldOut::name).toList());
  }

  /** A reference is one of the players, or none is named. */
  static Optional<Breach> reference(String stage, List<String> players, String name) {
    return name.isEmpty() || players.contains(name)
        ? Optional.empty()
        : Optional.of(
            new Breach(
                "reference",
                "%s.reference: no player is named '%s'; the players are %s"
                    .formatted(stage, name, String.join(", ", players))));
  }

  /** No two under a key have one name. */
  static Optional<Breach> unique(String stage, String key, List<String> names) {
    Set<String> seen = new HashSet<>();
    return names.stream()
        .filter(name -> !seen.add(name))
        .findFirst()
        .map(
            name ->
                new Breach(
                    key,
                    "%s.%s: a second one is named '%s'; rename one".formatted(stage, key, name)));
  }
}
