package dev.plumbline.lm;

import dev.plumbline.lm.DecoderOptions.Activation;

/** The ungated activations in a {@code config.json}. */
final class GeluJson {
  private GeluJson() {}

  static Activation read(ConfigJson json, String key, String otherwise) {
    String name = json.text(key, otherwise);
    return switch (name) {
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
      default -> throw json.error(key + " " + name + " is not supported; gelu and gelu_new are");
    };
  }

  static String name(DecoderConfig config) {
    return config.options().activation() == Activation.GELU ? "gelu" : "gelu_new";
  }
}
