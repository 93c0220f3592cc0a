package dev.plumbline.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.Program;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A decoder with its weights and its tokenizer. */
public final class LanguageModel implements AutoCloseable {
  private final TorchRuntime runtime;
  private final DecoderConfig config;
  private final Tokenizer tokenizer;
  private final List<Tensor> parameters;
  private final ComputeOptions compute;
  private final @Nullable Lora lora;

  LanguageModel(
      TorchRuntime runtime, DecoderConfig config, Tokenizer tokenizer, List<Tensor> parameters) {
    this(runtime, config, tokenizer, parameters, ComputeOptions.PLAIN, null);
  }

  private LanguageModel(
      TorchRuntime runtime,
      DecoderConfig config,
      Tokenizer tokenizer,
      List<Tensor> parameters,
      ComputeOptions compute,
      @Nullable Lora lora) {
    this.runtime = runtime;
    this.config = config;
    this.tokenizer = tokenizer;
    this.parameters = List.copyOf(parameters);
    this.compute = compute;
    this.lora = lora;
  }

  /** A model over other tensors, with everything else as it is here. */
  private LanguageModel over(
      DecoderConfig shape, List<Tensor> tensors, ComputeOptions options, @Nullable Lora adapters) {
    return new LanguageModel(runtime, shape, tokenizer, tensors, options, adapters);
  }

  /** The same model, over the same tensors, computed in another way; one of the two is closed. */
  public LanguageModel computing(ComputeOptions options) {
    return over(config, parameters, options, lora);
  }

  /**
   * The same model, over the same tensors, with fresh adapters behind them, which change nothing
   * yet; one of the two is closed.
   *
   * @param seed decides the A matrices
   */
  public LanguageModel adapted(Lora adapters, long seed) {
    if (lora != null) {
      throw new IllegalStateException("the model has adapters already");
    }
    Lora fitting = adapters.within(config);
    List<DecoderConfig.Weight> weights = fitting.weights(config);
    List<Tensor> tensors = new ArrayList<>(parameters);
    for (int i = 0; i < weights.size(); i++) {
      DecoderConfig.Weight weight = weights.get(i);
      tensors.add(parameter(runtime, Lora.start(weight, seed, i), weight.shape()));
    }
    return over(config, tensors, compute, fitting);
  }

  /** The adapters, or null. */
  public @Nullable Lora lora() {
    return lora;
  }

  /** How the model is computed. */
  public ComputeOptions compute() {
    return compute;
  }

  /** The decoder's own tensors, adapters left out. */
  private List<Tensor> base() {
    return parameters.subList(0, config.weights().size());
  }

  /**
   * The decoder's own tensors with the adapters in them, in the current scope where there are any.
   */
  private List<Tensor> merged() {
    return lora == null ? parameters : program().call("merged", parameters);
  }

  /** The same decoder without an output of its own, over copies of its tensors. */
  LanguageModel headless() {
    DecoderConfig trunk = config.headless();
    // The output's own tensors are the last ones.
    return over(
        trunk,
        base().subList(0, trunk.weights().size()).stream().map(t -> t.copy().keep()).toList(),
        compute,
        null);
  }

  /**
   * Loads a folder in Hugging Face form: {@code config.json}, {@code model.safetensors} or its
   * shards and their index, {@code tokenizer.json} and what stands beside it. The families are
   * those of {@link ModelFamily}; tensors of F32, BF16 and F16 become float32.
   *
   * @throws UserError naming the file and what cannot be used
   */
  public static LanguageModel load(TorchRuntime runtime, Path directory) {
    DecoderConfig config =
        ModelFamily.read(directory.resolve("config.json"), ModelFamily.Head.LANGUAGE_MODEL);
    Tokenizer tokenizer = tokenizer(directory, config);
    List<SafeTensors.Entry> entries = config.files().read(directory, config.weights());
    return new LanguageModel(
        runtime, config.endingAs(tokenizer), tokenizer, parameters(runtime, entries));
  }

  static Tokenizer tokenizer(Path directory, DecoderConfig config) {
    Tokenizer tokenizer = Tokenizer.ofDirectory(directory);
    if (tokenizer.vocabularySize() > config.vocabularySize()) {
      throw new UserError(
          directory
              + ": the tokenizer has "
              + tokenizer.vocabularySize()
              + " tokens, more than the model's "
              + config.vocabularySize());
    }
    return tokenizer;
  }

  static List<Tensor> parameters(TorchRuntime runtime, List<SafeTensors.Entry> entries) {
    return entries.stream()
        .map(entry -> parameter(runtime, entry.values(), entry.shape()))
        .toList();
  }

  static Tensor parameter(TorchRuntime runtime, float[] values, long... shape) {
    try (Scope _ = runtime.scope()) {
      // The copy has aligned native storage; the first one lies in a Java buffer.
      return runtime.floats(values, shape).copy().keep();
    }
  }

