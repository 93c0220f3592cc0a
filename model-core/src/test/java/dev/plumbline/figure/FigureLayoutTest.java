package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What keeps a figure readable: bars beside each other, names in order, ends with room. */
class FigureLayoutTest {
  private static Layer.Points bars(String id, int ink, double... x) {
    double[] y = new double[x.length];
    Arrays.fill(y, 0.5);
    double[] low = new double[x.length];
    double[] high = new double[x.length];
    Arrays.fill(low, 0.4);
    Arrays.fill(high, 0.6);
    return new Layer.Points(
        id,
        id,
        Ink.series(ink),
        Column.of(x),
        Column.of(y),
        Column.of(low),
        Column.of(high),
        Column.empty());
  }

  private static Figure of(Layer... layers) {
    return Figure.of("t", "", Axis.linear("x", ""), Axis.linear("y", "fraction"), List.of(layers));
  }

  @Test
  void barsAtOnePlaceStandBesideEachOtherAndArePointedAtWhereTheyAreDrawn() {
    Figure figure = of(bars("a", 0, 1, 2), bars("b", 1, 1, 2), bars("c", 2, 2, 3));
    PlotMapping mapping = FigureRaster.render(figure, FigureStyle.light(), 600, 400, 1).mapping();
    double apart = FigureStyle.light().line() * FigurePainter.APART;
    double place = mapping.x().place(2);
    for (int i = 0; i < 3; i++) {
      double px = place + (i - 1) * apart;
      PlotMapping.Hit hit = mapping.nearest(px, mapping.y().place(0.5), 3).orElseThrow();
      assertThat(hit.series()).isEqualTo(List.of("a", "b", "c").get(i));
      assertThat(hit.x()).isEqualTo(2);
      assertThat(hit.px()).isCloseTo(px, within(1e-9));
    }
  }

  @Test
  void barsThatDoNotMeetStayWhereTheyAreAndManyTakeHalfTheWayAtMost() {
    PlotMapping.Span x = new PlotMapping.Span(Axis.Scale.LINEAR, 0, 100, 0, 100);
    assertThat(Dodge.shifts(of(bars("a", 0, 1, 2), bars("b", 1, 3, 4)), x, 4)).isEmpty();
    assertThat(Dodge.shifts(of(bars("a", 0, 1, 2)), x, 4)).isEmpty();
    // two places 2 apart: three series may take 1 together, so 0.5 from one to the next
    Map<String, Double> shifts =
        Dodge.shifts(of(bars("a", 0, 10, 12), bars("b", 1, 10, 12), bars("c", 2, 10, 12)), x, 4);
    assertThat(shifts).containsEntry("a", -0.5).containsEntry("b", 0.0).containsEntry("c", 0.5);
  }

  @Test
  void namesAreSpreadAsLittleAsPossible() {
    // two at one place move half the distance each
    assertThat(FigurePainter.spread(new double[] {50, 50}, 10, 0, 100)).containsExactly(45, 55);
    // those far from others stay
    assertThat(FigurePainter.spread(new double[] {10, 50, 52}, 10, 0, 100))
        .containsExactly(10, 46, 56);
    // at an end there is room on one side alone
    assertThat(FigurePainter.spread(new double[] {99, 100}, 10, 0, 100)).containsExactly(90, 100);
    // where there is no room they come closer
    assertThat(FigurePainter.spread(new double[] {5, 5, 5}, 10, 0, 10)).containsExactly(0, 5, 10);
    assertThat(FigurePainter.spread(new double[0], 10, 0, 100)).isEmpty();
  }

  @Property
  void spreadNamesKeepTheirOrderDistanceAndBounds(
      @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = 0, max = 100) Double> wanted) {
    double[] sorted = wanted.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double[] places = FigurePainter.spread(sorted, 10, 0, 100);
    for (int i = 0; i < places.length; i++) {
      assertThat(places[i]).isBetween(-1e-9, 100 + 1e-9);
      if (i > 0) {
        assertThat(places[i] - places[i - 1]).isGreaterThanOrEqualTo(10 - 1e-9);
      }
    }
  }

  @Test
  void aLevelOutOfSightIsNeitherDrawnNorMakesTheDataSmall() {
    Layer.Line line = Layer.Line.of("l", "l", Ink.series(0), Column.of(0, 1), Column.of(0.6, 0.7));
    FigurePainter.Ranges far =
        FigurePainter.Ranges.of(of(line, new Layer.Level("chance", Ink.MUTED, Dash.DOTTED, 0.5)));
    assertThat(far.yLow()).isCloseTo(0.595, within(1e-9)); // 5 % of 0.1 below the lowest
    FigurePainter.Ranges near =
        FigurePainter.Ranges.of(of(line, new Layer.Level("chance", Ink.MUTED, Dash.DOTTED, 0.58)));
    assertThat(near.yLow()).isLessThan(0.58);
  }

  @Test
  void aPointAtTheEndOfAnAxisStandsClearOfIt() {
    PlotMapping mapping =
        FigureRaster.render(
                of(bars("a", 0, 0, 1), bars("b", 1, 0, 1)), FigureStyle.paper(), 234, 145, 2)
            .mapping();
    double marker = FigureStyle.paper().line() * 2;
    double apart = FigureStyle.paper().line() * FigurePainter.APART / 2;
    assertThat(mapping.x().place(0) - apart - marker).isGreaterThan(mapping.x().start());
    assertThat(mapping.x().place(1) + apart + marker).isLessThan(mapping.x().end());
  }

  @Test
  void smallTicksAreFewerWhereTheyWouldTouch() {
    List<Ticks.Tick> tenths = Ticks.linear(0, 1, 10);
    assertThat(Ticks.withMinor(Axis.Scale.LINEAR, tenths, 0, 1, 60)).hasSize(51);
    assertThat(Ticks.withMinor(Axis.Scale.LINEAR, tenths, 0, 1, 30)).hasSize(21);
    assertThat(Ticks.withMinor(Axis.Scale.LINEAR, tenths, 0, 1, 12)).hasSize(11);
  }
}
