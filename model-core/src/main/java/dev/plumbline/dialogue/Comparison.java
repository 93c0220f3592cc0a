package dev.plumbline.dialogue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Two responses to one prompt, of which one was preferred (paper section 2.2).
 *
 * @param prompt the dialogue so far; ends with an open assistant turn, {@code "\n\nAssistant:"}
 * @param chosen text of the preferred response as it follows the prompt, with its leading space
 * @param rejected text of the other response, likewise
 * @param attributes what else is known of the comparison (annotator, strength, tranche, ...), by
 *     name, in the order of the file
 */
public record Comparison(
    String prompt, String chosen, String rejected, Map<String, String> attributes) {
  /** Refuses a prompt that does not end with an open assistant turn. */
  public Comparison {
    if (!prompt.endsWith(Role.ASSISTANT.marker())) {
      throw new IllegalArgumentException("a prompt ends with two line feeds and \"Assistant:\"");
    }
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** A comparison of which nothing else is known. */
  public Comparison(String prompt, String chosen, String rejected) {
    this(prompt, chosen, rejected, Map.of());
  }

  /** The dialogue that ends with the preferred response. */
  public String chosenTranscript() {
    return prompt + chosen;
  }

  /** The dialogue that ends with the other response. */
  public String rejectedTranscript() {
    return prompt + rejected;
  }

  /**
   * What the comparisons of one conversation have in common: the text of its first turn. A
   * conversation gives about four comparisons (paper section 2.3), so splits go by this key.
   */
  public String conversationKey() {
    return Dialogue.conversationKey(prompt);
  }
}
