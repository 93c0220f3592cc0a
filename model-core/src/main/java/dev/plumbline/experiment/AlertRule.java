package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import dev.plumbline.training.Metrics;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What makes an alert of a run: a condition on one of its metrics, or on its progress.
 *
 * <pre>
 * rule := metric ("&lt;" | "&lt;=" | "&gt;" | "&gt;=") number ("for" n ("steps" | "points"))?
 *       | "not finite" "(" metric ")"
 *       | metric ("drop" | "rise") number "%"? "from best"
 *       | "no progress for" n ("s" | "min" | "h")
 * </pre>
 *
 * A comparison holds for n steps when it held at every measurement from one that lies n - 1 steps
 * back, and for n points when it held at the last n measurements. The best of a metric that is to
 * drop is the largest so far, of one that is to rise the smallest; with {@code %} the number is a
 * part of the best's size.
 *
 * @param text as a person wrote it
 * @param condition what it means
 */
public record AlertRule(String text, Condition condition) {
  private static final String NUMBER = "([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)";
  private static final Pattern FINITE = Pattern.compile("not\\s+finite\\s*\\(\\s*(\\S+?)\\s*\\)");
  private static final Pattern PROGRESS =
      Pattern.compile("no\\s+progress\\s+for\\s+" + NUMBER + "\\s*(\\S+)");
  private static final Pattern FROM_BEST =
      Pattern.compile("(\\S+)\\s+(drop|rise)\\s+" + NUMBER + "\\s*(%?)\\s+from\\s+best");
  private static final Pattern COMPARE =
      Pattern.compile("(\\S+?)\\s*(<=|>=|<|>)\\s*" + NUMBER + "(?:\\s+for\\s+(\\S+)\\s+(\\S+))?");
  private static final String FORMS =
      "write `kl_exact > 10 for 50 steps`, `not finite(loss)`, `pm_score drop 0.2 from best` or"
          + " `no progress for 10 min`";

  /** Short names that people write. */
  private static final Map<String, String> SHORT =
      Map.of(
          "kl", Metrics.KL_EXACT,
          "score", Metrics.PM_SCORE,
          "reward", Metrics.PM_SCORE,
          "accuracy", Metrics.EVAL_ACCURACY);

  /** What is looked for. */
  public sealed interface Condition {
    /** A metric lies beyond a bound for a while. */
    record Beyond(String metric, String sign, double bound, long length, boolean points)
        implements Condition {
      /** Whether a value is beyond the bound; NaN never is. */
      boolean holds(double value) {
        return switch (sign) {
          case "<" -> value < bound;
          case "<=" -> value <= bound;
          case ">" -> value > bound;
          default -> value >= bound;
        };
      }
    }

    /** A metric is NaN or infinite. */
    record NotFinite(String metric) implements Condition {}

    /**
     * A metric has left its best by so much.
     *
     * @param relative whether the amount is a part of the best's size
     * @param drop whether the best is the largest value
     */
    record FromBest(String metric, boolean drop, double amount, boolean relative)
        implements Condition {}

    /** No step was finished for so long while the run was at work. */
    record Still(Duration length) implements Condition {}
  }

  /** How much it matters. */
  public enum Severity {
    INFO,
    WARNING,
    CRITICAL
  }

  /** What is done beside telling. */
  public enum Action {
    NOTIFY,
    PAUSE,
    STOP
  }

  /** A rule with what it is worth; a set of these can be switched on. */
  public record Preset(String text, Severity severity, Action action) {}

  /** What most people want to know, and nothing that acts by itself. */
  public static final List<Preset> DEFAULTS =
      List.of(
          new Preset("not finite(loss)", Severity.CRITICAL, Action.NOTIFY),
          new Preset("no progress for 10 min", Severity.WARNING, Action.NOTIFY),
          new Preset("kl_exact > 25 for 20 steps", Severity.WARNING, Action.NOTIFY),
          new Preset("pm_score drop 0.5 from best", Severity.WARNING, Action.NOTIFY),
          new Preset("eval/loss rise 10% from best", Severity.WARNING, Action.NOTIFY),
          new Preset("entropy < 0.05 for 20 points", Severity.WARNING, Action.NOTIFY));

  /**
   * Reads a rule.
   *
   * @param measured names of metrics beside those of the program, such as those that the workspace
   *     has
   * @throws UserError one line that says what is wrong and what to write
   */
  public static AlertRule parse(String text, Collection<String> measured) {
    String rule = text.strip();
    if (rule.isEmpty()) {
      throw new UserError("a rule needs a condition; " + FORMS);
    }
    Matcher finite = FINITE.matcher(rule);
    if (finite.matches()) {
      return new AlertRule(rule, new Condition.NotFinite(metric(finite.group(1), measured)));
    }
    Matcher progress = PROGRESS.matcher(rule);
    if (progress.matches()) {
      return new AlertRule(rule, new Condition.Still(time(progress.group(1), progress.group(2))));
    }
    Matcher best = FROM_BEST.matcher(rule);
    if (best.matches()) {
      double amount = Double.parseDouble(best.group(3));
      if (amount <= 0) {
        throw new UserError(
            "'%s' from best: give an amount above 0".formatted(best.group(3) + best.group(4)));
      }
      boolean relative = !best.group(4).isEmpty();
      return new AlertRule(
          rule,
          new Condition.FromBest(
              metric(best.group(1), measured),
              best.group(2).equals("drop"),
              relative ? amount / 100 : amount,
              relative));
    }
    Matcher compare = COMPARE.matcher(rule);
    if (compare.matches()) {
      long length = 1;
      boolean points = false;
      if (compare.group(4) != null) {
        length = count(compare.group(4));
        String unit = compare.group(5);
        points = unit.matches("points?|measurements?");
        if (!points && !unit.matches("steps?")) {
          throw new UserError("'for %s %s': say steps or points".formatted(length, unit));
        }
      }
      return new AlertRule(
          rule,
          new Condition.Beyond(
              metric(compare.group(1), measured),
              compare.group(2),
              Double.parseDouble(compare.group(3)),
              length,
              points));
    }
    throw new UserError("'%s' is no rule; %s".formatted(rule, FORMS));
  }

  private static long count(String text) {
    try {
      long n = Long.parseLong(text);
      if (n >= 1) {
        return n;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new UserError("'for %s': a whole number of steps or points is needed".formatted(text));
  }

  private static Duration time(String number, String unit) {
    double seconds =
        Double.parseDouble(number)
            * switch (unit) {
              case "s", "sec", "seconds" -> 1;
              case "min", "minutes" -> 60;
              case "h", "hours" -> 3600;
              default -> throw new UserError("'%s %s': say s, min or h".formatted(number, unit));
            };
    if (seconds < 1) {
      throw new UserError("'%s %s': a second at least".formatted(number, unit));
    }
    return Duration.ofMillis(Math.round(1000 * seconds));
  }

  private static String metric(String name, Collection<String> measured) {
    if (Metrics.of(name).isPresent() || measured.contains(name)) {
      return name;
    }
    String known = SHORT.get(name.toLowerCase(Locale.ROOT));
    if (known != null) {
      return known;
    }
    Set<String> names = new LinkedHashSet<>(measured);
    Metrics.all().forEach(metric -> names.add(metric.name()));
    String near = SpecReader.suggestion(name, names);
    throw new UserError(
        "no metric '%s'%s"
            .formatted(
                name, near.startsWith("; did") ? near : "; the glossary in Help has them all"));
  }
}
