package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import dev.plumbline.training.TokenTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkspaceTest {
  @TempDir Path directory;

  private static JournalEvent metrics(long step, double loss) {
    return new JournalEvent.Metrics(step, step * 2, step * 3, step * 0.5, Map.of("loss", loss));
  }

  private static JournalEvent sample(long step, String response) {
    return new JournalEvent.Sample(
        new ResponseSample(
            step,
            0,
            "p",
            response,
            Double.NaN,
            -1,
            -2,
            3,
            true,
            Map.of("test/b", 0.5),
            trace(response)));
  }

  private static TokenTrace trace(String response) {
    return new TokenTrace(
        List.of(
            new TokenTrace.Token(1, -0.25, -0.5, 0.01, 1.5, 0.5, -2),
            new TokenTrace.Token(response.length(), -0.75, -1.5, 0.02, 1, 1, Double.NaN)));
  }

  @Test
  void whatIsKnownOfTokensIsReadByItselfAndGoesWithItsResponse() {
    ResponseSample bare = new ResponseSample(6, 0, "p", "x", 0, -1, -2, 3, true);
    Path run =
        RunFixture.run(
            directory,
            "r",
            List.of(sample(4, "ab"), sample(5, "abc"), new JournalEvent.Sample(bare)));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(workspace.sampleTrace("r", 4, 0)).isEqualTo(trace("ab"));
      assertThat(workspace.sampleTrace("r", 6, 0)).isEqualTo(TokenTrace.NONE);
      assertThat(workspace.sampleTrace("r", 4, 1)).isEqualTo(TokenTrace.NONE);
      assertThat(workspace.samples("r", OptionalLong.of(4)))
          .singleElement()
          .satisfies(row -> assertThat(row.sample().trace().isEmpty()).isTrue());
      RunFixture.append(run, List.of(new JournalEvent.Resumed(4)));
      workspace.ingest();
      assertThat(workspace.sampleTrace("r", 4, 0)).isEqualTo(trace("ab"));
      assertThat(workspace.sampleTrace("r", 5, 0)).isEqualTo(TokenTrace.NONE);
    }
  }

  private static List<JournalEvent> curve(int from, int to, double value) {
    return LongStream.rangeClosed(from, to).mapToObj(step -> metrics(step, value)).toList();
  }

  @Test
  void resultTablesAreReadBackAsTheyWereMeasured() throws IOException {
    ResultTable old =
        ResultTable.named("scores").number("x", "nat", "x").text("t", "t").row(1, "old").build();
    ResultTable table =
        ResultTable.named("scores")
            .number("x", "nat", "x")
            .text("t", "t")
            .row(0.1, "a")
            .row(Double.NaN, "")
            .row(Double.POSITIVE_INFINITY, "c")
            .build();
    Path run = directory.resolve("runs/r");
    JournalEvent first = TableFile.write(run, 3, old);
    RunFixture.run(directory, "r", List.of(first));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(workspace.result("r", "scores", OptionalLong.empty())).contains(old);
      RunFixture.append(
          run, List.<JournalEvent>of(TableFile.write(run, 3, table), TableFile.write(run, 5, old)));
      workspace.ingest();
      workspace.ingest();
      assertThat(workspace.results("r"))
          .containsExactly(new ResultRow("r", "scores", 3, 3), new ResultRow("r", "scores", 5, 1));
      assertThat(workspace.result("r", "scores", OptionalLong.of(3))).contains(table);
      assertThat(workspace.result("r", "other", OptionalLong.empty())).isEmpty();

      RunFixture.append(run, List.of(new JournalEvent.Resumed(3)));
      workspace.ingest();
      assertThat(workspace.results("r")).containsExactly(new ResultRow("r", "scores", 3, 3));
    }
  }

  @Test
  void aResumedSegmentSupersedesWhatCameBehindItsCheckpoint() {
    List<JournalEvent> events = new ArrayList<>();
    events.add(new JournalEvent.State(RunState.RUNNING, 0, ""));
    events.addAll(curve(1, 2000, 1.0));
    events.add(new JournalEvent.Checkpoint(2000, "checkpoints/2000"));
    events.add(new JournalEvent.Steered(2000, "lambda_kl", 0.001, 0.01));
    events.addAll(curve(2001, 3000, 1.0));
    events.add(sample(2500, "old"));
    events.add(new JournalEvent.Checkpoint(3000, "checkpoints/3000"));
    events.add(new JournalEvent.Resumed(2000));
    events.addAll(curve(2001, 2100, 2.0));
    events.add(sample(2050, "new"));
    events.add(new JournalEvent.State(RunState.STOPPED, 2100, ""));
    RunFixture.run(directory, "r", events);
    try (Workspace workspace = Workspace.open(directory)) {
      assertThat(workspace.ingest().events()).isEqualTo(events.size());
      MetricSeries loss = workspace.series("r", "loss");
      assertThat(loss.step()).isEqualTo(LongStream.rangeClosed(1, 2100).toArray());
      assertThat(loss.value()[1999]).isEqualTo(1.0);
      assertThat(loss.value()[2000]).isEqualTo(2.0);
      assertThat(workspace.sampleSteps("r")).containsExactly(2050L);
      assertThat(workspace.samples("r", OptionalLong.empty()))
          .singleElement()
          .satisfies(row -> assertThat(row.sample().response()).isEqualTo("new"))
          .satisfies(row -> assertThat(row.sample().pmScore()).isNaN())
          .satisfies(row -> assertThat(row.sample().scores()).containsEntry("test/b", 0.5));
      assertThat(workspace.marks("r"))
          .extracting(MarkRow::kind)
          .containsExactly(
              MarkRow.Kind.STATE,
              MarkRow.Kind.CHECKPOINT,
              MarkRow.Kind.RESUMED,
              MarkRow.Kind.STATE);
    }
  }

  @Test
  void settingsAreTheSpecsUntilTheRunIsSteered() {
    Path run = RunFixture.run(directory, "r", List.of(metrics(1, 1)));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      Map<String, Double> before = workspace.settings("r");
      assertThat(before).containsExactly(Map.entry("learning_rate", 0.001));
      RunFixture.append(
          run,
          List.of(
              new JournalEvent.Steered(1, "learning_rate", 0.001, 0.5),
              new JournalEvent.Steered(1, "learning_rate", 0.5, 0.25)));
      workspace.ingest();
      assertThat(workspace.settings("r"))
          .containsEntry("learning_rate", 0.25)
          .containsOnlyKeys(before.keySet());
      assertThat(workspace.settings("nobody")).isEmpty();
    }
  }

  @Test
  void aRunSaysWhatItsWorkerComputesOn() throws SQLException {
    Path run = RunFixture.run(directory, "r", List.of(new JournalEvent.Device("cpu", 2)));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(workspace.runs().getFirst().device()).isEqualTo("cpu");
      RunFixture.append(run, List.of(metrics(1, 1), new JournalEvent.Device("gpu(0)", 1)));
      workspace.ingest();
      RunFixture.append(run, List.of(metrics(2, 1)));
      workspace.ingest();
      assertThat(workspace.runs().getFirst().device())
          .as("the latest worker's")
          .isEqualTo("gpu(0)");
      assertThat(workspace.runs().getFirst().threads()).isEqualTo(1);
      try (Connection connection = connect();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT device, threads FROM v_run")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("gpu(0)");
      }
    }
  }

  @Test
  void aRunThatStartsOverSupersedesAllThatItSaid() {
    List<JournalEvent> events = new ArrayList<>();
    events.add(new JournalEvent.State(RunState.RUNNING, 0, ""));
    events.addAll(curve(0, 40, 1.0));
    events.add(sample(0, "old"));
    events.add(new JournalEvent.Resumed(-1));
    RunFixture.run(directory, "r", events);
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(workspace.series("r", "loss").size()).isZero();
      assertThat(workspace.sampleSteps("r")).isEmpty();
      assertThat(workspace.run("r").orElseThrow().step()).isZero();
      assertThat(workspace.marks("r").getLast())
          .satisfies(mark -> assertThat(mark.step()).isZero())
          .satisfies(mark -> assertThat(mark.label()).isEqualTo("started over: no checkpoint yet"));
    }
  }

  @Test
  void valuesThatAreNoNumbersSurviveChunksAndTail() {
    List<JournalEvent> events = new ArrayList<>(curve(1, 1500, 0.1));
    events.set(2, metrics(3, Double.NaN));
    events.set(3, metrics(4, Double.NEGATIVE_INFINITY));
    events.set(1400, metrics(1401, Double.POSITIVE_INFINITY));
    events.set(1401, metrics(1402, Double.NaN));
    RunFixture.run(directory, "r", events);
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      double[] value = workspace.series("r", "loss").value();
      assertThat(value[2]).isNaN();
      assertThat(value[3]).isEqualTo(Double.NEGATIVE_INFINITY);
      assertThat(value[1400]).isEqualTo(Double.POSITIVE_INFINITY);
      assertThat(value[1401]).isNaN();
      assertThat(value[1402]).isEqualTo(0.1);
    }
  }

  @Test
  void theViewsReadAsPlainSql() throws SQLException {
    RunFixture.run(directory, "r", curve(1, 1030, 0.25));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      workspace.setTags("r", List.of("x", " ", "x"));
      try (Connection connection = connect();
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT count(*), sum(m.value), max(m.step), max(r.tags) FROM v_metric m"
                      + " JOIN v_run r USING (run_id) WHERE m.metric = 'loss'")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isEqualTo(1030);
        assertThat(row.getDouble(2)).isEqualTo(1030 * 0.25);
        assertThat(row.getInt(3)).isEqualTo(1030);
        assertThat(row.getString(4)).isEqualTo("[\"x\"]");
      }
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("workspace.db"));
  }

  @Test
  void oneBadRunHidesNoOther() throws IOException {
    Path broken = RunFixture.run(directory, "broken-spec", List.of());
    Files.writeString(broken.resolve("spec.json"), "{\"name\": ");
    Path torn = RunFixture.run(directory, "broken-journal", curve(1, 3, 1));
    Files.writeString(torn.resolve("journal.jsonl"), "garbage\n", StandardOpenOption.APPEND);
    RunFixture.append(torn, List.of(metrics(4, 1)));
    RunFixture.run(directory, "sound", curve(1, 2, 1));
    try (Workspace workspace = Workspace.open(directory)) {
      assertThat(workspace.ingest().errors())
          .hasSize(2)
          .anySatisfy(error -> assertThat(error).contains("broken-spec", "not valid JSON"))
          .anySatisfy(error -> assertThat(error).contains("journal.jsonl: line at byte"));
      assertThat(workspace.runs()).hasSize(3);
      assertThat(workspace.series("sound", "loss").size()).isEqualTo(2);
      assertThat(workspace.series("broken-journal", "loss").size()).isEqualTo(4);
      assertThat(workspace.run("broken-spec").orElseThrow().detail()).contains("spec.json:1");
    }
  }

  @Test
  void editsAreTheUsersAndIngestLeavesThem() {
    Path run = RunFixture.run(directory, "r", curve(1, 2, 1));
    long token;
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      token = workspace.changesSince(0).token();
      assertThat(workspace.changesSince(token).runIds()).isEmpty();
      workspace.rename("r", "mine");
      workspace.setNotes("r", "said");
      assertThat(workspace.changesSince(token).runIds()).containsExactly("r");
      RunFixture.append(run, List.of(new JournalEvent.State(RunState.STARTING, 2, "")));
      workspace.ingest();
      assertThat(workspace.ingest().isEmpty()).isTrue();
      assertThatThrownBy(() -> workspace.setNotes("none", "x"))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("no run 'none'");
    }
    try (Workspace workspace = Workspace.open(directory)) {
      RunRow row = workspace.runs().getFirst();
      assertThat(row.name()).isEqualTo("mine");
      assertThat(row.notes()).isEqualTo("said");
      assertThat(row.tags()).containsExactly("a");
      assertThat(row.last()).containsEntry("loss", 1.0);
    }
  }

  @Test
  void aSecondOpenerReadsAndDoesNotWrite() {
    RunFixture.run(directory, "r", curve(1, 5, 1));
    try (Workspace first = Workspace.open(directory);
        Workspace second = Workspace.open(directory)) {
      assertThat(first.isReadOnly()).isFalse();
      assertThat(second.isReadOnly()).isTrue();
      assertThat(second.ingest().isEmpty()).isTrue();
      first.ingest();
      assertThat(second.series("r", "loss").size()).isEqualTo(5);
      assertThat(second.runs()).isEqualTo(first.runs());
      assertThatThrownBy(() -> second.setNotes("r", "x"))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("is open in another process and read-only here");
    }
    try (Workspace third = Workspace.open(directory)) {
      assertThat(third.isReadOnly()).isFalse();
    }
  }

  @Test
  @SuppressWarnings("try") // closing twice is what is tested
  void lookingAtALockedWorkspaceInItsOwnProcessKeepsTheLock() throws Exception {
    Path real = Files.createDirectories(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    try (Workspace first = Workspace.open(real)) {
      assertThat(Workspace.isHeld(link)).isTrue();
      try (Workspace second = Workspace.open(link)) {
        assertThat(second.access()).isEqualTo(Workspace.Access.HELD);
      }
      assertThat(first.access()).isEqualTo(Workspace.Access.WRITE);
      assertThat(takenByAnotherProcess(real)).as("while it is open").isFalse();
      first.close();
      assertThat(takenByAnotherProcess(real)).as("after that").isTrue();
      try (Workspace next = Workspace.open(link)) {
        first.close(); // once more: it is not the next one's lock that goes
        assertThat(next.access()).isEqualTo(Workspace.Access.WRITE);
        assertThat(Workspace.isHeld(real)).isTrue();
      }
    }
  }

  /** Only another process can tell whether this one has a lock. */
  private static boolean takenByAnotherProcess(Path workspace) throws Exception {
    Path classes =
        Path.of(LockProbe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                LockProbe.class.getName(),
                workspace.resolve("workspace.lock").toString())
            .inheritIO()
            .start();
    int code = process.waitFor();
    assertThat(code).isIn(LockProbe.TAKEN, LockProbe.REFUSED);
    return code == LockProbe.TAKEN;
  }

  @Test
  void aHeldWorkspaceThatCannotBeReadSaysWhyAndLeavesNothingOpen() throws IOException {
    Path file = directory.resolve("workspace.db");
    try (Workspace first = Workspace.open(directory)) {
      assertThat(first.isReadOnly()).isFalse();
      Files.delete(file);
      assertThatThrownBy(() -> Workspace.open(directory).close())
          .as("its holder has not made it yet")
          .isInstanceOf(UserError.class)
          .hasMessageEndingWith("is being opened by another process; try again in a moment");
      Files.writeString(file, "this is my diary, ".repeat(1000));
      // What the holder has written since is read from here first, whatever the file says.
      Files.deleteIfExists(directory.resolve("workspace.db-wal"));
      Files.deleteIfExists(directory.resolve("workspace.db-shm"));
      assertThatThrownBy(() -> Workspace.open(directory).close())
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(file + " is damaged or no workspace")
          .hasMessageContaining("close it there and move the file away");
      Path open = Path.of("/proc/self/fd");
      assumeTrue(Files.isDirectory(open), "needs /proc to see what is open");
      try (Stream<Path> files = Files.list(open)) {
        assertThat(files.map(WorkspaceTest::target)).doesNotContain(file.toRealPath().toString());
      }
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile, as the one that lists them is
    }
  }

  @Test
  void aDatabaseThatWasWrittenWhileItWasCopiedIsCopiedAgain() {
    RunFixture.run(directory, "r", curve(1, 5, 1));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
    }
    List<Path> copies = new ArrayList<>();
    try (Workspace workspace =
        Workspace.openCopy(directory, (from, to) -> copy(from, to, copies, 2))) {
      assertThat(workspace.runs()).hasSize(1);
      assertThat(copies).hasSize(3);
    }
    copies.clear();
    assertThatThrownBy(
            () -> Workspace.openCopy(directory, (from, to) -> copy(from, to, copies, 99)).close())
        .isInstanceOf(UserError.class)
        .hasMessageContaining(directory.resolve("workspace.db") + " is damaged");
    assertThat(copies).hasSize(3).allSatisfy(copy -> assertThat(copy).doesNotExist());
  }

  /** Copies, the first times with pages that do not belong together. */
  private static void copy(Path from, Path to, List<Path> copies, int torn) throws IOException {
    byte[] bytes = Files.readAllBytes(from);
    copies.add(to);
    if (copies.size() <= torn) {
      Arrays.fill(bytes, 100, bytes.length, (byte) 7);
    }
    Files.write(to, bytes);
  }

  @Test
  void aWorkspaceThatMayNotBeWrittenIsReadThroughACopyWhileItsRunsGoOn() throws IOException {
    assumeTrue(
        Files.getFileStore(directory).supportsFileAttributeView("posix"), "needs POSIX rights");
    Path run = RunFixture.run(directory, "r", curve(1, 5, 1));
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      workspace.rename("r", "mine");
      assertThat(Workspace.isHeld(directory)).isTrue();
    }
    assertThat(Workspace.isHeld(directory)).isFalse();
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeFalse(Files.isWritable(directory), "rights do not bind this user");
      assertThatThrownBy(() -> Workspace.open(directory).close()).isInstanceOf(UserError.class);
      byte[] before = Files.readAllBytes(directory.resolve("workspace.db"));
      try (Workspace workspace = Workspace.openOrRead(directory)) {
        assertThat(workspace.access()).isEqualTo(Workspace.Access.UNWRITABLE);
        assertThat(workspace.runs().getFirst().name()).isEqualTo("mine");
        RunFixture.append(run, List.of(metrics(6, 1)));
        workspace.ingest();
        assertThat(workspace.series("r", "loss").size()).isEqualTo(6);
        assertThatThrownBy(() -> workspace.setNotes("r", "x"))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("may not be written; change its rights");
      }
      assertThat(Files.readAllBytes(directory.resolve("workspace.db"))).isEqualTo(before);
    } finally {
      Files.setPosixFilePermissions(directory, rights);
    }
  }

  @Test
  void anOlderSchemaIsMigratedWithItsRows() throws SQLException {
    RunFixture.run(directory, "r", curve(1, 5, 1));
    try (Connection connection = Database.connect(directory.resolve("workspace.db"), false)) {
      Database.migrate(connection, 1);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "INSERT INTO run_edit VALUES ('r', 'from version 1', NULL, NULL, '2026')");
      }
    }
    try (Workspace workspace = Workspace.open(directory)) {
      workspace.ingest();
      assertThat(workspace.runs().getFirst().name()).isEqualTo("from version 1");
    }
  }

  @Test
  void whatIsNotOursIsLeftAsItWas() throws IOException, SQLException {
    Path file = directory.resolve("workspace.db");
    Files.writeString(file, "this is my diary");
    refuses("is not a database; move it away or choose another workspace");
    Files.delete(file);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE diary (day TEXT)");
    }
    refuses("belongs to another program; move it away or choose another workspace");
    Files.delete(file);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA application_id = " + Database.APPLICATION_ID);
      statement.execute("PRAGMA user_version = 99");
    }
    refuses(
        "was written by a newer Plumbline (schema 99, this one knows %d); update Plumbline"
            .formatted(Database.MIGRATIONS.size()));
  }

  private void refuses(String message) throws IOException {
    byte[] before = Files.readAllBytes(directory.resolve("workspace.db"));
    assertThatThrownBy(() -> Workspace.open(directory))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
    assertThat(Files.readAllBytes(directory.resolve("workspace.db"))).isEqualTo(before);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsOneLine() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThatThrownBy(() -> Workspace.open(file.resolve("workspace")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot write the workspace");
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs /proc, which nobody may write");
    assertThatThrownBy(() -> Workspace.open(Path.of("/proc/plumbline")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("cannot write the workspace /proc/plumbline: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aThousandRunsAreListedAtOnce() {
    for (int i = 0; i < 1000; i++) {
      RunFixture.run(directory, "run-%04d".formatted(i), List.of(metrics(1, i)));
    }
    try (Workspace workspace = Workspace.open(directory)) {
      assertThat(workspace.ingest().changedRuns()).hasSize(1000);
      assertThat(workspace.ingest().isEmpty()).isTrue();
      long start = System.nanoTime();
      assertThat(workspace.runs()).hasSize(1000);
      double first = (System.nanoTime() - start) * 1e-6;
      start = System.nanoTime();
      assertThat(workspace.ingest().isEmpty()).isTrue();
      double idle = (System.nanoTime() - start) * 1e-6;
      start = System.nanoTime();
      assertThat(workspace.runs()).hasSize(1000);
      double again = (System.nanoTime() - start) * 1e-6;
      // wide bounds: the machine of a test may be busy; a query per run would be far above them
      assertThat(List.of(first, idle, again))
          .as("ms: first list, idle ingest, list again")
          .allSatisfy(time -> assertThat(time).isLessThan(1500));
      System.getLogger("workspace")
          .log(
              System.Logger.Level.INFO,
              "1,000 runs: first list {0} ms, idle ingest {1} ms, list again {2} ms",
              first,
              idle,
              again);
    }
  }
}
