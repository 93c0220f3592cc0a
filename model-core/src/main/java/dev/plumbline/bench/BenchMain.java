package dev.plumbline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The measuring process: {@code BenchMain SETTINGS REPORT}. It says on standard error what it is
 * doing, and ends when its parent has gone.
 */
public final class BenchMain {
  /** Exit code where nobody wanted the numbers any more. */
  static final int CANCELLED = 130;

  // A logger that nobody holds forgets its level.
  private static final Logger LOG = Logger.getLogger("dev.plumbline");

  private BenchMain() {}

  /** Measures what the settings file says, and writes the report file. */
  public static void main(String[] arguments) throws IOException {
    LOG.setLevel(Level.WARNING);
    ObjectMapper json = BenchProcess.JSON;
    BenchSettings settings =
        json.readValue(Files.readAllBytes(Path.of(arguments[0])), BenchSettings.class);
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    int code = 0;
    try {
      BenchReport report =
          Benchmark.run(
              settings,
              new Progress() {
                @Override
                public void say(String line) {
                  System.err.println(line);
                }

                @Override
                public void check() {
                  if (!parent.isAlive()) {
                    throw new Cancelled();
                  }
                }
              });
      Files.write(Path.of(arguments[1]), json.writeValueAsBytes(report));
    } catch (UserError e) {
      System.err.println(BenchProcess.FAILURE + e.getMessage());
      code = 1;
    } catch (Progress.Cancelled e) {
      code = CANCELLED;
    }
    System.exit(code);
  }
}
