package dev.plumbline.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Text to token ids and back, by a Hugging Face {@code tokenizer.json}. */
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
  private final Map<String, Integer> specials = new HashMap<>();
  private final int vocabularySize;

  private Tokenizer(byte[] json, String source) {
    this.json = json;
    try {
      JsonNode tree = new ObjectMapper().readTree(json);
      int size = 0;
      for (JsonNode token : tree.path("added_tokens")) {
        specials.put(token.path("content").asText(), token.path("id").asInt());
        size = Math.max(size, token.path("id").asInt() + 1);
      }
      for (Map.Entry<String, JsonNode> token : tree.path("model").path("vocab").properties()) {
        size = Math.max(size, token.getValue().asInt() + 1);
      }
      this.vocabularySize = size;
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      LIBRARY_LOG.setLevel(Level.SEVERE);
      this.library =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json),
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

  /** Token ids of a text, nothing added. */
  public int[] encode(String text) {
    return ids(library.encode(text, false, false).getIds());
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
    long[] longs = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      longs[i] = ids[i];
    }
    return ids.length == 0 ? "" : library.decode(longs, true);
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
    Integer id = specials.get(specialToken);
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
    return specials.containsKey(specialToken);
  }

  /** The token that begins a sequence. */
  public int bos() {
    for (String name : BEGINNINGS) {
      Integer id = specials.get(name);
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

  private static int[] ids(long[] longs) {
    int[] ids = new int[longs.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (int) longs[i];
    }
    return ids;
  }
}
