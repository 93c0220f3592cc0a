package dev.plumbline.app.feed;

import dev.plumbline.workspace.RunEdits;
import dev.plumbline.workspace.RunTable;
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

  /**
   * Asks a question about many runs on a thread of its own, so that it waits for no curve and no
   * ingest, and hands its answer to {@code sink} on the JavaFX thread.
   *
   * @param onProblem takes why there is no answer, in one line; empty where the workspace is not
   *     open
   */
  <T> void ask(Function<RunTable, T> question, Consumer<T> sink, Consumer<String> onProblem);

  /**
   * Changes what people may change, on a thread of its own, in the order of the calls.
   *
   * @param sink takes what was done, on the JavaFX thread
   * @param onProblem takes why nothing was done, in one line
   */
  <T> void edit(Function<RunEdits, T> change, Consumer<T> sink, Consumer<String> onProblem);

  /** Ends the reading; waits for a question that is being answered, so not on the JavaFX thread. */
  @Override
  void close();
}
