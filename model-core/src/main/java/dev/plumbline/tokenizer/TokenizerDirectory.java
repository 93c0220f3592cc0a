package dev.plumbline.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files about a tokenizer in a Hugging Face directory: {@code tokenizer.json}, or GPT-2's
 * {@code vocab.json} and {@code merges.txt}, and what stands beside them. The files beside are kept
 * as they are, so that a model that is trained on is saved with its template and its settings.
 *
 * @param json the {@code tokenizer.json}
 * @param source where it comes from, for messages
 * @param companions the files beside it, by name
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
record TokenizerDirectory(byte[] json, String source, Map<String, byte[]> companions) {
  static final String TOKENIZER = "tokenizer.json";
  static final String CONFIG = "tokenizer_config.json";
  static final String SPECIAL_TOKENS = "special_tokens_map.json";
  static final String GENERATION = "generation_config.json";
  static final String TEMPLATE = "chat_template.jinja";
  private static final List<String> COMPANIONS =
      List.of(CONFIG, SPECIAL_TOKENS, GENERATION, TEMPLATE);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Classes whose two files mean the byte-level BPE of GPT-2, cut by its pattern. */
  private static final Set<String> GPT2_CLASSES =
      Set.of("", "GPT2Tokenizer", "GPT2TokenizerFast", "PreTrainedTokenizerFast");

  /** One tokenizer with nothing beside it. */
  static TokenizerDirectory alone(byte[] json, String source) {
    return new TokenizerDirectory(json, source, Map.of());
  }

