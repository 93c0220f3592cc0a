package dev.plumbline.app.study;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.EditHistory;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.workspace.QueueLine;
import dev.plumbline.workspace.QueueSheet;
import dev.plumbline.workspace.WorkQueue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The workspace's queue: what waits, how far it is, and what people change of it, with undo. */
public final class QueueViewModel {
  private final RunControl control;
  private final EditHistory.Part history;
  private final Consumer<String> onProblem;
  private final ReadOnlyObjectWrapper<QueueSheet> sheet =
      new ReadOnlyObjectWrapper<>(QueueSheet.EMPTY);
  private final ReadOnlyObjectWrapper<Part> part = new ReadOnlyObjectWrapper<>(Part.RESULTS);

  /** What of the studies page is shown. */
  public enum Part {
    RESULTS,
    QUEUE
  }

  /**
   * @param history where changes are noted, to be undone
   * @param onProblem takes why something was not done, in one line
   */
  public QueueViewModel(
      WorkspaceFeed feed,
      RunControl control,
      EditHistory.Part history,
      Consumer<String> onProblem) {
    this.control = control;
    this.history = history;
    this.onProblem = onProblem;
    feed.snapshot().subscribe(snapshot -> sheet.set(snapshot.queue()));
  }

  /** What is shown; changes on the JavaFX thread only. */
  public ReadOnlyObjectProperty<QueueSheet> sheet() {
    return sheet.getReadOnlyProperty();
  }

  /** What of the studies page is shown. */
  public ReadOnlyObjectProperty<Part> part() {
    return part.getReadOnlyProperty();
  }

  /** Shows the results of studies, or the queue. */
  public void show(Part wanted) {
    part.set(wanted);
  }

  /** An entry by its number, if it is shown. */
  public Optional<QueueLine> line(long number) {
    return sheet.get().lines().stream().filter(line -> line.entry().number() == number).findFirst();
  }

  // ------------------------------------------------------------------------------------ changes

  /** Puts something behind all that waits. */
  public void add(RunControl.Queued what) {
    control.enqueue(
        what,
        number -> {
          noteAdded(number);
          show(Part.QUEUE);
        },
        onProblem);
  }

  /** Notes that an entry was put in, so that it can be undone. */
  public void noteAdded(long number) {
    history.did(
        Strings.text("queue.did.add"),
        Set.of(),
        () -> quietly(queue -> queue.cancel(number)),
        () -> quietly(queue -> queue.resume(number)));
  }

  /** Moves an entry up or down among those that have not begun. */
  public void shift(QueueLine line, int by) {
    List<Long> movable = movable();
    int now = movable.indexOf(line.entry().number());
    if (now >= 0 && now + by >= 0 && now + by < movable.size()) {
      moveTo(line, now + by + 1);
    }
  }

  /** Puts an entry at a place among those that have not begun, from 1. */
  public void moveTo(QueueLine line, int place) {
    long number = line.entry().number();
    change(
        queue -> queue.move(number, place),
        before ->
            history.did(
                Strings.text("queue.did.move", line.entry().title()),
                Set.of(),
                () -> quietly(queue -> queue.reorder(before)),
                () -> quietly(queue -> queue.move(number, place))));
  }

  /** Puts an entry where another stands that has not begun. */
  public void moveOnto(QueueLine line, QueueLine onto) {
    int place = movable().indexOf(onto.entry().number());
    if (place >= 0 && canMove(line) && line.entry().number() != onto.entry().number()) {
      moveTo(line, place + 1);
    }
  }

  private List<Long> movable() {
    return sheet.get().lines().stream()
        .map(QueueLine::entry)
        .filter(WorkQueue::isMovable)
        .map(QueueEntry::number)
        .toList();
  }

  /** Whether an entry has a place that can be changed. */
  public static boolean canMove(QueueLine line) {
    return WorkQueue.isMovable(line.entry());
  }

  /** Whether an entry can be taken out. */
  public static boolean canCancel(QueueLine line) {
    return !line.entry().state().isOver() && line.entry().wish() != QueueEntry.Wish.CANCEL;
  }

