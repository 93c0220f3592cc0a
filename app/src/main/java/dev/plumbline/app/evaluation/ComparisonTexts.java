package dev.plumbline.app.evaluation;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.ImportReport;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.training.ComparisonId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The texts behind a run's table of comparisons, read from the files that its spec names: the table
 * holds names made of the texts, so that what is found is the same to the letter.
 *
 * @param byId texts by the comparison's name
 * @param note what could not be found, in one line; empty where all was
 */
record ComparisonTexts(Map<String, Comparison> byId, String note) {
  private static final Logger LOG = LoggerFactory.getLogger(ComparisonTexts.class);

  /** Held-out files first; a run that held out a share has them in its training files. */
  private static final List<String> KEYS =
      List.of("preference.held_out", "preference_evaluation.data", "preference.data");

  /** Reads the files of a run until all are found; off the JavaFX thread. */
  static ComparisonTexts find(Path run, Set<String> ids) {
    RunSpec spec;
    try {
      spec = new RunDirectory(run).spec();
    } catch (UserError e) {
      return new ComparisonTexts(Map.of(), String.valueOf(e.getMessage()));
    }
    Set<String> left = new HashSet<>(ids);
    Map<String, Comparison> found = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (Path file : files(spec)) {
      if (left.isEmpty()) {
        break;
      }
      try {
        ImportReport report =
            ComparisonReader.read(
                file,
                (_, comparison) -> {
                  String id = ComparisonId.of(comparison);
                  if (left.remove(id)) {
                    found.put(id, comparison);
                  }
                });
        LOG.debug("{}: {} texts wanted still ({})", file, left.size(), report);
      } catch (UserError e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    return new ComparisonTexts(
        Map.copyOf(found),
        left.isEmpty()
            ? ""
            : problems.isEmpty()
                ? Strings.text("calibration.text.missing", left.size(), ids.size())
                : Strings.text("calibration.text.unread", problems.getFirst()));
  }

  private static Set<Path> files(RunSpec spec) {
    Set<Path> files = new LinkedHashSet<>();
    for (String key : KEYS) {
      spec.inputs().stream()
          .filter(input -> input.key().startsWith(key))
          .forEach(input -> files.add(Path.of(input.path())));
    }
    return files;
  }
}
