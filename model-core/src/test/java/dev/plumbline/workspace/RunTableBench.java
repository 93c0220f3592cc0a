package dev.plumbline.workspace;

import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Measures what a key stroke in the filter of the table of runs costs: {@code RunTableBench
 * DIRECTORY RUNS}. It is no test; the directory keeps the runs, so that a second call measures the
 * same. Each run has 12 settings and 40 curves of 20 points.
 */
public final class RunTableBench {
  private static final List<String> SETTINGS =
      List.of(
          "lambda_kl",
          "learning_rate",
          "temperature",
          "clip_range",
          "value_clip_range",
          "value_coefficient",
          "gamma",
          "gae_lambda",
          "max_gradient_norm");
  private static final int CURVES = 40;
  private static final int STEPS = 20;
  private static final int REPEATS = 21;
  private static final int PAGE = 100;

  private RunTableBench() {}

  /** Writes the runs where they are not there, ingests them, and asks. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    int runs = Integer.parseInt(arguments[1]);
    try (Workspace workspace = Workspace.open(directory)) {
      write(directory, runs);
      long start = System.nanoTime();
      long startCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      workspace.ingest();
      System.out.printf(
          "ingest of what was new: %.1f s, of the processor %.1f s%n",
          (System.nanoTime() - start) * 1e-9,
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startCpu) * 1e-9);
      RunTable table = workspace.table();
      List<RunField> columns = new ArrayList<>();
      for (String text :
          List.of(
              "m0",
              "m1.best",
              "m2.mean",
              "rlhf.lambda_kl",
              "rlhf.gamma",
              "time",
              "tags",
              "progress")) {
        columns.add(RunField.parse(text).orElseThrow());
      }
      for (String text :
          List.of(
              "",
              "p",
              "policy-77",
              "état",
              "state:finished",
              "tag:demo rlhf.lambda_kl<0.5",
              "m0>1",
              "state:finished tag:demo rlhf.lambda_kl<0.5 m1.best>1 name~\"7\"",
              "(m0>0 or m1>0 or m2.mean>0) -tag:demo rlhf.clip_range:0.5*")) {
        measure("filter " + text, table, RunFilterParser.parse(text).filter(), List.of(), columns);
      }
      for (String text : List.of("name", "m0", "rlhf.lambda_kl")) {
        measure(
            "order by " + text,
            table,
            RunFilter.ALL,
            List.of(new RunQuery.Order(RunField.parse(text).orElseThrow(), true)),
            columns);
      }
      time(
          "groups by rlhf.temperature, 8 columns",
          () -> table.groups(RunQuery.ALL, field("rlhf.temperature"), columns).size());
      time("vocabulary", () -> table.vocabulary().metrics().size());
      time("values of rlhf.lambda_kl", () -> table.values(field("rlhf.lambda_kl"), 30).size());
      time("counts", () -> table.counts().runs());
    }
  }

  private static RunField field(String text) {
    return RunField.parse(text).orElseThrow();
  }

  /** One key stroke: the order of all runs that pass, and the first page of them. */
  private static void measure(
      String name,
      RunTable table,
      RunFilter filter,
      List<RunQuery.Order> order,
      List<RunField> columns) {
    time(
        name,
        () -> {
          List<RunKey> found = table.find(new RunQuery(RunQuery.Scope.RUNS, filter, order));
          table.lines(found.subList(0, Math.min(PAGE, found.size())), columns);
          return found.size();
        });
  }

  private interface Task {
    int run();
  }

  private static void time(String name, Task task) {
    double[] millis = new double[REPEATS];
    double[] cpu = new double[REPEATS];
    int found = 0;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      long startCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      found = task.run();
      millis[i] = (System.nanoTime() - start) * 1e-6;
      cpu[i] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startCpu) * 1e-6;
    }
    double first = millis[0];
    Arrays.sort(millis);
    Arrays.sort(cpu);
    System.out.printf(
        "%-70s %6d  first %6.1f ms, median %6.1f ms, most %6.1f ms; CPU median %6.1f ms%n",
        name, found, first, millis[REPEATS / 2], millis[REPEATS - 1], cpu[REPEATS / 2]);
  }

  private static void write(Path directory, int runs) throws IOException {
    for (int i = 0; i < runs; i++) {
      Path run = directory.resolve("runs").resolve("policy-%05d".formatted(i));
      if (Files.exists(run)) {
        continue;
      }
      Random random = new Random(i);
      Files.createDirectories(run);
      StringBuilder settings = new StringBuilder();
      for (String key : SETTINGS) {
        settings.append(", \"%s\": %s".formatted(key, (1 + random.nextInt(9)) / 10.0));
      }
      Files.writeString(
          run.resolve("spec.json"),
          """
          {"name": "policy-%d", "seed": %d, "tags": ["%s"], "notes": "",
           "rlhf": {"policy": "/b", "reward": {"preference_model": "/m"}, "prompts": ["/p"]},
           "created": "2026-11-01T12:00:00.%03dZ", "resolved": true, "spec_hash": "h", "inputs": []}
          """
              .formatted(i, i % 5, i % 3 == 0 ? "demo" : "scan", i % 1000));
      try (JournalWriter journal = JournalWriter.open(run.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
        for (int step = 1; step <= STEPS; step++) {
          Map<String, Double> values = new TreeMap<>();
          IntStream.range(0, CURVES).forEach(k -> values.put("m" + k, random.nextGaussian()));
          journal.append(new JournalEvent.Metrics(step, step, step, step, values));
        }
        journal.append(
            new JournalEvent.State(i % 4 == 0 ? RunState.FAILED : RunState.FINISHED, STEPS, ""));
      }
      Files.writeString(
          run.resolve("spec.json"),
          Files.readString(run.resolve("spec.json")).replace("[\"/p\"]", "[\"/p\"]" + settings));
    }
  }
}
