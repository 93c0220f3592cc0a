package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  void bothThemesNameTheSameColours() throws IOException {
    assertThat(colours("theme-dark.css")).isEqualTo(colours("theme-light.css"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"theme-light.css", "theme-dark.css"})
  void textHasContrastOnEverySurfaceAndSeriesOnCards(String theme) throws IOException {
    Map<String, Double> light = luminances(theme);
    for (String text : List.of("default", "muted", "subtle")) {
      for (String surface : List.of("card", "page", "rail", "bg-overlay")) {
        assertThat(contrast(light, "fg-" + text, surface))
            .as(text + " on " + surface)
            .isGreaterThanOrEqualTo(4.5);
      }
    }
    for (String text : List.of("accent", "success", "warning", "danger")) {
      assertThat(contrast(light, text + "-fg", "card")).as(text).isGreaterThanOrEqualTo(4.5);
    }
    assertThat(contrast(light, "on-accent", "accent-emphasis")).isGreaterThanOrEqualTo(4.5);
    assertThat(contrast(light, "fg-default", "warning-subtle"))
        .as("banner")
        .isGreaterThanOrEqualTo(4.5);
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
  }

  /** The contrast ratio of WCAG 2. */
  /** Lightness L* of CIELAB, by which an eye orders colours. */
  private static double lightness(Map<String, Double> luminances, String colour) {
    double y = Objects.requireNonNull(luminances.get(colour), colour);
    return y > 216 / 24389.0 ? 116 * Math.cbrt(y) - 16 : y * 24389 / 27;
  }

  @ParameterizedTest
  @ValueSource(strings = {"theme-light.css", "theme-dark.css"})
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
    double a = Objects.requireNonNull(luminances.get(one), one);
    double b = Objects.requireNonNull(luminances.get(other), other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static Map<String, Double> luminances(String theme) throws IOException {
    Map<String, Double> found = new HashMap<>();
    Matcher matcher =
        Pattern.compile("-color-([a-z0-9-]+): #([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2});")
            .matcher(resource(theme));
    double[] weights = {0.2126, 0.7152, 0.0722};
    while (matcher.find()) {
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        double v = Integer.parseInt(matcher.group(i + 2), 16) / 255.0;
        sum += weights[i] * (v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
      }
      found.put(matcher.group(1), sum);
    }
    return found;
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
