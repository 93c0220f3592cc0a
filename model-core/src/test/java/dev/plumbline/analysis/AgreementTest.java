package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.Agreement.Level;
import dev.plumbline.analysis.AnnotatorReport.Choice;
import dev.plumbline.analysis.AnnotatorReport.Side;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Coefficients against published tables, a coincidence matrix and NumPy (reference_ratings.py). */
class AgreementTest {
  private static final Agreement.Options OPTIONS = new Agreement.Options(0.95, 200, 7);

  /** Krippendorff (2011): four observers, twelve units, * missing. */
  private static final String[] KRIPPENDORFF = {
    "1 2 3 3 2 1 4 1 2 * * *",
    "1 2 3 3 2 2 4 1 2 5 * 3",
    "* 3 3 3 2 3 4 2 2 5 1 *",
    "1 2 3 3 2 4 4 1 2 5 1 *"
  };

  private static ReliabilityData table(String... raters) {
    ReliabilityData.Builder builder = new ReliabilityData.Builder();
    String[][] cells = new String[raters.length][];
    for (int r = 0; r < raters.length; r++) {
      cells[r] = raters[r].split(" ", -1);
    }
    for (int item = 0; item < cells[0].length; item++) {
      for (int r = 0; r < cells.length; r++) {
        if (!cells[r][item].equals("*")) {
          builder.add("u" + item, "r" + r, Double.parseDouble(cells[r][item]));
        }
      }
    }
    return builder.build();
  }

  private static double alpha(ReliabilityData data, Level level) {
    return Agreement.of(data, level, OPTIONS).alpha().value().orElseThrow();
  }

  /** By its definition: the matrix of coincidences and the table of squared differences. */
  private static double byCoincidences(ReliabilityData data, Level level) {
    double[] labels = data.labels();
    int k = labels.length;
    double[][] coincidences = new double[k][k];
    for (int item = 0; item < data.items().size(); item++) {
      int[] unit = data.labelsOf(item);
      for (int i = 0; i < unit.length; i++) {
        for (int j = 0; j < unit.length; j++) {
          if (i != j) {
            coincidences[unit[i]][unit[j]] += 1.0 / (unit.length - 1);
          }
        }
      }
    }
    double[] n = new double[k];
    double total = 0;
    for (int c = 0; c < k; c++) {
      for (int d = 0; d < k; d++) {
        n[c] += coincidences[c][d];
      }
      total += n[c];
    }
    double observed = 0;
    double expected = 0;
    for (int c = 0; c < k; c++) {
      for (int d = 0; d < k; d++) {
        double delta = squaredDifference(level, labels, n, c, d);
        observed += coincidences[c][d] * delta / total;
        expected += n[c] * n[d] * delta / (total * (total - 1));
      }
    }
    return 1 - observed / expected;
  }

  private static double squaredDifference(Level level, double[] labels, double[] n, int c, int d) {
    if (c == d) {
      return 0;
    }
    double between = 0;
    for (int g = Math.min(c, d); g <= Math.max(c, d); g++) {
      between += n[g];
    }
    double root =
        switch (level) {
          case NOMINAL -> 1;
          case ORDINAL -> between - (n[c] + n[d]) / 2;
          case INTERVAL -> labels[c] - labels[d];
          case RATIO -> (labels[c] - labels[d]) / (labels[c] + labels[d]);
        };
    return root * root;
  }

