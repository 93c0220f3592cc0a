package dev.plumbline.app.feed;

import dev.plumbline.workspace.CheckpointRow;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.SampleRow;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What can be asked about one run; only ever off the JavaFX thread. */
public interface RunReader {
  /** The curve of a metric; empty arrays where it was never measured. */
  MetricSeries series(String runId, String metric);

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
}
