package dev.plumbline.evaluation;

import dev.plumbline.analysis.GroupBootstrap;
import dev.plumbline.analysis.Groups;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PairedComparison;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.Quantiles;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.evaluation.ChoiceScores.Scoring;
import dev.plumbline.lm.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * What answers to multiple-choice questions come to: {@code accuracy} by task, {@code
 * accuracy-by-group}, {@code mean-of-tasks}, and {@code tax}, the difference to the reference in
 * percentage points (paper figures 3, 28 and 29).
 *
 * <p>With several draws a question counts the share of draws in which it is answered rightly.
 * Questions of one cluster are dependent: standard errors and bootstraps are over clusters, which
 * are single questions where the file names none.
 */
final class ChoiceTables {
  private static final double LEVEL = 0.95;
  private static final int DRAWS = 1000;
  private static final String MEAN = "mean of tasks";

  private final MultipleChoiceSettings settings;
  private final List<ChoiceTask> tasks;
  private final List<List<ChoiceScores>> found;
  private final Randomness randomness;

  /**
   * Takes what was found.
   *
   * @param found by player, then by task
   */
  ChoiceTables(
      MultipleChoiceSettings settings,
      List<ChoiceTask> tasks,
      List<List<ChoiceScores>> found,
      Randomness randomness) {
    this.settings = settings;
    this.tasks = tasks;
    this.found = found;
    this.randomness = randomness;
  }

  /** The tables. */
  List<ResultTable> all() {
    List<ResultTable> tables = new ArrayList<>(List.of(accuracy(), byGroup(), means()));
    if (found.size() > 1) {
      tables.add(tax());
    }
    return tables;
  }

  private List<Scoring> scorings() {
    return settings.unconditional()
        ? List.of(Scoring.values())
        : List.of(Scoring.SUM, Scoring.PER_TOKEN);
  }

  private static String name(Scoring scoring) {
    return scoring.name().toLowerCase(Locale.ROOT);
  }

  private String player(int p) {
    return settings.players().get(p).name();
  }

