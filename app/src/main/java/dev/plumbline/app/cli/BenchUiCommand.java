package dev.plumbline.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.bench.BenchReport;
import dev.plumbline.data.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline bench ui}: how fast the workbench is on this machine. */
@Command(
    name = "ui",
    description = {
      "Measure the workbench on this machine, without a display, each number beside its goal.",
      "Other work on the machine disturbs what is measured by the wall clock; processor times stand"
          + " beside it."
    },
    mixinStandardHelpOptions = true)
final class BenchUiCommand implements Callable<Integer> {
  private static final String MAIN = "dev.plumbline.app.bench.UiBench";

  @ParentCommand BenchCommand bench = new BenchCommand();

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "Where the invented workspaces are kept, so that a second call makes no new ones"
              + " (default: a temporary one)")
  @Nullable Path directory;

  @Option(names = "--quick", description = "A tenth of the points and runs, rougher numbers")
  boolean quick;

  @Option(names = "--json", description = "The same numbers as JSON on standard output")
  boolean json;

  @Override
  public Integer call() {
    Output output = bench.root.output();
    BenchReport report;
    try {
      Path place = directory == null ? Files.createTempDirectory("plumbline-bench-ui") : directory;
      Files.createDirectories(place);
      report = run(output, place);
    } catch (IOException e) {
      throw new UserError(
          "the benchmark's own files cannot be written: " + e.getMessage() + "; check free space",
          e);
    }
    if (json) {
      output.json(report);
    } else {
      report.lines().forEach(line -> output.line("%s", line));
    }
    return CommandLineEntry.OK;
  }

  private BenchReport run(Output output, Path place) throws IOException {
    Path report = Files.createTempFile("plumbline-bench-ui", ".json");
    Process process = new ProcessBuilder(command(place, report)).redirectErrorStream(true).start();
    String last = "";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
        output.progress(line);
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new UserError("the measuring process ended with code " + code + " after: " + last);
      }
      return new ObjectMapper().readValue(report.toFile(), BenchReport.class);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted");
    } finally {
      process.destroy();
      Files.deleteIfExists(report);
    }
  }

  /** As the window is started, but on the headless platform. */
  private List<String> command(Path place, Path report) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Djava.awt.headless=true",
            "-Dglass.platform=Headless",
            "-Dprism.order=sw"));
    String image = System.getProperty("plumbline.image");
    if (image != null && Files.isDirectory(Path.of(image, "lib", "javafx"))) {
      command.addAll(
          List.of(
              "--module-path",
              Path.of(image, "lib", "javafx").toString(),
              "--add-modules",
              "javafx.controls,javafx.graphics",
              "--enable-native-access=javafx.graphics"));
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            MAIN,
            place.toAbsolutePath().toString(),
            report.toString(),
            quick ? "quick" : "full"));
    return command;
  }
}
