package dev.plumbline.app.samples;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The difference of two texts in words, by the algorithm of Myers (1986). */
public final class WordDiff {
  /** Words, spaces, and each other sign by itself. */
  private static final Pattern WORD =
      Pattern.compile("\\s+|[\\p{L}\\p{M}\\p{N}']+|.", Pattern.DOTALL);

  private WordDiff() {}

  /** What became of a part. */
  public enum Change {
    /** It stands in both texts. */
    SAME,
    /** It stands in the first text only. */
    REMOVED,
    /** It stands in the second text only. */
    ADDED
  }

  /**
   * A part of either text.
   *
   * @param change in which of them it stands
   * @param text its words
   */
  public record Part(Change change, String text) {}

  /**
   * Parts in reading order: those that are not added make up the first text, those that are not
   * removed the second.
   */
  public static List<Part> of(String first, String second) {
    List<String> before = words(first);
    List<String> after = words(second);
    List<Part> parts = new ArrayList<>();
    int at = 0;
    for (Hunk hunk : hunks(before, after)) {
      add(parts, Change.SAME, before.subList(at, hunk.from()));
      add(parts, Change.REMOVED, before.subList(hunk.from(), hunk.to()));
      add(parts, Change.ADDED, after.subList(hunk.newFrom(), hunk.newTo()));
      at = hunk.to();
    }
    add(parts, Change.SAME, before.subList(at, before.size()));
    return parts;
  }

  /** Words of the first text that words of the second stand for. */
  private record Hunk(int from, int to, int newFrom, int newTo) {}

  /**
   * Hunks between which no more than spaces stayed are one: else each word is a pair of its own.
   */
  private static List<Hunk> hunks(List<String> before, List<String> after) {
    List<Hunk> hunks = new ArrayList<>();
    for (AbstractDelta<String> delta : DiffUtils.diff(before, after).getDeltas()) {
      int from = delta.getSource().getPosition();
      int newFrom = delta.getTarget().getPosition();
      int to = from + delta.getSource().size();
      int newTo = newFrom + delta.getTarget().size();
      Hunk last = hunks.isEmpty() ? null : hunks.getLast();
      if (last != null && before.subList(last.to(), from).stream().allMatch(String::isBlank)) {
        hunks.removeLast();
        hunks.add(new Hunk(last.from(), to, last.newFrom(), newTo));
      } else {
        hunks.add(new Hunk(from, to, newFrom, newTo));
      }
    }
    return hunks;
  }

  private static void add(List<Part> parts, Change change, List<String> words) {
    if (!words.isEmpty()) {
      parts.add(new Part(change, String.join("", words)));
    }
  }

  private static List<String> words(String text) {
    return WORD.matcher(text.replace("\r\n", "\n")).results().map(MatchResult::group).toList();
  }
}
