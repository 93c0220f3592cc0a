package dev.plumbline.device;

import java.util.Locale;

/**
 * One of NVIDIA's GPUs, as its driver describes it. Numbers are NaN where the driver does not tell.
 *
 * @param index number in the order of the bus, as {@code nvidia-smi} counts
 * @param uuid its name among all GPUs
 * @param name the product
 * @param driver version of the driver
 * @param capability compute capability, such as 9.0
 * @param totalMegabytes memory, in 10^6 bytes
 * @param usedMegabytes memory that all processes use now, in 10^6 bytes
 * @param utilisation percent of the last moments in which something was computed
 */
public record Gpu(
    int index,
    String uuid,
    String name,
    String driver,
    double capability,
    double totalMegabytes,
    double usedMegabytes,
    double utilisation) {
  /** Oldest compute capability that the CUDA build has code for (Turing). */
  public static final double OLDEST_CAPABILITY = 7.5;

  /** Oldest major version of drivers that CUDA 12 starts on (NVIDIA's compatibility table). */
  public static final int OLDEST_DRIVER = 525;

  /** Why the CUDA build will not run on it, in a few words; empty where nothing is known. */
  public String obstacle() {
    int dot = driver.indexOf('.');
    String major = dot < 0 ? driver : driver.substring(0, dot);
    if (major.matches("\\d{1,6}") && Integer.parseInt(major) < OLDEST_DRIVER) {
      return "its driver "
          + driver
          + " is older than "
          + OLDEST_DRIVER
          + ", the first for CUDA 12; install a newer one";
    }
    if (capability < OLDEST_CAPABILITY) {
      return String.format(
          Locale.ROOT,
          "its compute capability %.1f is below %.1f, the oldest that the CUDA build has code for",
          capability,
          OLDEST_CAPABILITY);
    }
    return "";
  }
}
