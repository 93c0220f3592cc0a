package dev.plumbline.app.shell;

import java.time.Instant;
import java.util.List;

/**
 * A time in which the window answered nothing.
 *
 * @param begun when
 * @param millis how long
 * @param cpuMillis how much of the processor the JavaFX thread used meanwhile
 * @param cause why, as far as the samples tell
 * @param stack where the thread was in most of the samples, the innermost frame first
 */
public record Stall(Instant begun, long millis, long cpuMillis, Cause cause, List<String> stack) {
  /** Why a stall came about. */
  public enum Cause {
    /** The thread computed: what it did belongs on another one. */
    WORK,
    /** The thread waited for something: a file, a lock, another thread. */
    WAIT,
    /** The thread was ready and got no processor, or waited for the drawing thread. */
    STARVED
  }

  /** Copies the list. */
  public Stall {
    stack = List.copyOf(stack);
  }

  /** Whether the program is to blame, and not the load of the machine. */
  public boolean isReal() {
    return cause != Cause.STARVED;
  }

  /** The innermost frame of Plumbline's own, or the innermost of all. */
  public String place() {
    return stack.stream()
        .filter(frame -> frame.startsWith("dev.plumbline"))
        .findFirst()
        .orElse(stack.isEmpty() ? "" : stack.getFirst());
  }
}
