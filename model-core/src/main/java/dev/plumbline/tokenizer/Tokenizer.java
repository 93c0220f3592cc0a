package dev.plumbline.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back, by a Hugging Face {@code tokenizer.json}.
 *
 * <p>Text is only ever text: where a prompt spells out {@code <|end|>}, that becomes the tokens of
 * its letters. The ids of special tokens are put in by who builds a sequence, and by nobody else,
 * so that no data can end a response or begin a second sequence. Threads may share one.
 */
public final class Tokenizer {
  /** Padding, id 0 in our own models; never the end of a response. */
  public static final String PAD = "<|pad|>";

  /** Begins a sequence, id 1 in our own models. */
  public static final String BEGIN = "<|begin|>";

  /** Ends a response, id 2 in our own models. */
  public static final String END = "<|end|>";

  /** Where a preference model's score is read, id 3 in our own models. */
  public static final String END_OF_CONTEXT = "<|end_of_context|>";

  /** The special tokens of our own models, in the order of their ids. */
  public static final List<String> SPECIALS = List.of(PAD, BEGIN, END, END_OF_CONTEXT);

  private static final List<String> BEGINNINGS = List.of(BEGIN, "<s>", "<|begin_of_text|>");

  // Held, because a logger that nobody holds forgets its level.
  private static final Logger LIBRARY_LOG = Logger.getLogger("ai.djl");

  private final TokenizerDirectory files;
  private final HuggingFaceTokenizer library;
  private final Map<String, Integer> added = new LinkedHashMap<>();
  private final BitSet special = new BitSet();
  private final int unknown;
  private final int vocabularySize;
  private final @Nullable Integer begin;
  private final boolean prepends;

