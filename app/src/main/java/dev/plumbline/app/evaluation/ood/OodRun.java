package dev.plumbline.app.evaluation.ood;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What one out-of-distribution measurement found, as its tables say. Scores are those of the first
 * split; what is shown is its tested part, which neither the fit nor a threshold has seen.
 *
 * @param run the run
 * @param layers numbers of its layers, from 1, ascending
 * @param scores of tested prompts by layer and detector, ascending
 * @param areas by layer and detector
 * @param operating points that the run chose, on the first split
 * @param exposure areas by outliers shown, each draw for itself
 */
record OodRun(
    RunRow run,
    List<Integer> layers,
    Map<Place, List<Scored>> scores,
    Map<Place, Area> areas,
    List<Operating> operating,
    List<Shown> exposure) {

  OodRun {
    layers = List.copyOf(layers);
    scores = Map.copyOf(scores);
    areas = Map.copyOf(areas);
    operating = List.copyOf(operating);
    exposure = List.copyOf(exposure);
  }

  /** A detector at a layer. */
  record Place(int layer, Detector detector) {}

  /**
   * A tested prompt's score.
   *
   * @param out whether it is out of distribution
   * @param index its number among its kind
   * @param pair its number among the tested prompts of its kind, the same at each place
   */
  record Scored(boolean out, int index, int pair, String prompt, double score) {}

  /**
   * The area under the ROC curve at a place: that of the first split with DeLong's interval, and
   * mean and standard deviation over the splits.
   */
  record Area(
      double value,
      double low,
      double high,
      double fpr95,
      long fitted,
      long nIn,
      long nOut,
      double shrinkage,
      double condition,
      double mean,
      double sd,
      int splits) {}

  /**
   * A threshold that the run set on its calibration part.
   *
   * @param rule {@code false_reject} or {@code catch}
   * @param target the rate that the rule is to keep
   * @param n calibration prompts that it was set on
   */
  record Operating(
      Place place,
      String rule,
      double target,
      double threshold,
      long n,
      double falseReject,
      double caught) {}

  /** The area after some outliers were shown, in one draw. */
  record Shown(int layer, int outliers, double auroc) {}

  /** In-distribution scores at a place, ascending. */
  double[] in(Place place) {
    return of(place, false);
  }

  /** Out-of-distribution scores at a place, ascending. */
  double[] out(Place place) {
    return of(place, true);
  }

  private double[] of(Place place, boolean out) {
    return scores.getOrDefault(place, List.of()).stream()
        .filter(each -> each.out() == out)
        .mapToDouble(Scored::score)
        .toArray();
  }

  /** The scores of a kind at a place in the order of the prompts, for paired comparisons. */
  double[] paired(Place place, boolean out) {
    List<Scored> all =
        scores.getOrDefault(place, List.of()).stream().filter(each -> each.out() == out).toList();
    double[] scores = new double[all.size()];
    all.forEach(each -> scores[each.pair()] = each.score());
    return scores;
  }

  /** The operating point of a rule at a place. */
  Optional<Operating> operating(Place place, String rule) {
    return operating.stream()
        .filter(each -> each.place().equals(place) && each.rule().equals(rule))
        .findFirst();
  }

  /** The middle layer, at which the paper shows its histograms. */
  int middle() {
    return layers.get((layers.size() - 1) / 2);
  }

  /** Reads a run's tables; empty where it has not written them (yet). */
  static Optional<OodRun> read(RunReader reader, RunRow run) {
    Optional<ResultTable> prompts = reader.runTable(run.id(), "prompts");
    Optional<ResultTable> scores = reader.runTable(run.id(), "scores");
    Optional<ResultTable> auroc = reader.runTable(run.id(), "auroc");
    if (prompts.isEmpty() || scores.isEmpty() || auroc.isEmpty() || scores.get().size() == 0) {
      return Optional.empty();
    }
    TreeSet<Integer> layers = new TreeSet<>();
    for (double layer : auroc.get().numbers("layer")) {
      layers.add((int) layer);
    }
    Map<Place, Area> areas = areas(auroc.get(), reader.runTable(run.id(), "auroc_by_layer"));
    return Optional.of(
        new OodRun(
            run,
            List.copyOf(layers),
            scores(scores.get(), texts(prompts.get())),
            areas,
            reader.runTable(run.id(), "operating_points").map(OodRun::operating).orElse(List.of()),
            reader.runTable(run.id(), "exposure").map(OodRun::shown).orElse(List.of())));
  }

  private record Prompt(boolean out, int index) {}

  private static Map<Prompt, String> texts(ResultTable prompts) {
    Map<Prompt, String> texts = new HashMap<>();
    double[] out = prompts.numbers("out");
    double[] index = prompts.numbers("prompt_index");
    List<String> text = prompts.texts("prompt");
    for (int i = 0; i < prompts.size(); i++) {
      texts.put(new Prompt(out[i] > 0, (int) index[i]), text.get(i));
    }
    return texts;
  }

  private static Map<Place, List<Scored>> scores(ResultTable table, Map<Prompt, String> texts) {
    double[] layer = table.numbers("layer");
    List<String> part = table.texts("part");
    double[] out = table.numbers("out");
    double[] index = table.numbers("prompt_index");
    Map<Place, List<Scored>> scores = new HashMap<>();
    for (Detector detector : Detector.values()) {
      double[] values = table.numbers(detector.column());
      Map<String, Integer> counted = new HashMap<>();
      for (int i = 0; i < table.size(); i++) {
        if (!part.get(i).equals("test") || !Double.isFinite(values[i])) {
          continue;
        }
        boolean isOut = out[i] > 0;
        Place place = new Place((int) layer[i], detector);
        int pair = counted.merge(place.layer() + " " + isOut, 1, Integer::sum) - 1;
        scores
            .computeIfAbsent(place, _ -> new ArrayList<>())
            .add(
                new Scored(
                    isOut,
                    (int) index[i],
                    pair,
                    texts.getOrDefault(new Prompt(isOut, (int) index[i]), ""),
                    values[i]));
      }
    }
    scores.values().forEach(each -> each.sort((a, b) -> Double.compare(a.score(), b.score())));
    return scores;
  }

  private static Optional<Place> place(ResultTable table, int row) {
    String method = table.text(row, "method");
    for (Detector detector : Detector.values()) {
      if (detector.column().equals(method)) {
        return Optional.of(new Place((int) table.number(row, "layer"), detector));
      }
    }
    return Optional.empty();
  }

  private static Map<Place, Area> areas(ResultTable auroc, Optional<ResultTable> spread) {
    Map<Place, double[]> over = new HashMap<>();
    spread.ifPresent(
        table -> {
          for (int i = 0; i < table.size(); i++) {
            double[] numbers = {
              table.number(i, "auroc"), table.number(i, "sd"), table.number(i, "splits")
            };
            place(table, i).ifPresent(place -> over.put(place, numbers));
          }
        });
    Map<Place, Area> areas = new HashMap<>();
    for (int i = 0; i < auroc.size(); i++) {
      Optional<Place> place = place(auroc, i);
      if (place.isEmpty() || auroc.number(i, "split") != 0) {
        continue;
      }
      double[] all =
          over.getOrDefault(place.get(), new double[] {Double.NaN, Double.NaN, Double.NaN});
      areas.put(
          place.get(),
          new Area(
              auroc.number(i, "auroc"),
              auroc.number(i, "low"),
              auroc.number(i, "high"),
              auroc.number(i, "fpr95"),
              (long) auroc.number(i, "n_train"),
              (long) auroc.number(i, "n_in"),
              (long) auroc.number(i, "n_out"),
              auroc.number(i, "shrinkage"),
              auroc.number(i, "condition"),
              all[0],
              all[1],
              (int) all[2]));
    }
    return areas;
  }

  private static List<Operating> operating(ResultTable table) {
    List<Operating> points = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      Optional<Place> place = place(table, i);
      if (place.isPresent() && table.number(i, "split") == 0) {
        points.add(
            new Operating(
                place.get(),
                table.text(i, "rule"),
                table.number(i, "target"),
                table.number(i, "threshold"),
                table.has("n_set") ? (long) table.number(i, "n_set") : 0,
                table.number(i, "false_reject"),
                table.number(i, "caught")));
      }
    }
    return points;
  }

  private static List<Shown> shown(ResultTable table) {
    List<Shown> all = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      all.add(
          new Shown(
              (int) table.number(i, "layer"),
              (int) table.number(i, "outliers"),
              table.number(i, "auroc")));
    }
    return all;
  }
}
