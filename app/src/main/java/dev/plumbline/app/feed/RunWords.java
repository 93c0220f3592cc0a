package dev.plumbline.app.feed;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.RunRow;

/** How runs, states and happenings are called. */
public final class RunWords {
  private RunWords() {}

  /** A stage's name for people. */
  public static String stage(String stage) {
    return switch (stage) {
      case "pretraining" -> Strings.text("stage.pretraining");
      case "context_distillation" -> Strings.text("stage.context_distillation");
      case "preference" -> Strings.text("stage.preference");
      case "rlhf" -> Strings.text("stage.rlhf");
      default -> stage;
    };
  }

  /** A state's name for people. */
  public static String state(RunState state) {
    return switch (state) {
      case QUEUED -> Strings.text("state.queued");
      case STARTING -> Strings.text("state.starting");
      case RUNNING -> Strings.text("state.running");
      case PAUSED -> Strings.text("state.paused");
      case STOPPED -> Strings.text("state.stopped");
      case FINISHED -> Strings.text("state.finished");
      case FAILED -> Strings.text("state.failed");
      case LOST -> Strings.text("state.lost");
    };
  }

  /** The style class of a state's pill. */
  public static String pill(RunState state) {
    return switch (state) {
      case STARTING, RUNNING -> "pill-running";
      case PAUSED, LOST -> "pill-paused";
      case FAILED -> "pill-failed";
      case QUEUED, STOPPED, FINISHED -> "pill-quiet";
    };
  }

  /** How far a run is: {@code 186 / 300}. */
  public static String progress(RunRow run) {
    return run.totalSteps() > 0
        ? Numbers.whole(run.step()) + " / " + Numbers.whole(run.totalSteps())
        : run.step() > 0 ? Numbers.whole(run.step()) : Numbers.NONE;
  }

  /** How far a run is, 0 to 1; negative while unknown. */
  public static double fraction(RunRow run) {
    return run.totalSteps() > 0 ? Math.clamp((double) run.step() / run.totalSteps(), 0, 1) : -1;
  }

  /** The last value of a metric, NaN where it was never measured. */
  public static double last(RunRow run, String metric) {
    return run.last().getOrDefault(metric, Double.NaN);
  }

  /** Held-out accuracy with half its interval: {@code 0.742 ± 0.014}. */
  public static String accuracy(RunRow run) {
    double value = last(run, Metrics.EVAL_ACCURACY);
    double half =
        (last(run, Metrics.EVAL_ACCURACY_HIGH) - last(run, Metrics.EVAL_ACCURACY_LOW)) / 2;
    return Double.isFinite(half)
        ? Numbers.fixed(value, 3) + " ± " + Numbers.fixed(half, 3)
        : Numbers.fixed(value, 3);
  }

  /** What a run's worker computes on: {@code CPU · 2 threads}; empty while unknown. */
  public static String device(RunRow run) {
    if (run.device().isEmpty()) {
      return "";
    }
    String name =
        run.device().replace("cuda:", "GPU ").replace("mps", "Apple GPU").replace("cpu", "CPU");
    return run.threads() > 0 ? Strings.text("run.device", name, run.threads()) : name;
  }

  /** A hyper-parameter's name for people. */
  public static String parameter(String name) {
    return switch (name) {
      case "lambda_kl" -> Strings.text("parameter.lambda_kl");
      case "learning_rate" -> Strings.text("parameter.learning_rate");
      case "temperature" -> Strings.text("parameter.temperature");
      default -> name;
    };
  }

  /** A happening in a few words: {@code λ_KL 0.002 → 0.001}. */
  public static String mark(MarkRow mark) {
    return mark.kind() == MarkRow.Kind.STEERED
        ? "%s %s → %s"
            .formatted(
                parameter(mark.parameter()),
                Numbers.shortest(mark.from()),
                Numbers.shortest(mark.to()))
        : mark.label();
  }

  /** The same for a chart: of a notice what it is, without the numbers. */
  public static String shortMark(MarkRow mark) {
    return mark.kind() == MarkRow.Kind.NOTICE
        ? mark.label().replaceFirst(" (with \\d|at step).*|[:;].*", "")
        : mark(mark);
  }
}
