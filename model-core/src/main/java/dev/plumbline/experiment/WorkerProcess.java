package dev.plumbline.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Which process works on a run or a study ({@code worker.json}). Process ids are used again by the
 * system; id and start instant together are not.
 *
 * @param pid process id
 * @param started when the process started, as the system says
 * @param launched when this was written, by the wall clock
 * @param host machine; on another one nothing can be said about the process
 */
public record WorkerProcess(long pid, Instant started, Instant launched, String host) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The system derives start instants from ticks since boot; two readings differ a little. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  /** This process. */
  public static WorkerProcess current() {
    return of(ProcessHandle.current(), Instant.now());
  }

  /** A process of this machine that was launched no earlier than some moment. */
  public static WorkerProcess of(ProcessHandle handle, Instant launched) {
    return new WorkerProcess(
        handle.pid(),
        handle.info().startInstant().orElse(Instant.EPOCH),
        launched.truncatedTo(ChronoUnit.MILLIS),
        localHost());
  }

  /** Reads {@code worker.json}; empty where there is none or it cannot be read. */
  public static Optional<WorkerProcess> read(Path file) {
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      return Optional.of(
          new WorkerProcess(
              json.path("pid").asLong(),
              Instant.parse(json.path("started").asText()),
              Instant.parse(json.path("launched").asText()),
              json.path("host").asText()));
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Writes {@code worker.json}, at once. */
  public void write(Path file) throws IOException {
    AtomicFiles.write(
        file,
        MAPPER.writeValueAsString(
                Map.of(
                    "pid",
                    pid,
                    "started",
                    started.toString(),
                    "launched",
                    launched.toString(),
                    "host",
                    host))
            + "\n");
  }

  /** The live process, if it is this machine's and still the same one. */
  public Optional<ProcessHandle> handle() {
    if (!host.equals(localHost())) {
      return Optional.empty();
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            handle ->
                handle
                    .info()
                    .startInstant()
                    .map(start -> Duration.between(started, start).abs().compareTo(SLACK) <= 0)
                    .orElse(true));
  }

  /** Whether the process is known to be gone; never said about another machine. */
  public boolean isGone() {
    return host.equals(localHost()) && handle().isEmpty();
  }

  private static String localHost() {
    return HostName.NAME;
  }

  /** The machine's name, read once. */
  private static final class HostName {
    static final String NAME = read();

    private static String read() {
      try {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      } catch (IOException e) {
        String name = System.getenv("COMPUTERNAME");
        return name == null ? String.valueOf(System.getenv("HOSTNAME")) : name;
      }
    }
  }
}
