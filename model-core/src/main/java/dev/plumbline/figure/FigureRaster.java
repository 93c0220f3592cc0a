package dev.plumbline.figure;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * A figure drawn into memory, ready to be copied onto a screen. Drawing needs no display and no
 * particular thread; an instance is used by one thread at a time.
 */
public final class FigureRaster {
  private final int width;
  private final int height;
  private final int[] argb;
  private final PlotMapping mapping;
  private final boolean decimated;

  private FigureRaster(int width, int height, int[] argb, PlotMapping mapping, boolean decimated) {
    this.width = width;
    this.height = height;
    this.argb = argb;
    this.mapping = mapping;
    this.decimated = decimated;
  }

  /**
   * Draws a figure.
   *
   * @param figure what to draw
   * @param style how it looks; with a transparent background the pixels around the art stay clear
   * @param width width in logical pixels
   * @param height height in logical pixels
   * @param scale device pixels per logical pixel
   */
  public static FigureRaster render(
      Figure figure, FigureStyle style, double width, double height, double scale) {
    if (!(width > 0 && height > 0 && scale > 0)) {
      throw new IllegalArgumentException(
          "a figure of " + width + " x " + height + " at scale " + scale);
    }
    Drawn drawn = draw(figure, style, width, height, scale);
    BufferedImage image = drawn.image();
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    return new FigureRaster(
        image.getWidth(),
        image.getHeight(),
        pixels,
        drawn.painted().mapping(),
        drawn.painted().decimated());
  }

  /**
   * Draws several figures as panels of one. Its mapping is that of the first panel drawn alone, so
   * nothing should be looked up in it.
   */
  public static FigureRaster render(
      FigureSheet sheet, FigureStyle style, double width, double height, double scale) {
    BufferedImage image = image(sheet, style, width, height, scale);
    return new FigureRaster(
        image.getWidth(),
        image.getHeight(),
        ((DataBufferInt) image.getRaster().getDataBuffer()).getData(),
        draw(sheet.panels().getFirst(), style, width, height, 1).painted().mapping(),
        false);
  }

  static BufferedImage image(
      Art art, FigureStyle style, double width, double height, double scale) {
    BufferedImage image =
        new BufferedImage(
            (int) Math.max(1, Math.round(width * scale)),
            (int) Math.max(1, Math.round(height * scale)),
            BufferedImage.TYPE_INT_ARGB_PRE);
    Graphics2D g = image.createGraphics();
    try {
      g.scale(scale, scale);
      art.paint(style, g, width, height);
      return image;
    } finally {
      g.dispose();
    }
  }

  /** Makes every pixel grey, as a printer without colour would: by its luminance. */
  public FigureRaster grey() {
    for (int i = 0; i < argb.length; i++) {
      int pixel = argb[i];
      int grey =
          (int)
              Math.round(
                  0.2126 * (pixel >> 16 & 255)
                      + 0.7152 * (pixel >> 8 & 255)
                      + 0.0722 * (pixel & 255));
      argb[i] = (pixel & 0xff000000) | (grey << 16) | (grey << 8) | grey;
    }
    return this;
  }

  record Drawn(BufferedImage image, FigurePainter.Painted painted) {}

  static Drawn draw(Figure figure, FigureStyle style, double width, double height, double scale) {
    BufferedImage image =
        new BufferedImage(
            (int) Math.max(1, Math.round(width * scale)),
            (int) Math.max(1, Math.round(height * scale)),
            BufferedImage.TYPE_INT_ARGB_PRE);
    Graphics2D g = image.createGraphics();
    try {
      g.scale(scale, scale);
      return new Drawn(image, FigurePainter.paint(figure, style, g, image, width, height));
    } finally {
      g.dispose();
    }
  }

  /** Width in device pixels. */
  public int width() {
    return width;
  }

  /** Height in device pixels. */
  public int height() {
    return height;
  }

  /** The pixels, row by row, alpha premultiplied; the buffer itself and not a copy. */
  public int[] argb() {
    return argb;
  }

  /** Where data lie, in logical pixels. */
  public PlotMapping mapping() {
    return mapping;
  }

  /** True when a series had more points than the screen has room for; the figure says so. */
  public boolean decimated() {
    return decimated;
  }
}
