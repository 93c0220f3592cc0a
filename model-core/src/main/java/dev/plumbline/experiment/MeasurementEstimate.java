package dev.plumbline.experiment;

import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.PromptReader;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.evaluation.AnswerLikelihoodSettings;
import dev.plumbline.evaluation.BestOfKSettings;
import dev.plumbline.evaluation.CollectionSettings;
import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.MeasurementSettings;
import dev.plumbline.evaluation.MultipleChoiceSettings;
import dev.plumbline.evaluation.OodSettings;
import dev.plumbline.evaluation.Player;
import dev.plumbline.evaluation.PreferenceEvaluationSettings;
import dev.plumbline.evaluation.SampleSheetSettings;
import dev.plumbline.evaluation.TextScoresSettings;
import dev.plumbline.experiment.RunEstimate.Item;
import dev.plumbline.experiment.RunEstimate.Lengths;
import dev.plumbline.lm.Arithmetic;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.SequenceFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a measurement will need. Models are loaded one after the other, so the memory is that of the
 * greatest moment: the weights that are there together, and what sampling or scoring holds besides.
 * Responses are taken to reach their limit of tokens.
 */
final class MeasurementEstimate {
  static final double FLOAT = 4;

  /** Responses drawn, and sequences scored, in one call. */
  private static final int DRAWN = 128;

  /** Most tokens of one forward pass. */
  static final double TOKENS = 8192;

  /** What sampling is slower by than a pass over whole sequences. */
  private static final double SAMPLING = 3;

  private final List<String> basis = new ArrayList<>();
  private List<Item> greatest = List.of();
  private long parameters;
  private double operations;
  private double paced;

  private MeasurementEstimate() {}

  /**
   * The estimate for a stage whose paths can be opened.
   *
   * @throws dev.plumbline.data.UserError where a model's configuration or the data cannot be read
   */
  static RunEstimate of(MeasurementSettings settings) {
    MeasurementEstimate estimate = new MeasurementEstimate();
    EvaluationEstimate evaluation = new EvaluationEstimate(estimate);
    switch (settings) {
      case AnswerLikelihoodSettings answers -> evaluation.answers(answers);
      case BestOfKSettings bestOfK -> estimate.bestOfK(bestOfK);
      case CollectionSettings collection -> estimate.collection(collection);
      case MatchesSettings matches -> estimate.matches(matches);
      case MultipleChoiceSettings choice -> evaluation.choice(choice);
      case OodSettings ood -> estimate.ood(ood);
      case PreferenceEvaluationSettings preference -> estimate.preference(preference);
      case SampleSheetSettings sheet -> estimate.sheet(sheet);
      case TextScoresSettings texts -> evaluation.texts(texts);
    }
    return estimate.finished();
  }

  void say(String line) {
    basis.add(line);
  }

  private RunEstimate finished() {
    List<Item> memory = new ArrayList<>();
    memory.add(new Item("Java and the tensor library", RunEstimate.PROGRAM));
    memory.addAll(greatest);
    return new RunEstimate(
        List.copyOf(memory),
        parameters,
        0,
        operations,
        paced > 0 ? operations / paced : 1,
        List.copyOf(basis));
  }

  /** How many prompts there are, and how long. */
  private record Asked(long count, Lengths lengths) {}

  private static DecoderConfig config(String directory) {
    return DecoderConfig.ofDirectory(Path.of(directory));
  }

  private Asked asked(String model, List<String> files, long most, int longest) {
    List<String> prompts = new ArrayList<>();
    files.forEach(file -> prompts.addAll(PromptReader.read(Path.of(file))));
    Tokenizer tokenizer = Tokenizer.ofDirectory(Path.of(model));
    List<String> sample = RunEstimate.sample(prompts);
    List<Integer> fitting =
        sample.stream()
            .map(prompt -> SequenceFormat.prompt(tokenizer, prompt).length)
            .filter(length -> length <= longest)
            .toList();
    long there = Math.round((double) prompts.size() * fitting.size() / Math.max(1, sample.size()));
    long count = Math.min(most, there);
    basis.add(
        "about %,d of %,d prompts that fit, lengths of %d of them"
            .formatted(count, prompts.size(), fitting.size()));
    return new Asked(count, Lengths.of(fitting));
  }

