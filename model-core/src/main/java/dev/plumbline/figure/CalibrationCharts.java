package dev.plumbline.figure;

import dev.plumbline.analysis.AccuracyCurve;
import dev.plumbline.analysis.BinRule;
import dev.plumbline.analysis.Calibration;
import dev.plumbline.analysis.CalibrationBin;
import dev.plumbline.analysis.Corp;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.PreferenceCalibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Calibration of preference models as figures (paper section 3.3, Figs 9, 25 and 33). */
public final class CalibrationCharts {
  private static final String BINS = "/bins";
  private static final String SMALL = "/few";
  private static final int CURVE = 101;
  private static final int HISTOGRAM = 20;

  private CalibrationCharts() {}

  /**
   * A model on its comparisons.
   *
   * @param id the run's stable identifier
   * @param label its name on the chart
   */
  public record Model(String id, String label, PreferenceCalibration calibration) {}

  /** What accuracy is drawn against. */
  public enum Against {
    /** In bins of the margin between two scores (Fig 9). */
    MARGIN,
    /** Of the pairs above a margin. */
    ABOVE_MARGIN,
    /** Of the pairs both of whose scores lie above a threshold (Fig 25). */
    ABOVE_THRESHOLD
  }

  /**
   * The reliability diagram: in each bin the share of pairs in which a is preferred, with Wilson's
   * interval, over the mean probability; around the diagonal the band that the bins of the model in
   * focus would keep to if it were calibrated. Bins with fewer than 10 pairs are grey.
   *
   * @param focus the model whose band is drawn; any number where there are no models
   * @param corp whether the isotonic fit is drawn
   * @param marked the bin of the model in focus that is looked at
   */
  public static Figure reliability(
      List<Model> models, int focus, boolean corp, OptionalInt marked) {
    List<Layer> layers = new ArrayList<>();
    if (!models.isEmpty()) {
      Model model = models.get(focus);
      Calibration measured = model.calibration().measured();
      if (marked.isPresent() && marked.getAsInt() < measured.binned().bins().size()) {
        CalibrationBin bin = measured.binned().bins().get(marked.getAsInt());
        layers.add(
            new Layer.Band(
                model.id() + "/marked",
                "",
                Ink.series(focus),
                Column.of(bin.from(), bin.to()),
                Column.of(0.0, 0.0),
                Column.of(1.0, 1.0)));
      }
      layers.add(band(model));
    }
    layers.add(new Layer.Reference("diagonal", "", Ink.MUTED, Dash.DASHED, 0, 1, 0, 1));
    for (int i = 0; i < models.size(); i++) {
      Model model = models.get(i);
      Ink ink = Ink.series(i);
      if (corp) {
        layers.add(corp(model, ink, models.size() > 1));
      }
      List<CalibrationBin> bins = model.calibration().measured().binned().bins();
      layers.add(points(model.id() + BINS, name(model, models), ink, shown(bins, true)));
      List<CalibrationBin> few = shown(bins, false);
      if (!few.isEmpty()) {
        layers.add(points(model.id() + SMALL, "", Ink.MUTED, few));
      }
    }
    return Figure.of(
            "Reliability",
            models.isEmpty() ? "" : subtitle(models.get(focus).calibration().measured()),
            Axis.linear("predicted P(a preferred)", "").range(0, 1),
            Axis.linear("observed share", "").range(0, 1),
            layers)
        .withLegend(models.size() > 1 ? Figure.Legend.TOP : Figure.Legend.NONE)
        .withCaption(reliabilityCaption(models, focus, corp))
        .withEmptyText("Choose a model")
        .withProvenance(provenance(models));
  }

  private static String name(Model model, List<Model> models) {
    return models.size() > 1 ? model.label() : "";
  }

  private static String subtitle(Calibration measured) {
    return "%d bins of equal %s, (lo, hi]"
        .formatted(
            measured.binned().bins().size(), measured.rule() == BinRule.MASS ? "mass" : "width");
  }

  private static String reliabilityCaption(List<Model> models, int focus, boolean corp) {
    if (models.isEmpty()) {
      return "";
    }
    PreferenceCalibration first = models.get(focus).calibration();
    return String.format(
        Locale.ROOT,
        "Share of pairs in which response a, whose side was drawn, is the preferred one, over the"
            + " mean predicted probability in each bin; %s; bars are Wilson's 95 %% intervals,"
            + " bins with fewer than %d pairs are grey. Grey band: 95 %% of what %s would show if"
            + " it were calibrated (%,d draws).%s n = %s.",
        subtitle(first.measured()),
        PreferenceCalibration.FEW,
        models.size() == 1 ? "the model" : models.get(focus).label(),
        first.chance().draws(),
        corp ? " Line: isotonic fit (CORP)." : "",
        sizes(models));
  }

