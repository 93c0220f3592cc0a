package dev.plumbline.experiment.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Some blocks of the disk kept back, so that a run that dies of a full disk can still say so. */
final class Reserve {
  private static final int BYTES = 64 * 1024;

  private final Path file;

  Reserve(Path file) {
    this.file = file;
  }

  void take() throws IOException {
    Files.write(file, new byte[BYTES]);
  }

  void release() throws IOException {
    Files.deleteIfExists(file);
  }
}
