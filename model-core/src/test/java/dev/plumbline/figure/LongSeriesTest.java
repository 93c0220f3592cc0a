package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Any series in any window: where a point lies, there is its colour. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyPointOfARandomWindowIsInk(long seed) {
    Random random = new Random(seed);
    int n = 3_000 + random.nextInt(60_000);
    double[] x = new double[n];
    double[] y = new double[n];
    double at = 0;
    for (int i = 0; i < n; i++) {
      at += random.nextDouble() * (random.nextInt(500) == 0 ? 40 : 1);
      x[i] = at;
      y[i] = 50 + 2 * random.nextGaussian();
      if (random.nextInt(200) == 0) {
        y[i] = 20 + 60 * random.nextDouble();
      }
      if (random.nextInt(300) == 0) {
        y[i] = Double.NaN;
      }
    }
    Layer.Line line = Layer.Line.of("a", "", Ink.series(0), Column.wrap(x), Column.wrap(y));
    for (int window = 0; window < 6; window++) {
      double wide = at * Math.pow(10, -1.7 * random.nextDouble());
      double from = (at - wide) * random.nextDouble();
      Figure figure =
          Figure.of(
                  "",
                  "",
                  Axis.linear("x", "").range(from, from + wide),
                  Axis.linear("y", "").range(0, 100),
                  List.of(line.drawn(Dash.SOLID, 0.7 + random.nextDouble())))
              .withLegend(Figure.Legend.NONE);
      double scale = 1 + random.nextInt(3) / 2.0;
      FigureRaster raster = FigureRaster.render(figure, FigureStyle.light(), 500, 250, scale);
      PlotMapping mapping = raster.mapping();
      for (int i = 0; i < n; i++) {
        // Points at the very ends, and those that a gap within one column parts from both
        // neighbours, are another test's.
        boolean part =
            x[i] >= from
                && x[i] <= from + wide
                && Double.isFinite(y[i])
                && i > 0
                && i + 1 < n
                && (Double.isFinite(y[i - 1]) || Double.isFinite(y[i + 1]));
        if (part) {
          int px = (int) (mapping.x().place(x[i]) * scale);
          int py = (int) (mapping.y().place(y[i]) * scale);
          int argb = raster.argb()[py * raster.width() + px];
          int red = argb >> 16 & 0xff;
          int green = argb >> 8 & 0xff;
          int blue = argb & 0xff;
          assertThat(Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue)))
              .as("window %d, row %d at (%d, %d)", window, i, px, py)
              .isGreaterThan(12);
        }
      }
    }
  }
}
