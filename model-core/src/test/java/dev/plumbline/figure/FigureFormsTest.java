package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType3Font;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One figure in all its forms: they show the same, are small, and other programs take them. */
class FigureFormsTest {
  private static final FigureStyle STYLE = FigureStyle.paper();
  private static final FigureSize SIZE = FigureSize.Venue.NEURIPS.size();
  private static final int SERIES = 10;

  /** Rows of a metric of a long run. */
  private static final int ROWS = 2000;

  @TempDir private Path folder;

  private static Figure tenSeries() {
    List<Layer> layers = new ArrayList<>();
    for (int series = 0; series < SERIES; series++) {
      double[] x = new double[ROWS];
      double[] y = new double[ROWS];
      for (int i = 0; i < ROWS; i++) {
        x[i] = i;
        y[i] = Math.exp(-i / 600.0) + 0.1 * series + 0.03 * Math.sin(1.7 * i * (series + 1));
      }
      layers.add(
          Layer.Line.of(
              "run" + series, "run " + series, Ink.series(series), Column.of(x), Column.of(y)));
    }
    return Figure.of("Loss", "", Axis.linear("Step", ""), Axis.linear("Loss", "nats"), layers)
        .withLegend(Figure.Legend.TOP);
  }

  private static Figure mixed() {
    Column x = Column.of(1, 2, 4, 8);
    return Figure.of(
        "t",
        "",
        Axis.log("Samples k", ""),
        Axis.linear("√D_{KL} and more", "√nat"),
        List.of(
            new Layer.Band(
                "b", "", Ink.series(0), x, Column.of(0.1, 0.2, 0.3, 0.4), Column.of(1, 2, 3, 4)),
            Layer.Line.of("l", "line", Ink.series(0), x, Column.of(0.5, 1, 2, 3)),
            new Layer.Points(
                "p",
                "points",
                Ink.series(1),
                x,
                Column.of(1, 1.5, 1, 0.5),
                Column.of(0.5, 1, 0.5, 0.2),
                Column.of(1.5, 2, 1.5, 0.8),
                Column.empty()),
            new Layer.Points(
                "q",
                "others",
                Ink.series(2),
                x,
                Column.of(2, 2.5, 2, 1.5),
                Column.of(1.5, 2, 1.5, 1.2),
                Column.of(2.5, 3, 2.5, 1.8),
                Column.empty()),
            new Layer.Level("chance", Ink.MUTED, Dash.DOTTED, 0.5)));
  }

  @ParameterizedTest
  @EnumSource(
      value = FigureExport.Format.class,
      names = {"SVG", "PDF", "PGFPLOTS"})
  void tenSeriesOfALongRunAreSmallInEveryVectorForm(FigureExport.Format format) throws IOException {
    Path file = folder.resolve("f." + format.extension());
    FigureExport.write(format, tenSeries(), STYLE, SIZE, file);
    assertThat(Files.size(file)).isBetween(1_000L, 200_000L);
  }

  @Test
  void thePdfShowsWhatThePngShowsAndItsFontsArePartsOfTrueTypeFonts() throws IOException {
    Path pdf = folder.resolve("f.pdf");
    Path png = folder.resolve("f.png");
    for (Figure figure : List.of(mixed(), tenSeries())) {
      FigureExport.pdf(figure, STYLE, SIZE, pdf);
      FigureExport.png(figure, STYLE, SIZE, 144, png);
      BufferedImage picture = ImageIO.read(png.toFile());
      try (PDDocument document = Loader.loadPDF(pdf.toFile())) {
        BufferedImage page = new PDFRenderer(document).renderImageWithDPI(0, 144);
        assertThat(Math.abs(page.getWidth() - picture.getWidth())).isLessThanOrEqualTo(1);
        assertThat(Math.abs(page.getHeight() - picture.getHeight())).isLessThanOrEqualTo(1);
        // A file of lines thins long series more than pixels do: the short one is compared.
        if (figure.x().scale() == Axis.Scale.LOG) {
          assertThat(difference(page, picture)).isLessThan(0.01);
        }
        List<PDFont> fonts = new ArrayList<>();
        collect(document.getPage(0).getResources(), fonts);
        assertThat(fonts).isNotEmpty();
        for (PDFont font : fonts) {
          assertThat(font).isNotInstanceOf(PDType3Font.class);
          assertThat(font.isEmbedded()).isTrue();
          // a subset's name begins with six letters and a plus
          assertThat(font.getName()).matches("[A-Z]{6}\\+.*");
        }
        String text = new PDFTextStripper().getText(document);
        assertThat(text).contains(RichText.plain(figure.x().title()));
      }
    }
  }

  /** Means of blocks of four by four pixels, so that only what is elsewhere counts. */
  private static double difference(BufferedImage a, BufferedImage b) {
    int block = 4;
    int wide = Math.min(a.getWidth(), b.getWidth()) / block;
    int tall = Math.min(a.getHeight(), b.getHeight()) / block;
    long differing = 0;
    for (int row = 0; row < tall; row++) {
      for (int column = 0; column < wide; column++) {
        double gap =
            grey(a, column * block, row * block, block)
                - grey(b, column * block, row * block, block);
        differing += Math.abs(gap) > 40 ? 1 : 0;
      }
    }
    return differing / (double) (wide * tall);
  }

  private static double grey(BufferedImage image, int left, int top, int size) {
    double sum = 0;
    for (int y = top; y < top + size; y++) {
      for (int x = left; x < left + size; x++) {
        int rgb = image.getRGB(x, y);
        sum += ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 3.0;
      }
    }
    return sum / (size * size);
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
  void pgfPlotsIsSetByTex() throws Exception {
    assumeThat(hasPgfPlots()).as("pdflatex with PGFPlots is installed").isTrue();
    for (Figure figure : List.of(mixed(), tenSeries())) {
      FigureExport.pgfplots(figure, STYLE, SIZE, folder.resolve("f.tex"));
      Path log = folder.resolve("out.txt");
      int code = run(log, 120, "pdflatex", "-interaction=nonstopmode", "-halt-on-error", "f.tex");
      assertThat(code).as(Files.readString(log, StandardCharsets.ISO_8859_1)).isZero();
      try (PDDocument document = Loader.loadPDF(folder.resolve("f.pdf").toFile())) {
        assertThat(document.getNumberOfPages()).isEqualTo(1);
        String text = new PDFTextStripper().getText(document).toLowerCase(Locale.ROOT);
        assertThat(text).contains(figure.x().label().toLowerCase(Locale.ROOT));
      }
    }
  }

  private boolean hasPgfPlots() throws InterruptedException {
    try {
      return run(folder.resolve("which.txt"), 20, "kpsewhich", "pgfplots.sty") == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private int run(Path log, int seconds, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return -1;
    }
    return process.exitValue();
  }
}
