package dev.plumbline.figure;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * What differs between a figure as it was exported and as it is now: in words, number by number,
 * and as a picture.
 *
 * @param verdict whether anything differs
 * @param lines what differs, a line each; empty when nothing does
 * @param pixels share of the pixels that differ, from 0 to 1
 */
public record FigureDiff(Verdict verdict, List<String> lines, double pixels) {
  /** Pixels an inch of the comparison. */
  private static final int DPI = 150;

  /** A difference of a channel up to this is none: smoothing of edges. */
  private static final int ALIKE = 8;

  /** Whether a figure differs from what it was. */
  public enum Verdict {
    /** Nothing differs. */
    SAME,
    /** It looks the same; its words, provenance or unseen digits differ. */
    UNSEEN,
    /** It looks different. */
    CHANGED,
    /** It was not there before. */
    NEW,
    /** It is no longer there. */
    GONE
  }

  /** Copies the list. */
  public FigureDiff {
    lines = List.copyOf(lines);
  }

  /** A figure that was not there before. */
  public static FigureDiff added() {
    return new FigureDiff(Verdict.NEW, List.of(), 1);
  }

  /** A figure that is no longer there. */
  public static FigureDiff gone() {
    return new FigureDiff(Verdict.GONE, List.of(), 1);
  }

  /** Compares two figures, both drawn in one style. */
  public static FigureDiff of(Figure before, Figure now, FigureStyle style, FigureSize size) {
    if (before.equals(now)) {
      return new FigureDiff(Verdict.SAME, List.of(), 0);
    }
    List<String> lines = words(before, now);
    double pixels = differing(raster(before, style, size), raster(now, style, size));
    return new FigureDiff(pixels > 0 ? Verdict.CHANGED : Verdict.UNSEEN, lines, pixels);
  }