  private Tokenizer(TokenizerDirectory files) {
    this.files = files;
    String source = files.source();
    try {
      ObjectMapper mapper = new ObjectMapper();
      if (!(mapper.readTree(files.json()) instanceof ObjectNode tree)) {
        throw new IllegalArgumentException("it holds no JSON object");
      }
      int size = 0;
      for (JsonNode token : tree.path("added_tokens")) {
        int id = token.path("id").asInt();
        added.put(token.path("content").asText(), id);
        special.set(id, token.path("special").asBoolean());
        size = Math.max(size, id + 1);
      }
      this.unknown = unknown(tree.path("model"));
      JsonNode vocabulary = tree.path("model").path("vocab");
      for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
        size = Math.max(size, token.getValue().asInt() + 1);
      }
      this.vocabularySize = vocabulary.isArray() ? Math.max(size, vocabulary.size()) : size;
      this.begin = begin(tree.path("post_processor"));
      this.prepends = prepends(tree.path("normalizer")) || prepends(tree.path("pre_tokenizer"));
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      LIBRARY_LOG.setLevel(Level.SEVERE);
      this.library =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(mapper.writeValueAsBytes(SpecialsAsText.variant(tree))),
              Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
    } catch (IOException | RuntimeException e) {
      throw new UserError(
          source + ": not a tokenizer that the Hugging Face library reads: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @throws UserError naming the file and what is wrong with it
   */
  public static Tokenizer load(Path file) {
    try {
      return new Tokenizer(TokenizerDirectory.alone(Files.readAllBytes(file), file.toString()));
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the tokenizer of a Hugging Face directory, with what {@code tokenizer_config.json},
   * {@code special_tokens_map.json}, {@code generation_config.json} and {@code chat_template.jinja}
   * say.
   *
   * @throws UserError naming the file and what is wrong with it
   */
  public static Tokenizer ofDirectory(Path directory) {
    return new Tokenizer(TokenizerDirectory.read(directory));
  }

  static Tokenizer of(String json) {
    return new Tokenizer(
        TokenizerDirectory.alone(json.getBytes(StandardCharsets.UTF_8), "tokenizer"));
  }

  /**
   * The token that sequences begin with: our own; else the one that the file's post-processor puts
   * there, unless the settings beside it say otherwise. GPT-2, Pythia and Qwen have a {@code
   * bos_token} in their files that no sequence of theirs begins with.
   */
  private @Nullable Integer begin(JsonNode postProcessor) {
    if (added.containsKey(BEGIN)) {
      return added.get(BEGIN);
    }
    Boolean asked = files.addsBegin();
    if (asked != null) {
      String name = files.specialToken("bos_token");
      return asked && name != null ? Integer.valueOf(idOf(name)) : null;
    }
    for (JsonNode step : postProcessor.path("processors")) {
      Integer found = templateBegin(step);
      if (found != null) {
        return found;
      }
    }
    Integer found = templateBegin(postProcessor);
    if (found != null || files.namesSpecialTokens()) {
      return found;
    }
    return BEGINNINGS.stream().filter(added::containsKey).map(added::get).findFirst().orElse(null);
  }

  private @Nullable Integer templateBegin(JsonNode step) {
    String name = step.path("single").path(0).path("SpecialToken").path("id").asText("");
    return added.get(name);
  }

  /** What the model writes for what it cannot; the one special token that text may become. */
  private static int unknown(JsonNode model) {
    String name = model.path("unk_token").asText("");
    return model.path("unk_id").asInt(model.path("vocab").path(name).asInt(-1));
  }

  /**
   * Token ids of a text, nothing added. The names of special tokens in it are text.
   *
   * @throws UserError where the tokenizer's own model makes a special token of this text
   */
  public int[] encode(String text) {
    int[] ids = libraryIds(text);
    for (int id : ids) {
      if (special.get(id) && id != unknown) {
        throw new UserError(
            "the tokenizer's model reads a part of this text as its special token "
                + id
                + ", which only sequences may hold: "
                + (text.length() > 80 ? text.substring(0, 80) + "..." : text));
      }
    }
    return ids;
  }

  /**
   * Token ids of a text that follows other text. Some tokenizers, Llama 2's for one, put a space
   * before whatever they are given; here none is put.
   *
   * @throws UserError as {@link #encode} does
   */
  public int[] encodeAfter(String text) {
    if (!prepends) {
      return encode(text);
    }
    // A line feed is a token by itself in such tokenizers: it takes the space, and is cut off.
    int[] feed = encode("\n");
    int[] ids = encode("\n" + text);
    boolean apart =
        ids.length >= feed.length && Arrays.equals(feed, 0, feed.length, ids, 0, feed.length);
    return apart ? Arrays.copyOfRange(ids, feed.length, ids.length) : encode(text);
  }

  /** Whether a step of the file, or one inside it, puts a space before a text. */
  private static boolean prepends(JsonNode step) {
    boolean here =
        switch (step.path("type").asText()) {
          case "Prepend" -> true;
          case "Metaspace" ->
              !step.path("prepend_scheme").asText("always").equals("never")
                  && step.path("add_prefix_space").asBoolean(true);
          case "ByteLevel" -> step.path("add_prefix_space").asBoolean(false);
          default -> false;
        };
    for (String list : List.of("normalizers", "pretokenizers")) {
      for (JsonNode inner : step.path(list)) {
        here |= prepends(inner);
      }
    }
    return here;
  }

  /** The ids alone: the library's own call fetches seven more arrays, which takes longer. */
  private int[] libraryIds(String text) {
    long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, false);
    try {
      long[] longs = TokenizersLibrary.LIB.getTokenIds(encoding);
      int[] ids = new int[longs.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = (int) longs[i];
      }
      return ids;
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
      Reference.reachabilityFence(library); // its finalizer frees the handle
    }
  }

  /** The begin token, where sequences have one, then the ids of a text. */
  public int[] encodeWithBos(String text) {
    return begun(encode(text));
  }

  /** The begin token, where sequences have one, then these ids. */
  public int[] begun(int[] ids) {
    if (begin == null) {
      return ids.clone();
    }
    int[] all = new int[ids.length + 1];
    all[0] = begin;
    System.arraycopy(ids, 0, all, 1, ids.length);
    return all;
  }

  /** The text of token ids; special tokens are left out. */
  public String decode(int[] ids) {
    long[] text = Arrays.stream(ids).filter(id -> !special.get(id)).asLongStream().toArray();
    return text.length == 0 ? "" : library.decode(text, false);
  }

  /**
   * The text that tokens add behind others. Some decoders strip a text's first space; a response
   * keeps it.
   */
  public String decodeAfter(int[] before, int[] ids) {
    int[] all = new int[before.length + ids.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(ids, 0, all, before.length, ids.length);
    String head = decode(before);
    String text = decode(all);
    return text.startsWith(head) ? text.substring(head.length()) : decode(ids);
  }

  /** Number of token ids, the special ones included. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /**
   * The id of a special token.
   *
   * @throws UserError where the tokenizer has none of that name
   */
  public int idOf(String specialToken) {
    Integer id = added.get(specialToken);
    if (id == null) {
      throw new UserError(
          "the tokenizer has no special token "
              + specialToken
              + "; models trained here have it, see `preference` and `pretraining`");
    }
    return id;
  }

  /** Whether there is a special token of this name. */
  public boolean has(String specialToken) {
    return added.containsKey(specialToken);
  }

  /** The token that begins a sequence; GPT-2, Pythia and Qwen have none. */
  public OptionalInt begin() {
    return begin == null ? OptionalInt.empty() : OptionalInt.of(begin);
  }

  /**
   * The token that ends a response, where the files name one: our own, else {@code eos_token}.
   *
   * @throws UserError where the name is not a special token
   */
  public OptionalInt end() {
    return named(END, "eos_token");
  }

  /** The padding token that the files name, which in many of them is the end token. */
  public OptionalInt pad() {
    String name = files.specialToken("pad_token");
    if (name != null && !added.containsKey(name)) {
      return OptionalInt.empty();
    }
    return named(PAD, "pad_token");
  }

  private OptionalInt named(String own, String key) {
    String name = added.containsKey(own) ? own : files.specialToken(key);
    return name == null ? OptionalInt.empty() : OptionalInt.of(idOf(name));
  }

  /** Tokens beside {@link #end()} at which sampling ends, of {@code generation_config.json}. */
  public Set<Integer> stops() {
    return files.stops();
  }

  /** The file that the tokenizer was read from, or what it is, for messages. */
  public String source() {
    return files.source();
  }

  /** The text of the model's own chat template. */
  public Optional<String> chatTemplate() {
    return Optional.ofNullable(files.chatTemplate());
  }

  /** The name of the special token that a chat template knows as {@code bos_token}, or "". */
  public String beginName() {
    return Objects.requireNonNullElse(
        added.containsKey(BEGIN) ? BEGIN : files.specialToken("bos_token"), "");
  }

  /** The name of the special token that a chat template knows as {@code eos_token}, or "". */
  public String endName() {
    return Objects.requireNonNullElse(
        added.containsKey(END) ? END : files.specialToken("eos_token"), "");
  }

  /** The special tokens by name, in the file's order. */
  public Map<String, Integer> specials() {
    Map<String, Integer> specials = new LinkedHashMap<>();
    added.forEach(
        (name, id) -> {
          if (special.get(id)) {
            specials.put(name, id);
          }
        });
    return specials;
  }

  /** Whether an id is a special token's. */
  public boolean isSpecial(int id) {
    return id >= 0 && special.get(id);
  }

  /**
   * The same tokenizer with a padding token that is none of the {@code used} ones: its own, if it
   * will do; the unknown token or another that is there to pad; or a new one, if the model's
   * embedding has a row to spare. Otherwise with none.
   *
   * <p>A classifier elsewhere reads its score at the last token that is not padding; were the
   * padding the end token, that would be the token before.
   *
   * @param used ids that mean something
   * @param rows rows of the model's embedding
   */
  public Tokenizer withPadApartFrom(Set<Integer> used, int rows) {
    OptionalInt own = pad();
    if (own.isPresent() && !used.contains(own.getAsInt())) {
      return this;
    }
    for (Map.Entry<String, Integer> entry : specials().entrySet()) {
      boolean free = entry.getKey().contains("pad") || entry.getValue() == unknown;
      if (free && !used.contains(entry.getValue()) && entry.getValue() < rows) {
        return new Tokenizer(files.withPad(files.json(), entry.getKey()));
      }
    }
    if (vocabularySize >= rows || added.containsKey(PAD)) {
      return new Tokenizer(files.withPad(files.json(), null));
    }
    try {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode tree = (ObjectNode) mapper.readTree(files.json());
      TokenizerDirectory.addSpecial(tree.withArray("added_tokens"), vocabularySize, PAD);
      return new Tokenizer(files.withPad(mapper.writeValueAsBytes(tree), PAD));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What one token stands for, to be read: a special token's name, else its text; the id in angles
   * where its bytes are no text by themselves.
   */
  public String show(int id) {
    if (isSpecial(id)) {
      return specials().entrySet().stream()
          .filter(entry -> entry.getValue() == id)
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse("");
    }
    // Some decoders strip a text's first space; a second token of the kind keeps it.
    String one = decode(new int[] {id});
    String two = decode(new int[] {id, id});
    String text = two.startsWith(one) ? two.substring(one.length()) : one;
    return text.isEmpty() || text.indexOf('\uFFFD') >= 0 ? "<" + id + ">" : text;
  }

  /**
   * Writes the {@code tokenizer.json}, byte for byte as it was read or trained.
   *
   * @throws UserError where it cannot be written
   */
  public void save(Path file) {
    write(file, files.json());
  }

  /**
   * Writes {@code tokenizer.json} and what stands beside it into a directory. Where the tokenizer
   * came with files beside it, they are written as they were; one of our own gets a {@code
   * tokenizer_config.json} that names its special tokens.
   *
   * @param contextTokens the model's longest sequence
   * @throws UserError where it cannot be written
   */
  public void saveInto(Path directory, int contextTokens) {
    save(directory.resolve(TokenizerDirectory.TOKENIZER));
    files.companions().forEach((name, bytes) -> write(directory.resolve(name), bytes));
    if (files.companions().containsKey(TokenizerDirectory.CONFIG)) {
      return;
    }
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("tokenizer_class", "PreTrainedTokenizerFast");
    json.put("model_max_length", contextTokens);
    json.put("clean_up_tokenization_spaces", false);
    putName(json, "bos_token", begin());
    putName(json, "eos_token", end());
    putName(json, "pad_token", pad());
    json.putArray("model_input_names").add("input_ids").add("attention_mask");
    write(
        directory.resolve(TokenizerDirectory.CONFIG),
        (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void putName(ObjectNode json, String key, OptionalInt id) {
    if (id.isPresent()) {
      json.put(key, show(id.getAsInt()));
    }
  }

  private static void write(Path file, byte[] bytes) {
    Path partial = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.write(partial, bytes);
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
