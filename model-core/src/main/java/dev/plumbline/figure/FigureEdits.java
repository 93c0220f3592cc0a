package dev.plumbline.figure;

import java.util.ArrayList;
import java.util.List;

/**
 * What a person changed of a figure, in order, and what he took back and may want again.
 *
 * @param done changes in force, oldest first
 * @param undone changes taken back, the last one taken back at the end
 */
public record FigureEdits(List<FigureEdit> done, List<FigureEdit> undone) {
  /** A figure as its recipe draws it. */
  public static final FigureEdits NONE = new FigureEdits(List.of(), List.of());

  /** Copies the lists. */
  public FigureEdits {
    done = List.copyOf(done);
    undone = List.copyOf(undone);
  }

  /** One more change; what was taken back is gone. */
  public FigureEdits and(FigureEdit edit) {
    if (!done.isEmpty() && done.getLast().equals(edit)) {
      return this;
    }
    List<FigureEdit> more = new ArrayList<>(done);
    more.add(edit);
    return new FigureEdits(more, List.of());
  }

  /** Whether there is something to take back. */
  public boolean canUndo() {
    return !done.isEmpty();
  }

  /** Whether something was taken back. */
  public boolean canRedo() {
    return !undone.isEmpty();
  }

  /** Takes back the last change. */
  public FigureEdits undo() {
    if (done.isEmpty()) {
      return this;
    }
    List<FigureEdit> back = new ArrayList<>(undone);
    back.add(done.getLast());
    return new FigureEdits(done.subList(0, done.size() - 1), back);
  }

  /** Makes the change again that was taken back last. */
  public FigureEdits redo() {
    if (undone.isEmpty()) {
      return this;
    }
    List<FigureEdit> again = new ArrayList<>(done);
    again.add(undone.getLast());
    return new FigureEdits(again, undone.subList(0, undone.size() - 1));
  }

  /** The figure with all changes in force. */
  public Figure apply(Figure figure) {
    Figure edited = figure;
    for (FigureEdit edit : done) {
      edited = edit.apply(edited);
    }
    return edited;
  }

  /** The changes in force without those that a later one makes void. */
  public List<FigureEdit> effective() {
    List<FigureEdit> left = new ArrayList<>();
    for (int i = 0; i < done.size(); i++) {
      FigureEdit edit = done.get(i);
      if (done.subList(i + 1, done.size()).stream().noneMatch(later -> later.replaces(edit))) {
        left.add(edit);
      }
    }
    return left;
  }
}
