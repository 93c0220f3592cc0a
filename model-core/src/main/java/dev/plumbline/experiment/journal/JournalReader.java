package dev.plumbline.experiment.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a journal from an offset on. Only whole lines are taken up: a torn last line is left until
 * the rest of it arrives, or a later writer mends it.
 */
public final class JournalReader {
  private static final int BLOCK = 1 << 20;

  /** No event is longer; a "line" beyond this is damage. */
  private static final int MAX_LINE = 64 << 20;

  private final Path file;
  private long offset;

  /** A reader that begins at a byte offset that {@link #offset} gave, or at 0. */
  public JournalReader(Path file, long offset) {
    this.file = file;
    this.offset = offset;
  }

  /**
   * A piece of a journal.
   *
   * @param entries in the order of the file
   * @param problems one line each for lines that are no events; they were passed over
   * @param more whether whole lines may be left
   */
  public record Batch(List<JournalEntry> entries, List<String> problems, boolean more) {}

  /** The byte offset behind the last line taken up. */
  public long offset() {
    return offset;
  }

  /** What was added since, at least a block of about 1 MiB where there is more; never waits. */
  public Batch read() throws IOException {
    List<JournalEntry> entries = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    boolean more =
        Lines.read(
            file,
            offset,
            BLOCK,
            MAX_LINE,
            (bytes, from, to, at) -> {
              try {
                entries.add(JournalFormat.entry(bytes, from, to));
              } catch (JournalFormat.NotAnEventException e) {
                problems.add(file + ": line at byte " + at + ": " + e.getMessage());
              }
              offset = at + (to - from) + 1;
            });
    return new Batch(List.copyOf(entries), List.copyOf(problems), more);
  }

  /** Every event of a journal; empty where there is none yet. */
  public static List<JournalEntry> readAll(Path file) throws IOException {
    JournalReader reader = new JournalReader(file, 0);
    List<JournalEntry> entries = new ArrayList<>();
    Batch batch;
    do {
      batch = reader.read();
      entries.addAll(batch.entries());
    } while (batch.more());
    return entries;
  }

  /** Whole lines of a file that others append to. */
  static final class Lines {
    private Lines() {}

    /** Takes one line without its line feed; {@code at} is its byte offset in the file. */
    interface Taker {
      void take(byte[] bytes, int from, int to, long at);
    }

    /** Hands out the whole lines of a block; true where the file goes on behind the block. */
    static boolean read(Path file, long offset, int block, int maxLine, Taker taker)
        throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        long size = channel.size();
        if (size < offset) {
          throw new IOException(
              file + " is shorter than what was read of it before; it was replaced or cut");
        }
        int length = (int) Math.min(block, size - offset);
        while (length > 0) {
          byte[] bytes = bytes(channel, offset, length);
          int end = lastLineFeed(bytes);
          if (end >= 0) {
            int from = 0;
            for (int i = 0; i <= end; i++) {
              if (bytes[i] == '\n') {
                if (i > from) {
                  taker.take(bytes, from, i, offset + from);
                }
                from = i + 1;
              }
            }
            return offset + length < size;
          }
          if (offset + length >= size) {
            return false; // a torn line, so far
          }
          if (length >= maxLine) {
            throw new IOException(file + ": a line at byte " + offset + " does not end");
          }
          length = (int) Math.min(Math.min((long) length * 4, maxLine), size - offset);
        }
        return false;
      } catch (NoSuchFileException e) {
        if (offset > 0) {
          throw new IOException(file + " is gone", e);
        }
        return false;
      }
    }

    private static byte[] bytes(FileChannel channel, long offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(length);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          return Arrays.copyOf(buffer.array(), buffer.position());
        }
      }
      return buffer.array();
    }

    private static int lastLineFeed(byte[] bytes) {
      for (int i = bytes.length - 1; i >= 0; i--) {
        if (bytes[i] == '\n') {
          return i;
        }
      }
      return -1;
    }
  }
}
