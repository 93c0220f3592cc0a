package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.KlKind;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Mapping, hits, ticks, and what the charts of the catalogue contain. */
class FigurePainterTest {
  private static final Figure PLAIN =
      Figure.of(
          "t",
          "",
          Axis.linear("x", ""),
          Axis.linear("y", ""),
          List.of(
              Layer.Line.of(
                      "run/loss",
                      "run",
                      Ink.series(0),
                      Column.of(0, 1, 2, 3, 4),
                      Column.of(1, 2, Double.NaN, 4, 3))
                  .withStep(Column.of(0, 10, 20, 30, 40))));

  @Property
  void aPlaceGoesToItsValueAndBack(
      @ForAll @DoubleRange(min = -1e3, max = 1e3) double low,
      @ForAll @DoubleRange(min = 0.01, max = 1e4) double width,
      @ForAll @DoubleRange(min = 0, max = 1) double at) {
    PlotMapping.Span linear = new PlotMapping.Span(Axis.Scale.LINEAR, low, low + width, 400, 20);
    double value = low + at * width;
    assertThat(linear.value(linear.place(value))).isCloseTo(value, within(1e-9 * (1e3 + width)));
    double from = Math.abs(low) + 1e-3;
    PlotMapping.Span log = new PlotMapping.Span(Axis.Scale.LOG, from, from * (1 + width), 20, 400);
    double positive = from * (1 + at * width);
    assertThat(log.value(log.place(positive))).isCloseTo(positive, within(1e-9 * positive));
    assertThat(log.place(-1)).isNaN();
  }

  @Test
  void aPointerOnAPointFindsItsRunAndStep() {
    FigureRaster raster = FigureRaster.render(PLAIN, FigureStyle.dark(), 400, 300, 2);
    assertThat(raster.width()).isEqualTo(800);
    assertThat(raster.argb()).hasSize(800 * 600);
    PlotMapping mapping = raster.mapping();
    double px = mapping.x().place(3);
    double py = mapping.y().place(4);
    assertThat(mapping.plot().contains(px, py)).isTrue();
    PlotMapping.Hit hit = mapping.nearest(px + 2, py - 1, 8).orElseThrow();
    assertThat(hit.series()).isEqualTo("run/loss");
    assertThat(hit.index()).isEqualTo(3);
    assertThat(hit.step()).isEqualTo(30);
    assertThat(hit.y()).isEqualTo(4);
    assertThat(mapping.nearest(px + 30, py - 30, 8)).isEmpty();
    assertThat(mapping.nearestAlongX("run/loss", mapping.x().place(2.2)).orElseThrow().index())
        .isEqualTo(3);
    assertThat(raster.decimated()).isFalse();
  }

  @Test
  void aPointerInABarsColumnFindsIt() {
    Figure bars =
        Figure.of(
            "t",
            "",
            Axis.linear("x", "").range(0, 3),
            Axis.linear("y", "").range(0, 10),
            List.of(
                new Layer.Bars("all", "", Ink.series(0), Column.of(0, 1, 2, 3), Column.of(9, 1, 0)),
                new Layer.Bars(
                    "part", "", Ink.series(1), Column.of(0, 1, 2, 3), Column.of(4, 0, 0))));
    PlotMapping mapping = FigureRaster.render(bars, FigureStyle.dark(), 400, 300, 1).mapping();
    // inside both the shorter one, above it the taller one, above a low bar still that bar
    assertThat(at(mapping, 0.5, 2).series()).isEqualTo("part");
    assertThat(at(mapping, 0.5, 6).series()).isEqualTo("all");
    assertThat(at(mapping, 0.5, 9.5).series()).isEqualTo("all");
    PlotMapping.Hit low = at(mapping, 1.2, 8);
    assertThat(low.index()).isEqualTo(1);
    assertThat(low.x()).isEqualTo(1.5);
    assertThat(low.y()).isEqualTo(1);
    assertThat(mapping.nearest(mapping.x().place(2.5), mapping.y().place(1), 40)).isEmpty();
  }

  private static PlotMapping.Hit at(PlotMapping mapping, double x, double y) {
    return mapping.nearest(mapping.x().place(x), mapping.y().place(y), 40).orElseThrow();
  }

  @Test
  void theLineIsBrokenAtAGapAndDrawnElsewhere() {
    int colour = FigureStyle.dark().palette().getFirst().getRGB();
    FigureRaster raster =
        FigureRaster.render(PLAIN.withLegend(Figure.Legend.NONE), FigureStyle.dark(), 400, 300, 1);
    assertThat(inColumn(raster, 0.5, colour)).isTrue();
    assertThat(inColumn(raster, 2, colour)).isFalse();
    assertThat(inColumn(raster, 3.5, colour)).isTrue();
  }

