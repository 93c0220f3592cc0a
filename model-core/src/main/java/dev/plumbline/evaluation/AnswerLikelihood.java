package dev.plumbline.evaluation;

import dev.plumbline.analysis.GroupBootstrap;
import dev.plumbline.analysis.Groups;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PairedComparison;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.TokenScores;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.SequenceFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Log-probabilities of good and bad answers. An answer's tokens are those behind the prompt, its
 * end token included; its loss is minus the mean of their ln p at temperature 1. All models see the
 * same comparisons, so their differences are paired; intervals draw conversations, because the
 * comparisons of one are dependent.
 *
 * <p>Tables: {@code answer-likelihood}, a row for each model; {@code answer-likelihood-difference}
 * to the reference; {@code answers}, a row for each comparison and model.
 */
final class AnswerLikelihood implements Measurement {
  private static final double LEVEL = 0.95;
  private static final int DRAWS = 1000;
  private static final int AT_ONCE = 64;

  private final AnswerLikelihoodSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;

  AnswerLikelihood(AnswerLikelihoodSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
  }

  @Override
  public String phase() {
    return "likelihood of answers";
  }

  /** A comparison and where it stands. */
  private record Asked(String file, long line, Comparison comparison) {}

  /** A good and a bad answer: sums of ln p, and tokens. */
  private record Found(double good, double bad, int goodTokens, int badTokens) {
    double goodLoss() {
      return -good / goodTokens;
    }

    double badLoss() {
      return -bad / badTokens;
    }

    /** Nats per token. */
    double gap() {
      return badLoss() - goodLoss();
    }

    /** Nats per answer. */
    double sumGap() {
      return good - bad;
    }
  }

  @Override
  public void run(MeasurementContext context) {
    List<Asked> drawn = drawn(context);
    List<PromptForm> forms =
        settings.players().stream()
            .map(player -> new PromptForm(Path.of(player.model()), settings.format()))
            .toList();
    List<Asked> asked =
        drawn.stream()
            .filter(each -> forms.stream().allMatch(form -> fits(form, each.comparison())))
            .toList();
    if (asked.isEmpty()) {
      throw new UserError(
          "none of the %d comparisons fits into the context of every model; name others"
              .formatted(drawn.size()));
    }
    long total = (long) asked.size() * settings.players().size();
    context.progress(0, total);
    List<List<Found>> found = new ArrayList<>();
    for (int i = 0; i < forms.size(); i++) {
      Path directory = Path.of(settings.players().get(i).model());
      try (LanguageModel model = LanguageModel.load(runtime, directory)) {
        found.add(measured(model, forms.get(i), asked, context, total));
      }
    }
    Groups conversations =
        Groups.of(asked.stream().mapToInt(each -> conversation(each.comparison())).toArray());
    context.table(answers(asked, found));
    context.table(summary(asked, found, conversations, drawn.size() - asked.size()));
    if (settings.players().size() > 1) {
      context.table(differences(found, conversations));
    }
  }

  private static int conversation(Comparison comparison) {
    return comparison.conversationKey().hashCode();
  }

  private List<Asked> drawn(MeasurementContext context) {
    int[] n = {0};
    for (String file : settings.data()) {
      ComparisonReader.read(Path.of(file), (_, _) -> n[0]++).requireClean();
    }
    BitSet chosen = Drawing.of(n[0], settings.maxComparisons(), randomness, "comparisons");
    List<Asked> drawn = new ArrayList<>();
    int[] number = {0};
    long unequal = 0;
    for (String file : settings.data()) {
      unequal +=
          ComparisonReader.read(
                  Path.of(file),
                  (line, comparison) -> {
                    if (chosen.get(number[0]++)) {
                      drawn.add(new Asked(file, line, comparison));
                    }
                  })
              .unequalPrompts();
    }
    if (unequal > 0) {
      context.notice("%d comparisons have unequal prompts and are not used".formatted(unequal));
    }
    return drawn;
  }

  private static boolean fits(PromptForm form, Comparison comparison) {
    int prompt = form.encode(comparison.prompt()).length;
    return Math.max(
                form.after(comparison.chosen()).length, form.after(comparison.rejected()).length)
            + prompt
            + 1
        <= form.contextTokens();
  }

