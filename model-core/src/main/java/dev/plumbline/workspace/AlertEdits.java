package dev.plumbline.workspace;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.AlertRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What people change about alerts; all of it throws {@link UserError} where nothing may change. */
public final class AlertEdits {
  private static final int SHOWN = 300;

  private final Workspace workspace;

  AlertEdits(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Replaces all rules; a rule with a number that is known keeps what it remembers, unless its text
   * changed.
   *
   * @return the rules before
   */
  public List<StoredRule> setRules(List<StoredRule> rules) {
    return workspace.edit(
        connection -> {
          List<String> measured = metrics(connection);
          for (StoredRule rule : rules) {
            AlertRule.parse(rule.text(), measured);
          }
          List<StoredRule> before = rules(connection);
          for (StoredRule old : before) {
            if (rules.stream()
                .noneMatch(
                    rule -> rule.number() == old.number() && rule.text().equals(old.text()))) {
              update(connection, "DELETE FROM alert_memory WHERE rule_no = ?", old.number());
            }
          }
          update(connection, "DELETE FROM alert_rule");
          for (StoredRule rule : rules) {
            update(
                connection,
                "INSERT INTO alert_rule (rule_no, text, severity, action, enabled) VALUES (?, ?, ?,"
                    + " ?, ?)",
                rule.number() == 0 ? null : rule.number(),
                rule.text().strip(),
                word(rule.severity()),
                word(rule.action()),
                rule.enabled() ? 1 : 0);
          }
          return before;
        });
  }

  /**
   * Notes that a person has seen some alerts, or takes that back.
   *
   * @return how many changed
   */
  public int acknowledge(Collection<Long> hits, boolean seen) {
    return workspace.edit(
        connection -> {
          int changed = 0;
          for (long hit : hits) {
            changed +=
                update(
                    connection,
                    "UPDATE alert_hit SET acknowledged = ? WHERE hit_no = ?",
                    seen ? Instant.now().truncatedTo(ChronoUnit.MILLIS).toString() : null,
                    hit);
          }
          return changed;
        });
  }

  static AlertSheet sheet(Connection connection) throws SQLException {
    List<AlertRow> hits = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT h.hit_no, r.run_id, h.rule, h.severity, h.action, h.step, h.time, h.value,"
                + " h.message, h.acknowledged IS NOT NULL FROM alert_hit h JOIN run r ON"
                + " r.run_no = h.run_no WHERE r.trashed IS NULL ORDER BY h.hit_no DESC LIMIT "
                + SHOWN)) {
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          hits.add(
              new AlertRow(
                  row.getLong(1),
                  Objects.requireNonNull(row.getString(2)),
                  Objects.requireNonNull(row.getString(3)),
                  AlertRule.Severity.valueOf(upper(row.getString(4))),
                  AlertRule.Action.valueOf(upper(row.getString(5))),
                  row.getLong(6),
                  Instant.parse(row.getString(7)),
                  RunIngest.real(row, 8),
                  Objects.requireNonNull(row.getString(9)),
                  row.getBoolean(10)));
        }
      }
    }
    return new AlertSheet(rules(connection), hits);
  }

  static List<StoredRule> rules(Connection connection) throws SQLException {
    List<StoredRule> rules = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT rule_no, text, severity, action, enabled FROM alert_rule ORDER BY rule_no");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        rules.add(
            new StoredRule(
                row.getLong(1),
                Objects.requireNonNull(row.getString(2)),
                AlertRule.Severity.valueOf(upper(row.getString(3))),
                AlertRule.Action.valueOf(upper(row.getString(4))),
                row.getBoolean(5)));
      }
    }
    return rules;
  }

  static List<String> metrics(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement("SELECT DISTINCT name FROM metric ORDER BY name");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        names.add(Objects.requireNonNull(row.getString(1)));
      }
    }
    return names;
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(@Nullable String word) {
    return String.valueOf(word).toUpperCase(Locale.ROOT);
  }

  private static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }
}
