package dev.plumbline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.WorkerLauncher;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures in a process of its own, which is started as a worker is: with its memory settings, on
 * which speed depends, and without anything else in it.
 */
public final class BenchProcess {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Begins the line that says why it failed. */
  static final String FAILURE = "failed: ";

  private BenchProcess() {}

  /**
   * Runs a benchmark and waits for it.
   *
   * @param progress hears what is being measured, line by line
   * @throws UserError where it fails
   */
  public static BenchReport run(BenchSettings settings, Consumer<String> progress) {
    try {
      Path directory = Files.createTempDirectory("plumbline-bench");
      Path asked = directory.resolve("settings.json");
      Path report = directory.resolve("report.json");
      try {
        Files.write(asked, JSON.writeValueAsBytes(settings));
        String failure = follow(asked, report, progress);
        if (!Files.exists(report)) {
          throw new UserError(failure);
        }
        return JSON.readValue(Files.readAllBytes(report), BenchReport.class);
      } finally {
        Files.deleteIfExists(asked);
        Files.deleteIfExists(report);
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new UserError(
          "the benchmark's own files cannot be written: " + e.getMessage() + "; check free space",
          e);
    }
  }

  /** Passes on what the process says; returns what is to be said where it left no report. */
  private static String follow(Path asked, Path report, Consumer<String> progress)
      throws IOException {
    WorkerLauncher launcher =
        new WorkerLauncher("dev.plumbline.bench.BenchMain", WorkerLauncher.standard().classPath());
    Process process = launcher.attached(List.of(asked.toString(), report.toString()));
    String failure = "";
    String last = "";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
        if (line.startsWith(FAILURE)) {
          failure = line.substring(FAILURE.length());
        } else {
          progress.accept(line);
        }
      }
      int code = process.waitFor();
      return failure.isEmpty()
          ? "the measuring process ended with code %d after: %s".formatted(code, last)
          : failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } finally {
      process.destroy();
    }
  }
}
