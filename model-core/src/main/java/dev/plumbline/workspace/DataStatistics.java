package dev.plumbline.workspace;

import java.util.List;
import java.util.SortedMap;

/**
 * What the rows of a data file that pass a filter are like.
 *
 * @param rows how many
 * @param tranches rows by tranche, the most frequent first; the empty name is of rows without one
 * @param sources rows by source, likewise
 * @param turns rows by turns of people
 * @param promptWords rows by words of the prompt
 * @param chosenWords rows by words of the preferred response, or of the response
 * @param rejectedWords rows by words of the other response; empty where there is none
 * @param margins rows by margin, where few values occur; else by the middle of equal intervals
 * @param marginWidth width of those intervals, 0 where the values stand for themselves
 * @param withMargin rows that have a margin
 * @param chosenShorter comparisons whose preferred response has fewer words
 * @param chosenLonger comparisons whose preferred response has more words
 */
public record DataStatistics(
    long rows,
    List<Count> tranches,
    List<Count> sources,
    SortedMap<Integer, Long> turns,
    SortedMap<Integer, Long> promptWords,
    SortedMap<Integer, Long> chosenWords,
    SortedMap<Integer, Long> rejectedWords,
    SortedMap<Double, Long> margins,
    double marginWidth,
    long withMargin,
    long chosenShorter,
    long chosenLonger) {
  /** How many rows have a value. */
  public record Count(String value, long rows) {}

  /** Copies the lists. */
  public DataStatistics {
    tranches = List.copyOf(tranches);
    sources = List.copyOf(sources);
  }
}
