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
 * <|end_of_context|>} (see {@link SequenceFormat}) or in the model's own chat template (see {@link
 * ChatFormat}); the model's directory remembers which.
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
  private final TrainedPart part;
  private final MicroBatches microBatches;
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
    Path base = Path.of(settings.base());
    ScoreFixture.requireFormat(base, settings.format());
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
    TrainerSettings trainer = settings.trainer();
    part = new TrainedPart(trainer);
    model =
        part.of(
            ScoreFixture.start(runtime, base, randomness.key("head")).reading(settings.format()),
            randomness);
    program = model.program();
    optimiser =
        new AdamW(
            runtime,
            model.parameters(),
            model.parameterNames(),
            part::trains,
            AdamW.Settings.withDecay(settings.weightDecay()));
    training = new BatchPlan<>(pairs(train), Pair::length, settings.batchSize(), randomness);
    heldOut = pairs(held);
    fixture =
        (held.isEmpty() ? train : held)
            .subList(0, Math.min(FIXTURE_COMPARISONS, (held.isEmpty() ? train : held).size()));
    lengthAccuracy = held.isEmpty() ? Double.NaN : LengthRule.of(held).shorter();
    microBatches = new MicroBatches(trainer.microBatchSize());
    schedule =
        new Schedule(
            trainer.courseOr(Schedule.Course.LINEAR),
            settings.warmupSteps(),
            totalSteps(),
            trainer.halveEvery());
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
    int longest = Math.min(settings.contextTokens(), model.trunk().config().contextTokens());
    ScoredSequences form = new ScoredSequences(model, longest);
    // The tensor library is idle now: every core may tokenize.
    return comparisons.parallelStream()
        .map(
            comparison -> {
              List<int[]> both =
                  form.of(comparison.prompt(), List.of(comparison.chosen(), comparison.rejected()));
              return new Pair(both.getFirst(), both.getLast());
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
    double rate = steering.value(Steering.LEARNING_RATE) * schedule.share(done);
    double[] means = new double[3];
    microBatches.run(
        batch.size(),
        (from, to) -> {
          double share = (double) (to - from) / batch.size();
          double[] found =
              gradients(batch.subList(from, to), share, randomness.key("dropout", done, from));
          for (int i = 0; i < means.length; i++) {
            means[i] += share * found[i];
          }
        },
        () -> {
          optimiser.discard();
          Arrays.fill(means, 0);
        });
    microBatches.takeNews().ifPresent(news -> listener.notice(done, news));
    double norm = optimiser.clip(settings.maxGradientNorm());
    Anomaly.requireFinite("preference modelling", done, means[0], norm);
    optimiser.step(rate);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Metrics.LOSS, means[0]);
    values.put(Metrics.ACCURACY, means[1]);
    values.put(Metrics.MARGIN, means[2]);
    values.put(Metrics.GRAD_NORM, norm);
    values.put(Metrics.LEARNING_RATE, rate);
    long tokens =
        batch.stream().mapToLong(pair -> pair.chosen().length + pair.rejected().length).sum();
    return new Report(done + 1, batch.size(), tokens, values);
  }

  /** Adds the gradients of a part of a batch, and gives its loss, accuracy and mean margin. */
  private double[] gradients(List<Pair> part, double share, long dropoutKey) {
    List<int[]> chosen = part.stream().map(Pair::chosen).toList();
    List<int[]> rejected = part.stream().map(Pair::rejected).toList();
    try (Scope _ = runtime.scope()) {
      TokenBatch tokens = TokenBatch.pairs(runtime, chosen, rejected).dropping(runtime, dropoutKey);
      List<Tensor> outputs =
          program
              .gradients(
                  "pm_loss",
                  share,
                  model.parameters(),
                  optimiser.gradients(),
                  tokens.x(),
                  tokens.last())
              .outputs();
      return new double[] {
        outputs.get(0).item(), outputs.get(2).item(), outputs.get(3).item(),
      };
    }
  }

  @Override
  public void save(Path directory) throws IOException {
    part.save(model, directory);
    List<String> prompts = new ArrayList<>();
    List<String> responses = new ArrayList<>();
    for (Comparison comparison : fixture) {
      prompts.add(comparison.prompt());
      responses.add(comparison.chosen());
      prompts.add(comparison.prompt());
      responses.add(comparison.rejected());
    }
    ScoreFixture.write(directory.resolve("model"), model, prompts, responses);
    OptimiserState.save(directory, List.of(optimiser), kept());
  }

  @Override
  public void restore(Path directory) {
    part.restore(model, directory);
    OptimiserState.restore(directory, List.of(optimiser), kept());
  }

  private Map<String, Tensor> kept() {
    return part.kept(model.parameterNames(), model.parameters());
  }

  @Override
  public void close() {
    optimiser.close();
    model.close();
  }
}
