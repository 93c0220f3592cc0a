package dev.plumbline.figure;

import java.awt.geom.Rectangle2D;
import java.util.Arrays;

/**
 * The pieces of the lines that were drawn, so that texts keep clear of them. Pieces are kept by
 * where they lie across the plot: a text is compared with those beside it only.
 */
final class DrawnLines {
  private static final int STRIPS = 64;

  private final boolean kept;
  private final double left;
  private final double strip;

  /** Of each strip the ends of its pieces, four numbers a piece. */
  private final double[][] pieces = new double[STRIPS][];

  private final int[] sizes = new int[STRIPS];

  /**
   * @param kept false where nobody will ask
   * @param plot what most lines lie in
   */
  DrawnLines(boolean kept, Rectangle2D plot) {
    this.kept = kept;
    this.left = plot.getMinX();
    this.strip = Math.max(1, plot.getWidth()) / STRIPS;
    Arrays.fill(pieces, new double[0]);
  }

  private int strip(double x) {
    return (int) Math.clamp(Math.floor((x - left) / strip), 0, STRIPS - 1);
  }

  /** Adds a piece of a line. */
  void add(double fromX, double fromY, double toX, double toY) {
    if (!kept) {
      return;
    }
    int last = strip(Math.max(fromX, toX));
    for (int i = strip(Math.min(fromX, toX)); i <= last; i++) {
      int size = sizes[i];
      if (size == pieces[i].length) {
        pieces[i] = Arrays.copyOf(pieces[i], Math.max(64, 2 * size));
      }
      pieces[i][size] = fromX;
      pieces[i][size + 1] = fromY;
      pieces[i][size + 2] = toX;
      pieces[i][size + 3] = toY;
      sizes[i] = size + 4;
    }
  }

  /**
   * How many pieces cross a box.
   *
   * @param most where there are more, this is the answer
   */
  int crossings(Rectangle2D box, int most) {
    int count = 0;
    int first = strip(box.getMinX());
    int last = strip(box.getMaxX());
    for (int i = first; i <= last; i++) {
      double[] some = pieces[i];
      for (int k = 0; k < sizes[i]; k += 4) {
        // A piece in several strips is counted in the first of those that are asked.
        boolean here = i == Math.max(first, strip(Math.min(some[k], some[k + 2])));
        if (here && box.intersectsLine(some[k], some[k + 1], some[k + 2], some[k + 3])) {
          count++;
          if (count >= most) {
            return most;
          }
        }
      }
    }
    return count;
  }
}
