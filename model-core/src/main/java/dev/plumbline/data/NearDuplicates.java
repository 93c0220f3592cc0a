package dev.plumbline.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;

/**
 * Texts that are nearly the same: those whose sets of three-word sequences have a Jaccard
 * similarity of at least a threshold (Broder, "On the resemblance and containment of documents",
 * SEQUENCES 1997). Candidates come from MinHash signatures by banding (Leskovec, Rajaraman and
 * Ullman, "Mining of Massive Datasets", section 3.4): {@value #BANDS} bands of {@value #ROWS}, so
 * that a pair of similarity s is looked at with probability {@code 1 - (1 - s^4)^8}: 0.985 at 0.8,
 * 0.9998 at 0.9. Each candidate's similarity is then computed exactly, so that no pair is reported
 * that is not similar; some may be missed.
 */
public final class NearDuplicates {
  private static final int BANDS = 8;
  private static final int ROWS = 4;
  private static final int HASHES = BANDS * ROWS;
  private static final int WORDS = 3;

  private NearDuplicates() {}

  /** The texts that are compared, by their number from 0. */
  public interface Texts {
    /** How many there are. */
    int size();

    /** Hands all texts over in order. */
    void forEach(Receiver receiver);

    /** One text; asked mostly in ascending order. */
    String text(int number);
  }

  /** Takes texts. */
  public interface Receiver {
    /** A text and its number. */
    void text(int number, String text);
  }

  /**
   * Groups of similar texts: each is similar to at least one other of its group.
   *
   * @param group of each text the number of its group, from 0; -1 where it is in none
   * @param similarity of each text the similarity to the group's text by which it came in; 0 where
   *     it is in none
   */
  @SuppressWarnings("ArrayRecordComponent") // a million numbers each; nobody compares results
  public record Found(int[] group, float[] similarity) {
    /** How many texts are in groups. */
    public int texts() {
      return (int) Arrays.stream(group).filter(each -> each >= 0).count();
    }

    /** How many groups there are. */
    public int groups() {
      return Arrays.stream(group).max().orElse(-1) + 1;
    }
  }

