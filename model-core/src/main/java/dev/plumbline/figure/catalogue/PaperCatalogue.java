package dev.plumbline.figure.catalogue;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.Dash;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of Bai et al. 2022 by number: recipes for those whose rows a study can have, and the
 * reason for each of the others.
 */
public final class PaperCatalogue {
  private static final double CHANCE = 0.5;
  private static final int IDEAL_POINTS = 61;

  /** Accuracies of fewer comparisons than this say nothing, and their lines hide the others. */
  private static final int ENOUGH = 20;

  private static final String FEW =
      "Points of fewer than " + ENOUGH + " comparisons are in the table and not drawn.";

  private static final Axis ACCURACY = Axis.linear("Held-out accuracy", "fraction");
  private static final Axis SQRT_KL = Axis.linear("√D_{KL} to the reference", "√nat").from(0);
  private static final Axis SAMPLES = Axis.linear("Responses trained on", "");
  private static final Axis ITERATIONS = Axis.linear("PPO iteration", "");
  private static final Axis ELO = Axis.linear("Gain over the initial model", "Elo");

  private static final List<FigureRecipe> RECIPES = recipes();

  private PaperCatalogue() {}

  /** All recipes, in the order of the paper. */
  public static List<FigureRecipe> all() {
    return RECIPES;
  }

  /** The recipes that read an analysis's tables. */
  public static List<FigureRecipe> of(String analysis) {
    return RECIPES.stream().filter(recipe -> recipe.analysis().equals(analysis)).toList();
  }

  private static List<FigureRecipe> recipes() {
    List<FigureRecipe> all = new ArrayList<>();
    overoptimisation(all);
    scaling(all);
    calibration(all);
    rewardLaw(all);
    tension(all);
    online(all);
    mixture(all);
    skill(all);
    ood(all);
    distillation(all);
    pretraining(all);
    return List.copyOf(all);
  }

  private static void add(
      List<FigureRecipe> all,
      String number,
      String title,
      String analysis,
      String table,
      java.util.function.BiFunction<TableChart, ResultTable, TableChart> chart) {
    String id = "fig-" + number.replaceAll("[^A-Za-z0-9]+", "-");
    all.add(
        new FigureRecipe(
            id,
            number,
            title,
            analysis,
            tables ->
                tables
                    .table(table)
                    .flatMap(rows -> chart.apply(TableChart.of(rows), rows).figure(title))));
  }

