package dev.plumbline.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints of one run: {@code checkpoints/<step>/} with {@code model/}, {@code
 * state.safetensors} and {@code state.json}. A checkpoint is written beside its place, forced to
 * the disk and renamed, so one that can be seen is complete.
 */
public final class Checkpoints {
  /** The most checkpoints that are kept of one run. */
  public static final int KEPT = 24;

  private static final String TEMPORARY = ".tmp";
  private static final String OLD = ".old" + TEMPORARY;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Path directory;

  /**
   * What {@code state.json} holds: where the run stands. The data position is the step, because
   * every choice of data is a function of it.
   *
   * @param stage the stage's class name, such as {@code Ppo}
   * @param step steps done
   * @param measured whether what is measured between steps has been measured at this step
   * @param samples training samples so far
   * @param tokens training tokens so far
   * @param activeSeconds seconds of work so far
   * @param seed the run's seed
   * @param settings hash of the stage's settings and seed
   * @param steered the hyper-parameters in force
   * @param watched what the watchdog remembers
   */
  public record State(
      @JsonProperty(required = true) String stage,
      @JsonProperty(required = true) long step,
      @JsonProperty(required = true) boolean measured,
      @JsonProperty(required = true) long samples,
      @JsonProperty(required = true) long tokens,
      @JsonProperty(required = true) double activeSeconds,
      @JsonProperty(required = true) long seed,
      @JsonProperty(required = true) String settings,
      @JsonProperty(required = true) Map<String, Double> steered,
      @JsonProperty(required = true) Map<String, Double> watched) {}

  /** Writes the parts of a checkpoint that belong to the stage. */
  @FunctionalInterface
  public interface Writer {
    /** Writes into an existing, empty directory. */
    void write(Path directory) throws IOException;
  }

  /** The checkpoints of the run in this directory. */
  public Checkpoints(Path runDirectory) {
    directory = runDirectory.resolve("checkpoints");
  }

  /** The steps of the complete checkpoints, ascending. */
  public List<Long> steps() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .map(Long::valueOf)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UserError("%s cannot be read: %s".formatted(directory, reason(e)), e);
    }
  }

  /** The directory of the newest complete checkpoint. */
  public Optional<Path> last() {
    List<Long> steps = steps();
    return steps.isEmpty() ? Optional.empty() : Optional.of(place(steps.getLast()));
  }

  /**
   * Writes a checkpoint and makes it appear at once; then lets old ones go, see {@link #surplus}.
   *
   * @throws UserError if the disk is full or cannot be written; what was there stays as it was
   */
  public Path write(State state, Writer stage) {
    Path place = place(state.step());
    Path temporary = directory.resolve(state.step() + TEMPORARY);
    Path replaced = directory.resolve(state.step() + OLD);
    try {
      delete(temporary);
      putBack(replaced);
      Files.createDirectories(temporary);
      stage.write(temporary);
      Files.write(temporary.resolve("state.json"), JSON.writeValueAsBytes(state));
      force(temporary);
      if (Files.exists(place)) {
        Files.move(place, replaced, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
      forceEntry(directory);
      delete(replaced);
      for (long step : surplus(steps(), KEPT)) {
        delete(place(step));
      }
      return place;
    } catch (IOException e) {
      try {
        delete(temporary);
        putBack(replaced);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw new UserError(
          "checkpoint %s cannot be written: %s; make room or choose another workspace"
              .formatted(place, reason(e)),
          e);
    }
  }

  /** Reads {@code state.json} of a checkpoint. */
  public static State read(Path checkpoint) {
    Path file = checkpoint.resolve("state.json");
    try {
      return JSON.readValue(file.toFile(), State.class);
    } catch (IOException e) {
      throw new UserError(
          "%s is no checkpoint: %s; resume from another".formatted(checkpoint, reason(e)), e);
    }
  }

  /**
   * What a checkpoint of the same step had pushed aside takes its place again, where the new one
   * never came; else it goes.
   */
  private static void putBack(Path replaced) throws IOException {
    String name = String.valueOf(replaced.getFileName());
    Path place = replaced.resolveSibling(name.substring(0, name.indexOf('.')));
    if (Files.exists(replaced) && !Files.exists(place)) {
      Files.move(replaced, place, StandardCopyOption.ATOMIC_MOVE);
    } else {
      delete(replaced);
    }
  }

  /** Removes the checkpoints of later steps: the run has gone back, and they are superseded. */
  void removeAfter(long step) {
    try {
      for (long later : steps()) {
        if (later > step) {
          delete(place(later));
        }
      }
    } catch (IOException e) {
      throw new UserError("%s cannot be cleaned: %s".formatted(directory, reason(e)), e);
    }
  }

  /** Mends and removes what an interrupted write left behind. */
  public void removeLeftovers() {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (name.endsWith(OLD)) {
          putBack(entry);
        } else if (name.endsWith(TEMPORARY)) {
          delete(entry);
        }
      }
    } catch (IOException e) {
      throw new UserError("%s cannot be cleaned: %s".formatted(directory, reason(e)), e);
    }
  }

  /**
   * Which checkpoints to let go so that {@code kept} remain: the first and the two newest always
   * stay; of the others, the one whose neighbours stand closest together goes first. So a long run
   * keeps checkpoints all along its way.
   *
   * @param steps ascending
   */
  static List<Long> surplus(List<Long> steps, int kept) {
    List<Long> left = new ArrayList<>(steps);
    List<Long> surplus = new ArrayList<>();
    while (left.size() > Math.max(3, kept)) {
      int closest = 1;
      for (int i = 2; i < left.size() - 2; i++) {
        long gap = left.get(i + 1) - left.get(i - 1);
        if (gap < left.get(closest + 1) - left.get(closest - 1)) {
          closest = i;
        }
      }
      surplus.add(left.remove(closest));
    }
    return surplus;
  }

  /** The directory of a step's checkpoint, whether it is there or not. */
  Path place(long step) {
    return directory.resolve(Long.toString(step));
  }

  private static void force(Path root) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(root)) {
      all = tree.toList();
    }
    for (Path path : all) {
      if (Files.isRegularFile(path)) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      } else {
        forceEntry(path);
      }
    }
  }

  // Some systems cannot open a directory; there the rename is as durable as it can be.
  private static void forceEntry(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
