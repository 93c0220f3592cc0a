package dev.plumbline.lm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The families of decoders whose Hugging Face directories are read and written. */
public enum ModelFamily {
  LLAMA("llama", "LlamaForCausalLM", "LlamaForSequenceClassification"),
  MISTRAL("mistral", "MistralForCausalLM", "MistralForSequenceClassification"),
  QWEN2("qwen2", "Qwen2ForCausalLM", "Qwen2ForSequenceClassification"),
  QWEN3("qwen3", "Qwen3ForCausalLM", "Qwen3ForSequenceClassification"),
  GEMMA("gemma", "GemmaForCausalLM", "GemmaForSequenceClassification"),
  GPT2("gpt2", "GPT2LMHeadModel", "GPT2ForSequenceClassification"),
  GPT_NEOX("gpt_neox", "GPTNeoXForCausalLM", "GPTNeoXForSequenceClassification"),
  PHI("phi", "PhiForCausalLM", "PhiForSequenceClassification");

  /** What a folder holds. */
  enum Head {
    LANGUAGE_MODEL("a language model"),
    PREFERENCE_MODEL("a preference model");

    private final String words;

    Head(String words) {
      this.words = words;
    }
  }

  private final String modelType;
  private final String causal;
  private final String classification;

  ModelFamily(String modelType, String causal, String classification) {
    this.modelType = modelType;
    this.causal = causal;
    this.classification = classification;
  }

  /** Transformers' name of the architecture. */
  String architecture(Head head) {
    return head == Head.LANGUAGE_MODEL ? causal : classification;
  }

  FamilyFormat format() {
    return switch (this) {
      case GPT2 -> new Gpt2Format();
      case GPT_NEOX -> new GptNeoxFormat();
      case PHI -> new PhiFormat();
      case LLAMA, MISTRAL, QWEN2, QWEN3, GEMMA -> new LlamaFormat(this);
    };
  }

  /**
   * What a {@code config.json} says that its folder holds.
   *
   * @throws UserError where it cannot be read or names no architecture that is supported
   */
  static Head head(Path file) {
    ConfigJson json = ConfigJson.read(file);
    return json.architecture().equals(of(json).causal)
        ? Head.LANGUAGE_MODEL
        : Head.PREFERENCE_MODEL;
  }

  private static ModelFamily of(ConfigJson json) {
    String found = json.architecture();
    for (ModelFamily family : values()) {
      if (family.causal.equals(found) || family.classification.equals(found)) {
        return family;
      }
    }
    String known =
        Arrays.stream(values()).map(family -> family.causal).collect(Collectors.joining(", "));
    throw json.error(
        "the architecture "
            + found
            + " is not supported; these are, and their classifiers: "
            + known);
  }

  /**
   * Reads a Hugging Face {@code config.json}.
   *
   * @throws UserError naming the file and what cannot be used
   */
  static DecoderConfig read(Path file, Head head) {
    ConfigJson json = ConfigJson.read(file);
    ModelFamily family = of(json);
    if (!json.architecture().equals(family.architecture(head))) {
      throw json.error(
          "the architecture is "
              + json.architecture()
              + "; here "
              + head.words
              + ", "
              + family.architecture(head)
              + ", is needed");
    }
    try {
      return family.format().read(json);
    } catch (UserError e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(file.toString()) ? e : json.error(message);
    }
  }

  /** The Hugging Face {@code config.json} of a shape. */
  static ObjectNode write(DecoderConfig config, Head head) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.putArray("architectures").add(config.family().architecture(head));
    json.put("model_type", config.family().modelType);
    json.put("vocab_size", config.vocabularySize());
    config.family().format().write(config, json);
    if (head == Head.LANGUAGE_MODEL) {
      // A classifier has no output matrix. Said of one, it would make another program that reads
      // the
      // folder as a language model put the embedding where a matrix is missing, without a word.
      json.put("tie_word_embeddings", config.tiedEmbeddings());
    }
    json.put("bos_token_id", config.bos());
    json.put("eos_token_id", config.eos());
    json.put("torch_dtype", "float32");
    return json;
  }

  /** The tensors of a shape as its family's files hold them. */
  static List<StoredTensor> stored(DecoderConfig config) {
    return config.family().format().stored(config, config.weights());
  }
}
