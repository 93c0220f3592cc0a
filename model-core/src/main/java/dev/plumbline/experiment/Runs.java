package dev.plumbline.experiment;

import dev.plumbline.data.UserError;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.experiment.journal.ControlFile;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a workspace directory: making, starting, resuming, commanding and finding them. It
 * needs no database; any number of processes may use it at the same time.
 */
public final class Runs {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Path workspace;
  private final WorkerLauncher launcher;

  /** The runs below a workspace directory. */
  public Runs(Path workspace) {
    this(workspace, WorkerLauncher.standard());
  }

  /** The same with another worker. */
  public Runs(Path workspace, WorkerLauncher launcher) {
    this.workspace = workspace.toAbsolutePath().normalize();
    this.launcher = launcher;
  }

  /** The directory that holds the run directories. */
  public Path directory() {
    return workspace.resolve("runs");
  }

  /** The workspace's directory, absolute. */
  public Path workspace() {
    return workspace;
  }

  /** What workers compute on unless something else is asked for. */
  public DeviceChoice choice() {
    return launcher.choice();
  }

  // ------------------------------------------------------------------------------------ making

  /**
   * Writes the run directory of a spec, with references resolved and inputs hashed. It appears
   * whole or not at all.
   *
   * @throws UserError where something that the spec names is missing, or the disk is full
   */
  public RunDirectory create(ExperimentSpec spec) {
    return create(resolve(spec));
  }

  /** Writes the run directory of a spec that is resolved; see {@link #resolve}. */
  public RunDirectory create(RunSpec resolved) {
    return write(resolved);
  }

  /** Reads a spec file and writes its run directory. */
  public RunDirectory create(Path specFile) {
    return create(ExperimentSpec.read(specFile));
  }

