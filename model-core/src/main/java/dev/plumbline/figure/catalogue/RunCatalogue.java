package dev.plumbline.figure.catalogue;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.ColourScale;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.Dash;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;

/**
 * Figures of the paper that the tables of one run make. Captions come from the tables' own
 * definitions; the step of a point is its row in the table.
 */
public final class RunCatalogue {
  private static final List<RunRecipe> RECIPES = recipes();

  /** How much of a model's row its judges take. */
  private static final double JUDGES_SHARE = 0.8;

  private RunCatalogue() {}

  /** All recipes, in the order of the paper. */
  public static List<RunRecipe> all() {
    return RECIPES;
  }

  /** The recipe of a name, such as {@code run-12-left}; empty for none. */
  public static Optional<RunRecipe> of(String id) {
    return RECIPES.stream().filter(recipe -> recipe.id().equals(id)).findFirst();
  }

  private static void add(
      List<RunRecipe> all,
      String number,
      String title,
      String table,
      String stage,
      java.util.function.Function<ResultTable, Optional<Figure>> drawing) {
    String id = "run-" + number.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    all.add(
        new RunRecipe(
            id,
            number,
            title,
            table,
            stage,
            tables -> tables.table(table).flatMap(drawing).map(figure -> figure.withTitle(title))));
  }

  private static List<RunRecipe> recipes() {
    List<RunRecipe> all = new ArrayList<>();
    String matches = "matches";
    String choice = "multiple-choice";
    add(all, "1, ratings", "Elo by model and judge", "ratings", matches, RunCatalogue::ratings);
    add(all, "1, wins", "Share of matches won", "win_rates", matches, RunCatalogue::wins);
    add(
        all,
        "3",
        "Mean accuracy over tasks by model",
        "mean-of-tasks",
        choice,
        rows ->
            forest(
                rows,
                row -> names(rows, row, "player", "scoring"),
                "accuracy",
                "low",
                "high",
                "n",
                Axis.linear("Mean accuracy", "fraction")));
    add(
        all,
        "3, tax",
        "Alignment tax by task",
        "tax",
        choice,
        rows ->
            forest(
                    rows,
                    row -> names(rows, row, "task", "player", "scoring"),
                    "difference",
                    "low",
                    "high",
                    "n",
                    Axis.linear("Accuracy less the reference's", "percentage points"))
                .map(RunCatalogue::aroundZero));
    for (boolean shots : new boolean[] {false, true}) {
      add(
          all,
          shots ? "29" : "28",
          shots ? "Few-shot accuracy by task and model" : "Zero-shot accuracy by task and model",
          "accuracy",
          choice,
          rows ->
              !rows.has("task") || !rows.has("shots")
                  ? Optional.empty()
                  : accuracies(rows, row -> rows.number(row, "shots") > 0 == shots));
    }
    add(
        all,
        "5, by group",
        "Accuracy by kind of question",
        "accuracy-by-group",
        choice,
        rows ->
            grid(
                rows,
                row -> true,
                row -> names(rows, row, "player", "scoring"),
                row -> rows.text(row, "group"),
                new String[] {"accuracy", "n", "low", "high"},
                ColourScale.sequential("Accuracy", "fraction", 2)));
    add(
        all,
        "8 left",
        "Comparisons by turn",
        "held-out-accuracy",
        "preference model, held out",
        rows -> turns(rows, true));
    add(
        all,
        "8 right",
        "Accuracy by turn",
        "held-out-accuracy",
        "preference model, held out",
        rows -> turns(rows, false));
    add(
        all,
        "10 left",
        "Score of the chosen less that of the rejected response",
        "held-out-comparisons",
        "preference model, held out",
        rows -> margins(rows));
    add(
        all,
        "12 left",
        "Scores of texts by label",
        "text-scores",
        "text scores",
        rows -> histograms(rows, row -> true, "label", "score", "PM score"));
    add(
        all,
        "12 right",
        "Gaps of scores between texts that differ in one term",
        "pair-gaps",
        "text scores",
        RunCatalogue::gaps);
    add(
        all,
        "17",
        "Mean score by group",
        "text-scores-by-group",
        "text scores",
        rows ->
            forest(
                rows,
                row -> rows.text(row, "group").isEmpty() ? "all" : rows.text(row, "group"),
                "mean",
                "low",
                "high",
                "n",
                Axis.linear("Mean PM score", "nats")));
    add(
        all,
        "22 left",
        "Detection by layer",
        "auroc_by_layer",
        "out-of-distribution",
        rows ->
            TableChart.of(rows)
                .colour("method")
                .axes(
                    "relative_layer",
                    Axis.linear("Relative layer", ""),
                    "auroc",
                    Axis.linear("AUROC", "fraction"))
                .figure(""));
    add(
        all,
        "22 right",
        "Scores in and out of distribution",
        "scores",
        "out-of-distribution",
        RunCatalogue::oodScores);
    add(
        all,
        "23",
        "Detection against outliers shown",
        "exposure",
        "out-of-distribution",
        rows ->
            TableChart.of(rows)
                .colour("layer")
                .calling(layer -> "layer " + layer)
                .each("draw")
                .axes(
                    "outliers",
                    Axis.log("Outliers shown", ""),
                    "auroc",
                    Axis.linear("AUROC", "fraction"))
                .figure(""));
    add(
        all,
        "24",
        "Scores of texts by writer",
        "text-scores",
        "text scores",
        rows -> histograms(rows, row -> true, "group", "score", "PM score"));
    add(
        all,
        "36",
        "Best of k by score: score and gold reward",
        "best_of_k",
        "best of k",
        RunCatalogue::bestOfK);
    add(
        all,
        "37 left",
        "Loss on good answers",
        "answer-likelihood",
        "answer likelihood",
        rows -> likelihood(rows, "good_loss", "Loss on good answers"));
    add(
        all,
        "37 right",
        "How much likelier good answers are",
        "answer-likelihood",
        "answer likelihood",
        rows -> likelihood(rows, "gap", "ln p of the good answer less that of the bad"));
    add(
        all,
        "40 left",
        "Mean gap of scores by pair of terms",
        "pair-gap-summary",
        "text scores",
        rows ->
            forest(
                    rows,
                    row -> rows.text(row, "first") + " – " + rows.text(row, "second"),
                    "mean",
                    "low",
                    "high",
                    "n",
                    Axis.linear("Mean gap of PM scores", "nats"))
                .map(RunCatalogue::aroundZero));
    return List.copyOf(all);
  }

