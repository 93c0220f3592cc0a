package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heat maps, stepped lines and intervals: colours, places, hits and every exporter. */
class HeatMapTest {
  private static final List<String> ROWS = List.of("small", "large");
  private static final List<String> COLUMNS = List.of("helpful", "harmless", "both");
  private static final Figure HEAT =
      Figure.of(
          "Accuracy by part",
          "",
          Axis.named("Tested on", COLUMNS),
          Axis.named("Size", ROWS),
          List.of(
              Layer.Heat.of(
                      "table:accuracy/cells",
                      ColourScale.diverging("Accuracy", "fraction", 0.5, 2),
                      2,
                      3,
                      Column.of(0.25, 0.5, 0.75, 0.6, Double.NaN, 0.4))
                  .withIntervals(
                      Column.of(100, 200, 300, 400, Double.NaN, 600),
                      Column.of(0.2, 0.4, 0.7, 0.5, Double.NaN, 0.3),
                      Column.of(0.3, 0.6, 0.8, 0.7, Double.NaN, 0.5))
                  .withStep(Column.of(7, 8, 9, 10, 11, 12))));

  @TempDir Path folder;

  /** Colours and lightness of the ends and the middle, by the published hexadecimal numbers. */
  @Test
  void aDivergingScaleIsEvenAroundItsCentre() {
    ColourScale scale = ColourScale.diverging("a", "", 0.5, 2);
    double[] ends = scale.ends(Column.of(0.25, 0.6));
    assertThat(ends).containsExactly(0.25, 0.75); // as far above 0.5 as the data are below
    assertThat(scale.map().at(scale.share(0.5, ends))).isEqualTo(new Color(0xF7F7F7));
    assertThat(scale.map().at(scale.share(0.25, ends))).isEqualTo(new Color(0x2166AC));
    assertThat(scale.map().at(scale.share(0.75, ends))).isEqualTo(new Color(0xB2182B));
    double[] uneven = scale.range(0, 0.6).ends(Column.of(0.1));
    assertThat(scale.share(0.5, uneven)).isEqualTo(0.5);
    assertThat(scale.share(0.55, uneven)).isCloseTo(0.75, within(1e-12));
  }

  /** What survives a grey copy: lightness falls all the way, and far enough to be seen. */
  @Test
  void aSequentialMapFallsInLightnessWithoutAStep() {
    for (ColourMap map : List.of(ColourMap.SEQUENTIAL, ColourMap.WARM)) {
      double previous = 2;
      for (int i = 0; i <= 200; i++) {
        double now = ColourMap.luminance(map.at(i / 200.0));
        assertThat(now).as(map + " at " + i).isLessThanOrEqualTo(previous + 1e-9);
        previous = now;
      }
      assertThat(ColourMap.luminance(map.at(0)) - previous).isGreaterThan(0.8);
    }
  }

  /** WCAG 2 asks 4.5 of small text. */
  @Test
  void textInACellCanBeReadOnEveryColour() {
    for (ColourMap map : ColourMap.values()) {
      for (int i = 0; i <= 100; i++) {
        Color ground = map.at(i / 100.0);
        double a = ColourMap.luminance(ground) + 0.05;
        double b = ColourMap.luminance(ColourMap.textOn(ground)) + 0.05;
        assertThat(Math.max(a, b) / Math.min(a, b)).as(map + " " + i).isGreaterThan(4.5);
      }
    }
  }

  @Test
  void rowsAreReadFromTheTopAndAPointerFindsItsCell() {
    FigureRaster raster =
        FigureRaster.render(HEAT, FigureStyle.light().withHeader(false), 500, 300, 1);
    PlotMapping mapping = raster.mapping();
    double px = mapping.x().place(2.1);
    double py = mapping.y().place(0.1);
    assertThat(py).isLessThan(mapping.y().place(1.1));
    // The corner of the cell, where no number is written.
    int pixel = raster.argb()[(int) Math.round(py) * raster.width() + (int) Math.round(px)];
    assertThat(new Color(pixel)).isEqualTo(new Color(0xB2182B));
    PlotMapping.Hit hit = mapping.nearest(px, py, 5).orElseThrow();
    assertThat(hit.index()).isEqualTo(2);
    assertThat(hit.raw()).isEqualTo(0.75);
    assertThat(hit.low()).isEqualTo(0.7);
    assertThat(hit.step()).isEqualTo(9);
    assertThat(mapping.nearest(2, 2, 5)).isEmpty();
  }

