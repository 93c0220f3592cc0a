package dev.plumbline.data;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found in a file of red-team attempts (paper section 11, item 5).
 *
 * @param file the file
 * @param array whether it is one JSON array; then elements are counted and not lines
 * @param records lines that are not blank, or elements
 * @param blankLines lines that are; they are passed over, and count in the numbers of problems
 * @param attempts records that were read: {@code records} less {@code malformed}
 * @param malformed records that are no JSON objects, have no transcript or a field of another kind
 *     than it must be
 * @param missing for each of the ten fields, in the order of {@link RedTeamReader#FIELDS}, how many
 *     attempts have none
 * @param problems the first malformed records, at most {@link ImportReport#MOST_PROBLEMS}
 */
public record RedTeamReport(
    Path file,
    boolean array,
    long records,
    long blankLines,
    long attempts,
    long malformed,
    Map<String, Long> missing,
    List<ImportReport.Problem> problems) {
  /** Copies what it is given. */
  public RedTeamReport {
    missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
    problems = List.copyOf(problems);
  }
}
