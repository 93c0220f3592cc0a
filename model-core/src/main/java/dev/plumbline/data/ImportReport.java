package dev.plumbline.data;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was found in a file of comparisons (paper section 11, item 4).
 *
 * @param file the file
 * @param lines lines that are not blank
 * @param blankLines lines that are; they are passed over, and count in the numbers of problems
 * @param comparisons lines that hold a comparison: {@code lines} less {@code malformed}; those with
 *     unequal prompts are among them
 * @param malformed lines that are not JSON objects with two transcripts
 * @param unequalPrompts comparisons whose two transcripts differ before the last assistant turn;
 *     they are not used
 * @param emptyResponses comparisons of which at least one response is blank; they are used
 * @param identical comparisons whose two transcripts are the same text; they are used
 * @param turns how many comparisons have a given number of assistant turns in {@code chosen}
 * @param problems the first malformed lines, at most {@value #MOST_PROBLEMS}
 */
public record ImportReport(
    Path file,
    long lines,
    long blankLines,
    long comparisons,
    long malformed,
    long unequalPrompts,
    long emptyResponses,
    long identical,
    SortedMap<Integer, Long> turns,
    List<Problem> problems) {

  /** How many malformed lines are kept with their reason; all are counted. */
  public static final int MOST_PROBLEMS = 100;

  /**
   * A line that cannot be read.
   *
   * @param line its number in the file, from 1, blank lines counted
   * @param reason what is wrong with it
   */
  public record Problem(long line, String reason) {}

  /** Copies what it is given. */
  public ImportReport {
    turns = Collections.unmodifiableSortedMap(new TreeMap<>(turns));
    problems = List.copyOf(problems);
  }

  /** Comparisons that can be used: those with equal prompts. */
  public long usable() {
    return comparisons - unequalPrompts;
  }

  /**
   * Asks that no line was malformed, as training does.
   *
   * @throws UserError naming the file, the first malformed line, what is wrong and what to do
   */
  public void requireClean() {
    if (malformed > 0) {
      Problem first = problems.getFirst();
      throw new UserError(
          file
              + ":"
              + first.line()
              + ": "
              + first.reason()
              + (malformed > 1 ? " (and " + (malformed - 1) + " more such lines)" : "")
              + "; mend or remove the line, `plumbline data inspect` lists them all");
    }
  }
}
