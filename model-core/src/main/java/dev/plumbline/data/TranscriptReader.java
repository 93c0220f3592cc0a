package dev.plumbline.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads text for language-model training: JSON Lines of {@code {"text": transcript}}, or
 * comparisons, of which the chosen transcript is taken.
 */
public final class TranscriptReader {
  private TranscriptReader() {}

  /**
   * The texts of a file, in its order.
   *
   * @throws UserError where the file cannot be read or a line holds neither
   */
  public static List<String> read(Path file) {
    List<String> texts = new ArrayList<>();
    JsonLines.read(
        file,
        new JsonLines.Visitor() {
          @Override
          public void object(long line, ObjectNode object) {
            String text = JsonLines.text(object, "text");
            if (text == null) {
              text = JsonLines.text(object, "chosen");
            }
            if (text == null || text.isEmpty()) {
              malformed(line, "no text under \"text\" or \"chosen\"");
            } else {
              texts.add(text);
            }
          }

          @Override
          public void malformed(long line, String reason) {
            throw new UserError(file + ":" + line + ": " + reason + "; mend or remove the line");
          }
        });
    return List.copyOf(texts);
  }
}
