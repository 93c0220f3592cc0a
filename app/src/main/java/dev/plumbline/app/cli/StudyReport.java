package dev.plumbline.app.cli;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.app.feed.RewardFigure;
import dev.plumbline.app.feed.StoreReader;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.experiment.ProgramVersion;
import dev.plumbline.experiment.Study;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.sampledata.Ceiling;
import dev.plumbline.sampledata.SampleWorkspace;
import dev.plumbline.sampledata.SampleWorld;
import dev.plumbline.study.StudyReports;
import dev.plumbline.study.StudyResult;
import dev.plumbline.training.Metrics;
import dev.plumbline.workspace.MetricSeries;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What studies came to, in words and figures. */
final class StudyReport {
  private StudyReport() {}

  /** A study with its results as scripts read it. */
  record Results(
      StudyFollower.Result study,
      List<Run> runs,
      List<Card> cards,
      List<Table> tables,
      List<String> notes) {}

  /** A card; its verdict in small letters, as everywhere outside of Java. */
  record Card(String id, String figure, String claim, String verdict, String measured) {
    static Card of(PaperCard card) {
      return new Card(
          card.id(),
          card.figure(),
          card.claim(),
          card.verdict().name().toLowerCase(Locale.ROOT),
          card.measured());
    }
  }

  /** A run of a study. */
  record Run(String run, String role, Map<String, String> levels, String state) {}

  /** A table; cells that are no numbers are null. */
  record Table(String name, List<ResultTable.Column> columns, List<List<@Nullable Object>> rows) {
    static Table of(ResultTable table) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (List<Object> row : table.rows()) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (Object cell : row) {
          cells.add(cell instanceof Double number && !Double.isFinite(number) ? null : cell);
        }
        rows.add(cells);
      }
      return new Table(table.name(), table.columns(), rows);
    }
  }

  /** Prints the results of a study: its cards, then its tables. */
  static void results(Output output, Study study, StudyResult result, boolean json) {
    if (json) {
      output.json(
          new Results(
              StudyFollower.Result.of(study),
              study.plannedRuns().stream()
                  .map(
                      member ->
                          new Run(
                              member.run(),
                              member.role(),
                              member.levels(),
                              study.run(member).state().name().toLowerCase(Locale.ROOT)))
                  .toList(),
              result.cards().stream().map(Card::of).toList(),
              result.tables().stream().map(Table::of).toList(),
              result.notes()));
      return;
    }
    output.line(
        "%s  %s  %s  %d of %d runs done",
        study.id(),
        study.name(),
        study.state().name().toLowerCase(Locale.ROOT),
        study.progress().done(),
        study.plannedRuns().size());
    cards(output, result.cards());
    result.notes().forEach(note -> output.line("%s", note));
    for (ResultTable table : result.tables()) {
      output.line("");
      output.line("%s", table.name());
      table(output, table);
    }
  }

  /** Prints cards, the verdict first. */
  static void cards(Output output, List<PaperCard> cards) {
    for (PaperCard card : cards) {
      output.line(
          "%-10s %s: %s",
          card.verdict().name().toLowerCase(Locale.ROOT), card.figure(), card.claim());
      output.line("           here: %s", card.measured());
    }
  }

  private static void table(Output output, ResultTable table) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(table.columns().stream().map(ResultTable.Column::name).toList());
    for (List<Object> row : table.rows()) {
      lines.add(row.stream().map(StudyReports::shown).toList());
    }
    int[] widths = new int[table.columns().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder(" ");
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - line.get(i).length());
        boolean number = table.columns().get(i).kind() == ResultTable.Kind.NUMBER;
        text.append(' ').append(number ? padding + line.get(i) : line.get(i) + padding);
      }
      output.line("%s", text.toString().stripTrailing());
    }
  }

  /** Prints the result of the newest runs of the study and writes the figures. */
  static void write(Output output, Path workspace, SampleWorkspace.Installed sample) {
    try (Workspace store = Workspace.open(workspace)) {
      if (!store.isReadOnly()) {
        store.ingest();
      }
      newest(store, "preference").ifPresent(run -> preference(output, run, sample));
      newest(store, "rlhf")
          .ifPresent(
              run -> {
                policy(output, store, run);
                figures(output, store, run, workspace.resolve("figures"));
              });
    }
  }

  private static Optional<RunRow> newest(Workspace store, String stage) {
    return store.runs().stream()
        .filter(run -> run.stage().equals(stage))
        .max(Comparator.comparing(RunRow::created));
  }

  private static void preference(Output output, RunRow run, SampleWorkspace.Installed sample) {
    Ceiling ceiling =
        Ceiling.of(
            ComparisonReader.read(sample.helpfulTest()).comparisons(),
            SampleWorld.Kind.HELPFUL,
            SampleWorld.Weakest.DROPPED);
    output.line(
        "preference model: accuracy %.3f (95 %% %.3f to %.3f, n = %.0f held-out comparisons)",
        last(run, Metrics.EVAL_ACCURACY),
        last(run, Metrics.EVAL_ACCURACY_LOW),
        last(run, Metrics.EVAL_ACCURACY_HIGH),
        last(run, Metrics.EVAL_N));
    double shorter = last(run, Metrics.EVAL_LENGTH_ACCURACY);
    output.line(
        "  beside it: length rule (shorter/longer) %.3f/%.3f, the annotators' noise allows %.3f",
        shorter, 1 - shorter, ceiling.bayes());
  }

  private static void policy(Output output, Workspace store, RunRow run) {
    output.line(
        "policy: PM score %s nats, gold reward %s nats, √KL %s √nat, over %d steps",
        course(store.series(run.id(), Metrics.PM_SCORE)),
        course(store.series(run.id(), Metrics.GOLD_REWARD)),
        course(store.series(run.id(), Metrics.SQRT_KL)),
        run.step());
  }

  private static void figures(Output output, Workspace store, RunRow run, Path directory) {
    PaperFigures.RewardKlChart chart =
        RewardFigure.of(
            new StoreReader(store), List.of(run), PaperFigures.Options.ALL, ProgramVersion.TEXT);
    for (PaperFigures.SlopeRow row : chart.slopes()) {
      output.line(
          "slope of the law: %.3f nats per √nat, 95 %% %.3f to %.3f (%s)",
          row.slope(), row.interval().low(), row.interval().high(), row.method());
    }
    List<Path> files =
        Arrays.stream(FigureExport.Format.values())
            .map(format -> directory.resolve("reward-against-sqrt-kl." + format.extension()))
            .toList();
    FigureCommand.write(chart.figure(), 5.5, files);
    files.forEach(file -> output.line("%s", file));
  }

  /** First and last value: "-0.21 → 1.84". */
  private static String course(MetricSeries series) {
    if (series.size() == 0) {
      return "–";
    }
    return String.format(
        Locale.ROOT, "%.2f → %.2f", series.value()[0], series.value()[series.size() - 1]);
  }

  private static double last(RunRow run, String metric) {
    return run.last().getOrDefault(metric, Double.NaN);
  }
}
