package dev.plumbline.experiment;

import dev.plumbline.data.Sha256;
import dev.plumbline.data.UserError;
import dev.plumbline.training.StageSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Replaces the references of a spec by paths, and takes the hash of everything that it names. */
final class SpecResolver {
  private final Path workspace;

  SpecResolver(Path workspace) {
    this.workspace = workspace;
  }

  /**
   * Resolves a spec.
   *
   * @throws UserError where a file, model or run is missing
   */
  RunSpec resolve(ExperimentSpec spec, Instant created) {
    List<RunSpec.Input> inputs = new ArrayList<>();
    Map<String, String> hashes = new HashMap<>();
    StageSettings settings =
        SpecPaths.map(
            spec.settings(),
            (key, meaning, text) -> {
              RunSpec.Input input = input(key, meaning, text);
              inputs.add(input);
              hashes.put(input.path(), input.sha256());
              return input.path();
            });
    ExperimentSpec resolved = spec.withSettings(settings);
    String hash = SpecJson.hash(resolved, path -> hashes.getOrDefault(path, path));
    return new RunSpec(resolved, true, inputs, hash, created);
  }

  /** Says which input has changed since its hash was taken; empty where none has. */
  static Optional<String> changed(RunSpec spec) {
    for (RunSpec.Input input : spec.inputs()) {
      Path path = Path.of(input.path());
      String now = Files.isDirectory(path) ? hashOfModel(path) : Sha256.of(path);
      if (!now.equals(input.sha256())) {
        return Optional.of(
            "%s (%s) has changed since the run began; restore it, or start a new run"
                .formatted(input.path(), input.key()));
      }
    }
    return Optional.empty();
  }

  RunSpec.Input input(String key, SpecDefaults.Meaning meaning, String text) {
    if (meaning == SpecDefaults.Meaning.MODEL) {
      Path model;
      try {
        model = ModelReference.resolve(text, workspace);
      } catch (UserError e) {
        throw new UserError(key + ": " + e.getMessage(), e);
      }
      return new RunSpec.Input(key, text, model.toString(), hashOfModel(model));
    }
    Path file = file(key, text);
    if (!Files.isRegularFile(file)) {
      throw new UserError(key + ": no such file: " + file + "; check the path in the spec");
    }
    return new RunSpec.Input(key, text, file.toString(), Sha256.of(file));
  }

  private Path file(String key, String text) {
    if (!text.startsWith(RunReference.PREFIX)) {
      return Path.of(text);
    }
    try {
      return new Runs(workspace).data(RunReference.parse(text).orElseThrow());
    } catch (UserError e) {
      throw new UserError(key + ": " + e.getMessage(), e);
    }
  }

  /** Over the names and hashes of a model directory's files, sorted. */
  static String hashOfModel(Path directory) {
    StringBuilder lines = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".json") || name.endsWith(".safetensors")) {
          lines.append(Sha256.of(file)).append("  ").append(name).append('\n');
        }
      }
    } catch (IOException e) {
      throw new UserError("cannot read the model " + directory + ": " + e.getMessage(), e);
    }
    return Sha256.of(lines.toString().getBytes(StandardCharsets.UTF_8));
  }
}
