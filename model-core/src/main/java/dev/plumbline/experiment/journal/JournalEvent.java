package dev.plumbline.experiment.journal;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.training.Command;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.RunState;
import java.util.Map;

/** What a journal can say; {@link JournalEntry} adds the sequence number and the time. */
public sealed interface JournalEvent {
  /** The run entered a state; the detail is one line for people. */
  record State(RunState state, long step, String detail) implements JournalEvent {}

  /**
   * What the worker computes on: {@code cpu}, {@code cuda:N} or {@code mps}, and threads of one
   * operation.
   */
  record Device(String name, int threads) implements JournalEvent {}

  /** How far the run is; {@code secondsLeft} is NaN while unknown. */
  record Progress(long step, long totalSteps, double secondsLeft, String phase)
      implements JournalEvent {}

  /** Values measured at one step, by metric name; see {@link dev.plumbline.training.Metrics}. */
  record Metrics(
      long step, long samples, long tokens, double activeSeconds, Map<String, Double> values)
      implements JournalEvent {}

  /** A response of the model in training. */
  record Sample(ResponseSample sample) implements JournalEvent {}

  /** A complete checkpoint; {@code directory} is relative to the run directory. */
  record Checkpoint(long step, String directory) implements JournalEvent {}

  /** A hyper-parameter was changed. */
  record Steered(long step, String parameter, double from, double to) implements JournalEvent {}

  /**
   * A result table was written.
   *
   * @param rows how many it has
   * @param file relative to the run directory; see {@link TableFile}
   * @param sha256 of the file
   */
  record Table(String name, long step, int rows, String file, String sha256)
      implements JournalEvent {}

  /**
   * The results of a study begin: its tables and cards follow, and those that the journal told
   * above are superseded.
   *
   * @param name of the analysis
   * @param runs finished runs that it rests on
   */
  record Analysis(String name, int runs) implements JournalEvent {}

  /** What the paper says beside what a study measured. */
  record Card(PaperCard card) implements JournalEvent {}

  /** Something that people are to know, in one line. */
  record Notice(long step, String text) implements JournalEvent {}

  /**
   * A new worker took the run up again from the checkpoint of {@code fromStep}, or the run went
   * back to it by itself, which a {@link Notice} explains; what the journal says above about later
   * steps is superseded.
   *
   * @param fromStep -1 where there was no checkpoint yet and the run starts over: then all that the
   *     journal says above about steps is superseded
   */
  record Resumed(long fromStep) implements JournalEvent {}

  /**
   * A command was taken from the control file, under its id there.
   *
   * @param applied false where it was meant for an earlier worker and was dropped
   */
  record Commanded(String id, Command command, boolean applied) implements JournalEvent {}

  /** A kind of event that this version does not know; kept, and passed over. */
  record Unknown(String type) implements JournalEvent {}
}
