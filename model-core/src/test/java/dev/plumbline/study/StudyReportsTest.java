package dev.plumbline.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.PaperCard.Verdict;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.catalogue.PaperCatalogue;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.CardRow;
import dev.plumbline.workspace.StudyRow;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies whose journals are written by hand, so that the answer is known. */
final class StudyReportsTest {
  /** Numbers of a decoder without its 1024 embeddings, worked by hand below. */
  private static final Map<String, Integer> PARAMETERS = Map.of("small", 25_248, "large", 100_672);

  @TempDir Path directory;

  private static String config(int width, int feedForward) {
    return """
    {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 1024,
     "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": 2,
     "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 160,
     "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
     "attention_bias": false, "mlp_bias": false, "tie_word_embeddings": true,
     "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    """
        .formatted(width, feedForward);
  }

  /**
   * A layer of width w and feed-forward f has 4 w^2 + 3 w f + 2 w numbers, and there is a last norm
   * of w: 2 (4096 + 8448 + 64) + 32 = 25248 for 32 and 88; 2 (16384 + 33792 + 128) + 64 = 100672
   * for 64 and 176.
   */
  private Study study() throws IOException {
    Files.createDirectories(directory.resolve("base"));
    Files.writeString(directory.resolve("base/config.json"), config(32, 88));
    Files.writeString(directory.resolve("pairs.jsonl"), "{}\n");
    Path file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            title: by hand
            figures: "7"
            axes:
              size: {small: {RATE: 0.1}, large: {RATE: 0.2}}
              data: [100, 1000, 10000]
              seed: [1, 2, 3]
            runs:
              - role: pm
                over: [size, data, seed]
                spec:
                  seed: "${seed}"
                  preference:
                    base: base
                    data: [pairs.jsonl]
                    max_comparisons: "${data}"
                    learning_rate: "${RATE}"
            analysis: preference-scaling
            """);
    return Study.create(new Runs(directory.resolve("workspace")), StudyPlan.read(file, Map.of()));
  }

  private static JournalEvent metrics(long step, long samples, double accuracy) {
    return new JournalEvent.Metrics(
        step,
        samples,
        samples * 20,
        1,
        Map.of(
            Metrics.EVAL_ACCURACY,
            accuracy,
            Metrics.EVAL_ACCURACY_LOW,
            accuracy - 0.03,
            Metrics.EVAL_ACCURACY_HIGH,
            accuracy + 0.03,
            Metrics.EVAL_N,
            1000.0,
            Metrics.EVAL_LOSS,
            0.6,
            Metrics.EVAL_LENGTH_ACCURACY,
            0.45));
  }

  /** A finished run on acc = 0.3 + (0.01 + 0.001 k) ln P + (0.02 - 0.002 k) ln D, k = seed - 2. */
  private static void finish(Study study, StudyMember member) throws IOException {
    RunDirectory run = study.run(member);
    String size = String.valueOf(member.levels().get("size"));
    int k = Integer.parseInt(String.valueOf(member.levels().get("seed"))) - 2;
    long comparisons = Long.parseLong(String.valueOf(member.levels().get("data")));
    double accuracy =
        0.3
            + (0.01 + 0.001 * k) * Math.log(PARAMETERS.getOrDefault(size, 0))
            + (0.02 - 0.002 * k) * Math.log((double) comparisons);
    Path model = run.path().resolve("checkpoints/10/model");
    Files.createDirectories(model);
    Files.writeString(
        model.resolve("config.json"), size.equals("small") ? config(32, 88) : config(64, 176));
    try (JournalWriter journal = JournalWriter.open(run.journalFile())) {
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      journal.append(metrics(5, 50, 0.5));
      journal.append(metrics(8, 80, 0.9)); // superseded: the run went back to step 5
      journal.append(metrics(12, comparisons * 2, 0.1));
      journal.append(new JournalEvent.Resumed(5));
      journal.append(metrics(10, comparisons, accuracy));
      journal.append(new JournalEvent.State(RunState.FINISHED, 10, ""));
    }
  }

  private Study finished() throws IOException {
    Study study = study();
    for (StudyMember member : study.plannedRuns()) {
      finish(study, member);
    }
    return study;
  }

  @Test
  void whatAResumeSupersededIsLeftOut() throws IOException {
    Study study = finished();
    StudyRun run = StudyData.of(study).role("pm").getFirst();
    StudySeries series = run.series(Metrics.EVAL_ACCURACY);
    assertThat(series.step()).containsExactly(5, 10);
    assertThat(series.samples()).containsExactly(50, 100);
    assertThat(series.value()[0]).isEqualTo(0.5);
    assertThat(run.parametersWithoutEmbeddings()).isEqualTo(25_248);
    assertThat(run.parameters()).isEqualTo(25_248 + 1024 * 32);
    assertThat(run.number("data")).isEqualTo(100);
  }

  @Test
  void aKnownLawIsFoundAgainWithItsIntervalOverSeeds() throws IOException {
    StudyResult result = StudyReports.recompute(finished());
    CatalogueFigures.checkAll("preference-scaling", result);
    ResultTable fits =
        result.tables().stream()
            .filter(table -> table.name().equals("scaling_fit"))
            .findFirst()
            .orElseThrow();
    assertThat(fits.texts("seed").subList(0, 3)).containsExactly("1", "2", "3");
    assertThat(fits.number(0, "b")).isCloseTo(0.009, within(1e-9));
    assertThat(fits.number(2, "c")).isCloseTo(0.018, within(1e-9));
    // Over seeds b is 0.009, 0.010, 0.011: standard error 0.001/sqrt(3), and Student's t for two
    // degrees of freedom is 4.302653 (published tables), so 0.010 -+ 0.0024841.
    int mean = fits.texts("seed").indexOf("mean over seeds, t interval");
    assertThat(fits.number(mean, "b")).isCloseTo(0.010, within(1e-9));
    assertThat(fits.number(mean, "b_low")).isCloseTo(0.0075159, within(1e-6));
    assertThat(fits.number(mean, "c_high")).isCloseTo(0.020 + 2 * 0.0024841, within(1e-6));
    assertThat(result.cards())
        .extracting(PaperCard::id, PaperCard::verdict)
        .containsExactly(
            tuple("accuracy-with-data", Verdict.SAME),
            tuple("accuracy-with-size", Verdict.SAME),
            tuple("accuracy-log-linear", Verdict.SAME));
    assertThat(result.cards().get(1).measured())
        .isEqualTo(
            "0.0100 per e-fold of parameters, 95 % t interval over 3 seeds 0.0075 to 0.0125 (what"
                + " matters: 0.0023)");
    // All runs alike are balanced, so their plane is the mean of the seeds': 0.3, 0.010 and 0.020.
    int lines = 0;
    for (Layer layer : figure(result, "fig-32").layers()) {
      if (layer instanceof Layer.Line line && line.id().startsWith("fit/")) {
        int parameters = PARAMETERS.getOrDefault(line.id().substring("fit/".length()), 0);
        for (int end = 0; end < 2; end++) {
          assertThat(line.y().get(end))
              .isCloseTo(
                  0.3 + 0.010 * Math.log(parameters) + 0.020 * Math.log(line.x().get(end)),
                  within(1e-9));
        }
        lines++;
      }
    }
    assertThat(lines).isEqualTo(PARAMETERS.size());
    ResultTable cells = result.tables().get(1);
    assertThat(cells.size()).isEqualTo(6);
    assertThat(cells.numbers("seeds")).containsOnly(3);
  }

  private static Figure figure(StudyResult result, String id) {
    return PaperCatalogue.of("preference-scaling").stream()
        .filter(recipe -> recipe.id().equals(id))
        .findFirst()
        .flatMap(
            recipe ->
                recipe.draw(
                    name ->
                        result.tables().stream()
                            .filter(table -> table.name().equals(name))
                            .findFirst()))
        .orElseThrow();
  }

  @Test
  void theWorkspaceTakesResultsUpOnceAndTheLastAnalysisStands() throws Exception {
    Study study = finished();
    StudyReports.recompute(study);
    Path home = directory.resolve("workspace");
    try (Workspace workspace = Workspace.open(home)) {
      workspace.ingest();
      List<CardRow> cards = workspace.cards();
      assertThat(cards).hasSize(3);
      assertThat(workspace.studyResults(study.id()))
          .containsExactly("accuracy", "accuracy_by_size_and_data", "scaling_fit");
      workspace.ingest();
      StudyReports.recompute(study);
      workspace.ingest();
      workspace.ingest();
      assertThat(workspace.cards()).isEqualTo(cards);
      StudyResult told = StudyReports.read(study).orElseThrow();
      for (ResultTable table : told.tables()) {
        assertThat(workspace.studyResult(study.id(), table.name())).contains(table);
      }
      assertThat(told.cards()).isEqualTo(cards.stream().map(CardRow::card).toList());
      StudyRow row = workspace.studies().getFirst();
      assertThat(row.title()).isEqualTo("by hand");
      assertThat(row.analysed()).isTrue();
      assertThat(row.total()).isEqualTo(18);
      assertThat(row.state()).isEqualTo(RunState.QUEUED);
      assertThat(count(home, "v_study_run WHERE role = 'pm' AND state = 'finished'")).isEqualTo(18);
      assertThat(count(home, "v_card WHERE verdict = 'same'")).isEqualTo(3);
      assertThat(count(home, "v_study_cell WHERE name = 'accuracy' AND \"column\" = 'accuracy'"))
          .isEqualTo(18);

      study.with(RunState.STOPPED, "by hand", new Study.Progress(4, Double.NaN)).save();
      workspace.ingest();
      assertThat(workspace.studies().getFirst().state()).isEqualTo(RunState.STOPPED);
      assertThat(workspace.studies().getFirst().done()).isEqualTo(4);
    }
    try (Workspace again = Workspace.open(home)) { // a process that has seen nothing yet
      again.ingest();
      assertThat(again.cards()).hasSize(3);
    }
    assertThat(directory.resolve("workspace/studies/" + study.id() + "/report.json")).exists();
    assertThat(
            Files.readString(directory.resolve("workspace/studies/" + study.id() + "/report.md")))
        .contains("| Figs 7 left, 31, 32; Eq A.1 |", "**same**");
  }

  private static int count(Path home, String from) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("workspace.db"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
      return row.getInt(1);
    }
  }

  @Test
  void missingRunsAreNamedAndWhatIsNeededIsSaid() throws IOException {
    Study study = study();
    assertThatThrownBy(() -> StudyReports.recompute(study))
        .isInstanceOf(UserError.class)
        .hasMessage("study study has no finished run of role 'pm', which its analysis needs");
    List<StudyMember> members = study.plannedRuns();
    for (StudyMember member : members.subList(0, members.size() - 1)) {
      finish(study, member);
    }
    assertThat(StudyReports.recompute(study).notes().getFirst())
        .isEqualTo(
            "computed without 1 of 18 runs, which are not finished: pm-large-data10000-seed3");
    assertThatThrownBy(() -> StudyReports.analysis("none"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no analysis 'none'; there are ")
        .hasMessageContaining("preference-scaling");
  }

  @Test
  void aVerdictComesFromAnIntervalAndFromWhatMatters() {
    assertThat(PaperCard.ofEffect(interval(0.1, 0.3), 0.05)).isEqualTo(Verdict.SAME);
    assertThat(PaperCard.ofEffect(interval(0.01, 0.3), 0.05)).isEqualTo(Verdict.SAME);
    assertThat(PaperCard.ofEffect(interval(-0.3, -0.1), 0.05)).isEqualTo(Verdict.CHANGED);
    assertThat(PaperCard.ofEffect(interval(-0.3, 0.1), 0.05)).isEqualTo(Verdict.UNDECIDED);
    assertThat(PaperCard.ofEffect(interval(-0.03, 0.04), 0.05)).isEqualTo(Verdict.ABSENT);
    assertThat(PaperCard.ofEffect(interval(0.01, 0.04), 0.05)).isEqualTo(Verdict.ABSENT);
    assertThat(PaperCard.ofEffect(interval(Double.NaN, Double.NaN), 0.05))
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(PaperCard.ofEquality(interval(-0.01, 0.02), 0.05)).isEqualTo(Verdict.SAME);
    assertThat(PaperCard.ofEquality(interval(0.01, 0.2), 0.05)).isEqualTo(Verdict.CHANGED);
    assertThat(PaperCard.ofEquality(interval(-0.1, 0.2), 0.05)).isEqualTo(Verdict.UNDECIDED);
    assertThat(PaperCard.ofNoCost(interval(-0.3, -0.1), 0.05)).isEqualTo(Verdict.SAME);
    assertThat(PaperCard.ofNoCost(interval(0.01, 0.05), 0.05)).isEqualTo(Verdict.SAME);
    assertThat(PaperCard.ofNoCost(interval(0.01, 0.06), 0.05)).isEqualTo(Verdict.CHANGED);
    assertThat(PaperCard.ofNoCost(interval(-0.01, 0.06), 0.05)).isEqualTo(Verdict.UNDECIDED);
    assertThat(PaperCard.ofNoCost(interval(Double.NaN, Double.NaN), 0.05))
        .isEqualTo(Verdict.UNDECIDED);
  }

  private static Interval interval(double low, double high) {
    return new Interval(low, high, 0.95);
  }
}
