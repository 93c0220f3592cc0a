package dev.plumbline.labelling;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One response of a pair.
 *
 * @param text as it follows the prompt, with its leading space
 * @param model who wrote it: a run and a step, {@code ppo-3@120}, or what an imported file says;
 *     empty where that is not known. Annotators never see it before the batch is closed
 * @param attributes what else is known of it (score, best_of, ...), by name
 */
public record Candidate(String text, String model, Map<String, String> attributes) {
  /** Keeps the order of the attributes. */
  public Candidate {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** A response of which only the writer is known. */
  public Candidate(String text, String model) {
    this(text, model, Map.of());
  }

  /** What is said, without the white space around it. */
  public String content() {
    return text.strip();
  }
}
