package dev.plumbline.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains a byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019): texts are cut
 * into words by GPT-2's rule, words into bytes, and the most frequent neighbouring pair of tokens
 * becomes a token until the vocabulary is full. Any text can be encoded and comes back unchanged.
 */
public final class BpeTrainer {
  /** Contractions, letters, digits or signs with the one space before them, then white space. */
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+" + "| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final String[] BYTE_NAMES = byteNames();

  private BpeTrainer() {}

  /** A distinct word: its tokens so far, and how often the texts have it. */
  private static final class Word {
    private final int[] tokens;
    private int length;
    private final long count;

    Word(int[] tokens, long count) {
      this.tokens = tokens;
      this.length = tokens.length;
      this.count = count;
    }

    /** Joins a pair wherever it stands. */
    void merge(int left, int right, int joined) {
      int to = 0;
      for (int from = 0; from < length; from++) {
        if (from + 1 < length && tokens[from] == left && tokens[from + 1] == right) {
          tokens[to++] = joined;
          from++;
        } else {
          tokens[to++] = tokens[from];
        }
      }
      length = to;
    }
  }

  /** Occurrences of a pair, and the words that may hold it. */
  private static final class Pair {
    private long count;
    private int[] words = new int[4];
    private int size;

    void in(int word) {
      // The words come in order, so that one word's repeats are neighbours.
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
      }
      words[size++] = word;
    }
  }

  private record Candidate(long count, long pair) {}

  /**
   * Trains a tokenizer.
   *
   * @param texts what it is trained on
   * @param vocabularySize number of tokens in all, at least 256 more than the special ones; fewer
   *     are made where the texts have no more pairs that occur twice
   * @param specials special tokens, which get the first ids and never take part in merging
   * @throws UserError where the vocabulary is too small
   */
  public static Tokenizer train(Iterable<String> texts, int vocabularySize, List<String> specials) {
    int base = specials.size();
    if (vocabularySize < base + 256) {
      throw new UserError(
          "vocabulary_size must be at least " + (base + 256) + ", not " + vocabularySize);
    }
    List<Word> words = words(texts, base);
    Map<Long, Pair> pairs = new HashMap<>();
    for (int w = 0; w < words.size(); w++) {
      add(pairs, words.get(w), w, 1);
    }
    // Equal counts are decided by the ids, so that training is a function of the texts.
    PriorityQueue<Candidate> queue =
        new PriorityQueue<>(
            (a, b) ->
                a.count() != b.count()
                    ? Long.compare(b.count(), a.count())
                    : Long.compare(a.pair(), b.pair()));
    pairs.forEach((key, pair) -> queue.add(new Candidate(pair.count, key)));

    List<String> names = new ArrayList<>(specials);
    names.addAll(Arrays.asList(BYTE_NAMES));
    List<long[]> merges = new ArrayList<>();
    while (names.size() < vocabularySize && !queue.isEmpty()) {
      Candidate best = queue.poll();
      Pair pair = pairs.get(best.pair());
      if (pair == null || pair.count <= 0) {
        continue;
      }
      if (pair.count != best.count()) {
        queue.add(new Candidate(pair.count, best.pair()));
        continue;
      }
      if (best.count() < 2) {
        break;
      }
      int left = (int) (best.pair() >>> 32);
      int right = (int) best.pair();
      int joined = names.size();
      names.add(names.get(left) + names.get(right));
      merges.add(new long[] {left, right});
      Map<Long, Long> grown = new HashMap<>();
      int[] holders = Arrays.copyOf(pair.words, pair.size);
      Arrays.sort(holders);
      int previous = -1;
      for (int w : holders) {
        if (w != previous) {
          Word word = words.get(w);
          add(pairs, word, w, -1);
          word.merge(left, right, joined);
          add(pairs, word, w, 1);
          for (int t = 0; t + 1 < word.length; t++) {
            if (word.tokens[t] == joined || word.tokens[t + 1] == joined) {
              grown.put(key(word.tokens[t], word.tokens[t + 1]), 0L);
            }
          }
          previous = w;
        }
      }
      pairs.remove(best.pair());
      for (long key : grown.keySet()) {
        Pair fresh = pairs.get(key);
        if (fresh != null) {
          queue.add(new Candidate(fresh.count, key));
        }
      }
    }
    return Tokenizer.of(json(names, merges, specials));
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }

  private static void add(Map<Long, Pair> pairs, Word word, int index, int sign) {
    for (int t = 0; t + 1 < word.length; t++) {
      Pair pair = pairs.computeIfAbsent(key(word.tokens[t], word.tokens[t + 1]), _ -> new Pair());
      pair.count += sign * word.count;
      if (sign > 0) {
        pair.in(index);
      }
    }
  }

  private static List<Word> words(Iterable<String> texts, int base) {
    // Sorted, so that the order of the texts does not matter.
    Map<String, Long> counts = new HashMap<>();
    for (String text : texts) {
      Matcher matcher = WORD.matcher(text);
      while (matcher.find()) {
        counts.merge(matcher.group(), 1L, Long::sum);
      }
    }
    List<Word> words = new ArrayList<>();
    new TreeMap<>(counts)
        .forEach(
            (text, count) -> {
              byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
              int[] tokens = new int[bytes.length];
              for (int i = 0; i < bytes.length; i++) {
                tokens[i] = base + (bytes[i] & 0xff);
              }
              words.add(new Word(tokens, count));
            });
    return words;
  }

  /**
   * The printable character that stands for each byte in a {@code tokenizer.json}: itself where it
   * is a visible Latin-1 character, otherwise the next free one from U+0100 on.
   */
  private static String[] byteNames() {
    String[] names = new String[256];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible =
          (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      names[b] = Character.toString(visible ? b : next++);
    }
    return names;
  }

  private static String json(List<String> names, List<long[]> merges, List<String> specials) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("version", "1.0");
    json.putNull("truncation");
    json.putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    for (int id = 0; id < specials.size(); id++) {
      ObjectNode token = added.addObject();
      token.put("id", id);
      token.put("content", specials.get(id));
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
    }
    json.putNull("normalizer");
    byteLevel(json.putObject("pre_tokenizer"));
    beginTemplate(json, specials);
    byteLevel(json.putObject("decoder"));
    ObjectNode model = json.putObject("model");
    model.put("type", "BPE");
    for (String key :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      model.putNull(key);
    }
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < names.size(); id++) {
      vocabulary.put(names.get(id), id);
    }
    ArrayNode list = model.putArray("merges");
    for (long[] merge : merges) {
      list.add(names.get((int) merge[0]) + " " + names.get((int) merge[1]));
    }
    return json.toString();
  }

  /** Other programs put the begin token before a text by this; here {@code SequenceFormat} does. */
  private static void beginTemplate(ObjectNode json, List<String> specials) {
    int id = specials.indexOf(Tokenizer.BEGIN);
    if (id < 0) {
      json.putNull("post_processor");
      return;
    }
    ObjectNode processor = json.putObject("post_processor");
    processor.put("type", "TemplateProcessing");
    for (String form : List.of("single", "pair")) {
      ArrayNode parts = processor.putArray(form);
      parts.addObject().putObject("SpecialToken").put("id", Tokenizer.BEGIN).put("type_id", 0);
      parts.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
      if (form.equals("pair")) {
        parts.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
      }
    }
    ObjectNode token = processor.putObject("special_tokens").putObject(Tokenizer.BEGIN);
    token.put("id", Tokenizer.BEGIN);
    token.putArray("ids").add(id);
    token.putArray("tokens").add(Tokenizer.BEGIN);
  }

  private static void byteLevel(ObjectNode node) {
    node.put("type", "ByteLevel");
    node.put("add_prefix_space", false);
    node.put("trim_offsets", false);
    node.put("use_regex", true);
  }
}
