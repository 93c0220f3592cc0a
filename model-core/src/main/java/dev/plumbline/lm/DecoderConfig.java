package dev.plumbline.lm;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderOptions.Bias;
import dev.plumbline.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The shape of a decoder: a family's options, and its sizes.
 *
 * @param family the family that it is read and written as
 * @param vocabularySize number of tokens
 * @param dModel width of the residual stream
 * @param layers number of blocks
 * @param heads attention heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headWidth width of one head; even where positions are rotary
 * @param feedForward width of the feed-forward layer
 * @param contextTokens longest sequence that the model is meant for; with learned positions, the
 *     longest that it can take
 * @param options what distinguishes its family
 * @param tiedEmbeddings whether the output matrix is the embedding
 * @param bos token that begins a sequence
 * @param eos token that ends a response
 */
public record DecoderConfig(
    ModelFamily family,
    int vocabularySize,
    int dModel,
    int layers,
    int heads,
    int kvHeads,
    int headWidth,
    int feedForward,
    int contextTokens,
    DecoderOptions options,
    boolean tiedEmbeddings,
    int bos,
    int eos) {

  public DecoderConfig {
    if (vocabularySize < 1
        || dModel < 1
        || layers < 1
        || feedForward < 1
        || contextTokens < 1
        || headWidth < 1) {
      throw new UserError("a decoder needs a positive vocabulary, width, depth and context");
    }
    if (options.positions() instanceof Positions.Rotary rotary
        && (headWidth % 2 != 0
            || rotary.width(headWidth) < 2
            || rotary.width(headWidth) > headWidth
            || rotary.width(headWidth) % 2 != 0)) {
      throw new UserError(
          "a rotary embedding of "
              + rotary.width(headWidth)
              + " of a head's "
              + headWidth
              + " elements; both must be even");
    }
    if (kvHeads < 1 || heads < 1 || heads % kvHeads != 0) {
      throw new UserError(heads + " heads do not divide into " + kvHeads + " key and value heads");
    }
  }

  /**
   * A decoder of our own, a Llama: tied embeddings and the special tokens of {@code Tokenizer}.
   *
   * @throws UserError where the width does not divide into heads of even width
   */
  public static DecoderConfig of(
      int vocabularySize,
      int layers,
      int dModel,
      int heads,
      int kvHeads,
      int feedForward,
      int contextTokens) {
    if (heads < 1 || dModel % heads != 0 || dModel / heads % 2 != 0) {
      throw new UserError(
          "the width " + dModel + " does not divide into " + heads + " heads of even width");
    }
    return new DecoderConfig(
        ModelFamily.LLAMA,
        vocabularySize,
        dModel,
        layers,
        heads,
        kvHeads,
        dModel / heads,
        feedForward,
        contextTokens,
        DecoderOptions.llama(1e-5, 10_000),
        true,
        1,
        2);
  }

  /**
   * The shape of what a Hugging Face folder holds, a language model or a preference model's trunk.
   *
   * @throws UserError where its {@code config.json} cannot be used
   */
  public static DecoderConfig ofDirectory(Path directory) {
    Path file = directory.resolve("config.json");
    ModelFamily.Head head = ModelFamily.head(file);
    DecoderConfig config = ModelFamily.read(file, head);
    return head == ModelFamily.Head.PREFERENCE_MODEL ? config.headless() : config;
  }

  /** The same decoder with an output matrix of its own. */
  public DecoderConfig untied() {
    return with(options, false);
  }

  /** The same decoder without any output of its own: the trunk of a preference model. */
  DecoderConfig headless() {
    Set<Bias> biases = EnumSet.noneOf(Bias.class);
    biases.addAll(options.biases());
    biases.remove(Bias.LOGITS);
    return with(
        new DecoderOptions(
            options.norm(),
            options.normEpsilon(),
            options.positions(),
            options.activation(),
            options.residual(),
            biases,
            options.headNorm(),
            options.slidingWindow(),
            options.embeddingScale()),
        true);
  }

  /**
   * The same decoder whose responses end in the token that its tokenizer names: a chat model's
   * {@code config.json} often has the end of documents alone.
   */
  DecoderConfig endingAs(Tokenizer tokenizer) {
    int end = tokenizer.end().orElse(eos);
    return end == eos || end >= vocabularySize
        ? this
        : new DecoderConfig(
            family,
            vocabularySize,
            dModel,
            layers,
            heads,
            kvHeads,
            headWidth,
            feedForward,
            contextTokens,
            options,
            tiedEmbeddings,
            bos,
            end);
  }

  private DecoderConfig with(DecoderOptions changed, boolean tied) {
    return new DecoderConfig(
        family,
        vocabularySize,
        dModel,
        layers,
        heads,
        kvHeads,
        headWidth,
        feedForward,
        contextTokens,
        changed,
        tied,
        bos,
        eos);
  }

  /** Width of all heads together. */
  int attentionWidth() {
    return heads * headWidth;
  }

  /** Number of trained numbers. */
  public long parameterCount() {
    return weights().stream().mapToLong(Weight::size).sum();
  }

  /** Number of numbers in the tensors whose names are wanted. */
  public long parameterCount(Predicate<String> wanted) {
    return weights().stream()
        .filter(weight -> wanted.test(weight.name()))
        .mapToLong(Weight::size)
        .sum();
  }

  /** A named tensor of the model. */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  record Weight(String name, long... shape) {
    long size() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
  }

  /**
   * Names and shapes of the tensors, in the order of the program's list. The names are those of a
   * Llama in Hugging Face form for every family; a family's own are in its {@link StoredTensor}s. A
   * bias always follows its weight.
   */
  List<Weight> weights() {
    List<Weight> weights = new ArrayList<>();
    weights.add(new Weight("model.embed_tokens.weight", vocabularySize, dModel));
    if (options.positions() instanceof Positions.Learned) {
      weights.add(new Weight("model.embed_positions.weight", contextTokens, dModel));
    }
    for (int i = 0; i < layers; i++) {
      String block = "model.layers." + i + ".";
      weights.addAll(norm(block + "input_layernorm"));
      weights.addAll(blockWeights(block));
    }
    weights.addAll(norm("model.norm"));
    if (!tiedEmbeddings) {
      weights.add(new Weight("lm_head.weight", vocabularySize, dModel));
    }
    if (options.has(Bias.LOGITS)) {
      weights.add(new Weight("lm_head.bias", vocabularySize));
    }
    return weights;
  }

  /**
   * The files that hold this decoder.
   *
   * @param heads tensors of a head beside it, stored under their own names
   */
  WeightFiles files(Weight... heads) {
    List<StoredTensor> stored = new ArrayList<>(ModelFamily.stored(this));
    for (Weight head : heads) {
      stored.add(StoredTensor.plain(head.name(), head));
    }
    return new WeightFiles(family.format(), stored);
  }

  private List<Weight> blockWeights(String block) {
    String attention = block + "self_attn.";
    long kv = (long) kvHeads * headWidth;
    long d = dModel;
    List<Weight> weights = new ArrayList<>();
    weights.addAll(linear(attention + "q_proj", attentionWidth(), d, Bias.QUERY_KEY_VALUE));
    weights.addAll(linear(attention + "k_proj", kv, d, Bias.QUERY_KEY_VALUE));
    weights.addAll(linear(attention + "v_proj", kv, d, Bias.QUERY_KEY_VALUE));
    if (options.headNorm()) {
      weights.add(new Weight(attention + "q_norm.weight", headWidth));
      weights.add(new Weight(attention + "k_norm.weight", headWidth));
    }
    weights.addAll(linear(attention + "o_proj", d, attentionWidth(), Bias.ATTENTION_OUTPUT));
    if (options.residual() != DecoderOptions.Residual.PARALLEL_ONE_NORM) {
      weights.addAll(norm(block + "post_attention_layernorm"));
    }
    if (options.activation().gated()) {
      weights.addAll(linear(block + "mlp.gate_proj", feedForward, d, Bias.FEED_FORWARD));
    }
    weights.addAll(linear(block + "mlp.up_proj", feedForward, d, Bias.FEED_FORWARD));
    weights.addAll(linear(block + "mlp.down_proj", d, feedForward, Bias.FEED_FORWARD));
    return weights;
  }

  private List<Weight> norm(String name) {
    Weight weight = new Weight(name + ".weight", dModel);
    return options.norm() == DecoderOptions.Norm.LAYER
        ? List.of(weight, new Weight(name + ".bias", dModel))
        : List.of(weight);
  }

  private List<Weight> linear(String name, long out, long in, Bias bias) {
    Weight weight = new Weight(name + ".weight", out, in);
    return options.has(bias) ? List.of(weight, new Weight(name + ".bias", out)) : List.of(weight);
  }
}
