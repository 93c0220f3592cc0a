package dev.plumbline.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory and utilisation of one of NVIDIA's GPUs while it computes. A look never waits: it starts
 * the driver's program every few seconds and takes up what the one before has said meanwhile.
 */
public final class GpuMeter {
  private static final Logger LOG = LoggerFactory.getLogger(GpuMeter.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  /**
   * What the driver said.
   *
   * @param usedMegabytes memory in use on the GPU by all processes, in 10^6 bytes; NaN if untold
   * @param ownMegabytes this process's part of it, where the driver tells it by process
   * @param utilisation percent; NaN if untold
   */
  public record Reading(double usedMegabytes, OptionalDouble ownMegabytes, double utilisation) {}

  /** A program that runs, or ran. */
  interface Run {
    /** What it printed, once it has ended. */
    Optional<String> output();
  }

  /** Starts a program. */
  interface Starter {
    Run start(List<String> command) throws IOException;
  }

  private final Path program;
  private final String uuid;
  private final long pid;
  private final Starter starter;
  private final LongSupplier nanoTime;
  private @Nullable Run gpus;
  private @Nullable Run processes;
  private long started;
  private boolean ever;

  GpuMeter(Path program, String uuid, long pid, Starter starter, LongSupplier nanoTime) {
    this.program = program;
    this.uuid = uuid;
    this.pid = pid;
    this.starter = starter;
    this.nanoTime = nanoTime;
  }

  /** A meter of the device that this process computes on; empty where there is none to ask. */
  public static Optional<GpuMeter> of(DeviceChoice device) {
    if (device.kind() != DeviceChoice.Kind.CUDA) {
      return Optional.empty();
    }
    List<Gpu> gpus =
        NvidiaSmi.visible(NvidiaSmi.query().gpus(), System.getenv("CUDA_VISIBLE_DEVICES"));
    Optional<Path> program = NvidiaSmi.program(System.getenv());
    if (device.index() >= gpus.size() || program.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new GpuMeter(
            program.get(),
            gpus.get(device.index()).uuid(),
            ProcessHandle.current().pid(),
            GpuMeter::start,
            System::nanoTime));
  }

  /** What was said since the last call; empty while there is nothing new. Never waits. */
  public Optional<Reading> read() {
    try {
      Run query = gpus;
      Run own = processes;
      if (query == null || own == null) {
        if (!ever || nanoTime.getAsLong() - started >= EVERY.toNanos()) {
          ever = true;
          started = nanoTime.getAsLong();
          gpus = starter.start(NvidiaSmi.gpuQuery(program));
          processes = starter.start(NvidiaSmi.processQuery(program));
        }
        return Optional.empty();
      }
      Optional<String> said = query.output();
      Optional<String> ofProcesses = own.output();
      if (said.isEmpty() || ofProcesses.isEmpty()) {
        return Optional.empty();
      }
      gpus = null;
      processes = null;
      Map<Long, Double> byProcess = NvidiaSmi.parseProcesses(ofProcesses.get());
      Double mine = byProcess.get(pid);
      return NvidiaSmi.parse(0, said.get()).gpus().stream()
          .filter(gpu -> gpu.uuid().equals(uuid))
          .findFirst()
          .map(
              gpu ->
                  new Reading(
                      gpu.usedMegabytes(),
                      mine == null ? OptionalDouble.empty() : OptionalDouble.of(mine),
                      gpu.utilisation()));
    } catch (IOException e) {
      LOG.debug("the GPU cannot be asked: {}", e.getMessage());
      gpus = null;
      processes = null;
      return Optional.empty();
    }
  }

  private static Run start(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // The answer is far smaller than the pipe's buffer, so the program ends without being read.
    return () -> {
      if (process.isAlive()) {
        return Optional.empty();
      }
      try (var in = process.getInputStream()) {
        return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        return Optional.of("");
      }
    };
  }
}
