package dev.plumbline.training;

import dev.plumbline.data.ComparisonFile;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.ConversationSplit;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Preference modelling (paper sections 2.3 and 3.1, appendix A.2): a scalar score at the
 * end-of-context token, loss {@code ln(1 + exp(r_rejected - r_chosen))}, mean over the comparisons
 * of a batch, one epoch.
 *
 * <p>Each response is read alone after its prompt, as {@code <|begin|> prompt response
 * <|end_of_context|>} (see {@link SequenceFormat}).
 */
public final class PreferenceTraining implements TrainingStage {
  private static final Logger LOG = LoggerFactory.getLogger(PreferenceTraining.class);
  private static final int FIXTURE_COMPARISONS = 4;
  private static final int SCORED_AT_ONCE = 256;

  /** A comparison as two token sequences. */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  private record Pair(int[] chosen, int[] rejected) {
    int length() {
      return Math.max(chosen.length, rejected.length);
    }
  }

  private final PreferenceSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;
  private final PreferenceModel model;
  private final Program program;
  private final AdamW optimiser;
  private final Schedule schedule;
  private final Steering steering;
  private final BatchPlan<Pair> training;
  private final List<Pair> heldOut;
  private final List<Comparison> fixture;
  private final double lengthAccuracy;

  /** Reads the data and the base model. */
  public PreferenceTraining(PreferenceSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
    List<Comparison> train = read(settings.data());
    List<Comparison> held = read(settings.heldOut());
    if (settings.heldOut().isEmpty()) {
      ConversationSplit.Split<Comparison> split =
          ConversationSplit.split(train, settings.heldOutFraction(), seed);
      train = split.train();
      held = split.heldOut();
    }
    train = sample(train);
    if (train.isEmpty()) {
      throw new UserError("the preference data hold no comparisons; name other files under data");
    }
    model = PreferenceModel.start(runtime, Path.of(settings.base()), randomness.key("head"));
    program = model.program();
    optimiser =
        new AdamW(
            runtime,
            model.parameters(),
            model.parameterNames(),
            AdamW.Settings.withDecay(settings.weightDecay()));
    training = new BatchPlan<>(pairs(train), Pair::length, settings.batchSize(), randomness);
    heldOut = pairs(held);
    fixture =
        (held.isEmpty() ? train : held)
            .subList(0, Math.min(FIXTURE_COMPARISONS, (held.isEmpty() ? train : held).size()));
    lengthAccuracy = held.isEmpty() ? Double.NaN : LengthRule.of(held).shorter();
    schedule = new Schedule(Schedule.Course.LINEAR_TO_ZERO, settings.warmupSteps(), totalSteps());
    steering = new Steering(Map.of(Steering.LEARNING_RATE, settings.learningRate()));
    LOG.info(
        "{} comparisons for training, {} held out; length rule (shorter/longer): {}/{}",
        train.size(),
        heldOut.size(),
        lengthAccuracy,
        1 - lengthAccuracy);
  }

  private static List<Comparison> read(List<String> files) {
    List<Comparison> comparisons = new ArrayList<>();
    for (String name : files) {
      ComparisonFile file = ComparisonReader.read(Path.of(name));
      file.report().requireClean();
      if (file.report().unequalPrompts() > 0) {
        LOG.warn(
            "{}: {} comparisons with unequal prompts are left out",
            name,
            file.report().unequalPrompts());
      }
      comparisons.addAll(file.comparisons());
    }
    return comparisons;
  }

  /** At most maxComparisons of them, drawn by the seed, so that a smaller study is a sub-study. */
  private List<Comparison> sample(List<Comparison> comparisons) {
    if (settings.maxComparisons() <= 0 || comparisons.size() <= settings.maxComparisons()) {
      return comparisons;
    }
    int[] order = randomness.permutation(comparisons.size(), "comparisons");
    return Arrays.stream(order, 0, settings.maxComparisons()).mapToObj(comparisons::get).toList();
  }

  private List<Pair> pairs(List<Comparison> comparisons) {
    int endOfContext = SequenceFormat.endOfContext(model);
    int longest = Math.min(settings.contextTokens(), model.trunk().config().contextTokens());
    Tokenizer tokenizer = model.tokenizer();
    // The tensor library is idle now: every core may tokenize.
    return comparisons.parallelStream()
        .map(
            comparison -> {
              int[] prompt = SequenceFormat.encode(tokenizer, comparison.prompt());
              return new Pair(
                  SequenceFormat.scored(
                      tokenizer, endOfContext, prompt, comparison.chosen(), longest),
                  SequenceFormat.scored(
                      tokenizer, endOfContext, prompt, comparison.rejected(), longest));
            })
        .toList();
  }

