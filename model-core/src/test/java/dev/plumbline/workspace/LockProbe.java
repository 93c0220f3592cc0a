package dev.plumbline.workspace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A program that tries to lock a file and says by its exit code whether it could. */
final class LockProbe {
  static final int TAKEN = 10;
  static final int REFUSED = 11;

  private LockProbe() {}

  public static void main(String[] arguments) throws IOException {
    int code;
    try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      code = lock == null ? REFUSED : TAKEN;
    }
    System.exit(code);
  }
}
