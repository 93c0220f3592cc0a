package dev.plumbline.figure;

import java.awt.Dimension;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.DOMGroupManager;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.DOMImplementation;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** SVG through Batik's generator, with text kept as text. */
final class SvgExport {
  static final String SVG = "http://www.w3.org/2000/svg";
  static final String FAMILIES = "'Inter Tabular', Inter, 'Helvetica Neue', Arial, sans-serif";
  private static final String FACTS = "https://plumbline.dev/ns/figure";
  private static final String XML = "http://www.w3.org/XML/1998/namespace";

  private SvgExport() {}

  static String write(Figure figure, FigureStyle style, FigureSize size) throws IOException {
    Document document = implementation().createDocument(SVG, "svg", null);
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setComment("Plumbline");
    context.setPrecision(3);
    Surface surface = new Surface(context);
    surface.setSVGCanvasSize(
        new Dimension((int) Math.ceil(size.widthPoints()), (int) Math.ceil(size.heightPoints())));
    FigurePainter.paint(figure, style, surface, size.widthPoints(), size.heightPoints());
    Element root = surface.getRoot();
    root.setAttribute("width", number(size.widthInches()) + "in");
    root.setAttribute("height", number(size.heightInches()) + "in");
    root.setAttribute(
        "viewBox", "0 0 " + number(size.widthPoints()) + " " + number(size.heightPoints()));
    root.setAttribute("role", "img");
    fonts(root);
    describe(document, root, figure);
    StringWriter out = new StringWriter();
    surface.stream(root, out, false, false);
    // A document type would make some readers ask the network for it.
    return out.toString().replace("\r\n", "\n").replaceFirst("<!DOCTYPE[^>]*>\\s*", "");
  }

  private static DOMImplementation implementation() {
    return GenericDOMImplementation.getDOMImplementation();
  }

  /** Our font where it is installed, and the usual ones elsewhere. */
  private static void fonts(Element element) {
    String family = element.getAttribute("font-family");
    if (family.contains("Inter Tabular")) {
      element.setAttribute("font-family", FAMILIES);
      if (family.contains("SemiBold")) {
        element.setAttribute("font-weight", "600");
      }
    } else if (!family.isEmpty()) {
      element.setAttribute("font-family", FAMILIES);
    }
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        fonts(inner);
      }
    }
  }

  private static void describe(Document document, Element root, Figure figure) {
    Map<String, String> facts = FigureExport.facts(figure);
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
    Surface(SVGGeneratorContext context) {
      super(context, false);
    }

    @Override
    public void drawAnchored(String text, double x, double y, double fraction, double width) {
      Element element = getDOMFactory().createElementNS(SVG, "text");
      element.setAttributeNS(null, "x", coordinate(x));
      element.setAttributeNS(null, "y", coordinate(y));
      element.setAttributeNS(XML, "xml:space", "preserve");
      if (fraction > 0) {
        element.setAttributeNS(null, "text-anchor", fraction == 1 ? "end" : "middle");
      }
      element.appendChild(getDOMFactory().createTextNode(text));
      domGroupManager.addElement(element, DOMGroupManager.FILL);
    }

    private static String coordinate(double value) {
      return String.format(Locale.ROOT, "%.2f", value);
    }
  }
}
