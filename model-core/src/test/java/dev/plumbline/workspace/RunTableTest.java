package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunTableTest {
  @TempDir private Path directory;

  private static JournalEvent metrics(long step, Map<String, Double> values) {
    return new JournalEvent.Metrics(step, step, step, step, values);
  }

  private Path run(String id, String stage, long seed, String settings, List<JournalEvent> events) {
    return run(id, stage, seed, settings, "[]", events);
  }

  private Path run(
      String id,
      String stage,
      long seed,
      String settings,
      String inputs,
      List<JournalEvent> events) {
    Path run = RunFixture.run(directory, id, events);
    try {
      Files.writeString(
          run.resolve("spec.json"),
          """
          {"name": "%s", "seed": %d, "tags": ["%s", "all"], "notes": "", "%s": %s,
           "created": "2026-11-0%dT12:00:00.5Z", "resolved": true, "spec_hash": "h", "inputs": %s}
          """
              .formatted(id, seed, id.substring(0, 1), stage, settings, seed, inputs));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return run;
  }

  private static final String PPO =
      """
      {"policy": "/w/base", "reward": {"preference_model": "/w/pm"}, "prompts": ["/w/p.jsonl"],
       "lambda_kl": %s, "learning_rate": 0.0002}
      """;

  private void three() {
    run(
        "hh-1",
        "rlhf",
        1,
        PPO.formatted("0.001"),
        List.of(
            new JournalEvent.State(RunState.RUNNING, 0, ""),
            metrics(1, Map.of("pm_score", 1.0, "loss", 5.0)),
            metrics(2, Map.of("pm_score", 4.0, "loss", 2.0)),
            metrics(3, Map.of("pm_score", 2.5, "loss", Double.NaN)),
            new JournalEvent.State(RunState.FINISHED, 3, "")));
    run(
        "hh-2",
        "rlhf",
        2,
        PPO.formatted("0.001"),
        List.of(
            new JournalEvent.State(RunState.RUNNING, 0, ""),
            metrics(1, Map.of("pm_score", 3.5)),
            new JournalEvent.State(RunState.FAILED, 1, "loss is NaN")));
    run(
        "xx-3",
        "rlhf",
        3,
        PPO.formatted("0.1"),
        List.of(metrics(1, Map.of("pm_score", Double.POSITIVE_INFINITY))));
  }

  private static List<String> find(Workspace workspace, String filter, String... order) {
    RunFilterParser.Result result = RunFilterParser.parse(filter);
    assertThat(result.problem()).isEmpty();
    List<RunQuery.Order> orders = new ArrayList<>();
    for (String each : order) {
      orders.add(
          new RunQuery.Order(
              RunField.parse(each.replaceFirst("^-", "")).orElseThrow(), each.startsWith("-")));
    }
    return workspace
        .table()
        .find(new RunQuery(RunQuery.Scope.RUNS, result.filter(), orders))
        .stream()
        .map(RunKey::id)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | xx-3 hh-2 hh-1",
        "hh | hh-2 hh-1",
        "state:finished | hh-1",
        "state:(finished, failed) | hh-2 hh-1",
        "tag:h | hh-2 hh-1",
        "-tag:h | xx-3",
        "tag:hh | ''",
        "rlhf.lambda_kl<0.01 | hh-2 hh-1",
        "rlhf.lambda_kl:1e-3 | hh-2 hh-1",
        "rlhf.lambda_kl!=0.001 | xx-3",
        "rlhf.reward.preference_model~pm$ | xx-3 hh-2 hh-1",
        "rlhf.nothing<1 | ''",
        "not rlhf.nothing<1 | xx-3 hh-2 hh-1",
        "pm_score>3 | xx-3 hh-2",
        "pm_score.best>=4 | hh-1",
        "pm_score.mean=2.5 | hh-1",
        "pm_score.min<=1 | hh-1",
        "loss.best=2 | hh-1",
        "has:loss.last | ''",
        "has:loss.min | hh-1",
        "name~^h.*2 or seed=3 | xx-3 hh-2",
        "NAN | hh-2",
        "created:2026-11-02 | hh-2",
        "created<2026-11-02 | hh-1",
        "created>2026-11-02 | xx-3",
        "created>=2026-11-02 | xx-3 hh-2",
        "created<=2026-11-02 | hh-2 hh-1",
        "name:hh* seed:1 | hh-1",
        "name:h_-1 | ''",
        "\"o'brien\" | ''",
        "stage:RLHF step>=1 | hh-2 hh-1",
      })
  void filtersAreAnsweredBySqlite(String filter, String ids) {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(String.join(" ", find(workspace, filter))).isEqualTo(ids);
    }
  }

  @Test
  void ordersPutWhatLacksTheFieldLastInBothDirections() {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(find(workspace, "", "loss.min")).containsExactly("hh-1", "xx-3", "hh-2");
      assertThat(find(workspace, "", "-loss.min")).containsExactly("hh-1", "xx-3", "hh-2");
      assertThat(find(workspace, "", "rlhf.lambda_kl", "seed"))
          .containsExactly("hh-1", "hh-2", "xx-3");
      assertThat(find(workspace, "", "-rlhf.lambda_kl", "-seed"))
          .containsExactly("xx-3", "hh-2", "hh-1");
      assertThat(find(workspace, "", "name")).containsExactly("hh-1", "hh-2", "xx-3");
    }
  }

  @Test
  void aPageHasTheCellsOfItsColumns() {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      RunTable table = workspace.table();
      List<RunField> columns =
          List.of(
              RunField.last("pm_score"),
              RunField.parse("rlhf.lambda_kl").orElseThrow(),
              RunField.parse("pm_score.max").orElseThrow(),
              RunField.parse("tags").orElseThrow(),
              RunField.parse("rlhf.prompts").orElseThrow());
      List<RunLine> lines = table.lines(table.find(RunQuery.ALL), columns);
      assertThat(lines).extracting(line -> line.key().id()).containsExactly("xx-3", "hh-2", "hh-1");
      RunLine last = lines.getLast();
      assertThat(last.cells().get(0).number()).isEqualTo(2.5);
      assertThat(last.cells().get(1).number()).isEqualTo(0.001);
      assertThat(last.cells().get(2).number()).isEqualTo(4.0);
      assertThat(last.cells().get(3).text()).isEqualTo("h, all");
      assertThat(last.cells().get(4).text()).isEqualTo("[\"/w/p.jsonl\"]");
      assertThat(lines.getFirst().cells().get(2)).isEqualTo(RunLine.Cell.NONE);
      assertThat(lines.getFirst().cells().get(0).number()).isInfinite();
    }
  }

  /** Means of the group by hand: (2.5 + 3.5) / 2 = 3, s = sqrt(0.5), t(0.975, 1) = 12.7062. */
  @Test
  void groupsHaveMeansWithIntervalsOverTheirRuns() {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      List<RunGroup> groups =
          workspace
              .table()
              .groups(
                  RunQuery.ALL,
                  RunField.of(RunField.Attribute.CONFIGURATION),
                  List.of(
                      RunField.last("pm_score"),
                      RunField.parse("rlhf.lambda_kl").orElseThrow(),
                      RunField.parse("seed").orElseThrow()));
      assertThat(groups).hasSize(2);
      RunGroup pair =
          groups.stream().filter(g -> g.members().size() == 2).findFirst().orElseThrow();
      assertThat(pair.members()).extracting(RunKey::id).containsExactly("hh-2", "hh-1");
      RunGroup.Aggregate score = pair.columns().getFirst();
      assertThat(score.n()).isEqualTo(2);
      assertThat(score.mean()).isEqualTo(3);
      assertThat(score.half()).isCloseTo(12.7062 * Math.sqrt(0.5) / Math.sqrt(2), within(1e-3));
      assertThat(pair.columns().get(1).different()).isEqualTo(1);
      assertThat(pair.columns().get(1).half()).as("a setting is no estimate").isNaN();
      assertThat(pair.columns().get(2).low()).isEqualTo(1);
      assertThat(pair.columns().get(2).high()).isEqualTo(2);
      RunGroup one = groups.stream().filter(g -> g.members().size() == 1).findFirst().orElseThrow();
      assertThat(one.columns().getFirst().n()).isEqualTo(1);
      assertThat(one.columns().getFirst().mean()).as("an infinity has no mean").isNaN();
      assertThat(
              workspace
                  .table()
                  .groups(RunQuery.ALL, RunField.parse("loss.min").orElseThrow(), List.of()))
          .extracting(group -> group.members().size())
          .containsExactly(1, 2);
    }
  }

  @Test
  void wordsToFilterByAreThoseOfTheRuns() {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      RunVocabulary words = workspace.table().vocabulary();
      assertThat(words.metrics()).containsExactly("loss", "pm_score");
      assertThat(words.settings())
          .containsExactly(
              "rlhf.lambda_kl",
              "rlhf.learning_rate",
              "rlhf.policy",
              "rlhf.prompts",
              "rlhf.reward.preference_model");
      assertThat(workspace.table().values(RunField.parse("rlhf.lambda_kl").orElseThrow(), 5))
          .containsExactly(new RunVocabulary.Value("0.001", 2), new RunVocabulary.Value("0.1", 1));
      assertThat(workspace.table().values(RunField.parse("tags").orElseThrow(), 1))
          .containsExactly(new RunVocabulary.Value("all", 3));
      assertThat(
              workspace
                  .table()
                  .unknown(RunFilterParser.parse("rewrd>1 rlhf.lambda_kl<1 loss.min>0").filter()))
          .containsExactly(RunField.last("rewrd"));
    }
  }

  /** Statistics that ingest keeps step by step are those of the curve as it is read back. */
  @Test
  void statisticsAreThoseOfTheCurveWhateverWasTakenBack() {
    Random random = new Random(5);
    List<JournalEvent> events = new ArrayList<>();
    for (int step = 1; step <= 2500; step++) {
      events.add(
          metrics(step, Map.of("loss", step % 97 == 0 ? Double.NaN : random.nextGaussian())));
      if (step == 1500) {
        events.add(metrics(1500, Map.of("loss", 100.0)));
        events.add(new JournalEvent.Resumed(1400));
        step = 1400;
        random = new Random(6 + events.size());
        if (events.size() > 4000) {
          step = 1500;
        }
      }
      if (events.size() > 6000) {
        break;
      }
    }
    Path run = RunFixture.run(directory, "r", events.subList(0, 1000));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      RunFixture.append(run, events.subList(1000, events.size()));
      workspace.ingest();
      double[] values = workspace.series("r", "loss").value();
      double min = Double.POSITIVE_INFINITY;
      double sum = 0;
      long n = 0;
      for (double value : values) {
        if (Double.isFinite(value)) {
          min = Math.min(min, value);
          sum += value;
          n++;
        }
      }
      RunTable table = workspace.table();
      RunLine line =
          table
              .lines(
                  table.find(RunQuery.ALL),
                  List.of(
                      RunField.parse("loss.min").orElseThrow(),
                      RunField.parse("loss.mean").orElseThrow(),
                      RunField.parse("loss.max").orElseThrow()))
              .getFirst();
      assertThat(line.cells().get(0).number()).isEqualTo(min);
      assertThat(line.cells().get(1).number()).isCloseTo(sum / n, within(1e-12));
      assertThat(line.cells().get(2).number()).as("taken back").isLessThan(100);
    }
  }

  @Test
  void aWorkspaceOfAnOlderPlumblineIsBroughtUpToDate() throws Exception {
    three();
    Path file = directory.resolve("workspace.db");
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
    }
    // What the migration finds: the tables as they were, with no statistics and no settings.
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String view :
          List.of(
              "v_figure",
              "v_sample_token",
              "v_label",
              "v_label_pair",
              "v_label_batch",
              "v_queue",
              "v_alert")) {
        statement.execute("DROP VIEW " + view);
      }
      for (String table :
          List.of(
              "figure",
              "sample_trace",
              "label",
              "label_pair",
              "label_batch",
              "alert_rule",
              "alert_memory",
              "alert_hit",
              "queue_entry",
              "queue")) {
        statement.execute("DROP TABLE " + table);
      }
      statement.execute("DROP VIEW v_setting");
      statement.execute("DROP VIEW v_metric_summary");
      statement.execute("DROP VIEW v_input");
      statement.execute("DROP INDEX run_face");
      statement.execute("DROP INDEX metric_name");
      for (String table : List.of("run_setting", "setting", "run_input", "run_view")) {
        statement.execute("DROP TABLE " + table);
      }
      for (String column : List.of("finite", "min_value", "max_value", "mean_value")) {
        statement.execute("ALTER TABLE metric DROP COLUMN " + column);
      }
      for (String column : List.of("configuration", "trashed", "settings_of")) {
        statement.execute("ALTER TABLE run DROP COLUMN " + column);
      }
      statement.execute("ALTER TABLE run_edit DROP COLUMN starred");
      statement.execute("ALTER TABLE run_edit DROP COLUMN archived");
      statement.execute("PRAGMA user_version = 6");
    }
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(find(workspace, "pm_score.mean=2.5 rlhf.lambda_kl=0.001")).containsExactly("hh-1");
      assertThat(find(workspace, "loss.min=2 loss.max=5")).containsExactly("hh-1");
    }
  }

  // ------------------------------------------------------------------------------------- edits

  @Test
  void everyChangeIsUndoneToWhatWasThere() {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      RunEdits edits = workspace.edits();
      RunEdits.Done tagged = edits.change(List.of("hh-1", "xx-3"), new RunChange.AddTag("mine"));
      RunEdits.Done starred = edits.change(List.of("hh-1"), new RunChange.Star(true));
      RunEdits.Done renamed = edits.change(List.of("hh-1"), new RunChange.Rename(" new "));
      RunEdits.Done archived = edits.change(List.of("hh-2"), new RunChange.Archive(true));
      assertThat(find(workspace, "tag:mine")).containsExactly("xx-3", "hh-1");
      assertThat(find(workspace, "is:starred name:new")).containsExactly("hh-1");
      assertThat(find(workspace, "")).containsExactly("xx-3", "hh-1");
      assertThat(find(workspace, "is:archived")).containsExactly("hh-2");
      assertThat(workspace.run("hh-1").orElseThrow().tags()).containsExactly("h", "all", "mine");
      assertThat(edits.change(List.of("hh-1"), new RunChange.Star(true)).after())
          .as("starred already")
          .isEmpty();
      for (RunEdits.Done done : List.of(archived, renamed, starred, tagged)) {
        edits.set(done.before());
      }
      assertThat(find(workspace, "")).containsExactly("xx-3", "hh-2", "hh-1");
      assertThat(find(workspace, "tag:mine or is:starred or name:new")).isEmpty();
      edits.set(tagged.after());
      assertThat(find(workspace, "tag:mine")).containsExactly("xx-3", "hh-1");
      assertThatThrownBy(() -> edits.change(List.of("none"), new RunChange.Star(true)))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("no run 'none'");
    }
  }

  @Test
  void aDeletedRunComesBackWithAllItsFilesUntilTheTrashIsEmptied() {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      RunEdits edits = workspace.edits();
      edits.change(List.of("hh-1"), new RunChange.Star(true));
      edits.trash(List.of("hh-1", "hh-2"));
      assertThat(directory.resolve("runs/hh-1")).doesNotExist();
      assertThat(directory.resolve("trash/hh-1/journal.jsonl")).exists();
      assertThat(find(workspace, "")).containsExactly("xx-3");
      assertThat(workspace.runs()).extracting(RunRow::id).containsExactly("xx-3");
      workspace.ingest();
      assertThat(workspace.table().counts()).isEqualTo(new RunTable.Counts(1, 0, 2));

      edits.restore(List.of("hh-1"));
      workspace.ingest();
      assertThat(find(workspace, "")).containsExactly("xx-3", "hh-1");
      assertThat(find(workspace, "is:starred state:finished")).containsExactly("hh-1");
      assertThat(workspace.series("hh-1", "pm_score").size()).isEqualTo(3);

      assertThatThrownBy(() -> edits.purge(List.of("hh-1")))
          .hasMessageContaining("not in the trash");
      edits.purge(List.of("hh-2"));
      assertThat(directory.resolve("trash")).isEmptyDirectory();
      assertThat(workspace.table().counts()).isEqualTo(new RunTable.Counts(2, 0, 0));
      workspace.ingest();
      assertThat(workspace.run("hh-2")).isEmpty();
    }
  }

  /** A crash may fall between the moving of a directory and the database. */
  @Test
  void whereTheDirectoryLiesDecidesWhetherARunIsInTheTrash() throws IOException {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      Files.createDirectories(directory.resolve("trash"));
      Files.move(directory.resolve("runs/hh-1"), directory.resolve("trash/hh-1"));
      workspace.ingest();
      assertThat(find(workspace, "")).containsExactly("xx-3", "hh-2");
      Files.move(directory.resolve("trash/hh-1"), directory.resolve("runs/hh-1"));
      workspace.ingest();
      assertThat(find(workspace, "")).containsExactly("xx-3", "hh-2", "hh-1");
      assertThat(workspace.run("hh-1").orElseThrow().detail()).isEmpty();
    }
  }

  @Test
  void whatIsOpenForReadingRefusesEdits() {
    three();
    try (Workspace first = Workspace.open(directory);
        Workspace second = Workspace.open(directory)) {
      first.ingest();
      assertThat(find(second, "hh")).containsExactly("hh-2", "hh-1");
      assertThatThrownBy(() -> second.edits().trash(List.of("hh-1")))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("read-only");
      assertThat(directory.resolve("runs/hh-1")).exists();
    }
  }

  // -------------------------------------------------------------------- comparison and lineage

  @Test
  void aComparisonKnowsWhatDiffers() {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      SpecComparison comparison = workspace.table().compare(List.of("hh-1", "xx-3"));
      assertThat(comparison.runs())
          .extracting(SpecComparison.Column::id)
          .containsExactly("hh-1", "xx-3");
      Map<String, List<String>> differing = new TreeMap<>();
      comparison.rows().stream()
          .filter(SpecComparison.Row::differs)
          .forEach(row -> differing.put(row.key(), row.values()));
      assertThat(differing)
          .isEqualTo(Map.of("rlhf.lambda_kl", List.of("0.001", "0.1"), "seed", List.of("1", "3")));
      assertThat(comparison.equal()).isEqualTo(5);
    }
  }

  @Test
  void lineageGoesBackToFilesAndForwardToWhatWasMade() {
    String home = directory.toAbsolutePath().normalize().toString();
    run(
        "base",
        "pretraining",
        1,
        "{\"data\": [\"/d/text.jsonl\"]}",
        "[{\"key\": \"pretraining.data\", \"reference\": \"text.jsonl\", \"path\":"
            + " \"/d/text.jsonl\", \"sha256\": \"abcdef\"}]",
        List.of());
    run(
        "pm",
        "preference",
        2,
        "{\"base\": \"x\", \"data\": [\"/d\"]}",
        "[{\"key\": \"preference.base\", \"reference\": \"run:base@500\", \"path\": \"%s/runs/base/checkpoints/500/model\", \"sha256\": \"b\"}]"
            .formatted(home),
        List.of());
    run(
        "ppo",
        "rlhf",
        3,
        PPO.formatted("0.1"),
        "[{\"key\": \"rlhf.policy\", \"reference\": \"run:base\", \"path\": \"%1$s/runs/base/checkpoints/900/model\", \"sha256\": \"b\"}, {\"key\": \"rlhf.reward.preference_model\", \"reference\": \"/m\", \"path\": \"/elsewhere/m\", \"sha256\": \"c\"}]"
            .formatted(home),
        List.of());
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      Lineage lineage = workspace.table().lineage(List.of("base"), 50);
      assertThat(lineage.nodes())
          .extracting(Lineage.Node::id)
          .containsExactlyInAnyOrder("base", "/d/text.jsonl", "pm", "ppo");
      assertThat(lineage.edges())
          .containsExactlyInAnyOrder(
              new Lineage.Edge("/d/text.jsonl", "base", "pretraining.data"),
              new Lineage.Edge("base", "pm", "preference.base @ 500"),
              new Lineage.Edge("base", "ppo", "rlhf.policy @ 900"));
      Lineage back = workspace.table().lineage(List.of("ppo"), 50);
      assertThat(back.nodes())
          .extracting(Lineage.Node::id)
          .containsExactlyInAnyOrder("ppo", "base", "/elsewhere/m", "/d/text.jsonl");
      assertThat(back.nodes().stream().filter(Lineage.Node::asked))
          .singleElement()
          .satisfies(node -> assertThat(node.id()).isEqualTo("ppo"));
      Lineage few = workspace.table().lineage(List.of("ppo"), 2);
      assertThat(few.nodes()).hasSize(2);
      assertThat(few.cut()).isTrue();
      assertThat(workspace.table().users(List.of("base"))).containsExactly("pm", "ppo");
    }
  }

  @Test
  void savedViewsAreKeptByName() {
    try (Workspace workspace = Workspace.open(directory)) {
      RunEdits edits = workspace.edits();
      assertThat(edits.save(new SavedView("b", "{}"))).isEmpty();
      assertThat(edits.save(new SavedView("A", "{}"))).isEmpty();
      assertThat(edits.save(new SavedView("b", "{1}"))).contains(new SavedView("b", "{}"));
      assertThat(workspace.table().views()).extracting(SavedView::name).containsExactly("A", "b");
      assertThat(edits.remove("b")).contains(new SavedView("b", "{1}"));
      assertThat(edits.remove("b")).isEmpty();
    }
  }

  @Test
  void anExpressionThatNeverEndsIsGivenUp() {
    three();
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      workspace.edits().change(List.of("hh-1"), new RunChange.Notes("a".repeat(40)));
      Predicate<UserError> said = e -> String.valueOf(e.getMessage()).contains("too long");
      assertThatThrownBy(() -> find(workspace, "notes~\"(a|aa)+\\1c\""))
          .isInstanceOfSatisfying(UserError.class, e -> assertThat(said.test(e)).isTrue());
      assertThat(find(workspace, "notes~a{40}")).containsExactly("hh-1");
    }
  }
}
