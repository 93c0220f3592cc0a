package dev.plumbline.app.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunGroup;
import dev.plumbline.workspace.RunLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** How fields of runs are called, and how their values are written. */
public final class FieldWords {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private FieldWords() {}

  /** A column's head. */
  public static String title(RunField field) {
    return switch (field) {
      case RunField.Of(RunField.Attribute attribute) -> attribute(attribute);
      case RunField.Setting(String key) -> key.substring(key.lastIndexOf('.') + 1);
      case RunField.Curve(String metric, RunField.Statistic statistic) -> {
        String label = metric(metric);
        yield statistic == RunField.Statistic.LAST
            ? label
            : Strings.text("runs.field.statistic", label, statistic.word());
      }
    };
  }

  /** The field's text where it says more than its title. */
  static String path(RunField field) {
    return field.text().equals(title(field)) ? "" : field.text();
  }

  /** What a column means, with unit and definition. */
  static String tip(RunField field) {
    return switch (field) {
      case RunField.Of(RunField.Attribute attribute) ->
          attribute == RunField.Attribute.CONFIGURATION
              ? Strings.text("runs.field.configuration.tip")
              : title(field);
      case RunField.Setting(String key) -> key;
      case RunField.Curve(String metric, RunField.Statistic statistic) -> {
        Optional<Metrics.Metric> known = Metrics.of(metric);
        String unit = known.map(Metrics.Metric::unit).filter(u -> !u.isEmpty()).orElse("");
        yield field.text()
            + (unit.isEmpty() ? "" : " (" + unit + ")")
            + known.map(each -> "\n" + each.definition()).orElse("")
            + (statistic == RunField.Statistic.LAST
                ? ""
                : "\n" + Strings.text("runs.field.finite"));
      }
    };
  }

  private static String metric(String metric) {
    return metric.equals(Metrics.SQRT_KL)
        ? Strings.text("runs.column.kl")
        : Metrics.of(metric).map(Metrics.Metric::label).orElse(metric);
  }

  private static String attribute(RunField.Attribute attribute) {
    return switch (attribute) {
      case NAME -> Strings.text("runs.column.name");
      case ID -> Strings.text("runs.column.id");
      case STAGE -> Strings.text("runs.column.stage");
      case STATE -> Strings.text("runs.column.state");
      case TAGS -> Strings.text("runs.column.tags");
      case NOTES -> Strings.text("runs.column.notes");
      case DETAIL -> Strings.text("runs.column.detail");
      case SEED -> Strings.text("runs.column.seed");
      case STEP -> Strings.text("runs.column.step");
      case STEPS -> Strings.text("runs.column.steps");
      case PROGRESS -> Strings.text("runs.column.progress");
      case TIME -> Strings.text("runs.column.time");
      case CREATED -> Strings.text("runs.column.created");
      case AGE -> Strings.text("runs.column.age");
      case DEVICE -> Strings.text("runs.column.device");
      case THREADS -> Strings.text("runs.column.threads");
      case CONFIGURATION -> Strings.text("runs.column.configuration");
      case STUDY -> Strings.text("runs.column.study");
      case ROLE -> Strings.text("runs.column.role");
    };
  }

  static String isNote() {
    return Strings.text("runs.complete.is");
  }

  static String hasNote() {
    return Strings.text("runs.complete.has");
  }

  static String settingNote() {
    return Strings.text("runs.complete.setting");
  }

  static String count(int runs) {
    return Strings.text("runs.count", runs);
  }

  /** Whether a column's values stand at the right. */
  static boolean isRight(RunField field) {
    return field.isNumber();
  }

  /** A width that suits the field, in pixels. */
  static double width(RunField field) {
    return switch (field) {
      case RunField.Of(RunField.Attribute attribute) ->
          switch (attribute) {
            case NAME -> 190;
            case ID -> 230;
            case STAGE, STATE -> 104;
            case TAGS, NOTES, DETAIL, STUDY -> 150;
            case CREATED -> 130;
            default -> 100;
          };
      case RunField.Setting _ -> Math.max(90, 34 + 7.4 * title(field).length());
      case RunField.Curve(String metric, RunField.Statistic statistic) -> {
        boolean interval =
            statistic == RunField.Statistic.LAST && Metrics.of(metric + Metrics.LOW).isPresent();
        yield Math.max(interval ? 124 : 92, 34 + 7.4 * title(field).length());
      }
    };
  }

