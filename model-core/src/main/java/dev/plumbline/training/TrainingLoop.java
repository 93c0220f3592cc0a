package dev.plumbline.training;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every algorithm shares: the order of steps, measurements and checkpoints; pause, single
 * step, stop and steering between steps; progress and its estimate.
 *
 * <p>At each number of steps done the order is: measure, write a checkpoint if one is due, obey
 * commands, step. A checkpoint therefore stands at a point where all values up to its step have
 * been reported.
 */
public final class TrainingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int ESTIMATE_STEPS = 32;

  private final TrainingStage stage;
  private final Checkpoints checkpoints;
  private final long seed;
  private final String settings;
  private final int checkpointEvery;
  private final RunListener listener;
  private final Controls controls;
  private final Watchdog watchdog;
  private final WatchdogSettings rules;
  private final LongSupplier nanoTime;
  private DeviceMetrics device = DeviceMetrics.NONE;

  private int rollBacks;
  private Optional<Anomaly> seen = Optional.empty();
  private long done;
  private boolean measured;
  private long samples;
  private long tokens;
  private double activeSeconds;
  private boolean paused;
  private final List<Command> pending = new ArrayList<>();
  private final List<Map.Entry<Long, Command.Steer>> steered = new ArrayList<>();
  private long lastCheckpoint = -1;
  private final Deque<Double> recentSeconds = new ArrayDeque<>();

  /**
   * A loop over one stage.
   *
   * @param seed the run's seed
   * @param settings hash of the stage's settings and seed; a checkpoint with another is refused
   * @param checkpointEvery steps between checkpoints; zero or less means only at the end
   * @param watchdog what is done where the numbers go wrong
   */
  public TrainingLoop(
      TrainingStage stage,
      Path runDirectory,
      long seed,
      String settings,
      int checkpointEvery,
      WatchdogSettings watchdog,
      RunListener listener,
      Controls controls) {
    this(
        stage,
        runDirectory,
        seed,
        settings,
        checkpointEvery,
        watchdog,
        listener,
        controls,
        System::nanoTime);
  }

  TrainingLoop(
      TrainingStage stage,
      Path runDirectory,
      long seed,
      String settings,
      int checkpointEvery,
      WatchdogSettings watchdog,
      RunListener listener,
      Controls controls,
      LongSupplier nanoTime) {
    this.stage = stage;
    this.checkpoints = new Checkpoints(runDirectory);
    this.seed = seed;
    this.settings = settings;
    this.checkpointEvery = checkpointEvery;
    this.listener = listener;
    this.controls = controls;
    this.watchdog = new Watchdog(watchdog);
    this.rules = watchdog;
    this.nanoTime = nanoTime;
  }

  /** Has what the run's device tells of itself reported beside every step's metrics. */
  void report(DeviceMetrics metrics) {
    device = metrics;
  }

  /** Steps done so far. */
  public long done() {
    return done;
  }

  /**
   * Runs the stage to its end, or until someone stops it.
   *
   * @param resumeFrom a checkpoint directory to go on from, or null to start at step 0
   * @return {@link RunState#FINISHED} or {@link RunState#STOPPED}; the listener has been told
   */
  public RunState run(@Nullable Path resumeFrom) {
    checkpoints.removeLeftovers();
    if (resumeFrom != null) {
      restore(resumeFrom);
    }
    long total = stage.totalSteps();
    listener.state(RunState.RUNNING, done, "");
    listener.progress(done, total, Double.NaN, stage.phase());
    while (true) {
      try {
        if (seen.isPresent()) {
          Anomaly anomaly = seen.get();
          seen = Optional.empty();
          act(anomaly);
          continue; // perhaps at another step
        }
        if (!measured) {
          measure();
          continue; // what was measured may be an anomaly
        }
        boolean due = done > 0 && (done == total || (checkpointIsDue() && !watchdog.suspects()));
        if (due && lastCheckpoint != done) {
          checkpoint();
        }
        if (done >= total) {
          listener.progress(done, total, 0, stage.phase());
          listener.state(RunState.FINISHED, done, "");
          return RunState.FINISHED;
        }
        if (!obey()) {
          return stopped();
        }
        step(total);
      } catch (TrainingStage.Abandoned e) {
        // The stop command that caused it waits to be obeyed.
        if (!obey()) {
          return stopped();
        }
      } catch (Anomaly e) {
        act(e);
      }
    }
  }

  /**
   * Does about an anomaly what the spec says. After a return the learning rate is lower: the same
   * steps would lead to the same place.
   */
  private void act(Anomaly anomaly) {
    String what = String.valueOf(anomaly.getMessage());
    WatchdogSettings.Action action = watchdog.action(anomaly.kind());
    Optional<Path> checkpoint = sound();
    boolean finite = anomaly.kind() != Anomaly.Kind.NOT_FINITE;
    if (action == WatchdogSettings.Action.WARN && finite) {
      listener.notice(done, what);
    } else if (action == WatchdogSettings.Action.ROLL_BACK
        && checkpoint.isPresent()
        && rollBacks < rules.maxRollBacks()) {
      rollBacks++;
      double rate = stage.steering().value(Steering.LEARNING_RATE);
      restore(checkpoint.get());
      rate = Math.min(rate, stage.steering().value(Steering.LEARNING_RATE)) * rules.rateFactor();
      listener.rolledBack(done, what + "; back at step " + done + " with a lower learning rate");
      steerAgain();
      steer(Steering.LEARNING_RATE, rate);
      // The lower rate has to be in the checkpoint, or a run killed now would take the same way.
      checkpoint();
      checkpoints.removeAfter(done);
    } else {
      throw new UserError(what + "; " + mend(action, checkpoint.isPresent()));
    }
  }

  /**
   * The newest checkpoint at which nothing looked wrong; a stop or a person may have had others
   * written.
   */
  private Optional<Path> sound() {
    for (long step : checkpoints.steps().reversed()) {
      Path checkpoint = checkpoints.place(step);
      if (!watchdog.suspects(Checkpoints.read(checkpoint).watched())) {
        return Optional.of(checkpoint);
      }
    }
    return Optional.empty();
  }

  /** What a person set after the checkpoint stays set; the learning rate has its own rule. */
  private void steerAgain() {
    for (Map.Entry<Long, Command.Steer> entry : steered) {
      Command.Steer steer = entry.getValue();
      if (entry.getKey() >= done
          && !steer.parameter().equals(Steering.LEARNING_RATE)
          && stage.steering().value(steer.parameter()) != steer.value()) {
        steer(steer.parameter(), steer.value());
      }
    }
  }

  private String mend(WatchdogSettings.Action action, boolean checkpoint) {
    return switch (action) {
      case ROLL_BACK ->
          checkpoint
              ? "the run went back %d times and did not get past it; lower learning_rate"
                  .formatted(rollBacks)
              : "there is no checkpoint to go back to yet; lower learning_rate or checkpoint_every";
      case STOP, WARN -> "lower learning_rate and resume from the last checkpoint";
    };
  }

  private RunState stopped() {
    listener.state(RunState.STOPPED, done, "");
    return RunState.STOPPED;
  }

  private void measure() {
    long start = nanoTime.getAsLong();
    stage
        .measure(done, listener, this::abandonIfStopped)
        .ifPresent(report -> report(report, secondsSince(start)));
    measured = true;
  }

  private void step(long total) {
    long start = nanoTime.getAsLong();
    TrainingStage.Report report = stage.step(done, listener, this::abandonIfStopped);
    double seconds = secondsSince(start);
    done++;
    measured = false;
    samples += report.samples();
    tokens += report.tokens();
    report(report, seconds);
    listener.progress(done, total, estimate(seconds, total - done), stage.phase());
  }

  private void abandonIfStopped() {
    pending.addAll(controls.poll());
    if (pending.contains(new Command.Stop())) {
      throw new TrainingStage.Abandoned();
    }
  }

  private boolean checkpointIsDue() {
    return checkpointEvery > 0 && done % checkpointEvery == 0;
  }

  private void report(TrainingStage.Report report, double seconds) {
    activeSeconds += seconds;
    Map<String, Double> values = new LinkedHashMap<>(report.values());
    if (report.tokens() > 0) {
      values.put(Metrics.STEP_SECONDS, seconds);
      values.put(Metrics.TOKENS_PER_SECOND, report.tokens() / seconds);
      values.put(Metrics.MEMORY_MB, residentMegabytes());
      values.putAll(device.values());
    }
    listener.metrics(report.step(), samples, tokens, activeSeconds, values);
    seen = watchdog.look(report.step(), values);
  }

  private double estimate(double seconds, long remaining) {
    recentSeconds.addLast(seconds);
    if (recentSeconds.size() > ESTIMATE_STEPS) {
      recentSeconds.removeFirst();
    }
    double mean = recentSeconds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return mean * remaining;
  }

  /** Obeys what has come; waits while paused. Returns whether to go on with a step. */
  private boolean obey() {
    while (true) {
      List<Command> commands;
      try {
        commands = new ArrayList<>(pending);
        pending.clear();
        commands.addAll(paused && commands.isEmpty() ? controls.await(PATIENCE) : controls.poll());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        commands = List.of(new Command.Stop());
      }
      boolean stepOnce = false;
      for (Command command : commands) {
        switch (command) {
          case Command.Pause() -> pause();
          case Command.Resume() -> {
            if (paused) {
              paused = false;
              listener.state(RunState.RUNNING, done, "");
            }
          }
          case Command.StepOnce() -> {
            pause();
            stepOnce = true;
          }
          case Command.Stop() -> {
            if (lastCheckpoint != done) {
              checkpoint();
            }
            return false;
          }
          case Command.Checkpoint() -> checkpoint();
          case Command.Steer steer -> {
            if (steer(steer.parameter(), steer.value())) {
              steered.add(Map.entry(done, steer));
            }
          }
        }
      }
      if (!paused || stepOnce) {
        return true;
      }
    }
  }

  private void pause() {
    if (!paused) {
      paused = true;
      listener.state(RunState.PAUSED, done, "");
    }
  }

  /** Whether the value was taken. */
  private boolean steer(String parameter, double value) {
    try {
      double before = stage.steering().set(parameter, value);
      listener.steered(done, parameter, before, value);
      lastCheckpoint = -1;
      return true;
    } catch (UserError e) {
      // A mistyped value must not end a run of hours.
      LOG.warn("steering refused at step {}: {}", done, e.getMessage());
      return false;
    }
  }

  private void checkpoint() {
    long start = nanoTime.getAsLong();
    Path directory =
        checkpoints.write(
            new Checkpoints.State(
                stage.getClass().getSimpleName(),
                done,
                measured,
                samples,
                tokens,
                activeSeconds,
                seed,
                settings,
                stage.steering().values(),
                watchdog.state()),
            stage::save);
    activeSeconds += secondsSince(start);
    lastCheckpoint = done;
    listener.checkpoint(done, directory);
  }

  private void restore(Path checkpoint) {
    Checkpoints.State state = Checkpoints.read(checkpoint);
    if (!state.stage().equals(stage.getClass().getSimpleName())
        || !state.settings().equals(settings)) {
      throw new UserError(
          "%s was written by a run with other settings; resume it with its own spec.json"
              .formatted(checkpoint));
    }
    try {
      stage.restore(checkpoint);
    } catch (IOException e) {
      throw new UserError(
          "%s cannot be read: %s; resume from another".formatted(checkpoint, e.getMessage()), e);
    }
    stage.steering().restore(state.steered());
    watchdog.restore(state.watched());
    done = state.step();
    lastCheckpoint = done;
    measured = state.measured();
    samples = state.samples();
    tokens = state.tokens();
    activeSeconds = state.activeSeconds();
  }

  private double secondsSince(long start) {
    return Math.max(1, nanoTime.getAsLong() - start) * 1e-9;
  }

  /** Resident memory in 10^6 bytes; NaN where the system does not tell. */
  private static double residentMegabytes() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return Double.NaN;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
