package dev.plumbline.training;

import dev.plumbline.analysis.ResultTable;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where an algorithm says what happens; the worker's journal stands behind it. Calls come from the
 * one training thread, in order, and what they were given has been handed to the operating system
 * when they return.
 */
public interface RunListener {
  /** The run entered a state, with a line for people (a failure's cause and mend, or empty). */
  void state(RunState state, long step, String detail);

  /**
   * What the run computes on; told before the first step and again after a resume.
   *
   * @param name {@code cpu}, {@code cuda:N} or {@code mps}
   * @param threads threads that one operation may use
   */
  void device(String name, int threads);

  /**
   * How far the run is.
   *
   * @param step steps done
   * @param totalSteps steps in all
   * @param secondsLeft the estimate for the rest in seconds, NaN while unknown
   * @param phase what is being done, for people: "training", "evaluating"
   */
  void progress(long step, long totalSteps, double secondsLeft, String phase);

  /**
   * Values measured at one step, by name of {@link Metrics}; a value may be NaN.
   *
   * @param samples training samples seen so far (comparisons, responses or sequences)
   * @param tokens training tokens seen so far, padding left out
   * @param activeSeconds seconds of work so far, pauses left out, continued over a resume
   */
  void metrics(
      long step, long samples, long tokens, double activeSeconds, Map<String, Double> values);

  /** A response of the model in training, to be read. */
  void sample(ResponseSample sample);

  /** A complete checkpoint has appeared at {@code directory}. */
  void checkpoint(long step, Path directory);

  /**
   * Rows were measured; a table of the same name and step replaces the one before.
   *
   * @param step that they belong to
   */
  void table(long step, ResultTable table);

  /** Something that people are to know, in one line: memory that did not suffice, for example. */
  void notice(long step, String text);

  /**
   * The run went back to a checkpoint of its own; what was told of later steps is superseded.
   *
   * @param step the checkpoint's
   * @param reason one line
   */
  void rolledBack(long step, String reason);

  /** A hyper-parameter was changed while the run goes on. */
  void steered(long step, String parameter, double from, double to);
}
