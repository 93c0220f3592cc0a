package dev.plumbline.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongConsumer;
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
    return read(file, visitor, _ -> {});
  }

  private static long read(Path file, Visitor visitor, LongConsumer bytes) {
    long line = 0;
    try (InputStream in = InputFile.open(file, "a .jsonl or .jsonl.gz file", bytes)) {
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

  /** How the objects of a file follow each other, and so what their numbers count. */
  enum Form {
    /** One a line; numbers are those of lines. */
    LINES,
    /** One array of all; numbers are those of its elements, from 1. */
    ARRAY
  }

  /**
   * How many lines or elements a file has, blank lines too, and which of the two they are.
   *
   * @param form whether lines or elements were counted
   * @param count how many
   */
  record Extent(Form form, long count) {}

  /**
   * Reads JSON Lines, or one JSON array of objects, which some published files hold under the name
   * of JSON Lines. Memory is bounded by the largest object. Within an array nothing can be read
   * after text that is no JSON, so that is an error and not a malformed element.
   *
   * @throws UserError where the file cannot be read, or is an array with a mistake in its syntax
   */
  static Extent readEither(Path file, Visitor visitor) {
    return readEither(file, visitor, _ -> {});
  }

  /**
   * The same for one who is told how far the reading is.
   *
   * @param bytes takes how many of the file's bytes are read
   */
  static Extent readEither(Path file, Visitor visitor, LongConsumer bytes) {
    if (!beginsArray(file)) {
      return new Extent(Form.LINES, read(file, visitor, bytes));
    }
    long element = 0;
    ObjectReader reader =
        MAPPER.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    try (InputStream in = InputFile.open(file, "a .json or .json.gz file", bytes);
        JsonParser parser = MAPPER.createParser(in)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        JsonNode node = reader.readValue(parser);
        element++;
        if (node instanceof ObjectNode object) {
          visitor.object(element, object);
        } else {
          visitor.malformed(element, "not a JSON object");
        }
      }
      if (parser.nextToken() != null) {
        throw new UserError(
            "%s: has text behind the end of its array; one array, or one object a line, is read"
                .formatted(file));
      }
      return new Extent(Form.ARRAY, element);
    } catch (JsonProcessingException e) {
      throw new UserError(
          "%s:%d: element %d of the array is not JSON (%s); nothing behind it can be read, mend it"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  element + 1,
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (IOException e) {
      throw InputFile.failure(file, 1, e);
    }
  }

  /** Whether the first character that is no white space opens an array. */
  static boolean beginsArray(Path file) {
    try (InputStream in = InputFile.open(file, "a .jsonl or .jsonl.gz file")) {
      int next = in.read();
      while (next == ' ' || next == '\t' || next == '\r' || next == '\n') {
        next = in.read();
      }
      return next == '[';
    } catch (IOException e) {
      throw InputFile.failure(file, 1, e);
    }
  }

  /** The text under {@code key}, or null where it is absent or not a string. */
  static @Nullable String text(ObjectNode object, String key) {
    JsonNode value = object.get(key);
    return value != null && value.isTextual() ? value.textValue() : null;
  }
}
