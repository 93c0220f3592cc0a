package dev.plumbline.sampledata;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.StudyPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The studies that ship with the project: grids on the sample world that stand beside figures of
 * the paper. The same files take other data and larger models by {@code --set}.
 */
public final class ReadyStudies {
  private ReadyStudies() {}

  /** What each is about, in the order in which all are run. */
  public static List<StudyPlan.About> list() {
    return names().stream()
        .map(name -> StudyPlan.about(Path.of(name + ".yaml"), text(name)))
        .toList();
  }

  private static List<String> names() {
    return read("studies/index.txt").lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
  }

  private static String text(String name) {
    return read("studies/" + name + ".yaml");
  }

  private static String read(String resource) {
    try {
      return new String(SampleWorkspace.resource(resource), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UserError("cannot read the program's own file " + resource, e);
    }
  }

  /**
   * Puts the sample set and a ready study into a workspace.
   *
   * @return the study's file below {@code sample/studies/}; empty where none has that name
   * @throws UserError where the workspace cannot be written
   */
  public static Optional<Path> install(Path workspace, String name) {
    if (!names().contains(name)) {
      return Optional.empty();
    }
    Path directory = SampleWorkspace.install(workspace).directory().resolve("studies");
    Path file = directory.resolve(name + ".yaml");
    try {
      Files.createDirectories(directory);
      SampleWorkspace.put(file, text(name).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw SampleDataGenerator.unwritable(directory, e);
    }
    return Optional.of(file);
  }
}
