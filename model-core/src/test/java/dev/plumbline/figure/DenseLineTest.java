package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DenseLineTest {
  private static final int WIDTH = 300;
  private static final int HEIGHT = 120;
  private static final Rectangle CLIP = new Rectangle(20, 10, 250, 90);

  private static BufferedImage image() {
    return new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB_PRE);
  }

  private static int[] pixels(BufferedImage image) {
    return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
  }

  private static int alpha(BufferedImage image, int x, int y) {
    return pixels(image)[y * WIDTH + x] >>> 24;
  }

  /** The same line by the stroker of the platform, which knows nothing of columns. */
  @ParameterizedTest
  @CsvSource({
    "1, 1.5, 0.4",
    "2, 1.5, 6",
    "3, 1.5, 60",
    "4, 1, 3",
    "5, 3, 1",
    "6, 3, 20",
    "7, 2.2, 300"
  })
  void coversWhatAStrokeCovers(long seed, double width, double noise) {
    Random random = new Random(seed);
    BufferedImage stroked = image();
    Path2D path = new Path2D.Double();
    BufferedImage drawn = image();
    DenseLine line = new DenseLine(pixels(drawn), WIDTH, CLIP, width);
    double level = 60;
    boolean begun = false;
    for (double x = -30; x < WIDTH + 40; x += random.nextDouble()) {
      level = 60 + (level - 60) * 0.98 + noise * 0.3 * random.nextGaussian();
      double y = level + noise * random.nextGaussian();
      line.lineTo(x, y);
      if (begun) {
        path.lineTo(x, y);
      } else {
        path.moveTo(x, y);
      }
      begun = true;
    }
    line.draw(Color.BLUE, width, new float[0]);
    Graphics2D g = stroked.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setClip(CLIP);
    g.setColor(Color.BLUE);
    g.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(path);
    g.dispose();
    double difference = 0;
    double ink = 0;
    int far = 0;
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int one = alpha(stroked, x, y);
        int other = alpha(drawn, x, y);
        difference += Math.abs(one - other);
        ink += one;
        far += Math.abs(one - other) > 110 ? 1 : 0;
        if (!CLIP.contains(x, y)) {
          assertThat(other).as("%d, %d outside", x, y).isZero();
        }
      }
    }
    assertThat(difference / ink).as("share of the ink that differs").isLessThan(0.15);
    assertThat(far).as("pixels that differ by much").isLessThan(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyPointIsSeenInSteepDashesToo(long seed) {
    Random random = new Random(seed);
    BufferedImage image = image();
    DenseLine line = new DenseLine(pixels(image), WIDTH, CLIP, 2);
    List<double[]> points = new ArrayList<>();
    for (double x = 0; x < WIDTH; x += 0.3 * random.nextDouble()) {
      boolean spike = random.nextInt(40) == 0;
      double y = spike ? 20 + 70 * random.nextDouble() : 60 + 0.2 * random.nextGaussian();
      line.lineTo(x, y);
      if (spike && Math.abs(y - 60) > 10) {
        points.add(new double[] {x, y});
      }
    }
    line.draw(Color.RED, 1.2, new float[] {9, 6});
    for (double[] point : points) {
      int x = (int) point[0];
      int y = (int) point[1];
      if (CLIP.contains(x, y)) {
        assertThat(alpha(image, x, y)).as("at %d, %d", x, y).isGreaterThan(25);
      }
    }
    int bare = 0;
    for (int x = CLIP.x; x < CLIP.getMaxX(); x++) {
      bare += alpha(image, x, 60) == 0 ? 1 : 0;
    }
    assertThat(bare).as("columns in gaps of the pattern").isGreaterThan(10);
  }

  @Test
  void piecesAreNotJoinedAndALoneColumnIsADisc() {
    BufferedImage image = image();
    DenseLine line = new DenseLine(pixels(image), WIDTH, CLIP, 4);
    line.lineTo(40, 50);
    line.lineTo(60, 50);
    line.lift();
    line.lineTo(80, 50);
    line.draw(Color.RED, 4, new float[0]);
    assertThat(alpha(image, 50, 50)).isEqualTo(255);
    assertThat(alpha(image, 70, 50)).isZero();
    double area = 0;
    for (int y = 40; y < 60; y++) {
      for (int x = 74; x < 87; x++) {
        area += alpha(image, x, y) / 255.0;
      }
    }
    // A disc of radius 2 has 4 pi; its quarters are taken at their middles, and the one in which
    // the point lies is a quarter of a pixel wide.
    assertThat(area).isCloseTo(4 * Math.PI, within(1.2));
    // Forgotten after it was drawn.
    int[] before = pixels(image).clone();
    line.draw(Color.BLUE, 4, new float[0]);
    assertThat(pixels(image)).isEqualTo(before);
  }

  @Test
  void laysAThinColourOverWhatIsThere() {
    BufferedImage image = image();
    int[] pixels = pixels(image);
    java.util.Arrays.fill(pixels, 0xffffffff);
    DenseLine line = new DenseLine(pixels, WIDTH, CLIP, 8);
    line.lineTo(0, 50);
    line.lineTo(WIDTH, 50);
    line.draw(new Color(200, 0, 0, 51), 8, new float[0]);
    // A fifth of (200, 0, 0) over white: 255 * 0.8 + 200 * 0.2 = 244, 255 * 0.8 = 204.
    assertThat(pixels[50 * WIDTH + 100]).isEqualTo(0xfff4cccc);
  }

  @Test
  void crossingsAreThoseOfAllPieces() {
    Random random = new Random(11);
    Rectangle2D plot = new Rectangle2D.Double(50, 20, 400, 200);
    DrawnLines lines = new DrawnLines(true, plot);
    List<Line2D> all = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      double x = 500 * random.nextDouble();
      double y = 250 * random.nextDouble();
      double dx = i % 10 == 0 ? 300 * random.nextGaussian() : 5 * random.nextGaussian();
      double dy = 20 * random.nextGaussian();
      lines.add(x, y, x + dx, y + dy);
      all.add(new Line2D.Double(x, y, x + dx, y + dy));
    }
    for (int i = 0; i < 300; i++) {
      Rectangle2D box =
          new Rectangle2D.Double(
              520 * random.nextDouble() - 20,
              240 * random.nextDouble(),
              120 * random.nextDouble(),
              15);
      int expected = (int) all.stream().filter(piece -> piece.intersects(box)).count();
      assertThat(lines.crossings(box, Integer.MAX_VALUE)).isEqualTo(expected);
      assertThat(lines.crossings(box, 6)).isEqualTo(Math.min(6, expected));
    }
    assertThat(new DrawnLines(false, plot).crossings(plot, 1)).isZero();
  }
}
