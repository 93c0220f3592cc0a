package dev.plumbline.labelling;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one writer's log holds.
 *
 * @param file the log
 * @param events in the order in which they happened
 * @param whole bytes up to the end of the last whole line; what is behind it was never acknowledged
 */
public record LabelLogFile(Path file, List<LabelEvent> events, long whole) {
  /** Copies the events. */
  public LabelLogFile {
    events = List.copyOf(events);
  }

  /**
   * Reads a log. A torn last line is passed over: its event was not on disk when the next pair was
   * shown.
   *
   * @throws UserError where the file cannot be read or a whole line is no event
   */
  public static LabelLogFile read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
    }
    List<LabelEvent> events = new ArrayList<>();
    int from = 0;
    long line = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line++;
        String text = new String(bytes, from, i - from, StandardCharsets.UTF_8);
        try {
          events.add(LabelJson.event(LabelJson.parse(text)));
        } catch (LabelJson.MalformedException e) {
          throw new UserError(
              "%s:%d: %s; put the line right or take the file out of the batch's folder"
                  .formatted(file, line, e.getMessage()));
        }
        from = i + 1;
      }
    }
    return new LabelLogFile(file, events, from);
  }
}
