package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SeedBandTest {
  @Test
  void meanAndTInterval() {
    // 1, 2, 3: mean 2, deviation 1; t(0.975; 2) = 4.302653, so half = 4.302653 / sqrt(3) = 2.484138
    double[][] x = {{0}, {0}, {0}};
    double[][] y = {{1}, {2}, {3}};
    SeedBand band = SeedBand.of(x, y, SeedBand.Kind.MEAN_T, 0.95, 1);
    assertThat(band.centre()).containsExactly(2);
    assertThat(band.low()[0]).isCloseTo(2 - 2.484138, within(1e-5));
    assertThat(band.high()[0]).isCloseTo(2 + 2.484138, within(1e-5));
    assertThat(band.runs()).containsExactly(3);
  }

  @Test
  void betweenItsPointsARunIsStraightAndBeyondThemItDoesNotCount() {
    double[][] x = {{0, 2}, {0, 1, 2, 3}};
    double[][] y = {{0, 4}, {2, 2, 2, 8}};
    SeedBand band = SeedBand.of(x, y, SeedBand.Kind.MEAN_T, 0.95, 1);
    assertThat(band.x()).containsExactly(0, 1, 2, 3);
    assertThat(band.centre()).containsExactly(1, 2, 3, 8);
    assertThat(band.runs()).containsExactly(2, 2, 2, 1);
    assertThat(band.low()[3]).as("one run has no interval").isNaN();
  }

  @Test
  void theInterquartileMeanCutsTheOuterQuarters() {
    // 1, 2, 3, 10: floor(4 / 4) = 1 is cut at either end, (2 + 3) / 2 stays
    double[][] x = {{0}, {0}, {0}, {0}};
    double[][] y = {{10}, {1}, {3}, {2}};
    SeedBand band = SeedBand.of(x, y, SeedBand.Kind.IQM_BOOTSTRAP, 0.95, 1);
    assertThat(band.centre()).containsExactly(2.5);
    assertThat(band.low()[0]).isBetween(1.0, 2.5);
    assertThat(band.high()[0]).isBetween(2.5, 10.0);
    SeedBand again = SeedBand.of(x, y, SeedBand.Kind.IQM_BOOTSTRAP, 0.95, 1);
    assertThat(again.low()).isEqualTo(band.low());
  }

  @Test
  void whatIsNoNumberIsPassedOverAndOfEqualPlacesTheLastCounts() {
    double[][] x = {{0, 1, 1, Double.NaN}, {0, 1, 2, 3}};
    double[][] y = {{1, 7, 3, 5}, {3, Double.NaN, 5, Double.POSITIVE_INFINITY}};
    SeedBand band = SeedBand.of(x, y, SeedBand.Kind.MEAN_T, 0.95, 1);
    assertThat(band.x()).containsExactly(0, 1, 2);
    assertThat(band.centre()).containsExactly(2, 3.5, 5); // at 1: 3 and (3 + 5) / 2 = 4
  }

  @Test
  void longCurvesKeepTheirEnds() {
    double[] steps = new double[20_000];
    Arrays.setAll(steps, i -> i);
    SeedBand band =
        SeedBand.of(
            new double[][] {steps, steps},
            new double[][] {steps, steps},
            SeedBand.Kind.MEAN_T,
            0.95,
            1);
    assertThat(band.x()).hasSize(SeedBand.PLACES).contains(0, 19_999);
    assertThat(band.centre()).isEqualTo(band.x());
  }

  @Test
  void farOutIsWhatLiesBeyondTukeysOuterFences() {
    // 1..9 and 1000: quartiles of type 7 are 3.25 and 7.75, fences 3.25 - 13.5 and 7.75 + 13.5
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1000};
    FarOut range = FarOut.of(List.of(values, new double[] {Double.NaN}));
    assertThat(range).isEqualTo(new FarOut(1, 9, 1, 10));
    assertThat(FarOut.of(List.of()).n()).isZero();
    assertThat(FarOut.of(List.of(new double[] {2, 2, 2})).outside()).isZero();
  }
}