  /**
   * Finds the groups.
   *
   * @param threshold least similarity, in (0, 1]
   * @param progress takes the fraction that is done; what it throws ends the work
   */
  public static Found find(Texts texts, double threshold, DoubleConsumer progress) {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new UserError("a similarity is above 0 and at most 1, not " + threshold);
    }
    int n = texts.size();
    int[] signatures = new int[Math.multiplyExact(n, HASHES)];
    boolean[] blank = new boolean[n];
    texts.forEach(
        (number, text) -> {
          long[] shingles = shingles(text);
          blank[number] = shingles.length == 0;
          sign(shingles, signatures, number * HASHES);
          if (number % 1024 == 0) {
            progress.accept(0.6 * number / n);
          }
        });
    int[] parent = new int[n];
    float[] similarity = new float[n];
    Arrays.setAll(parent, i -> i);
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, n - 1));
    long places = (1L << bits) - 1;
    Shingled shingled = new Shingled(texts);
    for (int band = 0; band < BANDS; band++) {
      long[] keys = new long[n];
      for (int i = 0; i < n; i++) {
        long key = 0x9E3779B97F4A7C15L;
        for (int r = 0; r < ROWS; r++) {
          key = mix(key ^ signatures[i * HASHES + band * ROWS + r]);
        }
        keys[i] = (key & ~places) | i;
      }
      Arrays.sort(keys);
      int done = band;
      IntConsumer at =
          i -> {
            if (i % 4096 == 0) {
              progress.accept(0.6 + 0.4 * (done + i / (double) n) / BANDS);
            }
          };
      for (int from = 0; from < n; ) {
        int to = from + 1;
        while (to < n && (keys[to] & ~places) == (keys[from] & ~places)) {
          to++;
        }
        join(keys, places, from, to, blank, threshold, parent, similarity, shingled);
        at.accept(from);
        from = to;
      }
    }
    progress.accept(1);
    return groups(parent, similarity);
  }

  /** Joins each text of a bucket with the nearest text before it that it is similar to. */
  private static void join(
      long[] keys,
      long places,
      int from,
      int to,
      boolean[] blank,
      double threshold,
      int[] parent,
      float[] similarity,
      Shingled shingled) {
    for (int i = from + 1; i < to; i++) {
      int one = (int) (keys[i] & places);
      if (blank[one]) {
        continue;
      }
      // in a bucket of one text's copies the last one or the first one is enough
      for (int other : new int[] {(int) (keys[i - 1] & places), (int) (keys[from] & places)}) {
        if (blank[other] || root(parent, one) == root(parent, other)) {
          continue;
        }
        double s = jaccard(shingled.of(other), shingled.of(one));
        if (s >= threshold) {
          parent[root(parent, one)] = root(parent, other);
          similarity[one] = Math.max(similarity[one], (float) s);
          similarity[other] = Math.max(similarity[other], (float) s);
          break;
        }
      }
    }
  }

  /** The shingles of the texts that were asked for last. */
  private static final class Shingled {
    private static final int KEPT = 1 << 12;
    private final Texts texts;
    private final int[] numbers = new int[KEPT];
    private final long[][] kept = new long[KEPT][];

    Shingled(Texts texts) {
      this.texts = texts;
    }

    long[] of(int number) {
      int place = number & (KEPT - 1);
      long[] there = kept[place];
      if (there == null || numbers[place] != number) {
        there = shingles(texts.text(number));
        kept[place] = there;
        numbers[place] = number;
      }
      return there;
    }
  }

  private static int root(int[] parent, int of) {
    int at = of;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  private static Found groups(int[] parent, float[] similarity) {
    int n = parent.length;
    int[] size = new int[n];
    for (int i = 0; i < n; i++) {
      size[root(parent, i)]++;
    }
    int[] number = new int[n];
    Arrays.fill(number, -1);
    int[] group = new int[n];
    int next = 0;
    for (int i = 0; i < n; i++) {
      int root = root(parent, i);
      if (size[root] < 2) {
        group[i] = -1;
        continue;
      }
      if (number[root] < 0) {
        number[root] = next++;
      }
      group[i] = number[root];
    }
    return new Found(group, similarity);
  }

  /** The similarity of two texts, 0 to 1; NaN where neither has a word. */
  public static double similarity(String one, String other) {
    return jaccard(shingles(one), shingles(other));
  }

  private static double jaccard(long[] one, long[] other) {
    int i = 0;
    int j = 0;
    int both = 0;
    while (i < one.length && j < other.length) {
      int order = Long.compare(one[i], other[j]);
      both += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return both / (double) (one.length + other.length - both);
  }

  /** Hashes of the text's sequences of three words, each once, ascending; a shorter text is one. */
  private static long[] shingles(String text) {
    List<String> words = words(text);
    if (words.isEmpty()) {
      return new long[0];
    }
    int count = Math.max(1, words.size() - WORDS + 1);
    long[] found = new long[count];
    for (int i = 0; i < count; i++) {
      long hash = 0;
      for (int w = i; w < Math.min(words.size(), i + WORDS); w++) {
        hash = mix(hash ^ hash(words.get(w)));
      }
      found[i] = hash;
    }
    Arrays.sort(found);
    int kept = 1;
    for (int i = 1; i < count; i++) {
      if (found[i] != found[kept - 1]) {
        found[kept++] = found[i];
      }
    }
    return Arrays.copyOf(found, kept);
  }

  /** Runs of letters and digits in lower case, so that marks and spaces do not count. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    String lower = text.toLowerCase(Locale.ROOT);
    int from = -1;
    for (int i = 0; i <= lower.length(); i++) {
      boolean inside = i < lower.length() && Character.isLetterOrDigit(lower.charAt(i));
      if (inside && from < 0) {
        from = i;
      } else if (!inside && from >= 0) {
        words.add(lower.substring(from, i));
        from = -1;
      }
    }
    return words;
  }

  private static long hash(String word) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < word.length(); i++) {
      hash = (hash ^ word.charAt(i)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  private static void sign(long[] shingles, int[] into, int at) {
    Arrays.fill(into, at, at + HASHES, Integer.MAX_VALUE);
    for (long shingle : shingles) {
      for (int i = 0; i < HASHES; i++) {
        int hash = (int) (mix(shingle + i * 0x9E3779B97F4A7C15L) >>> 33);
        if (hash < into[at + i]) {
          into[at + i] = hash;
        }
      }
    }
  }

  /** A bijection that scatters (Stafford's variant 13 of the 64-bit MurmurHash3 finaliser). */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