  /** Whether an entry can be held back. */
  public static boolean canPause(QueueLine line) {
    return line.entry().state() == QueueEntry.State.WAITING
        || (line.entry().state() == QueueEntry.State.RUNNING
            && line.entry().wish() == QueueEntry.Wish.NONE);
  }

  /** Whether an entry can be let go on. */
  public static boolean canResume(QueueLine line) {
    return switch (line.entry().state()) {
      case PAUSED, CANCELLED, FAILED -> true;
      case RUNNING -> line.entry().wish() != QueueEntry.Wish.NONE;
      case WAITING, FINISHED -> false;
    };
  }

  /** Takes an entry out; one at work stops with checkpoints first. */
  public void cancel(QueueLine line) {
    if (canCancel(line)) {
      undoable(Strings.text("queue.did.cancel", line.entry().title()), line, WorkQueue::cancel);
    }
  }

  /** Holds an entry back; one at work stops with checkpoints first. */
  public void pause(QueueLine line) {
    if (canPause(line)) {
      undoable(Strings.text("queue.did.pause", line.entry().title()), line, WorkQueue::pause);
    }
  }

  /** Lets an entry go on when its turn comes. */
  public void resume(QueueLine line) {
    if (canResume(line)) {
      undoable(Strings.text("queue.did.resume", line.entry().title()), line, WorkQueue::resume);
    }
  }

  private interface Step {
    QueueEntry take(WorkQueue queue, long number);
  }

  private void undoable(String text, QueueLine line, Step step) {
    long number = line.entry().number();
    change(
        queue -> step.take(queue, number),
        before ->
            history.did(
                text,
                Set.of(),
                () -> quietly(queue -> back(queue, before)),
                () -> quietly(queue -> step.take(queue, number))));
  }

  /** What an entry was before: what is over meanwhile stays so. */
  private static QueueEntry back(WorkQueue queue, QueueEntry before) {
    long number = before.number();
    return switch (before.state()) {
      case PAUSED -> {
        queue.resume(number); // one that was taken out waits again first
        yield queue.pause(number);
      }
      case CANCELLED, FAILED -> queue.cancel(number);
      default ->
          switch (before.wish()) {
            case NONE -> queue.resume(number);
            case PAUSE -> queue.pause(number);
            case CANCEL -> queue.cancel(number);
          };
    };
  }

  /** Lets nothing new begin, or lets the next begin again. */
  public void setPaused(boolean paused) {
    change(
        queue -> queue.setPaused(paused),
        before ->
            history.did(
                paused ? Strings.text("queue.did.hold") : Strings.text("queue.did.release"),
                Set.of(),
                () -> quietly(queue -> queue.setPaused(before)),
                () -> quietly(queue -> queue.setPaused(paused))));
  }

  /** How many entries are at work at a time; 0 for as many as the machine carries. */
  public void setAtATime(int atATime) {
    if (atATime == sheet.get().terms().atATime()) {
      return;
    }
    change(
        queue -> queue.setAtATime(atATime),
        before ->
            history.did(
                Strings.text("queue.did.many"),
                Set.of(),
                () -> quietly(queue -> queue.setAtATime(before)),
                () -> quietly(queue -> queue.setAtATime(atATime))));
  }

  /** Shows no more what is over. */
  public void clear() {
    change(
        WorkQueue::clear,
        cleared ->
            history.did(
                Strings.text("queue.did.clear"),
                Set.of(),
                () ->
                    quietly(
                        queue -> {
                          queue.unclear(cleared);
                          return cleared;
                        }),
                () -> quietly(WorkQueue::clear)));
  }

  /** Sees to it that somebody works through the queue. */
  public void wake() {
    quietly(WorkQueue::terms);
  }

  private <T> void change(Function<WorkQueue, T> change, Consumer<T> done) {
    control.queue(change, done, onProblem);
  }

  private <T> void quietly(Function<WorkQueue, T> change) {
    control.queue(change, done -> {}, onProblem);
  }
}
