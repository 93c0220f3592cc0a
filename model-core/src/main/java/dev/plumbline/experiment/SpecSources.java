package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the models that a spec names are, and what they were trained on, where that can be read. */
final class SpecSources {
  private final @Nullable Path workspace;
  private final Map<String, Optional<Path>> directories = new HashMap<>();
  private final Map<String, Optional<RunSpec>> runs = new HashMap<>();

  SpecSources(@Nullable Path workspace) {
    this.workspace = workspace;
  }

  /** The Hugging Face directory of a model. */
  Optional<Path> directory(String model) {
    return directories.computeIfAbsent(
        model,
        text -> {
          try {
            return Optional.of(ModelReference.resolve(text, workspace));
          } catch (UserError e) {
            return Optional.empty(); // said when the run is made
          }
        });
  }

  /** How many parameters a model has. */
  Optional<Long> parameters(String model) {
    return directory(model)
        .flatMap(
            path -> {
              try {
                return Optional.of(DecoderConfig.ofDirectory(path).parameterCount());
              } catch (UserError e) {
                return Optional.empty();
              }
            });
  }

  /** Whether two names mean one model. */
  boolean same(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    Optional<Path> path = directory(one);
    return path.isPresent() && path.equals(directory(other));
  }

  /** The spec of the run that trained a model. */
  Optional<RunSpec> run(String model) {
    return runs.computeIfAbsent(
        model,
        text ->
            directory(text)
                .flatMap(
                    path -> {
                      // runs/ID/checkpoints/STEP/model
                      Path run = path;
                      for (int i = 0; i < 3 && run != null; i++) {
                        run = run.getParent();
                      }
                      try {
                        return run != null && new RunDirectory(run).exists()
                            ? Optional.of(new RunDirectory(run).spec())
                            : Optional.empty();
                      } catch (UserError e) {
                        return Optional.empty();
                      }
                    }));
  }

  /** The preference models that a policy was trained against. */
  List<String> trainedAgainst(String policy) {
    return run(policy)
        .map(RunSpec::spec)
        .map(ExperimentSpec::settings)
        .filter(PpoSettings.class::isInstance)
        .map(settings -> ((PpoSettings) settings).reward().preferenceModels())
        .orElse(List.of());
  }

  /** The files that a preference model was trained on. */
  Set<String> trainingFiles(String model) {
    Set<String> files = new HashSet<>();
    preference(model).ifPresent(s -> s.data().forEach(part -> files.addAll(part.files())));
    return files;
  }

  private Optional<PreferenceSettings> preference(String model) {
    return run(model)
        .map(RunSpec::spec)
        .map(ExperimentSpec::settings)
        .filter(PreferenceSettings.class::isInstance)
        .map(PreferenceSettings.class::cast);
  }

  /**
   * A file from which two preference models may both have learned: its content counts, not its
   * place. Halves of one split and different tranches have nothing in common.
   */
  Optional<String> shared(String one, String other) {
    Optional<PreferenceSettings> first = preference(one);
    Optional<PreferenceSettings> second = preference(other);
    if (first.isEmpty() || second.isEmpty() || halves(first.get(), second.get())) {
      return Optional.empty();
    }
    for (PreferenceSettings.Part a : first.get().data()) {
      for (PreferenceSettings.Part b : second.get().data()) {
        boolean apart =
            a.tranche() != null && b.tranche() != null && !a.tranche().equals(b.tranche());
        Set<String> contents = new HashSet<>();
        a.files().forEach(file -> contents.add(content(one, file)));
        for (String file : b.files()) {
          if (!apart && contents.contains(content(other, file))) {
            return Optional.of(file);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean halves(PreferenceSettings one, PreferenceSettings other) {
    PreferenceSettings.Half a = one.split().half();
    PreferenceSettings.Half b = other.split().half();
    return a != PreferenceSettings.Half.NONE
        && b != PreferenceSettings.Half.NONE
        && a != b
        && Objects.equals(one.split().seed(), other.split().seed());
  }

  /** The hash of a file when the run began, or its path where none was kept. */
  private String content(String model, String file) {
    return run(model).stream()
        .flatMap(run -> run.inputs().stream())
        .filter(input -> input.path().equals(file) && !input.sha256().isEmpty())
        .map(RunSpec.Input::sha256)
        .findFirst()
        .orElse(file);
  }
}
