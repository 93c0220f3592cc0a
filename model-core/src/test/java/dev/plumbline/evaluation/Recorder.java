package dev.plumbline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Command;
import dev.plumbline.training.Controls;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Keeps the tables and states; asks to stop after some progress where told to. */
final class Recorder implements RunListener, Controls {
  final Map<String, ResultTable> tables = new LinkedHashMap<>();
  final List<String> states = new ArrayList<>();
  final List<String> notices = new ArrayList<>();
  private final long stopAfter;
  private long done;

  Recorder(long stopAfter) {
    this.stopAfter = stopAfter;
  }

  ResultTable get(String name) {
    return Objects.requireNonNull(tables.get(name), name);
  }

  @Override
  public void state(RunState state, long step, String detail) {
    states.add(state + (state == RunState.FAILED ? " " + detail : ""));
  }

  @Override
  public void device(String name, int threads) {}

  @Override
  public void progress(long step, long total, double secondsLeft, String phase) {
    assertThat(step).isBetween(done, total);
    done = step;
  }

  @Override
  public void metrics(
      long step, long samples, long tokens, double seconds, Map<String, Double> values) {}

  @Override
  public void sample(ResponseSample sample) {}

  @Override
  public void checkpoint(long step, Path place) {}

  @Override
  public void table(long step, ResultTable table) {
    tables.put(table.name(), table);
  }

  @Override
  public void notice(long step, String text) {
    notices.add(text);
  }

  @Override
  public void rolledBack(long step, String reason) {}

  @Override
  public void steered(long step, String parameter, double from, double to) {}

  @Override
  public List<Command> poll() {
    return done > stopAfter ? List.of(new Command.Stop()) : List.of();
  }

  @Override
  public List<Command> await(Duration limit) {
    return poll();
  }

  /** Runs a measurement to its end. */
  static Recorder finished(MeasurementSettings settings, Path place, TorchRuntime runtime) {
    Recorder recorder = new Recorder(Long.MAX_VALUE);
    assertThat(MeasurementRunner.run(settings, 3, place, recorder, recorder, runtime))
        .as("%s", recorder.states)
        .isEqualTo(RunState.FINISHED);
    return recorder;
  }

  /** Runs one that is to fail; what it said. */
  static String failed(MeasurementSettings settings, Path place, TorchRuntime runtime) {
    Recorder recorder = new Recorder(Long.MAX_VALUE);
    assertThat(MeasurementRunner.run(settings, 3, place, recorder, recorder, runtime))
        .isEqualTo(RunState.FAILED);
    return recorder.states.getLast();
  }
}
