package dev.plumbline.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.lm.DecoderConfig.Weight;
import dev.plumbline.lm.DecoderOptions.Bias;
import dev.plumbline.lm.DecoderOptions.Norm;
import dev.plumbline.lm.DecoderOptions.Residual;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** GPT-2: matrices are stored as [in, out], queries, keys and values in one. */
record Gpt2Format() implements FamilyFormat {
  private static final Renaming NAMES =
      new Renaming(
          "transformer.h.",
          Map.of(
              "model.embed_tokens", "transformer.wte",
              "model.embed_positions", "transformer.wpe",
              "model.norm", "transformer.ln_f",
              "input_layernorm", "ln_1",
              "self_attn.q_proj", "attn.c_attn",
              "self_attn.o_proj", "attn.c_proj",
              "post_attention_layernorm", "ln_2",
              "mlp.up_proj", "mlp.c_fc",
              "mlp.down_proj", "mlp.c_proj"));

  @Override
  public DecoderConfig read(ConfigJson json) {
    json.only("scale_attn_weights", true);
    json.only("scale_attn_by_inverse_layer_idx", false);
    json.only("add_cross_attention", false);
    int heads = json.positive("n_head");
    int dModel = json.positive("n_embd");
    return new DecoderConfig(
        ModelFamily.GPT2,
        json.positive("vocab_size"),
        dModel,
        json.positive("n_layer"),
        heads,
        heads,
        json.headWidth("n_embd", "n_head"),
        json.positive("n_inner", 4 * dModel),
        json.positive("n_positions", 1024),
        new DecoderOptions(
            Norm.LAYER,
            json.number("layer_norm_epsilon", 1e-5),
            new Positions.Learned(),
            GeluJson.read(json, "activation_function", "gelu_new"),
            Residual.SEQUENTIAL,
            EnumSet.of(Bias.QUERY_KEY_VALUE, Bias.ATTENTION_OUTPUT, Bias.FEED_FORWARD),
            false,
            0,
            1),
        json.flag("tie_word_embeddings", true),
        json.token("bos_token_id", 50256),
        json.token("eos_token_id", 50256));
  }

  @Override
  public void write(DecoderConfig config, ObjectNode json) {
    json.put("n_embd", config.dModel());
    json.put("n_inner", config.feedForward());
    json.put("n_layer", config.layers());
    json.put("n_head", config.heads());
    json.put("n_positions", config.contextTokens());
    json.put("n_ctx", config.contextTokens());
    json.put("layer_norm_epsilon", config.options().normEpsilon());
    json.put("activation_function", GeluJson.name(config));
  }

  @Override
  public List<StoredTensor> stored(DecoderConfig config, List<Weight> weights) {
    List<StoredTensor> stored = new ArrayList<>();
    for (Weight weight : weights) {
      if (Renaming.isKeyOrValue(weight)) {
        continue;
      }
      boolean matrix = weight.name().contains("_proj.") && weight.shape().length == 2;
      stored.add(
          new StoredTensor(
              NAMES.of(weight.name()),
              matrix ? new StoredTensor.Transposed() : new StoredTensor.Rows(),
              Renaming.isQuery(weight)
                  ? Renaming.queryKeyValue(weight, weights)
                  : List.of(weight)));
    }
    return stored;
  }

  @Override
  public String prefix() {
    return "transformer.";
  }

  @Override
  public boolean prefixIsOptional() {
    return true;
  }

  @Override
  public boolean isConstant(String name) {
    return name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias");
  }
}
