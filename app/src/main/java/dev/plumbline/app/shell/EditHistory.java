package dev.plumbline.app.shell;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;

/**
 * What a person changed in a window, on whichever page, to be undone and done again, the last
 * first. Used on the JavaFX thread.
 */
public final class EditHistory {
  private static final int MOST = 500;

  private final Deque<Entry> done = new ArrayDeque<>();
  private final Deque<Entry> undone = new ArrayDeque<>();
  private final ReadOnlyStringWrapper undo = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper redo = new ReadOnlyStringWrapper("");

  /**
   * A change.
   *
   * @param part whose it is, or null where it belongs to the window itself
   * @param text what was done, in a few words
   * @param about ids of what it changed
   * @param back undoes it
   * @param forth does it again
   */
  private record Entry(
      @Nullable Part part, String text, Set<String> about, Runnable back, Runnable forth) {}

  /** The changes of one workspace: they go when it is left, and with them what they hold. */
  public final class Part implements AutoCloseable {
    private boolean closed;

    private Part() {}

    /** The history that these changes stand in. */
    public EditHistory history() {
      return EditHistory.this;
    }

    /**
     * Notes a change that was made.
     *
     * @param text what was done, in a few words
     * @param about ids of what was changed
     */
    public void did(String text, Collection<String> about, Runnable back, Runnable forth) {
      if (!closed) { // an edit may end after its workspace was left
        add(new Entry(this, text, Set.copyOf(about), back, forth));
      }
    }

    /** Drops every change of this part. */
    @Override
    public void close() {
      closed = true;
      drop(entry -> this.equals(entry.part()));
    }
  }

  /** Room for the changes of one workspace. */
  public Part part() {
    return new Part();
  }

  /** What would be undone, or empty. */
  public ReadOnlyStringProperty undoText() {
    return undo.getReadOnlyProperty();
  }

  /** What would be done again, or empty. */
  public ReadOnlyStringProperty redoText() {
    return redo.getReadOnlyProperty();
  }

  /**
   * Notes a change that was made to the workbench itself.
   *
   * @param text what was done, in a few words
   * @param about ids of what was changed
   */
  public void did(String text, Collection<String> about, Runnable back, Runnable forth) {
    add(new Entry(null, text, Set.copyOf(about), back, forth));
  }

  private void add(Entry entry) {
    done.push(entry);
    undone.clear();
    while (done.size() > MOST) {
      done.removeLast();
    }
    tell();
  }

  /** Undoes the last change; gives what it was. */
  public Optional<String> undo() {
    if (done.isEmpty()) {
      return Optional.empty();
    }
    Entry entry = done.pop();
    undone.push(entry);
    tell();
    entry.back().run();
    return Optional.of(entry.text());
  }

  /** Does again what was undone last; gives what it was. */
  public Optional<String> redo() {
    if (undone.isEmpty()) {
      return Optional.empty();
    }
    Entry entry = undone.pop();
    done.push(entry);
    tell();
    entry.forth().run();
    return Optional.of(entry.text());
  }

  /** Drops what is about things that are gone for good. */
  public void forget(Collection<String> ids) {
    Set<String> gone = Set.copyOf(ids);
    drop(entry -> entry.about().stream().anyMatch(gone::contains));
  }

  private void drop(Predicate<Entry> which) {
    done.removeIf(which);
    undone.removeIf(which);
    tell();
  }

  private void tell() {
    undo.set(done.isEmpty() ? "" : done.peek().text());
    redo.set(undone.isEmpty() ? "" : undone.peek().text());
  }
}
