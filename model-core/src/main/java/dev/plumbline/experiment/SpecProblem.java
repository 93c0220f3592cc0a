package dev.plumbline.experiment;

/**
 * A mistake in a spec.
 *
 * @param path the key that it is about, such as {@code rlhf.reward.sum[2].name}; empty where the
 *     text as a whole will not do
 * @param line its line in the text, from 1
 * @param message what is wrong and the mend, in one line
 */
public record SpecProblem(String path, int line, String message) {
  /** The same about another key. */
  SpecProblem at(String other) {
    return new SpecProblem(other, line, message);
  }
}