  private void bestOfK(BestOfKSettings settings) {
    Asked asked =
        asked(
            settings.policy(),
            settings.prompts(),
            settings.maxPrompts(),
            settings.maxPromptTokens());
    double responses = (double) asked.count() * settings.samples();
    List<Item> moment = new ArrayList<>();
    sampler(moment, "policy", settings.policy(), asked, settings.maxResponseTokens());
    drawn(settings.policy(), asked, settings.maxResponseTokens(), responses);
    scorers(moment, settings.reward(), asked, settings.maxResponseTokens(), responses);
    moment(moment);
  }

  private void collection(CollectionSettings settings) {
    if (settings.players().isEmpty()) {
      basis.add("no model is loaded: the labels are taken as they are");
      return;
    }
    Asked asked =
        asked(
            settings.players().getFirst().model(),
            settings.prompts(),
            Long.MAX_VALUE,
            settings.maxPromptTokens());
    double shares = settings.players().stream().mapToDouble(Player::share).sum();
    for (Player player : settings.players()) {
      double answers = 2.0 * settings.comparisons() * player.share() / shares;
      player(player, asked, settings.maxResponseTokens(), answers);
    }
  }

  private void matches(MatchesSettings settings) {
    Asked asked =
        asked(
            settings.players().getFirst().model(),
            settings.prompts(),
            settings.maxPrompts(),
            settings.maxPromptTokens());
    for (Player player : settings.players()) {
      player(player, asked, settings.maxResponseTokens(), (double) asked.count());
    }
    for (MatchesSettings.Judge judge : settings.judges()) {
      String model = judge.preferenceModel();
      if (model != null) {
        List<Item> moment = new ArrayList<>();
        scorer(moment, "judge " + judge.name(), model, asked, settings.maxResponseTokens());
        scored(
            model,
            asked,
            settings.maxResponseTokens(),
            (double) settings.players().size() * asked.count());
        moment(moment);
      }
    }
  }

  private void sheet(SampleSheetSettings settings) {
    for (SampleSheetSettings.PromptSet set : settings.sets()) {
      Asked asked =
          asked(
              settings.players().getFirst().model(),
              set.files(),
              settings.maxPrompts(),
              settings.maxPromptTokens());
      for (Player player : settings.players()) {
        Player ranked =
            new Player(player.name(), player.model(), 1, settings.samples(), settings.ranker());
        player(ranked, asked, settings.maxResponseTokens(), (double) asked.count());
      }
    }
  }

  private void ood(OodSettings settings) {
    DecoderConfig config = config(settings.model());
    double kept = 0;
    for (List<String> files : List.of(settings.inside(), settings.outside(), settings.filter())) {
      if (!files.isEmpty()) {
        boolean all = files.equals(settings.filter());
        Asked asked =
            asked(
                settings.model(),
                files,
                all ? Long.MAX_VALUE : settings.maxPrompts(),
                settings.maxPromptTokens());
        kept += (double) asked.count();
        forward(config, (double) asked.count(), asked.lengths().mean(), 0);
      }
    }
    double width = config.dModel();
    List<Item> moment = new ArrayList<>();
    weights(moment, "model", config);
    moment.add(new Item("activations of a pass", pass(config, 64.0 * settings.maxPromptTokens())));
    moment.add(new Item("activations that are kept", FLOAT * kept * config.layers() * width));
    // A layer's rows again in order, the covariance, its spectrum and its factor.
    moment.add(new Item("covariance of a layer", FLOAT * kept * width + 3 * 8.0 * width * width));
    moment(moment);
    basis.add("the fits' own time, of N d^2 and d^3 in each layer and split, is left out");
  }

