package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.UserError;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes over a recipe, panels, and what differs from the last export. */
class FigureEditTest {
  private static final Column X = Column.of(0, 1, 2);
  private static final FigureSize SIZE = new FigureSize(4, 2.5);

  @TempDir Path folder;

  private static Figure figure(double shift) {
    Column y = Column.of(1 + shift, 2, 3);
    Column other = Column.of(3, 2.5, 1);
    Column none = Column.empty();
    return Figure.of(
        "Gain",
        "",
        Axis.linear("step", ""),
        Axis.linear("gain", "nats"),
        List.of(
            new Layer.Band(
                "a/interval", "", Ink.series(0), X, y.map(v -> v - 1), y.map(v -> v + 1)),
            Layer.Line.of("a", "proxy", Ink.series(0), X, y),
            Layer.Line.of("a2", "", Ink.series(0), X, y.map(v -> v + 0.1)),
            Layer.Line.of("b", "gold", Ink.series(1), X, other),
            new Layer.Points("b", "", Ink.series(1), X, other, none, none, none)));
  }

  private static FigureEdits edits(FigureEdit... all) {
    FigureEdits edits = FigureEdits.NONE;
    for (FigureEdit edit : all) {
      edits = edits.and(edit);
    }
    return edits;
  }

  @Test
  void editsChangeWhatTheyNameAndAreUndoneInOrder() {
    FigureEdits edits =
        edits(
            new FigureEdit.Title("Reward gained"),
            new FigureEdit.Rename("gold", "gold reward"),
            new FigureEdit.Range(FigureEdit.Which.Y, OptionalDouble.of(0), OptionalDouble.empty()),
            new FigureEdit.Order(List.of("gold reward", "proxy")),
            new FigureEdit.Legend(Figure.Legend.TOP));
    Figure edited = edits.apply(figure(0));
    assertThat(edited.title()).isEqualTo("Reward gained");
    assertThat(edited.labels()).containsExactly("gold reward", "proxy");
    assertThat(edited.y().minimum()).hasValue(0);
    assertThat(edited.y().maximum()).isEmpty();
    assertThat(edited.legend()).isEqualTo(Figure.Legend.TOP);
    // The same changes over newer rows.
    assertThat(edits.apply(figure(0.5)).labels()).containsExactly("gold reward", "proxy");

    FigureEdits back = edits.undo().undo();
    assertThat(back.apply(figure(0)).labels()).containsExactly("proxy", "gold reward");
    assertThat(back.redo().redo()).isEqualTo(edits);
    assertThat(back.and(new FigureEdit.Title("x")).canRedo()).isFalse();
    FigureEdits none = edits;
    for (int i = 0; i < 9; i++) {
      none = none.undo();
    }
    assertThat(none.apply(figure(0))).isEqualTo(figure(0));
    assertThat(edits.and(new FigureEdit.Title("z")).effective())
        .doesNotContain(new FigureEdit.Title("Reward gained"))
        .hasSize(5);
  }

  @Test
  void hidingTakesAllThatLooksLikeTheSeriesAndRecolouringToo() {
    Figure hidden = edits(new FigureEdit.Hide("proxy")).apply(figure(0));
    assertThat(hidden.layers())
        .hasSize(2)
        .allMatch(layer -> layer.inked().orElseThrow().index() == 1);
    Figure coloured = edits(new FigureEdit.Recolour("gold", 4)).apply(figure(0));
    assertThat(coloured.layers().subList(3, 5))
        .allMatch(layer -> layer.inked().orElseThrow().index() == 4);
    assertThat(edits(new FigureEdit.Hide("no such")).apply(figure(0))).isEqualTo(figure(0));
  }

