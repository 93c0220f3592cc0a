package dev.plumbline.app.cli;

import dev.plumbline.experiment.ExperimentSpec;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The spec that a command is given, and what its placeholders stand for. */
final class SpecOptions {
  @Parameters(paramLabel = "SPEC", description = "A spec, YAML or JSON")
  Path file = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Fills $${NAME} in the spec's texts; may be given more than once")
  @Nullable Map<String, String> values;

  /**
   * Reads it.
   *
   * @throws dev.plumbline.data.UserError where it will not do
   */
  ExperimentSpec read() {
    return ExperimentSpec.read(file, values == null ? Map.of() : values);
  }
}
