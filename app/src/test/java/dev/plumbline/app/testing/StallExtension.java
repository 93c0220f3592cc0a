package dev.plumbline.app.testing;

import dev.plumbline.app.shell.Stall;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails every test during which the JavaFX thread stalled by the program's own fault. A machine
 * that has too much to do makes every thread late, so what counts is that the thread waited, or
 * computed for that long by its own processor time; and what only tests do on that thread does not
 * count: building a whole workbench, taking pictures, laying everything out at once.
 *
 * <p>In tests all code is new: it is loaded, interpreted and compiled beside the test. Our own code
 * is therefore allowed {@link #OWN_MS} of the processor where the workbench allows 100 ms, and what
 * makes and styles a page for the first time {@link #NEW_MS}; {@code plumbline bench ui} measures
 * the same warm.
 */
public final class StallExtension implements BeforeEachCallback, AfterEachCallback {
  private static final Queue<Stall> STALLS = new ConcurrentLinkedQueue<>();

  /** What tests do on the JavaFX thread and the workbench does not. */
  private static final List<String> TESTS_ALONE =
      List.of(
          "javafx.scene.Scene.snapshot",
          "javafx.scene.Node.snapshot",
          "dev.plumbline.app.testing.Bench.<init>",
          "dev.plumbline.app.testing.Bench.lambda$new",
          "dev.plumbline.app.testing.Bench.lambda$settle",
          "dev.plumbline.app.testing.Bench.lambda$find",
          "dev.plumbline.app.testing.Bench.lambda$window",
          "java.lang.ClassLoader.loadClass",
          "jdk.internal.loader.");

  private static final long OWN_MS = 500;
  private static final long NEW_MS = 1500;

  /** Where pages are made, and where nodes are styled that were not there before. */
  private static final List<String> NEW =
      List.of(
          "dev.plumbline.app.shell.Shell.show",
          "javafx.scene.CssStyleHelper",
          "javafx.scene.Node.applyCss",
          "javafx.scene.Scene.doCSSPass");

  /** Takes a stall of the tests' JavaFX thread. */
  static void add(Stall stall) {
    STALLS.add(stall);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    STALLS.clear();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<String> found = new ArrayList<>();
    for (Stall stall = STALLS.poll(); stall != null; stall = STALLS.poll()) {
      if (counts(stall)) {
        found.add(
            "%d ms, %d at work, %s:%n    at %s"
                .formatted(
                    stall.millis(),
                    stall.cpuMillis(),
                    stall.cause(),
                    String.join("%n    at ".formatted(), stall.stack())));
      }
    }
    if (Boolean.getBoolean("plumbline.stalls.print")) {
      found.forEach(System.err::println);
    } else if (!found.isEmpty()) {
      throw new AssertionError(
          "the JavaFX thread stalled in "
              + context.getDisplayName()
              + ":\n"
              + String.join("\n", found));
    }
  }

  /** Whether a test fails for a stall. */
  public static boolean counts(Stall stall) {
    if (!stall.isReal()
        || stall.stack().stream().anyMatch(f -> TESTS_ALONE.stream().anyMatch(f::contains))) {
      return false;
    }
    List<String> stack = stall.stack();
    boolean own =
        stack.stream()
            .anyMatch(
                frame ->
                    frame.startsWith("dev.plumbline.")
                        && !frame.startsWith("dev.plumbline.app.testing."));
    boolean first = stack.stream().anyMatch(frame -> NEW.stream().anyMatch(frame::startsWith));
    return stall.cause() == Stall.Cause.WAIT
        ? own
        : stall.cpuMillis() > (own && !first ? OWN_MS : NEW_MS);
  }
}
