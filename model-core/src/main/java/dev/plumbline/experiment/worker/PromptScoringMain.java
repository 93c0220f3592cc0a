package dev.plumbline.experiment.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.evaluation.OodScorer;
import dev.plumbline.evaluation.OodSettings;
import dev.plumbline.experiment.PromptScoring;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.RunSpec;
import dev.plumbline.torch.TorchRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The process of {@link PromptScoring}: {@code PromptScoringMain RUN_DIRECTORY}. It ends with its
 * standard input; a native crash ends it and nothing else.
 */
public final class PromptScoringMain {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PromptScoringMain() {}

  /** Answers questions until there are no more. */
  public static void main(String[] arguments) throws IOException {
    int code = 0;
    try (BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      try {
        RunSpec run = new RunDirectory(Path.of(arguments[0])).spec();
        if (!(run.spec().settings() instanceof OodSettings settings)) {
          throw new UserError(arguments[0] + " is no out-of-distribution measurement");
        }
        DeviceChoice device = Machine.look().resolve(DeviceChoice.ofProcess());
        try (TorchRuntime runtime = TorchRuntime.start(1, device, line -> {});
            OodScorer scorer =
                new OodScorer(
                    settings, run.spec().seed(), Path.of(arguments[0]), runtime, line -> {})) {
          answer(questions, text -> score(scorer, text));
        }
      } catch (UserError e) {
        // Each question gets the reason: who asks next may not have heard it.
        answer(questions, text -> PromptScoring.Answer.none(String.valueOf(e.getMessage())));
        code = 1;
      }
    } catch (RuntimeException | LinkageError e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      say(PromptScoring.Answer.none(e.getClass().getSimpleName() + ": " + message));
      code = 1;
    }
    System.exit(code);
  }

  private static PromptScoring.Answer score(OodScorer scorer, String text) {
    String prompt = OodScorer.prompt(text);
    return new PromptScoring.Answer(
        "",
        prompt,
        scorer.tokens(prompt),
        scorer.score(prompt).stream()
            .map(each -> new PromptScoring.LayerScore(each.layer(), each.plain(), each.relative()))
            .toList());
  }

  private static void answer(
      BufferedReader questions, Function<String, PromptScoring.Answer> scorer) throws IOException {
    String line = questions.readLine();
    while (line != null) {
      String text = JSON.readValue(line, PromptScoring.Question.class).text();
      PromptScoring.Answer answer;
      try {
        answer = scorer.apply(text);
      } catch (UserError e) {
        answer = PromptScoring.Answer.none(String.valueOf(e.getMessage()));
      }
      say(answer);
      line = questions.readLine();
    }
  }

  private static void say(PromptScoring.Answer answer) throws IOException {
    PrintStream out = System.out;
    out.println(PromptScoring.SAYS + JSON.writeValueAsString(answer));
    out.flush();
  }
}