  /** The model in training. */
  public PreferenceModel model() {
    return model;
  }

  @Override
  public String phase() {
    return "preference modelling";
  }

  @Override
  public long totalSteps() {
    return (long) training.batchesPerPass() * settings.epochs();
  }

  @Override
  public Steering steering() {
    return steering;
  }

  @Override
  public Optional<Report> measure(long done, RunListener listener, Interruption interruption) {
    boolean due =
        done == totalSteps()
            || (settings.evaluateEvery() > 0 && done % settings.evaluateEvery() == 0);
    if (!due || heldOut.isEmpty()) {
      return Optional.empty();
    }
    listener.progress(done, totalSteps(), Double.NaN, "evaluating");
    double[] chosen = scores(heldOut.stream().map(Pair::chosen).toList(), interruption);
    double[] rejected = scores(heldOut.stream().map(Pair::rejected).toList(), interruption);
    PreferenceAccuracy accuracy = PreferenceAccuracy.of(chosen, rejected);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Metrics.EVAL_LOSS, accuracy.loss());
    values.put(Metrics.EVAL_LOSS_LOW, accuracy.lossLow());
    values.put(Metrics.EVAL_LOSS_HIGH, accuracy.lossHigh());
    values.put(Metrics.EVAL_ACCURACY, accuracy.accuracy());
    values.put(Metrics.EVAL_ACCURACY_LOW, accuracy.low());
    values.put(Metrics.EVAL_ACCURACY_HIGH, accuracy.high());
    values.put(Metrics.EVAL_N, (double) accuracy.n());
    values.put(Metrics.EVAL_LENGTH_ACCURACY, lengthAccuracy);
    return Optional.of(new Report(done, 0, 0, values));
  }

  private double[] scores(List<int[]> sequences, Interruption interruption) {
    double[] scores = new double[sequences.size()];
    for (int from = 0; from < scores.length; from += SCORED_AT_ONCE) {
      interruption.check();
      int to = Math.min(scores.length, from + SCORED_AT_ONCE);
      System.arraycopy(model.scores(sequences.subList(from, to)), 0, scores, from, to - from);
    }
    return scores;
  }

  @Override
  public Report step(long done, RunListener listener, Interruption interruption) {
    List<Pair> batch = training.batch(done);
    List<int[]> chosen = batch.stream().map(Pair::chosen).toList();
    List<int[]> rejected = batch.stream().map(Pair::rejected).toList();
    double rate = steering.value(Steering.LEARNING_RATE) * schedule.share(done);
    Map<String, Double> values = new LinkedHashMap<>();
    try (Scope _ = runtime.scope()) {
      TokenBatch tokens = TokenBatch.pairs(runtime, chosen, rejected);
      List<Tensor> outputs =
          program
              .gradients(
                  "pm_loss", model.parameters(), optimiser.gradients(), tokens.x(), tokens.last())
              .outputs();
      double loss = outputs.get(0).item();
      double norm = optimiser.clip(settings.maxGradientNorm());
      Divergence.check("preference modelling", done, loss, norm);
      values.put(Metrics.LOSS, loss);
      values.put(Metrics.ACCURACY, outputs.get(2).item());
      values.put(Metrics.MARGIN, outputs.get(3).item());
      values.put(Metrics.GRAD_NORM, norm);
      values.put(Metrics.LEARNING_RATE, rate);
      optimiser.step(rate);
    }
    long tokens =
        batch.stream().mapToLong(pair -> pair.chosen().length + pair.rejected().length).sum();
    return new Report(done + 1, batch.size(), tokens, values);
  }

  @Override
  public void save(Path directory) throws IOException {
    Path modelDirectory = directory.resolve("model");
    model.save(modelDirectory);
    List<String> prompts = new ArrayList<>();
    List<String> responses = new ArrayList<>();
    for (Comparison comparison : fixture) {
      prompts.add(comparison.prompt());
      responses.add(comparison.chosen());
      prompts.add(comparison.prompt());
      responses.add(comparison.rejected());
    }
    ScoreFixture.write(modelDirectory, model, prompts, responses);
    OptimiserState.save(directory, List.of(optimiser), Map.of());
  }

  @Override
  public void restore(Path directory) {
    OptimiserState.restoreWeights(
        directory.resolve("model"), model.parameterNames(), model.parameters());
    OptimiserState.restore(directory, List.of(optimiser), Map.of());
  }

  @Override
  public void close() {
    optimiser.close();
    model.close();
  }
}
