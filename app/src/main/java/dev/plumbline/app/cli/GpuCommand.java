package dev.plumbline.app.cli;

import dev.plumbline.device.CudaRuntime;
import dev.plumbline.device.CudaRuntimeInstaller;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Gpu;
import dev.plumbline.device.Machine;
import dev.plumbline.device.NvidiaSmi;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline gpu}: what there is, and the runtime that makes it usable. */
@Command(
    name = "gpu",
    description = "See the GPUs, and install the CUDA runtime that training on them needs.",
    mixinStandardHelpOptions = true,
    subcommands = {GpuCommand.Status.class, GpuCommand.Install.class})
final class GpuCommand extends Group {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Override
  Output output() {
    return root.output();
  }

  /** {@code plumbline gpu status}. */
  @Command(
      name = "status",
      description = "Say which GPUs there are and whether they can be used; asks no server.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @ParentCommand GpuCommand parent = new GpuCommand();

    @Option(names = "--json", description = "The same as JSON on standard output")
    boolean json;

    /** The machine as scripts read it. */
    record Result(
        List<Gpu> gpus, String problem, List<Looked> runtime, List<String> usable, String auto) {}

    /** A place that was looked at for the runtime. */
    record Looked(String source, String directory, String problem) {}

    @Override
    public Integer call() {
      Machine machine = Machine.look();
      Output output = parent.output();
      String auto = machine.resolve(DeviceChoice.AUTO).toString();
      if (json) {
        output.json(
            new Result(
                machine.gpus(),
                machine.nvidia().problem(),
                machine.places().stream()
                    .map(
                        place ->
                            new Looked(
                                place.source().name().toLowerCase(Locale.ROOT),
                                place.directory().toString(),
                                place.problem()))
                    .toList(),
                machine.usable().stream().map(DeviceChoice::toString).toList(),
                auto));
        return CommandLineEntry.OK;
      }
      if (!machine.nvidia().problem().isEmpty() && machine.cudaPlatform().isPresent()) {
        output.line("%s", machine.nvidia().problem());
      }
      for (int i = 0; i < machine.gpus().size(); i++) {
        Gpu gpu = machine.gpus().get(i);
        output.line(
            "cuda:%d  %s  %s, %s in use, driver %s",
            i,
            gpu.name(),
            NvidiaSmi.gigabytes(gpu.totalMegabytes()),
            NvidiaSmi.gigabytes(gpu.usedMegabytes()),
            gpu.driver());
        String obstacle = machine.obstacle(DeviceChoice.cuda(i));
        if (!obstacle.isEmpty()) {
          output.line("        cannot be used: %s", obstacle);
        }
      }
      for (CudaRuntime.Place place : machine.places()) {
        output.line(
            "CUDA runtime  %s  %s",
            place.directory(), place.problem().isEmpty() ? "complete" : place.problem());
      }
      if (machine.cudaPlatform().isEmpty()) {
        output.line("There is no CUDA build for %s.", machine.system());
      }
      output.line("auto means %s", auto);
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline gpu install}. */
  @Command(
      name = "install",
      description =
          "Download the CUDA runtime after showing its size, or use a folder that has it. An"
              + " installation that was broken off goes on.",
      mixinStandardHelpOptions = true)
  static final class Install implements Callable<Integer> {
    private static final long EVERY_NANOS = 1_000_000_000L;

    @ParentCommand GpuCommand parent = new GpuCommand();

    @Option(names = "--yes", description = "Download without asking")
    boolean yes;

    @Option(
        names = "--from",
        paramLabel = "DIR",
        description =
            "Use the libraries of this folder, without a network; PYTORCH_LIBRARY_PATH does the"
                + " same for one process")
    @Nullable Path from;

    @Override
    public Integer call() {
      return install(
          parent.output(), CudaRuntimeInstaller.standard(), from, question -> yes || ask(question));
    }

    private static boolean ask(String question) {
      // Since JDK 22 there always is one; it may be no terminal.
      Console console = Objects.requireNonNull(System.console());
      if (!console.isTerminal()) {
        return false;
      }
      String answer = console.readLine("%s. Download? [y/N] ", question);
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    static int install(
        Output output,
        CudaRuntimeInstaller installer,
        @Nullable Path from,
        Predicate<String> agreed) {
      if (from != null) {
        output.line("%s is used from now on", installer.use(from).directory());
        return CommandLineEntry.OK;
      }
      Optional<CudaRuntime> there = CudaRuntime.find();
      if (there.isPresent()) {
        output.line("The CUDA runtime is there already: %s", there.get().directory());
        return CommandLineEntry.OK;
      }
      Lines lines = new Lines(output);
      output.note("asking the server for files and sizes");
      CudaRuntimeInstaller.Plan plan = installer.plan(lines);
      output.note("%s", plan.question());
      if (!agreed.test(plan.question())) {
        output.error("nothing was downloaded; give --yes to agree");
        return CommandLineEntry.FAILED;
      }
      lines.begin();
      CudaRuntime runtime = installer.install(plan, lines);
      output.line("%s", runtime.directory());
      output.note("`plumbline doctor` tests it");
      return CommandLineEntry.OK;
    }

    /** Tells how an installation gets on, once a second. */
    private static final class Lines implements CudaRuntimeInstaller.Watcher {
      private final Output output;
      private boolean begun;
      private long last = System.nanoTime();

      Lines(Output output) {
        this.output = output;
      }

      void begin() {
        begun = true;
      }

      @Override
      public void at(CudaRuntimeInstaller.Progress progress) {
        if (begun && System.nanoTime() - last >= EVERY_NANOS) {
          last = System.nanoTime();
          output.note(
              "%5.1f %%  %s of %s  %s%s",
              100.0 * progress.done() / Math.max(1, progress.total()),
              CudaRuntimeInstaller.size(progress.done()),
              CudaRuntimeInstaller.size(progress.total()),
              progress.unpacking() ? "unpacking " : "",
              progress.file());
        }
      }

      @Override
      public boolean cancelled() {
        return false; // Ctrl-C ends the process, and what came is kept
      }
    }
  }
}
