package dev.plumbline.workspace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that people set about a run.
 *
 * @param name null where it is the spec's
 * @param notes null where they are the spec's
 * @param tags null where they are the spec's
 */
public record RunMarks(
    String runId,
    @Nullable String name,
    @Nullable String notes,
    @Nullable List<String> tags,
    boolean starred,
    boolean archived) {
  public RunMarks {
    tags = tags == null ? null : List.copyOf(tags);
  }
}
