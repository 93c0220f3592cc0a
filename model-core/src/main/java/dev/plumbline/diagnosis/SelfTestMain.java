package dev.plumbline.diagnosis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.torch.TorchRuntime;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The self-test's process: {@code SelfTestMain FOLDER}; a native crash ends it and nothing else.
 */
public final class SelfTestMain {
  /** What the lines begin with that are meant for {@link SelfTestProcess}. */
  static final String SAYS = "@plumbline ";

  private static final ObjectMapper JSON = new ObjectMapper();

  private SelfTestMain() {}

  /**
   * One line of the process's output.
   *
   * @param fact name of a fact that {@code value} tells; empty for an answer or a failure
   * @param failure why the test could not go on; empty where it did
   */
  record Line(
      String fact,
      String value,
      String failure,
      String name,
      String expected,
      String found,
      double error,
      double tolerance) {
    static Line fact(String name, String value) {
      return new Line(name, value, "", "", "", "", 0, 0);
    }

    static Line failure(String cause) {
      return new Line("", "", cause, "", "", "", 0, 0);
    }

    static Line of(KnownAnswer a) {
      return new Line("", "", "", a.name(), a.expected(), a.found(), a.error(), a.tolerance());
    }

    KnownAnswer answer() {
      return new KnownAnswer(name, expected, found, error, tolerance);
    }
  }

  /** Tests the device of {@value DeviceChoice#PROPERTY}. */
  public static void main(String[] arguments) {
    int code = 0;
    try {
      say(Line.of(SelfTest.tokenizer()));
      try (TorchRuntime runtime =
          TorchRuntime.start(0, DeviceChoice.ofProcess(), line -> say(Line.fact("", line)))) {
        say(Line.fact("libtorch", runtime.version()));
        say(Line.fact("natives", TorchRuntime.libraryFolder()));
        say(Line.fact("threads", Integer.toString(runtime.threads())));
        new SelfTest(runtime, answer -> say(Line.of(answer))).run(Path.of(arguments[0]));
      }
    } catch (UserError e) {
      say(Line.failure(String.valueOf(e.getMessage())));
      code = 1;
    } catch (RuntimeException | LinkageError e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      say(Line.failure(e.getClass().getSimpleName() + ": " + message));
      code = 1;
    }
    System.exit(code);
  }

  private static void say(Line line) {
    PrintStream out = System.out;
    try {
      out.println(SAYS + JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    out.flush();
  }
}
