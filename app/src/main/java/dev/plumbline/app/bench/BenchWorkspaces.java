package dev.plumbline.app.bench;

import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Workspaces with invented runs, written as workers write them and taken up as ever. */
final class BenchWorkspaces {
  private static final String[] SETTINGS = {
    "lambda_kl", "learning_rate", "temperature", "clip_range", "gamma", "gae_lambda"
  };

  private BenchWorkspaces() {}

  /**
   * Writes the runs that are not there yet.
   *
   * @return seconds that taking them up took; 0 where they were there
   */
  static double make(Path directory, int runs, int curves, int points) {
    Path done = directory.resolve("made-" + runs + "-" + curves + "-" + points);
    if (Files.exists(done)) {
      return 0;
    }
    try {
      for (int i = 0; i < runs; i++) {
        write(directory, i, curves, points);
      }
      long start = System.nanoTime();
      try (Workspace workspace = Workspace.open(directory)) {
        workspace.ingest();
      }
      Files.createFile(done);
      return (System.nanoTime() - start) * 1e-9;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path directory, int number, int curves, int points) throws IOException {
    Path run = directory.resolve("runs").resolve("policy-%05d".formatted(number));
    if (Files.exists(run.resolve("spec.json"))) {
      return;
    }
    Files.createDirectories(run);
    Random random = new Random(number);
    StringBuilder settings = new StringBuilder();
    for (String key : SETTINGS) {
      settings.append(", \"%s\": %s".formatted(key, (1 + random.nextInt(9)) / 10.0));
    }
    try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
      journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
      double[] level = new double[curves];
      for (int step = 1; step <= points; step++) {
        Map<String, Double> values = new TreeMap<>();
        for (int k = 0; k < curves; k++) {
          level[k] += 0.05 * random.nextGaussian();
          values.put("m" + k, level[k] + 0.1 * random.nextGaussian());
        }
        journal.append(
            new JournalEvent.Metrics(step, step * 64L, step * 1800L, step * 1.5, values));
      }
      journal.append(
          new JournalEvent.State(
              number % 4 == 0 ? RunState.FAILED : RunState.FINISHED, points, ""));
    }
    // At last: a run that was cut in the writing is written again.
    Files.writeString(
        run.resolve("spec.json"),
        """
        {"name": "policy-%d", "seed": %d, "tags": ["%s"], "notes": "",
         "rlhf": {"policy": "/b", "reward": {"preference_model": "/m"}, "prompts": ["/p"]%s},
         "created": "2026-11-01T12:00:00.%03dZ", "resolved": true, "spec_hash": "h", "inputs": []}
        """
            .formatted(
                number, number % 5, number % 3 == 0 ? "demo" : "scan", settings, number % 1000));
  }
}
