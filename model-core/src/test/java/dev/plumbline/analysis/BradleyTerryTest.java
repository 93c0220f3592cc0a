package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.Matches.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Ratings by hand, against NumPy and SciPy (reference_ratings.py), and by their properties. */
class BradleyTerryTest {
  private static final String[] NAMES = {"ant", "bee", "cow", "dog"};
  private static final int[][] WINS = {{0, 12, 7, 3}, {5, 0, 9, 6}, {4, 8, 0, 11}, {2, 1, 3, 0}};
  private static final int[][] TIES = {{0, 2, 1, 0}, {0, 0, 0, 4}, {0, 0, 0, 0}, {0, 0, 0, 0}};
  private static final BradleyTerry.Options QUICK = BradleyTerry.Options.STANDARD.resampled(0);

  private static Matches.Builder four() {
    Matches.Builder builder = new Matches.Builder();
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        builder.add(NAMES[i], NAMES[j], Outcome.FIRST, i == j ? 0 : WINS[i][j]);
        builder.add(NAMES[j], NAMES[i], Outcome.TIE, i == j ? 0 : TIES[i][j]);
      }
    }
    return builder;
  }

  private static void assertRatings(BradleyTerry fit, double[] elo, double[] errors) {
    for (int i = 0; i < 4; i++) {
      BradleyTerry.Rating rating = fit.rating(NAMES[i]);
      assertThat(rating.elo()).as(NAMES[i]).isCloseTo(elo[i], within(1e-7));
      assertThat(rating.standardError()).as(NAMES[i]).isCloseTo(errors[i], within(1e-7));
      assertThat(rating.interval().high() - rating.elo())
          .isCloseTo(1.959963984540054 * errors[i], within(1e-6));
    }
  }

  @Test
  void twoModelsAreALogitByHand() {
    Matches matches =
        new Matches.Builder()
            .add("a", "b", Outcome.FIRST, 30)
            .add("b", "a", Outcome.FIRST, 10)
            .add("b", "a", Outcome.TIE, 4)
            .build();
    // Ties as halves: 32 of 44; the variance of a logit is 1 / (n p (1 - p)).
    BradleyTerry half = BradleyTerry.of(matches, QUICK.against("b"));
    assertThat(half.rating("a").elo()).isCloseTo(400 * Math.log10(32.0 / 12), within(1e-9));
    assertThat(half.rating("a").standardError())
        .isCloseTo(BradleyTerry.ELO_PER_NAT * Math.sqrt(44.0 / 32 / 12), within(1e-9));
    assertThat(half.rating("b").standardError()).isZero();
    assertThat(half.rating("a").matches()).isEqualTo(44);
    // Dropped: 30 of 40.
    BradleyTerry drop = BradleyTerry.of(matches, QUICK.against("b").with(TieRule.DROP));
    assertThat(drop.rating("a").elo()).isCloseTo(400 * Math.log10(3), within(1e-9));
    assertThat(drop.rating("a").matches()).isEqualTo(40);
    assertThat(drop.rating("a").score()).isEqualTo(30);
    // One free rating for one pair leaves nothing to test.
    assertThat(drop.fit().degreesOfFreedom()).isZero();
    assertThat(drop.fit().devianceP()).isEmpty();
    assertThat(BradleyTerry.ELO_PER_NAT).isCloseTo(173.7178, within(1e-4));
  }

  @Test
  void fourModelsAgreeWithNumPy() {
    Matches matches = four().build();
    BradleyTerry half = BradleyTerry.of(matches, QUICK.against("bee"));
    assertRatings(
        half,
        new double[] {95.07405845240706, 0, 11.464910013472624, -156.08245722714835},
        new double[] {67.05611012696605, 0, 64.57448191557364, 80.17653731840247});
    assertRatings(
        BradleyTerry.of(matches, QUICK),
        new double[] {
          107.45993064272423, 12.385872190317166, 23.85078220378979, -143.69658503683118
        },
        new double[] {48.06272543550331, 40.09912961855583, 41.678564496124466, 54.8437185174277});
    assertRatings(
        BradleyTerry.of(matches, QUICK.against("bee").with(TieRule.DROP)),
        new double[] {96.16837551691373, 0, -1.0115044460825895, -193.4671258324377},
        new double[] {71.06777484586392, 0, 67.086415406594, 92.00152538521485});
    assertThat(half.fit().deviance()).isCloseTo(1.8250101491989095, within(1e-9));
    assertThat(half.fit().pearson()).isCloseTo(2.057911625158987, within(1e-9));
    assertThat(half.fit().degreesOfFreedom()).isEqualTo(3);
    assertThat(half.fit().devianceP().orElseThrow()).isCloseTo(0.6095076294677864, within(1e-9));
    assertThat(half.fit().pearsonP().orElseThrow()).isCloseTo(0.5604743406571717, within(1e-9));
    assertThat(half.ratings().stream().map(BradleyTerry.Rating::model))
        .containsExactly("ant", "cow", "bee", "dog");
  }

  @Test
  void differencesDoNotDependOnTheGauge() {
    Matches matches = four().build();
    BradleyTerry.Difference byBee =
        BradleyTerry.of(matches, BradleyTerry.Options.STANDARD.against("bee")).difference(0, 3);
    BradleyTerry.Difference byMean =
        BradleyTerry.of(matches, BradleyTerry.Options.STANDARD).difference(0, 3);
    assertThat(byBee.elo()).isCloseTo(byMean.elo(), within(1e-9));
    assertThat(byBee.standardError()).isCloseTo(byMean.standardError(), within(1e-9));
    assertThat(byBee.bootstrap().orElseThrow().low())
        .isCloseTo(byMean.bootstrap().orElseThrow().low(), within(1e-6));
  }

  @Test
  void residualsAreObservedLessPredicted() {
    BradleyTerry fit = BradleyTerry.of(four().build(), QUICK);
    BradleyTerry.Pair pair = fit.pairs().getFirst();
    // ant against bee: 12 wins and two halves of 19.
    assertThat(pair.n()).isEqualTo(19);
    assertThat(pair.observed()).isCloseTo(13.0 / 19, within(1e-12));
    double p = 1 / (1 + Math.pow(10, -95.07405845240706 / 400));
    assertThat(pair.predicted()).isCloseTo(p, within(1e-9));
    assertThat(pair.residual()).isCloseTo(13.0 / 19 - p, within(1e-9));
    assertThat(pair.standardised())
        .isCloseTo((13.0 / 19 - p) / Math.sqrt(p * (1 - p) / 19), within(1e-8));
  }

  /** At the maximum every model's expected score is its score. */
  @Property(tries = 60)
  void expectedScoresAreTheScores(
      @ForAll @IntRange(min = 2, max = 9) int models, @ForAll @IntRange(min = 0) int seed) {
    Random random = new Random(seed);
    Matches.Builder builder = new Matches.Builder();
    for (int i = 0; i < models; i++) {
      for (int j = 0; j < models; j++) {
        if (i != j) {
          builder.add("m" + i, "m" + j, Outcome.FIRST, 1 + random.nextInt(200 * (i + 1)));
          builder.add("m" + i, "m" + j, Outcome.TIE, random.nextInt(5));
        }
      }
    }
    BradleyTerry fit = BradleyTerry.of(builder.build(), QUICK);
    double[] expected = new double[models];
    for (BradleyTerry.Pair pair : fit.pairs()) {
      expected[pair.first()] += pair.n() * pair.predicted();
      expected[pair.second()] += pair.n() * (1 - pair.predicted());
    }
    double sum = 0;
    for (int i = 0; i < models; i++) {
      BradleyTerry.Rating rating = fit.rating("m" + i);
      assertThat(expected[i]).isCloseTo(rating.score(), within(1e-7 * rating.matches()));
      sum += rating.elo();
    }
    assertThat(sum).isCloseTo(0, within(1e-7));
  }

  @Test
  void theOrderOfMatchesChangesNothingNotEvenTheBootstrap() {
    List<String[]> rows = new ArrayList<>();
    Random random = new Random(4);
    for (int i = 0; i < 300; i++) {
      int a = random.nextInt(4);
      int b = (a + 1 + random.nextInt(3)) % 4;
      rows.add(
          new String[] {NAMES[a], NAMES[b], random.nextInt(4) < a + 1 ? "a" : "b", "c" + i / 3});
    }
    BradleyTerry one = BradleyTerry.of(matches(rows), BradleyTerry.Options.STANDARD.resampled(50));
    Collections.shuffle(rows, random);
    BradleyTerry other =
        BradleyTerry.of(matches(rows), BradleyTerry.Options.STANDARD.resampled(50));
    assertThat(other.ratings()).isEqualTo(one.ratings());
  }

  private static Matches matches(List<String[]> rows) {
    Matches.Builder builder = new Matches.Builder();
    for (String[] row : rows) {
      builder.add(row[0], row[1], row[2].equals("a") ? Outcome.FIRST : Outcome.SECOND, row[3]);
    }
    return builder.build();
  }

  @Test
  void partsThatNoMatchJoinsAreNamedAndHaveScalesOfTheirOwn() {
    Matches matches =
        new Matches.Builder()
            .add("a", "b", Outcome.FIRST, 6)
            .add("a", "b", Outcome.SECOND, 3)
            .add("x", "y", Outcome.FIRST, 5)
            .add("x", "y", Outcome.SECOND, 5)
            .add("x", "x", Outcome.FIRST, 2)
            .build();
    BradleyTerry fit = BradleyTerry.of(matches, BradleyTerry.Options.STANDARD.against("b"));
    assertThat(matches.selfMatches()).isEqualTo(2);
    assertThat(matches.total()).isEqualTo(19);
    assertThat(fit.components()).hasSize(2);
    assertThat(fit.components().get(0).models()).containsExactly("a", "b");
    assertThat(fit.components().get(0).holdsReference()).isTrue();
    assertThat(fit.components().get(1).models()).containsExactly("x", "y");
    assertThat(fit.components().get(1).holdsReference()).isFalse();
    assertThat(fit.rating("a").elo()).isCloseTo(400 * Math.log10(2), within(1e-9));
    assertThat(fit.rating("x").elo()).isCloseTo(0, within(1e-9));
    assertThatThrownBy(() -> fit.difference(0, 2)).hasMessageContaining("no common scale");
    assertThatThrownBy(() -> BradleyTerry.of(matches, QUICK.against("z")))
        .hasMessageContaining("reference z");
  }

  @Test
  void anUndefeatedModelIsRegularisedAndSaidToBe() {
    Matches.Builder builder = new Matches.Builder();
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        if (i != j && j != 0) {
          builder.add(NAMES[i], NAMES[j], Outcome.FIRST, WINS[i][j]);
          builder.add(NAMES[i], NAMES[j], Outcome.TIE, i == 0 ? 0 : TIES[i][j]);
        }
      }
    }
    BradleyTerry fit =
        BradleyTerry.of(
            builder.build(), BradleyTerry.Options.STANDARD.against("bee").resampled(20));
    BradleyTerry.Separation separation = fit.components().getFirst().separation().orElseThrow();
    assertThat(separation.undefeated()).containsExactly(List.of("ant"));
    assertThat(separation.winless()).containsExactly(List.of("bee", "cow", "dog"));
    assertThat(separation.words())
        .isEqualTo("ant never lost to anyone; bee, cow, dog never won against the others");
    // Newton with a pseudo-inverse, and a general minimiser: reference_ratings.py.
    assertRatings(
        fit,
        new double[] {647.6871527280372, 0, -1.9953777431329942, -190.79949363047407},
        new double[] {250.57305031084826, 0, 73.19994547264764, 88.89170929843418});
    assertThat(fit.ratings()).allMatch(BradleyTerry.Rating::regularised);
    assertThat(fit.fit().devianceP()).isEmpty();
    assertThat(fit.separatedResamples()).isZero();
  }

  @Test
  void aSetThatNeverLostOutsideIsSeparatedToo() {
    Matches matches =
        new Matches.Builder()
            .add("a", "b", Outcome.FIRST, 3)
            .add("b", "a", Outcome.FIRST, 3)
            .add("b", "c", Outcome.FIRST, 4)
            .add("c", "d", Outcome.TIE, 2)
            .build();
    BradleyTerry.Separation separation =
        BradleyTerry.of(matches, QUICK).components().getFirst().separation().orElseThrow();
    assertThat(separation.undefeated()).containsExactly(List.of("a", "b"));
    assertThat(separation.winless()).containsExactly(List.of("c", "d"));
  }

  @Test
  void aResampleCountsOnceHoweverManyPartsWereSeparatedInIt() {
    Matches.Builder builder = new Matches.Builder();
    for (String[] pair : new String[][] {{"a", "b"}, {"c", "d"}, {"e", "f"}}) {
      builder.add(pair[0], pair[1], Outcome.FIRST, 1).add(pair[0], pair[1], Outcome.SECOND, 1);
    }
    // Two matches a part: of two drawn, both are alike with probability 1/2; in 7 of 8 resamples
    // some.
    BradleyTerry fit = BradleyTerry.of(builder.build(), BradleyTerry.Options.STANDARD);
    assertThat(fit.components()).hasSize(3);
    assertThat(fit.separatedResamples()).isBetween(800, 1000);
  }

  @Test
  void theBootstrapsSpreadIsTheHessians() {
    Random random = new Random(12);
    double[] truth = {0.8, 0.2, -0.1, -0.9};
    Matches.Builder builder = new Matches.Builder();
    for (int i = 0; i < 4000; i++) {
      int a = random.nextInt(4);
      int b = (a + 1 + random.nextInt(3)) % 4;
      boolean won = random.nextDouble() < 1 / (1 + Math.exp(truth[b] - truth[a]));
      builder.add(NAMES[a], NAMES[b], won ? Outcome.FIRST : Outcome.SECOND);
    }
    BradleyTerry fit =
        BradleyTerry.of(
            builder.build(), BradleyTerry.Options.STANDARD.against("dog").resampled(2000));
    for (int i = 0; i < 3; i++) {
      BradleyTerry.Rating rating = fit.rating(NAMES[i]);
      Interval drawn = rating.bootstrap().orElseThrow();
      double half = (drawn.high() - drawn.low()) / 2;
      assertThat(half / (1.96 * rating.standardError())).isBetween(0.92, 1.08);
      assertThat(rating.interval().contains(BradleyTerry.ELO_PER_NAT * (truth[i] - truth[3])))
          .isTrue();
    }
    assertThat(fit.separatedResamples()).isZero();
  }

  @Test
  void matchesThatOnlyRepeatEachOtherWithinAConversationDoubleTheSpread() {
    Matches.Builder single = new Matches.Builder();
    Matches.Builder together = new Matches.Builder();
    for (int i = 0; i < 200; i++) {
      Outcome outcome = i < 120 ? Outcome.FIRST : Outcome.SECOND;
      for (int copy = 0; copy < 4; copy++) {
        single.add("a", "b", outcome);
        together.add("a", "b", outcome, "conversation " + i);
      }
    }
    BradleyTerry.Options options = BradleyTerry.Options.STANDARD.against("b").resampled(2000);
    BradleyTerry alone = BradleyTerry.of(single.build(), options);
    BradleyTerry grouped = BradleyTerry.of(together.build(), options);
    assertThat(grouped.rating("a").elo()).isCloseTo(alone.rating("a").elo(), within(1e-9));
    assertThat(grouped.matches().units()).isEqualTo(200);
    // Four equal outcomes are one: sqrt(4) times the error.
    assertThat(width(grouped) / width(alone)).isBetween(1.85, 2.15);
  }

  private static double width(BradleyTerry fit) {
    Interval interval = fit.rating("a").bootstrap().orElseThrow();
    return interval.high() - interval.low();
  }

  @Test
  void resamplesWithoutAFiniteMaximumAreCounted() {
    Matches matches =
        new Matches.Builder()
            .add("a", "b", Outcome.FIRST, 9)
            .add("a", "b", Outcome.SECOND, 1)
            .build();
    BradleyTerry fit = BradleyTerry.of(matches, BradleyTerry.Options.STANDARD);
    // The one loss is missing from a sample of ten with probability 0.9^10 = 0.349.
    assertThat(fit.separatedResamples()).isBetween(290, 410);
    assertThat(fit.rating("a").bootstrap().orElseThrow().high()).isFinite();
  }

  @Test
  void theMaximumIsFoundHoweverLopsided() {
    Matches matches =
        new Matches.Builder()
            .add("a", "b", Outcome.FIRST, 1_000_000)
            .add("a", "b", Outcome.SECOND, 1)
            .add("b", "c", Outcome.FIRST, 1_000_000)
            .add("b", "c", Outcome.SECOND, 1)
            .add("c", "d", Outcome.FIRST, 3)
            .add("c", "d", Outcome.SECOND, 2)
            .build();
    BradleyTerry fit = BradleyTerry.of(matches, QUICK.against("d"));
    double lopsided = 400 * Math.log10(1e6);
    double close = 400 * Math.log10(1.5);
    assertThat(fit.rating("c").elo()).isCloseTo(close, within(1e-7));
    assertThat(fit.rating("b").elo()).isCloseTo(close + lopsided, within(1e-6));
    assertThat(fit.rating("a").elo()).isCloseTo(close + 2 * lopsided, within(1e-6));
  }

  @Test
  void aCycleIsCountedAndStandsBesideWhatChanceWouldGive() {
    Matches.Builder builder = new Matches.Builder();
    String[] round = {"paper", "rock", "scissors"};
    for (int i = 0; i < 3; i++) {
      builder.add(round[i], round[(i + 1) % 3], Outcome.FIRST, 3);
    }
    CyclicTriples triples = CyclicTriples.of(BradleyTerry.of(builder.build(), QUICK), 4000, 5);
    assertThat(triples.triples()).isEqualTo(1);
    assertThat(triples.cyclic()).isEqualTo(1);
    // Equal ratings, three matches a pair: either majority has 1/2, and 2 of 8 outcomes go round.
    assertThat(triples.expected()).isCloseTo(0.25, within(1e-9));
    assertThat(triples.probability()).isBetween(0.22, 0.28);
    assertThat(triples.deviation()).isBetween(0.41, 0.45);
    assertThat(triples.clearest())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(List.of(each.first(), each.second(), each.third()))
                  .containsExactly("paper", "rock", "scissors");
              // All of 3: 1/2 above one half, and a standard error of 1/2 / sqrt(3).
              assertThat(each.clearness()).isCloseTo(Math.sqrt(3), within(1e-12));
            });
  }

  @Test
  void clearCyclesAreSignificantAndALadderHasNone() {
    Matches.Builder cycle = new Matches.Builder();
    Matches.Builder ladder = new Matches.Builder();
    for (int i = 0; i < 5; i++) {
      for (int j = i + 1; j < 5; j++) {
        // In the cycle of five everyone beats the next two.
        boolean first = j - i <= 2;
        cycle.add("m" + i, "m" + j, first ? Outcome.FIRST : Outcome.SECOND, 40);
        cycle.add("m" + i, "m" + j, first ? Outcome.SECOND : Outcome.FIRST, 10);
        ladder.add("m" + i, "m" + j, Outcome.FIRST, 40);
        ladder.add("m" + i, "m" + j, Outcome.SECOND, 10);
      }
    }
    CyclicTriples round = CyclicTriples.of(BradleyTerry.of(cycle.build(), QUICK), 2000, 5);
    // A regular tournament of 5: C(5, 3) - 5 C(2, 2) = 5 cycles among 10 triples (Kendall 1940).
    assertThat(round.triples()).isEqualTo(10);
    assertThat(round.cyclic()).isEqualTo(5);
    CyclicTriples straight = CyclicTriples.of(BradleyTerry.of(ladder.build(), QUICK), 2000, 5);
    assertThat(straight.cyclic()).isZero();
    assertThat(straight.probability()).isEqualTo(1);
    assertThat(BradleyTerry.of(cycle.build(), QUICK).fit().devianceP().orElseThrow())
        .isLessThan(1e-10);
  }
}
