package dev.plumbline.workspace;

import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Filters, orders and fields of the table of runs as SQL over {@code run r LEFT JOIN run_edit e}.
 * Texts become literals with their quotes doubled, which is all that SQLite asks for.
 */
final class RunSql {
  static final String FROM = " FROM run r LEFT JOIN run_edit e ON e.run_id = r.run_id";

  /** {@code plumbline_find(expression, text)}: whether a regular expression is found. */
  static final String FIND = "plumbline_find";

  /** {@code plumbline_lower(text)}: small letters of all alphabets; SQLite knows ASCII alone. */
  static final String LOWER = "plumbline_lower";

  private static final String NAME = "COALESCE(e.name, r.name)";
  private static final String TAGS = "COALESCE(e.tags, r.spec_tags)";
  private static final String NOTES = "COALESCE(e.notes, r.spec_notes)";
  private static final String DETAIL = "CASE WHEN r.problem <> '' THEN r.problem ELSE r.detail END";

  private final Map<String, Long> settings;
  private final Instant now;

  /**
   * @param settings numbers of the spec keys that there are
   * @param now for ages
   */
  RunSql(Map<String, Long> settings, Instant now) {
    this.settings = settings;
    this.now = now;
  }

  /** A field's value: NULL where a run lacks it, else a number or a text. */
  String value(RunField field) {
    return switch (field) {
      case RunField.Of(RunField.Attribute attribute) -> attribute(attribute);
      case RunField.Setting(String key) -> {
        Long number = settings.get(key);
        yield number == null
            ? "NULL"
            : ("(SELECT COALESCE(s.number, s.text) FROM run_setting s WHERE s.setting_no = %d"
                    + " AND s.run_no = r.run_no)")
                .formatted(number);
      }
      case RunField.Curve(String metric, RunField.Statistic statistic) -> {
        String column = column(metric, statistic);
        yield column.equals("NULL")
            ? column
            : ("(SELECT m.%s FROM metric m WHERE m.run_no = r.run_no AND m.name = %s"
                    + " AND m.points > 0)")
                .formatted(column, quote(metric));
      }
    };
  }

  private static String column(String metric, RunField.Statistic statistic) {
    return switch (statistic) {
      case LAST -> "last_value";
      case MIN -> "min_value";
      case MAX -> "max_value";
      case MEAN -> "mean_value";
      case BEST ->
          switch (Metrics.of(metric).map(Metrics.Metric::better).orElse(Metrics.Better.NEITHER)) {
            case HIGHER -> "max_value";
            case LOWER -> "min_value";
            case NEITHER -> "NULL";
          };
    };
  }

  private String attribute(RunField.Attribute attribute) {
    return switch (attribute) {
      case NAME -> NAME;
      case ID -> "r.run_id";
      case STAGE -> "NULLIF(r.stage, '')";
      case STATE -> "r.state";
      case TAGS -> "NULLIF(" + TAGS + ", '[]')";
      case NOTES -> "NULLIF(" + NOTES + ", '')";
      case DETAIL -> "NULLIF(" + DETAIL + ", '')";
      case SEED -> "r.seed";
      case STEP -> "r.step";
      case STEPS -> "NULLIF(r.total_steps, 0)";
      case PROGRESS -> "CASE WHEN r.total_steps > 0 THEN 1.0 * r.step / r.total_steps END";
      case TIME -> "r.active_seconds";
      case CREATED -> "r.created";
      case AGE -> "(julianday(%s) - julianday(r.created)) * 86400".formatted(quote(now.toString()));
      case DEVICE -> "NULLIF(r.device, '')";
      case THREADS -> "NULLIF(r.threads, 0)";
      case CONFIGURATION -> "NULLIF(r.configuration, '')";
      case STUDY ->
          "(SELECT y.name FROM study_run w JOIN study y ON y.study_no = w.study_no"
              + " WHERE w.run_id = r.run_id ORDER BY y.created DESC LIMIT 1)";
      case ROLE ->
          "(SELECT w.role FROM study_run w JOIN study y ON y.study_no = w.study_no"
              + " WHERE w.run_id = r.run_id ORDER BY y.created DESC LIMIT 1)";
    };
  }

  /** A condition for the runs of a query. */
  String where(RunQuery query) {
    String place =
        switch (query.scope()) {
          case RUNS ->
              "r.trashed IS NULL"
                  + (asksForArchived(query.filter()) ? "" : " AND IFNULL(e.archived, 0) = 0");
          case ARCHIVE -> "r.trashed IS NULL AND IFNULL(e.archived, 0) = 1";
          case TRASH -> "r.trashed IS NOT NULL";
        };
    return place + " AND " + condition(query.filter());
  }

  private static boolean asksForArchived(RunFilter filter) {
    return switch (filter) {
      case RunFilter.And(List<RunFilter> parts) -> parts.stream().anyMatch(RunSql::asksForArchived);
      case RunFilter.Or(List<RunFilter> parts) -> parts.stream().anyMatch(RunSql::asksForArchived);
      case RunFilter.Not(RunFilter part) -> asksForArchived(part);
      case RunFilter.Is(RunFilter.Mark mark) -> mark == RunFilter.Mark.ARCHIVED;
      default -> false;
    };
  }

