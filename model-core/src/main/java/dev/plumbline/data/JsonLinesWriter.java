package dev.plumbline.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plumbline.dialogue.Comparison;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Writes JSON Lines, compressed where the name ends with {@code .gz}. The gzip header carries no
 * time, so the same lines give the same bytes. Streams: memory does not grow with the file.
 */
public final class JsonLinesWriter implements AutoCloseable {
  private final Path file;
  private final OutputStream out;
  private final MessageDigest digest;
  private long lines;

  /**
   * Opens a file, replacing what was there.
   *
   * @throws UserError where it cannot be written
   */
  public JsonLinesWriter(Path file) {
    this.file = file;
    try {
      digest = MessageDigest.getInstance("SHA-256");
      OutputStream raw = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
      out = file.toString().endsWith(".gz") ? new GZIPOutputStream(raw, 1 << 16) : raw;
    } catch (IOException e) {
      throw failed(file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Writes a comparison in the form of the hh-rlhf files, attributes after the transcripts. */
  public void write(Comparison comparison) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("chosen", comparison.chosenTranscript());
    line.put("rejected", comparison.rejectedTranscript());
    line.putAll(comparison.attributes());
    write(line);
  }

  /** Writes one object, its keys in the map's order. */
  public void write(Map<String, ?> line) {
    try {
      byte[] bytes =
          (JsonLines.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
      digest.update(bytes);
      out.write(bytes);
      lines++;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a line that JSON cannot hold: " + line.keySet(), e);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Lines written so far. */
  public long lines() {
    return lines;
  }

  /** Ends the file, and gives the hash of its content before compression. */
  public String finish() {
    close();
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static UserError failed(Path file, IOException e) {
    return new UserError(
        file
            + ": cannot be written ("
            + e.getMessage()
            + "); check the directory's permissions and the free space",
        e);
  }
}