  private static List<Found> measured(
      LanguageModel model,
      PromptForm form,
      List<Asked> asked,
      MeasurementContext context,
      long total) {
    int end = form.endOfTurn().orElseGet(() -> SequenceFormat.endToken(model));
    Found[] found = new Found[asked.size()];
    int[] order =
        IntStream.range(0, found.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> length(asked.get(i).comparison())))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int start = 0; start < order.length; start += AT_ONCE) {
      int stop = Math.min(order.length, start + AT_ONCE);
      List<int[]> sequences = new ArrayList<>();
      int[] from = new int[2 * (stop - start)];
      for (int i = start; i < stop; i++) {
        Comparison comparison = asked.get(order[i]).comparison();
        int[] prompt = form.encode(comparison.prompt());
        for (String answer : List.of(comparison.chosen(), comparison.rejected())) {
          from[sequences.size()] = prompt.length;
          sequences.add(sequence(prompt, form.after(answer), end));
        }
      }
      List<TokenScores> scores = model.scoreAlike(sequences, from, 1);
      for (int i = start; i < stop; i++) {
        double[] good = scores.get(2 * (i - start)).logProbabilities();
        double[] bad = scores.get(2 * (i - start) + 1).logProbabilities();
        found[order[i]] =
            new Found(Arrays.stream(good).sum(), Arrays.stream(bad).sum(), good.length, bad.length);
      }
      context.progress(context.done() + stop - start, total);
    }
    return List.of(found);
  }

  private static int length(Comparison comparison) {
    return comparison.prompt().length()
        + Math.max(comparison.chosen().length(), comparison.rejected().length());
  }

  private static int[] sequence(int[] prompt, int[] answer, int end) {
    int[] sequence = Arrays.copyOf(prompt, prompt.length + answer.length + 1);
    System.arraycopy(answer, 0, sequence, prompt.length, answer.length);
    sequence[sequence.length - 1] = end;
    return sequence;
  }

  private ResultTable answers(List<Asked> asked, List<List<Found>> found) {
    ResultTable.Builder table =
        ResultTable.named("answers")
            .text("player", "the model")
            .text("file", "the file that holds the comparison")
            .number("line", "", "its line in the file, from 1")
            .number("good", "nat", "ln p of the good answer given the prompt, end token included")
            .number("bad", "nat", "ln p of the bad answer")
            .number("good_tokens", "token", "tokens of the good answer, end token included")
            .number("bad_tokens", "token", "tokens of the bad answer")
            .number("gap", "nat/token", "mean ln p of the good answer's tokens less the bad one's");
    for (int p = 0; p < found.size(); p++) {
      for (int i = 0; i < asked.size(); i++) {
        Found each = found.get(p).get(i);
        table.row(
            settings.players().get(p).name(),
            asked.get(i).file(),
            asked.get(i).line(),
            each.good(),
            each.bad(),
            each.goodTokens(),
            each.badTokens(),
            each.gap());
      }
    }
    return table.build();
  }

  /** What is told of a comparison, averaged over comparisons. */
  private enum Quantity {
    GOOD_LOSS("good_loss", "nat/token", "loss of good answers, mean over answers") {
      @Override
      double of(Found found) {
        return found.goodLoss();
      }
    },
    BAD_LOSS("bad_loss", "nat/token", "loss of bad answers, mean over answers") {
      @Override
      double of(Found found) {
        return found.badLoss();
      }
    },
    GAP("gap", "nat/token", "mean ln p per token of good answers less that of bad ones") {
      @Override
      double of(Found found) {
        return found.gap();
      }
    },
    SUM_GAP("sum_gap", "nat", "ln p of good answers less that of bad ones") {
      @Override
      double of(Found found) {
        return found.sumGap();
      }
    },
    ACCURACY("accuracy", "fraction", "good answers with the higher mean ln p; a tie is one half") {
      @Override
      double of(Found found) {
        return share(found.gap());
      }
    },
    SUM_ACCURACY("sum_accuracy", "fraction", "good answers with the higher sum of ln p") {
      @Override
      double of(Found found) {
        return share(found.sumGap());
      }
    };

    final String column;
    final String unit;
    final String definition;

    Quantity(String column, String unit, String definition) {
      this.column = column;
      this.unit = unit;
      this.definition = definition;
    }

    abstract double of(Found found);

    double[] of(List<Found> all) {
      return all.stream().mapToDouble(this::of).toArray();
    }

    private static double share(double gap) {
      return gap > 0 ? 1 : gap == 0 ? 0.5 : 0;
    }
  }

  private ResultTable summary(
      List<Asked> asked, List<List<Found>> found, Groups conversations, int leftOut) {
    ResultTable.Builder table =
        ResultTable.named("answer-likelihood")
            .text("player", "the model")
            .number("n", "", "comparisons")
            .number("conversations", "", "conversations that they are of")
            .number("left_out", "", "comparisons too long for the context of one of the models");
    for (Quantity quantity : Quantity.values()) {
      table
          .number(quantity.column, quantity.unit, quantity.definition)
          .number(
              quantity.column + "_low",
              quantity.unit,
              "lower end of its 95 % bootstrap interval over conversations")
          .number(
              quantity.column + "_high",
              quantity.unit,
              "upper end of its 95 % bootstrap interval over conversations");
    }
    table
        .number("good_loss_pooled", "nat/token", "loss over all tokens of good answers")
        .number("bad_loss_pooled", "nat/token", "loss over all tokens of bad answers")
        .number("chance", "fraction", "accuracy of a coin")
        .number("shorter", "fraction", "accuracy of picking the answer with fewer words")
        .number("longer", "fraction", "accuracy of picking the answer with more words");
    LengthRule lengths = LengthRule.of(asked.stream().map(Asked::comparison).toList());
    for (int p = 0; p < found.size(); p++) {
      List<Found> all = found.get(p);
      List<Object> row =
          new ArrayList<>(
              List.of(
                  settings.players().get(p).name(), all.size(), conversations.count(), leftOut));
      for (Quantity quantity : Quantity.values()) {
        double[] values = quantity.of(all);
        Interval interval =
            conversations.count() < 2
                ? Interval.none(LEVEL)
                : GroupBootstrap.percentile(
                        values, conversations, DRAWS, LEVEL, randomness.key("bootstrap"))
                    .interval();
        row.addAll(List.of(Moments.of(values).mean(), interval.low(), interval.high()));
      }
      row.add(
          -all.stream().mapToDouble(Found::good).sum()
              / all.stream().mapToInt(Found::goodTokens).sum());
      row.add(
          -all.stream().mapToDouble(Found::bad).sum()
              / all.stream().mapToInt(Found::badTokens).sum());
      row.addAll(List.of(0.5, lengths.shorter(), lengths.longer()));
      table.row(row);
    }
    return table.build();
  }

  private ResultTable differences(List<List<Found>> found, Groups conversations) {
    ResultTable.Builder table =
        ResultTable.named("answer-likelihood-difference")
            .text("player", "the model")
            .text("reference", "the model that it is compared with, on the same comparisons")
            .text("quantity", "what is compared, as in answer-likelihood")
            .text("unit", "its unit")
            .number("n", "", "comparisons")
            .number("difference", "", "the model's mean less the reference's")
            .number("low", "", "lower end of its 95 % bootstrap interval over conversations")
            .number("high", "", "upper end of its 95 % bootstrap interval over conversations")
            .text("interval", "bca or percentile");
    int reference = Players.reference(settings.players(), settings.reference());
    for (int p = 0; p < found.size(); p++) {
      if (p == reference) {
        continue;
      }
      for (Quantity quantity : Quantity.values()) {
        PairedComparison paired =
            PairedComparison.of(
                quantity.of(found.get(p)),
                quantity.of(found.get(reference)),
                conversations,
                DRAWS,
                LEVEL,
                randomness.key("bootstrap"));
        table.row(
            settings.players().get(p).name(),
            settings.players().get(reference).name(),
            quantity.column,
            quantity.unit,
            found.get(p).size(),
            paired.difference().value(),
            paired.difference().interval().low(),
            paired.difference().interval().high(),
            Players.rule(paired.difference()));
      }
    }
    return table.build();
  }

  @Override
  public void close() {
    // Each model is closed when it has been measured.
  }
}
