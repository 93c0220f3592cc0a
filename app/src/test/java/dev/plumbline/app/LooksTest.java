package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.app.testing.SampleStudies;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of every page in other looks and sizes, to be looked at: target/screenshots. */
final class LooksTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "HIGH_CONTRAST,1440,900,100",
    "LIGHT,1440,900,150",
    "DARK,1440,900,200",
    "HIGH_CONTRAST,1000,700,200"
  })
  void pictures(Theme theme, double width, double height, int scale) {
    Path workspace = folder.resolve("sample.plumbline");
    SampleRuns.preference(workspace, "helpful-pm");
    SampleRuns.policy(workspace, "helpful-ppo-1", 120, 7, RunState.FINISHED);
    SampleRuns.policy(workspace, "helpful-ppo-2", 74, 3, RunState.RUNNING);
    SampleStudies.scaling(workspace);
    try (Bench bench = new Bench(workspace, folder, theme, width, height, scale)) {
      bench.awaitRuns(3);
      for (Page page : Page.values()) {
        bench.show(page);
        bench.settle();
        Path file =
            PICTURES.resolve(
                "looks/%s-%s-%.0f-%d.png"
                    .formatted(
                        page.name().toLowerCase(Locale.ROOT),
                        theme.name().toLowerCase(Locale.ROOT),
                        width,
                        scale));
        Fx.picture(bench.scene, file);
        assertThat(file).isNotEmptyFile();
      }
    }
  }
}
