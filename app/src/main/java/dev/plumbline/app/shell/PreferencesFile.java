package dev.plumbline.app.shell;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Preferences as JSON on disk: read tolerantly, written a second after the last change to a
 * temporary file that is then moved over the old one.
 */
public final class PreferencesFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PreferencesFile.class);
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path file;
  private final String version;
  private final ScheduledExecutorService clock = FxBridge.clock("preferences");
  private Preferences current;
  private @Nullable Future<?> pending;

  public PreferencesFile(Path directory, String version) {
    this.file = directory.resolve("preferences.json");
    this.version = version;
    this.current = read(file);
  }

  public synchronized Preferences get() {
    return current;
  }

  /** Changes the preferences; they reach the disk a second after the last change. */
  public synchronized void change(UnaryOperator<Preferences> edit) {
    current = edit.apply(current);
    if (pending != null) {
      pending.cancel(false);
    }
    pending = clock.schedule(this::write, 1, TimeUnit.SECONDS);
  }

  /** Writes what is pending. */
  @Override
  public void close() {
    clock.shutdownNow();
    boolean due;
    synchronized (this) {
      due = pending != null;
    }
    if (due) {
      write();
    }
  }

  private void write() {
    Preferences stamped = get().withWrittenBy(version);
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.createDirectories(file.getParent());
      Files.write(temporary, JSON.writeValueAsBytes(stamped));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.info("Preferences could not be written to {}: {}", file, e.toString());
    }
  }

  private static Preferences read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Preferences.defaults();
    }
    try {
      // Fields that the file lacks keep their defaults.
      ObjectNode merged = JSON.valueToTree(Preferences.defaults());
      if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode found) {
        if (found.get("settings") instanceof ObjectNode set) {
          ObjectNode settings = merged.withObjectProperty("settings");
          settings.setAll(set);
          found.set("settings", settings);
        }
        merged.setAll(found);
      }
      Preferences read = JSON.treeToValue(merged, Preferences.class);
      return read.width() >= 600 && read.height() >= 400
          ? read
          : read.withWindow(1440, 900, read.maximised());
    } catch (IOException e) {
      LOG.info("Preferences in {} are not readable and start anew: {}", file, e.toString());
      return Preferences.defaults();
    }
  }
}