  private void preference(PreferenceEvaluationSettings settings) {
    DecoderConfig config = config(settings.model());
    Tokenizer tokenizer = Tokenizer.ofDirectory(Path.of(settings.model()));
    List<Comparison> comparisons = new ArrayList<>();
    double pairs = 1;
    for (PreferenceSettings.HeldOut part : settings.data()) {
      for (String file : part.files()) {
        comparisons.addAll(ComparisonReader.read(Path.of(file)).comparisons());
      }
      pairs = Math.max(pairs, part.objective().pairCount());
    }
    int whole = config.contextTokens();
    int longest = settings.contextTokens() == 0 ? whole : Math.min(whole, settings.contextTokens());
    List<Integer> each = new ArrayList<>();
    for (Comparison comparison : RunEstimate.sample(comparisons)) {
      int prompt = SequenceFormat.prompt(tokenizer, comparison.prompt()).length;
      for (String response : List.of(comparison.chosen(), comparison.rejected())) {
        each.add(Math.min(longest, prompt + tokenizer.encode(response).length + 1));
      }
    }
    Lengths lengths = Lengths.of(each);
    basis.add("lengths of %d responses of %,d".formatted(each.size(), 2L * comparisons.size()));
    double sequences = 2.0 * comparisons.size();
    List<Item> moment = new ArrayList<>();
    weights(moment, "preference model", config);
    forward(config, sequences * pairs, lengths.mean(), 0);
    double rows = Math.min(TOKENS, 2 * DRAWN * lengths.longest());
    double passes = pass(config, rows);
    String baseline = settings.baseline();
    if (baseline != null) {
      DecoderConfig language = config(baseline);
      weights(moment, "baseline", language);
      forward(language, sequences, lengths.mean(), lengths.mean());
      double predicted = Math.clamp(16e6 / language.vocabularySize(), 256, TOKENS);
      passes =
          Math.max(
              passes,
              pass(language, predicted) + 3 * FLOAT * predicted * language.vocabularySize());
    }
    moment.add(new Item("activations of a pass", passes));
    moment(moment);
  }

  /** A model that answers, and its ranker. */
  private void player(Player player, Asked asked, int response, double answers) {
    List<Item> moment = new ArrayList<>();
    sampler(moment, player.name(), player.model(), asked, response);
    drawn(player.model(), asked, response, answers * player.bestOf());
    scorers(moment, player.ranker(), asked, response, answers * player.bestOf());
    moment(moment);
  }

  private void scorers(
      List<Item> moment,
      PpoSettings.@Nullable Reward reward,
      Asked asked,
      int response,
      double responses) {
    if (reward != null) {
      for (String model : reward.preferenceModels()) {
        scorer(moment, "preference model", model, asked, response);
        scored(model, asked, response, responses);
      }
    }
  }

  private void sampler(List<Item> moment, String what, String model, Asked asked, int response) {
    DecoderConfig config = config(model);
    weights(moment, what, config);
    moment.add(new Item("its matrices as sampling reads them", FLOAT * config.parameterCount()));
    moment.add(
        new Item(
            "key-value cache",
            2
                * FLOAT
                * DRAWN
                * (asked.lengths().longest() + (double) response)
                * config.layers()
                * config.kvHeads()
                * config.headWidth()));
  }

  private void scorer(List<Item> moment, String what, String model, Asked asked, int response) {
    DecoderConfig config = config(model);
    weights(moment, what, config);
    double rows = Math.min(TOKENS, DRAWN * (asked.lengths().longest() + (double) response));
    moment.add(new Item("its activations", pass(config, rows)));
  }

  void weights(List<Item> moment, String what, DecoderConfig config) {
    long count = config.parameterCount();
    parameters = Math.max(parameters, count);
    moment.add(new Item(what, FLOAT * count));
  }

  /** What a pass without gradients holds: no more than a block's numbers at a time. */
  static double pass(DecoderConfig config, double rows) {
    return FLOAT * RunEstimate.keptByBlock(config) * Math.min(TOKENS, rows);
  }

  /** Keeps the greatest moment. */
  void moment(List<Item> items) {
    if (bytes(items) > bytes(greatest)) {
      greatest = List.copyOf(items);
    }
  }

  private static double bytes(List<Item> items) {
    return items.stream().mapToDouble(Item::bytes).sum();
  }

  private void drawn(String model, Asked asked, int response, double responses) {
    DecoderConfig config = config(model);
    work(
        Arithmetic.of(config)
            .sampling(Math.round(responses), Math.round(asked.lengths().mean()), response),
        RunEstimate.share(config) / SAMPLING);
  }

  private void scored(String model, Asked asked, int response, double responses) {
    forward(config(model), responses, asked.lengths().mean() + response, 0);
  }

  void forward(DecoderConfig config, double sequences, double length, double predicted) {
    work(
        Arithmetic.of(config)
            .forward(Math.round(sequences), Math.round(length), Math.round(predicted)),
        RunEstimate.share(config));
  }

  private void work(double count, double at) {
    operations += count;
    paced += count / at;
  }
}
