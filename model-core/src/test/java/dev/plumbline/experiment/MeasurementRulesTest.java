package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.OodSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.training.PpoSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What measurements ask of their keys together, one line each with the mend. */
final class MeasurementRulesTest {
  @TempDir Path directory;

  private ExperimentSpec read(String text) throws IOException {
    return ExperimentSpec.read(Files.writeString(directory.resolve("a.yaml"), text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ood: {model: /m, inside: [a], outside: [b], test_fraction: 0.6, calibration_fraction: 0.4}"
            + " | ood: test_fraction and calibration_fraction add up to 1.00 and leave less than"
            + " 0.05 to be fitted; lower one",
        "collection: {players: [{name: a, model: /m}], prompts: [p]} | collection: nobody chooses",
        "collection: {annotators: x} | collection: annotators need players that answer and prompts",
        "'matches: {players: [{name: a, model: /m}, {name: b, model: /n}], judges: [{name: j}],"
            + " prompts: [p]}' | 'j' needs exactly one of preference_model, gold and annotators",
        "'matches: {players: [{name: a, model: /m}, {name: a, model: /n}], judges: [{name: j, gold:"
            + " g}], prompts: [p]}' | matches.players: a second one is named 'a';"
            + " rename one",
        "'preference_evaluation: {model: /m, data: [{name: a, files: [f]}, {name: a, files: [g]}]}'"
            + " | preference_evaluation.data: a second one is named 'a'; rename one",
        "'preference_evaluation: {model: /m, data: [f], context_tokens: 2}' | context_tokens 2 has"
            + " no room",
        "'collection: {players: [{name: a, model: /m, best_of: 4}], prompts: [p], annotators: x}' |"
            + " collection.players: 'a': best_of 4 needs a ranker that chooses",
        "'collection: {players: [{name: a, model: /m, ranker: {preference_model: /r}}], prompts:"
            + " [p], annotators: x}' | a ranker has nothing to choose from",
        "'matches: {players: [{name: a, model: /m}, {name: b, model: /n, best_of: 2, ranker: {}}],"
            + " judges: [{name: j, gold: g}], prompts: [p]}' | 'b': a ranker is exactly one of",
        "'sample_sheet: {players: [{name: a, model: /m, best_of: 2}], sets: [{tag: t, files: [f]}],"
            + " ranker: {preference_model: /r}}' | a sheet shows all samples",
        "text_scores: {preference_model: /m, files: [f], template: a} | text_scores.template: say"
            + " where the text stands",
        "text_scores: {preference_model: /m, files: [f], positive: a} | but no label is named",
        "text_scores: {preference_model: /m, files: [f], terms: [a]} | name the key of the pairs",
        "'multiple_choice: {players: [{name: a, model: /m}], tasks: [{name: t, files: [f]}, {name:"
            + " t, files: [g]}]}' | multiple_choice.tasks: a second one is named 't'",
        "'answer_likelihood: {players: [{name: a, model: /m}], reference: b, data: [f]}' |"
            + " answer_likelihood.reference: no player is named 'b'; the players are a",
        "'answer_likelihood: {players: [{name: a, model: /m, best_of: 2}], data: [f]}' | 'a':"
            + " nothing is sampled here; leave best_of and ranker out",
        "best_of_k: {policy: /m, reward: {}, prompts: [p]} | best_of_k.reward: give exactly one of",
      })
  void aBrokenRuleIsOneLine(String spec, String message) {
    assertThatThrownBy(() -> read(spec))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message)
        .hasMessageContaining("a.yaml:1")
        .hasMessageNotContaining("\n");
  }

  /** A ranker's model is looked for like any other: relative to the file, or of a run. */
  @Test
  void aPlayerMayBeTheBestOfSeveral() throws IOException {
    MatchesSettings settings =
        (MatchesSettings)
            read("""
            matches:
              players:
                - {name: one, model: run:base}
                - {name: best, model: run:base, best_of: 16, ranker: {preference_model: pm}}
              judges: [{name: gold, gold: sample-world}]
              prompts: [p]
            """)
                .settings();
    assertThat(settings.players().getFirst()).isEqualTo(new Player("one", "run:base", 1));
    Player best = settings.players().getLast();
    assertThat(best.bestOf()).isEqualTo(16);
    assertThat(best.ranker())
        .isEqualTo(new PpoSettings.Reward(directory.resolve("pm").toString(), null));
  }

  @Test
  void whatIsLeftToBeFittedMayBeATwentieth() throws IOException {
    OodSettings settings =
        (OodSettings)
            read("ood: {model: /m, inside: [a], outside: [b], test_fraction: 0.75,"
                    + " calibration_fraction: 0.2}")
                .settings();
    assertThat(settings.testFraction() + settings.calibrationFraction()).isEqualTo(0.95);
    assertThat(settings.falseReject()).isEqualTo(0.05);
  }
}
