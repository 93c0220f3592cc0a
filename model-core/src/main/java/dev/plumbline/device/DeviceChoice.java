package dev.plumbline.device;

import dev.plumbline.data.UserError;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process computes on: a matter of the launch and not of the spec, because it decides how
 * fast a result comes and, but for rounding, not which.
 *
 * @param kind kind of device, or the wish to have it chosen
 * @param index number of the device among its kind, from 0, in the order of {@code nvidia-smi}
 */
public record DeviceChoice(Kind kind, int index) {
  /** System property of a process that starts workers, and of workers. */
  public static final String PROPERTY = "plumbline.device";

  /** Kinds of devices. */
  public enum Kind {
    /** CUDA where a GPU and a runtime are there, else the CPU. */
    AUTO,
    /** The processor. */
    CPU,
    /** NVIDIA's GPUs. */
    CUDA,
    /** Apple's GPU, by Metal performance shaders. */
    MPS
  }

  /** Leaves the choice to {@link Machine#resolve}. */
  public static final DeviceChoice AUTO = new DeviceChoice(Kind.AUTO, 0);

  /** The processor. */
  public static final DeviceChoice CPU = new DeviceChoice(Kind.CPU, 0);

  /** Apple's GPU. */
  public static final DeviceChoice MPS = new DeviceChoice(Kind.MPS, 0);

  private static final Pattern CUDA_NAME = Pattern.compile("cuda(?::(\\d{1,3}))?");

  /** NVIDIA's GPU of a number. */
  public static DeviceChoice cuda(int index) {
    return new DeviceChoice(Kind.CUDA, index);
  }

  /**
   * Reads {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:N} or {@code mps}.
   *
   * @throws UserError where it is none of these
   */
  public static DeviceChoice parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    Matcher cuda = CUDA_NAME.matcher(name);
    if (cuda.matches()) {
      return cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
    }
    return switch (name) {
      case "", "auto" -> AUTO;
      case "cpu" -> CPU;
      case "mps" -> MPS;
      default ->
          throw new UserError(
              "no device is called '" + text + "'; there are auto, cpu, cuda, cuda:N and mps");
    };
  }

  /** The choice of this process: {@value #PROPERTY}, else auto. */
  public static DeviceChoice ofProcess() {
    return parse(System.getProperty(PROPERTY, "auto"));
  }

  /** What {@link #parse} reads; {@code cuda:N} always with its number. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return kind == Kind.CUDA ? name + ":" + index : name;
  }
}
