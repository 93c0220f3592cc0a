package dev.plumbline.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads matches: JSON Lines, gzip or not, each line an object with the texts {@code model_a},
 * {@code model_b} and {@code winner}, which is {@code a}, {@code b} or {@code tie}; the words of
 * Chatbot Arena's files ({@code model_a}, {@code model_b}, {@code tie (bothbad)}) mean the same.
 * Other keys are passed over. A rating from half a file is no rating, so the first line that is
 * wrong is an error.
 */
public final class MatchReader {
  private static final Map<String, MatchRow.Winner> WORDS =
      Map.of(
          "a", MatchRow.Winner.A,
          "model_a", MatchRow.Winner.A,
          "b", MatchRow.Winner.B,
          "model_b", MatchRow.Winner.B,
          "tie", MatchRow.Winner.TIE,
          "tie (bothbad)", MatchRow.Winner.TIE,
          "bothbad", MatchRow.Winner.TIE);

  private MatchReader() {}

  /**
   * Reads a file to its end.
   *
   * @param groupKey the key whose value says which matches belong together, or null for none
   * @throws UserError where the file or a line cannot be read
   */
  public static List<MatchRow> read(Path file, @Nullable String groupKey) {
    List<MatchRow> rows = new ArrayList<>();
    JsonLines.read(
        file,
        new JsonLines.Visitor() {
          @Override
          public void object(long line, ObjectNode object) {
            rows.add(row(file, line, object, groupKey));
          }

          @Override
          public void malformed(long line, String reason) {
            throw new UserError(file + ":" + line + ": " + reason + "; mend or remove this line");
          }
        });
    if (rows.isEmpty()) {
      throw empty(file);
    }
    return rows;
  }

  /**
   * Reads a file to its end, with the texts that were judged where a line has them under {@code
   * prompt}, {@code response_a} and {@code response_b}, and its {@code judge}.
   *
   * @param file as {@link #read} takes it
   * @throws UserError where the file or a line cannot be read
   */
  public static List<PlayedMatch> played(Path file) {
    List<PlayedMatch> matches = new ArrayList<>();
    JsonLines.read(
        file,
        new JsonLines.Visitor() {
          @Override
          public void object(long line, ObjectNode object) {
            matches.add(
                new PlayedMatch(
                    row(file, line, object, null),
                    orEmpty(object, "judge"),
                    orEmpty(object, "prompt"),
                    orEmpty(object, "response_a"),
                    orEmpty(object, "response_b")));
          }

          @Override
          public void malformed(long line, String reason) {
            throw new UserError(file + ":" + line + ": " + reason + "; mend or remove this line");
          }
        });
    if (matches.isEmpty()) {
      throw empty(file);
    }
    return matches;
  }

  private static String orEmpty(ObjectNode object, String key) {
    String text = JsonLines.text(object, key);
    return text == null ? "" : text;
  }

  private static UserError empty(Path file) {
    return new UserError(
        file + ": holds no matches; give JSON Lines with model_a, model_b and winner");
  }

  private static MatchRow row(Path file, long line, ObjectNode object, @Nullable String groupKey) {
    String said = text(file, line, object, "winner");
    MatchRow.Winner winner = WORDS.get(said.strip().toLowerCase(Locale.ROOT));
    if (winner == null) {
      throw new UserError(
          "%s:%d: \"winner\" is '%s'; it must be a, b or tie".formatted(file, line, said));
    }
    return new MatchRow(
        text(file, line, object, "model_a"),
        text(file, line, object, "model_b"),
        winner,
        groupKey == null ? null : group(file, line, object, groupKey));
  }

  private static String text(Path file, long line, ObjectNode object, String key) {
    String text = JsonLines.text(object, key);
    if (text == null || text.isBlank()) {
      throw new UserError(
          "%s:%d: no text under \"%s\"; mend or remove this line".formatted(file, line, key));
    }
    return text;
  }

  private static String group(Path file, long line, ObjectNode object, String key) {
    JsonNode value = object.get(key);
    if (value == null || !value.isValueNode() || value.isNull()) {
      throw new UserError(
          "%s:%d: no text or number under \"%s\", which says what belongs together"
              .formatted(file, line, key));
    }
    return value.asText();
  }
}