  /** The clusters of a task's questions; a question without one is its own. */
  private static Groups clusters(ChoiceTask task) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] cluster = new int[task.questions().size()];
    for (int i = 0; i < cluster.length; i++) {
      String name = task.questions().get(i).item().cluster();
      cluster[i] = numbers.computeIfAbsent(name.isEmpty() ? "\n" + i : name, _ -> numbers.size());
    }
    return Groups.of(cluster);
  }

  /**
   * The standard error of a mean whose rows depend on each other within clusters: sums of residuals
   * by cluster, squared, with G/(G - 1) (Liang and Zeger 1986); that of independent rows where
   * every cluster has one. NaN for fewer than two clusters.
   */
  static double standardError(double[] values, Groups clusters) {
    double mean = Moments.of(values).mean();
    double squares = 0;
    for (double residual : clusters.sums(Arrays.stream(values).map(v -> v - mean).toArray())) {
      squares += residual * residual;
    }
    double g = clusters.count();
    return g < 2 ? Double.NaN : Math.sqrt(squares * g / (g - 1)) / values.length;
  }

  private Interval bootstrap(double[] values, Groups clusters) {
    return clusters.count() < 2
        ? Interval.none(LEVEL)
        : GroupBootstrap.percentile(values, clusters, DRAWS, LEVEL, randomness.key("bootstrap"))
            .interval();
  }

  /** Wilson's of one draw; with several a question counts a share, and questions are drawn. */
  private Interval interval(double[] shares) {
    if (settings.seeds() > 1) {
      return bootstrap(shares, Groups.single(shares.length));
    }
    long right = Math.round(Arrays.stream(shares).sum());
    return Proportion.wilson(right, shares.length, LEVEL).interval();
  }

  private String rule() {
    return settings.seeds() > 1 ? "bootstrap" : "wilson";
  }

  private ResultTable accuracy() {
    ResultTable.Builder table =
        ResultTable.named("accuracy")
            .text("task", "the task")
            .text("player", "the model")
            .text(
                "scoring",
                "sum of ln p, per_token, unconditional: sum less that without the question; blind:"
                    + " the sum without the question, a baseline")
            .number("n", "", "questions")
            .number("left_out", "", "questions too long for one of the models")
            .number("shots", "", "questions with answers before each")
            .number("draws", "", "draws of those and of the options' order")
            .number("accuracy", "fraction", "questions answered rightly, mean over the draws")
            .number("se", "fraction", "its standard error over questions, clusters respected")
            .number("low", "fraction", "lower end of its 95 % interval over questions")
            .number("high", "fraction", "upper end of its 95 % interval over questions")
            .text("interval", "wilson; bootstrap over questions where there are several draws")
            .number("clusters", "", "clusters of dependent questions")
            .number("cluster_low", "fraction", "lower end of the 95 % bootstrap over clusters")
            .number("cluster_high", "fraction", "upper end of the 95 % bootstrap over clusters")
            .number("draw_sd", "fraction", "standard deviation of the accuracy over the draws")
            .number("ties", "", "questions whose best options tie, in all draws; they are wrong")
            .number("chance", "fraction", "mean of 1 / options")
            .number("longest", "fraction", "accuracy of picking the longest option")
            .number("shortest", "fraction", "accuracy of picking the shortest option");
    for (int t = 0; t < tasks.size(); t++) {
      ChoiceTask task = tasks.get(t);
      Groups clusters = clusters(task);
      for (int p = 0; p < found.size(); p++) {
        ChoiceScores scores = found.get(p).get(t);
        for (Scoring scoring : scorings()) {
          double[] shares = scores.shares(scoring);
          Interval interval = interval(shares);
          Interval clustered = bootstrap(shares, clusters);
          Moments overDraws = new Moments();
          for (int draw = 0; draw < scores.draws(); draw++) {
            overDraws.add(share(scores.right(scoring, draw)));
          }
          table.row(
              task.name(),
              player(p),
              name(scoring),
              shares.length,
              task.leftOut(),
              settings.shots(),
              scores.draws(),
              Moments.of(shares).mean(),
              standardError(shares, clusters),
              interval.low(),
              interval.high(),
              rule(),
              clusters.count(),
              clustered.low(),
              clustered.high(),
              overDraws.standardDeviation(),
              scores.ties(scoring),
              task.chance(),
              task.byLength(true),
              task.byLength(false));
        }
      }
    }
    return table.build();
  }

  private static double share(boolean[] right) {
    int hits = 0;
    for (boolean each : right) {
      hits += each ? 1 : 0;
    }
    return (double) hits / right.length;
  }

  private ResultTable byGroup() {
    ResultTable.Builder table =
        ResultTable.named("accuracy-by-group")
            .text("task", "the task")
            .text("group", "kind of question")
            .text("player", "the model")
            .text("scoring", "as in accuracy")
            .number("n", "", "questions")
            .number("accuracy", "fraction", "questions answered rightly, mean over the draws")
            .number("low", "fraction", "lower end of its 95 % interval over questions")
            .number("high", "fraction", "upper end of its 95 % interval over questions")
            .text("interval", "wilson; bootstrap over questions where there are several draws")
            .number("chance", "fraction", "mean of 1 / options");
    for (int t = 0; t < tasks.size(); t++) {
      List<ChoiceTask.Question> questions = tasks.get(t).questions();
      TreeSet<String> groups = new TreeSet<>();
      questions.forEach(question -> groups.add(question.item().group()));
      groups.remove("");
      for (String group : groups) {
        List<Integer> members = new ArrayList<>();
        double chance = 0;
        for (int i = 0; i < questions.size(); i++) {
          if (questions.get(i).item().group().equals(group)) {
            members.add(i);
            chance += 1.0 / questions.get(i).item().choices().size();
          }
        }
        for (int p = 0; p < found.size(); p++) {
          for (Scoring scoring : scorings()) {
            double[] all = found.get(p).get(t).shares(scoring);
            double[] shares = members.stream().mapToDouble(i -> all[i]).toArray();
            Interval interval = interval(shares);
            table.row(
                tasks.get(t).name(),
                group,
                player(p),
                name(scoring),
                shares.length,
                Moments.of(shares).mean(),
                interval.low(),
                interval.high(),
                rule(),
                chance / shares.length);
          }
        }
      }
    }
    return table.build();
  }

  /** The mean of independent tasks' means, each task counting alike. */
  private record OverTasks(double mean, double error) {
    static OverTasks of(List<double[]> values, List<Groups> clusters) {
      double sum = 0;
      double squares = 0;
      for (int t = 0; t < values.size(); t++) {
        sum += Moments.of(values.get(t)).mean();
        double error = standardError(values.get(t), clusters.get(t));
        squares += error * error;
      }
      return new OverTasks(sum / values.size(), Math.sqrt(squares) / values.size());
    }

    double half() {
      return Quantiles.normalTwoSided(LEVEL) * error;
    }
  }

  private List<double[]> shares(int player, Scoring scoring) {
    return found.get(player).stream().map(scores -> scores.shares(scoring)).toList();
  }

  private ResultTable means() {
    ResultTable.Builder table =
        ResultTable.named("mean-of-tasks")
            .text("player", "the model")
            .text("scoring", "as in accuracy")
            .number("tasks", "", "tasks, each counting alike")
            .number("n", "", "questions")
            .number("accuracy", "fraction", "mean of the tasks' accuracies")
            .number("se", "fraction", "its standard error over questions, tasks given")
            .number("low", "fraction", "lower end of its 95 % normal interval")
            .number("high", "fraction", "upper end of its 95 % normal interval")
            .number("chance", "fraction", "mean of the tasks' chances")
            .number("longest", "fraction", "mean accuracy of picking the longest option");
    List<Groups> clusters = tasks.stream().map(ChoiceTables::clusters).toList();
    for (int p = 0; p < found.size(); p++) {
      for (Scoring scoring : scorings()) {
        OverTasks all = OverTasks.of(shares(p, scoring), clusters);
        table.row(
            player(p),
            name(scoring),
            tasks.size(),
            clusters.stream().mapToInt(Groups::rows).sum(),
            all.mean(),
            all.error(),
            all.mean() - all.half(),
            all.mean() + all.half(),
            tasks.stream().mapToDouble(ChoiceTask::chance).average().orElse(Double.NaN),
            tasks.stream().mapToDouble(task -> task.byLength(true)).average().orElse(Double.NaN));
      }
    }
    return table.build();
  }

  private ResultTable tax() {
    ResultTable.Builder table =
        ResultTable.named("tax")
            .text("task", "the task, or the mean of tasks")
            .text("player", "the model")
            .text("reference", "the model that it is compared with on the same questions")
            .text("scoring", "as in accuracy")
            .number("n", "", "questions")
            .number(
                "difference",
                "percentage point",
                "the model's accuracy less the reference's: below 0 is a tax, above a bonus")
            .number("low", "percentage point", "lower end of its 95 % interval")
            .number("high", "percentage point", "upper end of its 95 % interval")
            .text("interval", "bca or percentile, over clusters of questions; normal for the mean")
            .number("only_player", "", "questions that the model alone answers rightly")
            .number("only_reference", "", "questions that the reference alone answers rightly")
            .number(
                "p",
                "",
                "McNemar's exact two-sided p, questions taken as independent; of one draw alone");
    int reference = Players.reference(settings.players(), settings.reference());
    List<Groups> clusters = tasks.stream().map(ChoiceTables::clusters).toList();
    for (int p = 0; p < found.size(); p++) {
      if (p == reference) {
        continue;
      }
      for (Scoring scoring : scorings()) {
        List<double[]> differences = new ArrayList<>();
        for (int t = 0; t < tasks.size(); t++) {
          ChoiceScores mine = found.get(p).get(t);
          ChoiceScores theirs = found.get(reference).get(t);
          double[] first = mine.shares(scoring);
          double[] second = theirs.shares(scoring);
          double[] difference = new double[first.length];
          Arrays.setAll(difference, i -> first[i] - second[i]);
          differences.add(difference);
          GroupBootstrap.Estimate paired =
              PairedComparison.of(
                      first, second, clusters.get(t), DRAWS, LEVEL, randomness.key("bootstrap"))
                  .difference();
          PairedComparison.McNemar test =
              PairedComparison.McNemar.of(mine.right(scoring, 0), theirs.right(scoring, 0));
          boolean one = settings.seeds() == 1;
          table.row(
              tasks.get(t).name(),
              player(p),
              player(reference),
              name(scoring),
              first.length,
              100 * paired.value(),
              100 * paired.interval().low(),
              100 * paired.interval().high(),
              Players.rule(paired),
              one ? (double) test.onlyFirst() : Double.NaN,
              one ? (double) test.onlySecond() : Double.NaN,
              one ? test.pValue() : Double.NaN);
        }
        OverTasks all = OverTasks.of(differences, clusters);
        table.row(
            MEAN,
            player(p),
            player(reference),
            name(scoring),
            clusters.stream().mapToInt(Groups::rows).sum(),
            100 * all.mean(),
            100 * (all.mean() - all.half()),
            100 * (all.mean() + all.half()),
            "normal",
            Double.NaN,
            Double.NaN,
            Double.NaN);
      }
    }
    return table.build();
  }
}
