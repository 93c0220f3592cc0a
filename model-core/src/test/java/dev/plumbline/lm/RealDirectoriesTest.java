package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.tokenizer.BpeTrainer;
import dev.plumbline.tokenizer.Tokenizer;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.ScoreFixture;
import dev.plumbline.training.SequenceFormat;
import dev.plumbline.training.StageRunner;
import dev.plumbline.training.TrainingSettings;
import dev.plumbline.training.TrainingStage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Directories laid out as those of published models are, with tiny tokenizers and weights of our
 * own: loaded, sampled from, trained as preference model and as policy, saved and loaded again.
 */
final class RealDirectoriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TorchRuntime runtime;
  @TempDir private Path folder;

  /** What a family's directories look like. */
  enum Style {
    LLAMA_2(true, "</s>"),
    LLAMA_3_CHAT(true, "<|eot_id|>"),
    QWEN_2(false, "<|endoftext|>"),
    QWEN_2_CHAT(false, "<|im_end|>"),
    GPT_2(false, "<|endoftext|>"),
    PYTHIA(false, "<|endoftext|>");

    private final boolean begins;
    private final String end;

    Style(boolean begins, String end) {
      this.begins = begins;
      this.end = end;
    }
  }

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.start(1);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      texts.add("\n\nHuman: Tell me of number %d.\n\nAssistant: Gladly, it is good.".formatted(i));
    }
    return texts;
  }

  /** A byte-level BPE with special tokens behind its vocabulary. */
  private static ObjectNode byteLevel(Path scratch, List<String> specials) throws IOException {
    BpeTrainer.train(texts(), 290, List.of()).save(scratch.resolve("bpe.json"));
    ObjectNode json = (ObjectNode) JSON.readTree(scratch.resolve("bpe.json").toFile());
    ArrayNode added = json.putArray("added_tokens");
    int first = json.path("model").path("vocab").size();
    for (String name : specials) {
      addSpecial(added, first++, name);
    }
    return json;
  }

  private static void addSpecial(ArrayNode added, int id, String name) {
    ObjectNode token = added.addObject().put("id", id).put("content", name).put("special", true);
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      token.put(flag, false);
    }
  }

  /** A SentencePiece BPE with byte fallback, as Llama 2 has it, of single letters. */
  private static ObjectNode sentencePiece() throws IOException {
    ObjectNode json =
        (ObjectNode)
            JSON.readTree(
                """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
                 "normalizer": {"type": "Sequence", "normalizers": [
                   {"type": "Prepend", "prepend": "\u2581"},
                   {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
                 "pre_tokenizer": null,
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                              {"Sequence": {"id": "A", "type_id": 0}}],
                   "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                            {"Sequence": {"id": "B", "type_id": 1}}],
                   "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
                 "decoder": {"type": "Sequence", "decoders": [
                   {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                   {"type": "ByteFallback"}, {"type": "Fuse"},
                   {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>",
                   "continuing_subword_prefix": null, "end_of_word_suffix": null,
                   "fuse_unk": true, "byte_fallback": true, "vocab": {}, "merges": []}}
                """);
    ObjectNode vocabulary = (ObjectNode) json.path("model").path("vocab");
    for (String name : List.of("<unk>", "<s>", "</s>")) {
      addSpecial((ArrayNode) json.path("added_tokens"), vocabulary.size(), name);
      vocabulary.put(name, vocabulary.size());
    }
    for (int b = 0; b < 256; b++) {
      vocabulary.put("<0x%02X>".formatted(b), vocabulary.size());
    }
    for (char letter : "\u2581etaoinshrdlu".toCharArray()) {
      vocabulary.put(String.valueOf(letter), vocabulary.size());
    }
    return json;
  }

  /** The files of a directory but its weights; true keys of the families, small numbers. */
  private void files(Style style) throws IOException {
    String rope = "\"rms_norm_eps\": 1e-05, \"rope_theta\": 10000.0, \"hidden_act\": \"silu\", ";
    String sizes =
        "\"hidden_size\": 16, \"intermediate_size\": 32, \"num_hidden_layers\": 2,"
            + " \"num_attention_heads\": 2, \"max_position_embeddings\": 96, ";
    switch (style) {
      case LLAMA_2 -> {
        write("tokenizer.json", sentencePiece().toString());
        write(
            "config.json",
            "{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\", "
                + sizes
                + rope
                + "\"num_key_value_heads\": 2, \"vocab_size\": 273, \"pretraining_tp\": 1,"
                + " \"bos_token_id\": 1, \"eos_token_id\": 2, \"tie_word_embeddings\": false}");
        write(
            "tokenizer_config.json",
            """
            {"add_bos_token": true, "add_eos_token": false, "legacy": false,
             "bos_token": {"__type": "AddedToken", "content": "<s>", "lstrip": false},
             "eos_token": {"__type": "AddedToken", "content": "</s>", "lstrip": false},
             "unk_token": {"__type": "AddedToken", "content": "<unk>", "lstrip": false},
             "pad_token": null, "model_max_length": 1000000000000000019884624838656,
             "tokenizer_class": "LlamaTokenizer"}
            """);
        write("generation_config.json", "{\"bos_token_id\": 1, \"eos_token_id\": 2}");
      }
      case LLAMA_3_CHAT -> {
        ObjectNode tokenizer =
            byteLevel(
                folder,
                List.of(
                    "<|begin_of_text|>",
                    "<|end_of_text|>",
                    "<|finetune_right_pad_id|>",
                    "<|start_header_id|>",
                    "<|end_header_id|>",
                    "<|eot_id|>"));
        int first = tokenizer.path("model").path("vocab").size();
        tokenizer.set(
            "post_processor",
            JSON.readTree(
                """
                {"type": "Sequence", "processors": [
                  {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false,
                   "use_regex": true},
                  {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "<|begin_of_text|>", "type_id": 0}},
                              {"Sequence": {"id": "A", "type_id": 0}}],
                   "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                            {"Sequence": {"id": "B", "type_id": 1}}],
                   "special_tokens": {"<|begin_of_text|>": {"id": "<|begin_of_text|>",
                     "ids": [%d], "tokens": ["<|begin_of_text|>"]}}}]}
                """
                    .formatted(first)));
        write("tokenizer.json", tokenizer.toString());
        String ends = "[%d, %d]".formatted(first + 1, first + 5);
        write(
            "config.json",
            "{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\", "
                + sizes
                + rope
                + "\"num_key_value_heads\": 1, \"vocab_size\": %d, \"bos_token_id\": %d,"
                    .formatted(first + 6, first)
                + " \"eos_token_id\": "
                + ends
                + ", \"tie_word_embeddings\": false, \"rope_scaling\": null}");
        write(
            "tokenizer_config.json",
            "{\"bos_token\": \"<|begin_of_text|>\", \"eos_token\": \"<|eot_id|>\","
                + " \"model_max_length\": 131072,"
                + " \"tokenizer_class\": \"PreTrainedTokenizerFast\"}");
        write("generation_config.json", "{\"eos_token_id\": " + ends + "}");
      }
      case QWEN_2, QWEN_2_CHAT -> {
        ObjectNode tokenizer =
            byteLevel(folder, List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
        int end = tokenizer.path("model").path("vocab").size();
        tokenizer.set("post_processor", tokenizer.path("decoder"));
        write("tokenizer.json", tokenizer.toString());
        write(
            "config.json",
            "{\"architectures\": [\"Qwen2ForCausalLM\"], \"model_type\": \"qwen2\", "
                + sizes
                + rope
                + "\"num_key_value_heads\": 1, \"vocab_size\": 320, \"use_sliding_window\": false,"
                + " \"bos_token_id\": %d, \"eos_token_id\": %d, \"tie_word_embeddings\": true}"
                    .formatted(end, style == Style.QWEN_2 ? end : end + 2));
        write(
            "tokenizer_config.json",
            "{\"add_prefix_space\": false, \"bos_token\": null, \"eos_token\": \""
                + style.end
                + "\", \"pad_token\": \"<|endoftext|>\", \"unk_token\": null,"
                + " \"model_max_length\": 32768, \"tokenizer_class\": \"Qwen2Tokenizer\"}");
        write(
            "generation_config.json",
            style == Style.QWEN_2
                ? "{\"eos_token_id\": %d}".formatted(end)
                : "{\"eos_token_id\": [%d, %d], \"pad_token_id\": %d}"
                    .formatted(end + 2, end, end));
      }
      case GPT_2 -> {
        JsonNode model = byteLevel(folder, List.of()).path("model");
        ObjectNode vocabulary = (ObjectNode) model.path("vocab");
        int end = vocabulary.size();
        vocabulary.put("<|endoftext|>", end);
        write("vocab.json", vocabulary.toString());
        StringBuilder merges = new StringBuilder("#version: 0.2\n");
        model.path("merges").forEach(merge -> merges.append(merge.asText()).append('\n'));
        write("merges.txt", merges.toString());
        write("tokenizer_config.json", "{\"model_max_length\": 1024}");
        write(
            "config.json",
            "{\"architectures\": [\"GPT2LMHeadModel\"], \"model_type\": \"gpt2\", \"n_embd\": 16,"
                + " \"n_layer\": 2, \"n_head\": 2, \"n_positions\": 96, \"n_ctx\": 96,"
                + " \"activation_function\": \"gelu_new\", \"layer_norm_epsilon\": 1e-05,"
                + " \"vocab_size\": %d, \"bos_token_id\": %d, \"eos_token_id\": %d}"
                    .formatted(end + 1, end, end));
      }
      case PYTHIA -> {
        ObjectNode tokenizer = byteLevel(folder, List.of("<|endoftext|>", "<|padding|>"));
        int end = tokenizer.path("model").path("vocab").size();
        tokenizer.set("post_processor", tokenizer.path("decoder"));
        write("tokenizer.json", tokenizer.toString());
        write(
            "config.json",
            "{\"architectures\": [\"GPTNeoXForCausalLM\"], \"model_type\": \"gpt_neox\", "
                + sizes
                + "\"hidden_act\": \"gelu\", \"layer_norm_eps\": 1e-05, \"rotary_pct\": 0.25,"
                + " \"rotary_emb_base\": 10000, \"use_parallel_residual\": true,"
                + " \"vocab_size\": 320, \"bos_token_id\": %d, \"eos_token_id\": %d}"
                    .formatted(end, end));
        write(
            "tokenizer_config.json",
            "{\"add_prefix_space\": false, \"bos_token\": \"<|endoftext|>\", \"eos_token\":"
                + " \"<|endoftext|>\", \"unk_token\": \"<|endoftext|>\", \"pad_token\":"
                + " \"<|endoftext|>\", \"tokenizer_class\": \"GPTNeoXTokenizer\"}");
        write(
            "special_tokens_map.json",
            "{\"bos_token\": \"<|endoftext|>\", \"eos_token\": \"<|endoftext|>\"}");
      }
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** Weights beside the files; what they were stays as it was. */
  private void weights(Style style) throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    DecoderConfig config =
        ModelFamily.read(folder.resolve("config.json"), ModelFamily.Head.LANGUAGE_MODEL);
    try (LanguageModel model =
        LanguageModel.initialise(
            runtime, config, Tokenizer.ofDirectory(folder), 11 + style.name().length())) {
      model.save(scratch);
    }
    Files.move(scratch.resolve("model.safetensors"), folder.resolve("model.safetensors"));
  }

  private TrainingStage stage(String spec) throws IOException {
    Path file = Files.writeString(folder.resolve("spec.yaml"), spec);
    return StageRunner.stage((TrainingSettings) ExperimentSpec.read(file).settings(), 1, runtime);
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryIsLoadedSampledTrainedSavedAndLoaded(Style style) throws IOException {
    files(style);
    weights(style);
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String prompt = "\\n\\nHuman: Tell me of number %d.\\n\\nAssistant:".formatted(i);
      pairs.add(
          "{\"chosen\": \"%s Gladly, it is good.\", \"rejected\": \"%s No.\"}"
              .formatted(prompt, prompt));
    }
    Files.write(folder.resolve("pairs.jsonl"), pairs);

    int end;
    try (LanguageModel model = LanguageModel.load(runtime, folder)) {
      Tokenizer tokenizer = model.tokenizer();
      assertThat(tokenizer.begin().isPresent()).isEqualTo(style.begins);
      end = tokenizer.idOf(style.end);
      assertThat(model.config().eos()).isEqualTo(end);
      int[] prompt = SequenceFormat.prompt(tokenizer, "\n\nHuman: Hello\n\nAssistant:");
      Generation generation =
          model
              .generate(List.of(prompt), new SamplingOptions(1, 12, model.config().eos(), 3, 0))
              .getFirst();
      assertThat(generation.tokens()).hasSizeBetween(1, 12);
      SequenceFormat.Sequence sequence =
          SequenceFormat.training(tokenizer, end, texts().getFirst(), 200);
      assertThat(sequence.ids()).endsWith(end);
      assertThat(sequence.ids()[0] == tokenizer.begin().orElse(-1)).isEqualTo(style.begins);
      assertThat(tokenizer.decode(sequence.ids())).isEqualTo(texts().getFirst());
    }

    Path preference = Files.createDirectories(folder.resolve("preference"));
    double[] scores;
    try (TrainingStage stage =
        stage(
            """
            preference:
              base: .
              data: pairs.jsonl
              held_out_fraction: 0.2
              batch_size: 4
              warmup_steps: 1
            """)) {
      for (int step = 0; step < 3; step++) {
        assertThat(stage.step(step, silent(), () -> {}).values()).isNotEmpty();
      }
      stage.save(preference);
    }
    try (PreferenceModel model = ScoreFixture.load(runtime, preference.resolve("model"))) {
      assertThat(model.endOfContext()).isEqualTo(end);
      scores = score(model);
      JsonNode config = JSON.readTree(preference.resolve("model/config.json").toFile());
      assertThat(config.path("num_labels").asInt()).isEqualTo(1);
      JsonNode pad = config.path("pad_token_id");
      assertThat(pad.isMissingNode()).isEqualTo(style == Style.GPT_2);
      assertThat(pad.asInt(-1))
          .isNotEqualTo(end)
          .isLessThan(model.trunk().config().vocabularySize());
      assertThat(model.tokenizer().pad().orElse(-1)).isEqualTo(pad.asInt(-1));
      model.save(folder.resolve("again"));
    }
    try (PreferenceModel again = PreferenceModel.load(runtime, folder.resolve("again"))) {
      assertThat(score(again)).containsExactly(scores, within(1e-6));
    }

    Path policy = Files.createDirectories(folder.resolve("policy"));
    try (TrainingStage stage =
        stage(
            """
            rlhf:
              policy: .
              reward: {preference_model: preference/model}
              prompts: pairs.jsonl
              batch_size: 4
              minibatch_size: 2
              max_prompt_tokens: 80
              max_response_tokens: 6
              sample_sheet_size: 2
            """)) {
      for (int step = 0; step < 2; step++) {
        assertThat(stage.step(step, silent(), () -> {}).values()).isNotEmpty();
      }
      stage.save(policy);
    }
    try (LanguageModel trained = LanguageModel.load(runtime, policy.resolve("model"));
        LanguageModel before = LanguageModel.load(runtime, folder)) {
      assertThat(trained.config()).isEqualTo(before.config());
      assertThat(trained.tokenizer().begin()).isEqualTo(before.tokenizer().begin());
      assertThat(trained.tokenizer().stops()).containsAll(before.tokenizer().stops());
      assertThat(trained.tokenizer().encode(texts().getFirst()))
          .isEqualTo(before.tokenizer().encode(texts().getFirst()));
    }
  }

  private static double[] score(PreferenceModel model) {
    return ScoreFixture.score(
        model, List.of("\n\nHuman: Hello\n\nAssistant:"), List.of(" Hello to you."));
  }

  @ParameterizedTest
  @EnumSource(names = {"QWEN_2_CHAT", "LLAMA_3_CHAT"})
  void everyEndTokenOfTheFilesEndsAResponse(Style style) throws IOException {
    files(style);
    weights(style);
    try (LanguageModel model = LanguageModel.load(runtime, folder)) {
      Set<Integer> stops = model.tokenizer().stops();
      assertThat(stops).hasSize(2);
      List<int[]> prompts = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        prompts.add(SequenceFormat.prompt(model.tokenizer(), "\n\nHuman: a\n\nAssistant:"));
      }
      int ended = 0;
      for (Generation generation :
          model.generate(prompts, new SamplingOptions(1, 40, model.config().eos(), 5, 0))) {
        int[] tokens = generation.tokens();
        assertThat(generation.logProbabilities()).hasSameSizeAs(tokens);
        for (int t = 0; t < tokens.length - 1; t++) {
          assertThat(stops).doesNotContain(tokens[t]);
        }
        assertThat(generation.ended()).isEqualTo(stops.contains(tokens[tokens.length - 1]));
        ended += tokens[tokens.length - 1] == model.config().eos() ? 0 : generation.ended() ? 1 : 0;
      }
      assertThat(ended).as("responses that the second end token ended").isPositive();
    }
  }

  /** A listener that nobody listens to. */
  private static RunListener silent() {
    return (RunListener)
        Proxy.newProxyInstance(
            RunListener.class.getClassLoader(),
            new Class<?>[] {RunListener.class},
            (proxy, method, args) -> null);
  }
}
