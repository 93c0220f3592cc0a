package dev.plumbline.app.feed;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;

/**
 * Brings the workspace to the views: snapshots come by themselves while things change, and
 * questions are answered off the JavaFX thread.
 */
public interface WorkspaceFeed extends AutoCloseable {
  /** The open workspace. */
  Path directory();

  /** Whether it is open, and what can be done with it; changes on the JavaFX thread only. */
  ReadOnlyObjectProperty<Access> access();

  /** The newest snapshot; changes on the JavaFX thread only. */
  ReadOnlyObjectProperty<Snapshot> snapshot();

  /**
   * Asks a question on the reading thread and hands its answer to {@code sink} on the JavaFX
   * thread. A question that fails is logged and not answered.
   */
  <T> void read(Function<RunReader, T> question, Consumer<T> sink);

  /** Ends the reading; waits for a question that is being answered, so not on the JavaFX thread. */
  @Override
  void close();
}
