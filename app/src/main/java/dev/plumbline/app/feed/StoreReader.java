package dev.plumbline.app.feed;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.figure.FigureBatch;
import dev.plumbline.training.TokenTrace;
import dev.plumbline.workspace.CardRow;
import dev.plumbline.workspace.CheckpointRow;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.SampleRow;
import dev.plumbline.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers from an open workspace; used by one thread at a time.
 *
 * @param workspace the workspace
 */
public record StoreReader(Workspace workspace) implements RunReader {
  @Override
  public MetricSeries series(String runId, String metric) {
    return workspace.series(runId, metric);
  }

  @Override
  public Optional<RunRow> run(String runId) {
    return workspace.run(runId);
  }

  @Override
  public List<String> metrics(String runId) {
    return workspace.metrics(runId);
  }

  @Override
  public Optional<String> bestOfK(String runId) {
    return workspace.bestOfK(runId);
  }

  @Override
  public List<SampleRow> samples(String runId, OptionalLong step) {
    return workspace.samples(runId, step);
  }

  @Override
  public List<Long> sampleSteps(String runId) {
    return workspace.sampleSteps(runId);
  }

  @Override
  public List<MarkRow> marks(String runId) {
    return workspace.marks(runId);
  }

  @Override
  public Map<String, Double> settings(String runId) {
    return workspace.settings(runId);
  }

  @Override
  public List<CheckpointRow> checkpoints(String runId) {
    return workspace.checkpoints(runId);
  }

  @Override
  public List<String> runsWith(String table) {
    return workspace.runsWith(table);
  }

  @Override
  public Optional<ResultTable> runTable(String runId, String name) {
    return workspace.result(runId, name, OptionalLong.empty());
  }

  @Override
  public TokenTrace sampleTrace(String runId, long step, int index) {
    return workspace.sampleTrace(runId, step, index);
  }

  @Override
  public List<PaperCard> cards(String studyId) {
    return workspace.cards().stream()
        .filter(row -> row.studyId().equals(studyId))
        .map(CardRow::card)
        .toList();
  }

  @Override
  public List<String> studyTables(String studyId) {
    return workspace.studyResults(studyId);
  }

  @Override
  public Optional<ResultTable> studyTable(String studyId, String name) {
    return workspace.studyResult(studyId, name);
  }

  @Override
  public List<StudyFigures.Drawn> studyFigures(String studyId, String version) {
    return StudyFigures.of(this, studyId, version);
  }

  @Override
  public List<FigureSource> figureSources() {
    return FigureSource.all(this);
  }

  @Override
  public Optional<FigureSource.Found> figure(String key, String name, String version) {
    return FigureSource.find(this, key, name, version);
  }

  @Override
  public List<FigureBatch.Item> projectFigures(String version) {
    return ProjectFigures.of(this, version);
  }
}
