package dev.plumbline.app.cli;

import dev.plumbline.evaluation.TextGeneration;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.torch.TorchRuntime;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline generate}: a model continues a prompt. */
@Command(
    name = "generate",
    description = "Let a language model continue a prompt.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;
  @Mixin ModelOption model = new ModelOption();

  @Option(names = "--prompt", paramLabel = "T", required = true, description = "Text to continue")
  String prompt = "";

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Length limit in tokens (default: ${DEFAULT-VALUE})",
      defaultValue = "64")
  int maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "0 takes the most probable token each time (default: ${DEFAULT-VALUE})",
      defaultValue = "1")
  double temperature;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Decides what is drawn (default: ${DEFAULT-VALUE})",
      defaultValue = "1")
  long seed;

  @Option(names = "--json", description = "Token ids and text as JSON on standard output")
  boolean json;

  /** The continuation as scripts read it: the text is that of the new tokens. */
  @SuppressWarnings("ArrayRecordComponent") // a report, never compared
  record Result(int[] promptTokens, int[] tokens, String text, String fullText, boolean ended) {
    static Result of(TextGeneration generation) {
      return new Result(
          generation.promptTokens(),
          generation.tokens(),
          generation.text(),
          generation.fullText(),
          generation.ended());
    }
  }

  @Override
  public Integer call() {
    Output output = root.output();
    try (TorchRuntime runtime =
            TorchRuntime.start(model.threads, model.device(), output::progress);
        LanguageModel loaded = LanguageModel.load(runtime, model.directory())) {
      TextGeneration generation =
          TextGeneration.of(loaded, prompt, maxNewTokens, temperature, seed);
      if (json) {
        output.json(Result.of(generation));
      } else {
        output.line("%s", generation.fullText());
      }
      return CommandLineEntry.OK;
    }
  }
}