  private static String sizes(List<Model> models) {
    return String.join(
        ", ",
        models.stream()
            .map(
                model ->
                    String.format(Locale.ROOT, "%,d", model.calibration().n())
                        + (models.size() > 1 ? " (" + model.label() + ")" : " pairs"))
            .toList());
  }

  private static Layer band(Model model) {
    List<CalibrationBin> bins = model.calibration().measured().binned().bins();
    List<Interval> chance = model.calibration().chance().band();
    int[] used = IntStream.range(0, bins.size()).filter(i -> bins.get(i).n() > 0).toArray();
    return new Layer.Band(
        model.id() + "/if_calibrated",
        "",
        Ink.MUTED,
        column(used, i -> bins.get(i).meanP()),
        column(used, i -> chance.get(i).low()),
        column(used, i -> chance.get(i).high()));
  }

  private static Column column(int[] rows, java.util.function.IntToDoubleFunction value) {
    return Column.of(Arrays.stream(rows).mapToDouble(value).toArray());
  }

  private static Layer corp(Model model, Ink ink, boolean thin) {
    List<Corp.Step> steps = model.calibration().measured().corp().steps();
    double[] x = new double[2 * steps.size()];
    double[] y = new double[2 * steps.size()];
    for (int i = 0; i < steps.size(); i++) {
      x[2 * i] = steps.get(i).from();
      x[2 * i + 1] = steps.get(i).to();
      y[2 * i] = steps.get(i).fitted();
      y[2 * i + 1] = steps.get(i).fitted();
    }
    return Layer.Line.of(model.id() + "/corp", "", ink, Column.of(x), Column.of(y))
        .drawn(Dash.SOLID, thin ? 0.6 : 0.8);
  }

  /** Bins with pairs in them, either with enough or with few. */
  private static List<CalibrationBin> shown(List<CalibrationBin> bins, boolean enough) {
    return bins.stream()
        .filter(bin -> bin.n() > 0 && bin.n() >= PreferenceCalibration.FEW == enough)
        .toList();
  }

