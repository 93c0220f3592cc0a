package dev.plumbline.app.cli;

import dev.plumbline.evaluation.TextGeneration;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.SamplingOptions;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
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
      names = "--form",
      paramLabel = "FORM",
      description =
          "What the prompt is: text (to be continued), hh or chat_template (a person's turn, to be"
              + " answered in that form; default: ${DEFAULT-VALUE})",
      defaultValue = "text")
  Form form = Form.TEXT;

  /** What a prompt is. */
  enum Form {
    TEXT,
    HH,
    CHAT_TEMPLATE
  }

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

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K most probable tokens only (default: all)",
      defaultValue = "0",
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the smallest set of tokens with probability P (default: all)",
      defaultValue = "1",
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  double topP;

  @Option(
      names = "--min-new-tokens",
      paramLabel = "N",
      description = "No end before N tokens (default: ${DEFAULT-VALUE})",
      defaultValue = "0")
  int minNewTokens;

  @Option(
      names = "--stop",
      paramLabel = "T",
      description = "End before this text; may be given several times")
  List<String> stop = new ArrayList<>();

  @Option(names = "--stream", description = "Write the text as it grows")
  boolean stream;

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

  private SamplingOptions options() {
    boolean fits =
        maxNewTokens >= 1
            && temperature >= 0
            && Double.isFinite(temperature)
            && topK >= 0
            && topP > 0
            && topP <= 1
            && minNewTokens >= 0
            && !stop.contains("");
    if (!fits) {
      throw new CommandLine.ParameterException(
          new CommandLine(this),
          "max-new-tokens must be at least 1, temperature, top-k and min-new-tokens 0 or more,"
              + " top-p above 0 and at most 1, and stop not empty");
    }
    return new SamplingOptions(temperature, maxNewTokens, -1, seed, 0)
        .with(new SamplingOptions.Cut(topK, topP, minNewTokens))
        .stoppingAt(stop);
  }

  /** A text on the way out: what has been written stays, so half a character waits for the rest. */
  private static final class Growing {
    private final Output output;
    private String shown = "";

    Growing(Output output) {
      this.output = output;
    }

    void show(String text) {
      String whole = text.replaceFirst("\uFFFD+$", "");
      if (whole.startsWith(shown)) {
        output.part(whole.substring(shown.length()));
        shown = whole;
      }
    }
  }

  @Override
  public Integer call() {
    Output output = root.output();
    SamplingOptions options = options();
    boolean streams = stream && !json;
    try (TorchRuntime runtime =
            TorchRuntime.start(model.threads, model.device(), output::progress);
        LanguageModel loaded = LanguageModel.load(runtime, model.directory())) {
      Growing growing = new Growing(output);
      if (streams && form == Form.TEXT) {
        output.part(prompt);
      }
      Consumer<String> watcher = streams ? growing::show : text -> {};
      TextGeneration generation =
          switch (form) {
            case TEXT -> TextGeneration.of(loaded, prompt, options, watcher);
            case HH -> TextGeneration.answer(loaded, prompt, DialogueFormat.HH, options, watcher);
            case CHAT_TEMPLATE ->
                TextGeneration.answer(
                    loaded, prompt, DialogueFormat.CHAT_TEMPLATE, options, watcher);
          };
      if (json) {
        output.json(Result.of(generation));
      } else if (streams) {
        growing.show(generation.text());
        output.line("");
      } else {
        output.line("%s", form == Form.TEXT ? generation.fullText() : generation.text().strip());
      }
      return CommandLineEntry.OK;
    }
  }
}
