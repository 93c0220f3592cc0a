package dev.plumbline.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.lm.DecoderConfig.Weight;
import dev.plumbline.lm.DecoderOptions.Activation;
import dev.plumbline.lm.DecoderOptions.Bias;
import dev.plumbline.lm.DecoderOptions.Norm;
import dev.plumbline.lm.DecoderOptions.Residual;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Llama and the families that write themselves as it does: Mistral, Qwen2, Qwen3, Gemma. */
record LlamaFormat(ModelFamily family) implements FamilyFormat {
  private static final String GELU = "gelu_pytorch_tanh";

  @Override
  public DecoderConfig read(ConfigJson json) {
    int heads = json.positive("num_attention_heads");
    int dModel = json.positive("hidden_size");
    boolean gemma = family == ModelFamily.GEMMA;
    return new DecoderConfig(
        family,
        json.positive("vocab_size"),
        dModel,
        json.positive("num_hidden_layers"),
        heads,
        json.positive("num_key_value_heads", heads),
        headWidth(json),
        json.positive("intermediate_size"),
        json.positive("max_position_embeddings", 2048),
        new DecoderOptions(
            gemma ? Norm.RMS_FROM_ONE : Norm.RMS,
            json.number("rms_norm_eps", 1e-6),
            RotaryJson.read(json, 10_000, 1),
            activation(json),
            Residual.SEQUENTIAL,
            biases(json),
            family == ModelFamily.QWEN3,
            slidingWindow(json),
            gemma ? Math.sqrt(dModel) : 1),
        json.flag("tie_word_embeddings", gemma),
        json.token("bos_token_id", gemma ? 2 : 1),
        json.token("eos_token_id", gemma ? 1 : 2));
  }

  private int headWidth(ConfigJson json) {
    if (json.has("head_dim")) {
      return json.positive("head_dim");
    }
    if (!json.mentions("head_dim") && family == ModelFamily.QWEN3) {
      return 128;
    }
    if (!json.mentions("head_dim") && family == ModelFamily.GEMMA) {
      return 256;
    }
    return json.headWidth("hidden_size", "num_attention_heads");
  }

  private Activation activation(ConfigJson json) {
    if (family != ModelFamily.GEMMA) {
      String name = json.text("hidden_act", "silu");
      if (!name.equals("silu")) {
        throw json.error("hidden_act " + name + " is not supported; silu is");
      }
      return Activation.SILU_GATED;
    }
    // Gemma's first files say "gelu" and mean the tanh formula; hidden_activation was added since.
    String name =
        json.text(json.has("hidden_activation") ? "hidden_activation" : "hidden_act", GELU);
    if (!name.equals(GELU) && (json.has("hidden_activation") || !name.equals("gelu"))) {
      throw json.error("hidden_activation " + name + " is not supported; " + GELU + " is");
    }
    return Activation.GELU_TANH_GATED;
  }

  private Set<Bias> biases(ConfigJson json) {
    Set<Bias> biases = EnumSet.noneOf(Bias.class);
    if (family == ModelFamily.QWEN2) {
      biases.add(Bias.QUERY_KEY_VALUE);
    } else if (family != ModelFamily.MISTRAL && json.flag("attention_bias", false)) {
      biases.add(Bias.QUERY_KEY_VALUE);
      biases.add(Bias.ATTENTION_OUTPUT);
    }
    if (family == ModelFamily.LLAMA && json.flag("mlp_bias", false)) {
      biases.add(Bias.FEED_FORWARD);
    }
    return biases;
  }

  private int slidingWindow(ConfigJson json) {
    if (family == ModelFamily.MISTRAL) {
      return json.mentions("sliding_window") ? json.positive("sliding_window", 0) : 4096;
    }
    // Qwen's window begins at a layer; none of its published models switches it on.
    json.only("use_sliding_window", false);
    return 0;
  }

  @Override
  public void write(DecoderConfig config, ObjectNode json) {
    DecoderOptions options = config.options();
    FamilyFormat.writeSizes(config, json);
    json.put("num_key_value_heads", config.kvHeads());
    json.put("rms_norm_eps", options.normEpsilon());
    RotaryJson.write(options, json);
    boolean gemma = family == ModelFamily.GEMMA;
    json.put("hidden_act", gemma ? GELU : "silu");
    if (gemma) {
      json.put("hidden_activation", GELU);
    }
    if (family != ModelFamily.QWEN2
        && (family != ModelFamily.LLAMA || config.attentionWidth() != config.dModel())) {
      json.put("head_dim", config.headWidth());
    }
    if (family == ModelFamily.LLAMA || family == ModelFamily.QWEN3 || gemma) {
      json.put("attention_bias", options.has(Bias.ATTENTION_OUTPUT));
    }
    if (family == ModelFamily.LLAMA) {
      json.put("mlp_bias", options.has(Bias.FEED_FORWARD));
    }
    if (family == ModelFamily.QWEN2 || family == ModelFamily.QWEN3) {
      json.put("use_sliding_window", false);
    }
    if (family == ModelFamily.MISTRAL) {
      if (options.slidingWindow() > 0) {
        json.put("sliding_window", options.slidingWindow());
      } else {
        json.putNull("sliding_window");
      }
    }
  }

  @Override
  public List<StoredTensor> stored(DecoderConfig config, List<Weight> weights) {
    return weights.stream().map(weight -> StoredTensor.plain(weight.name(), weight)).toList();
  }

  @Override
  public String prefix() {
    return "model.";
  }
}