  @Test
  void everyEditIsReadAsItWasWritten() {
    FigureEdits edits =
        edits(
                new FigureEdit.Title("a"),
                new FigureEdit.Subtitle("b"),
                new FigureEdit.Caption("c"),
                new FigureEdit.AxisText(FigureEdit.Which.X, "√D_{KL}", "√nat"),
                new FigureEdit.Range(
                    FigureEdit.Which.X, OptionalDouble.empty(), OptionalDouble.of(2.5)),
                new FigureEdit.Scale(FigureEdit.Which.Y, Axis.Scale.LOG),
                new FigureEdit.Legend(Figure.Legend.INSIDE),
                new FigureEdit.Rename("a", "b"),
                new FigureEdit.Order(List.of("b", "a")),
                new FigureEdit.Recolour("a", 3),
                new FigureEdit.Pattern("a", Dash.DOTTED),
                new FigureEdit.Hide("b"),
                new FigureEdit.Note("n", Layer.Corner.TOP_LEFT),
                new FigureEdit.LevelAt(0.5, "chance"))
            .undo();
    assertThat(FigureEditJson.read("f", FigureEditJson.write(edits))).isEqualTo(edits);
    assertThatThrownBy(() -> FigureEditJson.read("edits", "{\"done\":[{\"kind\":\"run\"}]}"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("edits: 'run' is no change");
  }

  @Test
  void sharedAxesHaveOneRangeAndPanelsLetters() throws Exception {
    Figure wide = figure(0).withTitle("Other");
    Figure far =
        wide.withLayers(
            List.of(Layer.Line.of("c", "", Ink.series(0), Column.of(0, 9), Column.of(-4, 4))));
    FigureSheet sheet =
        new FigureSheet("Both", List.of(figure(0), far), 2, true, FigureSheet.Shared.Y, "");
    List<Figure> drawn = sheet.drawn();
    assertThat(drawn.get(0).y().minimum()).isEqualTo(drawn.get(1).y().minimum());
    assertThat(drawn.get(1).y().title()).isEmpty();
    assertThat(drawn.get(0).y().title()).isEqualTo("gain (nats)");
    assertThat(drawn.get(0).x()).isEqualTo(figure(0).x());
    assertThat(FigureJson.readSheet("f", FigureJson.write(sheet))).isEqualTo(sheet);
    for (FigureExport.Format format : FigureExport.Format.values()) {
      Path a = folder.resolve("a." + format.extension());
      Path b = folder.resolve("b." + format.extension());
      FigureExport.write(format, sheet, FigureStyle.paper(), SIZE, a);
      FigureExport.write(format, sheet, FigureStyle.paper(), SIZE, b);
      if (format != FigureExport.Format.PGFPLOTS) { // which names its own file of rows
        assertThat(Files.mismatch(a, b)).as(format.name()).isEqualTo(-1);
      }
    }
    try (PDDocument document = Loader.loadPDF(folder.resolve("a.pdf").toFile())) {
      assertThat(new PDFTextStripper().getText(document)).contains("(a)", "(b)", "proxy", "gold");
    }
    assertThat(Files.readString(folder.resolve("a.csv"))).contains("# panel: (b)");
    assertThatThrownBy(() -> new FigureSheet("", List.of(), 1, true, FigureSheet.Shared.NONE, ""))
        .hasMessageContaining("1 to 26");
  }

  @Test
  void aDifferenceIsFoundInNumbersAndInPixels() throws Exception {
    FigureStyle style = FigureStyle.paper();
    assertThat(FigureDiff.of(figure(0), figure(0), style, SIZE).verdict())
        .isEqualTo(FigureDiff.Verdict.SAME);
    FigureDiff moved = FigureDiff.of(figure(0), figure(0.25), style, SIZE);
    assertThat(moved.verdict()).isEqualTo(FigureDiff.Verdict.CHANGED);
    assertThat(moved.pixels()).isBetween(1e-4, 0.3);
    assertThat(moved.lines()).contains("line a: 1 of 3 points differ, most by 0.250 at point 0");
    assertThat(moved.lines()).noneMatch(line -> line.startsWith("line b"));
    FigureDiff words = FigureDiff.of(figure(0), figure(0).withCaption("other words"), style, SIZE);
    assertThat(words.verdict()).isEqualTo(FigureDiff.Verdict.UNSEEN);
    assertThat(words.pixels()).isCloseTo(0, within(0.0));
    var picture =
        ImageIO.read(
            new ByteArrayInputStream(FigureDiff.picture(figure(0), figure(0.25), style, SIZE)));
    assertThat(picture.getWidth()).isGreaterThan(3 * 600 - 1);
  }
}
