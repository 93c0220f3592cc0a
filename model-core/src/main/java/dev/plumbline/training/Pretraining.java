package dev.plumbline.training;

import dev.plumbline.data.ConversationSplit;
import dev.plumbline.data.TranscriptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.TokenBatch;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.SequenceFormat.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Language-model pretraining from scratch: a byte-level BPE is trained on the data, then a decoder
 * by next-token cross-entropy over whole transcripts, in nats per token.
 *
 * <p>After every response of the assistant the token to be predicted is {@code <|end|>}, also where
 * the dialogue goes on (see {@link SequenceFormat.Sequence}); so a sampled response ends by itself
 * after any number of turns.
 */
public final class Pretraining implements TrainingStage {
  private final PretrainingSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;
  private final TrainedPart part;
  private final MicroBatches microBatches;
  private final LanguageModel model;
  private final Program program;
  private final AdamW optimiser;
  private final Schedule schedule;
  private final Steering steering;
  private final BatchPlan<Sequence> training;
  private final List<Sequence> heldOut;

  /** Reads the data, trains the tokenizer and makes the model. */
  public Pretraining(PretrainingSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
    List<String> transcripts = new ArrayList<>();
    for (String file : settings.data()) {
      transcripts.addAll(TranscriptReader.read(Path.of(file)));
    }
    // Datasets repeat a transcript where two comparisons share their chosen response.
    List<String> distinct = List.copyOf(new LinkedHashSet<>(transcripts));
    ConversationSplit.Split<String> split =
        ConversationSplit.split(distinct, Pretraining::firstTurn, settings.heldOutFraction(), seed);
    if (split.train().isEmpty()) {
      throw new UserError("the pretraining data hold no transcripts; name other files under data");
    }
    Tokenizer tokenizer =
        BpeTrainer.train(split.train(), settings.vocabularySize(), Tokenizer.SPECIALS);
    PretrainingSettings.ModelSize size = settings.model();
    DecoderConfig config =
        DecoderConfig.of(
            tokenizer.vocabularySize(),
            size.layers(),
            size.dModel(),
            size.heads(),
            size.kvHeads(),
            size.feedForward(),
            settings.contextTokens());
    TrainerSettings trainer = settings.trainer();
    part = new TrainedPart(trainer);
    model =
        part.of(
            LanguageModel.initialise(runtime, config, tokenizer, randomness.key("weights")),
            randomness);
    program = model.program();
    optimiser =
        new AdamW(
            runtime,
            model.parameters(),
            model.parameterNames(),
            part::trains,
            AdamW.Settings.withDecay(settings.weightDecay()));
    microBatches = new MicroBatches(trainer.microBatchSize());
    schedule =
        new Schedule(
            trainer.courseOr(Schedule.Course.COSINE),
            settings.warmupSteps(),
            settings.steps(),
            trainer.halveEvery());
    steering = new Steering(Map.of(Steering.LEARNING_RATE, settings.learningRate()));
    training =
        new BatchPlan<>(
            sequences(split.train()),
            sequence -> sequence.ids().length,
            settings.batchSize(),
            randomness);
    heldOut = new ArrayList<>(sequences(split.heldOut()));
    heldOut.sort(Comparator.comparingInt(sequence -> sequence.ids().length));
  }

  /** What keeps transcripts of one conversation on one side of the split: the first human turn. */
  static String firstTurn(String transcript) {
    int assistant = transcript.indexOf("\n\nAssistant:");
    return assistant < 0 ? transcript : transcript.substring(0, assistant);
  }

  private List<Sequence> sequences(List<String> transcripts) {
    // The tensor library is idle now: every core may tokenize.
    return transcripts.parallelStream()
        .map(
            text ->
                SequenceFormat.training(
                    model.tokenizer(), model.config().eos(), text, settings.contextTokens()))
        .toList();
  }

  /** The model in training. */
  public LanguageModel model() {
    return model;
  }

