package dev.plumbline.experiment;

import com.sun.management.OperatingSystemMXBean;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.PromptReader;
import dev.plumbline.data.TranscriptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.evaluation.MeasurementSettings;
import dev.plumbline.lm.Arithmetic;
import dev.plumbline.lm.DecoderConfig;
import dev.plumbline.lm.Precision;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.training.DistillationSettings;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.PretrainingSettings;
import dev.plumbline.training.SequenceFormat;
import dev.plumbline.training.StageSettings;
import dev.plumbline.training.TrainerSettings;
import dev.plumbline.training.TrainingSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a run will need, before it starts: memory by what it is for, and arithmetic.
 *
 * <p>Lengths come from a sample of the data, the longest batch of which decides the memory.
 * Weights, gradients and moments are counted exactly; of activations what a backward pass keeps of
 * a block (see {@link #keptByBlock}); of logits three copies. Norms' and activations' own time is
 * not in the arithmetic, so a time is made from it with the share of the machine's product rate
 * that is usually reached: 0.0027 of it for each unit of width, up to a half, in training, and a
 * third of that in sampling, where matrices are thin. It is rough: good to a factor of two or so.
 *
 * @param memory what memory is needed for
 * @param parameters trained numbers and others, of the model that is trained; of a measurement
 *     those of its largest model
 * @param trained trained numbers; 0 of a measurement
 * @param operations arithmetic of the whole run, floating-point operations
 * @param share what part of the machine's rate of matrix products is assumed to be reached
 * @param basis where the numbers come from, a line each
 */
public record RunEstimate(
    List<Item> memory,
    long parameters,
    long trained,
    double operations,
    double share,
    List<String> basis) {
  /** Java, the tensor library and its programs, in bytes; measured on Linux. */
  static final double PROGRAM = 400e6;

  private static final int SAMPLED = 256;

  /** Characters a token of a byte-level BPE of some thousand tokens, where there is none yet. */
  private static final double CHARACTERS_A_TOKEN = 3.5;

  /**
   * One use of memory.
   *
   * @param what for people
   * @param bytes how much
   */
  public record Item(String what, double bytes) {}

  /** All of it, in bytes. */
  public double totalBytes() {
    return memory.stream().mapToDouble(Item::bytes).sum();
  }

  /**
   * Seconds of the whole run.
   *
   * @param rate the machine's rate of matrix products, operations a second
   */
  public double seconds(double rate) {
    return operations / (share * rate);
  }

  /** Memory of this machine in bytes; infinite where it does not tell. */
  public static double machineBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Double.POSITIVE_INFINITY;
  }

  /**
   * The estimate for a stage whose paths can be opened.
   *
   * @throws dev.plumbline.data.UserError where a model's configuration or the data cannot be read
   */
  public static RunEstimate of(StageSettings settings) {
    return switch (settings) {
      case TrainingSettings training -> ofTraining(training);
      case MeasurementSettings measurement -> MeasurementEstimate.of(measurement);
      default -> throw new IllegalArgumentException("no stage has " + settings.getClass());
    };
  }

  /**
   * The estimate for a spec whose references are names still; nothing is hashed.
   *
   * @param workspace where they are looked up
   * @throws dev.plumbline.data.UserError where something that the spec names is not there
   */
  public static RunEstimate of(ExperimentSpec spec, Path workspace) {
    Runs runs = new Runs(workspace);
    return of(
        SpecPaths.map(
            spec.settings(),
            (key, meaning, text) -> {
              if (meaning == SpecDefaults.Meaning.MODEL) {
                return ModelReference.resolve(text, workspace).toString();
              }
              Path file =
                  text.startsWith(RunReference.PREFIX)
                      ? runs.data(RunReference.parse(text).orElseThrow())
                      : Path.of(text);
              if (!Files.isRegularFile(file)) {
                throw new UserError(key + ": no such file: " + file + "; check the path");
              }
              return file.toString();
            }));
  }

  private static RunEstimate ofTraining(TrainingSettings settings) {
    return switch (settings) {
      case PretrainingSettings pretraining -> pretraining(pretraining);
      case PreferenceSettings preference -> preference(preference);
      case PpoSettings ppo -> ppo(ppo);
      case DistillationSettings distillation -> distillation(distillation);
    };
  }

  /** Lengths in tokens of a sample of sequences, ascending. */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  record Lengths(int[] sorted) {
    static Lengths of(List<Integer> lengths) {
      return new Lengths(lengths.stream().mapToInt(Integer::intValue).sorted().toArray());
    }

    double mean() {
      return Arrays.stream(sorted).average().orElse(1);
    }

    int longest() {
      return sorted.length == 0 ? 1 : sorted[sorted.length - 1];
    }

    /** Tokens of a part of a batch in which sequences of like length stand together. */
    double longestBatch(int items) {
      int from = Math.max(0, sorted.length - Math.max(1, items));
      return items * Arrays.stream(sorted, from, sorted.length).average().orElse(1);
    }
  }

  /** Some of a list, evenly spaced. */
  static <T> List<T> sample(List<T> all) {
    int n = Math.min(SAMPLED, all.size());
    return IntStream.range(0, n).mapToObj(i -> all.get((int) ((long) i * all.size() / n))).toList();
  }

  private static int atOnce(TrainerSettings trainer, int batch) {
    return trainer.microBatchSize() == 0 ? batch : Math.min(batch, trainer.microBatchSize());
  }

  private static RunEstimate pretraining(PretrainingSettings settings) {
    PretrainingSettings.ModelSize size = settings.model();
    DecoderConfig config =
        DecoderConfig.of(
            settings.vocabularySize(),
            size.layers(),
            size.dModel(),
            size.heads(),
            size.kvHeads(),
            size.feedForward(),
            settings.contextTokens());
    List<String> texts = new ArrayList<>();
    settings.data().forEach(file -> texts.addAll(TranscriptReader.read(Path.of(file))));
    Lengths lengths =
        Lengths.of(
            sample(texts).stream()
                .map(
                    t ->
                        (int)
                            Math.min(settings.contextTokens(), 1 + t.length() / CHARACTERS_A_TOKEN))
                .toList());
    Builder builder = new Builder(config, settings.trainer());
    int part = atOnce(settings.trainer(), settings.batchSize());
    builder.model();
    builder.training(lengths.longestBatch(part), lengths.longestBatch(part), lengths.longest());
    builder.steps(settings.steps(), settings.batchSize(), lengths.mean(), lengths.mean());
    builder.say(
        "lengths of %d transcripts at %s characters a token"
            .formatted(sample(texts).size(), CHARACTERS_A_TOKEN));
    return builder.estimate();
  }

  private static RunEstimate preference(PreferenceSettings settings) {
    Path base = Path.of(settings.base());
    DecoderConfig config = DecoderConfig.ofDirectory(base);
    Tokenizer tokenizer = Tokenizer.ofDirectory(base);
    List<Comparison> comparisons = new ArrayList<>();
    List<Integer> pairs = new ArrayList<>();
    for (PreferenceSettings.Part part : settings.data()) {
      for (String file : part.files()) {
        comparisons.addAll(ComparisonReader.read(Path.of(file)).comparisons());
      }
      while (pairs.size() < comparisons.size()) {
        pairs.add(part.objective().pairCount());
      }
    }
    int longest = Math.min(settings.contextTokens(), config.contextTokens());
    List<Integer> rows = new ArrayList<>();
    List<Integer> each = new ArrayList<>();
    for (Comparison comparison : sample(comparisons)) {
      int prompt = SequenceFormat.prompt(tokenizer, comparison.prompt()).length;
      int chosen = tokenizer.encode(comparison.chosen()).length + 1;
      int rejected = tokenizer.encode(comparison.rejected()).length + 1;
      each.add(Math.min(longest, prompt + Math.max(chosen, rejected)));
      // A prompt that is cut begins elsewhere for each response, and is shared no longer.
      boolean shared = prompt + Math.max(chosen, rejected) <= longest;
      rows.add(
          shared
              ? prompt + chosen + rejected
              : Math.min(longest, prompt + chosen) + Math.min(longest, prompt + rejected));
    }
    double pairsEach = pairs.stream().mapToInt(Integer::intValue).average().orElse(1);
    long n = 0;
    for (PreferenceSettings.Part part : settings.data()) {
      Integer count = part.comparisons();
      n += count == null ? 0 : count;
    }
    boolean all = settings.data().stream().anyMatch(part -> part.comparisons() == null);
    n = all ? comparisons.size() : n;
    n = settings.maxComparisons() > 0 ? Math.min(settings.maxComparisons(), n) : n;
    Builder builder = new Builder(config, settings.trainer());
    int part = atOnce(settings.trainer(), settings.batchSize());
    builder.model();
    int most = pairs.stream().mapToInt(Integer::intValue).max().orElse(1);
    builder.training(most * Lengths.of(rows).longestBatch(part), 0, Lengths.of(each).longest());
    builder.steps(Math.round(n * settings.epochs() * pairsEach), 1, Lengths.of(rows).mean(), 0);
    builder.say("lengths of %d comparisons of %d".formatted(rows.size(), comparisons.size()));
    return builder.estimate();
  }

  private static RunEstimate distillation(DistillationSettings settings) {
    Path student = Path.of(settings.student());
    DecoderConfig config = DecoderConfig.ofDirectory(student);
    DecoderConfig teacher = DecoderConfig.ofDirectory(Path.of(settings.teacher()));
    Tokenizer tokenizer = Tokenizer.ofDirectory(student);
    List<String> texts = new ArrayList<>();
    settings.data().forEach(file -> texts.addAll(TranscriptReader.read(Path.of(file))));
    Lengths lengths =
        Lengths.of(
            sample(texts).stream()
                .map(
                    text ->
                        Math.min(settings.contextTokens(), tokenizer.encodeWithBos(text).length))
                .toList());
    Builder builder = new Builder(config, settings.trainer());
    int part = atOnce(settings.trainer(), settings.batchSize());
    builder.model();
    builder.teacher(teacher, lengths.mean(), (double) settings.steps() * settings.batchSize());
    builder.training(lengths.longestBatch(part), lengths.longestBatch(part), lengths.longest());
    builder.steps(settings.steps(), settings.batchSize(), lengths.mean(), lengths.mean());
    builder.say(
        "lengths of %d texts of %d; the prompt's rows, once a batch, are left out"
            .formatted(sample(texts).size(), texts.size()));
    return builder.estimate();
  }

  private static RunEstimate ppo(PpoSettings settings) {
    Path policy = Path.of(settings.policy());
    DecoderConfig config = DecoderConfig.ofDirectory(policy);
    Tokenizer tokenizer = Tokenizer.ofDirectory(policy);
    List<String> prompts = new ArrayList<>();
    settings.prompts().forEach(file -> prompts.addAll(PromptReader.read(Path.of(file))));
    settings
        .promptPools()
        .forEach(pool -> pool.files().forEach(f -> prompts.addAll(PromptReader.read(Path.of(f)))));
    Lengths asked =
        Lengths.of(
            sample(prompts).stream()
                .map(prompt -> SequenceFormat.prompt(tokenizer, prompt).length)
                .filter(length -> length <= settings.maxPromptTokens())
                .toList());
    int response = settings.maxResponseTokens();
    Builder builder = new Builder(config, settings.trainer());
    int part = atOnce(settings.trainer(), settings.minibatchSize());
    builder.model();
    builder.reference();
    double batch = settings.batchSize();
    int heldOut = settings.heldOut().stream().mapToInt(PpoSettings.HeldOutPrompts::count).sum();
    double heldOutTimes = Math.ceil((double) settings.iterations() / settings.heldOutEvery());
    for (String scorer : settings.reward().preferenceModels()) {
      builder.scorer(
          "preference model",
          DecoderConfig.ofDirectory(Path.of(scorer)),
          asked.mean() + response,
          batch * settings.iterations() + heldOut * heldOutTimes);
    }
    for (PpoSettings.TestReward test : settings.testRewards()) {
      builder.scorer(
          "test preference model " + test.name(),
          DecoderConfig.ofDirectory(Path.of(test.preferenceModel())),
          asked.mean() + response,
          batch * Math.ceil((double) settings.iterations() / settings.testEvery()));
    }
    if (settings.value() == PpoSettings.Value.PREFERENCE_MODEL) {
      builder.valueModel(
          DecoderConfig.ofDirectory(Path.of(settings.reward().preferenceModels().getFirst())),
          asked.mean() + response,
          batch * settings.iterations(),
          settings.epochs());
    }
    builder.sampled(heldOut * heldOutTimes, asked.mean(), response);
    PpoSettings.Ranker ranker = settings.ranker();
    if (ranker != null) {
      builder.ranking(
          2.0
              * ranker.maxComparisons()
              * Math.ceil((double) settings.iterations() / ranker.every()),
          asked.mean() + response);
    }
    builder.training(
        asked.longestBatch(part) + (double) part * response,
        (double) part * response,
        asked.longest() + response);
    builder.sampling(settings.batchSize(), asked.longest() + response);
    builder.iterations(settings.iterations(), batch, asked.mean(), response, settings.epochs());
    builder.say(
        "lengths of %d prompts, and every response at its limit of %d tokens"
            .formatted(asked.sorted().length, response));
    return builder.estimate();
  }

  /**
   * Numbers that a backward pass needs of one row in one block: inputs of both norms and what they
   * compute on the way (7 d), queries, keys and values as attention reads them, its output twice,
   * and the feed-forward layer's gate, its activation, the other half and their product.
   */
  static double keptByBlock(DecoderConfig config) {
    double d = config.dModel();
    double queries = (double) config.heads() * config.headWidth();
    double keys = (double) config.kvHeads() * config.headWidth();
    double repeated = config.kvHeads() < config.heads() ? 2 * queries : 0;
    double feedForward = (config.options().activation().gated() ? 4.0 : 2.0) * config.feedForward();
    return 7 * d + 2 * (queries + 2 * keys) + repeated + 2 * queries + feedForward;
  }

  /** What part of the machine's rate of matrix products a decoder of a width usually reaches. */
  static double share(DecoderConfig decoder) {
    return Math.clamp(0.0027 * decoder.dModel(), 0.05, 0.5);
  }

  /** Puts an estimate together. */
  private static final class Builder {
    private static final double FLOAT = 4;

    private final DecoderConfig config;
    private final TrainerSettings trainer;
    private final Arithmetic arithmetic;
    private final long parameters;
    private final long trained;
    private final List<Item> memory = new ArrayList<>();
    private final List<String> basis = new ArrayList<>();
    private double operations;
    private double paced;

    Builder(DecoderConfig config, TrainerSettings trainer) {
      this.config = config;
      this.trainer = trainer;
      arithmetic = Arithmetic.of(config);
      parameters = config.parameterCount();
      trained = trainer.trainedParameters(config);
      memory.add(new Item("Java and the tensor library", PROGRAM));
    }

    void say(String line) {
      basis.add(line);
    }

    void model() {
      memory.add(new Item("weights", FLOAT * parameters));
      memory.add(new Item("gradients and moments", 3 * FLOAT * trained));
    }

    void reference() {
      // Beside adapters the reference is the model itself.
      if (trainer.lora() == null) {
        memory.add(new Item("reference policy", FLOAT * parameters));
      }
    }

    void teacher(DecoderConfig model, double length, double texts) {
      memory.add(new Item("teacher", FLOAT * model.parameterCount()));
      long tokens = Math.round(length);
      work(Arithmetic.of(model).forward(Math.round(texts), tokens, tokens), share(model));
    }

    /** A model that scores responses. */
    void scorer(String what, DecoderConfig preferenceModel, double length, double responses) {
      memory.add(new Item(what, FLOAT * preferenceModel.parameterCount()));
      work(
          Arithmetic.of(preferenceModel).forward(Math.round(responses), Math.round(length), 0),
          share(preferenceModel));
    }

    /** A value function of its own: weights, gradients and moments, and its passes. */
    void valueModel(DecoderConfig model, double length, double responses, int epochs) {
      double all = model.parameterCount();
      double own = trainer.trainedParameters(model);
      memory.add(new Item("value model", FLOAT * (all + 3 * own)));
      long n = Math.round(responses);
      long tokens = Math.round(length);
      Arithmetic work = Arithmetic.of(model);
      work(work.forward(n, tokens, 0) + epochs * work.training(n, tokens, 0), share(model));
    }

    /** Responses that are drawn and not learned from. */
    void sampled(double responses, double prompt, double response) {
      work(
          arithmetic.sampling(Math.round(responses), Math.round(prompt), Math.round(response)),
          share(config) / 3);
    }

    /** Sequences whose probabilities are asked for. */
    void ranking(double sequences, double length) {
      work(
          arithmetic.forward(Math.round(sequences), Math.round(length), Math.round(length)),
          share(config));
    }

    /**
     * Memory of one forward and backward pass: what is kept, and one and a half blocks' worth of
     * gradients on the way. Five runs of 0.3 to 14 million parameters took 0.92 to 1.01 of the sum;
     * one of 197 million took 1.4 times it, because Java's heap, through which the weights come,
     * keeps what it grew to and is not in the sum.
     */
    void training(double rows, double predicted, int longest) {
      double width = trainer.precision() == Precision.BFLOAT16 ? 3 : FLOAT;
      double block = keptByBlock(config) * rows * width;
      double blocks =
          trainer.activationCheckpointing()
              ? config.layers() * config.dModel() * rows * FLOAT + 3 * block
              : (config.layers() + 1.5) * block;
      memory.add(new Item("activations", blocks));
      memory.add(new Item("logits", 3 * FLOAT * predicted * config.vocabularySize()));
      say("a pass over %d tokens, the longest sequence of %d".formatted(Math.round(rows), longest));
    }

    void sampling(int responses, int columns) {
      double rows = Math.min(256, responses);
      memory.add(
          new Item(
              "key-value cache",
              2
                  * FLOAT
                  * rows
                  * columns
                  * config.layers()
                  * config.kvHeads()
                  * config.headWidth()));
    }

    void steps(long steps, long batch, double length, double predicted) {
      work(
          steps * arithmetic.training(batch, Math.round(length), Math.round(predicted)),
          share(config));
    }

    void iterations(long iterations, double batch, double prompt, double response, int epochs) {
      long length = Math.round(prompt + response);
      long drawn = Math.round(response);
      long n = Math.round(batch);
      work(iterations * arithmetic.sampling(n, Math.round(prompt), drawn), share(config) / 3);
      work(
          iterations
              * (2 * arithmetic.forward(n, length, drawn)
                  + epochs * arithmetic.training(n, length, drawn)),
          share(config));
    }

    /** Adds arithmetic that is done at a share of the machine's rate. */
    private void work(double count, double at) {
      operations += count;
      paced += count / at;
    }

    RunEstimate estimate() {
      return new RunEstimate(
          List.copyOf(memory),
          parameters,
          trained,
          operations,
          operations / paced,
          List.copyOf(basis));
    }
  }
}
