package dev.plumbline.figure;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** PNG with its resolution and provenance stated inside. */
final class PngExport {
  private static final String FORMAT = "javax_imageio_png_1.0";

  private PngExport() {}

  static byte[] write(Art art, FigureStyle style, FigureSize size, int dpi) throws IOException {
    if (dpi < 20 || dpi > 2400) {
      throw new IllegalArgumentException("a bitmap of " + dpi + " dots an inch");
    }
    BufferedImage drawn =
        FigureRaster.image(art, style, size.widthPoints(), size.heightPoints(), dpi / 72.0);
    boolean clear = style.background().getAlpha() < 255;
    BufferedImage image =
        new BufferedImage(
            drawn.getWidth(),
            drawn.getHeight(),
            clear ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.drawImage(drawn, 0, 0, null);
    g.dispose();

    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(
              ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
      metadata.mergeTree(FORMAT, tree(art, dpi));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
        writer.setOutput(stream);
        writer.write(metadata, new IIOImage(image, null, metadata), null);
      }
      return out.toByteArray();
    } finally {
      writer.dispose();
    }
  }

  private static IIOMetadataNode tree(Art art, int dpi) {
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    IIOMetadataNode size = new IIOMetadataNode("pHYs");
    String perMetre = Long.toString(Math.round(dpi / 0.0254));
    size.setAttribute("pixelsPerUnitXAxis", perMetre);
    size.setAttribute("pixelsPerUnitYAxis", perMetre);
    size.setAttribute("unitSpecifier", "meter");
    root.appendChild(size);
    IIOMetadataNode latin = new IIOMetadataNode("tEXt");
    IIOMetadataNode international = new IIOMetadataNode("iTXt");
    for (Map.Entry<String, String> fact : art.facts().entrySet()) {
      String keyword = "plumbline " + fact.getKey();
      if (StandardCharsets.ISO_8859_1.newEncoder().canEncode(fact.getValue())) {
        IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
        entry.setAttribute("keyword", keyword);
        entry.setAttribute("value", fact.getValue());
        latin.appendChild(entry);
      } else {
        IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
        entry.setAttribute("keyword", keyword);
        entry.setAttribute("compressionFlag", "FALSE");
        entry.setAttribute("compressionMethod", "0");
        entry.setAttribute("languageTag", "en");
        entry.setAttribute("translatedKeyword", "");
        entry.setAttribute("text", fact.getValue());
        international.appendChild(entry);
      }
    }
    if (latin.hasChildNodes()) {
      root.appendChild(latin);
    }
    if (international.hasChildNodes()) {
      root.appendChild(international);
    }
    return root;
  }
}
