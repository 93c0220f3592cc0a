package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AttemptRatingsTest {
  private static final double[] RATINGS = {4, 4, 0, 3, 2, Double.NaN};
  private static final double[] SCORES = {-2, -1, 0.5, Double.NaN, 1, -3};
  private static final String[] MEMBERS = {"a", "a", "b", "c", "c", "d"};

  private static AttemptRatings ratings(int copies) {
    AttemptRatings ratings = new AttemptRatings(3, 0.95, 400, 7);
    for (int i = 0; i < RATINGS.length; i++) {
      for (int copy = 0; copy < copies; copy++) {
        ratings.add(RATINGS[i], SCORES[i], MEMBERS[i]);
      }
    }
    return ratings;
  }

  private static List<Integer> all(AttemptRatings ratings) {
    return IntStream.range(0, ratings.size()).boxed().toList();
  }

  @Test
  void meansAreOfWhatIsKnown() {
    AttemptRatings ratings = ratings(1);
    AttemptRatings.Summary summary = ratings.of(all(ratings));
    assertThat(summary.attempts()).isEqualTo(6);
    assertThat(summary.people()).isEqualTo(4);
    // (4 + 4 + 0 + 3 + 2) / 5, three of five at 3 or above, (-2 - 1 + 0.5 + 1 - 3) / 5.
    assertThat(summary.rated()).isEqualTo(5);
    assertThat(summary.rating().orElseThrow().value()).isCloseTo(2.6, within(1e-12));
    assertThat(summary.successes()).isEqualTo(3);
    assertThat(summary.success().orElseThrow().value()).isCloseTo(0.6, within(1e-12));
    assertThat(summary.scored()).isEqualTo(5);
    assertThat(summary.score().orElseThrow().value()).isCloseTo(-0.9, within(1e-12));
    assertThat(summary.lowest()).isEqualTo(-3);
    Interval interval = summary.rating().orElseThrow().interval();
    assertThat(interval.low()).isBetween(0.0, 2.6);
    assertThat(interval.high()).isBetween(2.6, 4.0);
  }

  /** More attempts of the same people say nothing more about people. */
  @Test
  void repeatedAttemptsOfTheSamePeopleDoNotNarrowAnInterval() {
    AttemptRatings once = ratings(1);
    AttemptRatings often = ratings(10);
    Interval one = once.of(all(once)).rating().orElseThrow().interval();
    Interval ten = often.of(all(often)).rating().orElseThrow().interval();
    assertThat(ten.low()).isCloseTo(one.low(), within(1e-12));
    assertThat(ten.high()).isCloseTo(one.high(), within(1e-12));
  }

  @Test
  void wherePeopleOrValuesDoNotVaryThereIsNoIntervalOrWilsons() {
    AttemptRatings ratings = ratings(1);
    AttemptRatings.Summary one = ratings.of(List.of(0, 1));
    assertThat(one.people()).isEqualTo(1);
    assertThat(one.rating().orElseThrow().rule()).isEqualTo(AttemptRatings.Rule.NONE);
    assertThat(one.rating().orElseThrow().interval().low()).isNaN();
    // Both of two succeeded: Wilson (1927) gives n / (n + z^2) = 2 / (2 + 3.841459) = 0.342380.
    AttemptRatings.Estimate success = one.success().orElseThrow();
    assertThat(success.rule()).isEqualTo(AttemptRatings.Rule.WILSON);
    assertThat(success.interval().low()).isCloseTo(0.342380, within(1e-6));
    assertThat(success.interval().high()).isEqualTo(1);
    AttemptRatings.Summary unrated = ratings.of(List.of(5));
    assertThat(unrated.rating()).isEmpty();
    assertThat(unrated.success()).isEmpty();
    assertThat(unrated.lowest()).isEqualTo(-3);
  }

  @Test
  void whoseAuthorNobodyKnowsCountsAsAPerson() {
    AttemptRatings ratings = new AttemptRatings(3, 0.95, 100, 7);
    ratings.add(1, Double.NaN, null);
    ratings.add(2, Double.NaN, null);
    ratings.add(2, Double.NaN, "a");
    ratings.add(2, Double.NaN, "a");
    AttemptRatings.Summary summary = ratings.of(List.of(0, 1, 2, 3));
    assertThat(summary.people()).isEqualTo(3);
    assertThat(summary.score()).isEmpty();
    assertThat(summary.lowest()).isNaN();
  }
}
