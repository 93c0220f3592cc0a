package dev.plumbline.app.samples;

import dev.plumbline.training.ResponseSample;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/** The orders of prompts; what has no value stands last, and equals stand as on the sheet. */
public enum SampleOrder {
  /** As the run has them. */
  SHEET,
  /** The greatest rise in score from the first model to the last. */
  RISE,
  /** The greatest fall. */
  FALL,
  /** The highest score of the last model. */
  BEST,
  /** The lowest. */
  WORST,
  /** The longest response of the last model. */
  LONGEST,
  /** The shortest. */
  SHORTEST;

  /** Compares rows whose scores are those of a scorer. */
  Comparator<SamplesState.Prompt> comparator(String scorer) {
    return switch (this) {
      case SHEET -> (_, _) -> 0;
      case RISE -> by(row -> -row.change());
      case FALL -> by(SamplesState.Prompt::change);
      case BEST -> by(row -> -score(row, scorer));
      case WORST -> by(row -> score(row, scorer));
      case LONGEST -> by(row -> -length(row));
      case SHORTEST -> by(SampleOrder::length);
    };
  }

  private static Comparator<SamplesState.Prompt> by(ToDoubleFunction<SamplesState.Prompt> value) {
    return Comparator.comparingDouble(
        row -> {
          double found = value.applyAsDouble(row);
          return Double.isFinite(found) ? found : Double.POSITIVE_INFINITY;
        });
  }

  private static double score(SamplesState.Prompt row, String scorer) {
    return row.last().map(each -> SamplesState.score(each, scorer)).orElse(Double.NaN);
  }

  private static double length(SamplesState.Prompt row) {
    return row.last().map(ResponseSample::tokens).map(Integer::doubleValue).orElse(Double.NaN);
  }
}
