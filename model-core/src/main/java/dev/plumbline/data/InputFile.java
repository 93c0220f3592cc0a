package dev.plumbline.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files that users name, gzip or not, and says in one line what is wrong with one. */
final class InputFile {
  private InputFile() {}

  /**
   * Opens a file; whether it is gzip is seen from its first bytes.
   *
   * @param expected what to give instead of a directory, such as {@code "a .csv file"}
   */
  static InputStream open(Path file, String expected) throws IOException {
    return open(file, expected, _ -> {});
  }

  /**
   * The same for one who is told how far the reading is.
   *
   * @param read takes how many of the file's bytes are read, compressed where the file is
   */
  static InputStream open(Path file, String expected, LongConsumer read) throws IOException {
    if (Files.isDirectory(file)) {
      throw new UserError(file + ": is a directory; give " + expected);
    }
    InputStream in =
        new BufferedInputStream(new Counting(Files.newInputStream(file), read), 1 << 16);
    try {
      in.mark(4);
      byte[] magic = in.readNBytes(4);
      in.reset();
      if (Arrays.equals(magic, new byte[] {'P', 'A', 'R', '1'})) {
        throw new UserError(
            file + ": is a Parquet file; import it first, which writes it as JSON Lines");
      }
      if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
        return new GZIPInputStream(in, 1 << 16);
      }
      if (file.toString().endsWith(".gz")) {
        throw new UserError(
            file + ": is named .gz but is no gzip file; copy it again, or take .gz off its name");
      }
      return in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Tells after each piece how much was read. */
  private static final class Counting extends FilterInputStream {
    private final LongConsumer read;
    private long bytes;

    Counting(InputStream in, LongConsumer read) {
      super(in);
      this.read = read;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      bytes += next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int count = super.read(buffer, from, length);
      bytes += Math.max(0, count);
      read.accept(bytes);
      return count;
    }
  }

  /**
   * What a failure to read means to the one who named the file.
   *
   * @param line the line that could not be read, from 1
   */
  static UserError failure(Path file, long line, IOException failure) {
    return switch (failure) {
      case EOFException e ->
          new UserError(
              file
                  + ":"
                  + line
                  + ": the gzip file ends in the middle (it is cut short); copy or download it"
                  + " again",
              e);
      case ZipException e ->
          new UserError(
              file
                  + ":"
                  + line
                  + ": the gzip file is damaged ("
                  + e.getMessage()
                  + "); copy or download it again",
              e);
      case CharacterCodingException e ->
          new UserError(
              file + ":" + line + ": is not UTF-8 text from here on; save the file as UTF-8", e);
      case NoSuchFileException e ->
          new UserError(file + ": there is no such file; check the path", e);
      case AccessDeniedException e ->
          new UserError(file + ": may not be read; check its permissions", e);
      default -> new UserError(file + ": cannot be read (" + failure.getMessage() + ")", failure);
    };
  }
}