  /**
   * The bin with pairs in it that a place on the axis of probabilities is in; empty where it is in
   * none.
   *
   * @param p the place, such as that of a point, of the isotonic fit or of a bar
   */
  public static OptionalInt bin(Model model, double p) {
    List<CalibrationBin> bins = model.calibration().measured().binned().bins();
    for (int i = 0; i < bins.size(); i++) {
      CalibrationBin bin = bins.get(i);
      boolean lowest = i == 0 && p == bin.from();
      if (bin.n() > 0 && (lowest || p > bin.from()) && p <= bin.to()) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private static Layer points(String id, String label, Ink ink, List<CalibrationBin> bins) {
    return new Layer.Points(
        id,
        label,
        ink,
        of(bins, CalibrationBin::meanX),
        of(bins, CalibrationBin::meanY),
        of(bins, bin -> bin.interval().low()),
        of(bins, bin -> bin.interval().high()),
        Column.empty());
  }

  private static <T> Column of(List<T> rows, ToDoubleFunction<T> value) {
    return Column.of(rows.stream().mapToDouble(value).toArray());
  }

  /** How often the model in focus predicts each probability: 20 bars of equal width. */
  public static Figure histogram(List<Model> models, int focus) {
    List<Layer> layers = new ArrayList<>();
    if (!models.isEmpty()) {
      Model model = models.get(focus);
      double[] heights = new double[HISTOGRAM];
      PreferenceCalibration calibration = model.calibration();
      for (int i = 0; i < calibration.n(); i++) {
        // (lo, hi], as in the bins
        int bar = (int) Math.ceil(calibration.p(i) * HISTOGRAM) - 1;
        heights[Math.clamp(bar, 0, HISTOGRAM - 1)]++;
      }
      double[] edges = new double[HISTOGRAM + 1];
      Arrays.setAll(edges, i -> (double) i / HISTOGRAM);
      layers.add(
          new Layer.Bars(
              model.id() + "/predicted",
              "",
              Ink.series(focus),
              Column.of(edges),
              Column.of(heights)));
    }
    return Figure.of(
            "Predicted probabilities",
            "",
            Axis.linear("", "").range(0, 1),
            Axis.linear("pairs", ""),
            layers)
        .withLegend(Figure.Legend.NONE)
        .withCaption("Pairs by predicted probability, 20 bars of equal width.")
        .withEmptyText("")
        .withProvenance(provenance(models));
  }

  /** Accuracy against margin or threshold, with Wilson's intervals. */
  public static Figure accuracy(List<Model> models, Against against) {
    List<Layer> layers = new ArrayList<>();
    double farthest = 0;
    for (int i = 0; i < models.size(); i++) {
      Model model = models.get(i);
      Ink ink = Ink.series(i);
      String label = name(model, models);
      if (against == Against.MARGIN) {
        List<CalibrationBin> bins =
            model.calibration().margin().binned().bins().stream()
                .filter(bin -> bin.n() > 0)
                .toList();
        farthest = Math.max(farthest, bins.getLast().meanX());
        layers.add(
            points(
                model.id() + "/margin",
                "",
                ink,
                bins.stream().filter(bin -> bin.n() >= PreferenceCalibration.FEW).toList()));
        layers.add(
            points(
                model.id() + "/margin_few",
                "",
                Ink.MUTED,
                bins.stream().filter(bin -> bin.n() < PreferenceCalibration.FEW).toList()));
        layers.add(
            Layer.Line.of(
                    model.id() + "/margin_line",
                    label,
                    ink,
                    of(bins, CalibrationBin::meanX),
                    of(bins, CalibrationBin::meanY))
                .drawn(Dash.AUTO, 0.7));
      } else {
        AccuracyCurve curve =
            against == Against.ABOVE_MARGIN
                ? model.calibration().aboveMargin()
                : model.calibration().aboveThreshold();
        List<AccuracyCurve.Point> points =
            curve.points().stream()
                .filter(point -> point.n() >= PreferenceCalibration.FEW)
                .toList();
        Column x = of(points, AccuracyCurve.Point::bound);
        layers.add(
            new Layer.Band(
                model.id() + "/interval",
                "",
                ink,
                x,
                of(points, point -> point.interval().low()),
                of(points, point -> point.interval().high())));
        layers.add(
            Layer.Line.of(
                model.id() + "/accuracy",
                label,
                ink,
                x,
                of(points, AccuracyCurve.Point::accuracy)));
      }
    }
    if (against == Against.MARGIN && farthest > 0) {
      layers.addFirst(ideal(farthest));
    }
    layers.add(new Layer.Level("", Ink.MUTED, Dash.DOTTED, 0.5));
    return Figure.of(
            "Accuracy",
            switch (against) {
              case MARGIN -> "Fig 9 of the paper";
              case ABOVE_MARGIN -> "pairs that differ by more";
              case ABOVE_THRESHOLD -> "Fig 25 of the paper";
            },
            Axis.linear(
                switch (against) {
                  case MARGIN -> "score difference";
                  case ABOVE_MARGIN -> "least score difference";
                  case ABOVE_THRESHOLD -> "threshold above the mean score";
                },
                "nats"),
            Axis.linear("accuracy", ""),
            layers)
        .withLegend(models.size() > 1 ? Figure.Legend.TOP : Figure.Legend.NONE)
        .withCaption(accuracyCaption(models, against))
        .withEmptyText("Choose a model")
        .withProvenance(provenance(models));
  }

  private static String accuracyCaption(List<Model> models, Against against) {
    String what =
        switch (against) {
          case MARGIN ->
              "Share of pairs in which the preferred response has the higher score, in bins of the"
                  + " difference of the two scores; bars are Wilson's 95 % intervals, bins with"
                  + " fewer than 10 pairs are grey. A calibrated model lies on the curve"
                  + " 1/(1 + e^{−Δ}).";
          case ABOVE_MARGIN ->
              "Share of pairs in which the preferred response has the higher score, of those whose"
                  + " scores differ by more than the margin; bands are Wilson's 95 % intervals."
                  + " Fewer than 10 pairs are not drawn.";
          case ABOVE_THRESHOLD ->
              "Share of pairs in which the preferred response has the higher score, of those both"
                  + " of whose scores lie above the threshold, which counts from the model's mean"
                  + " score of the same comparisons; bands are Wilson's 95 % intervals. Fewer than"
                  + " 10 pairs are not drawn.";
        };
    return what + " Dotted: chance." + (models.isEmpty() ? "" : " n = " + sizes(models) + ".");
  }

  private static Layer ideal(double farthest) {
    double[] x = new double[CURVE];
    double[] y = new double[CURVE];
    for (int i = 0; i < CURVE; i++) {
      x[i] = farthest * i / (CURVE - 1);
      y[i] = PreferenceCalibration.sigmoid(x[i]);
    }
    return Layer.Line.of("ideal", "", Ink.TEXT, Column.of(x), Column.of(y)).drawn(Dash.SOLID, 0.6);
  }

  private static Provenance provenance(List<Model> models) {
    return new Provenance(
        models.stream().map(Model::id).toList(), "", "", "", List.of(), List.of());
  }
}
