package dev.plumbline.figure;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2DFontTextDrawer;
import java.awt.Font;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDMetadata;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/** PDF through PDFBox: real text in embedded, subset TrueType fonts. */
final class PdfExport {
  private PdfExport() {}

  static byte[] write(Art art, FigureStyle style, FigureSize size) throws IOException {
    try (PDDocument document = new PDDocument()) {
      // Without a fixed identifier PDFBox takes the clock, and equal figures would differ.
      document.setDocumentId(1L);
      float width = (float) size.widthPoints();
      float height = (float) size.heightPoints();
      PDPage page = new PDPage(new PDRectangle(width, height));
      document.addPage(page);
      PdfBoxGraphics2D g = new PdfBoxGraphics2D(document, width, height);
      try (PdfBoxGraphics2DFontTextDrawer drawer = new PdfBoxGraphics2DFontTextDrawer()) {
        Typeface face = style.typeface();
        register(document, drawer, face.regular(), face.file(false));
        register(document, drawer, face.bold(), face.file(true));
        g.setFontTextDrawer(drawer);
        art.paint(style, g, size.widthPoints(), size.heightPoints());
        g.dispose();
        try (PDPageContentStream stream = new PDPageContentStream(document, page)) {
          stream.drawForm(g.getXFormObject());
        }
        describe(document, art);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        document.save(out);
        return out.toByteArray();
      }
    }
  }

  private static void register(
      PDDocument document, PdfBoxGraphics2DFontTextDrawer drawer, Font font, String file)
      throws IOException {
    try (InputStream stream = FigureFonts.open(file)) {
      PDType0Font embedded = PDType0Font.load(document, stream, true);
      drawer.registerFont(font.getFontName(), embedded);
    }
  }

  private static void describe(PDDocument document, Art art) throws IOException {
    Map<String, String> facts = art.facts();
    PDDocumentInformation information = new PDDocumentInformation();
    information.setProducer("Plumbline");
    StringBuilder entries = new StringBuilder();
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      switch (fact.getKey()) {
        case "title" -> information.setTitle(fact.getValue());
        case "caption" -> information.setSubject(fact.getValue());
        default ->
            information.setCustomMetadataValue("Plumbline-" + fact.getKey(), fact.getValue());
      }
      entries
          .append("   <plumbline:")
          .append(fact.getKey())
          .append('>')
          .append(escape(fact.getValue()))
          .append("</plumbline:")
          .append(fact.getKey())
          .append(">\n");
    }
    document.setDocumentInformation(information);
    String packet =
        """
        <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/">
         <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
          <rdf:Description rdf:about="" xmlns:plumbline="https://plumbline.dev/ns/figure">
        %s  </rdf:Description>
         </rdf:RDF>
        </x:xmpmeta>
        <?xpacket end="r"?>
        """
            .formatted(entries);
    document
        .getDocumentCatalog()
        .setMetadata(
            new PDMetadata(
                document, new ByteArrayInputStream(packet.getBytes(StandardCharsets.UTF_8))));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
