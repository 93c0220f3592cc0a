package dev.plumbline.labelling;

import dev.plumbline.data.Sha256;
import dev.plumbline.dialogue.Role;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A pair to be labelled.
 *
 * @param id made of the texts, so that the same pair has the same id in every workspace
 * @param prompt the dialogue so far; ends with an open assistant turn
 * @param first one candidate; which side it is shown on is the annotator's order's business
 * @param second the other
 * @param expected what an annotator should find, for a hidden control item
 * @param attributes what else is known (tranche, stratum, why it was selected, ...), by name
 */
public record LabelItem(
    String id,
    String prompt,
    Candidate first,
    Candidate second,
    Optional<Judgement> expected,
    Map<String, String> attributes) {

  /** Attribute: why the item is in the batch, {@code random} or what it was selected by. */
  public static final String SELECTED_BY = "selected_by";

  /** Refuses a prompt that does not end with an open assistant turn. */
  public LabelItem {
    if (!prompt.endsWith(Role.ASSISTANT.marker())) {
      throw new IllegalArgumentException("a prompt ends with two line feeds and \"Assistant:\"");
    }
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** A pair with the id that its texts give it. */
  public static LabelItem of(
      String prompt, Candidate first, Candidate second, Map<String, String> attributes) {
    return new LabelItem(
        id(prompt, first.text(), second.text()),
        prompt,
        first,
        second,
        Optional.empty(),
        attributes);
  }

  private static String id(String prompt, String first, String second) {
    // Texts hold no NUL, so no two pairs are written alike.
    String all = prompt + '\0' + first + '\0' + second;
    return Sha256.of(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  /** The same with another attribute. */
  public LabelItem with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(name, value);
    return new LabelItem(id, prompt, first, second, expected, more);
  }

  /** The same as a control item. */
  public LabelItem expecting(Judgement judgement) {
    return new LabelItem(id, prompt, first, second, Optional.of(judgement), attributes);
  }

  /** The candidate that stands on the left. */
  public Candidate left(boolean firstLeft) {
    return firstLeft ? first : second;
  }

  /** The candidate that stands on the right. */
  public Candidate right(boolean firstLeft) {
    return firstLeft ? second : first;
  }
}
