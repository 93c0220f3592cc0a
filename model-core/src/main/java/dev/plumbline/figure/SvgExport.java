package dev.plumbline.figure;

import java.awt.Dimension;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.DOMGroupManager;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TTFSubsetter;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.w3c.dom.DOMImplementation;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** SVG through Batik's generator, with text kept as text. */
final class SvgExport {
  static final String SVG = "http://www.w3.org/2000/svg";
  private static final String FACTS = "https://plumbline.dev/ns/figure";
  private static final String XML = "http://www.w3.org/XML/1998/namespace";

  private static final List<String> TABLES =
      List.of("head", "hhea", "hmtx", "maxp", "loca", "glyf", "cmap", "name", "OS/2", "post");

  private SvgExport() {}

  static String write(Art art, FigureStyle style, FigureSize size) throws IOException {
    Document document = implementation().createDocument(SVG, "svg", null);
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setComment("Plumbline");
    context.setPrecision(3);
    Surface surface = new Surface(context);
    surface.setSVGCanvasSize(
        new Dimension((int) Math.ceil(size.widthPoints()), (int) Math.ceil(size.heightPoints())));
    art.paint(style, surface, size.widthPoints(), size.heightPoints());
    Element root = surface.getRoot();
    root.setAttribute("width", number(size.widthInches()) + "in");
    root.setAttribute("height", number(size.heightInches()) + "in");
    root.setAttribute(
        "viewBox", "0 0 " + number(size.widthPoints()) + " " + number(size.heightPoints()));
    root.setAttribute("role", "img");
    fonts(root, style.typeface());
    root.insertBefore(faces(document, surface, style.typeface()), root.getFirstChild());
    describe(document, root, art);
    StringWriter out = new StringWriter();
    surface.stream(root, out, false, false);
    // A document type would make some readers ask the network for it.
    return out.toString().replace("\r\n", "\n").replaceFirst("<!DOCTYPE[^>]*>\\s*", "");
  }

  private static DOMImplementation implementation() {
    return GenericDOMImplementation.getDOMImplementation();
  }

  /** Our font where it is installed, and the usual ones elsewhere. */
  private static void fonts(Element element, Typeface face) {
    String family = element.getAttribute("font-family");
    if (!family.isEmpty()) {
      element.setAttribute("font-family", face.families());
      if (isBold(family)) {
        element.setAttribute("font-weight", Integer.toString(face.boldWeight()));
      }
    }
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        fonts(inner, face);
      }
    }
  }

  private static boolean isBold(String font) {
    return font.contains("Bold");
  }

  /**
   * The glyphs that are used, as embedded fonts, so that a browser sets the text as it was laid
   * out; it stays text, and programs that ignore embedded fonts take the next family.
   */
  private static Element faces(Document document, Surface surface, Typeface face)
      throws IOException {
    StringBuilder css = new StringBuilder();
    for (Map.Entry<String, SortedSet<Integer>> entry : surface.used.entrySet()) {
      boolean bold = isBold(entry.getKey());
      String file = face.file(bold);
      try (InputStream stream = FigureFonts.open(file);
          TrueTypeFont font =
              new TTFParser().parse(new RandomAccessReadBuffer(stream.readAllBytes()))) {
        TTFSubsetter subsetter = new TTFSubsetter(font, TABLES);
        entry.getValue().forEach(subsetter::add);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        subsetter.writeToStream(out);
        css.append("@font-face{font-family:'" + face.family() + "';font-weight:")
            .append(bold ? face.boldWeight() : 400)
            .append(";src:url(data:font/ttf;base64,")
            .append(Base64.getEncoder().encodeToString(out.toByteArray()))
            .append(")}");
      }
    }
    return text(document, "style", css.toString());
  }

  private static void describe(Document document, Element root, Art art) {
    Map<String, String> facts = art.facts();
    Element metadata = document.createElementNS(SVG, "metadata");
    metadata.setAttributeNS("http://www.w3.org/2000/xmlns/", "xmlns:p", FACTS);
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      Element entry = document.createElementNS(FACTS, "p:fact");
      entry.setAttribute("name", fact.getKey());
      entry.appendChild(document.createTextNode(fact.getValue()));
      metadata.appendChild(entry);
    }
    root.insertBefore(metadata, root.getFirstChild());
    if (facts.containsKey("caption")) {
      root.insertBefore(text(document, "desc", facts.get("caption")), root.getFirstChild());
    }
    if (facts.containsKey("title")) {
      root.insertBefore(text(document, "title", facts.get("title")), root.getFirstChild());
    }
  }

  private static Element text(
      Document document, String name, @org.jspecify.annotations.Nullable String value) {
    Element element = document.createElementNS(SVG, name);
    element.appendChild(document.createTextNode(value == null ? "" : value));
    return element;
  }

  private static String number(double value) {
    return Ticks.number(Math.round(value * 1000) / 1000.0, 3);
  }

  /** Batik's surface, with text that is anchored where it is meant to be anchored. */
  private static final class Surface extends SVGGraphics2D implements FigurePainter.AnchoredText {
    private final transient SortedMap<String, SortedSet<Integer>> used = new TreeMap<>();

    Surface(SVGGeneratorContext context) {
      super(context, false);
    }

    @Override
    public void drawAnchored(RichText rich, Font font, double x, double y, double fraction) {
      Element element = getDOMFactory().createElementNS(SVG, "text");
      element.setAttributeNS(null, "x", coordinate(x));
      element.setAttributeNS(null, "y", coordinate(y));
      element.setAttributeNS(XML, "xml:space", "preserve");
      if (fraction > 0) {
        element.setAttributeNS(null, "text-anchor", fraction == 1 ? "end" : "middle");
      }
      double above = 0;
      for (RichText.Piece piece : rich.pieces()) {
        used.computeIfAbsent(font.getFontName(), name -> new TreeSet<>())
            .addAll(piece.text().codePoints().boxed().toList());
        double shift = RichText.shift(piece, font);
        Node text = getDOMFactory().createTextNode(piece.text());
        if (shift != above || piece.shift() != RichText.Shift.BASE) {
          Element part = getDOMFactory().createElementNS(SVG, "tspan");
          part.setAttributeNS(null, "dy", coordinate(shift - above));
          part.setAttributeNS(
              null, "font-size", coordinate(RichText.fontOf(piece, font).getSize2D()) + "px");
          part.appendChild(text);
          text = part;
        }
        above = shift;
        element.appendChild(text);
      }
      domGroupManager.addElement(element, DOMGroupManager.FILL);
    }

    private static String coordinate(double value) {
      return String.format(Locale.ROOT, "%.2f", value);
    }
  }
}
