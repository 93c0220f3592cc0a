package dev.plumbline.app.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.plumbline.analysis.AttemptRatings;
import dev.plumbline.data.ImportReport;
import dev.plumbline.data.JsonLinesWriter;
import dev.plumbline.data.RedTeamAttempt;
import dev.plumbline.data.RedTeamReader;
import dev.plumbline.data.RedTeamReport;
import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline data red-team}: what a file of red-team attempts holds. */
@Command(
    name = "red-team",
    description = {
      "Red-team attempts (hh-rlhf's red_team_attempts.jsonl.gz): how many, how successful and how"
          + " harmful, by model, rating and tag; and their opening turns as prompts.",
      "The file is JSON Lines or one JSON array, .gz or not. Intervals are by a bootstrap over"
          + " people, because one person's attempts depend on each other."
    },
    mixinStandardHelpOptions = true)
final class DataRedTeamCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("([0-9.]+)\\s*([kKmMbBtT]?)");
  private static final String UNKNOWN = "(not given)";
  private static final String UNTAGGED = "(no tag)";

  /** Sorts behind every name. */
  private static final String LAST = "\uffff";

  @ParentCommand DataCommand parent = new DataCommand();
  @Mixin LevelOption level = new LevelOption();
  @Mixin ResamplingOptions resampling = new ResamplingOptions(1000, 1);

  @Parameters(paramLabel = "FILE", description = "The attempts, JSON Lines or an array, .gz or not")
  Path file = Path.of("");

  @Option(
      names = "--success",
      paramLabel = "X",
      description =
          "Least rating that counts as a success; the published ratings go from 0 to 4 (default:"
              + " ${DEFAULT-VALUE})",
      defaultValue = "3")
  double success;

  @Option(
      names = "--prompts",
      paramLabel = "OUT",
      description = "Write the opening human turns as prompts with their tags, .gz or not")
  @Nullable Path prompts;

  @Option(names = "--json", description = "The numbers as JSON on standard output")
  boolean json;

  /** The numbers as scripts read them. */
  record Report(
      String file,
      String form,
      long records,
      long blankLines,
      long attempts,
      long malformed,
      List<ImportReport.Problem> malformedRecords,
      Map<String, Long> missing,
      double successFrom,
      double level,
      int resamples,
      Numbers all,
      List<ByRating> ratings,
      List<ByTag> tags,
      List<ByModel> models,
      @Nullable Prompts prompts) {}

  /** Ratings and scores of some attempts; null where there is none, or no interval. */
  record Numbers(
      int attempts,
      int people,
      int rated,
      @Nullable Mean rating,
      long successes,
      @Nullable Mean success,
      int scored,
      @Nullable Mean score,
      @Nullable Double lowestScore) {
    static Numbers of(AttemptRatings.Summary summary) {
      return new Numbers(
          summary.attempts(),
          summary.people(),
          summary.rated(),
          summary.rating().map(Mean::of).orElse(null),
          summary.successes(),
          summary.success().map(Mean::of).orElse(null),
          summary.scored(),
          summary.score().map(Mean::of).orElse(null),
          AnalyzeOptions.known(summary.lowest()));
    }
  }

  /** A mean with its interval. */
  record Mean(double mean, @Nullable Double low, @Nullable Double high, String interval) {
    static Mean of(AttemptRatings.Estimate estimate) {
      return new Mean(
          estimate.value(),
          AnalyzeOptions.known(estimate.interval().low()),
          AnalyzeOptions.known(estimate.interval().high()),
          estimate.rule().name().toLowerCase(Locale.ROOT));
    }
  }

  /** Attempts with one rating, null for those without any. */
  record ByRating(@Nullable Double rating, @JsonUnwrapped Numbers numbers) {}

  /** Attempts with one tag. */
  record ByTag(String tag, @JsonUnwrapped Numbers numbers) {}

  /** Attempts on one kind and size of model. */
  record ByModel(
      @Nullable String modelType, @Nullable String parameters, @JsonUnwrapped Numbers numbers) {}

  /** The prompts that were written, and attempts that open with none. */
  record Prompts(String file, int prompts, long withoutPrompt) {}

  private record Model(Optional<String> type, Optional<String> parameters) {}

  /** The attempts' numbers by what they are grouped by, and their prompts. */
  private static final class Tally {
    final AttemptRatings ratings;
    final SortedMap<Double, List<Integer>> byRating = new TreeMap<>();
    final SortedMap<String, List<Integer>> byTag = new TreeMap<>();
    final SortedMap<Model, List<Integer>> byModel =
        new TreeMap<>(
            Comparator.comparing((Model model) -> model.type().orElse(LAST))
                .thenComparingDouble(model -> size(model.parameters().orElse("")))
                .thenComparing(model -> model.parameters().orElse(LAST)));
    final Map<String, Set<String>> prompts = new LinkedHashMap<>();
    long withoutPrompt;

    Tally(AttemptRatings ratings) {
      this.ratings = ratings;
    }

    void add(RedTeamAttempt attempt) {
      int number =
          ratings.add(
              attempt.rating().orElse(Double.NaN),
              attempt.minHarmlessness().orElse(Double.NaN),
              attempt.member().orElse(null));
      put(byRating, attempt.rating().orElse(Double.NaN), number);
      put(byModel, new Model(attempt.modelType(), attempt.parameters()), number);
      List<String> tags = attempt.tags().orElse(List.of()).stream().distinct().toList();
      tags.forEach(tag -> put(byTag, tag, number));
      if (attempt.tags().isPresent() && tags.isEmpty()) {
        put(byTag, UNTAGGED, number);
      }
      attempt
          .prompt()
          .ifPresentOrElse(
              prompt -> prompts.computeIfAbsent(prompt, _ -> new LinkedHashSet<>()).addAll(tags),
              () -> withoutPrompt++);
    }

    private static <K> void put(Map<K, List<Integer>> groups, K key, int number) {
      groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(number);
    }

    /** The number that a size such as 2.7B says; infinite where it says none. */
    private static double size(String text) {
      Matcher matcher = SIZE.matcher(text.strip());
      if (!matcher.matches()) {
        return Double.POSITIVE_INFINITY;
      }
      double unit =
          switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 1e3;
            case "m" -> 1e6;
            case "b" -> 1e9;
            case "t" -> 1e12;
            default -> 1;
          };
      try {
        return unit * Double.parseDouble(matcher.group(1));
      } catch (NumberFormatException e) {
        return Double.POSITIVE_INFINITY;
      }
    }
  }

  @Override
  public Integer call() {
    level.check();
    resampling.check();
    if (!Double.isFinite(success)) {
      throw new UserError("--success " + success + " is no rating; give a number");
    }
    Tally tally =
        new Tally(new AttemptRatings(success, level.value, resampling.draws, resampling.seed));
    RedTeamReport found = RedTeamReader.read(file, tally::add);
    if (found.attempts() == 0) {
      throw new UserError(
          "%s: holds no attempt that can be read%s; give objects with a transcript"
              .formatted(
                  file,
                  found.problems().isEmpty()
                      ? ""
                      : " (%s %d: %s)"
                          .formatted(
                              unit(found),
                              found.problems().getFirst().line(),
                              found.problems().getFirst().reason())));
    }
    Prompts written = write(tally);
    Report report = report(found, tally, written);
    if (json) {
      parent.output().json(report);
    } else {
      print(parent.output(), report, found);
    }
    return CommandLineEntry.OK;
  }

  private @Nullable Prompts write(Tally tally) {
    Path target = prompts;
    if (target == null) {
      return null;
    }
    try (JsonLinesWriter writer = new JsonLinesWriter(target)) {
      tally.prompts.forEach(
          (prompt, tags) ->
              writer.write(tags.isEmpty() ? Map.of("prompt", prompt) : line(prompt, tags)));
    }
    return new Prompts(target.toString(), tally.prompts.size(), tally.withoutPrompt);
  }

  private static Map<String, Object> line(String prompt, Set<String> tags) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("prompt", prompt);
    line.put("tags", List.copyOf(tags));
    return line;
  }

  private Report report(RedTeamReport found, Tally tally, @Nullable Prompts written) {
    AttemptRatings ratings = tally.ratings;
    List<ByRating> byRating = new ArrayList<>();
    tally.byRating.forEach(
        (rating, numbers) ->
            byRating.add(
                new ByRating(AnalyzeOptions.known(rating), Numbers.of(ratings.of(numbers)))));
    List<ByTag> byTag = new ArrayList<>();
    tally.byTag.forEach(
        (tag, numbers) -> byTag.add(new ByTag(tag, Numbers.of(ratings.of(numbers)))));
    byTag.sort(
        Comparator.comparingInt((ByTag tag) -> tag.numbers().attempts())
            .reversed()
            .thenComparing(ByTag::tag));
    List<ByModel> byModel = new ArrayList<>();
    tally.byModel.forEach(
        (model, numbers) ->
            byModel.add(
                new ByModel(
                    model.type().orElse(null),
                    model.parameters().orElse(null),
                    Numbers.of(ratings.of(numbers)))));
    return new Report(
        file.toString(),
        found.array() ? "array" : "lines",
        found.records(),
        found.blankLines(),
        found.attempts(),
        found.malformed(),
        found.problems(),
        found.missing(),
        success,
        level.value,
        resampling.draws,
        Numbers.of(ratings.of(IntStream.range(0, ratings.size()).boxed().toList())),
        byRating,
        byTag,
        byModel,
        written);
  }

  private static String unit(RedTeamReport found) {
    return found.array() ? "element" : "line";
  }

  private void print(Output output, Report report, RedTeamReport found) {
    output.line(
        "%s: %,d attempts by %,d people, as %s; %,d malformed, left out",
        file,
        report.attempts(),
        report.all().people(),
        found.array() ? "one JSON array" : "JSON Lines",
        report.malformed());
    List<String> missing = new ArrayList<>();
    report
        .missing()
        .forEach(
            (field, count) -> {
              if (count > 0) {
                missing.add(String.format(Locale.ROOT, "%s %,d", field, count));
              }
            });
    output.line(
        "  fields without a value: %s", missing.isEmpty() ? "none" : String.join(", ", missing));
    int width =
        Math.max(
            10,
            IntStream.concat(
                    report.tags().stream().mapToInt(tag -> tag.tag().length()),
                    report.models().stream().mapToInt(model -> name(model).length()))
                .max()
                .orElse(0));
    heading(output, "model", width);
    report.models().forEach(model -> row(output, name(model), width, model.numbers()));
    row(output, "all", width, report.all());
    output.line("");
    output.line(
        "  %-" + width + "s  %8s  %8s  %8s  %-26s  %8s",
        "rating",
        "attempts",
        "share",
        "people",
        "score",
        "lowest");
    for (ByRating rating : report.ratings()) {
      Double value = rating.rating();
      output.line(
          "  %-" + width + "s  %,8d  %6.1f %%  %,8d  %-26s  %8s",
          value == null ? UNKNOWN : plain(value),
          rating.numbers().attempts(),
          100.0 * rating.numbers().attempts() / report.attempts(),
          rating.numbers().people(),
          estimate(rating.numbers().score(), 1),
          number(rating.numbers().lowestScore()));
    }
    long tagged = report.attempts() - report.missing().getOrDefault("tags", 0L);
    if (tagged > 0) {
      heading(output, "tag", width);
      report.tags().forEach(tag -> row(output, tag.tag(), width, tag.numbers()));
    }
    output.line("");
    output.line("  %,d attempts have tags; one with several counts for each of them", tagged);
    output.line(
        "  rating: its author's own, higher is more successful; success: a rating of %s or more",
        plain(success));
    output.line("  score: least harmlessness score of the transcript, nats, lower is more harmful");
    output.line(
        "  intervals: %s bootstrap over people (BCa), %,d draws, seed %d; Wilson's over attempts"
            + " where all or none succeeded (*); none for one person or equal values",
        level.percent(), resampling.draws, resampling.seed);
    Prompts written = report.prompts();
    if (written != null) {
      output.line(
          "  %,d different prompts in %s; %,d attempts open with none",
          written.prompts(), written.file(), written.withoutPrompt());
    }
    for (ImportReport.Problem problem : report.malformedRecords()) {
      output.note("%s: %s %d: %s", file, unit(found), problem.line(), problem.reason());
    }
  }

  private static void heading(Output output, String first, int width) {
    output.line("");
    output.line(
        "  %-" + width + "s  %8s  %8s  %-22s  %-26s  %-26s  %8s",
        first,
        "attempts",
        "people",
        "rating",
        "success",
        "score",
        "lowest");
  }

  private static void row(Output output, String name, int width, Numbers numbers) {
    output.line(
        "  %-" + width + "s  %,8d  %,8d  %-22s  %-26s  %-26s  %8s",
        name,
        numbers.attempts(),
        numbers.people(),
        estimate(numbers.rating(), 1),
        estimate(numbers.success(), 100),
        estimate(numbers.score(), 1),
        number(numbers.lowestScore()));
  }

  private static String name(ByModel model) {
    String type = model.modelType() == null ? UNKNOWN : model.modelType();
    String parameters = model.parameters() == null ? UNKNOWN : model.parameters();
    return type + ", " + parameters;
  }

  /** A mean with its interval, in hundredths where {@code scale} is 100. */
  private static String estimate(@Nullable Mean mean, double scale) {
    if (mean == null) {
      return "-";
    }
    String unit = scale == 1 ? "" : " %";
    String digits = scale == 1 ? "%.2f" : "%.1f";
    String value = String.format(Locale.ROOT, digits, scale * mean.mean()) + unit;
    Double low = mean.low();
    Double high = mean.high();
    return low == null || high == null
        ? value
        : value
            + String.format(
                Locale.ROOT, " [" + digits + ", " + digits + "]", scale * low, scale * high)
            + (mean.interval().equals("wilson") ? "*" : "");
  }

  private static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  /** A number without needless zeros. */
  private static String plain(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }
}
