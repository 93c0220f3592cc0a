package dev.plumbline.study;

import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.study.OnlineSnapshots.Curves;
import dev.plumbline.training.Metrics;
import java.util.Optional;

/** What each iteration gathered and trained (paper section 4.5). */
final class OnlineLedger {
  private OnlineLedger() {}

  static ResultTable collections(StudyData data) {
    ResultTable.Builder table =
        ResultTable.named("collections")
            .text("collection", "role of the run that gathered")
            .text("seed", "level of the axis")
            .text("model_a", "one deployed snapshot")
            .text("model_b", "the other; the same for two responses of one snapshot")
            .number("shown", "comparison", "shown to annotators")
            .number("identical", "comparison", "left out because both responses were equal")
            .number("unsure", "comparison", "left out because the choice had the weakest strength")
            .number("kept", "comparison", "in the data file")
            .number(
                "wins_a", "comparison", "kept ones in which the response of model_a was chosen");
    for (StudyRun run : data.runs()) {
      Optional<ResultTable> collected = run.findTable("collected");
      if (collected.isEmpty()) {
        continue;
      }
      ResultTable own = collected.get();
      for (int i = 0; i < own.size(); i++) {
        table.row(
            run.role(),
            run.level("seed"),
            own.text(i, "model_a"),
            own.text(i, "model_b"),
            own.number(i, "shown"),
            own.number(i, "identical"),
            own.number(i, "unsure"),
            own.number(i, "kept"),
            own.number(i, "wins_a"));
      }
    }
    return table.build();
  }

  static ResultTable ledger(StudyData data, Curves elo) {
    ResultTable.Builder table =
        ResultTable.named("ledger")
            .text("seed", "level of the axis")
            .text("arm", "what the preference model was trained on, and the policy against it")
            .text("pm", "run of the preference model, trained from scratch")
            .text("policy", "run of the policy, trained from scratch")
            .number("comparisons", "comparison", "that the preference model was trained on")
            .number("accuracy_base", "fraction", "its accuracy on held-out base comparisons")
            .number(
                "accuracy_rejection_sampling",
                "fraction",
                "its accuracy on held-out comparisons of the best of several")
            .number("accuracy_online", "fraction", "its accuracy on held-out online comparisons")
            .number("samples", "response", "responses that the policy was trained on")
            .number("pm_score_gain", "nat", "training score at the end less that at the start")
            .number("gold_gain", "nat", "gold reward at the end less that at the start")
            .number("kl", "nat", "exact KL of a response at the end")
            .number("elo", "Elo", "its last snapshot in the matches, by annotators");
    for (StudyRun policy : data.role("policy")) {
      String arm = policy.level("arm");
      String seed = policy.level("seed");
      StudyRun pm = data.alike(policy, "pm").getFirst();
      StudySeries evaluated = pm.series(Metrics.EVAL_ACCURACY);
      StudySeries score = policy.series(Metrics.PM_SCORE);
      table.row(
          seed,
          arm,
          pm.id(),
          policy.id(),
          evaluated.size() == 0 ? Double.NaN : evaluated.samples()[evaluated.size() - 1],
          accuracy(pm, OnlineTranches.BASE),
          accuracy(pm, OnlineTranches.REJECTION),
          accuracy(pm, OnlineTranches.ONLINE),
          score.size() == 0 ? Double.NaN : score.samples()[score.size() - 1],
          gain(score),
          gain(policy.series(Metrics.GOLD_REWARD)),
          policy.series(Metrics.KL_EXACT).last(),
          elo.last(arm).of(seed));
    }
    return table.build();
  }

  private static double accuracy(StudyRun pm, String part) {
    return OnlineTranches.accuracy(OnlineTranches.part(pm, part));
  }

  /** Mean of the last tenth of a curve less that of the first tenth. */
  private static double gain(StudySeries series) {
    int part = Math.max(1, series.size() / 10);
    Moments first = new Moments();
    Moments last = new Moments();
    for (int i = 0; i < Math.min(part, series.size()); i++) {
      first.add(series.value()[i]);
      last.add(series.value()[series.size() - 1 - i]);
    }
    return last.mean() - first.mean();
  }
}