  @Override
  public String phase() {
    return "pretraining";
  }

  @Override
  public long totalSteps() {
    return settings.steps();
  }

  @Override
  public Steering steering() {
    return steering;
  }

  @Override
  public Optional<Report> measure(long done, RunListener listener, Interruption interruption) {
    boolean due =
        done == settings.steps()
            || (settings.evaluateEvery() > 0 && done % settings.evaluateEvery() == 0);
    if (!due || heldOut.isEmpty()) {
      return Optional.empty();
    }
    listener.progress(done, settings.steps(), Double.NaN, "evaluating");
    return Optional.of(new Report(done, 0, 0, evaluate(interruption)));
  }

  /**
   * Held-out loss in nats per token, with a 95 % interval from the spread between dialogues (ratio
   * of sums, linearised).
   */
  private Map<String, Double> evaluate(Interruption interruption) {
    int n = heldOut.size();
    double[] losses = new double[n];
    int[] tokens = new int[n];
    for (int from = 0; from < n; from += settings.batchSize()) {
      interruption.check();
      List<Sequence> batch = heldOut.subList(from, Math.min(n, from + settings.batchSize()));
      try (Scope _ = runtime.scope()) {
        TokenBatch tensors = tokens(batch);
        double[] found =
            program
                .call(
                    "token_losses", model.parameters(), tensors.x(), tensors.at(), tensors.wanted())
                .getFirst()
                .toDoubles();
        int at = 0;
        for (int b = 0; b < batch.size(); b++) {
          tokens[from + b] = batch.get(b).wanted().length;
          for (int t = 0; t < batch.get(b).wanted().length; t++) {
            losses[from + b] += found[at++];
          }
        }
      }
    }
    Map<String, Double> values = new LinkedHashMap<>();
    Means.overTokens(losses, tokens).put(values, Metrics.EVAL_LOSS);
    values.put(Metrics.EVAL_N, (double) n);
    return values;
  }

  @Override
  public Report step(long done, RunListener listener, Interruption interruption) {
    List<Sequence> batch = training.batch(done);
    double rate = steering.value(Steering.LEARNING_RATE) * schedule.share(done);
    long tokens = batch.stream().mapToLong(sequence -> sequence.wanted().length).sum();
    double[] loss = {0};
    microBatches.run(
        batch.size(),
        (from, to) -> {
          List<Sequence> some = batch.subList(from, to);
          double share =
              (double) some.stream().mapToLong(sequence -> sequence.wanted().length).sum() / tokens;
          loss[0] += share * gradients(some, share, randomness.key("dropout", done, from));
        },
        () -> {
          optimiser.discard();
          loss[0] = 0;
        });
    microBatches.takeNews().ifPresent(news -> listener.notice(done, news));
    double norm = optimiser.clip(settings.maxGradientNorm());
    Anomaly.requireFinite("pretraining", done, loss[0], norm);
    optimiser.step(rate);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Metrics.LOSS, loss[0]);
    values.put(Metrics.GRAD_NORM, norm);
    values.put(Metrics.LEARNING_RATE, rate);
    return new Report(done + 1, batch.size(), tokens, values);
  }

  /** Adds the gradients of a part of a batch, and gives its loss. */
  private double gradients(List<Sequence> part, double share, long dropoutKey) {
    try (Scope _ = runtime.scope()) {
      TokenBatch tensors = tokens(part).dropping(runtime, dropoutKey);
      return program
          .gradients(
              "lm_loss",
              share,
              model.parameters(),
              optimiser.gradients(),
              tensors.x(),
              tensors.at(),
              tensors.wanted())
          .loss();
    }
  }

  @Override
  public void save(Path directory) {
    part.save(model, directory);
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

  private TokenBatch tokens(List<Sequence> batch) {
    return TokenBatch.predicting(
        runtime,
        batch.stream().map(Sequence::ids).toList(),
        batch.stream().map(Sequence::wanted).toList());
  }
}
