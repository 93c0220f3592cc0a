package dev.plumbline.app.feed;

import dev.plumbline.figure.Figure;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.workspace.RunRow;
import java.util.List;

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
    Figure figure = chart.figure();
    return new PaperFigures.RewardKlChart(
        figure.withProvenance(
            RunProvenance.of(
                runs.stream().filter(run -> figure.provenance().runs().contains(run.id())).toList(),
                version,
                figure.provenance().notes())),
        chart.slopes(),
        chart.refused());
  }
}
