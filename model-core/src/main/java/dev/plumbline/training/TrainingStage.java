package dev.plumbline.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One algorithm as {@link TrainingLoop} sees it. Every step depends only on the stage's state, its
 * settings, its seed and the number of steps done, so that a run that was cut off and resumed goes
 * the way it would have gone.
 */
public interface TrainingStage extends AutoCloseable {
  /**
   * What was measured at one point of a run.
   *
   * @param step the step the values belong to
   * @param samples training samples that this step used up; zero for a measurement
   * @param tokens training tokens that this step used up, padding left out
   * @param values by name of {@link Metrics}
   */
  record Report(long step, long samples, long tokens, Map<String, Double> values) {}

  /** Asks whether someone wants the run to stop. */
  @FunctionalInterface
  interface Interruption {
    /**
     * To be called where a step or a measurement can be given up without a trace: nothing of it has
     * reached the stage's state.
     *
     * @throws Abandoned if the run is to stop; the stage lets it pass
     */
    void check();
  }

  /**
   * A step or a measurement was given up before it changed anything, because the run is to stop.
   */
  final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Abandoned() {
      super("abandoned", null, false, false);
    }
  }

  /** What is being done, for people: "pretraining". */
  String phase();

  /** Steps from start to end. */
  long totalSteps();

  /** The hyper-parameters that may change while the run goes on. */
  Steering steering();

  /**
   * Measures the model between steps, if it is time to; called once for each {@code done} from 0 to
   * {@code totalSteps()}, before the step that follows.
   *
   * @param done steps done; the report belongs to this step
   */
  Optional<Report> measure(long done, RunListener listener, Interruption interruption);

  /**
   * Does one step.
   *
   * @param done steps done before
   */
  Report step(long done, RunListener listener, Interruption interruption);

  /**
   * Writes {@code model/} (a Hugging Face directory) and {@code state.safetensors} (everything else
   * that the stage needs to go on) under an existing directory.
   */
  void save(Path directory) throws IOException;

  /** Takes up the state that {@link #save} wrote. */
  void restore(Path directory) throws IOException;

  /** Frees the stage's models. */
  @Override
  void close();
}