  @Test
  void alphaOfKrippendorffsOwnData() {
    ReliabilityData data = table(KRIPPENDORFF);
    Agreement nominal = Agreement.of(data, Level.NOMINAL, OPTIONS);
    assertThat(alpha(data, Level.NOMINAL)).isCloseTo(0.743, within(5e-4));
    assertThat(alpha(data, Level.ORDINAL)).isCloseTo(0.815, within(5e-4));
    assertThat(alpha(data, Level.INTERVAL)).isCloseTo(0.849, within(5e-4));
    assertThat(alpha(data, Level.RATIO)).isCloseTo(0.797, within(5e-4));
    for (Level level : Level.values()) {
      assertThat(alpha(data, level)).isCloseTo(byCoincidences(data, level), within(1e-12));
    }
    assertThat(nominal.items()).isEqualTo(12);
    assertThat(nominal.pairable()).isEqualTo(11);
    assertThat(nominal.ratings()).isEqualTo(41);
    assertThat(nominal.cohen()).isEmpty();
    assertThat(nominal.fleiss()).isEmpty();
    Reliability.Defined defined = (Reliability.Defined) nominal.alpha();
    assertThat(defined.interval().contains(defined.estimate())).isTrue();
    assertThat(defined.interval().low()).isBetween(0.3, 0.7);
    assertThat(Agreement.of(data, Level.NOMINAL, OPTIONS)).isEqualTo(nominal);
  }

  @Property(tries = 40)
  void alphaIsThatOfItsDefinitionAndKeepsItsInvariances(
      @ForAll @IntRange(min = 0) int seed, @ForAll @IntRange(min = 2, max = 6) int raters) {
    Random random = new Random(seed);
    ReliabilityData.Builder plain = new ReliabilityData.Builder();
    ReliabilityData.Builder renamed = new ReliabilityData.Builder();
    ReliabilityData.Builder scaled = new ReliabilityData.Builder();
    for (int item = 0; item < 30; item++) {
      int truth = random.nextInt(5);
      for (int r = 0; r < raters; r++) {
        if (random.nextInt(4) > 0) {
          int label = random.nextInt(3) == 0 ? random.nextInt(5) : truth;
          plain.add("i" + item, "r" + r, label);
          renamed.add("i" + item, "r" + (raters - r), (3 * label + 1) % 5);
          scaled.add("i" + item, "r" + r, 10 * label);
        }
      }
    }
    ReliabilityData data = plain.build();
    for (Level level : Level.values()) {
      assertThat(alpha(data, level)).isCloseTo(byCoincidences(data, level), within(1e-10));
    }
    assertThat(alpha(renamed.build(), Level.NOMINAL))
        .isCloseTo(alpha(data, Level.NOMINAL), within(1e-10));
    for (Level level : List.of(Level.ORDINAL, Level.INTERVAL, Level.RATIO)) {
      assertThat(alpha(scaled.build(), level)).isCloseTo(alpha(data, level), within(1e-10));
    }
  }

  @Test
  void unanimousRatersWithoutVariationAreUndefinedAndWithVariationPerfect() {
    Agreement same = Agreement.of(table("2 2 2", "2 2 2"), Level.ORDINAL, OPTIONS);
    assertThat(same.alpha()).isEqualTo(new Reliability.Undefined("undefined: no variation"));
    assertThat(same.alpha().value()).isEmpty();
    assertThat(same.cohen().orElseThrow().unweighted())
        .isEqualTo(Reliability.Undefined.NO_VARIATION);
    assertThat(same.fleiss().orElseThrow()).isEqualTo(Reliability.Undefined.NO_VARIATION);
    assertThat(same.raw().value()).hasValue(1);
    Agreement perfect = Agreement.of(table("1 2 2", "1 2 2"), Level.NOMINAL, OPTIONS);
    assertThat(perfect.alpha().value()).hasValue(1);
    // Of three rows the resamples of row 1 alone, or of rows 2 and 3 alone, have no variation:
    // (1 + 8) / 27 of them.
    assertThat(((Reliability.Defined) perfect.alpha()).undefinedResamples()).isBetween(40, 95);
    Agreement alone = Agreement.of(table("1 2 3"), Level.NOMINAL, OPTIONS);
    assertThat(alone.alpha())
        .isInstanceOfSatisfying(
            Reliability.Undefined.class,
            why -> assertThat(why.reason()).contains("no item has two labels"));
  }

