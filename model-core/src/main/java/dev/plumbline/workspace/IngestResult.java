package dev.plumbline.workspace;

import java.util.List;

/**
 * What one round of ingest brought in.
 *
 * @param events journal events taken up
 * @param changedRuns ids of the runs whose rows changed
 * @param errors one line for each run with files that cannot be read
 */
public record IngestResult(long events, List<String> changedRuns, List<String> errors) {
  /** Whether nothing changed. */
  public boolean isEmpty() {
    return changedRuns.isEmpty();
  }
}
