package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.EloDiagnosis.Judged;
import dev.plumbline.analysis.EloDiagnosis.Snapshot;
import dev.plumbline.analysis.Matches.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The four curves where each gap is known. */
class EloDiagnosisTest {
  private static final BradleyTerry.Options OPTIONS =
      BradleyTerry.Options.STANDARD.against("start").resampled(300);

  private static final List<Snapshot> SNAPSHOTS =
      List.of(
          new Snapshot("start", 0, new double[] {0, 0.2, -0.2, 0}),
          new Snapshot("end", 100, new double[] {1, 1.2, 0.8, 1}));

  @Test
  void theCurvesAreTheirDefinitionsByHand() {
    // Two matches: scores of "end" 1.5 and 0.1, of "start" 0.5 and 0.3; people like "end" twice.
    List<Judged> matches =
        List.of(
            new Judged("end", "start", 1.5, 0.5, Outcome.FIRST, ""),
            new Judged("start", "end", 0.3, 0.1, Outcome.SECOND, ""));
    EloDiagnosis diagnosis = EloDiagnosis.of(SNAPSHOTS, matches, OPTIONS);
    EloDiagnosis.Point end = diagnosis.points().get(1);
    double nat = BradleyTerry.ELO_PER_NAT;
    assertThat(end.heldOut().elo()).isCloseTo(nat, within(1e-9));
    // Means in the matches: 0.8 and 0.4.
    assertThat(end.inMatches().elo()).isCloseTo(0.4 * nat, within(1e-9));
    // The model's votes are one each.
    assertThat(end.modelVotes().elo()).isCloseTo(0, within(1e-9));
    assertThat(end.shift().elo()).isCloseTo(0.6 * nat, within(1e-9));
    assertThat(end.scoreAgainstRank().elo()).isCloseTo(0.4 * nat, within(1e-9));
    // Two wins, and half a win and half a loss of each against an average opponent at 0: by
    // symmetry x and -x with 2 (1 - p(2x)) + 1/2 (1 - 2 p(x)) = 0.
    double x = end.votes().elo() / nat / 2;
    double p = 1 / (1 + Math.exp(-2 * x));
    double own = 1 / (1 + Math.exp(-x));
    assertThat(2 * (1 - p) + 0.5 * (1 - 2 * own)).isCloseTo(0, within(1e-9));
    assertThat(diagnosis.votesRegularised()).singleElement().asString().contains("end never lost");
    assertThat(diagnosis.modelVotesRegularised()).isEmpty();
    EloDiagnosis.Point start = diagnosis.points().getFirst();
    assertThat(start.heldOut().elo()).isZero();
    assertThat(start.votes().interval().high()).isZero();
  }

  @Test
  void votesThatAreTheModelsOwnLeaveNoRobustnessGapNotEvenInAResample() {
    List<Judged> matches = judged(400, 1.0, false, 3);
    EloDiagnosis.Point end = EloDiagnosis.of(SNAPSHOTS, matches, OPTIONS).points().get(1);
    assertThat(end.robustness().elo()).isCloseTo(0, within(1e-9));
    assertThat(end.robustness().interval().low()).isCloseTo(0, within(1e-6));
    assertThat(end.robustness().interval().high()).isCloseTo(0, within(1e-6));
    assertThat(end.modelVotes().interval().low()).isLessThan(end.modelVotes().elo() - 10);
    // Held-out differences are 1 for every prompt, so that paired prompts leave no spread.
    assertThat(end.heldOut().interval().low()).isCloseTo(end.heldOut().elo(), within(1e-6));
  }

  @Test
  void anOverratingModelShowsARobustnessGap() {
    List<Judged> matches = judged(2000, 1.2, true, 9);
    EloDiagnosis.Point end = EloDiagnosis.of(SNAPSHOTS, matches, OPTIONS).points().get(1);
    assertThat(end.robustness().interval().low()).isPositive();
    assertThat(end.votes().interval().contains(0)).isTrue();
  }

  /** Scores with noise of standard logistic differences; votes by the scores or by a coin. */
  private static List<Judged> judged(int n, double gain, boolean coin, long seed) {
    Random random = new Random(seed);
    List<Judged> matches = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double u = random.nextDouble();
      double end = gain + Math.log(u / (1 - u));
      boolean byScore = end > 0;
      boolean won = coin ? random.nextBoolean() : byScore;
      matches.add(
          new Judged("end", "start", end, 0, won ? Outcome.FIRST : Outcome.SECOND, "c" + i / 2));
    }
    return matches;
  }

  @Test
  void aSnapshotWithoutMatchesIsNamed() {
    List<Snapshot> three = new ArrayList<>(SNAPSHOTS);
    three.add(new Snapshot("late", 200, new double[] {1}));
    assertThatThrownBy(() -> EloDiagnosis.of(three, judged(10, 1, true, 1), OPTIONS))
        .hasMessageContaining("late");
  }
}
