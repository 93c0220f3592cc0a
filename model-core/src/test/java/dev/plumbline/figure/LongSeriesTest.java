package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A million points on a screen: what one of them says must be seen. */
final class LongSeriesTest {
  private static final int N = 1_000_000;
  private static final int WIDTH = 600;
  private static final int HEIGHT = 300;

  @ParameterizedTest
  @CsvSource({"1, LINEAR, 1", "2, LINEAR, 0.3", "3, LINEAR, 0.001", "4, LOG, 1", "5, LOG, 0.1"})
  void aSpikeOfOnePointIsSeenInEveryWindow(long seed, Axis.Scale scale, double share) {
    Random random = new Random(seed);
    double[] x = new double[N];
    double[] y = new double[N];
    for (int i = 0; i < N; i++) {
      x[i] = i + 1;
      y[i] = 1 + 0.1 * random.nextDouble();
    }
    int spike = N / 10 + random.nextInt(N / 2);
    y[spike] = 10;
    double wide = share * N;
    double from = Math.max(1, x[spike] - wide * random.nextDouble());
    double to = Math.min(N, from + wide);
    Axis linear = Axis.linear("x", "").range(from, to);
    Axis vertical = Axis.linear("y", "").withScale(scale).range(0.5, 12);
    Figure figure =
        Figure.of(
            "",
            "",
            linear,
            vertical,
            List.of(Layer.Line.of("a", "", Ink.series(0), Column.wrap(x), Column.wrap(y))));
    FigureRaster raster = FigureRaster.render(figure, FigureStyle.light(), WIDTH, HEIGHT, 1);
    PlotMapping mapping = raster.mapping();
    int px = (int) Math.round(mapping.x().place(x[spike]));
    int ink = 0;
    int top = (int) Math.ceil(mapping.y().place(9));
    int floor = (int) Math.floor(mapping.y().place(2));
    for (int row = top; row <= floor; row++) {
      boolean marked = false;
      for (int column = px - 2; column <= px + 2; column++) {
        int argb = raster.argb()[row * raster.width() + column];
        // The series is coloured; grid and background are grey.
        int red = argb >> 16 & 0xff;
        int green = argb >> 8 & 0xff;
        int blue = argb & 0xff;
        marked |= Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue)) > 12;
      }
      ink += marked ? 1 : 0;
    }
    assertThat(ink).as("marked rows of the spike's height").isEqualTo(floor - top + 1);
  }
}
