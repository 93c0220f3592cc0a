package dev.plumbline.study;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Out-of-distribution detection by layer, size and outliers shown (paper section 5.4, appendix B.9,
 * Figs 22, 23, 39). Needs runs of role {@code ood} over {@code size} and {@code seed}; a seed draws
 * prompts and splits anew.
 *
 * <p>Intervals are Student's t over seeds, each seed's splits or draws averaged first, because they
 * share prompts.
 */
public final class OodLayers implements StudyAnalysis {
  /** Hundredths of AUROC are what the paper's figures can show. */
  private static final double SMALLEST = 0.01;

  private static final int FEW = 10;

  /** An analysis; found as a service. */
  public OodLayers() {}

  @Override
  public String name() {
    return "ood";
  }

  /** A layer of a size. */
  private record Place(String size, int layer, double depth) {}

  @Override
  public StudyResult analyse(StudyData data) {
    Map<Place, Map<String, Moments>> layers = new LinkedHashMap<>();
    Map<String, Double> weakest = new LinkedHashMap<>(); // gain of the relative score, by seed
    Map<String, OverSeeds> middle = new LinkedHashMap<>();
    Map<String, OverSeeds> helped = new LinkedHashMap<>();
    Map<String, Map<Integer, Moments>> exposure = new LinkedHashMap<>();
    Map<Operation, Rates> operations = new LinkedHashMap<>();
    for (StudyRun run : data.role("ood")) {
      String size = run.level("size");
      ResultTable auroc = run.table("auroc_by_layer");
      Map<Integer, Map<String, Double>> own = new TreeMap<>();
      for (int i = 0; i < auroc.size(); i++) {
        int layer = (int) auroc.number(i, "layer");
        String method = auroc.text(i, "method");
        double value = auroc.number(i, "auroc");
        own.computeIfAbsent(layer, _ -> new TreeMap<>()).put(method, value);
        layers
            .computeIfAbsent(
                new Place(size, layer, auroc.number(i, "relative_layer")), _ -> new TreeMap<>())
            .computeIfAbsent(method, _ -> new Moments())
            .add(value);
      }
      for (Map<String, Double> both : own.values()) {
        weakest.merge(
            run.level("seed"), get(both, "relative") - get(both, "mahalanobis"), Math::min);
      }
      int last = own.size();
      int half = (last - 1) / 2 + 1;
      if (last > 2) {
        add(
            middle,
            run,
            get(layer(own, half), "relative")
                - (get(layer(own, 1), "relative") + get(layer(own, last), "relative")) / 2);
      }
      Map<Integer, Moments> shown = exposure(run, half);
      shown.forEach(
          (outliers, moments) ->
              exposure
                  .computeIfAbsent(size, _ -> new TreeMap<>())
                  .computeIfAbsent(outliers, _ -> new Moments())
                  .add(moments.mean()));
      operations(run, half)
          .forEach(
              (operation, rates) ->
                  operations.computeIfAbsent(operation, _ -> new Rates()).addMeans(rates));
      Moments few = shown.get(FEW);
      if (few != null) {
        // The better one, or what is told would be how much worse than chance a score is.
        Map<String, Double> none = layer(own, half);
        double without = Math.max(get(none, "relative"), get(none, "mahalanobis"));
        add(helped, run, few.mean() - without);
      }
    }
    OverSeeds better = new OverSeeds();
    weakest.forEach(better::add);
    return new StudyResult(
        List.of(layerTable(layers), exposureTable(exposure), operationTable(operations)),
        List.of(
            better.effect(
                "relative-beats-plain",
                "Fig 39",
                "the simplified relative Mahalanobis score beats the plain one in every layer and"
                    + " size",
                "of AUROC more by the relative than by the plain score, at the layer and size where"
                    + " that is least",
                SMALLEST),
            card(
                "middle-layers-best",
                "Fig 22 left",
                "the middle layers tell most, of large models",
                "AUROC of the middle layer less the mean of first and last",
                middle),
            card(
                "ten-outliers-help",
                "Fig 23",
                "ten outliers shown beat none",
                "AUROC with ten outliers less that of the better score without any, middle layer",
                helped)),
        notes(layers));
  }

  private static double get(Map<String, Double> values, String key) {
    Double value = values.get(key);
    return value == null ? Double.NaN : value;
  }

  private static Map<String, Double> layer(Map<Integer, Map<String, Double>> layers, int layer) {
    Map<String, Double> found = layers.get(layer);
    return found == null ? Map.of() : found;
  }

  private static void add(Map<String, OverSeeds> bySize, StudyRun run, double value) {
    bySize.computeIfAbsent(run.level("size"), _ -> new OverSeeds()).add(run.level("seed"), value);
  }

  /** AUROC by outliers shown at a layer, over the draws of one run. */
  private static Map<Integer, Moments> exposure(StudyRun run, int layer) {
    ResultTable table = run.table("exposure");
    Map<Integer, Moments> shown = new TreeMap<>();
    for (int i = 0; i < table.size(); i++) {
      if ((int) table.number(i, "layer") == layer) {
        shown
            .computeIfAbsent((int) table.number(i, "outliers"), _ -> new Moments())
            .add(table.number(i, "auroc"));
      }
    }
    return shown;
  }

  /** A rule by which a threshold was set, of a size. */
  private record Operation(String size, String method, String rule, double target) {}

  /** What thresholds do to tested prompts. */
  private static final class Rates {
    final Moments falseReject = new Moments();
    final Moments caught = new Moments();

    void addMeans(Rates others) {
      falseReject.add(others.falseReject.mean());
      caught.add(others.caught.mean());
    }
  }

