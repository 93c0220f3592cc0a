package dev.plumbline.workspace;

import java.util.List;

/**
 * What can be asked about the runs that there are.
 *
 * @param settings keys of specs, sorted
 * @param metrics names of curves, sorted
 */
public record RunVocabulary(List<String> settings, List<String> metrics) {
  /** Nothing yet. */
  public static final RunVocabulary NONE = new RunVocabulary(List.of(), List.of());

  public RunVocabulary {
    settings = List.copyOf(settings);
    metrics = List.copyOf(metrics);
  }

  /**
   * A value that runs have.
   *
   * @param runs how many
   */
  public record Value(String text, int runs) {}
}
