package dev.plumbline.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.training.PretrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpecPlaceholdersTest {
  @TempDir Path directory;

  private Path spec(String steps) throws IOException {
    return Files.writeString(
        directory.resolve("real.yaml"),
        """
        name: real
        pretraining:
          data: ["${DATA}/helpful.jsonl.gz"]
          steps: %s
          model: {layers: 2, d_model: 32, heads: 4, kv_heads: 2, feed_forward: 64}
        """
            .formatted(steps));
  }

  @Test
  void values_and_defaults_are_filled_in() throws IOException {
    PretrainingSettings settings =
        (PretrainingSettings)
            ExperimentSpec.read(spec("\"${STEPS:-300}\""), Map.of("DATA", "/data")).settings();
    assertThat(settings.data()).containsExactly("/data/helpful.jsonl.gz");
    assertThat(settings.steps()).isEqualTo(300);
  }

  @Test
  void a_missing_value_is_one_line_with_its_place_and_the_mend() throws IOException {
    Path file = spec("300");
    assertThatThrownBy(() -> ExperimentSpec.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(file + ":3: ${DATA} has no value; give one with --set DATA=VALUE");
  }

  @Test
  void a_value_that_nothing_asks_for_is_refused() throws IOException {
    Path file = spec("300");
    assertThatThrownBy(
            () -> ExperimentSpec.read(file, Map.of("DATA", "/data", "DATTA", "/elsewhere")))
        .isInstanceOf(UserError.class)
        .hasMessage(file + " asks for no value of 'DATTA'; it asks for DATA");
  }
}
