package dev.plumbline.app.runs;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/** What a person changed, to be undone and done again, the last first. */
public final class EditHistory {
  private static final int MOST = 500;

  private final Deque<Entry> done = new ArrayDeque<>();
  private final Deque<Entry> undone = new ArrayDeque<>();
  private final ReadOnlyStringWrapper undo = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper redo = new ReadOnlyStringWrapper("");

  /**
   * A change.
   *
   * @param text what was done, in a few words
   * @param runIds the runs that it is about
   * @param back undoes it
   * @param forth does it again
   */
  public record Entry(String text, Set<String> runIds, Runnable back, Runnable forth) {
    public Entry {
      runIds = Set.copyOf(runIds);
    }
  }

  /** What would be undone, or empty. */
  public ReadOnlyStringProperty undoText() {
    return undo.getReadOnlyProperty();
  }

  /** What would be done again, or empty. */
  public ReadOnlyStringProperty redoText() {
    return redo.getReadOnlyProperty();
  }

  void did(String text, Collection<String> runIds, Runnable back, Runnable forth) {
    done.push(new Entry(text, new HashSet<>(runIds), back, forth));
    undone.clear();
    while (done.size() > MOST) {
      done.removeLast();
    }
    tell();
  }

  /** Undoes the last change; gives what it was. */
  Optional<String> undo() {
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
  Optional<String> redo() {
    if (undone.isEmpty()) {
      return Optional.empty();
    }
    Entry entry = undone.pop();
    done.push(entry);
    tell();
    entry.forth().run();
    return Optional.of(entry.text());
  }

  /** Drops what is about runs that are gone for good. */
  void forget(Collection<String> runIds) {
    Set<String> gone = Set.copyOf(runIds);
    done.removeIf(entry -> entry.runIds().stream().anyMatch(gone::contains));
    undone.removeIf(entry -> entry.runIds().stream().anyMatch(gone::contains));
    tell();
  }

  private void tell() {
    undo.set(done.isEmpty() ? "" : done.peek().text());
    redo.set(undone.isEmpty() ? "" : undone.peek().text());
  }
}
