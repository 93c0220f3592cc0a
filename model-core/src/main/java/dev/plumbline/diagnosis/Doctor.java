package dev.plumbline.diagnosis;

import com.sun.management.OperatingSystemMXBean;
import dev.plumbline.device.CudaRuntime;
import dev.plumbline.device.CudaRuntimeInstaller;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Gpu;
import dev.plumbline.device.Machine;
import dev.plumbline.device.NvidiaSmi;
import dev.plumbline.device.Processors;
import dev.plumbline.diagnosis.DiagnosisReport.Section;
import dev.plumbline.experiment.WorkerLauncher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/**
 * Looks at everything that training here depends on. It changes nothing, asks no server, and loads
 * the tensor library only in processes of their own.
 *
 * @param version version of Plumbline
 * @param workspace the workspace to look at
 * @param launcher starts the self-test's processes
 * @param clock says when
 */
public record Doctor(String version, Path workspace, WorkerLauncher launcher, Clock clock) {
  private static final long MANY_GIGABYTES = 5_000_000_000L;
  private static final long UNPACKED_NATIVES = 500_000_000L;
  private static final double LITTLE_MEMORY = 3e9; // bytes

  /** Hears how far an examination is. */
  public interface Progress {
    /**
     * Called before each part.
     *
     * @param done parts that are done
     * @param total all parts, as far as they are known
     */
    void at(int done, int total, String part);
  }

