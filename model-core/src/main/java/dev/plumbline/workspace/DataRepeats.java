package dev.plumbline.workspace;

/**
 * What stands in a data file more than once.
 *
 * @param rows rows of the file
 * @param conversations distinct openings
 * @param prompts distinct prompts
 * @param distinct distinct rows, whichever response was preferred
 * @param duplicates rows of which another is the same, whichever response was preferred
 * @param contradicted rows among them whose two responses were preferred both ways
 * @param same comparisons of a response with itself
 * @param empty rows with an empty response
 * @param near rows that are nearly the same as another; -1 where nobody looked
 * @param nearGroups groups of those; -1 likewise
 * @param nearThreshold the similarity that was asked for; NaN likewise
 */
public record DataRepeats(
    long rows,
    long conversations,
    long prompts,
    long distinct,
    long duplicates,
    long contradicted,
    long same,
    long empty,
    long near,
    long nearGroups,
    double nearThreshold) {

  /** Rows too many: without them each row would stand once. */
  public long surplus() {
    return rows - distinct;
  }
}
