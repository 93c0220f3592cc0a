package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LineFitTest {
  @Test
  void theLineOfFourPointsByHand() {
    // Means 2.5 and 5; deviations -1.5, -.5, .5, 1.5 and -3, 0, -1, 4: squares 5 and 26, products
    // 4.5 + 0 - .5 + 6 = 10, slope 2, intercept 0.
    LineFit fit = LineFit.of(new double[] {1, 2, 3, 4}, new double[] {2, 5, 4, 9});
    assertThat(fit.slope()).isEqualTo(2);
    assertThat(fit.intercept()).isEqualTo(0);
    assertThat(fit.squaresX()).isEqualTo(5);
    assertThat(fit.squaresY()).isEqualTo(26);
  }

  @Test
  void pointsAtOnePlaceHaveNoSlope() {
    assertThat(LineFit.of(new double[] {3, 3}, new double[] {1, 2}).slope()).isNaN();
    assertThat(LineFit.of(new double[0], new double[0]).slope()).isNaN();
  }

  @Test
  void theBendIsTheChangeOfAParabolasSlope() {
    // y = 1 - x + 3 x^2 has the slope -1 + 6 x: from -1 at 0 to 29 at 5.
    double[] x = {5, 0, 1, 3, 3, 2};
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = 1 - x[i] + 3 * x[i] * x[i];
    }
    assertThat(LineFit.bend(x, y)).isCloseTo(30, within(1e-9));
    assertThat(LineFit.bend(new double[] {1, 2, 4}, new double[] {3, 5, 9}))
        .isCloseTo(0, within(1e-12));
    assertThat(LineFit.bend(new double[] {1, 2, 2}, new double[] {3, 5, 9})).isNaN();
  }
}
