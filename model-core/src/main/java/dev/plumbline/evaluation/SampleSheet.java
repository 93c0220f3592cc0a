package dev.plumbline.evaluation;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.ResponseScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sheet of median samples. Table {@code sheet} has a row for each response; {@code shown} marks
 * the one that stands for its model and prompt.
 */
final class SampleSheet implements Measurement {
  private final SampleSheetSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;

  /** A prompt under its tag. */
  private record Tagged(String tag, String prompt) {}

  SampleSheet(SampleSheetSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
  }

  @Override
  public String phase() {
    return "sample sheet";
  }

  /**
   * Ranks responses and finds the median one.
   *
   * @param scores one for each response, nats
   * @param empty whether a response is blank; such are ranked last and never shown
   * @return numbers of the responses, best first; the blank ones at the end
   */
  static int[] ranking(double[] scores, boolean[] empty) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(
            Comparator.<Integer, Boolean>comparing(i -> empty[i])
                .thenComparingDouble(i -> -scores[i])
                .thenComparingInt(i -> i))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Which place of a ranking is its median: the middle one of those that are not empty, and of an
   * even number the better of the two; -1 where all are empty.
   */
  static int median(boolean[] empty) {
    int written = 0;
    for (boolean each : empty) {
      written += each ? 0 : 1;
    }
    return written == 0 ? -1 : (written - 1) / 2;
  }

  private List<Tagged> prompts() {
    List<PromptForm> forms =
        settings.players().stream()
            .map(player -> new PromptForm(Path.of(player.model()), settings.format()))
            .toList();
    PromptForm.Bounds bounds =
        new PromptForm.Bounds(settings.maxPromptTokens(), settings.maxResponseTokens());
    List<Tagged> tagged = new ArrayList<>();
    for (SampleSheetSettings.PromptSet set : settings.sets()) {
      PromptForm.fitting(PromptForm.read(set.files()), bounds, forms).stream()
          .limit(settings.maxPrompts())
          .forEach(prompt -> tagged.add(new Tagged(set.tag(), prompt)));
    }
    if (tagged.isEmpty()) {
      throw new UserError(
          "none of the prompts has at most %d tokens; raise max_prompt_tokens or name others"
              .formatted(settings.maxPromptTokens()));
    }
    return tagged;
  }

  @Override
  public void run(MeasurementContext context) {
    List<Tagged> prompts = prompts();
    ResultTable.Builder table =
        ResultTable.named("sheet")
            .text("model", "who answered")
            .text("tag", "the prompt's set")
            .number("prompt_index", "", "the prompt's number")
            .text("prompt", "the dialogue so far")
            .text("response", "the response")
            .number("rank", "", "1 for the highest score of this model and prompt; empty ones last")
            .number("score", "nat", "score that ranks")
            .number("tokens", "token", "length of the response")
            .number("shown", "", "1 for the median response that is not empty");
    long total = (long) settings.players().size() * prompts.size();
    long done = 0;
    context.progress(0, total);
    try (ResponseScorer ranker = ResponseScorer.of(settings.ranker(), runtime)) {
      for (Player player : settings.players()) {
        try (Responder responder =
            new Responder(runtime, Path.of(player.model()), settings.format())) {
          int together = Math.max(1, Responder.AT_ONCE / settings.samples());
          for (int from = 0; from < prompts.size(); from += together) {
            int to = Math.min(prompts.size(), from + together);
            answer(player, responder, ranker, prompts.subList(from, to), from, table);
            done += to - from;
            context.progress(done, total);
          }
        }
      }
    }
    context.table(table.build());
  }

  private void answer(
      Player player,
      Responder responder,
      ResponseScorer ranker,
      List<Tagged> prompts,
      int first,
      ResultTable.Builder table) {
    int n = settings.samples();
    List<String> repeated =
        prompts.stream().flatMap(one -> Collections.nCopies(n, one.prompt()).stream()).toList();
    List<Responder.Response> responses =
        responder.respond(
            repeated,
            settings.temperature(),
            settings.maxResponseTokens(),
            randomness.key("responses"),
            (long) first * n);
    double[] scores =
        ranker.score(
            repeated,
            responses.stream().map(Responder.Response::text).toList(),
            responses.stream().mapToInt(Responder.Response::tokens).toArray());
    for (int p = 0; p < prompts.size(); p++) {
      List<Responder.Response> own = responses.subList(p * n, (p + 1) * n);
      double[] ownScores = Arrays.copyOfRange(scores, p * n, (p + 1) * n);
      boolean[] empty = new boolean[n];
      for (int i = 0; i < n; i++) {
        empty[i] = own.get(i).text().isBlank();
      }
      int[] ranking = ranking(ownScores, empty);
      int shown = median(empty);
      for (int place = 0; place < n; place++) {
        Responder.Response response = own.get(ranking[place]);
        table.row(
            player.name(),
            prompts.get(p).tag(),
            first + p,
            prompts.get(p).prompt(),
            response.text(),
            place + 1,
            ownScores[ranking[place]],
            response.tokens(),
            place == shown ? 1 : 0);
      }
    }
  }

  @Override
  public void close() {
    // models are closed when they have answered
  }
}
