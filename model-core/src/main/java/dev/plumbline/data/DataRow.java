package dev.plumbline.data;

import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row of a data file in the forms that stages read.
 *
 * @param line its line in the file, from 1, blank lines counted; its element in a JSON array
 * @param kind what it is
 * @param prompt a transcript that ends with an open assistant turn; of a prompt or a text that is
 *     no dialogue the text; empty where a text has no prompt
 * @param first the preferred response, or the response; as it follows the prompt, with its leading
 *     space
 * @param second the other response of a comparison, else empty
 * @param attributes what else is known of it, by the names of the file; those with a meaning under
 *     {@code tranche}, {@code source}, {@code margin}, {@code score_chosen}, {@code score_rejected}
 */
public record DataRow(
    long line,
    DataKind kind,
    String prompt,
    String first,
    String second,
    Map<String, String> attributes) {
  /** Copies the map. */
  public DataRow {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** How many turns people have in it. */
  public int turns() {
    int turns = 0;
    String marker = Role.HUMAN.marker();
    for (int at = prompt.indexOf(marker); at >= 0; at = prompt.indexOf(marker, at + 1)) {
      turns++;
    }
    return turns;
  }

  /** What is said in the prompt, without the markers of its turns. */
  public String said() {
    String said = prompt;
    for (Role role : Role.values()) {
      said = said.replace(role.marker(), "\n\n");
    }
    return said;
  }

  /** What rows of one conversation have in common: the text of its first turn. */
  public String opening() {
    return Dialogue.conversationKey(prompt.isEmpty() ? first : prompt);
  }

  /** What was asked last: the last turn of a person; of a text without any its beginning. */
  public String question() {
    if (prompt.isEmpty()) {
      return first;
    }
    int from = prompt.lastIndexOf(Role.HUMAN.marker());
    if (from < 0) {
      return prompt;
    }
    from += Role.HUMAN.marker().length();
    int to = prompt.indexOf(Role.ASSISTANT.marker(), from);
    return prompt.substring(from, to < 0 ? prompt.length() : to);
  }

  /** The attribute of a name as a number; NaN where it is none. */
  public double number(String name) {
    String text = attributes.get(name);
    try {
      return text == null ? Double.NaN : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