  @Test
  void cohensKappas() {
    // 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: (0.7 - 0.5) / (1 - 0.5) = 0.4.
    ReliabilityData.Builder builder = new ReliabilityData.Builder();
    int item = 0;
    for (int[] cell : new int[][] {{1, 1, 20}, {1, 0, 5}, {0, 1, 10}, {0, 0, 15}}) {
      for (int i = 0; i < cell[2]; i++, item++) {
        builder.add("i" + item, "a", cell[0]).add("i" + item, "b", cell[1]);
      }
    }
    Agreement yesNo = Agreement.of(builder.build(), Level.NOMINAL, OPTIONS);
    assertThat(yesNo.cohen().orElseThrow().unweighted().value().orElseThrow())
        .isCloseTo(0.4, within(1e-12));
    assertThat(yesNo.cohen().orElseThrow().linear()).isEmpty();
    assertThat(yesNo.raw().value().orElseThrow()).isCloseTo(0.7, within(1e-12));
    Agreement.Cohen graded =
        Agreement.of(
                table("1 2 3 4 2 1 3 5 5 2 1 4", "1 2 4 4 2 2 3 5 4 1 1 2"), Level.ORDINAL, OPTIONS)
            .cohen()
            .orElseThrow();
    assertThat(graded.unweighted().value().orElseThrow())
        .isCloseTo(0.4690265486725663, within(1e-12));
    assertThat(graded.linear().orElseThrow().value().orElseThrow())
        .isCloseTo(0.6756756756756757, within(1e-12));
    assertThat(graded.quadratic().orElseThrow().value().orElseThrow())
        .isCloseTo(0.8241758241758241, within(1e-12));
  }

  @Test
  void fleissKappaByHand() {
    // Three raters, three items: counts (3, 0), (2, 1), (0, 3). Agreement (1 + 1/3 + 1) / 3 = 7/9;
    // shares 5/9 and 4/9, chance 41/81: (63/81 - 41/81) / (40/81) = 0.55.
    Agreement agreement = Agreement.of(table("1 1 2", "1 1 2", "1 2 2"), Level.NOMINAL, OPTIONS);
    assertThat(agreement.fleiss().orElseThrow().value().orElseThrow())
        .isCloseTo(0.55, within(1e-12));
  }

  @Test
  void aLabelGivenTwiceAndANegativeRatioAreRefused() {
    ReliabilityData.Builder builder = new ReliabilityData.Builder().add("i", "r", 1);
    assertThatThrownBy(() -> builder.add("i", "r", 2)).hasMessageContaining("twice");
    assertThatThrownBy(() -> Agreement.of(table("1 -2", "1 2"), Level.RATIO, OPTIONS))
        .hasMessageContaining("negative");
  }

  @Test
  void annotatorsAreSeenByTheirSidesAndRepeats() {
    List<Choice> choices =
        List.of(
            new Choice("ann", "i1", Side.LEFT, "x", 10),
            new Choice("ann", "i2", Side.LEFT, "y", 30),
            new Choice("bob", "i1", Side.NEITHER, "", Double.NaN),
            // The repeat with sides swapped: the same response, then another one.
            new Choice("ann", "i1", Side.RIGHT, "x", 20),
            new Choice("ann", "i2", Side.LEFT, "z", Double.NaN));
    Map<String, AnnotatorReport> reports = new TreeMap<>();
    AnnotatorReport.of(choices, 0.95).forEach(each -> reports.put(each.annotator(), each));
    AnnotatorReport ann = java.util.Objects.requireNonNull(reports.get("ann"));
    assertThat(ann.left()).hasValue(Proportion.wilson(3, 4, 0.95));
    assertThat(ann.repeats()).hasValue(Proportion.wilson(1, 2, 0.95));
    assertThat(ann.medianSeconds()).hasValue(20);
    AnnotatorReport bob = java.util.Objects.requireNonNull(reports.get("bob"));
    assertThat(bob.left()).isEmpty();
    assertThat(bob.repeats()).isEmpty();
    assertThat(bob.medianSeconds()).isEmpty();
  }
}
