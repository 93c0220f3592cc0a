package dev.plumbline.diagnosis;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.experiment.WorkerLauncher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the self-test on a device in a process started as workers are. */
final class SelfTestProcess {
  private static final Logger LOG = LoggerFactory.getLogger(SelfTestProcess.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The first start unpacks some hundred megabytes, and CUDA may compile its kernels. */
  private static final long PATIENCE_SECONDS = 300;

  private final WorkerLauncher launcher;

  SelfTestProcess(WorkerLauncher launcher) {
    this.launcher = launcher;
  }

  /**
   * What the process said.
   *
   * @param answers known answers, in the order in which they were found
   * @param facts what it told of itself, by name
   * @param failure why it did not come to an end, in one line; empty where it did
   */
  record Outcome(List<KnownAnswer> answers, Map<String, String> facts, String failure) {}

  /**
   * Tests a device.
   *
   * @throws CancellationException where the thread was interrupted; the process is ended
   */
  Outcome run(DeviceChoice device) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("plumbline-self-test-");
      Path output = folder.resolve("output.txt");
      Process process =
          launcher
              .running(SelfTestMain.class.getName())
              .on(device)
              .launch(List.of(folder.toString()), output);
      try {
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        String said = Files.readString(output, StandardCharsets.UTF_8);
        return ended
            ? read(said, process.exitValue())
            : read(said, "it did not end within " + PATIENCE_SECONDS + " s");
      } finally {
        process.destroyForcibly();
      }
    } catch (UserError e) {
      return new Outcome(List.of(), Map.of(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Outcome(List.of(), Map.of(), "its folder cannot be written: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("cancelled");
    } finally {
      if (folder != null) {
        remove(folder);
      }
    }
  }

  /** Reads the output of a process that ended with a code. */
  static Outcome read(String output, int code) {
    // Shells and Java say 128 plus the signal's number for a process that a signal ended.
    return read(
        output,
        switch (code) {
          case 0, 1 -> "";
          case 134, 139 -> "the native library crashed (signal " + (code - 128) + ")";
          case 137 -> "it was killed (signal 9); as a rule for want of memory";
          default -> "it ended with code " + code;
        });
  }

  private static Outcome read(String output, String end) {
    List<KnownAnswer> answers = new ArrayList<>();
    Map<String, String> facts = new LinkedHashMap<>();
    String failure = end;
    boolean complete = false;
    for (String line : output.lines().toList()) {
      if (!line.startsWith(SelfTestMain.SAYS)) {
        continue;
      }
      try {
        SelfTestMain.Line said =
            JSON.readValue(line.substring(SelfTestMain.SAYS.length()), SelfTestMain.Line.class);
        if (!said.failure().isEmpty()) {
          failure = said.failure();
        } else if (!said.name().isEmpty()) {
          answers.add(said.answer());
          complete = answers.size() == 6;
        } else if (!said.fact().isEmpty()) {
          facts.put(said.fact(), said.value());
        }
      } catch (IOException e) {
        LOG.debug("a torn line of the self-test: {}", line);
      }
    }
    if (failure.isEmpty() && !complete) {
      failure = "it ended early, after " + answers.size() + " of 6 answers";
    }
    return new Outcome(List.copyOf(answers), Map.copyOf(facts), failure);
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.info("{} could not be removed: {}", folder, e.getMessage());
    }
  }
}
