package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.KlKind;
import dev.plumbline.data.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Exported files, read back by other readers. */
class FigureExportTest {
  private static final FigureSize SIZE = FigureSize.Venue.ICML_COLUMN.size();
  private static final FigureStyle STYLE = FigureStyle.paper();
  private static final int POINTS = 40;

  @TempDir Path folder;

  private static Figure flagship() {
    long[] step = LongStream.range(0, POINTS).toArray();
    double[] kl = new double[POINTS];
    double[] reward = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      double x = 0.05 * i;
      kl[i] = x * x;
      reward[i] = -0.3 + 0.8 * x + 0.02 * Math.sin(7.0 * i);
    }
    RewardKlRun run =
        RewardKlRun.of("r1", "helpful_ppo", KlKind.EXACT_PER_RESPONSE, step, kl, reward)
            .withResponses(64)
            .withMarks(List.of(new RewardKlRun.Happening(20, "λ_{KL} 0.002 → 0.001")));
    return PaperFigures.rewardAgainstSqrtKl(List.of(run), PaperFigures.Options.ALL)
        .withProvenance(
            new Provenance(
                List.of("r1"), "spec7c1e", "data90ab", "0.1.0", List.of(7L), List.of("a < b & c")));
  }

  @Test
  void svgHasRealTextTrueSizeAndItsProvenance() throws Exception {
    Path file = folder.resolve("a.svg");
    FigureExport.svg(flagship(), STYLE, SIZE, file);
    String source = Files.readString(file);
    assertThat(source).doesNotContain("<!DOCTYPE");
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setNamespaceAware(true);
    Document document =
        factory
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(source.getBytes(StandardCharsets.UTF_8)));
    Element root = document.getDocumentElement();
    assertThat(root.getAttribute("width")).isEqualTo("3.25in");
    assertThat(root.getAttribute("viewBox")).startsWith("0 0 234 ");
    assertThat(texts(root, "text"))
        .contains(
            "√KL to the initial policy (√nat)",
            "PM score − initial (nats)",
            "helpful_ppo",
            "λKL 0.002 → 0.001");
    assertThat(texts(root, "metadata").getFirst())
        .contains("spec7c1e", "data90ab", "0.1.0", "a < b & c");
    assertThat(texts(root, "desc").getFirst()).contains("exact KL per response").contains("n = 40");
    assertThat(root.getElementsByTagNameNS("*", "path").getLength()).isPositive();
    assertThat(Files.size(file)).isLessThan(200_000);
  }

  private static List<String> texts(Element root, String tag) {
    NodeList found = root.getElementsByTagNameNS("*", tag);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      texts.add(found.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void pdfEmbedsTrueTypeFontsAndItsTextCanBeRead() throws IOException {
    Path file = folder.resolve("a.pdf");
    FigureExport.pdf(flagship(), FigureStyle.light(), new FigureSize(6, 4), file);
    try (PDDocument document = Loader.loadPDF(file.toFile())) {
      List<PDFont> fonts = new ArrayList<>();
      collect(document.getPage(0).getResources(), fonts);
      assertThat(fonts).hasSizeGreaterThanOrEqualTo(2);
      for (PDFont font : fonts) {
        assertThat(font.isEmbedded()).as(font.getName()).isTrue();
        assertThat(font.getSubType()).isEqualTo("Type0");
      }
      String text = new PDFTextStripper().getText(document);
      assertThat(text).contains("PM score against √KL").contains("helpful_ppo").contains("√nat");
      assertThat(document.getPage(0).getMediaBox().getWidth()).isCloseTo(432, within(0.01f));
      assertThat(document.getDocumentInformation().getCustomMetadataValue("Plumbline-spec"))
          .isEqualTo("spec7c1e");
      String packet =
          new String(
              document.getDocumentCatalog().getMetadata().toByteArray(), StandardCharsets.UTF_8);
      assertThat(packet).contains("a &lt; b &amp; c").contains("data90ab");
    }
  }

  private static void collect(PDResources resources, List<PDFont> fonts) throws IOException {
    for (COSName name : resources.getFontNames()) {
      fonts.add(resources.getFont(name));
    }
    for (COSName name : resources.getXObjectNames()) {
      if (resources.getXObject(name) instanceof PDFormXObject form && form.getResources() != null) {
        collect(form.getResources(), fonts);
      }
    }
  }

  @Test
  void equalFiguresGiveEqualBytesInEveryFormat() throws IOException {
    for (FigureExport.Format format : FigureExport.Format.values()) {
      Path a = folder.resolve("one").resolve("f." + format.extension());
      Path b = folder.resolve("two").resolve("f." + format.extension());
      FigureExport.write(format, flagship(), STYLE, SIZE, a);
      FigureExport.write(format, flagship(), STYLE, SIZE, b);
      assertThat(Files.mismatch(a, b)).as(format.name()).isEqualTo(-1);
      assertThat(FigureExport.Format.ofFile(a)).hasValue(format);
    }
    try (var files = Files.list(folder.resolve("one"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".part"))).isEmpty();
    }
  }

  @Test
  void aFigureIsRedrawnFromItsJsonAlone() throws IOException {
    Figure all =
        Figure.of(
            "t_{a}",
            "s",
            Axis.log("x", "u").range(0.1, 10),
            Axis.linear("y", ""),
            List.of(
                Layer.Line.of(
                        "l", "line", Ink.series(1), Column.of(1, 2, 3), Column.of(1, Double.NaN, 2))
                    .withStep(Column.of(4L, 5L, 6L))
                    .drawn(Dash.DASH_DOT, 0.5),
                new Layer.Points(
                    "p",
                    "",
                    Ink.TEXT,
                    Column.of(1),
                    Column.of(2),
                    Column.of(1),
                    Column.of(3),
                    Column.empty()),
                new Layer.Band(
                    "b", "", Ink.MUTED, Column.of(1, 2), Column.of(0, 0), Column.of(1, 1)),
                new Layer.Bars("h", "bars", Ink.series(2), Column.of(0, 1, 2), Column.of(3, 4)),
                new Layer.Reference("r", "fit", Ink.series(0), Dash.AUTO, 0.1, 2, 0, 1),
                new Layer.Level("chance", Ink.MUTED, Dash.DOTTED, 0.5),
                new Layer.Marks(List.of(new Layer.Mark(1.5, "m", Ink.MUTED, "l", 7))),
                new Layer.Note(Layer.Corner.FREE, List.of(new Layer.Text("n", Ink.TEXT)), 1)));
    for (Figure figure : List.of(all, flagship())) {
      Path file = folder.resolve("figure.json");
      FigureExport.write(FigureExport.Format.JSON, figure, STYLE, SIZE, file);
      Figure read = FigureJson.read(file);
      assertThat(read).isEqualTo(figure);
      assertThat(FigureJson.write(read)).isEqualTo(Files.readString(file));
    }
    for (String bad :
        List.of(
            "{}",
            "{\"plumbline_figure\":99}",
            "{\"plumbline_figure\":1,",
            FigureJson.write(all).replace("\"kind\":\"band\"", "\"kind\":\"script\""),
            FigureJson.write(all).replace("\"weight\":0.5", "\"weight\":\"wide\""))) {
      assertThatThrownBy(() -> FigureJson.read("f.json", bad))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("f.json")
          .satisfies(error -> assertThat(String.valueOf(error.getMessage()).lines()).hasSize(1));
    }
  }

  @Test
  void vegaLiteHasEveryRowAndItsProvenance() throws IOException {
    Path file = folder.resolve("f.vl.json");
    Figure figure = flagship();
    FigureExport.write(FigureExport.Format.VEGA_LITE, figure, STYLE, SIZE, file);
    JsonNode spec = new ObjectMapper().readTree(file.toFile());
    assertThat(spec.path("$schema").asText()).contains("vega-lite/v5");
    assertThat(spec.at("/usermeta/spec").asText()).isEqualTo("spec7c1e");
    Layer.Line line =
        figure.layers().stream()
            .filter(Layer.Line.class::isInstance)
            .map(Layer.Line.class::cast)
            .findFirst()
            .orElseThrow();
    List<JsonNode> drawn = new ArrayList<>();
    for (JsonNode layer : spec.path("layer")) {
      if (layer.path("name").asText().equals(line.label())) {
        drawn.add(layer);
      }
    }
    assertThat(drawn).hasSize(1);
    JsonNode rows = drawn.getFirst().at("/data/values");
    assertThat(rows).hasSize(POINTS);
    for (int i = 0; i < POINTS; i++) {
      assertThat(rows.get(i).path("x").asDouble()).isEqualTo(line.x().get(i));
      assertThat(rows.get(i).path("y").asDouble()).isEqualTo(line.y().get(i));
    }
    assertThat(drawn.getFirst().at("/encoding/x/title").asText())
        .isEqualTo(RichText.plain(figure.x().title()));
  }

  @Test
  void pngStatesItsResolutionAndProvenance() throws IOException {
    Path file = folder.resolve("a.png");
    FigureExport.png(flagship(), STYLE, new FigureSize(2, 1.5), 300, file);
    var image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(600);
    assertThat(image.getHeight()).isEqualTo(450);
    byte[] bytes = Files.readAllBytes(file);
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = raw.indexOf("pHYs");
    int perMetre = java.nio.ByteBuffer.wrap(bytes, at + 4, 4).getInt();
    assertThat(perMetre * 0.0254).isCloseTo(300, within(0.02));
    assertThat(raw).contains("tEXt").contains("plumbline spec").contains("spec7c1e");
  }

  @Test
  void csvHasARowForEveryPointAsMeasured() throws IOException {
    Column x = Column.of(0, 1, 2, 3);
    Column raw = Column.of(5, Double.NaN, 7.25, 1);
    Layer.Line smooth =
        Layer.Line.of("r/loss", "a, \"b\"", Ink.series(0), x, Column.of(5, Double.NaN, 6, 4))
            .withGhost(raw);
    Figure figure =
        Figure.of("t", "", Axis.linear("step", ""), Axis.linear("loss", "nats"), List.of(smooth));
    Path file = folder.resolve("a.csv");
    FigureExport.csv(figure, file);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.stream().filter(line -> line.startsWith("line,"))).hasSize(4);
    assertThat(lines).contains("# y: loss (nats)");
    assertThat(lines).contains("line,r/loss,\"a, \"\"b\"\"\",2,,2,7.25,,");
    assertThat(lines).contains("line,r/loss,\"a, \"\"b\"\"\",1,,1,,,");
    FigureExport.csv(flagship(), file);
    assertThat(
            Files.readAllLines(file).stream().filter(line -> line.startsWith("line,r1/pm_score")))
        .hasSize(POINTS);
  }

  @Test
  void pgfPlotsEscapesAndKeepsItsFilesSmall() throws IOException {
    assertThat(PgfPlotsExport.escape("50% & a_b √KL −1 λ_{KL} e^{−x} #{}"))
        .isEqualTo(
            "50\\% \\& a\\_b $\\sqrt{\\mathrm{KL}}$ $-$1 $\\lambda$\\textsubscript{KL}"
                + " e\\textsuperscript{$-$x} \\#\\{\\}");
    int n = 50_000;
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i;
      y[i] = Math.sin(i / 500.0) + (i == 31_337 ? 9 : 0);
    }
    Figure figure =
        Figure.of(
            "t",
            "",
            Axis.linear("x", ""),
            Axis.linear("y", ""),
            List.of(Layer.Line.of("a", "a", Ink.series(0), Column.of(x), Column.of(y))));
    Path rows = FigureExport.pgfplots(figure, STYLE, SIZE, folder.resolve("big.tex"));
    assertThat(rows.getFileName().toString()).isEqualTo("big-data.csv");
    List<String> lines = Files.readAllLines(rows);
    assertThat(lines).hasSizeLessThanOrEqualTo(PgfPlotsExport.MOST_POINTS);
    assertThat(lines.stream().anyMatch(line -> line.startsWith("31337,"))).isTrue();
    String tex = Files.readString(folder.resolve("big.tex"));
    assertThat(tex).contains("{big-data.csv}").contains("\\end{document}");
    assertThat(tex.chars().filter(c -> c == '{').count())
        .isEqualTo(tex.chars().filter(c -> c == '}').count());
  }
}
