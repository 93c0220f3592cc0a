package dev.plumbline.workspace;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.AlertRule;
import dev.plumbline.experiment.AlertWatch;
import dev.plumbline.experiment.journal.JournalEntry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the rules against what runs journal, in the same transaction as the events: an event makes
 * an alert once, however often an ingest is cut off.
 */
final class AlertIngest {
  private static final Logger LOG = LoggerFactory.getLogger(AlertIngest.class);

  private final Statements statements;
  private final List<Ruled> rules = new ArrayList<>();

  private record Ruled(StoredRule stored, AlertRule rule) {}

  AlertIngest(Statements statements) throws SQLException {
    this.statements = statements;
    List<StoredRule> stored = AlertEdits.rules(statements.connection());
    if (stored.stream().noneMatch(StoredRule::enabled)) {
      return;
    }
    List<String> measured = AlertEdits.metrics(statements.connection());
    for (StoredRule each : stored) {
      if (each.enabled()) {
        try {
          rules.add(new Ruled(each, AlertRule.parse(each.text(), measured)));
        } catch (UserError e) {
          LOG.warn("the rule '{}' is passed over: {}", each.text(), e.getMessage());
        }
      }
    }
  }

  /**
   * Looks at a run's new events, and at the clock.
   *
   * @param last sequence of the newest event
   * @param active whether a worker is there
   * @return what is to be done about the run: the last thing wins that stops more
   */
  AlertRule.Action look(long runNo, List<JournalEntry> news, long last, boolean active, Instant now)
      throws SQLException {
    AlertRule.Action wanted = AlertRule.Action.NOTIFY;
    for (Ruled each : rules) {
      String memory = memory(each.stored().number(), runNo);
      AlertWatch watch =
          memory.isEmpty() ? new AlertWatch(each.rule()) : new AlertWatch(each.rule(), memory);
      boolean hit = false;
      for (JournalEntry entry : news) {
        AlertWatch.Hit found = watch.take(entry).orElse(null);
        if (found != null) {
          note(each.stored(), runNo, entry.sequence(), entry.time(), found);
          hit = true;
        }
      }
      AlertWatch.Hit still = active ? watch.look(now).orElse(null) : null;
      if (still != null) {
        note(each.stored(), runNo, last, now, still);
        hit = true;
      }
      String next = watch.memory();
      if (!next.equals(memory)) {
        statements.update(
            "INSERT INTO alert_memory VALUES (?, ?, ?) ON CONFLICT (rule_no, run_no) DO UPDATE SET"
                + " memory = excluded.memory",
            each.stored().number(),
            runNo,
            next);
      }
      if (hit && each.stored().action().compareTo(wanted) > 0) {
        wanted = each.stored().action();
      }
    }
    return wanted;
  }

  private String memory(long rule, long run) throws SQLException {
    PreparedStatement query =
        statements.of("SELECT memory FROM alert_memory WHERE rule_no = ? AND run_no = ?");
    query.setLong(1, rule);
    query.setLong(2, run);
    try (ResultSet row = query.executeQuery()) {
      return row.next() ? Objects.requireNonNull(row.getString(1)) : "";
    }
  }

  private void note(StoredRule rule, long runNo, long sequence, Instant time, AlertWatch.Hit hit)
      throws SQLException {
    statements.update(
        "INSERT INTO alert_hit (run_no, rule_no, rule, severity, action, sequence, step, time,"
            + " value, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        runNo,
        rule.number(),
        rule.text(),
        AlertEdits.word(rule.severity()),
        AlertEdits.word(rule.action()),
        sequence,
        hit.step(),
        time.toString(),
        Double.isFinite(hit.value()) ? hit.value() : Double.NaN,
        hit.message());
  }
}
