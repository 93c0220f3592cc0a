package dev.plumbline.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of a few hundred kilobytes in memory, which a test can fill. Only root may mount
 * one; elsewhere the test that asks for it is skipped, saying so.
 */
public final class SmallDisk implements AutoCloseable {
  private static final String BALLAST = "ballast";

  private final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  /** Mounts a disk in a new directory below {@code parent}. */
  public static SmallDisk mount(Path parent, int kilobytes) throws IOException {
    Path root = Files.createTempDirectory(parent, "disk");
    String size = "size=" + kilobytes + "k";
    String refusal = run("mount", "-t", "tmpfs", "-o", size, "plumbline-test", root.toString());
    Assumptions.assumeTrue(
        refusal.isEmpty(), "a small file system cannot be mounted here: " + refusal);
    return new SmallDisk(root);
  }

  /** Where it is mounted. */
  public Path root() {
    return root;
  }

  /** Takes up space until only about so much is left. */
  public void fillUpTo(int kilobytesLeft) throws IOException {
    long left = Files.getFileStore(root).getUsableSpace() - kilobytesLeft * 1024L;
    Files.write(root.resolve(BALLAST), new byte[(int) Math.max(0, left)]);
  }

  /** Gives up the space of {@link #fillUpTo}. */
  public void makeRoom() throws IOException {
    Files.delete(root.resolve(BALLAST));
  }

  @Override
  public void close() throws IOException {
    String refusal = run("umount", root.toString());
    if (!refusal.isEmpty()) {
      throw new IOException(refusal);
    }
    Files.delete(root);
  }

  /** What went wrong, in a line; empty where nothing did. */
  private static String run(String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    try {
      Process process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? "" : command[0] + ": " + output;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
