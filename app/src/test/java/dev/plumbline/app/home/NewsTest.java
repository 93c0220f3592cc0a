package dev.plumbline.app.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The news of a version are its part of the changelog. */
final class NewsTest {
  @Test
  void aVersionsBulletsAreReadWithTheirHeads() {
    String changelog =
        """
        # Changelog

        ## 0.2.0 (unreleased)

        A sentence about it.

        - **Settings**: searched by typing. `Ctrl+Comma` opens
          them, on every page.
        - plain words only

        ## 0.1.0

        - **Old**: things.
        """;
    News news = News.parse(changelog, "0.2.0-SNAPSHOT").orElseThrow();
    assertThat(news.version()).isEqualTo("0.2.0");
    assertThat(news.items())
        .containsExactly(
            new News.Item("Settings", "Searched by typing. Ctrl+Comma opens them, on every page."),
            new News.Item("", "Plain words only"));
    assertThat(news.items().getFirst().first()).isEqualTo("Searched by typing.");
    assertThat(News.parse(changelog, "0.3.0")).isEmpty();
    assertThat(News.parse("", "0.2.0")).isEmpty();
  }

  @Test
  void theChangelogOfThisVersionHasNews() throws Exception {
    News news = News.parse(Files.readString(Path.of("../CHANGELOG.md")), "0.1.0").orElseThrow();
    assertThat(news.items()).hasSizeGreaterThan(10);
    assertThat(news.items()).allSatisfy(item -> assertThat(item.text()).isNotBlank());
  }
}
