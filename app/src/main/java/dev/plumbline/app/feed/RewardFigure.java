package dev.plumbline.app.feed;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.figure.Provenance;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** PM score against sqrt(KL) with its provenance: the same for the screen and the command line. */
public final class RewardFigure {
  private RewardFigure() {}

  /**
   * The chart of some policies, which says which specs, data and seeds it came from.
   *
   * @param version version of the program
   */
  public static PaperFigures.RewardKlChart of(
      RunReader reader, List<RunRow> runs, PaperFigures.Options options, String version) {
    PaperFigures.RewardKlChart chart =
        PaperFigures.rewardAgainstSqrtKlWithSlopes(
            runs.stream().map(run -> RewardRuns.of(reader, run)).toList(), options);
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
        // The curves are in the workspace; a run directory that was moved away takes no figure.
        specs.add("unknown");
      }
    }
    Provenance known = chart.figure().provenance();
    return new PaperFigures.RewardKlChart(
        chart
            .figure()
            .withProvenance(
                new Provenance(
                    known.runs(),
                    String.join(", ", specs),
                    String.join(", ", data),
                    "Plumbline " + version,
                    seeds,
                    known.notes())),
        chart.slopes(),
        chart.refused());
  }

  private static String shorten(String hash) {
    return hash.length() <= 16 ? hash : hash.substring(0, 16);
  }
}
