package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.evaluation.OodSettings;
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
        "best_of_k: {policy: /m, reward: {}, prompts: [p]} | best_of_k.reward: give exactly one of",
      })
  void aBrokenRuleIsOneLine(String spec, String message) {
    assertThatThrownBy(() -> read(spec))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message)
        .hasMessageContaining("a.yaml:1")
        .hasMessageNotContaining("\n");
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
