package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