  /** Operating points at a layer, over the splits of one run. */
  private static Map<Operation, Rates> operations(StudyRun run, int layer) {
    ResultTable table = run.table("operating_points");
    Map<Operation, Rates> found = new LinkedHashMap<>();
    for (int i = 0; i < table.size(); i++) {
      if ((int) table.number(i, "layer") == layer) {
        Operation operation =
            new Operation(
                run.level("size"),
                table.text(i, "method"),
                table.text(i, "rule"),
                table.number(i, "target"));
        Rates rates = found.computeIfAbsent(operation, _ -> new Rates());
        rates.falseReject.add(table.number(i, "false_reject"));
        rates.caught.add(table.number(i, "caught"));
      }
    }
    return found;
  }

  private static ResultTable operationTable(Map<Operation, Rates> operations) {
    ResultTable.Builder table =
        ResultTable.named("operating_points_by_size")
            .text("size", "level of the axis")
            .text("method", "mahalanobis, or relative: less its diagonal part; middle layer")
            .text("rule", "false_reject: set on inliers; catch: set on outliers kept apart")
            .number("target", "fraction", "the rate that the rule is to keep")
            .number(
                "false_reject",
                "fraction",
                "tested in-distribution prompts rejected, mean over seeds of the mean over splits")
            .number(
                "false_reject_low",
                "fraction",
                "lower end of its 95 % t interval over seeds, on the logit scale")
            .number(
                "false_reject_high",
                "fraction",
                "upper end of its 95 % t interval over seeds, on the logit scale")
            .number("caught", "fraction", "tested out-of-distribution prompts rejected, likewise")
            .number(
                "caught_low",
                "fraction",
                "lower end of its 95 % t interval over seeds, on the logit scale")
            .number(
                "caught_high",
                "fraction",
                "upper end of its 95 % t interval over seeds, on the logit scale")
            .number("seeds", "run", "how many");
    operations.forEach(
        (operation, rates) -> {
          Interval falseReject = rates.falseReject.tIntervalOfShare(OverSeeds.LEVEL);
          Interval caught = rates.caught.tIntervalOfShare(OverSeeds.LEVEL);
          table.row(
              operation.size(),
              operation.method(),
              operation.rule(),
              operation.target(),
              rates.falseReject.mean(),
              falseReject.low(),
              falseReject.high(),
              rates.caught.mean(),
              caught.low(),
              caught.high(),
              rates.caught.n());
        });
    return table.build();
  }

  private static ResultTable layerTable(Map<Place, Map<String, Moments>> layers) {
    ResultTable.Builder table =
        OverSeeds.shareColumns(
            ResultTable.named("auroc_by_layer_and_size")
                .text("size", "level of the axis")
                .number("layer", "", "block behind which the activation is read, from 1")
                .number("relative_layer", "", "(layer - 1)/(L - 1)")
                .text("method", "mahalanobis, or relative: less its diagonal part"),
            "auroc",
            "fraction",
            "mean over seeds of the mean over splits");
    layers.forEach(
        (place, methods) ->
            methods.forEach(
                (method, moments) ->
                    OverSeeds.shareRow(
                        table, moments, place.size(), place.layer(), place.depth(), method)));
    return table.build();
  }

  private static ResultTable exposureTable(Map<String, Map<Integer, Moments>> exposure) {
    ResultTable.Builder table =
        OverSeeds.shareColumns(
            ResultTable.named("auroc_by_outliers")
                .text("size", "level of the axis")
                .number("outliers", "prompt", "outliers shown to the classifier"),
            "auroc",
            "fraction",
            "middle layer, mean over seeds of the mean over draws");
    exposure.forEach(
        (size, shown) ->
            shown.forEach(
                (outliers, moments) -> OverSeeds.shareRow(table, moments, size, outliers)));
    return table.build();
  }

  /** A card on the largest size, which the paper's claims are about; all sizes are told. */
  private static PaperCard card(
      String id, String figure, String claim, String what, Map<String, OverSeeds> bySize) {
    if (bySize.isEmpty()) {
      return new PaperCard(
          id, figure, claim, PaperCard.Verdict.UNDECIDED, "no size here has layers enough");
    }
    List<String> words = new ArrayList<>();
    Interval largest = Interval.none(OverSeeds.LEVEL);
    for (Map.Entry<String, OverSeeds> size : bySize.entrySet()) {
      Moments moments = size.getValue().moments();
      largest = size.getValue().interval();
      words.add(
          String.format(
              Locale.ROOT,
              "%s %+.4f (%.4f to %.4f, %d seeds)",
              size.getKey(),
              moments.mean(),
              largest.low(),
              largest.high(),
              moments.n()));
    }
    return new PaperCard(
        id,
        figure,
        claim,
        PaperCard.ofEffect(largest, SMALLEST),
        "%s, 95 %% t intervals; the verdict is the last size's: %s (what matters: %s)"
            .formatted(what, String.join("; ", words), SMALLEST));
  }

  private static List<String> notes(Map<Place, Map<String, Moments>> layers) {
    long full =
        layers.values().stream()
            .flatMap(methods -> methods.values().stream())
            .filter(moments -> moments.mean() > 0.999)
            .count();
    long all = layers.values().stream().mapToLong(Map::size).sum();
    return List.of(
        "the activation is the residual stream at the prompt's last token; the paper does not"
            + " state the position",
        "conversations, not prompts, are split; thresholds are set on a part of its own, and rates"
            + " are of prompts that no threshold has seen",
        "%d of %d layers, sizes and methods have an AUROC above 0.999, where nothing can be better"
            .formatted(full, all));
  }
}