  /**
   * A model with random weights: N(0, 0.02) for matrices, divided by sqrt(2 layers) for those that
   * write into the residual stream (Radford et al. 2019), norms that change nothing, zero biases.
   */
  public static LanguageModel initialise(
      TorchRuntime runtime, DecoderConfig config, Tokenizer tokenizer, long seed) {
    List<Tensor> parameters = new ArrayList<>();
    List<DecoderConfig.Weight> weights = config.weights();
    for (int i = 0; i < weights.size(); i++) {
      DecoderConfig.Weight weight = weights.get(i);
      long[] shape = weight.shape();
      float[] values = new float[(int) weight.size()];
      if (shape.length == 1) {
        boolean headNorm =
            weight.name().endsWith("q_norm.weight") || weight.name().endsWith("k_norm.weight");
        float start = headNorm ? 1 : config.options().norm().start();
        Arrays.fill(values, weight.name().endsWith(".bias") ? 0 : start);
      } else {
        boolean residual =
            weight.name().endsWith("o_proj.weight") || weight.name().endsWith("down_proj.weight");
        double deviation = residual ? 0.02 / Math.sqrt(2.0 * config.layers()) : 0.02;
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) (deviation * Randomness.gaussian(seed, i, j));
        }
      }
      parameters.add(parameter(runtime, values, shape));
    }
    return new LanguageModel(runtime, config, tokenizer, parameters);
  }

  /** A model of the same weights in its own memory: a frozen reference, for example. */
  public LanguageModel copy() {
    return over(
        config, parameters.stream().map(tensor -> tensor.copy().keep()).toList(), compute, lora);
  }

  /**
   * Writes the folder that {@link #load} reads; adapters are merged into the matrices.
   *
   * @throws UserError where it cannot be written
   */
  public void save(Path directory) {
    Tokenizer saved = tokenizer.withPadApartFrom(Set.of(config.eos()), config.vocabularySize());
    ObjectNode json = ModelFamily.write(config, ModelFamily.Head.LANGUAGE_MODEL);
    saved.pad().ifPresent(pad -> json.put("pad_token_id", pad));
    try (Scope _ = runtime.scope()) {
      write(directory, config, json, config.files().pack(entries()), saved);
    }
    Path generation = directory.resolve("generation_config.json");
    if (!Files.exists(generation)) {
      ObjectNode tokens = json.objectNode();
      for (String key : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
        if (json.has(key)) {
          tokens.set(key, json.get(key));
        }
      }
      writeJson(generation, tokens);
    }
  }

  /**
   * Writes the adapters in PEFT's form; see {@link PeftFormat}.
   *
   * @throws UserError where they cannot be written
   */
  public void saveAdapter(Path directory) {
    new PeftFormat(config, adapters())
        .write(directory, ModelFamily.Head.LANGUAGE_MODEL, adapterEntries());
  }

  private Lora adapters() {
    if (lora == null) {
      throw new IllegalStateException("the model has no adapters");
    }
    return lora;
  }

  /** The adapters' tensors by their names here. */
  Map<String, SafeTensors.Entry> adapterEntries() {
    Map<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
    List<String> names = parameterNames();
    for (int i = base().size(); i < names.size(); i++) {
      entries.put(names.get(i), SafeTensors.Entry.of(parameters.get(i)));
    }
    return entries;
  }

  /** The merged tensors by the decoder's names, which live in the current scope. */
  Map<String, SafeTensors.Entry> entries() {
    List<DecoderConfig.Weight> weights = config.weights();
    Map<String, SafeTensors.Entry> tensors = new LinkedHashMap<>();
    List<Tensor> merged = merged();
    for (int i = 0; i < weights.size(); i++) {
      tensors.put(weights.get(i).name(), SafeTensors.Entry.of(merged.get(i)));
    }
    return tensors;
  }

  /**
   * Takes up the weights of a folder that {@link #save} wrote, in place.
   *
   * @throws UserError naming the file where a tensor is missing or has another shape
   */
  public void restore(Path directory) {
    if (lora != null) {
      throw new IllegalStateException("merged weights cannot be taken apart again");
    }
    List<SafeTensors.Entry> entries = config.files().read(directory, config.weights());
    for (int i = 0; i < entries.size(); i++) {
      parameters.get(i).set(entries.get(i).values());
    }
  }

  static void write(
      Path directory,
      DecoderConfig config,
      ObjectNode json,
      Map<String, SafeTensors.Entry> tensors,
      Tokenizer tokenizer) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UserError(directory + ": cannot be written: " + e.getMessage(), e);
    }
    writeJson(directory.resolve("config.json"), json);
    WeightFiles.write(directory, tensors, WeightFiles.SHARD);
    tokenizer.saveInto(directory, config.contextTokens());
  }

  private static void writeJson(Path file, ObjectNode json) {
    try {
      Files.writeString(file, json.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UserError(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** The runtime that the model lives in. */
  public TorchRuntime runtime() {
    return runtime;
  }

  /** The shape. */
  public DecoderConfig config() {
    return config;
  }

  /** The tokenizer. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The weights, then the adapters', in the order of the program's parameter list. */
  public List<Tensor> parameters() {
    return parameters;
  }

  /** The names of {@link #parameters()}: a Llama's, whatever names the family's files have. */
  public List<String> parameterNames() {
    List<DecoderConfig.Weight> weights = new ArrayList<>(config.weights());
    if (lora != null) {
      weights.addAll(lora.weights(config));
    }
    return weights.stream().map(DecoderConfig.Weight::name).toList();
  }

  /** The compiled decoder, with a stage's own methods if it has any. */
  public Program program(DecoderProgram.Extension... extensions) {
    return DecoderProgram.compile(runtime, config, compute, lora, List.of(extensions));
  }

  /** Tokens that one call takes, bounded so that its logits stay below some hundred megabytes. */
  private int tokensPerCall() {
    return Math.clamp(16_000_000L / config.vocabularySize(), 256, 8192);
  }

  /**
   * Log-probabilities and entropies of sequences, at {@code softmax(logits / temperature)}.
   *
   * @param sequences token ids, each sequence with at least one
   */
  public List<TokenScores> score(List<int[]> sequences, double temperature) {
    int[] from = new int[sequences.size()];
    Arrays.fill(from, 1);
    return score(sequences, from, temperature);
  }

  /**
   * The same of the last tokens of sequences alone, whose entries are about tokens {@code from} and
   * on.
   *
   * @param from for each sequence the first token that is asked about, from 1 to its length
   */
  public List<TokenScores> score(List<int[]> sequences, int[] from, double temperature) {
    TokenScores[] scores = new TokenScores[sequences.size()];
    batches(
        sequences,
        from,
        tokensPerCall(),
        (rows, batch) -> {
          List<TokenScores> found =
              tokenScores(
                  batch,
                  Arrays.stream(rows).map(row -> sequences.get(row).length - from[row]).toArray(),
                  temperature);
          for (int i = 0; i < rows.length; i++) {
            scores[rows[i]] = found.get(i);
          }
        });
    return List.of(scores);
  }

  /**
   * The same of sequences of which neighbours begin alike, such as one prompt with several
   * completions: what a sequence has in common with the one before it is computed once. They are
   * taken in the order given, so those of like length should stand together.
   *
   * @param from as in {@link #score(List, int[], double)}
   */
  public List<TokenScores> scoreAlike(List<int[]> sequences, int[] from, double temperature) {
    List<TokenScores> scores = new ArrayList<>();
    int start = 0;
    while (start < sequences.size()) {
      int width = 0;
      int end = start;
      while (end < sequences.size()) {
        int wider = Math.max(width, sequences.get(end).length);
        if (end > start && (long) wider * (end - start + 1) > tokensPerCall()) {
          break;
        }
        width = wider;
        end++;
      }
      checkLength(width);
      List<int[]> part = sequences.subList(start, end);
      int[] counted = Arrays.copyOfRange(from, start, end);
      int[] counts = new int[counted.length];
      Arrays.setAll(counts, i -> part.get(i).length - counted[i]);
      try (Scope _ = runtime.scope()) {
        scores.addAll(
            tokenScores(TokenBatch.of(runtime, part, counted, true), counts, temperature));
      }
      start = end;
    }
    return List.copyOf(scores);
  }

  /** Scores of a batch's sequences, of each the last so many tokens. */
  private List<TokenScores> tokenScores(TokenBatch batch, int[] counts, double temperature) {
    List<Tensor> found =
        program()
            .call("token_scores", parameters, batch.x(), batch.at(), batch.wanted(), temperature);
    double[] logprobs = found.get(0).toDoubles();
    double[] entropies = found.get(1).toDoubles();
    List<TokenScores> scores = new ArrayList<>();
    int at = 0;
    for (int count : counts) {
      int to = at + count;
      scores.add(
          new TokenScores(
              Arrays.copyOfRange(logprobs, at, to), Arrays.copyOfRange(entropies, at, to)));
      at = to;
    }
    return scores;
  }

  /**
   * Compares this policy with a reference on responses.
   *
   * @param sequences prompt and response together
   * @param promptLengths tokens of each prompt, at least 1; what follows is the response
   */
  public List<PolicyComparison> compare(
      LanguageModel reference, List<int[]> sequences, int[] promptLengths, double temperature) {
    PolicyComparison[] comparisons = new PolicyComparison[sequences.size()];
    batches(
        sequences,
        promptLengths,
        tokensPerCall() / 2,
        (rows, batch) -> {
          List<double[]> found =
              program()
                  .call(
                      "compared",
                      parameters,
                      reference.parameters,
                      batch.x(),
                      batch.at(),
                      batch.wanted(),
                      temperature)
                  .stream()
                  .map(Tensor::toDoubles)
                  .toList();
          int at = 0;
          for (int row : rows) {
            int from = at;
            int to = from + sequences.get(row).length - promptLengths[row];
            comparisons[row] =
                new PolicyComparison(
                    Arrays.copyOfRange(found.get(0), from, to),
                    Arrays.copyOfRange(found.get(1), from, to),
                    Arrays.copyOfRange(found.get(2), from, to),
                    Arrays.copyOfRange(found.get(3), from, to));
            at = to;
          }
        });
    return List.of(comparisons);
  }

  /** Runs over sequences in batches of similar length, each in its own scope. */
  void batches(List<int[]> sequences, int[] from, int tokens, BiConsumer<int[], TokenBatch> use) {
    int[] order =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -sequences.get(i).length))
            .mapToInt(Integer::intValue)
            .toArray();
    int start = 0;
    while (start < order.length) {
      int width = Math.max(1, sequences.get(order[start]).length);
      checkLength(width);
      int end = Math.min(order.length, start + Math.max(1, tokens / width));
      int[] rows = Arrays.copyOfRange(order, start, end);
      try (Scope _ = runtime.scope()) {
        use.accept(
            rows,
            TokenBatch.of(
                runtime,
                Arrays.stream(rows).mapToObj(sequences::get).toList(),
                Arrays.stream(rows).map(i -> from[i]).toArray()));
      }
      start = end;
    }
  }

  /** Where positions are learned there are no further ones. */
  private void checkLength(int tokens) {
    if (config.options().positions() instanceof Positions.Learned
        && tokens > config.contextTokens()) {
      throw new UserError(
          "a sequence of "
              + tokens
              + " tokens is longer than the model's "
              + config.contextTokens()
              + " learned positions");
    }
  }

  /** Logits [V] of the token after each sequence. */
  public List<float[]> nextLogits(List<int[]> sequences) {
    float[][] logits = new float[sequences.size()][];
    batches(
        sequences,
        new int[sequences.size()],
        tokensPerCall(),
        (rows, batch) -> {
          float[] found =
              program()
                  .call("next_logits", parameters, batch.x(), batch.last())
                  .getFirst()
                  .toFloats();
          int width = config.vocabularySize();
          for (int b = 0; b < rows.length; b++) {
            logits[rows[b]] = Arrays.copyOfRange(found, b * width, (b + 1) * width);
          }
        });
    return List.of(logits);
  }

  /**
   * The residual stream at each sequence's last token.
   *
   * @return for each sequence {@code [layers + 1][dModel]}: the embedding, then after each block
   */
  public List<float[][]> activations(List<int[]> sequences) {
    float[][][] activations = new float[sequences.size()][config.layers() + 1][];
    batches(
        sequences,
        new int[sequences.size()],
        tokensPerCall(),
        (rows, batch) -> {
          float[] found =
              program()
                  .call("activations", parameters, batch.x(), batch.last())
                  .getFirst()
                  .toFloats();
          int width = config.dModel();
          for (int layer = 0; layer <= config.layers(); layer++) {
            for (int b = 0; b < rows.length; b++) {
              int at = (layer * rows.length + b) * width;
              activations[rows[b]][layer] = Arrays.copyOfRange(found, at, at + width);
            }
          }
        });
    return List.of(activations);
  }

  /**
   * Samples a continuation of each prompt; see {@link Sampler}.
   *
   * @param prompts token ids with their begin token
   */
  public List<Generation> generate(List<int[]> prompts, SamplingOptions options) {
    return generate(prompts, options, Sampler.Watcher.NONE);
  }

  /** As {@link #generate(List, SamplingOptions)}, with the tokens shown as they come. */
  public List<Generation> generate(
      List<int[]> prompts, SamplingOptions options, Sampler.Watcher watcher) {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
    checkLength(longest + options.maxNewTokens() - 1);
    try (Scope _ = runtime.scope()) {
      // Adapters are merged first: two more products for each matrix and token would take longer.
      Program sampling = DecoderProgram.sampling(runtime, config, compute.forward());
      List<Tensor> prepared = sampling.call("prepared", merged());
      return new Sampler(runtime, config, sampling, prepared, tokenizer, options, watcher)
          .generate(prompts);
    }
  }

  /** Frees the weights. */
  @Override
  public void close() {
    parameters.forEach(Tensor::close);
  }
}
