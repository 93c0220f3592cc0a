package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.app.shell.SeriesPalette;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StringsTest {
  private static final Pattern USE = Pattern.compile("Strings\\s*\\.\\s*text\\(\\s*\"([^\"]+)\"");
  private static final Pattern LOOK_UP = Pattern.compile("#[0-9a-fA-F]{3,8}\\b|rgba?\\(");

  @Test
  void everyKeyThatIsUsedExistsAndEveryKeyIsUsed() throws IOException {
    TreeSet<String> used = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher matcher = USE.matcher(Files.readString(file));
        while (matcher.find()) {
          used.add(matcher.group(1));
        }
      }
    }
    TreeSet<String> missing = new TreeSet<>(used);
    missing.removeAll(keys());
    TreeSet<String> unused = new TreeSet<>(keys());
    unused.removeAll(used);
    assertThat(missing).as("add to strings.properties:\n" + String.join("=\n", missing)).isEmpty();
    assertThat(unused).as("remove from strings.properties").isEmpty();
  }

  @Test
  void coloursStandInTheThemesOnly() throws IOException {
    assertThat(resource("workbench.css")).doesNotContainPattern(LOOK_UP);
  }

  @Test
  void allThemesNameTheSameColours() throws IOException {
    assertThat(colours("theme-dark.css")).isEqualTo(colours("theme-light.css"));
    assertThat(colours("theme-high-contrast.css")).isEqualTo(colours("theme-light.css"));
  }

  /**
   * WCAG 2.2: 4.5 to 1 for text (AA, 1.4.3), 7 to 1 in the look that is made for contrast (AAA,
   * 1.4.6), and 3 to 1 for lines, marks and the ring of the focus (AA, 1.4.11).
   */
  @ParameterizedTest
  @CsvSource({"theme-light.css,4.5", "theme-dark.css,4.5", "theme-high-contrast.css,7"})
  void textHasContrastOnEverySurfaceAndSeriesOnCards(String theme, double least)
      throws IOException {
    Map<String, Double> light = luminances(theme);
    Map<String, Double> found = new TreeMap<>();
    List<String> surfaces =
        List.of("card", "page", "rail", "raised", "bg-overlay", "bg-subtle", "selected");
    for (String surface : surfaces) {
      for (String text : List.of("fg-default", "fg-muted")) {
        found.put(text + " on " + surface, contrast(light, text, surface));
      }
    }
    for (String surface : List.of("card", "page", "rail", "bg-overlay")) {
      found.put("fg-subtle on " + surface, contrast(light, "fg-subtle", surface));
      for (String text : List.of("accent", "success", "warning", "danger")) {
        found.put(text + "-fg on " + surface, contrast(light, text + "-fg", surface));
      }
    }
    found.put("accent-fg on selected", contrast(light, "accent-fg", "selected"));
    found.put("on-accent on accent", contrast(light, "on-accent", "accent-emphasis"));
    for (String kind : List.of("warning", "danger", "accent", "success")) {
      found.put("fg-default on " + kind, contrast(light, "fg-default", kind + "-subtle"));
    }
    assertThat(found)
        .allSatisfy((pair, ratio) -> assertThat(ratio).as(pair).isGreaterThanOrEqualTo(least));
    for (String surface : List.of("card", "page", "rail", "raised", "bg-overlay")) {
      assertThat(contrast(light, "accent-emphasis", surface))
          .as("ring of the focus on " + surface)
          .isGreaterThanOrEqualTo(3);
    }
    for (int i = 0; i < 7; i++) {
      for (String scale : List.of("heat-", "tilt-")) {
        assertThat(contrast(light, "fg-default", scale + i))
            .as(scale + i)
            .isGreaterThanOrEqualTo(4.5);
      }
    }
    for (int i = 0; i < 7; i++) {
      assertThat(contrast(light, "series-" + i, "card"))
          .as("series " + i)
          .isGreaterThanOrEqualTo(3);
    }
    double card = Objects.requireNonNull(light.get("card"));
    for (SeriesPalette palette : SeriesPalette.values()) {
      for (String colour : palette.colours(!theme.equals("theme-light.css"))) {
        assertThat(ratio(luminance(colour), card))
            .as(palette + " " + colour)
            .isGreaterThanOrEqualTo(3);
      }
    }
  }

  /** Lightness L* of CIELAB, by which an eye orders colours. */
  private static double lightness(Map<String, Double> luminances, String colour) {
    double y = Objects.requireNonNull(luminances.get(colour), colour);
    return y > 216 / 24389.0 ? 116 * Math.cbrt(y) - 16 : y * 24389 / 27;
  }

  @ParameterizedTest
  @ValueSource(strings = {"theme-light.css", "theme-dark.css", "theme-high-contrast.css"})
  void tokenColoursLeaveTheCardInEqualStepsOfLightness(String theme) throws IOException {
    Map<String, Double> found = luminances(theme);
    double card = lightness(found, "card");
    assertThat(lightness(found, "heat-0")).isCloseTo(card, within(0.1));
    double step = Math.abs(lightness(found, "heat-1") - card);
    assertThat(step).isGreaterThan(4);
    for (int i = 1; i < 7; i++) {
      assertThat(Math.abs(lightness(found, "heat-" + i) - card)).isCloseTo(i * step, within(0.8));
    }
    for (int i = 1; i <= 3; i++) {
      double below = Math.abs(lightness(found, "tilt-" + (3 - i)) - card);
      double above = Math.abs(lightness(found, "tilt-" + (3 + i)) - card);
      assertThat(below).as("signs weigh alike").isCloseTo(above, within(3.5));
      assertThat(above).isCloseTo(i * 2 * step, within(1.2));
    }
  }

  private static double contrast(Map<String, Double> luminances, String one, String other) {
    return ratio(
        Objects.requireNonNull(luminances.get(one), one),
        Objects.requireNonNull(luminances.get(other), other));
  }

  private static double ratio(double a, double b) {
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static Map<String, Double> luminances(String theme) throws IOException {
    Map<String, Double> found = new HashMap<>();
    Matcher matcher =
        Pattern.compile("-color-([a-z0-9-]+): (#[0-9a-f]{6});").matcher(resource(theme));
    while (matcher.find()) {
      found.put(matcher.group(1), luminance(matcher.group(2)));
    }
    return found;
  }

  /** The relative luminance of WCAG 2 of #rrggbb. */
  private static double luminance(String colour) {
    double[] weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double v = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
      sum += weights[i] * (v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  private static Set<String> colours(String theme) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    Matcher matcher = Pattern.compile("(-color-[a-z0-9-]+):").matcher(resource(theme));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static Set<String> keys() throws IOException {
    Properties properties = new Properties();
    try (Reader reader =
        new InputStreamReader(open("strings.properties"), StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return new TreeSet<>(properties.stringPropertyNames());
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = open(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(
        StringsTest.class.getResourceAsStream("/dev/plumbline/ui/" + name));
  }
}