  /** A filter as a condition that is 0 or 1 and never NULL. */
  String condition(RunFilter filter) {
    return switch (filter) {
      case RunFilter.And(List<RunFilter> parts) -> joined(parts, " AND ", "1");
      case RunFilter.Or(List<RunFilter> parts) -> joined(parts, " OR ", "0");
      case RunFilter.Not(RunFilter part) -> "NOT " + condition(part);
      case RunFilter.Contains(String text) -> contains(text);
      case RunFilter.Has(RunField field) -> "(" + value(field) + " IS NOT NULL)";
      case RunFilter.Is(RunFilter.Mark mark) ->
          switch (mark) {
            case STARRED -> "(IFNULL(e.starred, 0) = 1)";
            case ARCHIVED -> "(IFNULL(e.archived, 0) = 1)";
            case ACTIVE ->
                Arrays.stream(RunState.values())
                    .filter(RunState::isActive)
                    .map(state -> quote(state.name().toLowerCase(Locale.ROOT)))
                    .collect(Collectors.joining(", ", "(r.state IN (", "))"));
          };
      case RunFilter.OneOf(RunField field, List<RunFilter.Value> values) ->
          each(
              field,
              value ->
                  values.stream()
                      .map(wanted -> equal(value, wanted, field))
                      .collect(Collectors.joining(" OR ", "(", ")")));
      case RunFilter.Bound(RunField field, RunFilter.Side side, double bound) ->
          each(field, value -> numeric(value, side, bound));
      case RunFilter.When(RunFilter.Side side, String from, String until) ->
          when(side, moment(from), moment(until));
      case RunFilter.Matches(RunField field, String expression) ->
          each(field, value -> "%s(%s, %s)".formatted(FIND, quote(expression), value));
    };
  }

  private String joined(List<RunFilter> parts, String by, String empty) {
    return parts.isEmpty()
        ? empty
        : parts.stream().map(this::condition).collect(Collectors.joining(by, "(", ")"));
  }

  private static String contains(String text) {
    boolean ascii = text.chars().allMatch(c -> c < 128);
    String wanted = quote(text.toLowerCase(Locale.ROOT));
    String lower = ascii ? "lower" : LOWER;
    return List.of(NAME, "r.stage", "r.state", TAGS, NOTES, DETAIL).stream()
        .map(each -> "instr(%s(%s), %s) > 0".formatted(lower, each, wanted))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  /** A condition on the one value of a field; on any of them for tags. */
  private String each(RunField field, Function<String, String> condition) {
    if (field.equals(RunField.of(RunField.Attribute.TAGS))) {
      return "EXISTS (SELECT 1 FROM json_each(%s) t WHERE %s)"
          .formatted(TAGS, condition.apply("t.value"));
    }
    if (field instanceof RunField.Setting(String key)) {
      Long number = settings.get(key);
      return number == null
          ? "0"
          : ("EXISTS (SELECT 1 FROM run_setting s WHERE s.setting_no = %d AND"
                  + " s.run_no = r.run_no AND %s)")
              .formatted(number, condition.apply("COALESCE(s.number, s.text)"));
    }
    return "IFNULL(" + condition.apply("(" + value(field) + ")") + ", 0)";
  }

  private static String equal(String value, RunFilter.Value wanted, RunField field) {
    boolean number = !Double.isNaN(wanted.number());
    if (field.isNumber()) {
      return numeric(value, RunFilter.Side.AT, wanted.number());
    }
    String text =
        wanted.text().contains("*")
            ? "%s LIKE %s ESCAPE '\\'"
                .formatted(
                    value,
                    quote(
                        wanted
                            .text()
                            .replace("\\", "\\\\")
                            .replace("%", "\\%")
                            .replace("_", "\\_")
                            .replace("*", "%")))
            : "%s = %s COLLATE NOCASE".formatted(value, quote(wanted.text()));
    return number && field instanceof RunField.Setting
        ? "(%s OR %s)".formatted(text, numeric(value, RunFilter.Side.AT, wanted.number()))
        : text;
  }

  /** SQLite holds every text greater than every number, so texts are kept out. */
  private static String numeric(String value, RunFilter.Side side, double bound) {
    return "(typeof(%1$s) <> 'text' AND %1$s %2$s %3$s)"
        .formatted(value, side.sign(), number(bound));
  }

  private static String when(RunFilter.Side side, String from, String until) {
    return switch (side) {
      case BELOW -> "(r.created < " + from + ")";
      case AT_MOST -> "(r.created < " + until + ")";
      case ABOVE -> "(r.created >= " + until + ")";
      case AT_LEAST -> "(r.created >= " + from + ")";
      case AT -> "(r.created >= %s AND r.created < %s)".formatted(from, until);
    };
  }

  /** Without the Z, which sorts behind the dot of a fraction of a second. */
  private static String moment(String instant) {
    return quote(instant.replace("Z", ""));
  }

  /** {@code k0, k1, ...} of an order, to be selected under these names. */
  String keys(List<RunQuery.Order> order) {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < order.size(); i++) {
      keys.append(", ").append(value(order.get(i).field())).append(" AS k").append(i);
    }
    return keys.toString();
  }

  /** The order of rows that have these keys. */
  static String by(List<RunQuery.Order> order) {
    StringBuilder by = new StringBuilder(" ORDER BY ");
    for (int i = 0; i < order.size(); i++) {
      by.append(
          "k%1$d IS NULL, k%1$d COLLATE NOCASE%2$s, "
              .formatted(i, order.get(i).descending() ? " DESC" : ""));
    }
    return by.append("created DESC, run_id DESC").toString();
  }

  static String quote(String text) {
    return "'" + text.replace("\0", "").replace("'", "''") + "'";
  }

  private static String number(double value) {
    return Double.isInfinite(value) ? (value > 0 ? "9e999" : "-9e999") : Double.toString(value);
  }
}
