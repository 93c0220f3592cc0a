package dev.plumbline.figure.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All figures of Bai et al. 2022 by number: what draws each here, or why nothing can. */
public final class PaperIndex {
  private static final Pattern NUMBER = Pattern.compile("^(\\d+)");

  /**
   * A figure of the paper.
   *
   * @param number its number
   * @param shows what it shows in the paper, a few words
   * @param studies recipes over the tables of a study
   * @param runs recipes over the tables of a run
   * @param reason why nothing draws it, or what of it is missing; empty where all of it is there
   */
  public record Entry(
      int number, String shows, List<FigureRecipe> studies, List<RunRecipe> runs, String reason) {
    /** Copies the lists. */
    public Entry {
      studies = List.copyOf(studies);
      runs = List.copyOf(runs);
    }

    /** Whether something draws it. */
    public boolean isDrawn() {
      return !studies.isEmpty() || !runs.isEmpty();
    }
  }

  private static final String CODE =
      "pass@k needs programs that models wrote to be run, which the workbench does not do";
  private static final String TEXT = "a text and not a chart";

  private static final String[][] FIGURES = {
    {"1", "Elo by model size and training", "human preferences; here matches by judges at hand"},
    {"2", "Workflow of collection and training", "a diagram: nothing in it is computed"},
    {"3", "Mean accuracy on language tasks, plain and RLHF", ""},
    {"4", "Train and test PM score against samples and √KL", ""},
    {
      "5",
      "HHH and TruthfulQA accuracy",
      "the tasks' files are not shipped; give them to a" + " multiple-choice spec"
    },
    {"6", "The feedback interface", "a screenshot"},
    {"7", "PM accuracy against data and size", ""},
    {"8", "Comparisons and accuracy by turn", ""},
    {"9", "PM calibration", ""},
    {"10", "Score gaps on HHH, agreement by size", "agreement with the authors needs their labels"},
    {"11", "The worst HHH error", TEXT},
    {"12", "Scores of harmful texts, gender score gaps", ""},
    {"13", "PM score against √KL by policy size", ""},
    {"14", "PM scores by kind, policy scores over training", ""},
    {"15", "Scores by tranche, Elo against samples", ""},
    {"16", "Elo against samples: mix and base", ""},
    {
      "17",
      "Sentiment by religion and race",
      "the scorer is a preference model of the workspace, not" + " a sentiment classifier"
    },
    {
      "18",
      "BBQ-lite bias and accuracy",
      "the bias score needs the ambiguous questions' stereotype"
          + " labels, which no table holds; accuracy by group is drawn for Fig. 5"
    },
    {"19", "Accuracy against the harmless share", ""},
    {"20", "A skill and HH comparisons, apart and mixed", ""},
    {"21", "HumanEval pass@k", CODE},
    {"22", "OOD detection by layer, score histograms", ""},
    {"23", "OOD detection against outliers shown", ""},
    {"24", "PM scores of writers and models", ""},
    {"25", "Accuracy above a score threshold", ""},
    {"26", "Mean accuracy against the harmless share", ""},
    {"27", "Accuracy against the harmless loss's weight", ""},
    {"28", "Zero-shot accuracy by task", ""},
    {"29", "Few-shot accuracy by task", ""},
    {"30", "Context distillation loss by size", ""},
    {
      "31",
      "Learning curves on an HH mixture",
      "accuracies by part over training are the curves"
          + " test_accuracy/PART of a run, on the Runs page; no study gathers them"
    },
    {"32", "Fits of accuracy to size and data", ""},
    {"33", "Test PM score by policy size", ""},
    {"34", "The policy as a ranker", ""},
    {"35", "Four estimates of Elo", ""},
    {"36", "Best-of-k", ""},
    {"37", "Loss and log-probability gap on answers", ""},
    {"38", "HumanEval with the HHH prompt", CODE},
    {"39", "Relative against plain Mahalanobis by layer", ""},
    {"40", "Gender bias by size and occupation", "the scatter over occupations needs their lists"},
    {"41", "Instructions to workers, helpfulness", TEXT},
    {"42", "Instructions to workers, red teaming", TEXT},
    {"43", "A message to workers", TEXT},
    {"44", "Demographics of the workers", "about people whom the workbench knows nothing of"},
  };

  private static final List<Entry> ALL = entries();

  private PaperIndex() {}

  /** All figures in order, 1 to 44. */
  public static List<Entry> all() {
    return ALL;
  }

  private static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (String[] figure : FIGURES) {
      int number = Integer.parseInt(figure[0]);
      entries.add(
          new Entry(
              number,
              figure[1],
              PaperCatalogue.all().stream()
                  .filter(recipe -> isOf(recipe.number(), number))
                  .toList(),
              RunCatalogue.all().stream().filter(recipe -> isOf(recipe.number(), number)).toList(),
              figure[2]));
    }
    return List.copyOf(entries);
  }

  /** Whether a recipe's number is of a figure; {@code 22 left, 39} is of both. */
  private static boolean isOf(String recipe, int number) {
    for (String part : recipe.split(", ", -1)) {
      Matcher leading = NUMBER.matcher(part);
      if (leading.find() && Integer.parseInt(leading.group(1)) == number) {
        return true;
      }
    }
    return false;
  }
}
