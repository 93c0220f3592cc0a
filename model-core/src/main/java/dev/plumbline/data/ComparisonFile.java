package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.util.List;

/**
 * A file of comparisons that was read.
 *
 * @param comparisons those with equal prompts, in the order of the file
 * @param report what was found, and what was left out
 */
public record ComparisonFile(List<Comparison> comparisons, ImportReport report) {
  /** Copies what it is given. */
  public ComparisonFile {
    comparisons = List.copyOf(comparisons);
  }
}
