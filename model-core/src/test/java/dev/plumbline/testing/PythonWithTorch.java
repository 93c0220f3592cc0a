package dev.plumbline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;

/** A Python on this machine that PyTorch is installed for. */
public final class PythonWithTorch {
  private PythonWithTorch() {}

  /** The first such interpreter's command; the test is skipped where there is none. */
  public static String find() throws IOException, InterruptedException {
    for (String python : List.of("/usr/bin/python3", "python3")) {
      try {
        // Whether it is installed: importing it would take seconds.
        Process process =
            new ProcessBuilder(
                    python,
                    "-c",
                    "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() == 0) {
          return python;
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining(python);
      }
    }
    assumeTrue(false, "skipped: no python3 with torch on this machine");
    return "";
  }
}
