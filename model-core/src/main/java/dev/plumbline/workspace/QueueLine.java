package dev.plumbline.workspace;

import dev.plumbline.experiment.QueueEntry;

/**
 * An entry of the queue as people see it.
 *
 * @param entry what it is and where it stands
 * @param done runs of a study that are finished; steps of a run
 * @param total runs of the study; steps of the run, 0 while unknown
 * @param fraction done, 0 to 1; NaN while unknown
 * @param secondsLeft seconds of work that are left of it, NaN while unknown
 * @param endsIn seconds until it is done, what stands before it included; NaN while unknown, or
 *     where it is paused or over
 */
public record QueueLine(
    QueueEntry entry, long done, long total, double fraction, double secondsLeft, double endsIn) {
  QueueLine endingIn(double seconds) {
    return new QueueLine(entry, done, total, fraction, secondsLeft, seconds);
  }
}
