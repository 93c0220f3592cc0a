package dev.plumbline.evaluation;

import dev.plumbline.analysis.BradleyTerry;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Matches;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.dialogue.Strength;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.GoldReward;
import dev.plumbline.training.ScoreFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Matches between models. Tables: {@code responses} (with every judge's score), {@code matches},
 * {@code ratings} by judge, and {@code win_rates} by judge and pair.
 *
 * <p>All players answer with the same random numbers, and a rating's bootstrap resamples prompts,
 * because the matches over one prompt share its responses.
 */
final class Arena implements Measurement {
  private static final int RESAMPLES = 1000;

  private final MatchesSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;
  private final List<String> names;

  Arena(MatchesSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
    names = settings.players().stream().map(Player::name).toList();
  }

  /** What a judge makes of responses. */
  private interface Ruling {
    /** Scores of responses to prompts, nats; NaN where the judge has none. */
    double[] scores(List<String> prompts, List<String> responses);

    /**
     * How a match ends; empty where it is left out.
     *
     * @param scores of the first and of the second
     */
    Optional<Matches.Outcome> decide(
        String prompt, String first, String second, double[] scores, long key);
  }

  private static Optional<Matches.Outcome> higher(double[] scores) {
    int sign = Double.compare(scores[0], scores[1]);
    return Optional.of(
        sign == 0
            ? Matches.Outcome.TIE
            : sign > 0 ? Matches.Outcome.FIRST : Matches.Outcome.SECOND);
  }

  private Ruling ruling(MatchesSettings.Judge judge) {
    String model = judge.preferenceModel();
    String gold = judge.gold();
    if (model != null) {
      return new Ruling() {
        @Override
        public double[] scores(List<String> prompts, List<String> responses) {
          try (PreferenceModel loaded = ScoreFixture.load(runtime, Path.of(model))) {
            return ScoreFixture.score(loaded, prompts, responses);
          }
        }

        @Override
        public Optional<Matches.Outcome> decide(
            String prompt, String first, String second, double[] scores, long key) {
          return higher(scores);
        }
      };
    }
    if (gold != null) {
      GoldReward.Judge reward = GoldReward.named(gold);
      return new Ruling() {
        @Override
        public double[] scores(List<String> prompts, List<String> responses) {
          double[] scores = new double[prompts.size()];
          Arrays.setAll(scores, i -> reward.reward(prompts.get(i), responses.get(i)));
          return scores;
        }

        @Override
        public Optional<Matches.Outcome> decide(
            String prompt, String first, String second, double[] scores, long key) {
          return higher(scores);
        }
      };
    }
    AnnotatorPanel.Panel panel = AnnotatorPanel.named(String.valueOf(judge.annotators()));
    return new Ruling() {
      @Override
      public double[] scores(List<String> prompts, List<String> responses) {
        double[] none = new double[prompts.size()];
        Arrays.fill(none, Double.NaN);
        return none;
      }

      @Override
      public Optional<Matches.Outcome> decide(
          String prompt, String first, String second, double[] scores, long key) {
        // The side is drawn too, so that a panel's side bias favours nobody.
        boolean swapped = Randomness.uniform(key, 0, 0) < 0.5;
        AnnotatorPanel.Judgement judgement =
            panel.judge(prompt, swapped ? second : first, swapped ? first : second, key);
        if (judgement.strength() == Strength.UNSURE) {
          return Optional.empty();
        }
        return Optional.of(
            judgement.left() == swapped ? Matches.Outcome.SECOND : Matches.Outcome.FIRST);
      }
    };
  }

  @Override
  public String phase() {
    return "matches";
  }

  @Override
  public void run(MeasurementContext context) {
    List<PromptForm> forms =
        settings.players().stream()
            .map(player -> new PromptForm(Path.of(player.model()), settings.format()))
            .toList();
    List<String> prompts =
        PromptForm.draw(
            PromptForm.read(settings.prompts()),
            settings.maxPrompts(),
            new PromptForm.Bounds(settings.maxPromptTokens(), settings.maxResponseTokens()),
            forms,
            randomness);
    long drawn =
        settings.players().stream()
            .mapToLong(player -> (long) player.bestOf() * prompts.size())
            .sum();
    long total = drawn + settings.judges().size();
    List<List<PlayerAnswers.Answer>> responses = new ArrayList<>();
    context.progress(0, total);
    for (Player player : settings.players()) {
      responses.add(answers(player, prompts, context, total));
    }
    List<Ruling> rulings = settings.judges().stream().map(this::ruling).toList();
    double[][][] scores = new double[rulings.size()][names.size()][];
    for (int j = 0; j < rulings.size(); j++) {
      for (int p = 0; p < names.size(); p++) {
        scores[j][p] =
            rulings
                .get(j)
                .scores(
                    prompts,
                    responses.get(p).stream().map(answer -> answer.response().text()).toList());
      }
      context.progress(drawn + j + 1, total);
    }
    context.table(responseTable(prompts, responses, scores));
    List<Matches> matches = new ArrayList<>();
    context.table(matchTable(prompts, responses, rulings, scores, matches));
    context.table(ratings(matches));
    context.table(winRates(matches));
  }

  private List<PlayerAnswers.Answer> answers(
      Player player, List<String> prompts, MeasurementContext context, long total) {
    try (PlayerAnswers answers = new PlayerAnswers(runtime, player, settings.format())) {
      return answers.to(
          prompts,
          settings.temperature(),
          settings.maxResponseTokens(),
          randomness.key("responses"),
          drawn -> context.progress(context.done() + drawn, total));
    }
  }

  private ResultTable responseTable(
      List<String> prompts, List<List<PlayerAnswers.Answer>> responses, double[][][] scores) {
    ResultTable.Builder table =
        ResultTable.named("responses")
            .number("prompt_index", "", "the prompt's number")
            .text("model", "who answered")
            .text("prompt", "the dialogue so far")
            .text("response", "the response")
            .number("tokens", "token", "length of the response")
            .number("ended", "", "1 where it ended by itself, 0 at the length limit")
            .number("best_of", "", "responses that it was chosen from")
            .number("sample", "", "its number among them, from 0")
            .number("ranker_score", "nat", "score that it was chosen by, where there was a choice");
    for (MatchesSettings.Judge judge : settings.judges()) {
      table.number("score_" + judge.name(), "nat", "score by " + judge.name());
    }
    for (int p = 0; p < names.size(); p++) {
      for (int i = 0; i < prompts.size(); i++) {
        PlayerAnswers.Answer answer = responses.get(p).get(i);
        Responder.Response response = answer.response();
        List<Object> row =
            new ArrayList<>(
                List.of(
                    i,
                    names.get(p),
                    prompts.get(i),
                    response.text(),
                    response.tokens(),
                    response.ended() ? 1 : 0,
                    settings.players().get(p).bestOf(),
                    answer.number(),
                    answer.score()));
        for (double[][] judged : scores) {
          row.add(judged[p][i]);
        }
        table.row(row);
      }
    }
    return table.build();
  }

  private ResultTable matchTable(
      List<String> prompts,
      List<List<PlayerAnswers.Answer>> responses,
      List<Ruling> rulings,
      double[][][] scores,
      List<Matches> matches) {
    ResultTable.Builder table =
        ResultTable.named("matches")
            .text("judge", "who decided")
            .text("model_a", "one model")
            .text("model_b", "the other")
            .text("winner", "a, b, tie, or unsure where the match was left out")
            .number("prompt_index", "", "the prompt's number");
    for (int j = 0; j < rulings.size(); j++) {
      Matches.Builder builder = new Matches.Builder();
      for (int a = 0; a < names.size(); a++) {
        for (int b = a + 1; b < names.size(); b++) {
          for (int i = 0; i < prompts.size(); i++) {
            Optional<Matches.Outcome> outcome =
                rulings
                    .get(j)
                    .decide(
                        prompts.get(i),
                        responses.get(a).get(i).response().text(),
                        responses.get(b).get(i).response().text(),
                        new double[] {scores[j][a][i], scores[j][b][i]},
                        randomness.key("match", j, a, b, i));
            table.row(
                settings.judges().get(j).name(), names.get(a), names.get(b), word(outcome), i);
            if (outcome.isPresent()) {
              builder.add(names.get(a), names.get(b), outcome.get(), Integer.toString(i));
            }
          }
        }
      }
      matches.add(builder.build());
    }
    return table.build();
  }

  private static String word(Optional<Matches.Outcome> outcome) {
    if (outcome.isEmpty()) {
      return "unsure";
    }
    return switch (outcome.get()) {
      case FIRST -> "a";
      case SECOND -> "b";
      case TIE -> "tie";
    };
  }

  private ResultTable ratings(List<Matches> matches) {
    String reference = settings.reference().isEmpty() ? names.getFirst() : settings.reference();
    ResultTable.Builder table =
        ResultTable.named("ratings")
            .text("judge", "who decided the matches")
            .text("model", "the model")
            .number("elo", "Elo", "Bradley-Terry rating above the reference's")
            .number("se", "Elo", "standard error of the difference to the reference")
            .number("low", "Elo", "lower end of the 95 % bootstrap interval over prompts")
            .number("high", "Elo", "upper end of the 95 % bootstrap interval over prompts")
            .number("matches", "", "matches that count")
            .number(
                "regularised",
                "",
                "1 where somebody never lost or never won, so that a prior" + " was needed");
    for (int j = 0; j < matches.size(); j++) {
      BradleyTerry fit =
          BradleyTerry.of(
              matches.get(j),
              new BradleyTerry.Options(
                  BradleyTerry.Options.STANDARD.ties(),
                  matches.get(j).models().contains(reference)
                      ? Optional.of(reference)
                      : Optional.empty(),
                  BradleyTerry.Options.STANDARD.prior(),
                  BradleyTerry.Options.STANDARD.level(),
                  RESAMPLES,
                  randomness.key("bootstrap", j)));
      for (BradleyTerry.Rating rating : fit.ratings()) {
        table.row(
            settings.judges().get(j).name(),
            rating.model(),
            rating.elo(),
            rating.standardError(),
            rating.bootstrap().map(Interval::low).orElse(Double.NaN),
            rating.bootstrap().map(Interval::high).orElse(Double.NaN),
            rating.matches(),
            rating.regularised() ? 1 : 0);
      }
    }
    return table.build();
  }

  private ResultTable winRates(List<Matches> matches) {
    ResultTable.Builder table =
        ResultTable.named("win_rates")
            .text("judge", "who decided the matches")
            .text("model_a", "one model")
            .text("model_b", "the other")
            .number("wins_a", "", "matches that model_a won")
            .number("wins_b", "", "matches that model_b won")
            .number("ties", "", "matches that neither won")
            .number("rate", "fraction", "share of the matches that model_a won, ties as halves");
    for (int j = 0; j < matches.size(); j++) {
      Matches all = matches.get(j);
      for (int a = 0; a < all.models().size(); a++) {
        for (int b = a + 1; b < all.models().size(); b++) {
          long n = all.between(a, b);
          table.row(
              settings.judges().get(j).name(),
              all.models().get(a),
              all.models().get(b),
              all.wins(a, b),
              all.wins(b, a),
              all.ties(a, b),
              n == 0 ? Double.NaN : (all.wins(a, b) + 0.5 * all.ties(a, b)) / n);
        }
      }
    }
    return table.build();
  }

  @Override
  public void close() {
    // each model is closed when it has answered or judged
  }
}
