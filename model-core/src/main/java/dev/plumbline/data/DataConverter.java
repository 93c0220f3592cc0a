package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Writes a data file of any form anew in the form that the stages read: JSON Lines of {@code
 * chosen} and {@code rejected} transcripts, of {@code text}, or of {@code prompt}; attributes
 * follow, and {@code source_line} says where each row stood.
 */
public final class DataConverter {
  private DataConverter() {}

  /**
   * Reads one file and writes another, which is there whole or not at all.
   *
   * @param target a {@code .jsonl.gz} or {@code .jsonl} that is not there
   * @param bytes takes how many bytes of {@code file} are read; what it throws ends the work
   * @throws UserError where either file cannot be used
   */
  public static DataReport convert(
      Path file, DataMapping mapping, Path target, LongConsumer bytes) {
    Path written = target.resolveSibling("." + target.getFileName() + ".new.gz");
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      DataReport report;
      try (JsonLinesWriter writer = new JsonLinesWriter(written)) {
        report = DataFileReader.read(file, mapping, row -> write(row, writer), bytes);
      }
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
      return report;
    } catch (IOException e) {
      throw new UserError(target + ": cannot be written (" + e.getMessage() + ")", e);
    } finally {
      remove(written);
    }
  }

  private static void remove(Path written) {
    try {
      Files.deleteIfExists(written);
    } catch (IOException e) {
      // it is hidden, and the next import of this name replaces it
    }
  }

  private static void write(DataRow row, JsonLinesWriter writer) {
    Map<String, String> attributes = new LinkedHashMap<>(row.attributes());
    attributes.put("source_line", Long.toString(row.line()));
    switch (row.kind()) {
      case COMPARISONS ->
          writer.write(new Comparison(row.prompt(), row.first(), row.second(), attributes));
      case DIALOGUES -> writer.write(line("text", row.prompt() + row.first(), attributes));
      case PROMPTS -> writer.write(line("prompt", row.prompt(), attributes));
    }
  }

  private static Map<String, String> line(String key, String text, Map<String, String> attributes) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put(key, text);
    attributes.forEach(line::putIfAbsent);
    return line;
  }
}