  /**
   * Resolves a spec's references and hashes its inputs; nothing is made.
   *
   * @throws UserError where something that the spec names is missing
   */
  public RunSpec resolve(ExperimentSpec spec) {
    return new SpecResolver(workspace).resolve(spec, Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  /** A run whose references are resolved when its worker starts. */
  static RunSpec pending(ExperimentSpec spec) {
    return new RunSpec(spec, false, List.of(), "", Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  RunDirectory write(RunSpec spec) {
    String stem = slug(spec.spec().name()) + "-" + STAMP.format(spec.created());
    Path temporary = null;
    try {
      Files.createDirectories(directory());
      temporary = Files.createDirectory(directory().resolve(".new-" + UUID.randomUUID()));
      Files.createDirectory(temporary.resolve("checkpoints"));
      AtomicFiles.write(temporary.resolve("spec.json"), SpecJson.write(spec));
      for (int i = 1; ; i++) {
        Path place = directory().resolve(i == 1 ? stem : stem + "-" + i);
        if (!Files.exists(place)) {
          try {
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
            return new RunDirectory(place);
          } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            LOG.debug("{} was taken in between", place); // the next number is tried
          }
        }
      }
    } catch (IOException e) {
      discard(temporary);
      throw new UserError(
          "cannot write a run below %s: %s; check its rights and free space"
              .formatted(directory(), e.getMessage()),
          e);
    }
  }

  /** Removes a run directory that no worker has touched. */
  static void discard(@Nullable Path run) {
    if (run == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", run, e.getMessage());
    }
  }

  private static String slug(String name) {
    String plain =
        Normalizer.normalize(name, Normalizer.Form.NFD)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9._]+", "-")
            .replaceAll("^[-.]+|[-.]+$", "");
    return plain.isEmpty() ? "run" : plain;
  }

  /**
   * Makes a pending run's spec complete; called by its worker.
   *
   * @return the spec, resolved
   */
  public static RunSpec complete(RunDirectory run) {
    RunSpec spec = run.spec();
    if (spec.resolved()) {
      return spec;
    }
    Path runs = run.path().getParent();
    Path parent = runs == null ? null : runs.getParent();
    Path workspace = parent == null ? run.path() : parent;
    RunSpec resolved = new SpecResolver(workspace).resolve(spec.spec(), spec.created());
    try {
      AtomicFiles.write(run.specFile(), SpecJson.write(resolved));
    } catch (IOException e) {
      throw new UserError("cannot write " + run.specFile() + ": " + e.getMessage(), e);
    }
    return resolved;
  }

  /** Says which input of a run has changed since its hash was taken; empty where none has. */
  public static Optional<String> changedInput(RunSpec spec) {
    return SpecResolver.changed(spec);
  }

  // ----------------------------------------------------------------------------------- finding

  /** All run directories, the newest last. */
  public List<RunDirectory> list() {
    if (!Files.isDirectory(directory())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory())) {
      return entries
          .filter(path -> !String.valueOf(path.getFileName()).startsWith("."))
          .map(RunDirectory::new)
          .filter(RunDirectory::exists)
          .sorted(Comparator.comparing(RunDirectory::id))
          .toList();
    } catch (IOException e) {
      throw new UserError("cannot read " + directory() + ": " + e.getMessage(), e);
    }
  }

  /** A run by its id, or the newest of a name. */
  public Optional<RunDirectory> find(String nameOrId) {
    Path place = directory().resolve(nameOrId);
    if (!nameOrId.isEmpty() && directory().equals(place.normalize().getParent())) {
      RunDirectory run = new RunDirectory(place);
      if (run.exists()) {
        return Optional.of(run);
      }
    }
    List<RunSpecAt> named = new ArrayList<>();
    for (RunDirectory run : list()) {
      try {
        RunSpec spec = run.spec();
        if (spec.spec().name().equals(nameOrId)) {
          named.add(new RunSpecAt(run, spec.created()));
        }
      } catch (UserError e) {
        LOG.debug("passed over {}: {}", run.id(), e.getMessage());
      }
    }
    return named.stream().max(Comparator.comparing(RunSpecAt::created)).map(RunSpecAt::run);
  }

  private record RunSpecAt(RunDirectory run, Instant created) {}

  /**
   * A run by its directory, id or name.
   *
   * @throws UserError where there is none; names those that there are
   */
  public RunDirectory get(String argument) {
    RunDirectory direct = new RunDirectory(Path.of(argument));
    if (direct.exists()) {
      return direct;
    }
    return find(argument)
        .orElseThrow(
            () -> {
              List<String> ids = list().reversed().stream().limit(5).map(RunDirectory::id).toList();
              return new UserError(
                  "no run '%s' in %s; %s"
                      .formatted(
                          argument,
                          workspace,
                          ids.isEmpty()
                              ? "there are no runs yet"
                              : "the newest are " + String.join(", ", ids)));
            });
  }

  /** The Hugging Face directory of a reference's checkpoint. */
  Path model(RunReference reference) {
    RunDirectory run =
        find(reference.name())
            .orElseThrow(
                () ->
                    new UserError(
                        "no run named '%s' in %s; run its spec first"
                            .formatted(reference.name(), workspace)));
    if (reference.step().isEmpty()) {
      return ModelReference.ofRun(run);
    }
    long step = reference.step().getAsLong();
    return ModelReference.inDirectory(
        run.checkpoint(step)
            .orElseThrow(
                () ->
                    new UserError(
                        "run %s has no checkpoint of step %d; it has %s"
                            .formatted(run.id(), step, run.checkpoints().steps()))));
  }

  /** The data file that a run gathered. */
  Path data(RunReference reference) {
    RunDirectory run =
        find(reference.name())
            .orElseThrow(
                () ->
                    new UserError(
                        "no run named '%s' in %s; run its spec first"
                            .formatted(reference.name(), workspace)));
    if (!Files.isRegularFile(run.dataFile())) {
      throw new UserError(
          "run %s has gathered no data (it is %s); wait for its end, or name a run that gathers"
              .formatted(run.id(), run.state().name().toLowerCase(Locale.ROOT)));
    }
    return run.dataFile();
  }

  // ---------------------------------------------------------------------------------- starting

  /** The state now, by the journal and the worker process. */
  public RunState state(RunDirectory run) {
    return run.state();
  }

  /**
   * Starts a run's worker, or resumes it from its last checkpoint, as a process of its own.
   *
   * @throws UserError where it is being worked on already, or is finished
   */
  public ProcessHandle start(RunDirectory run) {
    return start(run, 0);
  }

  /**
   * The same, with so many threads for one tensor operation.
   *
   * @param threads 0 for the worker's own choice
   */
  public ProcessHandle start(RunDirectory run, int threads) {
    return launch(
        () -> threads == 0 ? launcher.on(device(run)) : launcher.on(device(run)).with(threads),
        run.path(),
        List.of(run.path().toString()),
        () -> {
          RunState state = run.state();
          if (state == RunState.FINISHED) {
            throw new UserError("run " + run.id() + " is finished; run its spec again for another");
          }
          if (state.isActive()) {
            throw new UserError(
                "run %s is %s already; pause or stop it first"
                    .formatted(run.id(), state.name().toLowerCase(Locale.ROOT)));
          }
        });
  }

  /**
   * Where a run's next worker computes: where it did before, unless something else is asked for.
   */
  private DeviceChoice device(RunDirectory run) {
    DeviceChoice asked = launcher.choice();
    if (asked.kind() == DeviceChoice.Kind.CPU) {
      return asked;
    }
    Machine machine = Machine.look();
    if (asked.kind() == DeviceChoice.Kind.AUTO && Files.isRegularFile(run.deviceFile())) {
      try {
        // Rounding differs between devices, so a run keeps its own to give the same numbers.
        return machine.resolve(DeviceChoice.parse(Files.readString(run.deviceFile())));
      } catch (IOException | UserError e) {
        LOG.warn("{}: its device is chosen anew: {}", run.id(), e.getMessage());
      }
    }
    return machine.resolve(asked);
  }

  /** The same as {@link #start}: a run that has a checkpoint goes on from it. */
  public ProcessHandle resume(RunDirectory run) {
    return start(run);
  }

  /** Starts a process on a directory unless the check refuses; one caller at a time. */
  ProcessHandle launch(Path directory, List<String> arguments, Runnable check) {
    return launch(() -> launcher, directory, arguments, check);
  }

  private static ProcessHandle launch(
      Supplier<WorkerLauncher> launcher, Path directory, List<String> arguments, Runnable check) {
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("launch.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = lock(channel)) {
      check.run();
      WorkerLauncher placed = launcher.get();
      new ControlFile(directory.resolve("control.jsonl")).launch();
      Instant launched = Instant.now();
      Process process = placed.launch(arguments, directory.resolve("log.txt"));
      WorkerProcess.of(process.toHandle(), launched).write(directory.resolve("worker.json"));
      return process.toHandle();
    } catch (NoSuchFileException e) {
      throw new UserError("no run directory " + directory + "; check the name", e);
    } catch (IOException e) {
      throw new UserError(
          "cannot start a worker in %s: %s; check its rights and free space"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.lock();
    } catch (OverlappingFileLockException e) {
      throw new UserError("it is being started already; wait a moment", e);
    }
  }

  /**
   * Sends a command to a run's worker and returns the command's id; the worker journals the id when
   * it obeys.
   *
   * @throws UserError where no worker is there to obey
   */
  public String send(RunDirectory run, Command command) {
    RunState state = run.state();
    if (!state.isActive()) {
      throw new UserError(
          "run %s is %s, so no worker can obey; start or resume it first"
              .formatted(run.id(), state.name().toLowerCase(Locale.ROOT)));
    }
    try {
      return run.control().send(command);
    } catch (IOException e) {
      throw new UserError(
          "cannot write %s: %s; check its rights and free space"
              .formatted(run.controlFile(), e.getMessage()),
          e);
    }
  }
}
