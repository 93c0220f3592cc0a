package dev.plumbline.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.lm.DecoderConfig.Weight;
import java.util.List;

/** How one family writes its configuration and its tensors. */
interface FamilyFormat {

  /**
   * The shape in a {@code config.json}.
   *
   * @throws dev.plumbline.data.UserError naming the file and the key that cannot be used
   */
  DecoderConfig read(ConfigJson json);

  /** Writes what {@link #read} reads, beside the keys that all families have. */
  void write(DecoderConfig config, ObjectNode json);

  /** Writes the sizes under the keys that all families but GPT-2 have in common. */
  static void writeSizes(DecoderConfig config, ObjectNode json) {
    json.put("hidden_size", config.dModel());
    json.put("intermediate_size", config.feedForward());
    json.put("num_hidden_layers", config.layers());
    json.put("num_attention_heads", config.heads());
    json.put("max_position_embeddings", config.contextTokens());
  }

  /** The tensors of a shape as the files hold them; every tensor of the shape is in one. */
  List<StoredTensor> stored(DecoderConfig config, List<Weight> weights);

  /** What names of all tensors but the output matrix begin with. */
  String prefix();

  /** Whether files are about in which {@link #prefix} is left out. */
  default boolean prefixIsOptional() {
    return false;
  }

  /** Whether a tensor is no weight but a constant that some files hold. */
  default boolean isConstant(String name) {
    return name.endsWith("rotary_emb.inv_freq");
  }
}
