package dev.plumbline.study;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.training.Metrics;
import java.util.Arrays;
import java.util.List;

/**
 * The policy's own probabilities as a ranker of people's comparisons (paper appendix B.3, Fig 34).
 */
final class PolicyRanking {
  /** A third of what helpful accuracy gains in Fig 34, 0.55 to 0.64. */
  private static final double SMALLEST_RANKING = 0.03;

  private PolicyRanking() {}

  /** Adds the table and the cards of runs that ranked; of others nothing. */
  static void add(StudyData data, String online, List<ResultTable> tables, List<PaperCard> cards) {
    ResultTable.Builder table =
        ResultTable.named("ranker")
            .text("arm", "comparisons that the policy's preference model has seen")
            .text("seed", "level of the axis")
            .number("step", "iteration", "of the policy")
            .number("samples", "response", "responses that it had been trained on")
            .number("accuracy", "fraction", "comparisons of people that the policy ranks right")
            .number("low", "fraction", "lower end of its 95 % Wilson interval")
            .number("high", "fraction", "upper end of its 95 % Wilson interval")
            .number("ceiling", "fraction", "accuracy of its preference model on these comparisons");
    OverSeeds gain = new OverSeeds();
    OverSeeds below = new OverSeeds();
    for (StudyRun policy : data.role("policy")) {
      StudySeries accuracy = policy.series(Metrics.RANKER_ACCURACY);
      double ceiling =
          OnlineTranches.accuracy(
              OnlineTranches.part(
                  data.alike(policy, "pm").getFirst(), OnlineTranches.CONVERSATIONS));
      for (int i = 0; i < accuracy.size(); i++) {
        table.row(
            policy.level("arm"),
            policy.level("seed"),
            accuracy.step()[i],
            accuracy.samples()[i],
            accuracy.value()[i],
            at(policy.series(Metrics.RANKER_ACCURACY_LOW), accuracy.step()[i]),
            at(policy.series(Metrics.RANKER_ACCURACY_HIGH), accuracy.step()[i]),
            ceiling);
      }
      if (accuracy.size() > 0 && policy.level("arm").equals(online)) {
        gain.add(policy.level("seed"), accuracy.last() - accuracy.value()[0]);
        below.add(policy.level("seed"), ceiling - accuracy.last());
      }
    }
    ResultTable found = table.build();
    if (found.size() == 0) {
      return;
    }
    tables.add(found);
    cards.add(
        gain.effect(
            "policy-ranks-better",
            "Fig 34; appendix B.3",
            "in training the policy's own probabilities come to rank people's comparisons better",
            "accuracy of the policy of " + online + ", last less first",
            SMALLEST_RANKING));
    cards.add(
        below.effect(
            "ranker-below-pm",
            "Fig 34; appendix B.3",
            "the policy stays below its preference model as a ranker",
            "accuracy of the preference model less the policy's last, " + online,
            SMALLEST_RANKING));
  }

  private static double at(StudySeries series, long step) {
    int found = Arrays.binarySearch(series.step(), step);
    return found < 0 ? Double.NaN : series.value()[found];
  }
}
