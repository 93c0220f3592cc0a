package dev.plumbline.figure;

import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.KlKind;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.RewardKlFit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The figures of the paper, from stored rows. */
public final class PaperFigures {
  private static final int BAND_POINTS = 33;
  private static final int SLOPES_ON_CHART = 4;

  private PaperFigures() {}

  /**
   * What the chart of reward against sqrt(KL) shows besides the runs.
   *
   * @param fit range and resampling of the fit
   * @param lines whether fitted lines, bands and slopes are drawn
   * @param theory whether the expected initial slope is drawn where it is known
   * @param gold whether the gold reward is drawn where it is known
   * @param marks whether changes made during a run are marked
   */
  public record Options(
      RewardKlFit.Options fit, boolean lines, boolean theory, boolean gold, boolean marks) {
    /** Everything over the whole run. */
    public static final Options ALL =
        new Options(RewardKlFit.Options.WHOLE_RUN, true, true, true, true);

    /** The same with the line fitted over a range of sqrt(KL). */
    public Options over(double low, double high) {
      return new Options(fit.over(low, high), lines, theory, gold, marks);
    }
  }

  /**
   * The slope of one run, or of a group of runs that differ in their seed.
   *
   * @param group the group
   * @param label its name on the chart
   * @param runs ids of its runs
   * @param slope slope in nats per sqrt(nat)
   * @param interval interval of the slope
   * @param method how the interval was made: "moving-block bootstrap" or "t across 3 runs"
   * @param intercept value of the line at sqrt(KL) = 0
   * @param fits the fit of each run
   * @param ink colour of the group's first run
   */
  public record SlopeRow(
      String group,
      String label,
      List<String> runs,
      double slope,
      Interval interval,
      String method,
      double intercept,
      List<RewardKlFit> fits,
      Ink ink) {}

  /**
   * The chart with the rows of its table of slopes.
   *
   * @param figure the chart
   * @param slopes one row a group
   * @param refused runs left out because their KL is another quantity, each with the reason
   */
  public record RewardKlChart(Figure figure, List<SlopeRow> slopes, List<String> refused) {}

  /** The chart of {@link #rewardAgainstSqrtKlWithSlopes} alone. */
  public static Figure rewardAgainstSqrtKl(List<RewardKlRun> runs, Options options) {
    return rewardAgainstSqrtKlWithSlopes(runs, options).figure();
  }

