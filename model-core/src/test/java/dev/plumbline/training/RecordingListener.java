package dev.plumbline.training;

import dev.plumbline.analysis.ResultTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Keeps what a run says. */
class RecordingListener implements RunListener {
  private static final Set<String> CLOCK_AND_MEMORY =
      Set.of(
          Metrics.STEP_SECONDS,
          Metrics.TOKENS_PER_SECOND,
          Metrics.MEMORY_MB,
          Metrics.GENERATE_SECONDS,
          Metrics.SCORE_SECONDS,
          Metrics.TRAIN_SECONDS);

  final List<String> events = new ArrayList<>();
  final Map<Long, Map<String, Double>> metrics = new LinkedHashMap<>();
  final List<ResponseSample> samples = new ArrayList<>();
  final List<Path> checkpoints = new ArrayList<>();
  final Map<String, ResultTable> tables = new LinkedHashMap<>();
  final Set<String> names = new TreeSet<>();
  String detail = "";

  /** A listener for the run's second part; what it hears comes to this one's metrics. */
  RecordingListener resumed() {
    RecordingListener first = this;
    return new RecordingListener() {
      @Override
      public void metrics(
          long step, long samplesSeen, long tokens, double seconds, Map<String, Double> values) {
        super.metrics(step, samplesSeen, tokens, seconds, values);
        first.metrics.put(step, metrics.getOrDefault(step, Map.of()));
      }
    };
  }

  @Override
  public void state(RunState state, long step, String reason) {
    events.add(state + "@" + step);
    detail = reason;
  }

  @Override
  public void table(long step, ResultTable table) {
    events.add("table " + table.name() + "@" + step);
    tables.put(table.name(), table);
  }

  @Override
  public void device(String name, int threads) {
    events.add(name + " " + threads);
  }

  @Override
  public void progress(long step, long totalSteps, double secondsLeft, String phase) {
    events.add("progress@" + step + "/" + totalSteps);
  }

  @Override
  public void metrics(
      long step, long samplesSeen, long tokens, double activeSeconds, Map<String, Double> values) {
    names.addAll(values.keySet());
    Map<String, Double> all = metrics.computeIfAbsent(step, key -> new LinkedHashMap<>());
    values.forEach(
        (name, value) -> {
          if (!CLOCK_AND_MEMORY.contains(name)) {
            all.put(name, value);
          }
        });
    all.put("samples seen", (double) samplesSeen);
    all.put("tokens seen", (double) tokens);
    events.add("metrics@" + step);
  }

  @Override
  public void sample(ResponseSample sample) {
    samples.add(sample);
  }

  @Override
  public void checkpoint(long step, Path directory) {
    checkpoints.add(directory);
    events.add("checkpoint@" + step);
  }

  @Override
  public void notice(long step, String text) {
    events.add("notice@" + step + " " + text);
  }

  @Override
  public void rolledBack(long step, String reason) {
    events.add("back@" + step + " " + reason);
  }

  @Override
  public void steered(long step, String parameter, double from, double to) {
    events.add("steered@" + step + " " + parameter + " " + from + "->" + to);
  }
}
