package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.AlertRule;
import dev.plumbline.experiment.AlertWatch;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.WorkerProcess;
import dev.plumbline.experiment.journal.ControlFile;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules: how they are read, when they come true, and what becomes of that in the workspace. */
final class AlertTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir private Path folder;

  private static JournalEvent metrics(long step, String name, double value) {
    return new JournalEvent.Metrics(step, 0, 0, step, Map.of(name, value));
  }

  /** Steps at which a rule told, over values at steps 0, stride, 2 stride and so on. */
  private static List<Long> hits(String rule, String metric, long stride, double... values) {
    AlertRule parsed = AlertRule.parse(rule, List.of(metric));
    AlertWatch watch = new AlertWatch(parsed);
    List<Long> hits = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      JournalEntry entry = new JournalEntry(i + 1, NOON, metrics(i * stride, metric, values[i]));
      watch.take(entry).ifPresent(hit -> hits.add(hit.step()));
      watch = new AlertWatch(parsed, watch.memory()); // as if the reader ended after each event
    }
    return hits;
  }

  @Test
  void aRuleTellsOnceUntilItWasUntrueInBetween() {
    assertThat(hits("kl > 10", "kl_exact", 1, 9, 11, 12, 10, 10.5)).containsExactly(1L, 4L);
    // For 3 steps: 11 at steps 1, 2, 3 is three; the fall at 4 begins anew.
    assertThat(hits("kl > 10 for 3 steps", "kl_exact", 1, 9, 11, 11, 11, 9, 11, 11))
        .containsExactly(3L);
    // Measured every 10 steps: steps 10 to 30 are 21 steps, and 3 points.
    assertThat(hits("kl >= 10 for 21 steps", "kl_exact", 10, 9, 10, 10, 10)).containsExactly(30L);
    assertThat(hits("kl >= 10 for 3 points", "kl_exact", 10, 9, 10, 10, 10)).containsExactly(30L);
    assertThat(hits("kl < 2", "kl_exact", 1, Double.NaN, 1)).containsExactly(1L);
    assertThat(hits("not finite(loss)", "loss", 1, 1, Double.NaN, Double.NaN, 1, 1.0 / 0))
        .containsExactly(1L, 4L);
    // Best 0.5 at step 1: 0.3 is 0.2 below (0.25 is not needed), again after a recovery.
    assertThat(hits("test drop 0.2 from best", "test", 1, 0.1, 0.5, 0.4, 0.25, 0.2, 0.45, 0.1))
        .containsExactly(3L, 6L);
    // Best 2.0: ten percent above it is 2.2.
    assertThat(hits("eval/loss rise 10% from best", "eval/loss", 1, 3, 2, 2.1, 2.3))
        .containsExactly(3L);
  }

  @Test
  void aStillRunIsToldByTheClock() {
    AlertWatch watch = new AlertWatch(AlertRule.parse("no progress for 10 min", List.of()));
    watch.take(new JournalEntry(1, NOON, new JournalEvent.State(RunState.RUNNING, 0, "")));
    watch.take(new JournalEntry(2, NOON.plusSeconds(60), metrics(5, "loss", 1)));
    assertThat(watch.look(NOON.plusSeconds(659))).isEmpty();
    assertThat(watch.look(NOON.plusSeconds(660))).map(AlertWatch.Hit::step).hasValue(5L);
    assertThat(watch.look(NOON.plusSeconds(900))).as("told once").isEmpty();
    watch.take(new JournalEntry(3, NOON.plusSeconds(901), metrics(6, "loss", 1)));
    watch.take(
        new JournalEntry(4, NOON.plusSeconds(902), new JournalEvent.State(RunState.PAUSED, 6, "")));
    assertThat(watch.look(NOON.plusSeconds(5000))).as("a paused run may stand still").isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lossy > 3 | no metric 'lossy'; did you mean 'loss'?",
        "loss > 3 for x steps | 'for x': a whole number of steps or points is needed",
        "loss > 3 for 5 hours | 'for 5 hours': say steps or points",
        "loss drop 0 from best | '0' from best: give an amount above 0",
        "no progress for 3 days | '3 days': say s, min or h",
      })
  void whatIsNoRuleIsSaidInOneLine(String text, String message) {
    assertThatThrownBy(() -> AlertRule.parse(text, List.of()))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
    assertThatThrownBy(() -> AlertRule.parse("loss is bad", List.of()))
        .hasMessageStartingWith("'loss is bad' is no rule; write `kl_exact > 10 for 50 steps`");
  }

  @Test
  void theDefaultsAreRules() {
    assertThat(AlertRule.DEFAULTS)
        .allSatisfy(each -> assertThat(AlertRule.parse(each.text(), List.of())).isNotNull());
  }

  @Test
  void hitsAreNotedOnceMarkedActedOnAndAcknowledged() throws IOException {
    Path run =
        RunFixture.run(
            folder,
            "a",
            List.of(new JournalEvent.State(RunState.RUNNING, 0, ""), metrics(1, "loss", 1)));
    WorkerProcess.current().write(new RunDirectory(run).workerFile());
    RunFixture.append(run, List.of(new JournalEvent.State(RunState.RUNNING, 0, "")));
    try (Workspace workspace = Workspace.open(folder)) {
      AlertEdits edits = workspace.edits().alerts();
      StoredRule rule =
          new StoredRule(
              0,
              "loss > 5 for 2 points",
              AlertRule.Severity.CRITICAL,
              AlertRule.Action.PAUSE,
              true);
      assertThat(edits.setRules(List.of(rule))).isEmpty();
      workspace.ingest();
      RunFixture.append(run, List.of(metrics(2, "loss", 6)));
      workspace.ingest();
      assertThat(workspace.alerts().hits()).isEmpty();
      RunFixture.append(run, List.of(metrics(3, "loss", 7)));
      workspace.ingest();
      workspace.ingest();
      AlertSheet sheet = workspace.alerts();
      assertThat(sheet.unseen()).isEqualTo(1);
      AlertRow hit = sheet.hits().getFirst();
      assertThat(hit.runId()).isEqualTo("a");
      assertThat(hit.step()).isEqualTo(3);
      assertThat(hit.value()).isEqualTo(7);
      assertThat(hit.message()).isEqualTo("loss is 7, > 5 since step 2");
      assertThat(workspace.marks("a"))
          .filteredOn(mark -> mark.kind() == MarkRow.Kind.ALERT)
          .singleElement()
          .satisfies(mark -> assertThat(mark.step()).isEqualTo(3));
      assertThat(new RunDirectory(run).control().read())
          .singleElement()
          .isInstanceOfSatisfying(
              ControlFile.Order.class,
              order -> assertThat(order.command()).isEqualTo(new Command.Pause()));
      edits.acknowledge(List.of(hit.number()), true);
      assertThat(workspace.alerts().unseen()).isZero();
      edits.acknowledge(List.of(hit.number()), false);
      assertThat(workspace.alerts().unseen()).isEqualTo(1);
      List<StoredRule> before = edits.setRules(List.of());
      assertThat(before).extracting(StoredRule::text).containsExactly("loss > 5 for 2 points");
      assertThatThrownBy(
              () ->
                  edits.setRules(
                      List.of(
                          new StoredRule(
                              0, "x", AlertRule.Severity.INFO, AlertRule.Action.NOTIFY, true))))
          .isInstanceOf(UserError.class);
    }
  }

  @Test
  void aMemoryThatCannotBeReadCountsAsNone() {
    AlertRule rule = AlertRule.parse("kl_exact > 10 for 50 steps", List.of());
    String none = new AlertWatch(rule).memory();
    for (String memory : List.of("", "nonsense", "a,b,c,d,e,f,g,h", "3,2,1,much,0,0,0,1")) {
      assertThat(new AlertWatch(rule, memory).memory()).isEqualTo(none);
    }
    String told = "3,2,1,0.5,4,5,6,1";
    assertThat(new AlertWatch(rule, told).memory()).isEqualTo(told);
  }
}