  // ---------------------------------------------------------------------------------- the forms

  /** A point with its interval in a row of its own for each row of the table. */
  private static Optional<Figure> forest(
      ResultTable rows,
      IntFunction<String> name,
      String value,
      String low,
      String high,
      String count,
      Axis axis) {
    List<Integer> drawn = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      if (Double.isFinite(rows.number(row, value))) {
        drawn.add(row);
      }
    }
    if (drawn.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = drawn.stream().map(name::apply).toList();
    Layer.Intervals intervals =
        new Layer.Intervals(
            "table:" + rows.name() + "/" + value,
            "",
            Ink.series(0),
            column(rows, drawn, value),
            column(rows, drawn, low),
            column(rows, drawn, high),
            middles(drawn.size()),
            steps(drawn));
    return Optional.of(
        Figure.of("", "", axis, Axis.named("", names), List.of(intervals))
            .withLegend(Figure.Legend.NONE)
            .withCaption(
                caption(rows, drawn, axis.label(), value, count)
                    + " Bars: "
                    + interval(rows, low)
                    + "."));
  }

  /** A heat map of a number over two texts. */
  private static Optional<Figure> grid(
      ResultTable rows,
      IntPredicate wanted,
      IntFunction<String> down,
      IntFunction<String> across,
      String[] columns,
      ColourScale colours) {
    Map<String, Map<String, Integer>> cells = new LinkedHashMap<>();
    List<String> heads = new ArrayList<>();
    List<Integer> drawn = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      if (wanted.test(row)) {
        cells
            .computeIfAbsent(down.apply(row), _ -> new LinkedHashMap<>())
            .put(across.apply(row), row);
        if (!heads.contains(across.apply(row))) {
          heads.add(across.apply(row));
        }
        drawn.add(row);
      }
    }
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    double[][] numbers = new double[columns.length + 1][cells.size() * heads.size()];
    for (double[] each : numbers) {
      Arrays.fill(each, Double.NaN);
    }
    int at = 0;
    for (Map<String, Integer> line : cells.values()) {
      for (String head : heads) {
        Integer row = line.get(head);
        for (int c = 0; row != null && c < columns.length; c++) {
          numbers[c][at] = rows.number(row, columns[c]);
        }
        numbers[columns.length][at] = row == null ? Double.NaN : row;
        at++;
      }
    }
    Layer.Heat heat =
        Layer.Heat.of(
                "table:" + rows.name() + "/" + columns[0],
                colours,
                cells.size(),
                heads.size(),
                Column.of(numbers[0]))
            .withIntervals(
                columns.length > 1 ? Column.of(numbers[1]) : Column.empty(),
                columns.length > 3 ? Column.of(numbers[2]) : Column.empty(),
                columns.length > 3 ? Column.of(numbers[3]) : Column.empty())
            .withStep(Column.of(numbers[columns.length]));
    String count = columns.length > 1 ? columns[1] : "";
    return Optional.of(
        Figure.of(
                "",
                "",
                Axis.named("", heads),
                Axis.named("", new ArrayList<>(cells.keySet())),
                List.of(heat))
            .withLegend(Figure.Legend.NONE)
            .withCaption(
                caption(rows, drawn, colours.label(), columns[0], count)
                    + (columns.length > 3
                        ? " In a cell below the value: " + interval(rows, columns[2]) + ", and n."
                        : "")));
  }

  /** Outlines of histograms over common edges, one for each text of a column, as shares. */
  private static Optional<Figure> histograms(
      ResultTable rows, IntPredicate wanted, String group, String value, String called) {
    Map<String, List<Double>> groups = new LinkedHashMap<>();
    List<Integer> drawn = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      double number = rows.number(row, value);
      if (wanted.test(row) && Double.isFinite(number)) {
        String name = group.isEmpty() ? "" : rows.text(row, group);
        groups.computeIfAbsent(name, _ -> new ArrayList<>()).add(number);
        drawn.add(row);
      }
    }
    return outlines(groups, Axis.linear(called, unit(rows, value)))
        .map(
            figure -> figure.withCaption(caption(rows, drawn, called, value, "") + shares(groups)));
  }

  private static String shares(Map<String, List<Double>> groups) {
    List<String> counts = new ArrayList<>();
    groups.forEach(
        (name, values) ->
            counts.add(
                String.format(
                    Locale.ROOT, "%s%,d", name.isEmpty() ? "" : name + " ", values.size())));
    return " Densities: share of the texts in a bin over its width. n: "
        + String.join(", ", counts)
        + ".";
  }

  /**
   * Densities over common bins: as many as the rule of Freedman and Diaconis (1981) asks of all
   * values together, between 8 and 40.
   */
  private static Optional<Figure> outlines(Map<String, List<Double>> groups, Axis axis) {
    double[] all =
        groups.values().stream()
            .flatMap(List::stream)
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    if (all.length < 2 || !(all[all.length - 1] > all[0])) {
      return Optional.empty();
    }
    double spread = all[all.length * 3 / 4] - all[all.length / 4];
    double wide = 2 * spread / Math.cbrt(all.length);
    double range = all[all.length - 1] - all[0];
    int bins = (int) Math.clamp(wide > 0 ? Math.ceil(range / wide) : 8, 8, 40);
    double[] edges = new double[bins + 1];
    for (int i = 0; i <= bins; i++) {
      edges[i] = all[0] + range * i / bins;
    }
    List<Layer> layers = new ArrayList<>();
    int series = 0;
    for (Map.Entry<String, List<Double>> one : groups.entrySet()) {
      double[] heights = new double[bins];
      for (double value : one.getValue()) {
        int bin = (int) Math.min(bins - 1, Math.floor((value - all[0]) / range * bins));
        heights[bin] += 1 / (one.getValue().size() * (range / bins));
      }
      layers.add(
          Layer.Steps.histogram(
              "outline/" + one.getKey(),
              one.getKey(),
              Ink.series(series++),
              Column.of(edges),
              Column.of(heights)));
    }
    String per = axis.unit().isEmpty() ? "" : "per " + axis.unit().replaceAll("s$", "");
    return Optional.of(
        Figure.of("", "", axis, Axis.linear("Density", per).from(0), layers)
            .withLegend(series > 1 ? Figure.Legend.TOP : Figure.Legend.NONE));
  }

  // -------------------------------------------------------------------------------- the figures

  private static Optional<Figure> ratings(ResultTable rows) {
    List<String> models = new ArrayList<>();
    Map<String, List<Integer>> judges = new LinkedHashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      String model = rows.text(row, "model");
      if (!models.contains(model)) {
        models.add(model);
      }
      judges.computeIfAbsent(rows.text(row, "judge"), _ -> new ArrayList<>()).add(row);
    }
    if (models.isEmpty()) {
      return Optional.empty();
    }
    List<Layer> layers = new ArrayList<>();
    int place = 0;
    for (Map.Entry<String, List<Integer>> judge : judges.entrySet()) {
      // The judges of a model stand below each other, in the order of the legend.
      double beside = JUDGES_SHARE * ((place + 0.5) / judges.size() - 0.5);
      layers.add(
          new Layer.Intervals(
              "table:ratings/" + judge.getKey(),
              judges.size() == 1 ? "" : judge.getKey(),
              Ink.series(place++),
              column(judge.getValue(), row -> rows.number(row, "elo")),
              column(judge.getValue(), row -> rows.number(row, "low")),
              column(judge.getValue(), row -> rows.number(row, "high")),
              column(
                  judge.getValue(), row -> models.indexOf(rows.text(row, "model")) + 0.5 + beside),
              column(judge.getValue(), row -> row)));
    }
    double[] matches = new double[rows.size()];
    Arrays.setAll(matches, row -> rows.number(row, "matches"));
    Arrays.sort(matches);
    return Optional.of(
        Figure.of(
                "",
                "",
                Axis.linear("Elo above the reference", "Elo"),
                Axis.named("", models),
                layers)
            .withLegend(judges.size() == 1 ? Figure.Legend.NONE : Figure.Legend.TOP)
            .withCaption(
                String.format(
                    Locale.ROOT,
                    "Elo of each model by each judge. Bars: %s. Matches of a model: %,d to %,d.",
                    interval(rows),
                    Math.round(matches[0]),
                    Math.round(matches[matches.length - 1]))));
  }

  private static Column column(List<Integer> rows, ToDoubleFunction<Integer> value) {
    return Column.of(rows.stream().mapToDouble(value).toArray());
  }

  private static String interval(ResultTable rows) {
    return rows.columns().stream()
        .filter(column -> column.name().equals("low"))
        .map(column -> column.definition().replaceFirst("lower end of (its|the) ", ""))
        .findFirst()
        .orElse("interval");
  }

  private static Optional<Figure> wins(ResultTable rows) {
    String judge = rows.size() == 0 ? "" : rows.text(0, "judge");
    List<String> models = new ArrayList<>();
    Map<List<String>, Integer> found = new LinkedHashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      if (rows.text(row, "judge").equals(judge)) {
        for (String side : List.of("model_a", "model_b")) {
          if (!models.contains(rows.text(row, side))) {
            models.add(rows.text(row, side));
          }
        }
        found.put(List.of(rows.text(row, "model_a"), rows.text(row, "model_b")), row);
      }
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int k = models.size();
    double[] rate = new double[k * k];
    double[] n = new double[k * k];
    double[] step = new double[k * k];
    Arrays.fill(rate, Double.NaN);
    Arrays.fill(n, Double.NaN);
    Arrays.fill(step, Double.NaN);
    found.forEach(
        (pair, row) -> {
          int a = models.indexOf(pair.get(0));
          int b = models.indexOf(pair.get(1));
          double matches =
              rows.number(row, "wins_a") + rows.number(row, "wins_b") + rows.number(row, "ties");
          rate[a * k + b] = rows.number(row, "rate");
          rate[b * k + a] = 1 - rows.number(row, "rate");
          n[a * k + b] = matches;
          n[b * k + a] = matches;
          step[a * k + b] = row;
          step[b * k + a] = row;
        });
    Layer.Heat heat =
        Layer.Heat.of(
                "table:win_rates/rate",
                ColourScale.diverging("Share that the row won", "fraction", 0.5, 2),
                k,
                k,
                Column.of(rate))
            .withIntervals(Column.of(n), Column.empty(), Column.empty())
            .withStep(Column.of(step));
    return Optional.of(
        Figure.of("", "", Axis.named("against", models), Axis.named("", models), List.of(heat))
            .withLegend(Figure.Legend.NONE)
            .withCaption(
                "Share of the matches that the row's model won against the column's, ties as"
                    + " halves; n: matches. Judge: "
                    + judge
                    + "; the others are in the table."));
  }

  private static Optional<Figure> accuracies(ResultTable rows, IntPredicate wanted) {
    return grid(
        rows,
        wanted,
        row -> names(rows, row, "player", "scoring"),
        row -> rows.text(row, "task"),
        new String[] {"accuracy", "n", "low", "high"},
        ColourScale.sequential("Accuracy", "fraction", 2));
  }

  private static Optional<Figure> turns(ResultTable rows, boolean counts) {
    List<Integer> drawn = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      if (rows.text(row, "grouping").equals("turn")
          && rows.text(row, "value").matches("\\d{1,4}")) {
        drawn.add(row);
      }
    }
    if (drawn.isEmpty()) {
      return Optional.empty();
    }
    drawn.sort(java.util.Comparator.comparingInt(row -> Integer.parseInt(rows.text(row, "value"))));
    Axis turn = Axis.named("Human turns", drawn.stream().map(r -> rows.text(r, "value")).toList());
    Column middles = middles(drawn.size());
    if (!counts) {
      Layer points =
          new Layer.Points(
              "table:" + rows.name() + "/turn",
              "",
              Ink.series(0),
              middles,
              column(rows, drawn, "accuracy"),
              column(rows, drawn, "low"),
              column(rows, drawn, "high"),
              steps(drawn));
      return Optional.of(
          Figure.of(
                  "",
                  "",
                  turn,
                  Axis.linear("Held-out accuracy", "fraction"),
                  List.of(points, new Layer.Level("chance", Ink.MUTED, Dash.DOTTED, 0.5)))
              .withCaption(
                  caption(rows, drawn, "Accuracy", "accuracy", "n")
                      + " Bars: "
                      + interval(rows, "low")
                      + "."));
    }
    double[] edges = new double[2 * drawn.size()];
    double[] heights = new double[2 * drawn.size() - 1];
    for (int i = 0; i < drawn.size(); i++) {
      edges[2 * i] = i + 0.15;
      edges[2 * i + 1] = i + 0.85;
      heights[2 * i] = rows.number(drawn.get(i), "n");
      if (2 * i + 1 < heights.length) {
        heights[2 * i + 1] = Double.NaN;
      }
    }
    return Optional.of(
        Figure.of(
                "",
                "",
                turn,
                Axis.linear("Comparisons", "").from(0),
                List.of(
                    new Layer.Bars(
                        "table:" + rows.name() + "/n",
                        "",
                        Ink.series(0),
                        Column.of(edges),
                        Column.of(heights))))
            .withLegend(Figure.Legend.NONE)
            .withCaption("Held-out comparisons by the number of human turns in their prompts."));
  }

  private static Optional<Figure> margins(ResultTable rows) {
    if (!rows.has("r_chosen") || !rows.has("r_rejected")) {
      return Optional.empty();
    }
    Map<String, List<Double>> groups = new LinkedHashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      double gap = rows.number(row, "r_chosen") - rows.number(row, "r_rejected");
      if (Double.isFinite(gap)) {
        String part = rows.has("part") ? rows.text(row, "part") : "";
        groups.computeIfAbsent(part, _ -> new ArrayList<>()).add(gap);
      }
    }
    return outlines(groups, Axis.linear("PM score of chosen − rejected", "nats"))
        .map(
            figure ->
                figure.withCaption(
                    "Below 0 the preference model prefers the response that was rejected."
                        + shares(groups)));
  }

  private static Optional<Figure> gaps(ResultTable rows) {
    Map<String, List<Double>> groups = new LinkedHashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      if (!rows.text(row, "first").equals(rows.text(row, "second"))
          && Double.isFinite(rows.number(row, "gap"))) {
        groups
            .computeIfAbsent(
                rows.text(row, "first") + " − " + rows.text(row, "second"), _ -> new ArrayList<>())
            .add(rows.number(row, "gap"));
      }
    }
    return outlines(groups, Axis.linear("Gap of PM scores", "nats"))
        .map(
            figure ->
                figure.withCaption(
                    "First term's score less the second's, of texts that are otherwise equal."
                        + shares(groups)));
  }

  private static Optional<Figure> oodScores(ResultTable rows) {
    double last = 0;
    for (int row = 0; row < rows.size(); row++) {
      last = Math.max(last, rows.number(row, "layer"));
    }
    double layers = last;
    double middle = Math.ceil(last / 2);
    Map<String, List<Double>> groups = new LinkedHashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      if (rows.number(row, "layer") == middle
          && rows.text(row, "part").equals("test")
          && Double.isFinite(rows.number(row, "relative"))) {
        groups
            .computeIfAbsent(
                rows.number(row, "out") == 1 ? "out of distribution" : "in distribution",
                _ -> new ArrayList<>())
            .add(rows.number(row, "relative"));
      }
    }
    return outlines(groups, Axis.linear("Simplified relative Mahalanobis score", ""))
        .map(
            figure ->
                figure.withCaption(
                    String.format(
                            Locale.ROOT, "Test prompts at layer %.0f of %.0f.", middle, layers)
                        + shares(groups)));
  }

  private static Optional<Figure> bestOfK(ResultTable rows) {
    if (rows.size() == 0) {
      return Optional.empty();
    }
    List<Integer> drawn = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      drawn.add(row);
    }
    List<Layer> layers = new ArrayList<>();
    int series = 0;
    for (String value : List.of("score", "gold")) {
      Column y = column(rows, drawn, value);
      if (Arrays.stream(y.toArray()).noneMatch(Double::isFinite)) {
        continue;
      }
      Ink ink = Ink.series(series++);
      Column k = column(rows, drawn, "k");
      String id = "table:" + rows.name() + "/" + value;
      Column low = column(rows, drawn, value + "_low");
      Column high = column(rows, drawn, value + "_high");
      String name = value.equals("score") ? "PM score" : "gold reward";
      layers.add(new Layer.Band(id + "/interval", "", ink, k, low, high));
      layers.add(Layer.Line.of(id, name, ink, k, y).withStep(steps(drawn)));
    }
    return layers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Figure.of("", "", Axis.log("k", ""), Axis.linear("Best of k", "nats"), layers)
                .withCaption(
                    caption(rows, drawn, "Score", "score", "prompts")
                        + " Bands: "
                        + interval(rows, "score_low")
                        + "."));
  }

  private static Optional<Figure> likelihood(ResultTable rows, String value, String called) {
    if (!rows.has(value)) {
      return Optional.empty();
    }
    return forest(
        rows,
        row -> rows.text(row, "player"),
        value,
        value + "_low",
        value + "_high",
        "n",
        Axis.linear(called, unit(rows, value)));
  }

  // ------------------------------------------------------------------------------------- helpers

  /** Zero as a line: a vertical axis of names has no level, so a reference stands upright. */
  private static Figure aroundZero(Figure figure) {
    List<Layer> layers = new ArrayList<>(figure.layers());
    layers.add(new Layer.Marks(List.of(new Layer.Mark(0, "", Ink.MUTED, "", 0))));
    return figure.withLayers(layers);
  }

  private static String names(ResultTable rows, int row, String... columns) {
    List<String> parts = new ArrayList<>();
    for (String column : columns) {
      boolean varies = rows.texts(column).stream().distinct().count() > 1;
      if (varies || column.equals(columns[0])) {
        parts.add(rows.text(row, column));
      }
    }
    return String.join(", ", parts);
  }

  private static Column middles(int n) {
    double[] at = new double[n];
    for (int i = 0; i < n; i++) {
      at[i] = i + 0.5;
    }
    return Column.of(at);
  }

  private static Column column(ResultTable rows, List<Integer> drawn, String name) {
    return Column.of(drawn.stream().mapToDouble(row -> rows.number(row, name)).toArray());
  }

  private static Column steps(List<Integer> drawn) {
    return Column.of(drawn.stream().mapToDouble(Integer::doubleValue).toArray());
  }

  private static String unit(ResultTable rows, String column) {
    String unit = find(rows, column).unit();
    return unit.equals("nat") ? "nats" : unit;
  }

  private static ResultTable.Column find(ResultTable rows, String name) {
    return rows.columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "table " + rows.name() + " has no column '" + name + "'"));
  }

  private static String interval(ResultTable rows, String low) {
    return find(rows, low)
        .definition()
        .replace("lower end of its ", "")
        .replace("lower end of the ", "");
  }

  private static String caption(
      ResultTable rows, List<Integer> drawn, String called, String value, String count) {
    String says = called + ": " + find(rows, value).definition() + ".";
    if (count.isEmpty() || !rows.has(count)) {
      return says;
    }
    double[] all =
        drawn.stream()
            .mapToDouble(row -> rows.number(row, count))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (all.length == 0) {
      return says;
    }
    String from = String.format(Locale.ROOT, "%,.0f", all[0]);
    String to = String.format(Locale.ROOT, "%,.0f", all[all.length - 1]);
    return says + " n: " + (from.equals(to) ? to : from + " to " + to) + " a point.";
  }
}
