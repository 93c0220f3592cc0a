package dev.plumbline.workspace;

import dev.plumbline.experiment.QueueBook;
import dev.plumbline.experiment.QueueEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The queue at one moment.
 *
 * @param terms how it is worked through
 * @param atWork whether its process is there
 * @param lines all entries in their order
 */
public record QueueSheet(QueueBook.Terms terms, boolean atWork, List<QueueLine> lines) {
  /** A queue in which nothing is. */
  public static final QueueSheet EMPTY = new QueueSheet(QueueBook.Terms.STANDARD, false, List.of());

  public QueueSheet {
    lines = List.copyOf(lines);
  }

  /**
   * A queue with the time at which each entry ends: those at work first, then each that waits in
   * its order on whichever place is free next. Behind an entry of unknown length times are unknown
   * too, as far as they depend on it.
   *
   * @param places entries at work at a time, at least 1
   */
  static QueueSheet forecast(
      QueueBook.Terms terms, boolean atWork, List<QueueLine> lines, int places) {
    // NaN sorts behind all numbers: a place that nobody knows the end of is taken last.
    PriorityQueue<Double> free = new PriorityQueue<>(Double::compare);
    List<QueueLine> timed = new ArrayList<>(lines);
    for (int i = 0; i < timed.size(); i++) {
      QueueLine line = timed.get(i);
      if (line.entry().state() == QueueEntry.State.RUNNING) {
        timed.set(i, line.endingIn(line.secondsLeft()));
        free.add(line.secondsLeft());
      }
    }
    while (free.size() < places) {
      free.add(0.0);
    }
    for (int i = 0; i < timed.size(); i++) {
      QueueLine line = timed.get(i);
      if (line.entry().state() == QueueEntry.State.WAITING && !terms.paused()) {
        double end = free.remove() + line.secondsLeft();
        timed.set(i, line.endingIn(end));
        free.add(end);
      }
    }
    return new QueueSheet(terms, atWork, timed);
  }

  /** Entries in a state. */
  public List<QueueLine> in(QueueEntry.State state) {
    return lines.stream().filter(line -> line.entry().state() == state).toList();
  }

  /** How many are at work or wait for their turn. */
  public int open() {
    return in(QueueEntry.State.RUNNING).size() + in(QueueEntry.State.WAITING).size();
  }

  /**
   * Seconds until the last entry of known length is done; NaN where none is known or none is open.
   */
  public double secondsLeft() {
    return lines.stream()
        .mapToDouble(QueueLine::endsIn)
        .filter(Double::isFinite)
        .max()
        .orElse(Double.NaN);
  }

  /** How many entries, at work or waiting, have no estimate. */
  public int unknown() {
    return (int)
        lines.stream()
            .filter(
                line ->
                    (line.entry().state() == QueueEntry.State.RUNNING
                            || (line.entry().state() == QueueEntry.State.WAITING
                                && !terms.paused()))
                        && !Double.isFinite(line.endsIn()))
            .count();
  }

  /**
   * Whether something is to be done and nobody does it: its process was killed, or the power cut.
   */
  public boolean isStalled() {
    return !atWork
        && (!in(QueueEntry.State.RUNNING).isEmpty()
            || (!terms.paused() && !in(QueueEntry.State.WAITING).isEmpty()));
  }
}
