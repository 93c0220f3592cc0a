package dev.plumbline.experiment.journal;

import dev.plumbline.training.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The file of commands to a run ({@code control.jsonl}): any process appends, the worker reads on
 * from where it was. A worker journals the id of each command before it obeys, so that none is
 * obeyed twice.
 */
public final class ControlFile {
  private final Path file;
  private long offset;

  /** The control file of a run; it need not exist yet. */
  public ControlFile(Path file) {
    this.file = file;
  }

  /** A line of the file. */
  public sealed interface Request {
    /** Unique name of the line. */
    String id();

    /** When it was written. */
    Instant time();
  }

  /** A command. */
  public record Order(String id, Instant time, Command command) implements Request {}

  /** A worker was launched: orders above it that no worker took were meant for an earlier one. */
  public record Launch(String id, Instant time) implements Request {}

  /** Appends a command and returns its id. */
  public String send(Command command) throws IOException {
    Order order = new Order(id(), now(), command);
    append(JournalFormat.line(order));
    return order.id();
  }

  /** Appends the mark of a launch. */
  public void launch() throws IOException {
    append(JournalFormat.line(new Launch(id(), now())));
  }

  /** Lines since the last call, in order; lines that are no requests are passed over. */
  public List<Request> read() throws IOException {
    List<Request> requests = new ArrayList<>();
    boolean more;
    do {
      more =
          JournalReader.Lines.read(
              file,
              offset,
              1 << 16,
              1 << 20,
              (bytes, from, to, at) -> {
                try {
                  requests.add(JournalFormat.request(bytes, from, to));
                } catch (JournalFormat.NotAnEventException e) {
                  System.getLogger(ControlFile.class.getName())
                      .log(System.Logger.Level.WARNING, file + " at " + at + ": " + e.getMessage());
                }
                offset = at + (to - from) + 1;
              });
    } while (more);
    return requests;
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** One write behind whatever stands there; a torn line of a killed sender is ended first. */
  private void append(byte[] line) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      try (FileLock _ = lock(channel)) {
        long size = channel.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        boolean torn = size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
        ByteBuffer bytes = ByteBuffer.allocate(line.length + 1);
        if (torn) {
          bytes.put((byte) '\n');
        }
        bytes.put(line).flip();
        channel.position(size);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    }
  }

  /** The lock is held for microseconds; within one process the JDK refuses instead of waiting. */
  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
      }
    }
  }
}
