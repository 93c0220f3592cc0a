package dev.plumbline.lm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a Llama decoder: root-mean-square norms before each sublayer, rotary position
 * embedding, grouped-query attention, a gated SiLU feed-forward layer, no biases.
 *
 * @param vocabularySize number of tokens
 * @param dModel width of the residual stream
 * @param layers number of blocks
 * @param heads attention heads; {@code dModel / heads} is even
 * @param kvHeads key and value heads; divides {@code heads}
 * @param feedForward width of the feed-forward layer
 * @param contextTokens longest sequence that the model is meant for
 * @param normEpsilon epsilon of the norms
 * @param ropeTheta base of the rotary embedding's wavelengths
 * @param tiedEmbeddings whether the output matrix is the embedding
 * @param bos token that begins a sequence
 * @param eos token that ends a response
 */
public record DecoderConfig(
    int vocabularySize,
    int dModel,
    int layers,
    int heads,
    int kvHeads,
    int feedForward,
    int contextTokens,
    double normEpsilon,
    double ropeTheta,
    boolean tiedEmbeddings,
    int bos,
    int eos) {

  /** Architecture name of a language model. */
  static final String CAUSAL = "LlamaForCausalLM";

  /** Architecture name of a model with a score head. */
  static final String CLASSIFICATION = "LlamaForSequenceClassification";

  public DecoderConfig {
    if (vocabularySize < 1 || dModel < 1 || layers < 1 || feedForward < 1 || contextTokens < 1) {
      throw new UserError("a decoder needs a positive vocabulary, width, depth and context");
    }
    if (heads < 1 || dModel % heads != 0 || dModel / heads % 2 != 0) {
      throw new UserError(
          "the width " + dModel + " does not divide into " + heads + " heads of even width");
    }
    if (kvHeads < 1 || heads % kvHeads != 0) {
      throw new UserError(heads + " heads do not divide into " + kvHeads + " key and value heads");
    }
  }

  /** A decoder of our own: tied embeddings and the special tokens of {@code Tokenizer}. */
  public static DecoderConfig of(
      int vocabularySize,
      int layers,
      int dModel,
      int heads,
      int kvHeads,
      int feedForward,
      int contextTokens) {
    return new DecoderConfig(
        vocabularySize,
        dModel,
        layers,
        heads,
        kvHeads,
        feedForward,
        contextTokens,
        1e-5,
        10_000,
        true,
        1,
        2);
  }

  /** Width of one head. */
  public int headWidth() {
    return dModel / heads;
  }

  /** Number of trained numbers. */
  public long parameterCount() {
    long attention = 2L * dModel * dModel + 2L * dModel * kvHeads * headWidth();
    long block = attention + 3L * dModel * feedForward + 2L * dModel;
    long head = tiedEmbeddings ? 0 : (long) vocabularySize * dModel;
    return (long) vocabularySize * dModel + layers * block + dModel + head;
  }

  /** A named tensor of the model. */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  record Weight(String name, long... shape) {}

  /** Names (Hugging Face's) and shapes of the tensors, in the order of the program's list. */
  List<Weight> weights() {
    long d = dModel;
    long kv = (long) kvHeads * headWidth();
    List<Weight> weights = new ArrayList<>();
    weights.add(new Weight("model.embed_tokens.weight", vocabularySize, d));
    for (int i = 0; i < layers; i++) {
      String block = "model.layers." + i + ".";
      weights.add(new Weight(block + "input_layernorm.weight", d));
      weights.add(new Weight(block + "self_attn.q_proj.weight", d, d));
      weights.add(new Weight(block + "self_attn.k_proj.weight", kv, d));
      weights.add(new Weight(block + "self_attn.v_proj.weight", kv, d));
      weights.add(new Weight(block + "self_attn.o_proj.weight", d, d));
      weights.add(new Weight(block + "post_attention_layernorm.weight", d));
      weights.add(new Weight(block + "mlp.gate_proj.weight", feedForward, d));
      weights.add(new Weight(block + "mlp.up_proj.weight", feedForward, d));
      weights.add(new Weight(block + "mlp.down_proj.weight", d, feedForward));
    }
    weights.add(new Weight("model.norm.weight", d));
    if (!tiedEmbeddings) {
      weights.add(new Weight("lm_head.weight", vocabularySize, d));
    }
    return weights;
  }

  /**
   * The architecture that a {@code config.json} names, or "none".
   *
   * @throws UserError where the file cannot be read
   */
  static String architecture(Path file) {
    return architecture(json(file));
  }

  private static String architecture(JsonNode json) {
    return json.path("architectures").path(0).asText("none");
  }

  private static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UserError(
          file + ": cannot be read as JSON; a model is a folder in Hugging Face form", e);
    }
  }

  /**
   * Reads a Hugging Face {@code config.json}.
   *
   * @param architecture the architecture that is expected
   * @throws UserError naming the file and what cannot be used
   */
  static DecoderConfig read(Path file, String architecture) {
    JsonNode json = json(file);
    String found = architecture(json);
    if (!found.equals(architecture)) {
      throw new UserError(
          file + ": the architecture is " + found + "; here " + architecture + " is needed");
    }
    if (json.hasNonNull("rope_scaling")) {
      throw new UserError(file + ": rope_scaling is not supported");
    }
    if (json.path("attention_bias").asBoolean() || json.path("mlp_bias").asBoolean()) {
      throw new UserError(file + ": attention_bias and mlp_bias are not supported");
    }
    if (!json.path("hidden_act").asText("silu").equals("silu")) {
      throw new UserError(file + ": hidden_act must be silu");
    }
    int heads = integer(file, json, "num_attention_heads");
    int dModel = integer(file, json, "hidden_size");
    if (json.hasNonNull("head_dim") && json.get("head_dim").asInt() * heads != dModel) {
      throw new UserError(file + ": head_dim must be hidden_size / num_attention_heads");
    }
    try {
      return new DecoderConfig(
          integer(file, json, "vocab_size"),
          dModel,
          integer(file, json, "num_hidden_layers"),
          heads,
          json.hasNonNull("num_key_value_heads")
              ? integer(file, json, "num_key_value_heads")
              : heads,
          integer(file, json, "intermediate_size"),
          json.path("max_position_embeddings").asInt(2048),
          json.path("rms_norm_eps").asDouble(1e-6),
          json.path("rope_theta").asDouble(10_000),
          json.path("tie_word_embeddings").asBoolean(false),
          json.path("bos_token_id").asInt(1),
          json.path("eos_token_id").asInt(2));
    } catch (UserError e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    }
  }

  private static int integer(Path file, JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.canConvertToInt() || value.asInt() < 1) {
      throw new UserError(file + ": " + key + " must be a positive whole number");
    }
    return value.asInt();
  }

  /** The Hugging Face {@code config.json} of this shape. */
  ObjectNode toJson(String architecture) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.putArray("architectures").add(architecture);
    json.put("model_type", "llama");
    json.put("vocab_size", vocabularySize);
    json.put("hidden_size", dModel);
    json.put("intermediate_size", feedForward);
    json.put("num_hidden_layers", layers);
    json.put("num_attention_heads", heads);
    json.put("num_key_value_heads", kvHeads);
    json.put("max_position_embeddings", contextTokens);
    json.put("rms_norm_eps", normEpsilon);
    json.put("rope_theta", ropeTheta);
    json.put("hidden_act", "silu");
    json.put("attention_bias", false);
    json.put("mlp_bias", false);
    json.put("tie_word_embeddings", tiedEmbeddings);
    json.put("bos_token_id", bos);
    json.put("eos_token_id", eos);
    json.put("torch_dtype", "float32");
    return json;
  }
}
