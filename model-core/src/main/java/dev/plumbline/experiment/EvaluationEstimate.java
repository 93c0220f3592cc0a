package dev.plumbline.experiment;

import dev.plumbline.data.ChoiceItem;
import dev.plumbline.data.ChoiceReader;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.TextReader;
import dev.plumbline.evaluation.AnswerLikelihoodSettings;
import dev.plumbline.evaluation.MultipleChoiceSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.evaluation.TextScoresSettings;
import dev.plumbline.experiment.RunEstimate.Item;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The part of {@link MeasurementEstimate} that is about models on texts, questions and answers.
 * Every text's characters are counted; tokens a character are those of the first texts.
 */
final class EvaluationEstimate {
  private static final int SAMPLED = 256;

  /** The most that is counted of a row of a table. */
  private static final double ROW = 500;

  private final MeasurementEstimate into;

  EvaluationEstimate(MeasurementEstimate into) {
    this.into = into;
  }

  /** Texts as they come: how many, how long, and some to count tokens of. */
  private static final class Texts implements Consumer<String> {
    long count;
    long characters;
    final List<String> some = new ArrayList<>();

    @Override
    public void accept(String text) {
      count++;
      characters += text.length();
      if (some.size() < SAMPLED) {
        some.add(text);
      }
    }

    /** Mean length in a model's tokens. */
    double tokens(String model) {
      Tokenizer tokenizer = Tokenizer.ofDirectory(Path.of(model));
      double length = some.stream().mapToDouble(text -> (double) text.length()).sum();
      double tokens =
          some.stream().mapToDouble(text -> (double) tokenizer.encodeWithBos(text).length).sum();
      return (double) characters / Math.max(1, count) * tokens / Math.max(1, length);
    }
  }

  void texts(TextScoresSettings settings) {
    Texts texts = new Texts();
    for (String file : settings.files()) {
      TextReader.read(
          Path.of(file),
          settings.text(),
          List.of(),
          text -> texts.accept(settings.template().replace(TextScoresSettings.PLACE, text.text())));
    }
    double scored = (double) Math.min(texts.count, settings.maxTexts());
    into.say("%,d texts, lengths of %d of them".formatted(texts.count, texts.some.size()));
    pass("preference model", settings.preferenceModel(), scored, texts, 0, scored);
  }

  void choice(MultipleChoiceSettings settings) {
    Texts prompts = new Texts();
    long options = 0;
    double asked = 0;
    for (MultipleChoiceSettings.Task task : settings.tasks()) {
      long questions = 0;
      for (String file : task.files()) {
        for (ChoiceItem item : ChoiceReader.read(Path.of(file))) {
          String listed = " " + String.join(" ", item.choices());
          boolean lists = settings.layout() != MultipleChoiceSettings.Layout.PLAIN;
          prompts.accept(item.question() + (lists ? listed : "") + listed);
          options += item.choices().size();
          questions++;
        }
      }
      asked += (double) Math.min(questions, settings.maxItems());
    }
    double rounds = settings.seeds() * (settings.unconditional() ? 2.0 : 1.0);
    into.say("%,d questions, lengths of %d of them".formatted(prompts.count, prompts.some.size()));
    double perQuestion = (double) options / Math.max(1, prompts.count);
    for (Player player : settings.players()) {
      // A question's rows and those of what is shown before it are computed once.
      pass(
          player.name(),
          player.model(),
          asked * rounds,
          prompts,
          settings.shots(),
          asked * perQuestion * settings.seeds() * settings.players().size());
    }
  }

  void answers(AnswerLikelihoodSettings settings) {
    Texts texts = new Texts();
    for (String file : settings.data()) {
      ComparisonReader.read(
          Path.of(file),
          (_, comparison) ->
              texts.accept(comparison.prompt() + comparison.chosen() + comparison.rejected()));
    }
    double asked = (double) Math.min(texts.count, settings.maxComparisons());
    into.say("%,d comparisons, lengths of %d of them".formatted(texts.count, texts.some.size()));
    for (Player player : settings.players()) {
      pass(player.name(), player.model(), asked, texts, 0, asked * settings.players().size());
    }
  }

  /** A model that reads texts, each behind so many others. */
  private void pass(String what, String model, double count, Texts texts, int before, double rows) {
    DecoderConfig config = DecoderConfig.ofDirectory(Path.of(model));
    double own = texts.tokens(model);
    double length = Math.min(config.contextTokens(), own * (1 + before));
    into.forward(config, count, length, own);
    List<Item> moment = new ArrayList<>();
    into.weights(moment, what, config);
    double predicted = Math.clamp(16e6 / config.vocabularySize(), 256, MeasurementEstimate.TOKENS);
    moment.add(
        new Item(
            "activations of a pass",
            MeasurementEstimate.pass(config, predicted)
                + 3 * MeasurementEstimate.FLOAT * predicted * config.vocabularySize()));
    moment.add(new Item("rows of the tables", ROW * rows));
    into.moment(moment);
  }
}
