package dev.plumbline.figure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sets series apart whose error bars would stand on each other: each is drawn a little left or
 * right of its place. Their data stay what they are.
 */
final class Dodge {
  /** The most of the way to the next place that the series of one place take together. */
  private static final double MOST = 0.5;

  private Dodge() {}

  /**
   * How far each series is moved.
   *
   * @param figure what is drawn
   * @param x the horizontal axis
   * @param wanted distance of neighbours that is wished for, in the axis's units of length
   * @return distance by the id of points and of the line through them; none where nothing is moved
   */
  static Map<String, Double> shifts(Figure figure, PlotMapping.Span x, double wanted) {
    List<Layer.Points> moved = moved(figure);
    if (moved.isEmpty()) {
      return Map.of();
    }
    int others = moved.size() - 1;
    double apart = Math.min(wanted, MOST * nearest(moved, x) / others);
    Map<String, Double> shifts = new HashMap<>();
    for (int i = 0; i < moved.size(); i++) {
      shifts.put(moved.get(i).id(), (i - others / 2.0) * apart);
    }
    return shifts;
  }

  /** How many series are moved. */
  static int count(Figure figure) {
    return moved(figure).size();
  }

  private static List<Layer.Points> moved(Figure figure) {
    List<Layer.Points> moved = new ArrayList<>();
    for (Layer layer : figure.layers()) {
      if (layer instanceof Layer.Points points && !points.low().isEmpty()) {
        moved.add(points);
      }
    }
    return moved.size() < 2 || !meet(moved) ? List.of() : moved;
  }

  /** Whether two series have a point at one place. */
  private static boolean meet(List<Layer.Points> series) {
    Set<Double> seen = new HashSet<>();
    for (Layer.Points points : series) {
      Set<Double> own = new HashSet<>();
      for (double place : points.x().raw()) {
        if (Double.isFinite(place)) {
          own.add(place);
        }
      }
      for (double place : own) {
        if (!seen.add(place)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The least distance between two places. */
  private static double nearest(List<Layer.Points> series, PlotMapping.Span x) {
    TreeSet<Double> places = new TreeSet<>();
    for (Layer.Points points : series) {
      for (double value : points.x().raw()) {
        double place = x.place(value);
        if (Double.isFinite(place)) {
          places.add(place);
        }
      }
    }
    double least = Double.POSITIVE_INFINITY;
    double before = Double.NEGATIVE_INFINITY;
    for (double place : places) {
      least = Math.min(least, place - before);
      before = place;
    }
    return least;
  }
}
