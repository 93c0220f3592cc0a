package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Thresholds by hand, and the rate that they promise for a score that had no part in them. */
class RejectThresholdTest {
  /** Scores 1 to 19: one of twenty may be rejected, so it has to lie above all nineteen. */
  @Test
  void fivePercentOfTwentyIsOne() {
    double[] scores = IntStream.rangeClosed(1, 19).mapToDouble(i -> i).toArray();
    assertThat(RejectThreshold.atMostRejected(scores, 0.05)).isEqualTo(Math.nextUp(19.0));
    assertThat(RejectThreshold.atMostRejected(scores, 0.1)).isEqualTo(Math.nextUp(18.0));
    assertThat(RejectThreshold.atLeastCaught(scores, 0.95)).isEqualTo(1);
    assertThat(RejectThreshold.atLeastCaught(scores, 0.5)).isEqualTo(10);
  }

  @Test
  void tooFewScoresPromiseNothing() {
    assertThat(RejectThreshold.least(0.05)).isEqualTo(19);
    assertThat(RejectThreshold.least(1 - 0.95)).isEqualTo(19);
    assertThat(RejectThreshold.least(0.01)).isEqualTo(99);
    assertThat(RejectThreshold.least(0.3)).isEqualTo(3);
    assertThatThrownBy(() -> RejectThreshold.atMostRejected(new double[18], 0.05))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 19 calibration scores, and there are 18");
  }

  /**
   * Of n + 1 exchangeable scores each is as likely to be the new one. Counting over all of them
   * gives the probability itself: floor((n + 1) rate) of n + 1 without ties, and no more with them.
   */
  @Property(tries = 200)
  void aNewScoreIsRejectedAtTheRate(
      @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @DoubleRange(min = 0.02, max = 0.9) double rate,
      @ForAll boolean ties,
      @ForAll int seed) {
    if (n < RejectThreshold.least(rate)) {
      return;
    }
    Random random = new Random(seed);
    double[] all =
        random.doubles(n + 1).map(value -> ties ? Math.rint(value * 5) : value).toArray();
    int rejected = 0;
    int caught = 0;
    for (int fresh = 0; fresh <= n; fresh++) {
      int left = fresh;
      double[] calibration =
          IntStream.rangeClosed(0, n).filter(i -> i != left).mapToDouble(i -> all[i]).toArray();
      rejected += all[fresh] >= RejectThreshold.atMostRejected(calibration, rate) ? 1 : 0;
      caught += all[fresh] >= RejectThreshold.atLeastCaught(calibration, 1 - rate) ? 1 : 0;
    }
    int allowed = (int) Math.floor((n + 1) * rate + 1e-9);
    if (ties) {
      assertThat(rejected).isLessThanOrEqualTo(allowed);
      assertThat(n + 1 - caught).isLessThanOrEqualTo(allowed);
    } else {
      assertThat(rejected).isEqualTo(allowed);
      assertThat(n + 1 - caught).isEqualTo(allowed);
    }
  }

  @Property(tries = 50)
  void theOrderOfTheScoresDoesNotMatter(@ForAll int seed) {
    double[] scores = new Random(seed).doubles(40).toArray();
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    assertThat(RejectThreshold.atMostRejected(scores, 0.1))
        .isEqualTo(RejectThreshold.atMostRejected(sorted, 0.1));
  }
}
