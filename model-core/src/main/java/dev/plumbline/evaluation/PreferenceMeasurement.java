package dev.plumbline.evaluation;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.HeldOutEvaluation;
import dev.plumbline.training.ScoreFixture;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A saved preference model on comparisons: tables {@code held-out-comparisons}, a row for each with
 * its scores, and {@code held-out-accuracy}, by part, turn, tranche and domain with baselines.
 */
final class PreferenceMeasurement implements Measurement {
  private final PreferenceEvaluationSettings settings;
  private final TorchRuntime runtime;
  private final @Nullable Path baseline;
  private final PreferenceModel model;

  PreferenceMeasurement(PreferenceEvaluationSettings settings, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    String named = settings.baseline();
    baseline = named == null ? null : Path.of(named);
    if (baseline != null && PreferenceModel.formatOf(baseline).isPresent()) {
      throw new UserError(
          "%s is a preference model, which has no probabilities of responses; name a language model"
                  .formatted(baseline)
              + " as the baseline, or leave it out");
    }
    model = ScoreFixture.load(runtime, Path.of(settings.model()));
  }

  @Override
  public String phase() {
    return "scoring comparisons";
  }

  @Override
  public void run(MeasurementContext context) {
    int whole = model.trunk().config().contextTokens();
    int longest = settings.contextTokens() == 0 ? whole : settings.contextTokens();
    HeldOutEvaluation evaluation =
        HeldOutEvaluation.read(runtime, model, settings.data(), longest, baseline, context::notice);
    long total = evaluation.checks();
    context.progress(0, total);
    for (ResultTable table : evaluation.tables(new Progress(context, total)::check)) {
      context.table(table);
    }
    context.progress(total, total);
  }

  /** Says before each part of the work how many are done. */
  private static final class Progress {
    private final MeasurementContext context;
    private final long total;
    private long begun;

    Progress(MeasurementContext context, long total) {
      this.context = context;
      this.total = total;
    }

    void check() {
      context.progress(begun++, total);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
