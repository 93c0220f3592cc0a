package dev.plumbline.data;

import java.util.List;

/**
 * A text and what is known of it.
 *
 * @param line its line in the file, from 1
 * @param text a transcript, or any other text
 * @param values what the file says under the keys that were asked for, in their order; empty where
 *     it says nothing
 */
public record TextRecord(long line, String text, List<String> values) {
  /** Copies what it is given. */
  public TextRecord {
    values = List.copyOf(values);
  }
}
