package dev.plumbline.app.help;

import java.util.List;

/** The figures of the paper with the sections that speak of them; nothing is fetched for it. */
final class PaperFigures {
  /**
   * One figure.
   *
   * @param number its number, or numbers
   * @param shows what it shows
   * @param section the section or appendix
   */
  record Entry(String number, String shows, String section) {}

  /** What the paper is called, and where it can be read. */
  static final String TITLE =
      "Bai et al. 2022, Training a Helpful and Harmless Assistant with Reinforcement Learning from"
          + " Human Feedback";

  static final String ADDRESS = "https://arxiv.org/abs/2204.05862";

  static final List<Entry> ALL =
      List.of(
          new Entry("1", "Helpful and harmless Elo against model size", "§1.1"),
          new Entry("2", "From data to preference model to policy and back", "§1"),
          new Entry("3", "Alignment tax: mean accuracy of tasks against size", "§4.6.1"),
          new Entry("4", "Train and test PM score against RL samples and √KL", "§4.2, §4.3"),
          new Entry("5", "HHH evaluation and TruthfulQA against size", "§3.4.1, §4.6.2"),
          new Entry("6", "The interface in which people compare", "§2.1"),
          new Entry("7", "PM accuracy against comparisons and parameters", "§3.2"),
          new Entry("8", "Conversations by turn, and PM accuracy by turn", "§3.2"),
          new Entry("9", "Calibration: accuracy against difference of scores", "§3.3"),
          new Entry("10", "Score gaps on HHH questions, and agreement of people", "§3.4.1"),
          new Entry("11", "The preference model's worst error on HHH", "§3.4.1"),
          new Entry("12", "Scores of harmful words, and gender gaps of scores", "§3.4.2"),
          new Entry("13", "PM score against √KL by policy size", "§4.3"),
          new Entry("14", "Helpful and harmless scores: the tension", "§4.4"),
          new Entry("15", "Online data: score densities, and Elo by RL samples", "§4.5"),
          new Entry("16", "Base data against an even mix, with equal counts", "§4.5"),
          new Entry("17", "Sentiment by religion and race", "§4.6.2"),
          new Entry("18", "BBQ: bias and accuracy", "§4.6.2"),
          new Entry("19", "Accuracy against the share of harmless data", "§5.1.1"),
          new Entry("20", "A skill (summaries) mixed into the data", "§5.2"),
          new Entry("21", "Code: pass@k", "§5.3"),
          new Entry("22", "OOD detection by layer and size; score histograms", "§5.4"),
          new Entry("23", "OOD detection against the number of outliers shown", "§5.4"),
          new Entry("24", "PM scores of people's writing and of models'", "§6.1"),
          new Entry("25", "Accuracy of pairs above a threshold of score", "§3.3"),
          new Entry("26", "Mean accuracy against the share of harmless data", "§5.1.1"),
          new Entry("27", "Accuracy against the weight of harmless loss", "§5.1.2"),
          new Entry("28", "Tasks one by one, zero-shot", "§4.6.1, App. E"),
          new Entry("29", "Tasks one by one, few-shot", "§4.6.1, App. E"),
          new Entry("30", "Context distillation: KL loss against steps", "App. A.1"),
          new Entry("31", "Learning curves on the mixture", "App. A.3"),
          new Entry("32", "Learning curves on helpfulness, and on summaries", "App. A.3"),
          new Entry("33", "Test PM score by sizes of policy and test PM", "App. B.2"),
          new Entry("34", "The policy as a ranker", "App. B.3"),
          new Entry("35", "Four estimates of one Elo", "App. B.4"),
          new Entry("36", "Best of k: Elo against k", "App. B.6"),
          new Entry("37", "StackOverflow: loss, and gap of good and bad answers", "App. B.7"),
          new Entry("38", "Code with the HHH prompt", "App. B.8"),
          new Entry("39", "Simplified relative and plain Mahalanobis by layer", "App. B.9"),
          new Entry("40", "Gender bias of policies", "App. B.10"),
          new Entry("41–43", "Instructions that people were given", "App. D"),
          new Entry("44", "Who the people were", "App. D"));

  private PaperFigures() {}
}
