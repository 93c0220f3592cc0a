package dev.plumbline.app.live;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;

/** Cards of some sixths of the width and some rows, packed from the top without holes. */
final class CardGrid extends Pane {
  static final int SIXTHS = 6;
  static final double GAP = 12;
  private static final double UNIT = 206;

  /** Below this width a card takes the next wider step, so that its chart can be read. */
  private static final double NARROWEST = 250;

  private static final String WIDTH = "plumbline.sixths";
  private static final String HEIGHT = "plumbline.rows";

  private record Place(Node card, double x, double y, double width, double height) {}

  /** Says how large a card is. */
  static void size(Node card, int sixths, int rows) {
    card.getProperties().put(WIDTH, sixths);
    card.getProperties().put(HEIGHT, rows);
    if (card.getParent() instanceof CardGrid grid) {
      grid.requestLayout();
    }
  }

  /** Each card as high up as it fits, and there as far left. */
  private List<Place> places(double width) {
    List<Place> places = new ArrayList<>();
    double sixth = (width + GAP) / SIXTHS;
    double[] filled = new double[SIXTHS];
    for (Node card : getManagedChildren()) {
      int span = (int) card.getProperties().getOrDefault(WIDTH, 3);
      int rows = (int) card.getProperties().getOrDefault(HEIGHT, 1);
      while (span < SIXTHS && span * sixth - GAP < NARROWEST) {
        span++;
      }
      if (span > 3 && span * sixth - GAP > width - NARROWEST) {
        span = SIXTHS; // beside it there would be room for nothing
      }
      int best = 0;
      double y = Double.POSITIVE_INFINITY;
      for (int column = 0; column + span <= SIXTHS; column++) {
        double top = 0;
        for (int i = column; i < column + span; i++) {
          top = Math.max(top, filled[i]);
        }
        if (top < y - 0.5) {
          y = top;
          best = column;
        }
      }
      double height = rows * UNIT + (rows - 1) * GAP;
      for (int i = best; i < best + span; i++) {
        filled[i] = y + height + GAP;
      }
      places.add(new Place(card, best * sixth, y, span * sixth - GAP, height));
    }
    return places;
  }

  /** The size in steps that is nearest to one in pixels. */
  int[] steps(double width, double height) {
    double sixth = (getWidth() + GAP) / SIXTHS;
    return new int[] {
      Math.clamp(Math.round((width + GAP) / sixth), 2, SIXTHS),
      Math.clamp(Math.round((height + GAP) / (UNIT + GAP)), 1, 3)
    };
  }

  @Override
  protected void layoutChildren() {
    for (Place place : places(getWidth())) {
      if (place.card() instanceof Region region) {
        region.resizeRelocate(
            snapPositionX(place.x()),
            snapPositionY(place.y()),
            snapSizeX(place.width()),
            snapSizeY(place.height()));
      }
    }
  }

  @Override
  public javafx.geometry.Orientation getContentBias() {
    return javafx.geometry.Orientation.HORIZONTAL;
  }

  @Override
  protected double computePrefHeight(double width) {
    return places(width > 0 ? width : getWidth()).stream()
        .mapToDouble(place -> place.y() + place.height())
        .max()
        .orElse(0);
  }

  @Override
  protected double computePrefWidth(double height) {
    return 600;
  }

  @Override
  protected double computeMinWidth(double height) {
    return 240;
  }
}