  /**
   * Reads a directory.
   *
   * @throws UserError naming the file that is missing or cannot be used
   */
  static TokenizerDirectory read(Path directory) {
    try {
      Map<String, byte[]> companions = new LinkedHashMap<>();
      for (String name : COMPANIONS) {
        if (Files.isRegularFile(directory.resolve(name))) {
          companions.put(name, Files.readAllBytes(directory.resolve(name)));
        }
      }
      Path file = directory.resolve(TOKENIZER);
      if (Files.exists(file)) {
        return new TokenizerDirectory(Files.readAllBytes(file), file.toString(), companions);
      }
      Path vocabulary = directory.resolve("vocab.json");
      Path merges = directory.resolve("merges.txt");
      if (Files.exists(vocabulary) && Files.exists(merges)) {
        JsonNode config =
            companions.containsKey(CONFIG)
                ? JSON.readTree(companions.get(CONFIG))
                : JSON.missingNode();
        requireGpt2(directory, config);
        return new TokenizerDirectory(
            gpt2(vocabulary, Files.readAllLines(merges), config),
            vocabulary.toString(),
            companions);
      }
      throw new UserError(
          directory
              + (Files.exists(directory.resolve("tokenizer.model"))
                  ? ": has a tokenizer.model only; save it with a tokenizer.json, as"
                      + " AutoTokenizer.from_pretrained(...).save_pretrained(...) does"
                  : ": has no tokenizer.json, nor GPT-2's vocab.json and merges.txt"));
    } catch (IOException e) {
      throw new UserError(directory + ": the tokenizer cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireGpt2(Path directory, JsonNode config) {
    String name = config.path("tokenizer_class").asText("");
    if (!GPT2_CLASSES.contains(name)) {
      throw new UserError(
          directory
              + ": has vocab.json and merges.txt of a "
              + name
              + " and no tokenizer.json; only GPT-2's are read without one, because others cut"
              + " words in their own way");
    }
  }

  /** The {@code tokenizer.json} that means the same as GPT-2's two files. */
  private static byte[] gpt2(Path vocabularyFile, List<String> merges, JsonNode config)
      throws IOException {
    if (!(JSON.readTree(vocabularyFile.toFile()) instanceof ObjectNode vocabulary)) {
      throw new UserError(vocabularyFile + ": holds no JSON object of tokens and ids");
    }
    ObjectNode json = JSON.createObjectNode();
    json.put("version", "1.0");
    json.putNull("truncation");
    json.putNull("padding");
    String unknown = text(config.path("unk_token"));
    ArrayNode added = json.putArray("added_tokens");
    for (String name : List.of(unknown, "<|endoftext|>")) {
      if (vocabulary.has(name)
          && added.findValuesAsText("content").stream().noneMatch(name::equals)) {
        addSpecial(added, vocabulary.get(name).asInt(), name);
      }
    }
    json.putNull("normalizer");
    boolean prefixed = config.path("add_prefix_space").asBoolean(false);
    byteLevel(json.putObject("pre_tokenizer"), prefixed);
    json.putNull("post_processor");
    byteLevel(json.putObject("decoder"), prefixed);
    ObjectNode model = json.putObject("model");
    model.put("type", "BPE");
    model.putNull("dropout");
    if (vocabulary.has(unknown)) {
      model.put("unk_token", unknown);
    } else {
      model.putNull("unk_token");
    }
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.set("vocab", vocabulary);
    ArrayNode pairs = model.putArray("merges");
    merges.stream()
        .filter(line -> !line.startsWith("#version") && !line.isBlank())
        .forEach(pairs::add);
    return JSON.writeValueAsBytes(json);
  }

  /** A special token as {@code tokenizer.json} lists it. */
  static void addSpecial(ArrayNode added, int id, String name) {
    added
        .addObject()
        .put("id", id)
        .put("content", name)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static void byteLevel(ObjectNode step, boolean prefixed) {
    step.put("type", "ByteLevel");
    step.put("add_prefix_space", prefixed);
    step.put("trim_offsets", true);
    step.put("use_regex", true);
  }

  private JsonNode companion(String name) {
    byte[] bytes = companions.get(name);
    if (bytes == null) {
      return JSON.missingNode();
    }
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new UserError(name + " beside " + source + ": cannot be read as JSON", e);
    }
  }

  /**
   * The name of a special token such as {@code eos_token}, or null; files write it as a text or as
   * an object with its {@code content}.
   */
  @Nullable String specialToken(String key) {
    for (String file : List.of(CONFIG, SPECIAL_TOKENS)) {
      String name = text(companion(file).path(key));
      if (!name.isEmpty()) {
        return name;
      }
    }
    return null;
  }

  private static String text(JsonNode token) {
    return token.isObject() ? token.path("content").asText("") : token.asText("");
  }

  /** Whether the files beside say anything of special tokens. */
  boolean namesSpecialTokens() {
    return companions.containsKey(CONFIG) || companions.containsKey(SPECIAL_TOKENS);
  }

  /** Whether sequences begin with the begin token; null where nothing is said. */
  @Nullable Boolean addsBegin() {
    JsonNode value = companion(CONFIG).path("add_bos_token");
    return value.isBoolean() ? Boolean.valueOf(value.asBoolean()) : null;
  }

  /** Tokens at which sampling ends, of {@code generation_config.json}. */
  Set<Integer> stops() {
    Set<Integer> stops = new TreeSet<>();
    JsonNode ids = companion(GENERATION).path("eos_token_id");
    (ids.isArray() ? ids : JSON.createArrayNode().add(ids))
        .forEach(
            id -> {
              if (id.canConvertToInt() && id.isIntegralNumber()) {
                stops.add(id.asInt());
              }
            });
    return stops;
  }

  /** The text of the chat template, or null; of several, the one called "default". */
  @Nullable String chatTemplate() {
    byte[] file = companions.get(TEMPLATE);
    if (file != null) {
      return new String(file, StandardCharsets.UTF_8);
    }
    JsonNode value = companion(CONFIG).path("chat_template");
    if (value.isTextual()) {
      return value.asText();
    }
    List<String> named = new ArrayList<>();
    for (JsonNode template : value) {
      if (template.path("name").asText().equals("default")) {
        named.add(template.path("template").asText());
      }
    }
    return named.isEmpty() ? null : named.getFirst();
  }

  /** The same with another padding token. */
  TokenizerDirectory withPad(byte[] otherJson, @Nullable String pad) {
    Map<String, byte[]> changed = new LinkedHashMap<>(companions);
    try {
      for (String file : List.of(CONFIG, SPECIAL_TOKENS)) {
        if (companion(file) instanceof ObjectNode tree) {
          if (pad == null) {
            tree.remove("pad_token");
          } else if (file.equals(CONFIG) || tree.has("pad_token")) {
            tree.put("pad_token", pad);
          }
          changed.put(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new TokenizerDirectory(otherJson, source, changed);
  }
}
