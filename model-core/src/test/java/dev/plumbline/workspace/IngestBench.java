package dev.plumbline.workspace;

import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Measures the first ingest of many runs: {@code IngestBench DIRECTORY RUNS STEPS}. It is no test;
 * the directory keeps the runs, so that a second call measures the same.
 */
public final class IngestBench {
  private static final int VALUES_A_STEP = 15;
  private static final int SAMPLES_EVERY = 10;
  private static final int SAMPLES = 8;

  private IngestBench() {}

  /** Writes the runs where they are not there, then ingests them into a fresh database. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    int runs = Integer.parseInt(arguments[1]);
    int steps = Integer.parseInt(arguments[2]);
    for (int i = 0; i < runs; i++) {
      String id = "run-%05d-%d".formatted(i, steps);
      if (!Files.exists(directory.resolve("runs").resolve(id))) {
        RunFixture.run(directory, id, events(new Random(i), steps));
      }
    }
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(directory.resolve("workspace.db" + suffix));
    }
    try (Workspace workspace = Workspace.open(directory)) {
      long start = System.nanoTime();
      long cpu = cpuNanos();
      long events = workspace.ingest().events();
      System.out.printf(
          "%d runs, %d events: %.2f s, %.2f s of this thread's CPU time%n",
          runs, events, (System.nanoTime() - start) * 1e-9, (cpuNanos() - cpu) * 1e-9);
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static List<JournalEvent> events(Random random, int steps) {
    List<JournalEvent> events = new ArrayList<>();
    events.add(new JournalEvent.State(RunState.RUNNING, 0, ""));
    for (long step = 1; step <= steps; step++) {
      Map<String, Double> values = new TreeMap<>();
      IntStream.range(0, VALUES_A_STEP).forEach(i -> values.put("m" + i, random.nextGaussian()));
      events.add(new JournalEvent.Metrics(step, step * 64, step * 2048, step * 0.37, values));
      events.add(new JournalEvent.Progress(step, steps, (steps - step) * 0.37, "PPO"));
      for (int i = 0; step % SAMPLES_EVERY == 0 && i < SAMPLES; i++) {
        events.add(
            new JournalEvent.Sample(
                new ResponseSample(
                    step, i, "p".repeat(80), "r".repeat(120), 0.5, -31, -32, 30, true)));
      }
    }
    events.add(new JournalEvent.Checkpoint(steps, "checkpoints/" + steps));
    events.add(new JournalEvent.State(RunState.FINISHED, steps, ""));
    return events;
  }
}