  /**
   * A picture of both: as it was, as it is now, and the present one faded with what differs in red.
   */
  public static byte[] picture(Figure before, Figure now, FigureStyle style, FigureSize size)
      throws IOException {
    BufferedImage old = raster(before, style, size);
    BufferedImage next = raster(now, style, size);
    int wide = next.getWidth();
    int tall = next.getHeight();
    int gap = DPI / 8;
    BufferedImage sheet = new BufferedImage(3 * wide + 2 * gap, tall, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setColor(new Color(0xd0d0d0));
    g.fillRect(0, 0, sheet.getWidth(), tall);
    g.drawImage(old, 0, 0, null);
    g.drawImage(next, wide + gap, 0, null);
    g.dispose();
    for (int y = 0; y < tall; y++) {
      for (int x = 0; x < wide; x++) {
        int a = old.getRGB(x, y);
        int b = next.getRGB(x, y);
        sheet.setRGB(2 * (wide + gap) + x, y, isAlike(a, b) ? faded(b) : 0xd00030);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(sheet, "png", out);
    return out.toByteArray();
  }

  private static BufferedImage raster(Figure figure, FigureStyle style, FigureSize size) {
    BufferedImage image =
        FigureRaster.draw(figure, style, size.widthPoints(), size.heightPoints(), DPI / 72.0)
            .image();
    BufferedImage plain =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = plain.createGraphics();
    g.drawImage(image, 0, 0, Color.WHITE, null);
    g.dispose();
    return plain;
  }

  private static double differing(BufferedImage a, BufferedImage b) {
    long count = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        count += isAlike(a.getRGB(x, y), b.getRGB(x, y)) ? 0 : 1;
      }
    }
    return count / ((double) a.getWidth() * a.getHeight());
  }

  private static boolean isAlike(int a, int b) {
    return Math.abs((a >> 16 & 255) - (b >> 16 & 255)) <= ALIKE
        && Math.abs((a >> 8 & 255) - (b >> 8 & 255)) <= ALIKE
        && Math.abs((a & 255) - (b & 255)) <= ALIKE;
  }

  private static int faded(int rgb) {
    int grey = (int) (0.3 * (rgb >> 16 & 255) + 0.59 * (rgb >> 8 & 255) + 0.11 * (rgb & 255));
    int light = 255 - (255 - grey) / 3;
    return light << 16 | light << 8 | light;
  }

  // --------------------------------------------------------------------------------- in words

  private static List<String> words(Figure before, Figure now) {
    List<String> lines = new ArrayList<>();
    changed(lines, "title", before.title(), now.title());
    changed(lines, "x axis", axis(before.x()), axis(now.x()));
    changed(lines, "y axis", axis(before.y()), axis(now.y()));
    Map<String, Column[]> old = columns(before);
    Map<String, Column[]> next = columns(now);
    next.forEach(
        (series, columns) -> {
          Column[] was = old.get(series);
          if (was == null) {
            lines.add(series + ": new, " + columns[0].size() + " points");
          } else {
            numbers(lines, series, was, columns);
          }
        });
    old.keySet().stream()
        .filter(series -> !next.containsKey(series))
        .forEach(series -> lines.add(series + ": gone"));
    Map<String, String> was = before.provenance().entries();
    now.provenance()
        .entries()
        .forEach((key, value) -> changed(lines, key, was.getOrDefault(key, "none"), value));
    if (lines.isEmpty()) {
      lines.add("caption or style of series differs");
    }
    return lines;
  }

  private static String axis(Axis axis) {
    return axis.title()
        + " "
        + axis.scale().name().toLowerCase(Locale.ROOT)
        + (axis.minimum().isPresent() ? " from " + axis.minimum().getAsDouble() : "")
        + (axis.maximum().isPresent() ? " to " + axis.maximum().getAsDouble() : "");
  }

  private static void changed(List<String> lines, String what, String before, String now) {
    if (!before.equals(now)) {
      lines.add(what + ": '" + shortened(before) + "' is now '" + shortened(now) + "'");
    }
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private static void numbers(List<String> lines, String series, Column[] before, Column[] now) {
    if (before[0].size() != now[0].size()) {
      lines.add("%s: %d points, were %d".formatted(series, now[0].size(), before[0].size()));
      return;
    }
    int changed = 0;
    double largest = 0;
    int where = -1;
    for (int row = 0; row < now[0].size(); row++) {
      double difference = 0;
      for (int column = 0; column < Math.min(before.length, now.length); column++) {
        if (row < before[column].size() && row < now[column].size()) {
          double a = before[column].get(row);
          double b = now[column].get(row);
          if (Double.compare(a, b) != 0) {
            difference =
                Math.max(difference, Double.isNaN(a) || Double.isNaN(b) ? 0 : Math.abs(a - b));
            changed += column == 0 || difference >= 0 ? 1 : 0;
            break;
          }
        }
      }
      if (difference > largest) {
        largest = difference;
        where = row;
      }
    }
    if (changed > 0) {
      lines.add(
          "%s: %d of %d points differ%s"
              .formatted(
                  series,
                  changed,
                  now[0].size(),
                  where < 0
                      ? ""
                      : String.format(Locale.ROOT, ", most by %.3g at point %d", largest, where)));
    }
  }

  /** What can be compared of each series, by a name that stays: its id, or its kind and place. */
  private static Map<String, Column[]> columns(Figure figure) {
    Map<String, Column[]> all = new LinkedHashMap<>();
    int place = 0;
    for (Layer layer : figure.layers()) {
      String kind = layer.getClass().getSimpleName().toLowerCase(Locale.ROOT);
      place++;
      switch (layer) {
        case Layer.Line l -> put(all, kind, l.id(), l.x(), l.measured());
        case Layer.Points p -> put(all, kind, p.id(), p.x(), p.y(), p.low(), p.high());
        case Layer.Band b -> put(all, kind, b.id(), b.x(), b.low(), b.high());
        case Layer.Bars b -> put(all, kind, b.id(), b.heights(), b.edges());
        case Layer.Steps t -> put(all, kind, t.id(), t.heights(), t.edges());
        case Layer.Intervals i -> put(all, kind, i.id(), i.value(), i.low(), i.high());
        case Layer.Heat h -> put(all, kind, h.id(), h.values(), h.n(), h.low(), h.high());
        case Layer.Reference r ->
            put(all, kind, r.id(), Column.of(r.intercept(), r.slope(), r.from(), r.to()));
        case Layer.Level l -> put(all, kind, l.label() + " " + place, Column.of(l.y()));
        case Layer.Marks m ->
            put(
                all,
                kind,
                "" + place,
                Column.of(m.marks().stream().mapToDouble(Layer.Mark::x).toArray()));
        case Layer.Note _ -> {}
      }
    }
    return all;
  }

  private static void put(Map<String, Column[]> all, String kind, String id, Column... columns) {
    String name = kind + " " + id.strip();
    String free = name;
    for (int i = 2; all.containsKey(free); i++) {
      free = name + " " + i;
    }
    all.put(free, columns);
  }
}
