package dev.plumbline.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * JSON Lines, gzip or not, one object a line. What is wrong with a line is told to the visitor;
 * what is wrong with the file as a whole (absent, unreadable, a gzip stream that ends in the
 * middle) is a {@link UserError}.
 */
final class JsonLines {
  private static final int LONGEST_LINE = 1 << 26;

  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A key twice in a line has no meaning that could be guessed.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonLines() {}

  /** Is given the lines of a file in order. */
  interface Visitor {
    /** A line that is a JSON object. */
    void object(long line, ObjectNode object);

    /** A line that is not; {@code reason} says why, in a few words. */
    void malformed(long line, String reason);
  }

  /**
   * Reads {@code file} to its end; blank lines are passed over but keep their number.
   *
   * @return how many lines there are, the blank ones too
   */
  static long read(Path file, Visitor visitor) {
    long line = 0;
    try (InputStream in = InputFile.open(file, "a .jsonl or .jsonl.gz file")) {
      byte[] buffer = new byte[1 << 16];
      ByteArrayOutputStream pending = new ByteArrayOutputStream();
      int count;
      while ((count = in.read(buffer)) >= 0) {
        int from = 0;
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n') {
            pending.write(buffer, from, i - from);
            visit(++line, pending.toByteArray(), visitor);
            pending.reset();
            from = i + 1;
          }
        }
        pending.write(buffer, from, count - from);
        if (pending.size() > LONGEST_LINE) {
          throw new UserError(
              file + ":" + (line + 1) + ": a line of more than 64 MiB; this is not JSON Lines");
        }
      }
      if (pending.size() > 0) {
        visit(++line, pending.toByteArray(), visitor);
      }
      return line;
    } catch (IOException e) {
      throw InputFile.failure(file, line + 1, e);
    }
  }

  private static void visit(long line, byte[] bytes, Visitor visitor) throws IOException {
    String head = new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.UTF_8);
    if (bytes.length <= 4096 && head.isBlank()) {
      return;
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      visitor.malformed(
          line, "not JSON (" + e.getOriginalMessage().lines().findFirst().orElse("") + ")");
      return;
    } catch (IOException e) {
      visitor.malformed(line, "not UTF-8 text");
      return;
    }
    if (node instanceof ObjectNode object) {
      visitor.object(line, object);
    } else {
      visitor.malformed(line, "not a JSON object");
    }
  }

  /** The text under {@code key}, or null where it is absent or not a string. */
  static @Nullable String text(ObjectNode object, String key) {
    JsonNode value = object.get(key);
    return value != null && value.isTextual() ? value.textValue() : null;
  }
}
