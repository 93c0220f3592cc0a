package dev.plumbline.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.lm.DecoderConfig.Weight;
import dev.plumbline.lm.DecoderOptions.Bias;
import dev.plumbline.lm.DecoderOptions.Norm;
import dev.plumbline.lm.DecoderOptions.Residual;
import dev.plumbline.lm.Positions.Rotary;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Phi 1 to 2: attention and feed-forward layer read one norm, and the output has a bias. */
record PhiFormat() implements FamilyFormat {
  private static final Renaming NAMES =
      new Renaming(
          "model.layers.",
          Map.of(
              "model.norm", "model.final_layernorm",
              "self_attn.o_proj", "self_attn.dense",
              "mlp.up_proj", "mlp.fc1",
              "mlp.down_proj", "mlp.fc2"));

  @Override
  public DecoderConfig read(ConfigJson json) {
    json.only("qk_layernorm", false);
    int heads = json.positive("num_attention_heads");
    int dModel = json.positive("hidden_size");
    return new DecoderConfig(
        ModelFamily.PHI,
        json.positive("vocab_size"),
        dModel,
        json.positive("num_hidden_layers"),
        heads,
        json.positive("num_key_value_heads", heads),
        json.headWidth("hidden_size", "num_attention_heads"),
        json.positive("intermediate_size"),
        json.positive("max_position_embeddings", 2048),
        new DecoderOptions(
            Norm.LAYER,
            json.number("layer_norm_eps", 1e-5),
            RotaryJson.read(json, 10_000, json.number("partial_rotary_factor", 0.5)),
            GeluJson.read(json, "hidden_act", "gelu_new"),
            Residual.PARALLEL_ONE_NORM,
            EnumSet.allOf(Bias.class),
            false,
            0,
            1),
        json.flag("tie_word_embeddings", false),
        json.token("bos_token_id", 1),
        json.token("eos_token_id", 2));
  }

  @Override
  public void write(DecoderConfig config, ObjectNode json) {
    FamilyFormat.writeSizes(config, json);
    json.put("num_key_value_heads", config.kvHeads());
    json.put("layer_norm_eps", config.options().normEpsilon());
    if (config.options().positions() instanceof Rotary rotary) {
      json.put("partial_rotary_factor", rotary.fraction());
    }
    RotaryJson.write(config.options(), json);
    json.put("hidden_act", GeluJson.name(config));
    json.put("qk_layernorm", false);
  }

  @Override
  public List<StoredTensor> stored(DecoderConfig config, List<Weight> weights) {
    return weights.stream()
        .map(weight -> StoredTensor.plain(NAMES.of(weight.name()), weight))
        .toList();
  }

  @Override
  public String prefix() {
    return "model.";
  }
}
