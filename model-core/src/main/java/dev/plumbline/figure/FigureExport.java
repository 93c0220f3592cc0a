package dev.plumbline.figure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes figures for papers. Equal figures give equal bytes; each file appears whole or not at all,
 * and carries the figure's provenance. One unit of the style is one point (1/72 inch).
 */
public final class FigureExport {
  /** Dots an inch of a bitmap unless asked otherwise. */
  public static final int DPI = 300;

  private FigureExport() {}

  /** The kinds of file. */
  public enum Format {
    /** Scalable graphics with real text. */
    SVG("svg"),
    /** A page of the figure's size, fonts embedded. */
    PDF("pdf"),
    /** A bitmap. */
    PNG("png"),
    /** The rows behind every series. */
    CSV("csv"),
    /** LaTeX source with its rows beside it. */
    PGFPLOTS("tex"),
    /** A Vega-Lite specification with its rows inside. */
    VEGA_LITE("vl.json"),
    /** The figure itself, to be read again: see {@link FigureJson}. */
    JSON("json");

    private final String extension;

    Format(String extension) {
      this.extension = extension;
    }

    /** What people call it. */
    public String title() {
      return switch (this) {
        case PGFPLOTS -> "PGFPlots";
        case VEGA_LITE -> "Vega-Lite";
        default -> name();
      };
    }

    /** The usual ending of file names, without the dot. */
    public String extension() {
      return extension;
    }

    /** The format that a file's name asks for; empty for an ending that is not known. */
    public static java.util.Optional<Format> ofFile(Path file) {
      String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
      for (Format format : values()) {
        if (name.endsWith("." + format.extension)) {
          return java.util.Optional.of(format);
        }
      }
      return java.util.Optional.empty();
    }
  }

  /** Writes a figure in one of the formats. */
  public static void write(
      Format format, Figure figure, FigureStyle style, FigureSize size, Path file)
      throws IOException {
    switch (format) {
      case SVG -> svg(figure, style, size, file);
      case PDF -> pdf(figure, style, size, file);
      case PNG -> png(figure, style, size, DPI, file);
      case CSV -> csv(figure, file);
      case PGFPLOTS -> pgfplots(figure, style, size, file);
      case VEGA_LITE ->
          put(file, VegaLiteExport.write(figure, style, size).getBytes(StandardCharsets.UTF_8));
      case JSON -> put(file, FigureJson.write(figure).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Writes SVG with real text; its width and height are in inches. */
  public static void svg(Figure figure, FigureStyle style, FigureSize size, Path file)
      throws IOException {
    put(file, SvgExport.write(new Art.One(figure), style, size).getBytes(StandardCharsets.UTF_8));
  }

  /** Writes PDF with embedded TrueType fonts; the page has the figure's size. */
  public static void pdf(Figure figure, FigureStyle style, FigureSize size, Path file)
      throws IOException {
    put(file, PdfExport.write(new Art.One(figure), style, size));
  }

  /** Writes a PNG of some dots an inch, which it states. */
  public static void png(Figure figure, FigureStyle style, FigureSize size, int dpi, Path file)
      throws IOException {
    put(file, PngExport.write(new Art.One(figure), style, size, dpi));
  }

  /** Writes the rows behind every series, as measured: never smoothed, never thinned. */
  public static void csv(Figure figure, Path file) throws IOException {
    put(file, CsvExport.write(figure).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes LaTeX source for PGFPlots that compiles by itself, and its rows beside it in {@code
   * NAME-data.csv}.
   *
   * @return the file of rows
   */
  public static Path pgfplots(Figure figure, FigureStyle style, FigureSize size, Path file)
      throws IOException {
    Path rows = rowsBeside(file);
    PgfPlotsExport.Source source =
        PgfPlotsExport.write(figure, style, size, String.valueOf(rows.getFileName()));
    put(rows, source.rows().getBytes(StandardCharsets.UTF_8));
    put(file, source.tex().getBytes(StandardCharsets.UTF_8));
    return rows;
  }

  /** Writes several figures as the panels of one in one of the formats. */
  public static void write(
      Format format, FigureSheet sheet, FigureStyle style, FigureSize size, Path file)
      throws IOException {
    switch (format) {
      case SVG -> put(file, SvgExport.write(sheet, style, size).getBytes(StandardCharsets.UTF_8));
      case PDF -> put(file, PdfExport.write(sheet, style, size));
      case PNG -> put(file, PngExport.write(sheet, style, size, DPI));
      case CSV -> {
        StringBuilder all = new StringBuilder();
        List<Figure> panels = sheet.panels();
        for (int i = 0; i < panels.size(); i++) {
          all.append("# panel: ").append(FigureSheet.letter(i)).append('\n');
          all.append(CsvExport.write(panels.get(i)));
        }
        put(file, all.toString().getBytes(StandardCharsets.UTF_8));
      }
      case PGFPLOTS -> {
        Path rows = rowsBeside(file);
        PgfPlotsExport.Source source =
            PgfPlotsExport.write(sheet, style, size, String.valueOf(rows.getFileName()));
        put(rows, source.rows().getBytes(StandardCharsets.UTF_8));
        put(file, source.tex().getBytes(StandardCharsets.UTF_8));
      }
      case VEGA_LITE ->
          put(file, VegaLiteExport.write(sheet, style, size).getBytes(StandardCharsets.UTF_8));
      case JSON -> put(file, FigureJson.write(sheet).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Path rowsBeside(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + "-data.csv");
  }

  /** Title, caption and provenance by name, in a fixed order; what is empty is left out. */
  static Map<String, String> facts(Figure figure) {
    Map<String, String> facts = new LinkedHashMap<>();
    if (!figure.title().isEmpty()) {
      facts.put("title", RichText.plain(figure.title()));
    }
    if (!figure.subtitle().isEmpty()) {
      facts.put("subtitle", RichText.plain(figure.subtitle()));
    }
    if (!figure.caption().isEmpty()) {
      facts.put("caption", RichText.plain(figure.caption()));
    }
    facts.putAll(figure.provenance().entries());
    return facts;
  }

  private static void put(Path file, byte[] bytes) throws IOException {
    Path whole = file.toAbsolutePath();
    Path folder = whole.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    try {
      Files.write(part, bytes);
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