  /** A value as it stands in the table. */
  static String cell(RunLine.Cell cell, RunField field) {
    if (cell.isNone()) {
      return field.isNumber() ? Numbers.NONE : "";
    }
    return switch (field) {
      case RunField.Of(RunField.Attribute attribute) ->
          switch (attribute) {
            case PROGRESS ->
                Double.isNaN(cell.high())
                    ? percent(cell.number())
                    : Numbers.whole((long) cell.low()) + " / " + Numbers.whole((long) cell.high());
            case TIME, AGE -> Numbers.duration(cell.number());
            case CREATED ->
                MINUTE.format(Instant.parse(cell.text()).atZone(ZoneId.systemDefault()));
            case STAGE -> RunWords.stage(cell.text());
            case STATE -> state(cell.text());
            default -> cell.text().isEmpty() ? exact(cell.number()) : cell.text();
          };
      case RunField.Setting _ -> setting(cell);
      case RunField.Curve _ -> estimate(cell.number(), (cell.high() - cell.low()) / 2);
    };
  }

  private static String percent(double share) {
    return Numbers.fixed(share * 100, 0) + "\u202F%";
  }

  private static String state(String word) {
    return RunWords.state(RunState.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  /** A number with half its interval where it has one, as exact as that says. */
  static String estimate(double value, double half) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "\u2212∞";
    }
    if (!(half > 0) || !Double.isFinite(half)) {
      return Numbers.significant(value);
    }
    int decimals = Math.clamp(1 - (int) Math.floor(Math.log10(half)), 0, 6);
    return Numbers.fixed(value, decimals) + " ± " + Numbers.fixed(half, decimals);
  }

  private static String setting(RunLine.Cell cell) {
    if (cell.text().isEmpty()) {
      return exact(cell.number());
    }
    return setting(cell.text());
  }

  /** A setting's text; a list without its brackets. */
  static String setting(String text) {
    if (!text.startsWith("[")) {
      return text;
    }
    try {
      return StreamSupport.stream(JSON.readTree(text).spliterator(), false)
          .map(com.fasterxml.jackson.databind.JsonNode::asText)
          .collect(Collectors.joining(", "));
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  /** All digits of a number: settings are not rounded. */
  static String exact(double number) {
    if (!Double.isFinite(number)) {
      return Numbers.NONE;
    }
    BigDecimal decimal = BigDecimal.valueOf(number).stripTrailingZeros();
    String text = decimal.toPlainString();
    if (number != 0 && (Math.abs(number) < 1e-4 || Math.abs(number) >= 1e15)) {
      int exponent = decimal.precision() - decimal.scale() - 1;
      text = decimal.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }
    return text.replace('-', '\u2212');
  }

  /** A column over a group's runs. */
  static String aggregate(RunGroup.Aggregate column, RunField field, int members) {
    if (column.n() == 0) {
      return field.isNumber() ? Numbers.NONE : "";
    }
    if (field instanceof RunField.Curve) {
      String mean = estimate(column.mean(), column.half());
      return column.n() == members ? mean : Strings.text("runs.group.some", mean, column.n());
    }
    if (column.different() == 1) {
      return cell(column.values().getFirst(), field);
    }
    if (field.equals(RunField.of(RunField.Attribute.TIME))) {
      return Strings.text("runs.group.mean", Numbers.duration(column.mean()));
    }
    if (field.equals(RunField.of(RunField.Attribute.PROGRESS))) {
      return Strings.text("runs.group.mean", percent(column.mean()));
    }
    boolean few =
        column.different() <= RunGroup.Aggregate.MOST
            && field instanceof RunField.Setting
            && column.values().stream().allMatch(value -> value.text().isEmpty());
    if (few || (field.equals(RunField.of(RunField.Attribute.SEED)) && column.different() <= 4)) {
      List<RunLine.Cell> sorted =
          column.values().stream()
              .sorted(java.util.Comparator.comparingDouble(RunLine.Cell::number))
              .toList();
      return sorted.stream().map(each -> cell(each, field)).collect(Collectors.joining(", "));
    }
    return Strings.text("runs.group.values", column.different());
  }

  /** What the runs of a group have in common. */
  static String group(RunLine.Cell value, RunField field) {
    if (value.isNone()) {
      return Strings.text("runs.group.none", title(field));
    }
    return field instanceof RunField.Setting
        ? Strings.text("runs.group.head", title(field), cell(value, field))
        : cell(value, field);
  }
}
