package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.training.ResponseSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which prompts are listed: words that must stand in the prompt or in a response, and bounds on the
 * response of the last model, {@code score>0.5}, {@code length<20}, on what changed from the first
 * model to it, {@code change>1}, and whether it {@code ended:no}. All of them must hold.
 *
 * @param problem what is wrong with the text, or empty; such a filter keeps everything
 */
record SampleFilter(List<Predicate<SamplesState.Prompt>> conditions, String problem) {
  private static final Pattern PART = Pattern.compile("\"([^\"]*)\"?|(\\S+)");
  private static final Pattern BOUND =
      Pattern.compile("(score|length|change)(>=|<=|>|<|=)(\\S*)", Pattern.CASE_INSENSITIVE);

  /** Keeps everything. */
  static final SampleFilter ALL = new SampleFilter(List.of(), "");

  SampleFilter {
    conditions = List.copyOf(conditions);
  }

  /**
   * Reads a filter.
   *
   * @param scorer which score bounds are about; see {@link SamplesState#scorers}
   */
  static SampleFilter parse(String text, String scorer) {
    List<Predicate<SamplesState.Prompt>> conditions = new ArrayList<>();
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      String quoted = parts.group(1);
      String part = quoted == null ? parts.group() : quoted;
      Matcher bound = BOUND.matcher(part);
      if (quoted == null && bound.matches()) {
        double limit;
        try {
          limit = Double.parseDouble(bound.group(3).replace('\u2212', '-'));
        } catch (NumberFormatException e) {
          return new SampleFilter(List.of(), Strings.text("samples.filter.number", part));
        }
        String quantity = bound.group(1).toLowerCase(Locale.ROOT);
        String relation = bound.group(2);
        conditions.add(row -> holds(quantity(row, quantity, scorer), relation, limit));
      } else if (quoted == null && part.toLowerCase(Locale.ROOT).matches("ended:(yes|no)")) {
        boolean wanted = part.toLowerCase(Locale.ROOT).endsWith("yes");
        conditions.add(row -> row.last().map(response -> response.ended() == wanted).orElse(false));
      } else if (!part.isEmpty()) {
        String words = part.toLowerCase(Locale.ROOT);
        conditions.add(row -> mentions(row, words));
      }
    }
    return new SampleFilter(conditions, "");
  }

  /** Whether a prompt is listed. */
  boolean keeps(SamplesState.Prompt row) {
    return conditions.stream().allMatch(condition -> condition.test(row));
  }

  private static boolean mentions(SamplesState.Prompt row, String words) {
    return row.text().toLowerCase(Locale.ROOT).contains(words)
        || row.responses().stream()
            .flatMap(Optional::stream)
            .anyMatch(each -> each.response().toLowerCase(Locale.ROOT).contains(words));
  }

  private static double quantity(SamplesState.Prompt row, String name, String scorer) {
    return switch (name) {
      case "score" -> row.last().map(each -> SamplesState.score(each, scorer)).orElse(Double.NaN);
      case "length" ->
          row.last().map(ResponseSample::tokens).map(Integer::doubleValue).orElse(Double.NaN);
      default -> row.change();
    };
  }

  /** Nothing holds of a value that is not there. */
  private static boolean holds(double value, String relation, double limit) {
    return switch (relation) {
      case ">" -> value > limit;
      case ">=" -> value >= limit;
      case "<" -> value < limit;
      case "<=" -> value <= limit;
      default -> value == limit;
    };
  }
}
