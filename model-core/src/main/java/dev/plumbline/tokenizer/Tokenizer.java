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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

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

  private final byte[] json;
  private final HuggingFaceTokenizer library;
  private final Map<String, Integer> added = new HashMap<>();
  private final BitSet special = new BitSet();
  private final int unknown;
  private final int vocabularySize;

  private Tokenizer(byte[] json, String source) {
    this.json = json;
    try {
      ObjectMapper mapper = new ObjectMapper();
      if (!(mapper.readTree(json) instanceof ObjectNode tree)) {
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
      return new Tokenizer(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  static Tokenizer of(String json) {
    return new Tokenizer(json.getBytes(StandardCharsets.UTF_8), "tokenizer");
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

  /** The begin token, then the ids of a text. */
  public int[] encodeWithBos(String text) {
    int[] ids = encode(text);
    int[] all = new int[ids.length + 1];
    all[0] = bos();
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

  /** The token that begins a sequence. */
  public int bos() {
    for (String name : BEGINNINGS) {
      Integer id = added.get(name);
      if (id != null) {
        return id;
      }
    }
    throw new UserError("the tokenizer has no begin token such as " + BEGIN);
  }

  /**
   * Writes the {@code tokenizer.json}, byte for byte as it was read or trained.
   *
   * @throws UserError where it cannot be written
   */
  public void save(Path file) {
    Path partial = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.write(partial, json);
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
