package dev.plumbline.data;

import java.util.List;

/**
 * What was found in a data file: how many rows are used, what was left out and why.
 *
 * @param lines lines, elements or rows that are not blank
 * @param blank lines that are; they are passed over
 * @param used rows that are used
 * @param skipped what was left out, the most frequent reason first
 * @param notes what is used and worth knowing, the most frequent first
 */
public record DataReport(
    long lines, long blank, long used, List<Count> skipped, List<Count> notes) {
  /** How many examples are kept of a reason; all are counted. */
  public static final int EXAMPLES = 20;

  /** Copies the lists. */
  public DataReport {
    skipped = List.copyOf(skipped);
    notes = List.copyOf(notes);
  }

  /**
   * How often something was found.
   *
   * @param reason what, in a few words
   * @param count how often
   * @param examples the first of them
   */
  public record Count(String reason, long count, List<Example> examples) {
    /** Copies the list. */
    public Count {
      examples = List.copyOf(examples);
    }
  }

  /**
   * A line where it was found.
   *
   * @param line its number, from 1
   * @param detail what is there, or empty where the reason says all
   */
  public record Example(long line, String detail) {}

  /** Rows that were left out. */
  public long left() {
    return skipped.stream().mapToLong(Count::count).sum();
  }
}
