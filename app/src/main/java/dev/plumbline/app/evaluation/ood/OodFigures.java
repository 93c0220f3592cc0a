package dev.plumbline.app.evaluation.ood;

import dev.plumbline.analysis.Auroc;
import dev.plumbline.analysis.AurocComparison;
import dev.plumbline.analysis.Detection;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Moments;
import dev.plumbline.app.evaluation.ood.OodRun.Area;
import dev.plumbline.app.evaluation.ood.OodRun.Operating;
import dev.plumbline.app.evaluation.ood.OodRun.Place;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.DetectionCharts;
import dev.plumbline.figure.DetectionCharts.Cell;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.ScoreHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;

/** From a measurement's tables to figures and numbers; off the JavaFX thread. */
final class OodFigures {
  /** Rows of the run's map, from the top. */
  static final List<Detector> DETECTORS = List.of(Detector.values());

  static final double LEVEL = 0.95;
  static final String FALSE_REJECT = "false_reject";
  static final String CATCH = "catch";
  private static final int BINS = 36;
  private static final Ink RUN_INK = Ink.series(2);
  private static final Ink CATCH_INK = Ink.series(4);

  private OodFigures() {}

  /** Whether there are scores of both kinds at a place. */
  static boolean isShown(OodRun run, Place place) {
    return run.in(place).length > 0 && run.out(place).length > 0;
  }

  static ScoreHistogram histogram(OodRun run, Place place) {
    return ScoreHistogram.of(run.in(place), run.out(place), BINS);
  }

  /**
   * The histogram of a place.
   *
   * @param typed score of a typed prompt
   */
  static Figure scores(OodRun run, Place place, ScoreHistogram histogram, OptionalDouble typed) {
    List<DetectionCharts.Operating> marks = new ArrayList<>(operating(run, place));
    if (typed.isPresent()) {
      double at =
          Math.clamp(typed.getAsDouble(), histogram.edges().get(0), histogram.edges().last());
      marks.add(
          new DetectionCharts.Operating(
              "typed", Strings.text("ood.typed"), Ink.TEXT, at, Double.NaN, Double.NaN));
    }
    return DetectionCharts.histogram(
        Strings.text("ood.histogram"),
        Strings.text("ood.histogram.of", run.in(place).length, run.out(place).length),
        Strings.text("ood.score", place.detector().title(), place.layer()),
        histogram,
        marks);
  }

  /** The points that the run chose at a place. */
  static List<DetectionCharts.Operating> operating(OodRun run, Place place) {
    List<DetectionCharts.Operating> points = new ArrayList<>();
    for (String rule : List.of(FALSE_REJECT, CATCH)) {
      run.operating(place, rule)
          .ifPresent(
              point ->
                  points.add(
                      new DetectionCharts.Operating(
                          "run:" + rule,
                          name(point),
                          rule.equals(CATCH) ? CATCH_INK : RUN_INK,
                          point.threshold(),
                          point.falseReject(),
                          point.caught())));
    }
    return points;
  }

  /** The rule of a point that the run chose, for people. */
  static String name(Operating point) {
    String percent = Numbers.shortest(100 * point.target());
    return point.rule().equals(CATCH)
        ? Strings.text("ood.rule.catch", percent)
        : Strings.text("ood.rule.reject", percent);
  }

  /** Both detectors' curves at a layer, the one that is shown first. */
  static List<DetectionCharts.Curve> curves(OodRun run, Place place) {
    List<DetectionCharts.Curve> curves = new ArrayList<>();
    List<Detector> order = new ArrayList<>(DETECTORS);
    order.remove(place.detector());
    order.addFirst(place.detector());
    for (Detector detector : order) {
      Place at = new Place(place.layer(), detector);
      if (isShown(run, at)) {
        curves.add(
            new DetectionCharts.Curve(
                detector.column(), detector.title(), Detection.of(run.in(at), run.out(at)).roc()));
      }
    }
    return curves;
  }

  /**
   * The curves, the run's points, and the threshold that is set.
   *
   * @param point empty where none is set
   */
  static Figure roc(
      OodRun run,
      Place place,
      List<DetectionCharts.Curve> curves,
      Optional<Detection.OperatingPoint> point) {
    List<DetectionCharts.Operating> points = new ArrayList<>(operating(run, place));
    point.ifPresent(
        at ->
            points.add(
                new DetectionCharts.Operating(
                    "threshold",
                    "",
                    Ink.TEXT,
                    at.threshold(),
                    at.falseReject().value(),
                    at.caught().value())));
    Area area = run.areas().get(place);
    return DetectionCharts.roc(
        Strings.text("ood.roc"),
        area == null
            ? ""
            : Strings.text(
                "ood.roc.of", Numbers.fixed(area.value(), 3), interval(area.low(), area.high(), 3)),
        curves,
        points);
  }

  /** The run's own layers by detector. */
  static Figure runMap(OodRun run) {
    List<Cell> cells = new ArrayList<>();
    run.areas()
        .forEach(
            (place, area) ->
                cells.add(
                    new Cell(
                        place.detector().title(),
                        Integer.toString(place.layer()),
                        area.value(),
                        area.low(),
                        area.high(),
                        area.nIn() + area.nOut())));
    return DetectionCharts.layerMap(
        Strings.text("ood.map.run"),
        Strings.text("ood.map.run.of"),
        DETECTORS.stream().map(Detector::title).toList(),
        run.layers().stream().map(layer -> Integer.toString(layer)).toList(),
        cells,
        Strings.text("ood.map.run.caption"));
  }

