package dev.plumbline.app.cli;

import dev.plumbline.evaluation.TextScoring;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.torch.TorchRuntime;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline score}: log-probabilities of a text. */
@Command(
    name = "score",
    description = "Log-probabilities of a text's tokens under a language model, in nats.",
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;
  @Mixin ModelOption model = new ModelOption();

  @Option(names = "--text", paramLabel = "T", required = true, description = "The text")
  String text = "";

  @Option(names = "--json", description = "Tokens and log-probabilities as JSON")
  boolean json;

  /** The scores as scripts read them. */
  @SuppressWarnings("ArrayRecordComponent") // a report, never compared
  record Result(int[] tokens, double[] logprobs, double total, double mean) {}

  @Override
  public Integer call() {
    Output output = root.output();
    try (TorchRuntime runtime =
            TorchRuntime.start(model.threads, model.device(), output::progress);
        LanguageModel loaded = LanguageModel.load(runtime, model.directory())) {
      TextScoring scoring = TextScoring.of(loaded, text);
      if (json) {
        output.json(
            new Result(scoring.tokens(), scoring.logprobs(), scoring.total(), scoring.mean()));
      } else {
        output.line(
            "%d tokens, total %.4f nats, mean %.4f nats per token",
            scoring.tokens().length, scoring.total(), scoring.mean());
      }
      return CommandLineEntry.OK;
    }
  }
}
