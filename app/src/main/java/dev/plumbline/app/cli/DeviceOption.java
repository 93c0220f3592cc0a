package dev.plumbline.app.cli;

import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Machine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a command computes on. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "auto, cpu, cuda, cuda:N or mps (default: auto, which is CUDA where it can be used)")
  @Nullable String device;

  /**
   * The choice; the process's own where none was given.
   *
   * @throws dev.plumbline.data.UserError where it is not there, before anything is made for it
   */
  DeviceChoice choice() {
    DeviceChoice choice = device == null ? DeviceChoice.ofProcess() : DeviceChoice.parse(device);
    if (choice.kind() == DeviceChoice.Kind.CUDA || choice.kind() == DeviceChoice.Kind.MPS) {
      Machine.look().resolve(choice);
    }
    return choice;
  }
}