  /** Whether a column of pixels holds something close to a colour. */
  private static boolean inColumn(FigureRaster raster, double x, int colour) {
    int px = (int) Math.round(raster.mapping().x().place(x));
    for (int py = 0; py < raster.height(); py++) {
      int pixel = raster.argb()[py * raster.width() + px];
      int distance =
          Math.abs((pixel >> 16 & 255) - (colour >> 16 & 255))
              + Math.abs((pixel >> 8 & 255) - (colour >> 8 & 255))
              + Math.abs((pixel & 255) - (colour & 255));
      if (distance < 90) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aTransparentBackgroundLeavesTheCornersClear() {
    FigureRaster raster =
        FigureRaster.render(
            PLAIN, FigureStyle.light().withBackground(new java.awt.Color(0, true)), 200, 150, 1);
    assertThat(raster.argb()[0]).isZero();
    assertThat(Arrays.stream(raster.argb()).anyMatch(pixel -> pixel != 0)).isTrue();
  }

  @Test
  void aLongSeriesIsThinnedAndKeepsItsRowsForHits() {
    int n = 200_000;
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i;
      y[i] = Math.cos(i / 3e4);
    }
    Figure figure =
        Figure.of(
            "t",
            "",
            Axis.linear("x", ""),
            Axis.linear("y", ""),
            List.of(Layer.Line.of("a", "", Ink.series(0), Column.of(x), Column.of(y))));
    FigureRaster raster = FigureRaster.render(figure, FigureStyle.light(), 300, 200, 1);
    assertThat(raster.decimated()).isTrue();
    PlotMapping mapping = raster.mapping();
    assertThat(
            mapping
                .nearest(mapping.x().place(123_456), mapping.y().place(y[123_456]), 5)
                .orElseThrow()
                .x())
        .isCloseTo(123_456, within(2000.0));
  }

  @Test
  void ticksAreRoundAndReadable() {
    assertThat(Ticks.linear(-0.3, 2.2, 6).stream().map(Ticks.Tick::label))
        .containsExactly("0", "0.5", "1", "1.5", "2");
    assertThat(Ticks.linear(-2, 2, 4).stream().map(Ticks.Tick::label))
        .containsExactly("−2", "−1", "0", "1", "2");
    assertThat(Ticks.linear(0, 2e6, 4).stream().map(Ticks.Tick::label))
        .containsExactly("0", "0.5M", "1M", "1.5M", "2M");
    assertThat(Ticks.linear(0, 12_000, 4).stream().map(Ticks.Tick::label))
        .containsExactly("0", "5k", "10k");
    assertThat(Ticks.linear(0, 4e-5, 4).get(1).label()).isEqualTo("1×10^{−5}");
    assertThat(Ticks.log(0.05, 200, 4).stream().map(Ticks.Tick::label).filter(l -> !l.isEmpty()))
        .containsExactly("0.1", "1", "10", "100");
  }

  @Test
  void figuresWithoutDataOrWithOnlyGapsAreDrawn() {
    Figure empty = PaperFigures.rewardAgainstSqrtKl(List.of(), PaperFigures.Options.ALL);
    assertThat(FigureRaster.render(empty, FigureStyle.dark(), 300, 200, 1).argb()).hasSize(60_000);
    Column gaps = Column.of(Double.NaN, Double.NaN);
    Figure none =
        Figure.of(
            "t",
            "",
            Axis.log("x", ""),
            Axis.log("y", ""),
            List.of(Layer.Line.of("a", "a", Ink.series(0), gaps, gaps)));
    assertThat(FigureRaster.render(none, FigureStyle.paper(), 40, 30, 1).argb()).hasSize(1200);
  }

  @Test
  void aRunWhoseKlIsAnotherQuantityIsLeftOutWithTheReason() {
    long[] step = {0, 1, 2, 3};
    double[] kl = {0, 0.25, 1, 2.25};
    double[] reward = {1, 1.5, 2, 2.4};
    KlKind k3 =
        new KlKind(KlKind.Unit.PER_RESPONSE, KlKind.Estimator.K3, KlKind.Reference.INITIAL_POLICY);
    PaperFigures.RewardKlChart chart =
        PaperFigures.rewardAgainstSqrtKlWithSlopes(
            List.of(
                RewardKlRun.of("a", "a", KlKind.EXACT_PER_RESPONSE, step, kl, reward),
                RewardKlRun.of("b", "other", k3, step, kl, reward)),
            PaperFigures.Options.ALL);
    assertThat(chart.refused()).hasSize(1);
    assertThat(chart.figure().caption()).contains("Left out: other: k3 estimate per response");
    assertThat(chart.slopes()).hasSize(1);
    assertThat(chart.slopes().getFirst().method()).isEqualTo("moving-block bootstrap");
    Layer.Line line =
        (Layer.Line)
            chart.figure().layers().stream()
                .filter(Layer.Line.class::isInstance)
                .findFirst()
                .orElseThrow();
    assertThat(line.id()).isEqualTo("a/pm_score");
    assertThat(line.x().toArray()).containsExactly(0, 0.5, 1, 1.5);
    assertThat(line.y().toArray()).containsExactly(new double[] {0, 0.5, 1, 1.4}, within(1e-12));
  }

  @Test
  void seedsOfOneGroupShareALineWithATInterval() {
    long[] step = {0, 1, 2, 3};
    double[] kl = {0, 0.25, 1, 2.25};
    PaperFigures.RewardKlChart chart =
        PaperFigures.rewardAgainstSqrtKlWithSlopes(
            List.of(
                RewardKlRun.of(
                        "a",
                        "s1",
                        KlKind.EXACT_PER_RESPONSE,
                        step,
                        kl,
                        new double[] {0, .4, .8, 1.2})
                    .withGroup("ppo"),
                RewardKlRun.of(
                        "b",
                        "s2",
                        KlKind.EXACT_PER_RESPONSE,
                        step,
                        kl,
                        new double[] {0, .5, 1, 1.5})
                    .withGroup("ppo")),
            PaperFigures.Options.ALL);
    PaperFigures.SlopeRow row = chart.slopes().getFirst();
    assertThat(chart.slopes()).hasSize(1);
    assertThat(row.slope()).isCloseTo(0.9, within(1e-12));
    assertThat(row.method()).isEqualTo("t across 2 runs");
    assertThat(row.interval().high()).isCloseTo(0.9 + 0.1 * 12.7062047, within(1e-6));
  }

  @Test
  void aSmoothedMetricKeepsTheMeasuredValues() {
    RunCharts.MetricRun run =
        RunCharts.MetricRun.of(
            "r", "r", Column.of(0, 1, 2), Column.of(0, 64, 128), Column.of(1, 3, 2));
    Figure figure =
        RunCharts.metric(
            "loss",
            "Loss",
            "nats",
            RunCharts.Against.SAMPLES,
            Axis.Scale.LINEAR,
            0.9,
            List.of(run));
    Layer.Line line = (Layer.Line) figure.layers().getFirst();
    assertThat(line.measured().toArray()).containsExactly(1, 3, 2);
    assertThat(line.y()).isNotEqualTo(line.measured());
    assertThat(figure.subtitle()).contains("smoothed").contains("0.9");
    assertThat(line.id()).isEqualTo("r/loss");
  }

  @Test
  void aMarkStandsWhereItsStepIsAndNowhereBehindTheLastMeasurement() {
    RunCharts.MetricRun run =
        new RunCharts.MetricRun(
            "r",
            "r",
            Column.of(0, 25, 50),
            Column.of(0, 1000, 3000),
            Column.of(1, 3, 2),
            Column.empty(),
            Column.empty(),
            List.of(
                new RewardKlRun.Happening(25, "at a row"),
                new RewardKlRun.Happening(30, "between"),
                new RewardKlRun.Happening(60, "behind")));
    assertThat(marks(run, RunCharts.Against.TOKENS)).containsExactly(1000.0, 1400.0);
    assertThat(marks(run, RunCharts.Against.STEP)).containsExactly(25.0, 30.0, 60.0);
  }

  private static List<Double> marks(RunCharts.MetricRun run, RunCharts.Against against) {
    Figure figure = RunCharts.metric("m", "M", "", against, Axis.Scale.LINEAR, 0, List.of(run));
    return figure.layers().stream()
        .filter(Layer.Marks.class::isInstance)
        .flatMap(layer -> ((Layer.Marks) layer).marks().stream())
        .map(Layer.Mark::x)
        .toList();
  }

  @Test
  void theLabelsOfALogarithmicAxisAgreeInTheirForm() {
    assertThat(labels(25_000, 450_000)).containsExactly("50k", "100k", "200k");
    assertThat(labels(300_000, 3_000_000)).containsExactly("500k", "1M", "2M");
    assertThat(labels(0.02, 20)).containsExactly("0.1", "1", "10");
    assertThat(labels(1, 2e6)).allMatch(label -> label.startsWith("10^{"));
    assertThat(labels(1e-6, 1e-4)).allMatch(label -> label.contains("10^{−"));
  }

  private static List<String> labels(double low, double high) {
    return Ticks.log(low, high, 8).stream()
        .map(Ticks.Tick::label)
        .filter(label -> !label.isEmpty())
        .toList();
  }
}
