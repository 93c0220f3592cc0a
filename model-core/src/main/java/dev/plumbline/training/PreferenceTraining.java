package dev.plumbline.training;

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
import org.jspecify.annotations.Nullable;
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
 *
 * <p>The data may be a mixture of parts with weights and objectives of their own (paper section
 * 5.1); see {@link PreferenceData} for how it is drawn, {@link PreferenceObjective} for what is
 * learned from a comparison, and {@link HeldOutScores} for what is measured.
 */
public final class PreferenceTraining implements TrainingStage {
  private static final Logger LOG = LoggerFactory.getLogger(PreferenceTraining.class);
  private static final int FIXTURE_COMPARISONS = 4;

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
  private final PreferenceData data;
  private final double meanWeight;
  private final BatchPlan<EncodedComparison> training;
  private final HeldOutEvaluation heldOut;
  private final List<Comparison> fixture;

  /** What the model in its present state has been found to score on average. */
  private Optional<HeldOutMean> mean = Optional.empty();

  /** Reads the data and the base model. */
  public PreferenceTraining(PreferenceSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    Path base = Path.of(settings.base());
    ScoreFixture.requireFormat(base, settings.format());
    randomness = new Randomness(seed);
    data = PreferenceData.read(settings, seed);
    meanWeight = data.meanWeight();
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
    training =
        new BatchPlan<>(
            encoded(data.training()), EncodedComparison::length, settings.batchSize(), randomness);
    heldOut = new HeldOutEvaluation(runtime, model, encoded(data.heldOut()), baseline());
    List<PreferenceData.Item> shown = heldOut.isEmpty() ? data.training() : data.heldOut();
    fixture =
        shown.subList(0, Math.min(FIXTURE_COMPARISONS, shown.size())).stream()
            .map(PreferenceData.Item::comparison)
            .toList();
    microBatches = new MicroBatches(trainer.microBatchSize());
    schedule =
        new Schedule(
            trainer.courseOr(Schedule.Course.LINEAR),
            settings.warmupSteps(),
            totalSteps(),
            trainer.halveEvery());
    steering = new Steering(Map.of(Steering.LEARNING_RATE, settings.learningRate()));
    LOG.info(
        "{} comparisons for training, {} held out", data.training().size(), data.heldOut().size());
  }

  private List<EncodedComparison> encoded(List<PreferenceData.Item> items) {
    return EncodedComparison.of(model, items, settings.contextTokens());
  }

  /** The language model beside the accuracy; a preference model has no output to be asked. */
  private @Nullable Path baseline() {
    String named = settings.baseline();
    if (named != null) {
      return Path.of(named);
    }
    Path base = Path.of(settings.base());
    return PreferenceModel.formatOf(base).isPresent() ? null : base;
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
    if (done == 0) {
      data.notices().forEach(notice -> listener.notice(done, notice));
    }
    if (!isDue(done) || heldOut.isEmpty()) {
      return Optional.empty();
    }
    listener.progress(done, totalSteps(), Double.NaN, "evaluating");
    HeldOutScores scores = heldOut.scores(interruption);
    mean = scores.mean();
    if (done == totalSteps()) {
      listener.table(done, scores.comparisons());
      listener.table(done, scores.accuracies());
    }
    return Optional.of(new Report(done, 0, 0, scores.metrics()));
  }

  private boolean isDue(long done) {
    if (done == totalSteps()) {
      return true;
    }
    return switch (settings.evaluateAt()) {
      case EVERY -> settings.evaluateEvery() > 0 && done % settings.evaluateEvery() == 0;
      case LOG -> isLogStep(done);
    };
  }

  /** Whether a number of steps is 0 or round(2^(k/2)) for some k. */
  static boolean isLogStep(long done) {
    long k = done <= 0 ? 0 : Math.round(2 * Math.log((double) done) / Math.log(2));
    return done == 0 || Math.round(Math.pow(2, k / 2.0)) == done;
  }

  @Override
  public Report step(long done, RunListener listener, Interruption interruption) {
    List<EncodedComparison> batch = training.batch(done);
    mean = Optional.empty();
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
        batch.stream()
            .flatMap(comparison -> comparison.pairs().stream())
            .mapToLong(pair -> pair.better().length + pair.worse().length)
            .sum();
    return new Report(done + 1, batch.size(), tokens, values);
  }

  /**
   * Adds the gradients of a part of a batch, and gives its loss, accuracy and mean margin. The loss
   * of a batch of B comparisons is {@code sum of w l / (B W)}: w is a comparison's weight, l the
   * mean of {@code ln(1 + exp(-margin))} over its pairs, W the mean of w over all of training. So
   * the weights say how parts stand to each other, whatever number multiplies them all.
   */
  private double[] gradients(List<EncodedComparison> part, double share, long dropoutKey) {
    List<int[]> better = new ArrayList<>();
    List<int[]> worse = new ArrayList<>();
    int pairs = part.stream().mapToInt(comparison -> comparison.pairs().size()).sum();
    float[] weights = new float[pairs];
    for (EncodedComparison comparison : part) {
      double weight = comparison.item().weight() / meanWeight / comparison.pairs().size();
      for (EncodedComparison.Pair pair : comparison.pairs()) {
        // The program takes the mean over pairs.
        weights[better.size()] = (float) (weight * pairs / part.size());
        better.add(pair.better());
        worse.add(pair.worse());
      }
    }
    try (Scope _ = runtime.scope()) {
      TokenBatch tokens = TokenBatch.pairs(runtime, better, worse).dropping(runtime, dropoutKey);
      List<Tensor> outputs =
          program
              .gradients(
                  "pm_weighted_loss",
                  share,
                  model.parameters(),
                  optimiser.gradients(),
                  tokens.x(),
                  tokens.last(),
                  runtime.floats(weights, pairs))
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
    ScoreFixture.write(directory.resolve("model"), model, prompts, responses, mean.orElse(null));
    OptimiserState.save(directory, List.of(optimiser), kept());
  }

  @Override
  public void restore(Path directory) {
    part.restore(model, directory);
    OptimiserState.restore(directory, List.of(optimiser), kept());
    mean = ScoreFixture.mean(directory.resolve("model"));
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
