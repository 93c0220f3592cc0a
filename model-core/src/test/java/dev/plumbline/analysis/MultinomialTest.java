package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.junit.jupiter.api.Test;

/** Counts of resamples against the binomial distribution itself. */
class MultinomialTest {
  @Test
  void binomialsHaveTheRightProbabilitiesInBothMethodsAndTheirMirrors() {
    assertDrawn(1000, 0.002); // inversion
    assertDrawn(40, 0.31); // rejection
    assertDrawn(40, 0.69);
    assertDrawn(2000, 0.5);
    assertDrawn(7, 0.9);
  }

  /** A chi-square over values with an expected count of 20 and more; 5 standard deviations. */
  private static void assertDrawn(int n, double p) {
    SplittableRandom random = new SplittableRandom(41);
    int draws = 200_000;
    long[] counts = new long[n + 1];
    for (int i = 0; i < draws; i++) {
      counts[(int) Multinomial.binomial(random, n, p)]++;
    }
    BinomialDistribution truth = new BinomialDistribution(n, p);
    double square = 0;
    int cells = 0;
    double restExpected = draws;
    double restFound = draws;
    for (int k = 0; k <= n; k++) {
      double expected = draws * truth.probability(k);
      if (expected >= 20) {
        square += (counts[k] - expected) * (counts[k] - expected) / expected;
        cells++;
        restExpected -= expected;
        restFound -= counts[k];
      }
    }
    assertThat((square - cells) / Math.sqrt(2.0 * cells)).as("n %d p %s", n, p).isLessThan(5);
    assertThat(Math.abs(restFound - restExpected))
        .isLessThan(5 * Math.sqrt(Math.max(1, restExpected)) + 1);
  }

  @Test
  void aSampleHasAsManyAsThereAreAndNoneOfAKindThatThereIsNot() {
    Multinomial multinomial = new Multinomial(new long[] {5, 0, 900_000, 7, 0});
    for (int i = 0; i < 50; i++) {
      long[] drawn = multinomial.draw(Replicates.random(3, i));
      assertThat(Arrays.stream(drawn).sum()).isEqualTo(900_012);
      assertThat(drawn[1]).isZero();
      assertThat(drawn[4]).isZero();
    }
    assertThat(multinomial.draw(Replicates.random(3, 1)))
        .isEqualTo(multinomial.draw(Replicates.random(3, 1)));
  }

  @Test
  void meansAndVariancesAreThoseOfTheMultinomial() {
    assertMoments(10, 30, 60);
    // Few things a kind: drawn one by one.
    assertMoments(1, 4, 2, 0, 3);
  }

  private static void assertMoments(long... counts) {
    double total = Arrays.stream(counts).sum();
    Multinomial multinomial = new Multinomial(counts);
    Moments[] moments = new Moments[counts.length];
    Arrays.setAll(moments, _ -> new Moments());
    for (int i = 0; i < 40_000; i++) {
      long[] drawn = multinomial.draw(Replicates.random(8, i));
      for (int j = 0; j < counts.length; j++) {
        moments[j].add((double) drawn[j]);
      }
    }
    for (int j = 0; j < counts.length; j++) {
      double p = counts[j] / total;
      double error = 5 * moments[j].standardError();
      assertThat(moments[j].mean()).isBetween(counts[j] - error, counts[j] + error);
      assertThat(moments[j].variance())
          .isBetween(0.96 * total * p * (1 - p), 1.04 * total * p * (1 - p));
    }
  }
}
