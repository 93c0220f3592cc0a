package dev.plumbline.evaluation;

import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.ResponseScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers of a {@link Player}. Of several responses the one that the ranker scores highest is the
 * answer, the first of equals. Response j to a prompt has the same random numbers whatever the
 * number of responses, and response 0 those of a player that gives one: so players differ by their
 * models and their choice alone, and the best of 16 chooses among those of the best of 4 too.
 */
final class PlayerAnswers implements AutoCloseable {
  private final Player player;
  private final Responder responder;
  private final @Nullable ResponseScorer ranker;

  /**
   * An answer.
   *
   * @param response what is shown
   * @param number of the response among those that it was chosen from, from 0
   * @param score by the ranker, nats; NaN where there was no choice
   */
  record Answer(Responder.Response response, int number, double score) {}

  /** Loads the player's model and its ranker. */
  PlayerAnswers(TorchRuntime runtime, Player player, DialogueFormat format) {
    this.player = player;
    responder = new Responder(runtime, Path.of(player.model()), format);
    PpoSettings.Reward reward = player.ranker();
    ranker = reward == null ? null : ResponseScorer.of(reward, runtime);
  }

  /**
   * Answers prompts.
   *
   * @param key of the random numbers
   * @param drawn told how many responses have been drawn since it was last told
   */
  List<Answer> to(
      List<String> prompts, double temperature, int maxTokens, long key, IntConsumer drawn) {
    List<Answer> answers = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += Responder.AT_ONCE) {
      List<String> part = prompts.subList(from, Math.min(prompts.size(), from + Responder.AT_ONCE));
      List<Answer> best = new ArrayList<>();
      for (int j = 0; j < player.bestOf(); j++) {
        long own = j == 0 ? key : new Randomness(key).key("response", j);
        List<Responder.Response> responses =
            responder.respond(part, temperature, maxTokens, own, from);
        choose(best, j, responses, scores(part, responses));
        drawn.accept(part.size());
      }
      answers.addAll(best);
    }
    return answers;
  }

  private static void choose(
      List<Answer> best, int number, List<Responder.Response> responses, double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (number == 0) {
        best.add(new Answer(responses.get(i), 0, scores[i]));
      } else if (scores[i] > best.get(i).score()) {
        best.set(i, new Answer(responses.get(i), number, scores[i]));
      }
    }
  }

  private double[] scores(List<String> prompts, List<Responder.Response> responses) {
    if (ranker == null) {
      double[] none = new double[responses.size()];
      Arrays.fill(none, Double.NaN);
      return none;
    }
    return ranker.score(
        prompts,
        responses.stream().map(Responder.Response::text).toList(),
        responses.stream().mapToInt(Responder.Response::tokens).toArray());
  }

  /** Frees the models. */
  @Override
  public void close() {
    responder.close();
    if (ranker != null) {
      ranker.close();
    }
  }
}
