package dev.plumbline.device;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA's GPUs by the program that comes with every driver of theirs; nothing native is loaded.
 * Its output is read by position: the fields of a query are ours.
 */
public final class NvidiaSmi {
  private static final double MEBIBYTE = 1.048576; // in 10^6 bytes
  private static final long PATIENCE_SECONDS = 20; // a sleeping driver wakes slowly

  private static final String FIELDS =
      "index,uuid,name,driver_version,compute_cap,memory.total,memory.used,utilization.gpu";
  private static final String FORMAT = "--format=csv,noheader,nounits";

  private NvidiaSmi() {}

  /**
   * What the program said.
   *
   * @param gpus what there is, in the order of the bus
   * @param present whether the program is there at all
   * @param problem why it knows nothing, in one line; empty where it answered
   */
  public record Answer(List<Gpu> gpus, boolean present, String problem) {
    /** The answer where there is no such program: as a rule there is no such GPU. */
    public static final Answer ABSENT =
        new Answer(List.of(), false, "nvidia-smi, which comes with NVIDIA's driver, is not there");

    public Answer {
      gpus = List.copyOf(gpus);
    }
  }

  /** Asks now; takes a moment where there is a GPU, and no time where there is none. */
  public static Answer query() {
    Optional<Path> program = program(System.getenv());
    if (program.isEmpty()) {
      return Answer.ABSENT;
    }
    Path output = null;
    try {
      // A file and not a pipe: a program that hangs is then left alone in time.
      output = Files.createTempFile("plumbline-gpu", ".txt");
      Process process =
          new ProcessBuilder(gpuQuery(program.get()))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Answer(
            List.of(),
            true,
            "nvidia-smi did not answer within " + PATIENCE_SECONDS + " s; restart the driver");
      }
      return parse(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return new Answer(List.of(), true, "nvidia-smi cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(List.of(), true, "nvidia-smi was interrupted");
    } finally {
      delete(output);
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  /** The command that {@link #parse} reads the output of. */
  static List<String> gpuQuery(Path program) {
    return List.of(program.toString(), "--query-gpu=" + FIELDS, FORMAT);
  }

  /** The command that {@link #parseProcesses} reads the output of. */
  static List<String> processQuery(Path program) {
    return List.of(program.toString(), "--query-compute-apps=pid,used_memory", FORMAT);
  }

  /** Reads the program's output to {@link #gpuQuery}. */
  static Answer parse(int exit, String output) {
    List<String> lines = output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    List<Gpu> gpus = new ArrayList<>();
    for (String line : lines) {
      Gpu gpu = gpu(line);
      if (gpu != null) {
        gpus.add(gpu);
      }
    }
    if (gpus.isEmpty()) {
      String first =
          lines.isEmpty() ? "it said nothing and ended with code " + exit : lines.getFirst();
      return new Answer(List.of(), true, "nvidia-smi: " + first.replaceAll("\\s+", " "));
    }
    return new Answer(gpus, true, "");
  }

  private static @Nullable Gpu gpu(String line) {
    String[] parts = line.split(",", -1);
    // A product's name may hold a comma; everything else may not.
    int extra = parts.length - FIELDS.split(",", -1).length;
    if (extra < 0 || !parts[0].strip().matches("\\d{1,4}")) {
      return null;
    }
    List<String> name = new ArrayList<>();
    for (int i = 2; i <= 2 + extra; i++) {
      name.add(parts[i]);
    }
    int at = 3 + extra;
    return new Gpu(
        Integer.parseInt(parts[0].strip()),
        parts[1].strip(),
        String.join(",", name).strip(),
        parts[at].strip(),
        number(parts[at + 1]),
        number(parts[at + 2]) * MEBIBYTE,
        number(parts[at + 3]) * MEBIBYTE,
        number(parts[at + 4]));
  }

  /**
   * Reads the program's output to {@link #processQuery}: memory by process id, in 10^6 bytes, over
   * all GPUs. Processes whose memory the driver does not tell are left out.
   */
  static Map<Long, Double> parseProcesses(String output) {
    Map<Long, Double> found = new java.util.HashMap<>();
    for (String line : output.lines().toList()) {
      String[] parts = line.split(",", -1);
      if (parts.length == 2 && parts[0].strip().matches("\\d{1,18}")) {
        double megabytes = number(parts[1]) * MEBIBYTE;
        if (Double.isFinite(megabytes)) {
          found.merge(Long.parseLong(parts[0].strip()), megabytes, Double::sum);
        }
      }
    }
    return found;
  }

  /** A number; NaN for {@code [N/A]}, {@code [Not Supported]} and the like. */
  private static double number(String text) {
    String digits = text.strip();
    return digits.matches("\\d+(\\.\\d+)?") ? Double.parseDouble(digits) : Double.NaN;
  }

  /**
   * The GPUs that a process may use: all, or those of {@code CUDA_VISIBLE_DEVICES}, in its order.
   * As CUDA does, reading ends at the first entry that names no GPU.
   *
   * @param visible the variable's value, or null where it is not set
   */
  public static List<Gpu> visible(List<Gpu> gpus, @Nullable String visible) {
    if (visible == null) {
      return gpus;
    }
    List<Gpu> found = new ArrayList<>();
    for (String entry : visible.split(",", -1)) {
      String name = entry.strip();
      Optional<Gpu> gpu =
          gpus.stream()
              .filter(
                  each ->
                      name.matches("\\d{1,4}")
                          ? each.index() == Integer.parseInt(name)
                          : name.length() > 4 && each.uuid().startsWith(name))
              .findFirst();
      if (gpu.isEmpty()) {
        break;
      }
      found.add(gpu.get());
    }
    return List.copyOf(found);
  }

  /** Where the program is. */
  static Optional<Path> program(Map<String, String> environment) {
    boolean windows = File.separatorChar == '\\';
    String file = windows ? "nvidia-smi.exe" : "nvidia-smi";
    String path = environment.getOrDefault("PATH", environment.getOrDefault("Path", ""));
    // The driver of a Linux inside Windows puts it where PATH does not lead.
    String further = windows ? "C:\\Windows\\System32" : "/usr/bin:/usr/lib/wsl/lib";
    return Stream.of(path, further)
        .flatMap(list -> Stream.of(list.split(windows ? ";" : ":")))
        .filter(folder -> !folder.isBlank())
        .flatMap(folder -> executable(folder, file).stream())
        .findFirst();
  }

  private static Optional<Path> executable(String folder, String file) {
    try {
      Path place = Path.of(folder).resolve(file);
      return Files.isExecutable(place) && !Files.isDirectory(place)
          ? Optional.of(place)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** A GPU's memory for people: {@code 85.5 GB}. */
  public static String gigabytes(double megabytes) {
    return Double.isFinite(megabytes)
        ? String.format(Locale.ROOT, "%.1f GB", megabytes / 1000)
        : "unknown";
  }
}
