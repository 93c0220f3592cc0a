package dev.plumbline.device;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/** The processor's cores. */
public final class Processors {
  private static final long LOAD_WINDOW_NANOS = 200_000_000L;

  private Processors() {}

  /**
   * Cores that no other process is using just now, at least one. The load average would not do: it
   * remembers the run that ended half a minute ago, and a study's next run would get one thread.
   */
  public static int free() {
    int cores = Runtime.getRuntime().availableProcessors();
    double busy = 0;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      // The first values since the start of the JVM say nothing; the next cover the time between.
      system.getCpuLoad();
      system.getProcessCpuLoad();
      LockSupport.parkNanos(LOAD_WINDOW_NANOS);
      double others = system.getCpuLoad() - Math.max(0, system.getProcessCpuLoad());
      busy = Double.isFinite(others) ? Math.clamp(others, 0, 1) * cores : 0;
    }
    // More threads than this gain nothing on the models that fit a CPU.
    return Math.clamp(cores - Math.round(busy), 1, 8);
  }
}