  /**
   * Looks at all, and tests the devices.
   *
   * @param test whether known answers are asked of each device that can be used
   * @throws CancellationException where the thread was interrupted
   */
  public DiagnosisReport examine(boolean test, Progress progress) {
    progress.at(0, 3, "Machine");
    Machine machine = Machine.look();
    List<DeviceChoice> devices = test ? machine.usable() : List.of();
    int total = 1 + devices.size();
    List<Section> sections = new ArrayList<>();
    sections.add(new Section("Software", software()));
    sections.add(new Section("Processor and memory", processor()));
    sections.add(new Section("GPU", gpu(machine)));
    sections.add(new Section("Disk", disk()));
    int done = 1;
    for (DeviceChoice device : devices) {
      progress.at(done++, total, "Known answers on " + device);
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("cancelled");
      }
      sections.add(
          new Section(
              "Known answers on " + device,
              answers(device, new SelfTestProcess(launcher).run(device))));
    }
    progress.at(total, total, "");
    return new DiagnosisReport(version, clock.instant(), sections);
  }

  private List<Finding> software() {
    return List.of(
        Finding.info("Plumbline", version),
        Finding.info(
            "Java", Runtime.version() + ", " + System.getProperty("java.vm.name", "unknown")),
        Finding.info(
            "System",
            System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch")),
        Finding.info("Engine", "DJL with PyTorch " + CudaRuntime.VERSION));
  }

  private static List<Finding> processor() {
    List<Finding> findings = new ArrayList<>();
    int cores = Runtime.getRuntime().availableProcessors();
    int free = Processors.free();
    findings.add(
        free * 2 > cores || cores < 3
            ? Finding.info("Cores", cores + ", " + free + " would be used now")
            : Finding.warn(
                "Cores",
                cores + ", " + free + " would be used now",
                "others are busy; training is slower than it could be"));
    String features = features();
    if (!features.isEmpty()) {
      boolean modern = features.contains("avx2");
      findings.add(
          modern
              ? Finding.info("Vector instructions", features)
              : Finding.warn(
                  "Vector instructions",
                  features,
                  "without AVX2 training is several times slower"));
    }
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      double all = system.getTotalMemorySize();
      double unused = available(system.getFreeMemorySize());
      String value =
          String.format(Locale.ROOT, "%.1f GB, %.1f GB available", all / 1e9, unused / 1e9);
      findings.add(
          unused < LITTLE_MEMORY
              ? Finding.warn("Memory", value, "close other programs before training")
              : Finding.pass("Memory", value));
    }
    return findings;
  }

  /** Linux counts what it can give up at once; Java's figure leaves that out. */
  private static double available(long free) {
    return lines(Path.of("/proc/meminfo"), "MemAvailable:")
        .map(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse((double) free);
  }

  private static String features() {
    Set<String> known = new TreeSet<>();
    lines(Path.of("/proc/cpuinfo"), "flags")
        .findFirst()
        .ifPresent(
            line -> {
              for (String flag : line.split("\\s+")) {
                if (flag.matches("sse4_2|avx|avx2|fma|avx512f|avx512_bf16|amx_bf16")) {
                  known.add(flag);
                }
              }
            });
    return String.join(" ", known);
  }

  private static Stream<String> lines(Path file, String beginning) {
    try {
      return Files.readAllLines(file).stream().filter(line -> line.startsWith(beginning));
    } catch (IOException e) {
      return Stream.empty(); // not Linux
    }
  }

  static List<Finding> gpu(Machine machine) {
    List<Finding> findings = new ArrayList<>();
    if (machine.apple()) {
      findings.add(
          Finding.info(
              "Apple's GPU", "by --device mps; float32 in place of float64 in the sampler"));
    }
    if (machine.cudaPlatform().isEmpty()) {
      findings.add(Finding.info("CUDA", "there is no CUDA build for " + machine.system()));
      return findings;
    }
    if (!machine.nvidia().present()) {
      findings.add(Finding.info("NVIDIA", "no driver, so no GPU of NVIDIA's"));
    } else if (!machine.nvidia().problem().isEmpty()) {
      findings.add(Finding.warn("NVIDIA", machine.nvidia().problem(), "mend the driver"));
    }
    for (int i = 0; i < machine.gpus().size(); i++) {
      Gpu gpu = machine.gpus().get(i);
      String value =
          "%s, %s, %s in use, driver %s"
              .formatted(
                  gpu.name(),
                  NvidiaSmi.gigabytes(gpu.totalMegabytes()),
                  NvidiaSmi.gigabytes(gpu.usedMegabytes()),
                  gpu.driver());
      String obstacle = machine.obstacle(DeviceChoice.cuda(i));
      findings.add(
          obstacle.isEmpty()
              ? Finding.pass("cuda:" + i, value)
              : Finding.warn("cuda:" + i, value, obstacle));
    }
    findings.add(
        machine
            .runtime()
            .map(
                runtime ->
                    Finding.pass(
                        "CUDA runtime",
                        runtime.directory() + ", " + CudaRuntimeInstaller.size(runtime.bytes())))
            .orElseGet(() -> Finding.info("CUDA runtime", "not installed")));
    for (CudaRuntime.Place place : machine.places()) {
      if (!place.problem().isEmpty() && !place.problem().equals("not there")) {
        findings.add(
            Finding.warn(
                "CUDA runtime",
                place.directory() + ": " + place.problem(),
                "`plumbline gpu install` mends its own folder"));
      }
    }
    findings.add(Finding.info("Device", "auto means " + machine.resolve(DeviceChoice.AUTO)));
    return findings;
  }

  private List<Finding> disk() {
    List<Finding> findings = new ArrayList<>();
    findings.add(writable("Workspace", workspace, MANY_GIGABYTES, "checkpoints need it"));
    Path cache = CudaRuntime.engineCache();
    boolean unpacked = Files.isDirectory(cache.resolve("pytorch"));
    findings.add(
        writable(
            "Native libraries",
            cache,
            unpacked ? 0 : UNPACKED_NATIVES,
            "the first start unpacks 450 MB there"));
    findings.add(
        writable(
            "Temporary files",
            Path.of(System.getProperty("java.io.tmpdir", ".")),
            UNPACKED_NATIVES,
            "free some"));
    return findings;
  }

  /** A folder that must be written, or the nearest one above it where it is not there yet. */
  static Finding writable(String label, Path place, long needed, String why) {
    Path at = place.toAbsolutePath().normalize();
    while (!Files.isDirectory(at)) {
      Path parent = at.getParent();
      if (parent == null) {
        return Finding.fail(label, place + " is not there", "choose another place");
      }
      at = parent;
    }
    try {
      long free = Files.getFileStore(at).getUsableSpace();
      String value =
          place
              + (at.equals(place.toAbsolutePath().normalize()) ? "" : " (not there yet)")
              + ", "
              + CudaRuntimeInstaller.size(free)
              + " free";
      if (!Files.isWritable(at)) {
        return Finding.fail(
            label, value + ", not writable", "change its rights, or choose another");
      }
      return free < needed ? Finding.warn(label, value, why) : Finding.pass(label, value);
    } catch (IOException e) {
      return Finding.fail(label, place + ": " + e.getMessage(), "choose another place");
    }
  }

  /** What a device's process said, as findings. */
  static List<Finding> answers(DeviceChoice device, SelfTestProcess.Outcome outcome) {
    List<Finding> findings = new ArrayList<>();
    String natives = outcome.facts().get("natives");
    if (natives != null) {
      findings.add(
          Finding.info(
              "Tensor library",
              "PyTorch %s in %s, %s, %s threads"
                  .formatted(
                      outcome.facts().getOrDefault("libtorch", "?"),
                      natives,
                      CudaRuntimeInstaller.size(
                          new CudaRuntime(Path.of(natives), CudaRuntime.Source.ENGINE_CACHE)
                              .bytes()),
                      outcome.facts().getOrDefault("threads", "?"))));
    }
    for (KnownAnswer answer : outcome.answers()) {
      String value =
          "expected "
              + answer.expected()
              + ", found "
              + answer.found()
              + (answer.tolerance() > 0
                  ? String.format(
                      Locale.ROOT, "; error %.1e, at most %.0e", answer.error(), answer.tolerance())
                  : "");
      findings.add(
          answer.passed()
              ? Finding.pass(answer.name(), value)
              : Finding.fail(
                  answer.name(),
                  value,
                  device + " computes wrongly; do not train on it, and report this"));
    }
    if (!outcome.failure().isEmpty()) {
      findings.add(
          Finding.fail("Self-test on " + device, outcome.failure(), "see what comes before"));
    }
    return findings;
  }
}
