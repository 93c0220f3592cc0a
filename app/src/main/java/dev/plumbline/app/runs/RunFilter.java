package dev.plumbline.app.runs;

import dev.plumbline.app.feed.RunWords;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filter field's language: every word must stand in the name, stage, state, tags or notes; a
 * comparison such as {@code pm_score>1.5} or {@code eval/accuracy>=0.7} asks for the last value of
 * a metric.
 */
public final class RunFilter {
  private static final Pattern COMPARISON =
      Pattern.compile("([a-z][a-z0-9_/]*)(<=|>=|<|>|=)([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)");

  private RunFilter() {}

  /** The filter of a text; an empty one lets all runs through. */
  public static Predicate<RunRow> parse(String text) {
    String joined = text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s*(<=|>=|<|>|=)\\s*", "$1");
    List<Predicate<RunRow>> all = new ArrayList<>();
    for (String word : joined.split("\\s+")) {
      Matcher comparison = COMPARISON.matcher(word);
      if (comparison.matches()) {
        try {
          all.add(
              compare(
                  comparison.group(1),
                  comparison.group(2),
                  Double.parseDouble(comparison.group(3))));
          continue;
        } catch (NumberFormatException e) {
          // Not a number after all, so a word like any other.
        }
      }
      all.add(run -> words(run).contains(word));
    }
    return run -> all.stream().allMatch(each -> each.test(run));
  }

  private static Predicate<RunRow> compare(String metric, String operator, double bound) {
    return run -> {
      double value = metric.equals("step") ? (double) run.step() : RunWords.last(run, metric);
      return switch (operator) {
        case "<" -> value < bound;
        case "<=" -> value <= bound;
        case ">" -> value > bound;
        case ">=" -> value >= bound;
        default -> value == bound;
      };
    };
  }

  private static String words(RunRow run) {
    return String.join(
            " ",
            run.name(),
            run.stage(),
            RunWords.stage(run.stage()),
            RunWords.state(run.state()),
            String.join(" ", run.tags()),
            run.notes(),
            run.detail())
        .toLowerCase(Locale.ROOT);
  }
}
