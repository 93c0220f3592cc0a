package dev.plumbline.experiment;

import dev.plumbline.training.StageSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one run is to do, complete and immutable. With the data that it names, by content, it
 * decides the result.
 *
 * @param name short name; later specs may refer to it as {@code run:NAME}
 * @param seed from which every random number of the run comes
 * @param tags words to find the run by
 * @param notes free text
 * @param settings hyper-parameters of the one stage; paths in them are absolute, or references
 *     {@code run:NAME} and {@code run:NAME@STEP}
 */
public record ExperimentSpec(
    String name, long seed, List<String> tags, String notes, StageSettings settings) {

  public ExperimentSpec {
    tags = List.copyOf(tags);
  }

  /** The stage's name, as in files: {@code preference} for example. */
  public String stage() {
    return stageOf(settings);
  }

  /** The name of a stage's settings in files. */
  public static String stageOf(StageSettings settings) {
    return SpecDefaults.STAGES.entrySet().stream()
        .filter(stage -> stage.getValue().isInstance(settings))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no stage has " + settings.getClass()));
  }

  /**
   * Reads a spec, YAML or JSON; the grammar and the defaults of omitted keys are those of {@link
   * SpecDefaults}.
   *
   * @throws dev.plumbline.data.UserError one line naming file, line, key and the mend
   */
  public static ExperimentSpec read(Path file) {
    return read(file, Map.of());
  }

  /**
   * The same with values for the placeholders {@code ${NAME}} in its texts; {@code ${NAME:-VALUE}}
   * has one of its own. A relative path that a value gives is relative to the spec file, as any
   * other.
   *
   * @throws dev.plumbline.data.UserError also where a placeholder has no value, or a value no
   *     placeholder
   */
  public static ExperimentSpec read(Path file, Map<String, String> values) {
    return SpecReader.read(file, values);
  }

  /**
   * Reads a spec from a text that stands in no file yet.
   *
   * @param named the file's name in messages; relative paths in the text are relative to it
   * @throws dev.plumbline.data.UserError one line naming file, line, key and the mend
   */
  public static ExperimentSpec parse(Path named, String text) {
    return SpecReader.read(named, SpecParser.parse(named, text));
  }

  /**
   * All mistakes of a spec's text, by their lines; empty where {@link #parse} reads it. Rules
   * between keys are held only where each key is right by itself.
   *
   * @param named as in {@link #parse}
   */
  public static List<SpecProblem> problems(Path named, String text) {
    return SpecReader.problems(named, text);
  }

  /** The same spec with other settings. */
  public ExperimentSpec withSettings(StageSettings other) {
    return new ExperimentSpec(name, seed, tags, notes, other);
  }
}
