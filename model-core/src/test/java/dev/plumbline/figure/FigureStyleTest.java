package dev.plumbline.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.UserError;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Presets, palettes in grey, house styles, legends and tick marks. */
class FigureStyleTest {
  private static final int SERIES = 8;

  @TempDir Path folder;

  private static Figure series(int index) {
    double[] x = new double[9];
    double[] y = new double[9];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
      y[i] = 0.5 + 0.2 * Math.sin(i);
    }
    Ink ink = Ink.series(index);
    Column none = Column.empty();
    return Figure.of(
            "t",
            "",
            Axis.linear("", "").range(0, 8),
            Axis.linear("", "").range(0, 1),
            List.of(
                Layer.Line.of("l", "", ink, Column.of(x), Column.of(y)),
                new Layer.Points("p", "", ink, Column.of(x), Column.of(y), none, none, none)))
        .withLegend(Figure.Legend.NONE);
  }

  /**
   * The same curve as two different series, both in grey: of the pixels that either inks, a part is
   * plainly different, by lightness, by pattern or by the shape of its points.
   */
  @ParameterizedTest
  @EnumSource(Palette.class)
  void linesStayApartInGrey(Palette palette) {
    FigureStyle style = FigureStyle.paper().withPalette(palette.colours());
    List<int[]> grey = new ArrayList<>();
    for (int i = 0; i < SERIES; i++) {
      grey.add(FigureRaster.render(series(i), style, 234, 145, 3).grey().argb());
    }
    int[] blank =
        FigureRaster.render(series(0).withLayers(List.of()), style, 234, 145, 3).grey().argb();
    assertThat(blank).hasSameSizeAs(grey.getFirst());
    for (int a = 0; a < SERIES; a++) {
      for (int b = a + 1; b < SERIES; b++) {
        int inked = 0;
        int differing = 0;
        for (int p = 0; p < blank.length; p++) {
          int first = grey.get(a)[p] & 255;
          int second = grey.get(b)[p] & 255;
          inked += Math.min(first, second) < 200 ? 1 : 0;
          differing += Math.abs(first - second) > 40 ? 1 : 0;
        }
        assertThat(differing / (double) inked)
            .as(palette + ": series " + a + " and " + b)
            .isGreaterThan(0.15);
      }
    }
  }

  @Test
  void greyKeepsLuminanceAndNothingElse() {
    FigureRaster raster = FigureRaster.render(series(1), FigureStyle.paper(), 200, 120, 1).grey();
    for (int pixel : raster.argb()) {
      Color colour = new Color(pixel);
      assertThat(colour.getRed()).isEqualTo(colour.getGreen()).isEqualTo(colour.getBlue());
    }
  }

  /** Widths by the venues' own papers: see the sources that the presets name. */
  @Test
  void presetsHaveTheWidthsOfTheirVenues() {
    assertThat(FigureSize.Venue.ACL_COLUMN.size().widthInches()).isCloseTo(3.031, within(1e-3));
    assertThat(FigureSize.Venue.ACL_PAGE.size().widthInches() * 2.54)
        .isCloseTo(2 * 7.7 + 0.6, within(1e-9));
    assertThat(FigureSize.Venue.NATURE_COLUMN.size().widthInches() * 25.4)
        .isCloseTo(89, within(1e-9));
    assertThat(FigureSize.Venue.NATURE_PAGE.style().size()).isBetween(5.0, 7.0);
    assertThat(FigureSize.Venue.NATURE_PAGE.style().typeface()).isEqualTo(Typeface.SANS);
    assertThat(FigureSize.Venue.IEEE_COLUMN.size().widthInches()).isEqualTo(3.5);
    assertThat(FigureSize.Venue.IEEE_PAGE.size().widthInches()).isEqualTo(7.16);
    for (FigureSize.Venue venue : FigureSize.Venue.values()) {
      assertThat(venue.source()).as(venue.name()).isNotBlank();
      assertThat(FigureSize.Venue.of(venue.id())).hasValue(venue);
    }
  }

  @Test
  void aHouseStyleIsReadAsItWasWritten() throws Exception {
    HouseStyle style =
        HouseStyle.of(FigureSize.Venue.ACL_COLUMN)
            .named("our group")
            .coloured(Palette.TOL_VIBRANT.colours())
            .text(Typeface.SANS, 6.5)
            .sized(3, 2.5)
            .drawn(true, false, false, true, false);
    Path file = folder.resolve("style.json");
    Files.writeString(file, style.write());
    HouseStyle read = HouseStyle.read(file);
    assertThat(read).isEqualTo(style);
    assertThat(read.write()).isEqualTo(style.write());
    assertThat(read.style().palette()).isEqualTo(Palette.TOL_VIBRANT.colours());
    assertThat(read.style().grid().getAlpha()).isZero();
    assertThat(read.size()).isEqualTo(new FigureSize(3, 2.5));
    assertThat(HouseStyle.read("f", "{\"plumbline_style\":1,\"points\":9}").points()).isEqualTo(9);
    for (String bad :
        List.of(
            "{}",
            "{\"plumbline_style\":9}",
            "{\"plumbline_style\":1,\"colour\":1}",
            "{\"plumbline_style\":1,\"palette\":[\"red\"]}",
            "{\"plumbline_style\":1,\"points\":400}",
            "{\"plumbline_style\":1,\"typeface\":\"comic\"}",
            "{")) {
      assertThatThrownBy(() -> HouseStyle.read("house.json", bad))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("house.json")
          .satisfies(error -> assertThat(String.valueOf(error.getMessage()).lines()).hasSize(1));
    }
  }

  @ParameterizedTest
  @EnumSource(Figure.Legend.class)
  void aLegendIsWhereItWasAskedForAndCoversNothing(Figure.Legend place) throws Exception {
    Figure figure =
        Figure.of(
                "t",
                "",
                Axis.linear("x", ""),
                Axis.linear("y", ""),
                List.of(
                    Layer.Line.of("a", "alpha", Ink.series(0), Column.of(0, 1), Column.of(0, 1)),
                    Layer.Line.of("b", "beta", Ink.series(1), Column.of(0, 1), Column.of(0, 2))))
            .withLegend(place);
    FigureRaster raster = FigureRaster.render(figure, FigureStyle.paper(), 300, 200, 1);
    assertThat(raster.mapping().plot().getWidth()).isGreaterThan(150);
    assertThat(raster.mapping().plot().getHeight()).isGreaterThan(110);
    Path svg = folder.resolve(place + ".svg");
    FigureExport.svg(figure, FigureStyle.paper(), new FigureSize(4, 3), svg);
    String text = Files.readString(svg);
    if (place == Figure.Legend.NONE) {
      assertThat(text).doesNotContain(">alpha<");
    } else {
      assertThat(text).contains(">alpha<", ">beta<");
    }
    Path tex = folder.resolve(place + ".tex");
    FigureExport.pgfplots(figure, FigureStyle.paper(), new FigureSize(4, 3), tex);
    assertThat(Files.readString(tex).contains("\\addlegendentry{alpha}"))
        .isEqualTo(place != Figure.Legend.NONE && place != Figure.Legend.LINE_ENDS);
  }

  /** Fifths of 0.5, quarters of 0.2, and the digits of a decade. */
  @Test
  void minorTicksDivideAStepEvenly() {
    List<Ticks.Tick> fives = Ticks.withMinor(Axis.Scale.LINEAR, Ticks.linear(0, 1, 3), 0, 1, 100);
    assertThat(fives.stream().map(Ticks.Tick::value).sorted().toList().get(1))
        .isCloseTo(0.1, within(1e-12));
    assertThat(fives).hasSize(11);
    List<Ticks.Tick> twos = Ticks.withMinor(Axis.Scale.LINEAR, Ticks.linear(0, 1, 5), 0, 1, 100);
    assertThat(twos).hasSize(21);
    List<Ticks.Tick> decades = Ticks.withMinor(Axis.Scale.LOG, Ticks.log(1, 100, 9), 1, 100, 100);
    assertThat(decades.stream().mapToDouble(Ticks.Tick::value).distinct().count()).isEqualTo(19);
  }

  @Test
  void bothTypefacesHaveTheSignsOfLabelsAndDigitsOfOneWidth() {
    for (Typeface typeface : Typeface.values()) {
      for (String sign : "√−×→·≤≥±λβσεΔ–…²≈".split("")) {
        assertThat(typeface.regular().canDisplay(sign.codePointAt(0))).as(sign).isTrue();
      }
      double zero = RichText.width("0", typeface.regular());
      for (int digit = 1; digit < 10; digit++) {
        assertThat(RichText.width("" + digit, typeface.regular())).isCloseTo(zero, within(1e-4));
      }
    }
  }
}