  @Test
  void everyExporterHasTheCells() throws Exception {
    FigureSize size = new FigureSize(5.5, 3);
    FigureStyle style = FigureStyle.paper();
    assertThat(FigureJson.read("f", FigureJson.write(HEAT))).isEqualTo(HEAT);

    Path csv = folder.resolve("a.csv");
    FigureExport.csv(HEAT, csv);
    assertThat(Files.readAllLines(csv))
        .contains(
            "kind,series,row,column,x,y,value,n,low,high,step",
            "cell,table:accuracy/cells,0,2,both,small,0.75,300,0.7,0.8,9",
            "cell,table:accuracy/cells,1,1,harmless,large,,,,,11");

    Path svg = folder.resolve("a.svg");
    FigureExport.svg(HEAT, style, size, svg);
    assertThat(Files.readString(svg))
        .contains(">0.75<", ">0.70 to 0.80<", ">n 300<", ">harmless<", ">Accuracy (fraction)<");

    Path vega = folder.resolve("a.vl.json");
    FigureExport.write(FigureExport.Format.VEGA_LITE, HEAT, style, size, vega);
    JsonNode layer = new ObjectMapper().readTree(vega.toFile()).path("layer").get(0);
    assertThat(layer.at("/mark/type").asText()).isEqualTo("rect");
    assertThat(layer.at("/data/values")).hasSize(6);
    assertThat(layer.at("/encoding/y/scale/reverse").asBoolean()).isTrue();
    assertThat(layer.at("/encoding/color/scale/domain/0").asDouble()).isEqualTo(0.25);

    Path tex = folder.resolve("a.tex");
    FigureExport.pgfplots(HEAT, style, size, tex);
    assertThat(Files.readString(tex))
        .contains("colorbar", "y dir=reverse", "{harmless}", "{0.75}", "point meta min=0.25");
  }

  @Test
  void stepsAndIntervalsAreDrawnReadAndWritten() throws Exception {
    Layer.Steps outline =
        Layer.Steps.histogram(
            "h", "outline", Ink.series(0), Column.of(0, 1, 3, 4), Column.of(2, 5, 1));
    assertThat(outline.corners()[0]).isEqualTo(Column.of(0, 0, 1, 1, 3, 3, 4, 4));
    assertThat(outline.corners()[1]).isEqualTo(Column.of(0, 2, 2, 5, 5, 1, 1, 0));
    Figure steps = Figure.of("t", "", Axis.linear("x", ""), Axis.linear("n", ""), List.of(outline));
    FigureRaster raster = FigureRaster.render(steps, FigureStyle.light(), 400, 300, 1);
    PlotMapping.Hit top =
        raster
            .mapping()
            .nearest(raster.mapping().x().place(2), raster.mapping().y().place(5), 4)
            .orElseThrow();
    assertThat(top.y()).isEqualTo(5);
    Figure forest =
        Figure.of(
            "t",
            "",
            Axis.linear("difference", "nats"),
            Axis.named("", List.of("a", "b")),
            List.of(
                new Layer.Intervals(
                    "i",
                    "",
                    Ink.series(1),
                    Column.of(0.1, -0.2),
                    Column.of(0, -0.4),
                    Column.of(0.2, 0),
                    Column.of(0.5, 1.5),
                    Column.of(3, 4))));
    PlotMapping mapping = FigureRaster.render(forest, FigureStyle.light(), 400, 300, 1).mapping();
    assertThat(mapping.y().place(0.5)).isLessThan(mapping.y().place(1.5));
    assertThat(mapping.x().low()).isLessThanOrEqualTo(-0.4);
    List<String> lines = new ArrayList<>();
    for (Figure figure : List.of(steps, forest)) {
      assertThat(FigureJson.read("f", FigureJson.write(figure))).isEqualTo(figure);
      Path csv = folder.resolve("b.csv");
      FigureExport.csv(figure, csv);
      lines.addAll(Files.readAllLines(csv));
      for (FigureExport.Format format : FigureExport.Format.values()) {
        Path file = folder.resolve("b." + format.extension());
        FigureExport.write(format, figure, FigureStyle.paper(), new FigureSize(3, 2), file);
        assertThat(file).isNotEmptyFile();
      }
    }
    assertThat(lines).contains("step,h,outline,1,,,5,1,3", "interval,i,,1,4,-0.2,1.5,-0.4,0");
    assertThatThrownBy(
            () -> Layer.Heat.of("x", ColourScale.sequential("a", "", 1), 2, 2, Column.of(1, 2, 3)))
        .hasMessageContaining("3 values");
  }
}
