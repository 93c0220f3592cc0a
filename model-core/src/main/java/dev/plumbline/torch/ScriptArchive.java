package dev.plumbline.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive around a program's text: a zip of stored entries that holds the code, an
 * object without state and an empty table of constants. The few pickled bytes are constant.
 */
final class ScriptArchive {
  private static final String CLASS = "Program";

  private ScriptArchive() {}

  static byte[] of(String methods) {
    String code =
        "class "
            + CLASS
            + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
            + methods;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", object());
      store(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      // Which operators' meanings the text has: from 10 on gelu knows its tanh formula.
      store(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Pickle protocol 2 of an instance of the class with the state {@code {training: False}}. */
  private static byte[] object() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(0x80);
    pickle.write(2);
    pickle.writeBytes(("c__torch__\n" + CLASS + "\n").getBytes(StandardCharsets.US_ASCII));
    pickle.writeBytes(new byte[] {')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
    pickle.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
    pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("program/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    // A fixed time keeps the archive a function of the text alone.
    entry.setTime(315_532_800_000L);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
