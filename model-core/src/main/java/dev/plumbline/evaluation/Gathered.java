package dev.plumbline.evaluation;

import dev.plumbline.data.JsonLinesWriter;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/** The data file that a run gathers. */
public final class Gathered {
  /** Its name in the run's directory. */
  public static final String FILE = "data.jsonl.gz";

  private Gathered() {}

  /** Writes the file, whole or not at all. */
  static void write(Path directory, Consumer<JsonLinesWriter> lines) {
    Path temporary = directory.resolve(".tmp-" + FILE);
    try (JsonLinesWriter writer = new JsonLinesWriter(temporary)) {
      lines.accept(writer);
      writer.finish();
    }
    try {
      Files.move(
          temporary,
          directory.resolve(FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserError(
          "cannot write %s: %s; check rights and free space"
              .formatted(directory.resolve(FILE), e.getMessage()),
          e);
    }
  }
}
