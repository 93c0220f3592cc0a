package dev.plumbline.app.cli;

import dev.plumbline.data.UserError;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Parses the command line and turns outcomes into exit codes: 0 done, 1 failed with one clear line,
 * 2 wrong usage.
 */
public final class CommandLineEntry {
  private static final Logger LOG = LoggerFactory.getLogger(CommandLineEntry.class);

  /** Done. */
  public static final int OK = 0;

  /** Failed; one line on standard error says why and what to do. */
  public static final int FAILED = 1;

  /** Wrong usage. */
  public static final int USAGE = 2;

  private CommandLineEntry() {}

  /** Runs one command line on the process's own streams and returns its exit code. */
  public static int run(String... args) {
    Logging.quiet();
    return run(
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            false,
            StandardCharsets.UTF_8),
        System.err,
        args);
  }

  /** Runs one command line with the given streams and returns its exit code. */
  public static int run(PrintStream out, PrintStream err, String... args) {
    Output output = new Output(out, err);
    CommandLine line = new CommandLine(new PlumblineCommand(output));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(false);
    line.setExecutionExceptionHandler((failure, command, parsed) -> report(output, failure));
    line.setParameterExceptionHandler(
        (wrong, given) -> {
          output.error(firstLine(wrong.getMessage()));
          output.error(
              "try: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
          return USAGE;
        });
    int code = line.execute(args);
    out.flush();
    return code;
  }

  private static int report(Output output, Exception failure) {
    if (failure instanceof UserError) {
      output.error(firstLine(failure.getMessage()));
    } else {
      String message = failure.getMessage();
      output.error(
          "unexpected "
              + failure.getClass().getSimpleName()
              + (message == null ? "" : ": " + firstLine(message))
              + " (PLUMBLINE_DEBUG=1 shows where)");
      if (System.getenv("PLUMBLINE_DEBUG") != null) {
        failure.printStackTrace(output.err());
      }
    }
    LOG.debug("command failed", failure);
    return FAILED;
  }

  private static String firstLine(@org.jspecify.annotations.Nullable String message) {
    if (message == null) {
      return "unknown failure";
    }
    return message.lines().findFirst().orElse("").strip();
  }
}
