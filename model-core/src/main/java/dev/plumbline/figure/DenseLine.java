package dev.plumbline.figure;

import java.awt.Color;
import java.awt.Rectangle;
import java.util.Arrays;

/**
 * Draws lines with more points than pixel columns straight into pixels. Stroking such a line costs
 * what its length costs, and a noisy one is as long as all its columns are high. Here a line is the
 * lowest and the highest place that it reaches in each quarter of a pixel column, widened by the
 * pen (a disc); a pixel takes the colour by the share of it that the four quarters cover. So the
 * cost is one pass over the pixels that the line covers, and each of its points is in them.
 *
 * <p>The places of a line never go back to the left. Two pieces that are parted by less than the
 * pen's width are drawn as one. Used by one thread; its arrays are used again by the next line.
 */
final class DenseLine {
  /** Parts of a pixel column. */
  private static final int PARTS = 4;

  private static final float SHARE = 1f / PARTS;

  private final int[] pixels;
  private final int stride;
  private final Rectangle clip;

  /** The pen may begin left of the clip and reach into it. */
  private final int margin;

  private final double[] low;
  private final double[] high;
  private final double[] fade;
  private final float[] whole;
  private final float[] part;
  private double lastX;
  private double lastY;
  private boolean begun;

  /**
   * A surface to draw lines on.
   *
   * @param pixels premultiplied colours, row by row
   * @param stride pixels from one row to the next
   * @param clip the part that may be drawn on, within the pixels
   * @param widest the widest pen, in pixels
   */
  DenseLine(int[] pixels, int stride, Rectangle clip, double widest) {
    this.pixels = pixels;
    this.stride = stride;
    this.clip = clip;
    this.margin = (int) Math.ceil(widest) + 1;
    int parts = (clip.width + 2 * margin) * PARTS;
    this.low = new double[parts];
    this.high = new double[parts];
    this.fade = new double[margin * PARTS];
    this.whole = new float[clip.height + 1];
    this.part = new float[clip.height];
    clear();
  }

  private void clear() {
    Arrays.fill(low, Double.POSITIVE_INFINITY);
    Arrays.fill(high, Double.NEGATIVE_INFINITY);
    begun = false;
  }

  /** Begins a piece at a place, in pixels. */
  void moveTo(double x, double y) {
    lastX = x;
    lastY = y;
    begun = true;
    reach(quarter(x), y, y);
  }

  /** Goes on to a place that is not left of the last one; begins a piece where there is none. */
  void lineTo(double x, double y) {
    if (!begun) {
      moveTo(x, y);
      return;
    }
    int from = quarter(lastX);
    int to = quarter(x);
    if (from == to) {
      reach(from, Math.min(lastY, y), Math.max(lastY, y));
    } else {
      double slope = (y - lastY) / (x - lastX);
      double at = lastY;
      for (int i = Math.max(from, 0); i <= Math.min(to, low.length - 1); i++) {
        // The height at the quarter's left end was the right end of the one before.
        double left = i == from ? lastY : at;
        if (i == 0 && i > from) {
          left = lastY + slope * (place(0) - lastX);
        }
        at = i == to ? y : lastY + slope * (place(i + 1) - lastX);
        reach(i, Math.min(left, at), Math.max(left, at));
      }
    }
    lastX = x;
    lastY = y;
  }

  /** Ends a piece: what follows is not joined to it. */
  void lift() {
    begun = false;
  }

  private int quarter(double x) {
    return (int) Math.floor((x - clip.x + margin) * PARTS);
  }

  private double place(int quarter) {
    return (double) quarter / PARTS - margin + clip.x;
  }

  private void reach(int quarter, double from, double to) {
    if (quarter >= 0 && quarter < low.length) {
      low[quarter] = Math.min(low[quarter], from);
      high[quarter] = Math.max(high[quarter], to);
    }
  }

  /**
   * Draws what was gathered, and forgets it.
   *
   * @param colour its colour
   * @param width of the pen, in pixels
   * @param dashes lengths of strokes and gaps along the horizontal axis, in pixels; none for a
   *     whole line. A stretch that is steep is drawn whole: a spike in a gap would else be lost
   */
  void draw(Color colour, double width, float[] dashes) {
    double radius = width / 2;
    int reach = Math.min(fade.length - 1, (int) Math.floor(radius * PARTS));
    for (int k = 0; k <= reach; k++) {
      double aside = (double) k / PARTS;
      fade[k] = Math.sqrt(radius * radius - aside * aside);
    }
    double period = 0;
    for (float each : dashes) {
      period += each;
    }
    float alpha = colour.getAlpha() / 255f;
    for (int column = 0; column < clip.width; column++) {
      int from = clip.height;
      int to = -1;
      for (int p = 0; p < PARTS; p++) {
        int quarter = (column + margin) * PARTS + p;
        double top = Double.POSITIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (int k = -reach; k <= reach; k++) {
          double pen = fade[Math.abs(k)];
          top = Math.min(top, low[quarter + k] - pen);
          bottom = Math.max(bottom, high[quarter + k] + pen);
        }
        if (period > 0
            && bottom - top < 4 * width
            && inGap(dashes, (column + p * (double) SHARE) % period)) {
          continue;
        }
        top = Math.max(0, top - clip.y);
        bottom = Math.min(clip.height, bottom - clip.y);
        if (bottom > top) {
          cover(top, bottom);
          from = Math.min(from, (int) top);
          to = Math.max(to, Math.min(clip.height - 1, (int) bottom));
        }
      }
      if (to >= from) {
        blend(clip.x + column, from, to, colour, alpha);
      }
    }
    clear();
  }

  private static boolean inGap(float[] dashes, double at) {
    double end = 0;
    for (int i = 0; i < dashes.length; i++) {
      end += dashes[i];
      if (at < end) {
        return i % 2 == 1;
      }
    }
    return false;
  }

  /** Adds a quarter's share of the pixels between two heights. */
  private void cover(double top, double bottom) {
    int first = (int) top;
    int last = (int) bottom;
    if (first == last) {
      part[first] += (float) (bottom - top) * SHARE;
      return;
    }
    part[first] += (float) (first + 1 - top) * SHARE;
    if (last < clip.height) {
      part[last] += (float) (bottom - last) * SHARE;
    }
    whole[first + 1] += SHARE;
    whole[last] -= SHARE;
  }

  private void blend(int x, int from, int to, Color colour, float alpha) {
    int red = colour.getRed();
    int green = colour.getGreen();
    int blue = colour.getBlue();
    float running = 0;
    int at = (clip.y + from) * stride + x;
    for (int row = from; row <= to; row++, at += stride) {
      running += whole[row];
      float share = Math.min(1f, running + part[row]) * alpha;
      whole[row] = 0;
      part[row] = 0;
      if (share <= 0) {
        continue;
      }
      int under = pixels[at];
      float rest = 1 - share;
      int a = (int) (255 * share + (under >>> 24) * rest + 0.5f);
      int r = (int) (red * share + (under >> 16 & 255) * rest + 0.5f);
      int g = (int) (green * share + (under >> 8 & 255) * rest + 0.5f);
      int b = (int) (blue * share + (under & 255) * rest + 0.5f);
      pixels[at] = a << 24 | r << 16 | g << 8 | b;
    }
    // A run that ends with the last row was to go on in the one after it.
    whole[to + 1] = 0;
  }
}
