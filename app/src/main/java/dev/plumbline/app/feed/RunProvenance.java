package dev.plumbline.app.feed;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.figure.Provenance;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Where figures of runs come from: their specs, inputs and seeds, as their directories say. */
final class RunProvenance {
  private static final int SHORT = 16;

  private RunProvenance() {}

  /**
   * The provenance of what is drawn from some runs.
   *
   * @param version version of the program
   * @param notes what else must be known
   */
  static Provenance of(List<RunRow> runs, String version, List<String> notes) {
    List<String> specs = new ArrayList<>();
    TreeSet<String> data = new TreeSet<>();
    List<Long> seeds = new ArrayList<>();
    for (RunRow run : runs) {
      try {
        RunSpec spec = new RunDirectory(run.directory()).spec();
        specs.add(shorten(spec.hash()));
        spec.inputs().forEach(input -> data.add(shorten(input.sha256())));
        seeds.add(spec.spec().seed());
      } catch (UserError e) {
        // The rows are in the workspace; a run directory that was moved away takes no figure.
        specs.add("unknown");
      }
    }
    return new Provenance(
        runs.stream().map(RunRow::id).toList(),
        String.join(", ", specs),
        String.join(", ", data),
        "Plumbline " + version,
        seeds,
        notes);
  }

  private static String shorten(String hash) {
    return hash.length() <= SHORT ? hash : hash.substring(0, SHORT);
  }
}