  /** A study's layers by size. */
  static Figure sizeMap(OodSizes sizes, Detector detector) {
    return DetectionCharts.layerMap(
        Strings.text("ood.map.sizes"),
        Strings.text("ood.map.sizes.of", detector.title(), sizes.study()),
        sizes.sizes(),
        sizes.layers(),
        sizes.cells().getOrDefault(detector, List.of()),
        Strings.text("ood.map.sizes.caption"));
  }

  static Figure exposure(OodRun run) {
    List<DetectionCharts.Exposure> lines = new ArrayList<>();
    int draws = 0;
    for (int layer : new TreeSet<>(run.exposure().stream().map(OodRun.Shown::layer).toList())) {
      Map<Integer, Moments> shown = new TreeMap<>();
      for (OodRun.Shown each : run.exposure()) {
        if (each.layer() == layer) {
          shown.computeIfAbsent(each.outliers(), _ -> new Moments()).add(each.auroc());
        }
      }
      int n = shown.size();
      double[] outliers = new double[n];
      double[] mean = new double[n];
      double[] low = new double[n];
      double[] high = new double[n];
      int i = 0;
      for (Map.Entry<Integer, Moments> each : shown.entrySet()) {
        outliers[i] = each.getKey();
        mean[i] = each.getValue().mean();
        low[i] = mean[i] - each.getValue().standardDeviation();
        high[i] = mean[i] + each.getValue().standardDeviation();
        draws = Math.max(draws, (int) each.getValue().n());
        i++;
      }
      lines.add(
          new DetectionCharts.Exposure(
              "layer-" + layer,
              Strings.text("ood.layer", layer),
              Column.of(outliers),
              Column.of(mean),
              Column.of(low),
              Column.of(high)));
    }
    Area none = run.areas().get(new Place(run.middle(), Detector.RELATIVE));
    return DetectionCharts.exposure(
            Strings.text("ood.exposure"),
            Strings.text("ood.exposure.of", draws),
            lines,
            none == null || lines.isEmpty() ? Double.NaN : none.value(),
            Strings.text("ood.exposure.caption", draws, run.middle()))
        .withEmptyText(Strings.text("ood.exposure.empty"));
  }

  static List<OodState.Fact> numbers(OodRun run, Place place) {
    List<OodState.Fact> rows = new ArrayList<>();
    Area area = run.areas().get(place);
    if (area == null || !isShown(run, place)) {
      return rows;
    }
    rows.add(
        number(
            "AUROC",
            Numbers.fixed(area.value(), 3),
            interval(area.low(), area.high(), 3),
            Strings.text("ood.auroc.tip")));
    if (area.splits() > 1) {
      rows.add(
          number(
              Strings.text("ood.splits", area.splits()),
              Numbers.fixed(area.mean(), 3),
              "± " + Numbers.fixed(area.sd(), 3),
              Strings.text("ood.splits.tip")));
    }
    Detector other = place.detector() == Detector.PLAIN ? Detector.RELATIVE : Detector.PLAIN;
    Place beside = new Place(place.layer(), other);
    if (isShown(run, beside)) {
      AurocComparison compared =
          AurocComparison.of(
              run.paired(place, false),
              run.paired(place, true),
              run.paired(beside, false),
              run.paired(beside, true),
              LEVEL);
      rows.add(
          number(
              Strings.text("ood.difference", other.title()),
              Numbers.signed(compared.difference(), 3),
              interval(compared.interval().low(), compared.interval().high(), 3),
              Strings.text("ood.difference.tip")));
    }
    Detection detection = Detection.of(run.in(place), run.out(place));
    rows.add(
        number(
            Strings.text("ood.fpr"),
            Numbers.fixed(area.fpr95(), 3),
            "",
            Strings.text("ood.fpr.tip")));
    rows.add(
        number(
            Strings.text("ood.precision"),
            Numbers.fixed(detection.averagePrecision(), 3),
            "",
            Strings.text("ood.precision.tip")));
    rows.add(
        number(
            Strings.text("ood.fitted"),
            Numbers.whole(area.fitted()),
            "",
            Strings.text("ood.fitted.tip")));
    rows.add(
        number(
            Strings.text("ood.condition"),
            Numbers.significant(area.condition()),
            "",
            Strings.text("ood.condition.tip")));
    rows.add(
        number(
            Strings.text("ood.shrinkage"),
            Numbers.shortest(area.shrinkage()),
            "",
            Strings.text("ood.shrinkage.tip")));
    return rows;
  }

  /** The area as computed here, for tests: equal to what the run wrote. */
  static Auroc auroc(OodRun run, Place place) {
    return Auroc.of(run.in(place), run.out(place), LEVEL);
  }

  static String interval(double low, double high, int decimals) {
    // not to be broken between its ends
    return Numbers.fixed(low, decimals) + "\u00A0–\u00A0" + Numbers.fixed(high, decimals);
  }

  static String percents(Interval of, int decimals) {
    return interval(100 * of.low(), 100 * of.high(), decimals);
  }

  private static OodState.Fact number(String name, String value, String range, String meaning) {
    return new OodState.Fact(name, value, range, meaning);
  }
}
