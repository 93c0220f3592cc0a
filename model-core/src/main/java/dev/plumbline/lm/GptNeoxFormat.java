package dev.plumbline.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.lm.DecoderConfig.Weight;
import dev.plumbline.lm.DecoderOptions.Bias;
import dev.plumbline.lm.DecoderOptions.Norm;
import dev.plumbline.lm.DecoderOptions.Residual;
import dev.plumbline.lm.Positions.Rotary;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** GPT-NeoX and Pythia: each head's query, key and value rows lie together. */
record GptNeoxFormat() implements FamilyFormat {
  private static final Renaming NAMES =
      new Renaming(
          "gpt_neox.layers.",
          Map.of(
              "model.embed_tokens", "gpt_neox.embed_in",
              "model.norm", "gpt_neox.final_layer_norm",
              "lm_head", "embed_out",
              "self_attn.q_proj", "attention.query_key_value",
              "self_attn.o_proj", "attention.dense",
              "mlp.up_proj", "mlp.dense_h_to_4h",
              "mlp.down_proj", "mlp.dense_4h_to_h"));

  @Override
  public DecoderConfig read(ConfigJson json) {
    int heads = json.positive("num_attention_heads");
    int dModel = json.positive("hidden_size");
    Set<Bias> biases = EnumSet.of(Bias.FEED_FORWARD);
    if (json.flag("attention_bias", true)) {
      biases.add(Bias.QUERY_KEY_VALUE);
      biases.add(Bias.ATTENTION_OUTPUT);
    }
    return new DecoderConfig(
        ModelFamily.GPT_NEOX,
        json.positive("vocab_size"),
        dModel,
        json.positive("num_hidden_layers"),
        heads,
        heads,
        json.headWidth("hidden_size", "num_attention_heads"),
        json.positive("intermediate_size"),
        json.positive("max_position_embeddings", 2048),
        new DecoderOptions(
            Norm.LAYER,
            json.number("layer_norm_eps", 1e-5),
            RotaryJson.read(
                json, json.number("rotary_emb_base", 10_000), json.number("rotary_pct", 0.25)),
            GeluJson.read(json, "hidden_act", "gelu"),
            json.flag("use_parallel_residual", true) ? Residual.PARALLEL : Residual.SEQUENTIAL,
            biases,
            false,
            0,
            1),
        json.flag("tie_word_embeddings", false),
        json.token("bos_token_id", 0),
        json.token("eos_token_id", 2));
  }

  @Override
  public void write(DecoderConfig config, ObjectNode json) {
    DecoderOptions options = config.options();
    FamilyFormat.writeSizes(config, json);
    json.put("layer_norm_eps", options.normEpsilon());
    if (options.positions() instanceof Rotary rotary) {
      json.put("rotary_pct", rotary.fraction());
      json.put("rotary_emb_base", rotary.theta());
      RotaryJson.writeScaling(rotary.scaling(), json);
    }
    json.put("hidden_act", GeluJson.name(config));
    json.put("use_parallel_residual", options.residual() == Residual.PARALLEL);
    json.put("attention_bias", options.has(Bias.QUERY_KEY_VALUE));
  }

  @Override
  public List<StoredTensor> stored(DecoderConfig config, List<Weight> weights) {
    List<StoredTensor> stored = new ArrayList<>();
    for (Weight weight : weights) {
      if (Renaming.isKeyOrValue(weight)) {
        continue;
      }
      String name = NAMES.of(weight.name());
      stored.add(
          Renaming.isQuery(weight)
              ? new StoredTensor(
                  name,
                  new StoredTensor.ByHead(config.heads()),
                  Renaming.queryKeyValue(weight, weights))
              : StoredTensor.plain(name, weight));
    }
    return stored;
  }

  @Override
  public String prefix() {
    return "gpt_neox.";
  }

  @Override
  public boolean isConstant(String name) {
    return name.endsWith(".attention.bias")
        || name.endsWith(".attention.masked_bias")
        || name.endsWith(".rotary_emb.inv_freq");
  }
}
