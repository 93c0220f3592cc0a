package dev.plumbline.app.feed;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.figure.FigureBatch;
import dev.plumbline.training.TokenTrace;
import dev.plumbline.workspace.CheckpointRow;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.SampleRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be asked about runs and studies; only ever off the JavaFX thread. */
public interface RunReader {
  /** The curve of a metric; empty arrays where it was never measured. */
  MetricSeries series(String runId, String metric);

  /** A run with the last value of each of its curves. */
  Optional<RunRow> run(String runId);

  /** The names of its curves, sorted. */
  List<String> metrics(String runId);

  /**
   * The newest finished best-of-k measurement of the model that a policy began with, by the
   * preference model that it is trained on.
   */
  Optional<String> bestOfK(String runId);

  /** Responses at a step, or at the latest one that has any. */
  List<SampleRow> samples(String runId, OptionalLong step);

  /** Steps that have responses, ascending. */
  List<Long> sampleSteps(String runId);

  /** What happened to the run, in order. */
  List<MarkRow> marks(String runId);

  /** The numbers among its stage's settings, as they are in force now. */
  Map<String, Double> settings(String runId);

  /** Its checkpoints, ascending. */
  List<CheckpointRow> checkpoints(String runId);

  /** Ids of the runs that have a result table of a name. */
  List<String> runsWith(String table);

  /** A result table of a run, of its latest step; empty where it has none of that name. */
  Optional<ResultTable> runTable(String runId, String name);

  /** What is known of the tokens of a response; empty where nothing was kept. */
  TokenTrace sampleTrace(String runId, long step, int index);

  /** The cards of a study's last analysis. */
  List<PaperCard> cards(String studyId);

  /** The names of the tables of a study's last analysis, in its order. */
  List<String> studyTables(String studyId);

  /** A table of a study's last analysis. */
  Optional<ResultTable> studyTable(String studyId, String name);

  /**
   * The figures that a study's last analysis makes.
   *
   * @param version version of the program
   */
  List<StudyFigures.Drawn> studyFigures(String studyId, String version);

  /** The figures that the workspace has rows for. */
  List<FigureSource> figureSources();

  /**
   * A figure by its key, with what a person made of it; empty where its rows are gone.
   *
   * @param name the name that it is kept under
   * @param version version of the program
   */
  Optional<FigureSource.Found> figure(String key, String name, String version);

  /** All figures of the project with their changes, to be exported. */
  List<FigureBatch.Item> projectFigures(String version);
}
