package dev.plumbline.app.cli;

import dev.plumbline.evaluation.PreferenceEvaluation;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.HeldOutMean;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline pm}: measures preference models. */
@Command(
    name = "pm",
    description = "Measure preference models.",
    mixinStandardHelpOptions = true,
    subcommands = PreferenceModelCommand.Evaluate.class)
final class PreferenceModelCommand extends Group {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Override
  Output output() {
    return root.output();
  }

  /** {@code plumbline pm evaluate}. */
  @Command(
      name = "evaluate",
      description = "Accuracy of a preference model on comparisons, beside the length rule.",
      mixinStandardHelpOptions = true)
  static final class Evaluate implements Callable<Integer> {
    @ParentCommand PreferenceModelCommand parent = new PreferenceModelCommand();
    @Mixin ModelOption model = new ModelOption();

    @Option(
        names = "--data",
        paramLabel = "FILE",
        required = true,
        description = "Comparisons, JSON Lines, .gz or not")
    Path data = Path.of("");

    @Option(names = "--json", description = "The measurement as JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      Output output = parent.output();
      try (TorchRuntime runtime =
          TorchRuntime.start(model.threads, model.device(), output::progress)) {
        PreferenceEvaluation evaluation = PreferenceEvaluation.of(runtime, model.directory(), data);
        if (json) {
          output.json(evaluation);
        } else {
          output.line(
              "accuracy %.4f (95 %% Wilson interval %.4f to %.4f, n = %,d), loss %.4f nats/pair",
              evaluation.accuracy(),
              evaluation.low(),
              evaluation.high(),
              evaluation.n(),
              evaluation.loss());
          output.line(
              "length rule (shorter/longer): %.4f/%.4f, chance 0.5",
              evaluation.lengthBaseline(), evaluation.longerBaseline());
          HeldOutMean mean = evaluation.heldOutMean();
          if (mean == null) {
            output.line("mean score %.4f nats", evaluation.meanScore());
          } else {
            output.line(
                "mean score %.4f nats, %.4f less the mean on held-out set %s (%s, n = %,d)",
                evaluation.meanScore(),
                evaluation.meanScore() - mean.mean(),
                mean.set(),
                mean.name(),
                mean.n());
          }
          if (evaluation.leftOut() > 0) {
            output.note(
                "left out: %,d comparisons whose prompts are unequal", evaluation.leftOut());
          }
        }
        return CommandLineEntry.OK;
      }
    }
  }
}
