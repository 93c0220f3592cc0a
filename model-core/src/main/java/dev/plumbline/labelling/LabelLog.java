package dev.plumbline.labelling;

import dev.plumbline.data.Sha256;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One annotator's log of one batch on one machine: lines are only added, and each is on the disk
 * before {@link #append} returns, so that neither a kill nor a power cut loses an answer after the
 * next pair was shown. One writer at a time; another is refused.
 *
 * <p>A log has a name of its own that no other log has, and every event's id begins with it. Logs
 * of several machines therefore merge by lying beside each other.
 */
public final class LabelLog implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;
  private final String name;
  private final String annotator;
  private final Clock clock;
  private long next;
  private long size;

  private LabelLog(
      Path file,
      FileChannel channel,
      FileLock lock,
      String name,
      String annotator,
      Clock clock,
      long next,
      long size) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    this.name = name;
    this.annotator = annotator;
    this.clock = clock;
    this.next = next;
    this.size = size;
  }

  /**
   * Opens the annotator's log in a folder, or begins one.
   *
   * @param folder the batch's folder of logs that are written here
   * @param annotator who labels, the name as people write it
   * @throws UserError where another workbench has it open, or it cannot be written
   */
  public static LabelLog open(Path folder, String annotator, Clock clock) {
    if (annotator.isBlank()) {
      throw new UserError("an annotator has a name; say who labels");
    }
    try {
      Files.createDirectories(folder);
      Path file = existing(folder, annotator);
      String name;
      if (file == null) {
        byte[] chance = new byte[4];
        new SecureRandom().nextBytes(chance);
        name = HexFormat.of().formatHex(chance);
        file = folder.resolve(stem(annotator) + "-" + name + ".jsonl");
      } else {
        String stem = String.valueOf(file.getFileName());
        name = stem.substring(stem.lastIndexOf('-') + 1, stem.length() - ".jsonl".length());
      }
      return open(file, name, annotator, clock);
    } catch (IOException e) {
      throw new UserError(
          "%s: cannot be written: %s; check the folder's permissions and the free space"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private static LabelLog open(Path file, String name, String annotator, Clock clock)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = locked(channel, file, annotator);
      LabelLogFile before = LabelLogFile.read(file);
      channel.truncate(before.whole());
      channel.position(before.whole());
      return new LabelLog(
          file, channel, lock, name, annotator, clock, before.events().size() + 1L, before.whole());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileLock locked(FileChannel channel, Path file, String annotator)
      throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new UserError(
          "%s: %s is labelling this batch in another window; close it there first"
              .formatted(file, annotator));
    }
    return lock;
  }

  private static @Nullable Path existing(Path folder, String annotator) throws IOException {
    List<Path> own;
    String start = stem(annotator) + "-";
    try (Stream<Path> files = Files.list(folder)) {
      own =
          files
              .filter(file -> String.valueOf(file.getFileName()).startsWith(start))
              .filter(file -> String.valueOf(file.getFileName()).endsWith(".jsonl"))
              .sorted()
              .toList();
    }
    return own.isEmpty() ? null : own.getFirst();
  }

  /** A file name for any name: its plain letters, and a hash that tells two such names apart. */
  private static String stem(String annotator) {
    String plain = annotator.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    String hash = Sha256.of(annotator.getBytes(StandardCharsets.UTF_8)).substring(0, 6);
    return plain.substring(0, Math.min(plain.length(), 24)) + "-" + hash;
  }

  /**
   * Adds what was done, and returns when it is on the disk.
   *
   * @throws UserError where it cannot be written, such as on a full disk; the log is then cut back
   *     to its last whole line and can go on
   */
  public synchronized LabelEvent append(LabelEvent.Action action) {
    Instant time = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    LabelEvent event = new LabelEvent(name + "-" + next, annotator, time, action);
    String line = LabelJson.line(LabelJson.event(event)) + "\n";
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      try {
        channel.truncate(size);
        channel.position(size);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw new UserError(
          "%s: the label could not be written: %s; make room and answer again"
              .formatted(file, e.getMessage()),
          e);
    }
    size += bytes.capacity();
    next++;
    return event;
  }

  /** Something that was done, and when. */
  record Past(Instant time, LabelEvent.Action action) {}

  /**
   * Writes a whole log of what was done elsewhere. Its name is made of its content, so that the
   * same file that is imported twice gives the same events.
   *
   * @throws UserError where it cannot be written
   */
  static void write(Path folder, String annotator, List<Past> past) {
    StringBuilder all = new StringBuilder(annotator);
    past.forEach(each -> all.append('\n').append(each));
    String name = Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < past.size(); i++) {
      Past each = past.get(i);
      LabelEvent event =
          new LabelEvent(name + "-" + (i + 1), annotator, each.time(), each.action());
      lines.append(LabelJson.line(LabelJson.event(event))).append('\n');
    }
    Path file = folder.resolve(stem(annotator) + "-" + name + ".jsonl");
    try {
      Files.createDirectories(folder);
      Files.writeString(file, lines);
    } catch (IOException e) {
      throw new UserError(
          "%s: cannot be written: %s; check the folder's permissions and the free space"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** The log's file. */
  public Path file() {
    return file;
  }

  /** Who labels. */
  public String annotator() {
    return annotator;
  }

  @Override
  public synchronized void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new UserError(file + ": cannot be closed: " + e.getMessage(), e);
    }
  }
}
