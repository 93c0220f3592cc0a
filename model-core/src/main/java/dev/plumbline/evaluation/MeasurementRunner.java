package dev.plumbline.evaluation;

import dev.plumbline.data.UserError;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.Controls;
import dev.plumbline.training.RunListener;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one measurement from its settings, as the training stages are run by theirs. */
public final class MeasurementRunner {
  private static final Logger LOG = LoggerFactory.getLogger(MeasurementRunner.class);

  private MeasurementRunner() {}

  /**
   * Runs a measurement to its end, or until someone stops it. Every state of the run is told to the
   * listener, a failure with its one-line cause; nothing is thrown for a failure.
   *
   * @param seed decides every random choice
   * @param runDirectory where gathered data are written
   * @return {@link RunState#FINISHED}, {@link RunState#STOPPED} or {@link RunState#FAILED}
   */
  public static RunState run(
      MeasurementSettings settings,
      long seed,
      Path runDirectory,
      RunListener listener,
      Controls controls,
      TorchRuntime runtime) {
    listener.state(RunState.STARTING, 0, "");
    try (Measurement measurement = measurement(settings, seed, runtime)) {
      MeasurementContext context =
          new MeasurementContext(measurement.phase(), runDirectory, listener, controls);
      listener.state(RunState.RUNNING, 0, "");
      try {
        measurement.run(context);
      } catch (MeasurementContext.StoppedException e) {
        return ended(RunState.STOPPED, context.done(), "it starts over when resumed", listener);
      }
      return ended(RunState.FINISHED, context.done(), "", listener);
    } catch (UserError e) {
      LOG.error("the measurement failed", e);
      return ended(RunState.FAILED, 0, line(e), listener);
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("the measurement failed", e);
      return ended(RunState.FAILED, 0, line(e) + "; the stack is in the run's log.txt", listener);
    }
  }

  private static RunState ended(RunState state, long done, String detail, RunListener listener) {
    listener.state(state, done, detail);
    return state;
  }

  private static String line(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  private static Measurement measurement(
      MeasurementSettings settings, long seed, TorchRuntime runtime) {
    return switch (settings) {
      case AnswerLikelihoodSettings answers -> new AnswerLikelihood(answers, seed, runtime);
      case BestOfKSettings bestOfK -> new BestOfKMeasurement(bestOfK, seed, runtime);
      case CollectionSettings collection -> new Collection(collection, seed, runtime);
      case MatchesSettings matches -> new Arena(matches, seed, runtime);
      case MultipleChoiceSettings choice -> new MultipleChoice(choice, seed, runtime);
      case OodSettings ood -> new OodDetection(ood, seed, runtime);
      case PreferenceEvaluationSettings preference ->
          new PreferenceMeasurement(preference, runtime);
      case SampleSheetSettings sheet -> new SampleSheet(sheet, seed, runtime);
      case TextScoresSettings texts -> new TextScores(texts, seed, runtime);
    };
  }
}
