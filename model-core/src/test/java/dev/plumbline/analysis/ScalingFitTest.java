package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The scaling fit against NumPy's least squares (calibration_values.py) and the paper's Eq A.1. */
class ScalingFitTest {
  private static final double[] P = {1e6, 1e6, 1e6, 1e7, 1e7, 1e7, 1e8, 1e8};
  private static final double[] D = {1e3, 1e4, 8e4, 1e3, 1e4, 8e4, 1e3, 8e4};
  private static final double[] ACCURACY = {.55, .58, .62, .575, .60, .645, .59, .66};

  @Test
  void leastSquaresAgreeWithNumPy() {
    ScalingFit fit = ScalingFit.of(P, D, ACCURACY, 0.95);
    assertThat(fit.problem()).isEqualTo(ScalingFit.Problem.NONE);
    assertThat(fit.a().value()).isCloseTo(0.3106898533565562, within(1e-11));
    assertThat(fit.b().value()).isCloseTo(0.00925006487461701, within(1e-12));
    assertThat(fit.c().value()).isCloseTo(0.01592905557657727, within(1e-12));
    assertThat(fit.a().standardError()).isCloseTo(0.01838045605864426, within(1e-11));
    assertThat(fit.b().standardError()).isCloseTo(0.0010111100208421919, within(1e-12));
    assertThat(fit.c().standardError()).isCloseTo(0.0009575027842835273, within(1e-12));
    assertThat(fit.c().interval().high() - fit.c().value())
        .isCloseTo(2.5705818356363146 * 0.0009575027842835273, within(1e-9));
    assertThat(fit.rSquared()).isCloseTo(0.986238050675044, within(1e-10));
    Coefficient there = fit.at(3e7, 2e4);
    assertThat(there.value()).isCloseTo(0.6276987223517235, within(1e-11));
    assertThat(there.standardError()).isCloseTo(0.002415781309364514, within(1e-11));
  }

  @Test
  void equationA1HasNaturalLogarithms() {
    assertThat(ScalingFit.paper(1e11, 8e4)).isEqualTo(0.72);
    // The digest's table: 13M at 1e3 is 0.59, 52B at 1e4 is 0.68; log10 would give 0.67 and 0.71.
    assertThat(ScalingFit.paper(12.6e6, 1e3)).isCloseTo(0.59, within(0.005));
    assertThat(ScalingFit.paper(51.5e9, 1e4)).isCloseTo(0.68, within(0.005));
    // Points on A.1 give A.1 back.
    double[] points = new double[P.length];
    Arrays.setAll(points, i -> ScalingFit.paper(P[i], D[i]));
    ScalingFit fit = ScalingFit.of(P, D, points, 0.95);
    assertThat(fit.b().value()).isCloseTo(0.007, within(1e-12));
    assertThat(fit.c().value()).isCloseTo(0.015, within(1e-12));
    assertThat(fit.at(1e11, 8e4).value()).isCloseTo(0.72, within(1e-11));
    assertThat(fit.rSquared()).isCloseTo(1, within(1e-12));
  }

  @Test
  void whatCannotBeToldApartIsNamed() {
    double[] same = new double[4];
    Arrays.fill(same, 13e6);
    double[] up = {1e3, 2e3, 4e3, 8e3};
    double[] rising = {.60, .62, .63, .66};
    ScalingFit data = ScalingFit.of(same, up, rising, 0.95);
    assertThat(data.problem()).isEqualTo(ScalingFit.Problem.ONE_SIZE);
    assertThat(data.b().value()).isNaN();
    // Slope over steps 0..3 of ln 2: (3 * 0.06 + 0.01) / 10 a step.
    assertThat(data.c().value()).isCloseTo(0.019 / Math.log(2), within(1e-12));
    assertThat(data.at(13e6, 1e3).value()).isCloseTo(0.599, within(1e-12));
    assertThat(ScalingFit.of(up, same, rising, 0.95).problem())
        .isEqualTo(ScalingFit.Problem.ONE_DATA_AMOUNT);
    double[] squared = Arrays.stream(up).map(each -> each * each).toArray();
    ScalingFit line = ScalingFit.of(up, squared, rising, 0.95);
    assertThat(line.problem()).isEqualTo(ScalingFit.Problem.COLLINEAR);
    assertThat(line.b().value()).isNaN();
    assertThat(line.at(1e3, 1e6).value()).isNaN();
    ScalingFit place = ScalingFit.of(same, same, rising, 0.95);
    assertThat(place.problem()).isEqualTo(ScalingFit.Problem.ONE_PLACE);
    assertThat(place.at(13e6, 13e6).value()).isCloseTo(0.6275, within(1e-12));
    assertThat(
            ScalingFit.of(new double[] {1, 2}, new double[] {3, 9}, new double[2], 0.95).problem())
        .isEqualTo(ScalingFit.Problem.COLLINEAR);
    assertThat(ScalingFit.of(P, D, new double[8], 0.95).rSquared()).isNaN();
    assertThatThrownBy(() -> ScalingFit.of(new double[] {0}, new double[] {1}, new double[1], 0.95))
        .hasMessageContaining("parameters must be above 0");
  }

  @Test
  void asManyPointsAsCoefficientsHaveNoError() {
    ScalingFit fit =
        ScalingFit.of(
            new double[] {1e6, 1e7, 1e6},
            new double[] {1e3, 1e3, 1e4},
            new double[] {.5, .6, .7},
            0.95);
    assertThat(fit.problem()).isEqualTo(ScalingFit.Problem.NONE);
    assertThat(fit.b().value()).isCloseTo(0.1 / Math.log(10), within(1e-12));
    assertThat(fit.b().standardError()).isNaN();
    assertThat(fit.b().interval().low()).isNaN();
  }
}
