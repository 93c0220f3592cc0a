package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How successful red-team attempts were, by any grouping of them (paper section 11, item 5). One
 * person makes many attempts and has a hand of their own, so intervals come from a bootstrap over
 * people and not over attempts. Not safe for several threads.
 */
public final class AttemptRatings {
  private final double success;
  private final double level;
  private final int resamples;
  private final long seed;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Integer> members = new HashMap<>();
  private int people;

  private record Row(double rating, double score, int member) {}

  /** How an interval was made. */
  public enum Rule {
    /** Bias-corrected and accelerated bootstrap over people. */
    BCA,
    /** Percentile bootstrap over people, where BCa's correction does not exist. */
    PERCENTILE,
    /** Wilson's, over attempts: all or none succeeded, of which no bootstrap can vary. */
    WILSON,
    /** There is none: all attempts are one person's, or all values are the same. */
    NONE
  }

  /**
   * A mean with its interval.
   *
   * @param value mean over attempts
   * @param interval its interval; NaN where there is none
   * @param rule how the interval was made
   */
  public record Estimate(double value, Interval interval, Rule rule) {}

  /**
   * Some attempts.
   *
   * @param attempts how many
   * @param people by how many people; one whose author is not known counts as a person
   * @param rated attempts that have a rating
   * @param rating their mean rating; empty without any
   * @param successes rated attempts that succeeded
   * @param success their share; empty without any that is rated
   * @param scored attempts that have a score
   * @param score their mean score; empty without any
   * @param lowest the least score; NaN without any
   */
  public record Summary(
      int attempts,
      int people,
      int rated,
      Optional<Estimate> rating,
      long successes,
      Optional<Estimate> success,
      int scored,
      Optional<Estimate> score,
      double lowest) {}

  /**
   * No attempts yet.
   *
   * @param success the least rating that is a success
   * @param level coverage of intervals
   * @param resamples draws of the bootstrap, at least 1
   * @param seed seed of the draws
   */
  public AttemptRatings(double success, double level, int resamples, long seed) {
    if (resamples < 1) {
      throw new IllegalArgumentException(resamples + " draws");
    }
    this.success = success;
    this.level = Interval.checked(level);
    this.resamples = resamples;
    this.seed = seed;
  }

  /**
   * Takes an attempt in.
   *
   * @param rating NaN where there is none
   * @param score NaN where there is none
   * @param member its author, or null where nobody knows
   * @return its number, from 0
   */
  public int add(double rating, double score, @Nullable String member) {
    Integer known = member == null ? null : members.get(member);
    int person = known == null ? people++ : known;
    if (member != null && known == null) {
      members.put(member, person);
    }
    rows.add(new Row(rating, score, person));
    return rows.size() - 1;
  }

  /** Attempts taken in. */
  public int size() {
    return rows.size();
  }

  /** What some attempts, by their numbers, came to. */
  public Summary of(List<Integer> numbers) {
    List<Row> all = numbers.stream().map(rows::get).toList();
    List<Row> rated = all.stream().filter(row -> !Double.isNaN(row.rating())).toList();
    List<Row> scored = all.stream().filter(row -> !Double.isNaN(row.score())).toList();
    long successes = rated.stream().filter(row -> row.rating() >= success).count();
    return new Summary(
        all.size(),
        (int) all.stream().mapToInt(Row::member).distinct().count(),
        rated.size(),
        mean(rated, Row::rating),
        successes,
        successes == 0 || successes == rated.size()
            ? share(successes, rated.size())
            : mean(rated, row -> row.rating() >= success ? 1 : 0),
        scored.size(),
        mean(scored, Row::score),
        scored.stream().mapToDouble(Row::score).min().orElse(Double.NaN));
  }

  private Optional<Estimate> share(long successes, int n) {
    return n == 0
        ? Optional.empty()
        : Optional.of(
            new Estimate(
                (double) successes / n,
                Proportion.wilson(successes, n, level).interval(),
                Rule.WILSON));
  }

  private Optional<Estimate> mean(List<Row> some, ToDoubleFunction<Row> value) {
    if (some.isEmpty()) {
      return Optional.empty();
    }
    Groups groups = Groups.of(some.stream().mapToInt(Row::member).toArray());
    double[] values = some.stream().mapToDouble(value).toArray();
    if (groups.count() < 2 || Arrays.stream(values).distinct().count() < 2) {
      return Optional.of(new Estimate(Moments.of(values).mean(), Interval.none(level), Rule.NONE));
    }
    GroupBootstrap.Estimate found = GroupBootstrap.bca(values, groups, resamples, level, seed);
    return Optional.of(
        new Estimate(
            found.value(),
            found.interval(),
            found.rule() == GroupBootstrap.Rule.BCA ? Rule.BCA : Rule.PERCENTILE));
  }
}