  /**
   * PM score gained against sqrt(KL) (Figs 4 and 13): one line a run, and for each run or group of
   * seeds a fitted line with its band and slope. A run whose KL differs from the first run's in
   * unit, estimator or reference is left out, and the chart says why.
   */
  public static RewardKlChart rewardAgainstSqrtKlWithSlopes(
      List<RewardKlRun> runs, Options options) {
    List<String> refused = new ArrayList<>();
    List<RewardKlRun> shown = new ArrayList<>();
    for (RewardKlRun run : runs) {
      Optional<String> reason = runs.getFirst().kind().whyNotWith(run.kind());
      reason.ifPresentOrElse(why -> refused.add(run.label() + ": " + why), () -> shown.add(run));
    }
    List<Layer> bands = new ArrayList<>();
    List<Layer> lines = new ArrayList<>();
    List<Layer> over = new ArrayList<>();
    List<Layer.Mark> marks = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      RewardKlRun run = shown.get(i);
      Column x = run.sqrtKl();
      double initial = run.initialReward();
      lines.add(
          Layer.Line.of(
                  run.id() + "/pm_score",
                  run.label(),
                  Ink.series(i),
                  x,
                  run.reward().map(value -> value - initial))
              .withStep(run.step()));
      if (options.gold() && !run.gold().isEmpty() && hasValues(run.gold())) {
        double start = run.initialGold();
        lines.add(
            Layer.Line.of(
                    run.id() + "/gold_reward",
                    shown.size() == 1 ? "gold reward" : run.label() + " gold",
                    Ink.series(i),
                    x,
                    run.gold().map(value -> value - start))
                .drawn(Dash.DOTTED, 0.9)
                .withStep(run.step()));
      }
      if (options.marks()) {
        for (RewardKlRun.Happening mark : run.marks()) {
          double place = run.sqrtKlAt(mark.step());
          if (!Double.isNaN(place)) {
            Ink ink = shown.size() == 1 ? Ink.MUTED : Ink.series(i);
            marks.add(new Layer.Mark(place, mark.label(), ink, run.id(), mark.step()));
          }
        }
      }
    }
    List<SlopeRow> slopes = slopes(shown, options);
    if (options.lines()) {
      for (SlopeRow row : slopes) {
        fitLayers(row, options, bands, over);
      }
      if (!slopes.isEmpty()) {
        over.add(
            new Layer.Note(
                Layer.Corner.FREE,
                slopeText(slopes, options),
                Math.min(slopes.size(), SLOPES_ON_CHART)));
      }
    }
    if (options.theory()) {
      theory(shown, over);
    }
    if (!marks.isEmpty()) {
      over.add(new Layer.Marks(marks));
    }
    List<Layer> layers = new ArrayList<>(bands);
    layers.addAll(lines);
    layers.addAll(over);
    KlKind kind = runs.isEmpty() ? KlKind.EXACT_PER_RESPONSE : runs.getFirst().kind();
    Figure figure =
        Figure.of(
                "PM score against √KL",
                subtitle(kind, shown),
                Axis.linear("√KL " + kind.referenceWords(), "√nat").from(0),
                Axis.linear("PM score − initial", "nats"),
                layers)
            .withCaption(caption(kind, shown, slopes, refused, options))
            .withEmptyText("The line begins with the first step of a policy in training")
            .withProvenance(
                new Provenance(
                    shown.stream().map(RewardKlRun::id).toList(),
                    "",
                    "",
                    "",
                    List.of(),
                    notes(slopes, options)));
    return new RewardKlChart(figure, slopes, List.copyOf(refused));
  }

  private static boolean hasValues(Column column) {
    for (double value : column.raw()) {
      if (Double.isFinite(value)) {
        return true;
      }
    }
    return false;
  }

  private static List<SlopeRow> slopes(List<RewardKlRun> shown, Options options) {
    record Member(RewardKlRun run, Ink ink, RewardKlFit fit) {}
    Map<String, List<Member>> groups = new LinkedHashMap<>();
    for (int i = 0; i < shown.size(); i++) {
      RewardKlRun run = shown.get(i);
      Ink ink = Ink.series(i);
      double initial = run.initialReward();
      long[] steps = new long[run.step().size()];
      for (int row = 0; row < steps.length; row++) {
        steps[row] = (long) run.step().get(row);
      }
      RewardKlFit.of(
              steps,
              run.kl().toArray(),
              run.reward().map(value -> value - initial).toArray(),
              options.fit())
          .ifPresent(
              fit ->
                  groups
                      .computeIfAbsent(run.group(), name -> new ArrayList<>())
                      .add(new Member(run, ink, fit)));
    }
    List<SlopeRow> rows = new ArrayList<>();
    groups.forEach(
        (group, members) -> {
          List<RewardKlFit> fits = members.stream().map(Member::fit).toList();
          RewardKlFit.Slope across = RewardKlFit.acrossRuns(fits, options.fit().level());
          Member first = members.getFirst();
          boolean alone = members.size() == 1;
          rows.add(
              new SlopeRow(
                  group,
                  alone ? first.run().label() : group,
                  members.stream().map(member -> member.run().id()).toList(),
                  across.mean(),
                  alone ? first.fit().bootstrap() : across.interval(),
                  alone ? "moving-block bootstrap" : "t across " + members.size() + " runs",
                  Moments.of(fits.stream().mapToDouble(RewardKlFit::intercept).toArray()).mean(),
                  fits,
                  first.ink()));
        });
    return rows;
  }

  private static void fitLayers(
      SlopeRow row, Options options, List<Layer> bands, List<Layer> over) {
    double from = row.fits().stream().mapToDouble(RewardKlFit::from).min().orElse(0);
    double to = row.fits().stream().mapToDouble(RewardKlFit::to).max().orElse(1);
    double[] x = new double[BAND_POINTS];
    double[] low = new double[BAND_POINTS];
    double[] high = new double[BAND_POINTS];
    for (int i = 0; i < BAND_POINTS; i++) {
      x[i] = from + (to - from) * i / (BAND_POINTS - 1);
      double place = x[i];
      Interval at =
          row.fits().size() == 1
              ? row.fits().getFirst().lineBand(place)
              : Moments.of(row.fits().stream().mapToDouble(fit -> fit.at(place)).toArray())
                  .tInterval(options.fit().level());
      low[i] = at.low();
      high[i] = at.high();
    }
    bands.add(
        new Layer.Band(
            row.group() + "/band", "", row.ink(), Column.of(x), Column.of(low), Column.of(high)));
    over.add(
        new Layer.Reference(
            row.group() + "/fit",
            "",
            row.ink(),
            Dash.DASHED,
            row.intercept(),
            row.slope(),
            from,
            to));
  }

  private static void theory(List<RewardKlRun> shown, List<Layer> over) {
    double reach = 0;
    for (RewardKlRun run : shown) {
      for (double place : run.sqrtKl().raw()) {
        reach = Double.isFinite(place) ? Math.max(reach, place) : reach;
      }
    }
    for (int i = 0; i < shown.size(); i++) {
      RewardKlRun run = shown.get(i);
      if (Double.isFinite(run.rewardDeviation()) && reach > 0) {
        over.add(
            new Layer.Reference(
                run.id() + "/theory",
                "theory s√2",
                shown.size() == 1 ? Ink.MUTED : Ink.series(i),
                Dash.DASH_DOT,
                0,
                RewardKlFit.initialSlope(run.rewardDeviation()),
                0,
                reach));
      }
    }
  }

  private static List<Layer.Text> slopeText(List<SlopeRow> slopes, Options options) {
    List<Layer.Text> text = new ArrayList<>();
    for (SlopeRow row : slopes.subList(0, Math.min(slopes.size(), SLOPES_ON_CHART))) {
      String name = slopes.size() == 1 ? "slope" : row.label();
      text.add(new Layer.Text(name + "  " + value(row), row.ink()));
    }
    if (slopes.size() > SLOPES_ON_CHART) {
      text.add(new Layer.Text("and " + (slopes.size() - SLOPES_ON_CHART) + " more", Ink.MUTED));
    }
    text.add(
        new Layer.Text("nats per √nat, " + percent(options) + " " + methods(slopes), Ink.MUTED));
    text.add(
        new Layer.Text(
            "√KL " + range(slopes) + (slopes.size() == 1 ? ", n = " + points(slopes) : ""),
            Ink.MUTED));
    return text;
  }

  private static String value(SlopeRow row) {
    return Double.isNaN(row.interval().low())
        ? number(row.slope())
        : number(row.slope())
            + " ["
            + number(row.interval().low())
            + ", "
            + number(row.interval().high())
            + "]";
  }

  private static String number(double value) {
    double size = Math.abs(value);
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 3;
    return Ticks.minus(String.format(Locale.ROOT, "%." + decimals + "f", value));
  }

  private static String percent(Options options) {
    return Ticks.number(options.fit().level() * 100, 1) + " %";
  }

  private static String methods(List<SlopeRow> slopes) {
    List<String> methods =
        slopes.stream()
            .map(row -> row.fits().size() == 1 ? "block bootstrap" : row.method())
            .distinct()
            .toList();
    return String.join(" / ", methods);
  }

  private static String range(List<SlopeRow> slopes) {
    double from = Double.POSITIVE_INFINITY;
    double to = 0;
    for (SlopeRow row : slopes) {
      for (RewardKlFit fit : row.fits()) {
        from = Math.min(from, fit.from());
        to = Math.max(to, fit.to());
      }
    }
    return Ticks.number(from, 2) + "–" + Ticks.number(to, 2);
  }

  private static int points(List<SlopeRow> slopes) {
    return slopes.stream().flatMap(row -> row.fits().stream()).mapToInt(RewardKlFit::n).sum();
  }

  private static String subtitle(KlKind kind, List<RewardKlRun> shown) {
    String text = kind.unitWords() + ", " + kind.estimatorWords();
    String responses = responses(shown);
    return responses.isEmpty() ? text : text + " · " + responses + " responses a point";
  }

  private static String responses(List<RewardKlRun> shown) {
    List<String> counts =
        shown.stream()
            .map(RewardKlRun::responses)
            .filter(count -> count > 0)
            .distinct()
            .sorted()
            .map(count -> String.format(Locale.ROOT, "%,d", count))
            .toList();
    return counts.size() <= 1
        ? String.join("", counts)
        : counts.getFirst() + " to " + counts.getLast();
  }

  private static String caption(
      KlKind kind,
      List<RewardKlRun> shown,
      List<SlopeRow> slopes,
      List<String> refused,
      Options options) {
    List<String> says = new ArrayList<>();
    if (!shown.isEmpty()) {
      int points = shown.stream().mapToInt(run -> run.step().size()).sum();
      String responses = responses(shown);
      says.add(
          String.format(
              Locale.ROOT,
              "PM score minus its initial value against √KL (%s); %s, %,d points%s.",
              kind.words(),
              shown.size() == 1 ? "1 run" : shown.size() + " runs",
              points,
              responses.isEmpty() ? "" : ", each the mean of " + responses + " responses"));
    }
    if (options.lines() && !slopes.isEmpty()) {
      says.add(
          "Dashed: least squares over √KL "
              + range(slopes)
              + " √nat; bands and slope intervals: "
              + percent(options)
              + " "
              + methods(slopes)
              + blocks(slopes)
              + ".");
    }
    for (SlopeRow row : slopes) {
      law(row, slopes.size() > 1, says);
    }
    int clipped =
        slopes.stream().flatMap(row -> row.fits().stream()).mapToInt(RewardKlFit::clipped).sum();
    if (clipped > 0) {
      says.add(
          clipped == 1
              ? "1 negative mean KL was taken as 0."
              : clipped + " negative mean KLs were taken as 0.");
    }
    refused.forEach(reason -> says.add("Left out: " + reason + "."));
    return String.join(" ", says);
  }

  private static String blocks(List<SlopeRow> slopes) {
    List<SlopeRow> alone = slopes.stream().filter(row -> row.fits().size() == 1).toList();
    if (alone.isEmpty()) {
      return "";
    }
    RewardKlFit first = alone.getFirst().fits().getFirst();
    List<Integer> lengths =
        alone.stream().map(row -> row.fits().getFirst().blockLength()).distinct().sorted().toList();
    String length =
        lengths.size() == 1
            ? "" + lengths.getFirst()
            : lengths.getFirst() + " to " + lengths.getLast();
    return String.format(
        Locale.ROOT,
        " of residuals (blocks of %s points, %,d resamples)",
        length,
        first.resamples());
  }

  /** What the rows say about the law: the slope, and whether a line describes them at all. */
  private static void law(SlopeRow row, boolean named, List<String> says) {
    boolean linear = row.fits().stream().allMatch(RewardKlFit::nearLinear);
    double low = row.fits().stream().mapToDouble(RewardKlFit::rSquared).min().orElse(Double.NaN);
    double durbin =
        row.fits().stream().mapToDouble(RewardKlFit::durbinWatson).min().orElse(Double.NaN);
    String slope =
        (named ? row.label() + ": slope " : "Slope ")
            + value(row)
            + " nats per √nat, n = "
            + points(List.of(row))
            + ", R^{2} "
            + decimals(low, 3)
            + ", Durbin–Watson "
            + decimals(durbin, 2);
    OptionalLong departure =
        row.fits().stream()
            .filter(fit -> fit.departure().isPresent())
            .mapToLong(fit -> fit.departure().orElseThrow())
            .min();
    if (linear) {
      says.add(slope + ": near-linear.");
    } else if (departure.isPresent()) {
      says.add(
          slope
              + "; not linear throughout: from step "
              + departure.getAsLong()
              + " on the run stays off the line.");
    } else {
      says.add(slope + ": not near-linear in this range.");
    }
  }

  private static String decimals(double value, int count) {
    return Double.isNaN(value)
        ? "undefined"
        : String.format(Locale.ROOT, "%." + count + "f", value);
  }

  private static List<String> notes(List<SlopeRow> slopes, Options options) {
    List<String> notes = new ArrayList<>();
    for (SlopeRow row : slopes) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: slope %s nats per sqrt nat, %s, range %s sqrt nat, seed %d",
              row.label(),
              value(row),
              row.method(),
              range(List.of(row)),
              options.fit().seed()));
    }
    return notes;
  }
}
