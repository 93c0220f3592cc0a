package dev.plumbline.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts with what is known of them, one at a time, so that memory does not grow with the
 * file.
 *
 * <ul>
 *   <li>JSON Lines, gzip or not: a line's text stands under the key that is asked for; else under
 *       {@code text} or {@code transcript}, or it is {@code prompt} and {@code response} together.
 *       A line with {@code chosen} and {@code rejected} gives two texts; of them the key {@code
 *       side} is {@code chosen} or {@code rejected}, and another KEY that the line lacks is looked
 *       for as {@code chosen_KEY} or {@code KEY_chosen}, and {@code rejected_KEY} or {@code
 *       KEY_rejected}.
 *   <li>{@code .csv} and {@code .tsv}: keys are columns.
 *   <li>Winogender's {@code .tsv}: the keys are {@code occupation}, {@code participant}, {@code
 *       answer} (0 or 1), {@code gender} and {@code pair}, the same for sentences that differ in
 *       the pronoun alone.
 * </ul>
 */
public final class TextReader {
  /** The key that says of a comparison's texts which is which. */
  public static final String SIDE = "side";

  private final Path file;
  private final @Nullable String textKey;
  private final List<String> keys;
  private final Consumer<TextRecord> use;

  private TextReader(
      Path file, @Nullable String textKey, List<String> keys, Consumer<TextRecord> use) {
    this.file = file;
    this.textKey = textKey;
    this.keys = keys;
    this.use = use;
  }

  /**
   * Reads a file to its end.
   *
   * @param textKey key or column of the text, or null for the usual ones
   * @param keys what else is wanted
   * @throws UserError where the file cannot be read or a line holds no text
   */
  public static void read(
      Path file, @Nullable String textKey, List<String> keys, Consumer<TextRecord> use) {
    TextReader reader = new TextReader(file, textKey, keys, use);
    if (textKey == null && Winogender.named(file)) {
      reader.sentences();
    } else if (CsvRows.named(file)) {
      reader.rows(textKey == null ? "text" : textKey);
    } else {
      reader.lines();
    }
  }

  private void sentences() {
    Winogender.read(
        file,
        (line, sentence) ->
            give(line, sentence.sentence(), keys.stream().map(sentence::value).toList()));
  }

  private void rows(String text) {
    List<String> wanted = new ArrayList<>(List.of(text));
    wanted.addAll(keys);
    CsvRows.read(
        file,
        wanted,
        (line, cells) -> give(line, cells.getFirst(), cells.subList(1, cells.size())));
  }

  private void lines() {
    JsonLines.read(
        file,
        new JsonLines.Visitor() {
          @Override
          public void object(long line, ObjectNode object) {
            one(line, object);
          }

          @Override
          public void malformed(long line, String reason) {
            throw new UserError(file + ":" + line + ": " + reason + "; mend or remove the line");
          }
        });
  }

  private void one(long line, ObjectNode object) {
    if (textKey != null) {
      String text = JsonLines.text(object, textKey);
      give(line, text == null ? "" : text, values(object, ""));
      return;
    }
    String text = JsonLines.text(object, "text");
    text = text == null ? JsonLines.text(object, "transcript") : text;
    String prompt = JsonLines.text(object, "prompt");
    String response = JsonLines.text(object, "response");
    String chosen = JsonLines.text(object, "chosen");
    String rejected = JsonLines.text(object, "rejected");
    if (text != null) {
      give(line, text, values(object, ""));
    } else if (prompt != null && response != null) {
      give(line, prompt + response, values(object, ""));
    } else if (chosen != null && rejected != null) {
      give(line, chosen, values(object, "chosen"));
      give(line, rejected, values(object, "rejected"));
    } else {
      give(line, "", List.of());
    }
  }

  private void give(long line, String text, List<String> values) {
    if (text.isBlank()) {
      throw new UserError(
          "%s:%d: no text under %s; mend or remove the line, or name another key under text"
              .formatted(
                  file,
                  line,
                  textKey != null
                      ? "\"" + textKey + "\""
                      : "\"text\", \"transcript\", \"prompt\" and \"response\", or \"chosen\" and"
                          + " \"rejected\""));
    }
    use.accept(new TextRecord(line, text, values));
  }

  private List<String> values(ObjectNode object, String side) {
    return keys.stream().map(key -> value(object, key, side)).toList();
  }

  private static String value(ObjectNode object, String key, String side) {
    JsonNode found = object.get(key);
    if (found == null && !side.isEmpty()) {
      if (key.equals(SIDE)) {
        return side;
      }
      found = object.get(side + "_" + key);
      found = found == null ? object.get(key + "_" + side) : found;
    }
    return found == null || found.isNull()
        ? ""
        : found.isValueNode() ? found.asText() : found.toString();
  }
}
