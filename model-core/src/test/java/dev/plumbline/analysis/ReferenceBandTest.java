package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.Matches.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReferenceBandTest {
  private static final BradleyTerry.Options OPTIONS =
      BradleyTerry.Options.STANDARD.against("initial").resampled(300);

  /** The paper's meetings of section 6.1: HH preferred in 56 %, helpful in 51 %, of 1000 each. */
  private static Matches.Builder paper() {
    return new Matches.Builder()
        .add("hh", "initial", Outcome.FIRST, 750)
        .add("initial", "hh", Outcome.FIRST, 250)
        .add("helpful", "initial", Outcome.FIRST, 800)
        .add("helpful", "initial", Outcome.SECOND, 200)
        .add("writers", "hh", Outcome.FIRST, 440)
        .add("hh", "writers", Outcome.FIRST, 560)
        .add("writers", "helpful", Outcome.FIRST, 490)
        .add("helpful", "writers", Outcome.FIRST, 510);
  }

  @Test
  void anEdgeIsTheOpponentsRatingAndTheOddsOfThePairing() {
    ReferenceBand band =
        ReferenceBand.of(paper().build(), OPTIONS, "writers", List.of("hh", "helpful"));
    // 400 log10(3) - 400 log10(56/44) = 190.85 - 41.89; 400 log10(4) - 400 log10(51/49).
    ReferenceBand.Edge low = band.edges().getFirst();
    ReferenceBand.Edge high = band.edges().getLast();
    assertThat(low.opponent()).isEqualTo("hh");
    assertThat(low.share()).isCloseTo(0.44, within(1e-12));
    assertThat(low.matches()).isEqualTo(1000);
    assertThat(low.opponentRating().elo()).isCloseTo(400 * Math.log10(3), within(1e-6));
    assertThat(low.rating().elo() - low.opponentRating().elo()).isCloseTo(-41.8943, within(1e-3));
    assertThat(high.opponent()).isEqualTo("helpful");
    assertThat(high.rating().elo() - high.opponentRating().elo()).isCloseTo(-6.9495, within(1e-3));
    // The variance of a logit is 1 / (n p (1 - p)); the two meetings of an edge add up.
    double variance = 1 / 187.5 + 1 / 246.4;
    assertThat(low.rating().standardError())
        .isCloseTo(BradleyTerry.ELO_PER_NAT * Math.sqrt(variance), within(1e-6));
    double other = 1 / 160.0 + 1 / 249.9;
    assertThat(high.rating().standardError())
        .isCloseTo(BradleyTerry.ELO_PER_NAT * Math.sqrt(other), within(1e-6));
    // All four meetings are apart, so the edges are independent.
    double error = BradleyTerry.ELO_PER_NAT * Math.sqrt(variance + other);
    double width = 400 * Math.log10(4.0 / 3) - 6.94947 + 41.89427;
    assertThat(band.width().elo()).isCloseTo(width, within(1e-3));
    assertThat(band.width().standardError()).isCloseTo(error, within(1e-6));
    // z = 84.9203 / 24.3473 = 3.48787: two tails of the normal distribution.
    assertThat(band.probability().orElseThrow()).isCloseTo(0.000487, within(2e-6));
    assertThat(band.outer().low()).isEqualTo(low.rating().interval().low());
    assertThat(band.outer().high()).isEqualTo(high.rating().interval().high());
    assertThat(band.leftOut()).isZero();
    Interval bootstrap = low.rating().bootstrap().orElseThrow();
    assertThat(bootstrap.high() - bootstrap.low())
        .isCloseTo(2 * 1.96 * low.rating().standardError(), within(15.0));
  }

  /** Models that met each other too: their ratings are those of a fit without the writers. */
  @Test
  void opponentsAreRatedWithoutThePlayer() {
    Matches.Builder models =
        new Matches.Builder()
            .add("hh", "initial", Outcome.FIRST, 75)
            .add("initial", "hh", Outcome.FIRST, 25)
            .add("helpful", "initial", Outcome.FIRST, 60)
            .add("initial", "helpful", Outcome.FIRST, 31)
            .add("hh", "helpful", Outcome.FIRST, 20)
            .add("helpful", "hh", Outcome.FIRST, 30)
            .add("helpful", "hh", Outcome.TIE, 7);
    BradleyTerry alone = BradleyTerry.of(models.build(), OPTIONS.resampled(0));
    Matches all =
        models
            .add("writers", "hh", Outcome.FIRST, 40)
            .add("hh", "writers", Outcome.FIRST, 50)
            .add("writers", "hh", Outcome.TIE, 10)
            .add("writers", "helpful", Outcome.FIRST, 5)
            .add("helpful", "writers", Outcome.FIRST, 95)
            .add("writers", "initial", Outcome.FIRST, 12)
            .build();
    ReferenceBand band = ReferenceBand.of(all, OPTIONS, "writers", List.of("hh", "helpful"));
    assertThat(band.leftOut()).isEqualTo(12);
    for (ReferenceBand.Edge edge : band.edges()) {
      BradleyTerry.Rating expected = alone.rating(edge.opponent());
      assertThat(edge.opponentRating().elo()).isCloseTo(expected.elo(), within(1e-6));
      double p = edge.share();
      assertThat(edge.rating().elo())
          .isCloseTo(expected.elo() + 400 * Math.log10(p / (1 - p)), within(1e-6));
      assertThat(edge.rating().standardError())
          .isCloseTo(
              Math.hypot(
                  expected.standardError(),
                  BradleyTerry.ELO_PER_NAT / Math.sqrt(edge.matches() * p * (1 - p))),
              within(1e-5));
    }
    // Ties as halves: 45 of 100.
    assertThat(band.edges().getLast().share()).isCloseTo(0.45, within(1e-12));
  }

  @Test
  void groupsOfMatchesStayTogether() {
    Matches.Builder single = new Matches.Builder();
    Matches.Builder grouped = new Matches.Builder();
    for (int i = 0; i < 60; i++) {
      for (String[] each :
          List.of(
              new String[] {"hh", "initial", i % 3 == 0 ? "b" : "a"},
              new String[] {"helpful", "initial", i % 4 == 0 ? "b" : "a"},
              new String[] {"writers", "hh", i % 2 == 0 ? "b" : "a"},
              new String[] {"writers", "helpful", i % 5 == 0 ? "a" : "b"})) {
        Outcome outcome = each[2].equals("a") ? Outcome.FIRST : Outcome.SECOND;
        for (int copy = 0; copy < 4; copy++) {
          single.add(each[0], each[1], outcome, "s" + i + "/" + copy + "/" + each[0] + each[1]);
          grouped.add(each[0], each[1], outcome, "g" + i);
        }
      }
    }
    List<String> opponents = List.of("hh", "helpful");
    ReferenceBand apart = ReferenceBand.of(single.build(), OPTIONS, "writers", opponents);
    ReferenceBand together = ReferenceBand.of(grouped.build(), OPTIONS, "writers", opponents);
    assertThat(together.edges().getFirst().rating().elo())
        .isCloseTo(apart.edges().getFirst().rating().elo(), within(1e-6));
    Interval narrow = apart.edges().getFirst().rating().bootstrap().orElseThrow();
    Interval wide = together.edges().getFirst().rating().bootstrap().orElseThrow();
    // Four equal copies in a group: the spread of a group's mean is twice that of single matches.
    assertThat((wide.high() - wide.low()) / (narrow.high() - narrow.low())).isBetween(1.5, 2.7);
  }

  @Test
  void whatHasNoBandIsSaid() {
    Matches matches =
        paper().add("writers", "fourth", Outcome.FIRST, 3).add("far", "away", Outcome.TIE).build();
    List<String> good = List.of("hh", "helpful");
    assertThatThrownBy(() -> ReferenceBand.of(matches, OPTIONS, "initial", good))
        .hasMessageContaining("reference itself");
    assertThatThrownBy(() -> ReferenceBand.of(matches, OPTIONS, "nobody", good))
        .hasMessageContaining("no matches of nobody");
    assertThatThrownBy(() -> ReferenceBand.of(matches, OPTIONS, "writers", List.of("hh", "hh")))
        .hasMessageContaining("different opponents");
    assertThatThrownBy(() -> ReferenceBand.of(matches, OPTIONS, "writers", List.of("hh", "fourth")))
        .hasMessageContaining("never lost to fourth");
    assertThatThrownBy(
            () -> ReferenceBand.of(matches, OPTIONS, "writers", List.of("hh", "initial")))
        .hasMessageContaining("no matches of writers and initial");
    assertThatThrownBy(
            () -> ReferenceBand.of(matches, BradleyTerry.Options.STANDARD, "writers", good))
        .hasMessageContaining("reference");
    assertThatThrownBy(
            () ->
                ReferenceBand.of(
                    paper()
                        .add("writers", "other", Outcome.FIRST, 3)
                        .add("other", "writers", Outcome.FIRST, 3)
                        .build(),
                    OPTIONS,
                    "writers",
                    List.of("hh", "other")))
        .hasMessageContaining("no chain of matches without writers joins other");
  }
}
