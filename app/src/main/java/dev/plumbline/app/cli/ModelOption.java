package dev.plumbline.app.cli;

import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import dev.plumbline.experiment.ModelReference;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model that a command works on, and the machine that it works with. */
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A Hugging Face, run or checkpoint directory, or run:NAME in a workspace")
  String model = "";

  @Option(
      names = {"-w", "--workspace"},
      paramLabel = "DIR",
      description = "Where run:NAME is looked up")
  @Nullable Path workspace;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads (default: as many as cores are free)")
  int threads;

  @Mixin DeviceOption device = new DeviceOption();

  /** What it computes on. */
  DeviceChoice device() {
    return Machine.look().resolve(device.choice());
  }

  /** The model's Hugging Face directory. */
  Path directory() {
    return ModelReference.resolve(model, workspace);
  }
}
