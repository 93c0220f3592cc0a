package dev.plumbline.experiment.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Appends events to a journal; a run has one writer at a time. Each event goes to the operating
 * system in one write before {@link #append} returns, so that a killed process loses none.
 */
public final class JournalWriter implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private long sequence;
  private long size;

  private JournalWriter(Path file, FileChannel channel, long sequence, long size) {
    this.file = file;
    this.channel = channel;
    this.sequence = sequence;
    this.size = size;
  }

  /**
   * Opens a journal, new or old. A torn last line of an earlier writer is completed where only its
   * line feed is missing, and cut off otherwise: its event was never wholly written.
   */
  public static JournalWriter open(Path file) throws IOException {
    long last = 0;
    JournalReader reader = new JournalReader(file, 0);
    JournalReader.Batch batch;
    do {
      batch = reader.read();
      for (JournalEntry entry : batch.entries()) {
        last = Math.max(last, entry.sequence());
      }
    } while (batch.more());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      long end = reader.offset();
      long size = channel.size();
      if (size > end) {
        ByteBuffer tail = ByteBuffer.allocate((int) Math.min(size - end, Integer.MAX_VALUE - 8));
        while (tail.hasRemaining() && channel.read(tail, end + tail.position()) >= 0) {
          // reads on until the tail is whole
        }
        try {
          JournalEntry entry = JournalFormat.entry(tail.array(), 0, tail.position());
          channel.write(ByteBuffer.wrap(new byte[] {'\n'}), size);
          last = Math.max(last, entry.sequence());
          end = size + 1;
        } catch (JournalFormat.NotAnEventException e) {
          channel.truncate(end);
        }
      }
      channel.position(end);
      return new JournalWriter(file, channel, last, end);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Appends an event.
   *
   * @throws IOException where it cannot be written, such as on a full disk; the journal is then cut
   *     back to its last whole line and stays readable
   */
  public synchronized JournalEntry append(JournalEvent event) throws IOException {
    JournalEntry entry =
        new JournalEntry(sequence + 1, Instant.now().truncatedTo(ChronoUnit.MILLIS), event);
    ByteBuffer line = ByteBuffer.wrap(JournalFormat.line(entry));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      try {
        channel.truncate(size);
        channel.position(size);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
    }
    size += line.capacity();
    sequence++;
    if (event instanceof JournalEvent.State || event instanceof JournalEvent.Checkpoint) {
      channel.force(false); // these must outlive a power cut too; the rest can be made again
    }
    return entry;
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }
}