  private static Map<String, String> named(String... columnsAndNames) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < columnsAndNames.length; i += 2) {
      named.put(columnsAndNames[i], columnsAndNames[i + 1]);
    }
    return named;
  }

  private static void overoptimisation(List<FigureRecipe> all) {
    String analysis = "overoptimisation";
    add(
        all,
        "4 left, gold",
        "Proxy, test and gold reward against √KL",
        analysis,
        "reward_curves",
        (chart, _) ->
            chart
                .colour("data")
                .inPatterns(named("proxy", "proxy", "test", "test", "gold", "gold"))
                .each("seed")
                .inTableOrder()
                .axes("sqrt_kl", SQRT_KL, "proxy", Axis.linear("Gain since step 0", "nats")));
    add(
        all,
        "4, gap",
        "What the trained-against model gives more than its test",
        analysis,
        "gap_over_seeds",
        (chart, _) ->
            chart
                .colour("data")
                .band("low", "high")
                .calling(PaperCatalogue::comparisons)
                .axes("step", ITERATIONS, "gap", Axis.linear("Proxy − test", "nats"))
                .remark("Names: comparisons behind the preference models.")
                .level(0, ""));
    add(
        all,
        "36",
        "Best of k: what the preference model and the gold reward gain",
        analysis,
        "best_of_k_gains",
        (chart, _) ->
            chart
                .colour("data")
                .inPatterns(named("proxy", "proxy", "gold", "gold"))
                .each("seed")
                .axes("k", Axis.log("k", ""), "proxy", Axis.linear("Gain over one", "nats")));
  }

  private static String comparisons(String count) {
    return count.matches("\\d{1,9}")
        ? String.format(Locale.ROOT, "%,d comparisons", Integer.parseInt(count))
        : count;
  }

  private static void scaling(List<FigureRecipe> all) {
    String analysis = "preference-scaling";
    add(
        all,
        "7 left",
        "Preference model accuracy against comparisons",
        analysis,
        "accuracy_by_size_and_data",
        (chart, _) ->
            chart
                .colour("size")
                .bars("low", "high")
                .within(0, 1)
                .axes("comparisons", Axis.log("Comparisons", ""), "accuracy", ACCURACY)
                .level(CHANCE, "chance"));
    add(
        all,
        "7 right",
        "Preference model accuracy against parameters",
        analysis,
        "accuracy",
        (chart, _) ->
            chart
                .colour("comparisons")
                .each("seed")
                .axes(
                    "parameters",
                    Axis.log("Parameters without embeddings", ""),
                    "accuracy",
                    ACCURACY)
                .remark("A line for each seed.")
                .level(CHANCE, "chance"));
    all.add(
        new FigureRecipe(
            "fig-32",
            "32",
            "Accuracy and its least-squares fit a + b ln P + c ln D",
            analysis,
            PaperCatalogue::scalingFit));
  }

  /** The runs, and the plane that is fitted to all of them, as a line for each size. */
  private static Optional<Figure> scalingFit(TableSource tables) {
    Optional<ResultTable> rows = tables.table("accuracy");
    Optional<ResultTable> fits = tables.table("scaling_fit");
    if (rows.isEmpty() || fits.isEmpty()) {
      return Optional.empty();
    }
    ResultTable accuracy = rows.get();
    ResultTable fit = fits.get();
    int all = fit.texts("seed").indexOf("all runs as if independent");
    if (all < 0 || accuracy.size() == 0) {
      return Optional.empty();
    }
    Map<String, Double> parameters = new LinkedHashMap<>();
    double from = Double.POSITIVE_INFINITY;
    double to = 0;
    for (int row = 0; row < accuracy.size(); row++) {
      parameters.put(accuracy.text(row, "size"), accuracy.number(row, "parameters"));
      from = Math.min(from, accuracy.number(row, "comparisons"));
      to = Math.max(to, accuracy.number(row, "comparisons"));
    }
    TableChart chart =
        TableChart.of(accuracy)
            .colour("size")
            .pointsOnly()
            .axes("comparisons", Axis.log("Comparisons", ""), "accuracy", ACCURACY);
    int series = 0;
    for (Map.Entry<String, Double> size : parameters.entrySet()) {
      double base = fit.number(all, "a") + fit.number(all, "b") * Math.log(size.getValue());
      double slope = fit.number(all, "c");
      chart.with(
          Layer.Line.of(
                  "fit/" + size.getKey(),
                  "",
                  Ink.series(series++),
                  Column.of(from, to),
                  Column.of(base + slope * Math.log(from), base + slope * Math.log(to)))
              .drawn(Dash.DASHED, 1));
    }
    return chart
        .remark("Dashed: least squares over all runs, which takes them as independent.")
        .figure("Accuracy and its least-squares fit a + b ln P + c ln D");
  }

  private static void calibration(List<FigureRecipe> all) {
    String analysis = "calibration";
    add(
        all,
        "9",
        "Calibration on held-out comparisons",
        analysis,
        "accuracy_by_margin",
        (chart, rows) ->
            chart
                .colour("size")
                .dash("mix")
                .each("seed")
                .axes(
                    "margin",
                    Axis.linear("Difference of the scores", "nats").from(0),
                    "accuracy",
                    ACCURACY)
                .whereNumber("n", PaperCatalogue::isEnough)
                .with(ideal(rows))
                .remark("Grey: a calibrated model. A line for each seed. " + FEW));
    for (String part : List.of("helpful", "harmless")) {
      add(
          all,
          part.equals("helpful") ? "25 left" : "25 right",
          "Accuracy where both scores are above a threshold, " + part,
          analysis,
          "accuracy_above_threshold",
          (chart, _) ->
              chart
                  .where("part", part::equals)
                  .whereNumber("n", PaperCatalogue::isEnough)
                  .remark(FEW)
                  .colour("size")
                  .dash("mix")
                  .each("seed")
                  .axes(
                      "threshold",
                      Axis.linear("Threshold over the mean score", "nats"),
                      "accuracy",
                      ACCURACY)
                  .level(CHANCE, "chance"));
    }
  }

  private static boolean isEnough(double comparisons) {
    return comparisons >= ENOUGH;
  }

  private static Layer ideal(ResultTable rows) {
    double reach = 0;
    for (double margin : rows.numbers("margin")) {
      reach = Double.isFinite(margin) ? Math.max(reach, margin) : reach;
    }
    double[] x = new double[IDEAL_POINTS];
    double[] y = new double[IDEAL_POINTS];
    for (int i = 0; i < IDEAL_POINTS; i++) {
      x[i] = reach * i / (IDEAL_POINTS - 1);
      y[i] = 1 / (1 + Math.exp(-x[i]));
    }
    return Layer.Line.of("ideal", "calibrated", Ink.MUTED, Column.of(x), Column.of(y))
        .drawn(Dash.DASHED, 1);
  }

  private static void rewardLaw(List<FigureRecipe> all) {
    String analysis = "kl-law";
    add(
        all,
        "13",
        "PM score gained against √KL by size of the policy",
        analysis,
        "reward_kl",
        (chart, _) ->
            chart
                .colour("size")
                .each("seed")
                .inTableOrder()
                .axes("sqrt_kl", SQRT_KL, "gain", Axis.linear("PM score − initial", "nats")));
    add(
        all,
        "33",
        "Test score at the end against the policy's size",
        analysis,
        "test_scores",
        (chart, _) ->
            chart
                .colour("test")
                .bars("low", "high")
                .axes(
                    "parameters",
                    Axis.log("Parameters of the policy without embeddings", ""),
                    "score",
                    Axis.linear("Test PM score", "nats"))
                .remark("Colours: size of the test preference model."));
    add(
        all,
        "4 right, gap by size",
        "Train less test score by size of the policy",
        analysis,
        "gap_by_size",
        (chart, rows) -> {
          String test = rows.size() == 0 ? "" : rows.texts("test").getLast();
          return chart
              .where("test", test::equals)
              .colour("policy")
              .band("low", "high")
              .axes("step", ITERATIONS, "gap", Axis.linear("Train − test", "nats"))
              .level(0, "")
              .remark("Test preference models of size " + test + "; the others are in the table.");
        });
  }

  private static void tension(List<FigureRecipe> all) {
    String analysis = "tension";
    add(
        all,
        "14 left",
        "Scores of the comparisons by kind",
        analysis,
        "data_scores",
        (chart, _) ->
            chart
                .colour("kind")
                .each("seed")
                .axes(
                    "score",
                    Axis.linear("PM score", "nats"),
                    "quantile",
                    Axis.linear("Share below", "fraction").range(0, 1)));
    add(
        all,
        "14 right",
        "The policy's score on helpful and red-team prompts",
        analysis,
        "held_out_scores",
        (chart, _) ->
            chart
                .colour("kind")
                .dash("share")
                .each("seed")
                .axes("step", ITERATIONS, "score", Axis.linear("PM score", "nats")));
  }

  private static void online(List<FigureRecipe> all) {
    String analysis = "online-training";
    add(
        all,
        "15 left",
        "Scores of responses by tranche, each tranche by itself",
        analysis,
        "score_densities",
        (chart, _) ->
            chart
                .colour("tranche")
                .linesOnly()
                .legend(Figure.Legend.INSIDE)
                .axes(
                    "score",
                    Axis.linear("PM score less the base's mean", "nats"),
                    "density",
                    Axis.linear("Density", "per nat").from(0)));
    add(
        all,
        "16",
        "Elo against responses trained on: base and mixed comparisons",
        analysis,
        "elo_by_samples",
        (chart, _) ->
            chart
                .where("arm", arm -> !arm.isEmpty())
                .colour("arm")
                .bars("low", "high")
                .axes("samples", SAMPLES.from(0), "elo", ELO)
                .level(0, "initial"));
    add(
        all,
        "35",
        "Four estimates of Elo",
        analysis,
        "elo_diagnosis",
        (chart, rows) -> {
          String arm = rows.size() == 0 ? "" : rows.texts("arm").getLast();
          return chart
              .where("arm", arm::equals)
              .inColours(
                  named(
                      "a", "(a) held-out score",
                      "b", "(b) score",
                      "c", "(c) PM votes",
                      "d", "(d) annotators"))
              .each("seed")
              .axes("samples", SAMPLES, "a", ELO)
              .remark("The policies of arm " + arm + "; a line for each seed.");
        });
    add(
        all,
        "34",
        "The policy as a ranker, and its preference model",
        analysis,
        "ranker",
        (chart, _) ->
            chart
                .colour("arm")
                .inPatterns(named("accuracy", "policy", "ceiling", "PM"))
                .each("seed")
                .axes("samples", SAMPLES, "accuracy", Axis.linear("Accuracy", "fraction"))
                .level(CHANCE, "chance"));
  }

  private static void mixture(List<FigureRecipe> all) {
    String analysis = "mixture";
    Axis share = Axis.linear("Harmless share of the comparisons", "fraction");
    for (boolean normalised : new boolean[] {false, true}) {
      String y = normalised ? "normalised" : "accuracy";
      Axis axis = normalised ? Axis.linear("Accuracy over its maximum", "fraction") : ACCURACY;
      String before = normalised ? "normalised_" : "";
      String kind = normalised ? "over the curve's maximum" : "raw";
      add(
          all,
          normalised ? "19 right" : "19 left",
          "Accuracy by part against the harmless share, " + kind,
          analysis,
          "accuracy_by_fraction",
          (chart, _) ->
              chart
                  .where("part", part -> !part.equals("mean"))
                  .colour("size")
                  .dash("part")
                  .bars(before + "low", before + "high")
                  .within(0, normalised ? Double.POSITIVE_INFINITY : 1)
                  .axes("fraction", share, y, axis));
      add(
          all,
          normalised ? "26 right" : "26 left",
          "Mean accuracy against the harmless share, " + kind,
          analysis,
          "accuracy_by_fraction",
          (chart, _) ->
              chart
                  .where("part", "mean"::equals)
                  .colour("size")
                  .bars(before + "low", before + "high")
                  .within(0, normalised ? Double.POSITIVE_INFINITY : 1)
                  .axes("fraction", share, y, axis));
    }
    add(
        all,
        "27",
        "Accuracy against the weight of the harmless loss",
        analysis,
        "accuracy_by_weight",
        (chart, _) ->
            chart
                .colour("part")
                .dash("size")
                .bars("low", "high")
                .within(0, 1)
                .axes(
                    "lambda", Axis.log("Weight λ of the harmless loss", ""), "accuracy", ACCURACY));
  }

  private static void skill(List<FigureRecipe> all) {
    for (String test : List.of("skill", "hh")) {
      boolean skill = test.equals("skill");
      add(
          all,
          skill ? "20 left" : "20 right",
          "A skill mixed with helpful and harmless comparisons: accuracy on "
              + (skill ? "the skill" : "helpful and harmless ones"),
          "skill",
          "accuracy_by_training",
          (chart, _) ->
              chart
                  .where("test", test::equals)
                  .colour("training")
                  .bars("low", "high")
                  .within(0, 1)
                  .axes(
                      "parameters",
                      Axis.log("Parameters without embeddings", ""),
                      "accuracy",
                      ACCURACY)
                  .level(CHANCE, "chance"));
    }
  }

  private static void ood(List<FigureRecipe> all) {
    Axis auroc = Axis.linear("AUROC", "fraction");
    add(
        all,
        "22 left, 39",
        "Detection by layer: relative and plain Mahalanobis",
        "ood",
        "auroc_by_layer_and_size",
        (chart, _) ->
            chart
                .colour("size")
                .dash("method")
                .bars("low", "high")
                .within(0, 1)
                .axes("relative_layer", Axis.linear("Relative layer", ""), "auroc", auroc));
    add(
        all,
        "23",
        "Detection against outliers shown",
        "ood",
        "auroc_by_outliers",
        (chart, _) ->
            chart
                .colour("size")
                .bars("low", "high")
                .within(0, 1)
                .axes("outliers", Axis.log("Outliers shown", ""), "auroc", auroc));
  }

  private static void distillation(List<FigureRecipe> all) {
    add(
        all,
        "30",
        "Context distillation: loss against steps by size of the student",
        "distillation",
        "distillation_by_size",
        (chart, _) ->
            chart
                .colour("size")
                .band("low", "high")
                .axes(
                    "step",
                    Axis.linear("Optimiser step", ""),
                    "loss",
                    Axis.log("Divergence from the teacher", "nats/token")));
  }

  private static void pretraining(List<FigureRecipe> all) {
    add(
        all,
        "A.2",
        "Preference model pretraining: accuracy at equal human feedback",
        "preference-pretraining",
        "accuracy_by_pretraining",
        (chart, _) ->
            chart
                .colour("pretraining")
                .bars("low", "high")
                .within(0, 1)
                .axes("comparisons", Axis.log("Comparisons", ""), "accuracy", ACCURACY)
                .level(CHANCE, "chance"));
  }
}
