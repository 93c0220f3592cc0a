package dev.plumbline.evaluation;

import dev.plumbline.analysis.BestOfK;
import dev.plumbline.analysis.Bootstrap;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.GoldReward;
import dev.plumbline.training.ResponseScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Best-of-k sampling. Table {@code best_of_k} has a row for each k, table {@code responses} one for
 * each response.
 *
 * <p>All N responses to a prompt serve every k: the expected best of k is the mean over all choices
 * of k of them, without bias (Nakano et al. 2021). Intervals are percentile bootstraps over
 * prompts, since the responses to one prompt are dependent.
 */
final class BestOfKMeasurement implements Measurement {
  private static final int RESAMPLES = 1000;
  private static final double LEVEL = 0.95;

  private final BestOfKSettings settings;
  private final Randomness randomness;
  private final Responder policy;
  private final ResponseScorer scorer;
  private final GoldReward.@Nullable Judge gold;

  BestOfKMeasurement(BestOfKSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    randomness = new Randomness(seed);
    String goldName = settings.gold();
    gold = goldName == null ? null : GoldReward.named(goldName);
    policy = new Responder(runtime, Path.of(settings.policy()), settings.format());
    scorer = ResponseScorer.of(settings.reward(), runtime);
  }

  @Override
  public String phase() {
    return "best of k";
  }

  @Override
  public void run(MeasurementContext context) {
    List<String> prompts =
        PromptForm.draw(
            PromptForm.read(settings.prompts()),
            settings.maxPrompts(),
            new PromptForm.Bounds(settings.maxPromptTokens(), settings.maxResponseTokens()),
            List.of(new PromptForm(Path.of(settings.policy()), settings.format())),
            randomness);
    int n = settings.samples();
    double[][] scores = new double[prompts.size()][];
    double[][] golds = new double[prompts.size()][n];
    ResultTable.Builder rows =
        ResultTable.named("responses")
            .number("prompt_index", "", "the prompt's number")
            .number("sample", "", "number of the response to this prompt")
            .text("prompt", "the dialogue so far")
            .text("response", "the response")
            .number("score", "nat", "score that the best is chosen by")
            .number("gold", "nat", "gold reward of the response")
            .number("tokens", "token", "length of the response")
            .number("ended", "", "1 where it ended by itself, 0 at the length limit");
    context.progress(0, prompts.size());
    int together = Math.max(1, Responder.AT_ONCE / n);
    for (int from = 0; from < prompts.size(); from += together) {
      int to = Math.min(prompts.size(), from + together);
      List<String> repeated =
          prompts.subList(from, to).stream()
              .flatMap(prompt -> Collections.nCopies(n, prompt).stream())
              .toList();
      List<Responder.Response> responses =
          policy.respond(
              repeated,
              settings.temperature(),
              settings.maxResponseTokens(),
              randomness.key("responses"),
              (long) from * n);
      double[] found =
          scorer.score(
              repeated,
              responses.stream().map(Responder.Response::text).toList(),
              responses.stream().mapToInt(Responder.Response::tokens).toArray());
      for (int p = from; p < to; p++) {
        String prompt = prompts.get(p);
        scores[p] = Arrays.copyOfRange(found, (p - from) * n, (p - from + 1) * n);
        for (int i = 0; i < n; i++) {
          Responder.Response response = responses.get((p - from) * n + i);
          golds[p][i] = gold == null ? Double.NaN : gold.reward(prompt, response.text());
          rows.row(
              p,
              i,
              prompt,
              response.text(),
              scores[p][i],
              golds[p][i],
              response.tokens(),
              response.ended() ? 1 : 0);
        }
      }
      context.progress(to, prompts.size());
    }
    context.table(rows.build());
    context.table(summary(scores, golds));
  }

  private ResultTable summary(double[][] scores, double[][] golds) {
    ResultTable.Builder table =
        ResultTable.named("best_of_k")
            .number("k", "", "responses to choose from")
            .number("kl", "nat", "ln k - (k - 1)/k, exact where no two scores are equal")
            .number("kl_paper", "nat", "ln k, as in the paper's appendix B.6")
            .number("score", "nat", "expected score of the best of k by score, unbiased")
            .number("score_low", "nat", "lower end of its 95 % interval over prompts")
            .number("score_high", "nat", "upper end of its 95 % interval over prompts")
            .number("gold", "nat", "expected gold reward of the best of k by score, unbiased")
            .number("gold_low", "nat", "lower end of its 95 % interval over prompts")
            .number("gold_high", "nat", "upper end of its 95 % interval over prompts")
            .number("prompts", "", "prompts that it was measured on");
    for (int k : powers(settings.samples())) {
      double[] best = new double[scores.length];
      double[] bestGold = new double[scores.length];
      for (int p = 0; p < scores.length; p++) {
        best[p] = BestOfK.expected(scores[p], scores[p], k);
        bestGold[p] = BestOfK.expected(scores[p], golds[p], k);
      }
      List<Object> row = new ArrayList<>(List.of(k, BestOfK.kl(k), Math.log(k)));
      for (double[] values : List.of(best, bestGold)) {
        // The same draws for every k: neighbouring points differ by k alone.
        Interval interval = Bootstrap.mean(values, RESAMPLES, LEVEL, randomness.key("bootstrap"));
        row.addAll(List.of(mean(values), interval.low(), interval.high()));
      }
      row.add(scores.length);
      table.row(row);
    }
    return table.build();
  }

  private static List<Integer> powers(int most) {
    List<Integer> powers = new ArrayList<>();
    for (int k = 1; k <= most; k *= 2) {
      powers.add(k);
    }
    return powers;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  @Override
  public void close() {
    policy.close();
    scorer.close();
  }
}
