package dev.plumbline.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Ratings from matches (paper section 2.4, appendices B.4 and B.5): ratings with intervals, shares
 * of wins, what the ratings do not explain, and ratings along training.
 */
public final class RatingCharts {
  /** Id of the ratings; a hit's index is the rating's place from the top. */
  public static final String RATINGS = "ratings";

  /** Id of the heat maps. */
  public static final String PAIRS = "pairs";

  private RatingCharts() {}

  /**
   * A player's rating.
   *
   * @param name the player
   * @param part number of the part of the players that matches join, from 0
   */
  public record Rated(String name, int part, double elo, double low, double high) {}

  /**
   * What is known of two players, seen from the one in the row.
   *
   * @param row place of the player in the list of names
   * @param column place of the other
   */
  public record Pair(int row, int column, double value, double low, double high, double n) {}

  /**
   * A snapshot of a training run.
   *
   * @param series the run
   * @param step its step
   */
  public record Snapshot(String series, double step, double elo, double low, double high) {}

  /** Ratings with their intervals, the best at the top. */
  public static Figure ratings(
      String title, String subtitle, String axis, List<Rated> ratings, String caption) {
    List<Layer> layers = new ArrayList<>();
    if (!ratings.isEmpty()) {
      int n = ratings.size();
      double[] at = new double[n];
      Arrays.setAll(at, i -> i + 0.5);
      layers.add(
          new Layer.Intervals(
              RATINGS,
              "",
              Ink.series(0),
              column(ratings, Rated::elo),
              column(ratings, Rated::low),
              column(ratings, Rated::high),
              Column.of(at),
              Column.empty()));
    }
    return Figure.of(
            title,
            subtitle,
            padded(
                Axis.linear(axis, "Elo"),
                ratings.stream().flatMapToDouble(each -> DoubleStream.of(each.low(), each.high()))),
            Axis.named("", ratings.stream().map(Rated::name).toList()),
            layers)
        .withLegend(Figure.Legend.NONE)
        .withCaption(caption)
        .withEmptyText("No matches that count");
  }

  /**
   * A map of pairs, chance or no difference in the middle of the colours.
   *
   * @param names the players, in the order of rows and columns
   * @param scale what has which colour
   */
  public static Figure pairs(
      String title,
      String subtitle,
      List<String> names,
      List<Pair> pairs,
      ColourScale scale,
      String caption) {
    int k = names.size();
    double[][] cells = new double[4][k * k];
    for (double[] each : cells) {
      Arrays.fill(each, Double.NaN);
    }
    for (Pair pair : pairs) {
      int at = pair.row() * k + pair.column();
      cells[0][at] = pair.value();
      cells[1][at] = pair.low();
      cells[2][at] = pair.high();
      cells[3][at] = pair.n();
    }
    List<Layer> layers =
        k == 0
            ? List.of()
            : List.of(
                Layer.Heat.of(PAIRS, scale, k, k, Column.of(cells[0]))
                    .withIntervals(Column.of(cells[3]), Column.of(cells[1]), Column.of(cells[2])));
    return Figure.of(title, subtitle, Axis.named("", names), Axis.named("", names), layers)
        .withLegend(Figure.Legend.NONE)
        .withCaption(caption)
        .withEmptyText("No matches that count");
  }

  /** Ratings of snapshots along their runs' training. */
  public static Figure steps(
      String title, String subtitle, List<Snapshot> snapshots, String caption, String emptyText) {
    List<Layer> layers = new ArrayList<>();
    List<String> series = snapshots.stream().map(Snapshot::series).distinct().toList();
    for (int i = 0; i < series.size(); i++) {
      String name = series.get(i);
      List<Snapshot> own =
          snapshots.stream()
              .filter(each -> each.series().equals(name))
              .sorted((a, b) -> Double.compare(a.step(), b.step()))
              .toList();
      Column x = column(own, Snapshot::step);
      Column y = column(own, Snapshot::elo);
      layers.add(Layer.Line.of("line:" + name, "", Ink.series(i), x, y).drawn(Dash.SOLID, 0.7));
      layers.add(
          new Layer.Points(
              name,
              name,
              Ink.series(i),
              x,
              y,
              column(own, Snapshot::low),
              column(own, Snapshot::high),
              x));
    }
    return Figure.of(title, subtitle, Axis.linear("step", ""), Axis.linear("rating", "Elo"), layers)
        .withCaption(caption)
        .withEmptyText(emptyText);
  }

  /** An axis with some room at both ends, so that no point lies on the frame. */
  private static Axis padded(Axis axis, DoubleStream values) {
    DoubleSummaryStatistics range = values.filter(Double::isFinite).summaryStatistics();
    double room = 0.04 * (range.getMax() - range.getMin());
    return room > 0 ? axis.range(range.getMin() - room, range.getMax() + room) : axis;
  }

  private static <T> Column column(List<T> of, ToDoubleFunction<T> value) {
    return Column.of(of.stream().mapToDouble(value).toArray());
  }
}
