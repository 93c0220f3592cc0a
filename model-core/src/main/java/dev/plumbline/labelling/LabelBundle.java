package dev.plumbline.labelling;

import dev.plumbline.data.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A batch as one file, to be labelled elsewhere and brought back. Receiving is a union of logs:
 * done twice it changes nothing, and no label is ever replaced.
 */
public final class LabelBundle {
  private static final Pattern NAME =
      Pattern.compile(
          "batch\\.json|items\\.jsonl|guidelines-[0-9]+\\.md|logs/[A-Za-z0-9_-]+\\.jsonl");

  /** Far above any batch of people's labels; stops an archive that unpacks without end. */
  private static final long LARGEST = 1L << 31;

  private LabelBundle() {}

  /**
   * What came of receiving.
   *
   * @param batch the batch, made here where it was not known
   * @param made whether it was not known
   * @param events events that were not here before
   * @param conflicts answers of one annotator to one place that differ; the later ones count
   */
  public record Received(
      LabelBatch batch, boolean made, int events, List<Labels.Conflict> conflicts) {
    /** Copies the conflicts. */
    public Received {
      conflicts = List.copyOf(conflicts);
    }
  }

  /**
   * Writes a batch and all its logs, those received from others too.
   *
   * @throws UserError where it cannot be written
   */
  public static void write(LabelBatch batch, Path file) {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, LabelBatch.SETTINGS_FILE, batch.folder().resolve(LabelBatch.SETTINGS_FILE));
      put(zip, LabelBatch.ITEMS_FILE, batch.folder().resolve(LabelBatch.ITEMS_FILE));
      for (int version = 1; version <= batch.guidelines().version(); version++) {
        String name = "guidelines-" + version + ".md";
        put(zip, name, batch.folder().resolve(name));
      }
      Set<String> written = new HashSet<>();
      for (Path log : batch.logFiles()) {
        String name = LabelBatch.LOGS + "/" + log.getFileName();
        if (written.add(name)) { // one that came back too: what was written here is longer
          put(zip, name, log);
        }
      }
    } catch (IOException e) {
      throw new UserError(file + ": the batch cannot be written: " + e.getMessage(), e);
    }
  }

  private static void put(ZipOutputStream zip, String name, Path file) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0); // the same labels give the same bytes
    zip.putNextEntry(entry);
    Files.copy(file, zip);
    zip.closeEntry();
  }

  /**
   * Receives a batch that another workspace wrote: with its labels, into the batch with the same
   * pairs and settings, or as a new one.
   *
   * @param labels the workspace's {@code labels} folder
   * @throws UserError where the file is no such batch, is damaged, or holds a log that says
   *     something else than the one that is here
   */
  public static Received receive(Path file, Path labels) {
    Map<String, byte[]> entries = entries(file);
    byte[] settings = entries.get(LabelBatch.SETTINGS_FILE);
    byte[] items = entries.get(LabelBatch.ITEMS_FILE);
    if (settings == null || items == null) {
      throw new UserError(
          file
              + ": is no batch of labels: it lacks batch.json or items.jsonl; `labels bundle`"
              + " writes one");
    }
    try {
      Files.createDirectories(labels);
      LabelBatch here = same(labels, settings, items);
      boolean made = here == null;
      if (here == null) {
        here = unpacked(labels, entries);
      } else {
        guidelines(here, entries, file);
      }
      int before = events(here);
      union(here, entries, file);
      return new Received(
          here, made, events(here) - (made ? 0 : before), here.labels().conflicts());
    } catch (IOException e) {
      throw new UserError(labels + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static int events(LabelBatch batch) {
    return (int)
        batch.logFiles().stream()
            .flatMap(log -> LabelLogFile.read(log).events().stream())
            .map(LabelEvent::id)
            .distinct()
            .count();
  }

  private static Map<String, byte[]> entries(Path file) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    long size = 0;
    try (InputStream in = Files.newInputStream(file);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        // Only names that a batch has: nothing is ever written outside its folder.
        if (!NAME.matcher(entry.getName()).matches()) {
          throw new UserError(
              "%s: holds '%s', which is no part of a batch of labels"
                  .formatted(file, entry.getName()));
        }
        byte[] content = zip.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, LARGEST - size));
        size += content.length;
        if (size >= LARGEST - 8) {
          throw new UserError(file + ": unpacks to more than two gigabytes");
        }
        entries.put(entry.getName(), content);
      }
    } catch (IOException e) {
      throw new UserError(file + ": is damaged or no zip file: " + e.getMessage(), e);
    }
    return entries;
  }

  private static @Nullable LabelBatch same(Path labels, byte[] settings, byte[] items)
      throws IOException {
    for (Path folder : LabelBatch.list(labels)) {
      if (Arrays.equals(Files.readAllBytes(folder.resolve(LabelBatch.SETTINGS_FILE)), settings)
          && Arrays.equals(Files.readAllBytes(folder.resolve(LabelBatch.ITEMS_FILE)), items)) {
        return LabelBatch.read(folder);
      }
    }
    return null;
  }

  private static LabelBatch unpacked(Path labels, Map<String, byte[]> entries) throws IOException {
    Path making = Files.createTempDirectory(labels, ".making-");
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (!entry.getKey().startsWith(LabelBatch.LOGS + "/")) {
        Files.write(making.resolve(entry.getKey()), entry.getValue());
      }
    }
    LabelBatch read = LabelBatch.read(making); // a damaged one is never taken in
    return LabelBatch.read(
        LabelBatch.moved(making, labels, LabelBatch.stem(read.settings().name())));
  }

  private static void guidelines(LabelBatch here, Map<String, byte[]> entries, Path file)
      throws IOException {
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (!entry.getKey().startsWith("guidelines-")) {
        continue;
      }
      Path own = here.folder().resolve(entry.getKey());
      if (!Files.exists(own)) {
        Files.write(own, entry.getValue());
      } else if (!Arrays.equals(Files.readAllBytes(own), entry.getValue())) {
        throw new UserError(
            "%s: its %s differs from the one here, so labels of both would name the same version;"
                    .formatted(file, entry.getKey())
                + " receive it in a workspace of its own");
      }
    }
  }

  /** A log only grows: of two states of one log, one is the beginning of the other. */
  private static void union(LabelBatch here, Map<String, byte[]> entries, Path file)
      throws IOException {
    Path received = Files.createDirectories(here.folder().resolve(LabelBatch.RECEIVED));
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (!entry.getKey().startsWith(LabelBatch.LOGS + "/")) {
        continue;
      }
      String name = entry.getKey().substring(LabelBatch.LOGS.length() + 1);
      checkEvents(entry.getValue(), file, name);
      Path own = here.folder().resolve(LabelBatch.LOGS).resolve(name);
      Path copy = received.resolve(name);
      Path before = Files.exists(own) ? own : copy;
      byte[] old = Files.exists(before) ? Files.readAllBytes(before) : new byte[0];
      int shorter = Math.min(old.length, entry.getValue().length);
      if (!Arrays.equals(old, 0, shorter, entry.getValue(), 0, shorter)) {
        throw new UserError(
            "%s: the log %s says something else than the one here, and logs only grow: one of"
                    .formatted(file, name)
                + " them was changed by hand; nothing was taken over");
      }
      if (entry.getValue().length > old.length) {
        Path making = Files.createTempFile(received, ".making-", "");
        Files.copy(
            new ByteArrayInputStream(entry.getValue()),
            making,
            StandardCopyOption.REPLACE_EXISTING);
        Files.move(
            making, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void checkEvents(byte[] content, Path file, String name) throws IOException {
    Path making = Files.createTempFile("labels", ".jsonl");
    try {
      Files.write(making, content);
      LabelLogFile.read(making);
    } catch (UserError e) {
      throw new UserError("%s: its log %s is damaged".formatted(file, name), e);
    } finally {
      Files.delete(making);
    }
  }
}
