package dev.plumbline.figure;

import dev.plumbline.analysis.GapOnset;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.KlKind;
import dev.plumbline.analysis.Overoptimisation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * How robust a preference model is against the policy that is trained on it (paper section 4.2, Fig
 * 4): the score that is trained on beside the scores of preference models that are not, and the
 * gold reward where there is one.
 */
public final class RobustnessCharts {
  private static final double LEVEL = 0.95;
  private static final int CURVE = 121;

  /** A law is drawn so far beyond its points that a peak near them is seen. */
  private static final double BEYOND = 1.25;

  private RobustnessCharts() {}

  /**
   * The score that is trained on less that of a test preference model, of the same responses.
   *
   * @param metric name of the metric
   * @param name of the test preference model
   * @param gap nats, less that of the run's first step
   * @param low lower ends of its 95 % intervals over the responses, likewise, or empty
   * @param high upper ends, or empty
   */
  public record Gap(String metric, String name, Column gap, Column low, Column high) {
    /** When the two come apart for good; empty where there are no intervals. */
    public Optional<GapOnset> onset(Column step) {
      if (low.isEmpty()) {
        return Optional.empty();
      }
      List<GapOnset.Point> points = new ArrayList<>();
      for (int i = 1; i < step.size(); i++) {
        if (Double.isFinite(gap.get(i))) {
          points.add(
              new GapOnset.Point(
                  (long) step.get(i), 0, gap.get(i), new Interval(low.get(i), high.get(i), LEVEL)));
        }
      }
      return Optional.of(GapOnset.of(points));
    }
  }

  /**
   * What the best of k responses of the initial policy gains over one.
   *
   * @param id the run that measured it
   * @param k responses to choose from, ascending from 1
   * @param kl nats a response
   * @param score of the preference model that chooses, less that of k = 1
   * @param gold gold reward, less that of k = 1
   */
  public record BestOfKGains(String id, Column k, Column kl, Column score, Column gold) {
    Column distance() {
      return kl.map(value -> Math.sqrt(Math.max(0, value)));
    }
  }

  /**
   * The gap of each test preference model at the steps that all runs have, a number a run, with t
   * intervals over the runs: meant for runs that differ in their seed.
   */
  public static Optional<GapOnset> overRuns(List<Policy> runs, String metric) {
    TreeSet<Long> shared = new TreeSet<>();
    List<Map<Long, Double>> gaps = new ArrayList<>();
    for (Policy run : runs) {
      Map<Long, Double> own = new HashMap<>();
      for (Gap gap : run.gaps()) {
        for (int i = 1; gap.metric().equals(metric) && i < run.step().size(); i++) {
          if (Double.isFinite(gap.gap().get(i))) {
            own.put((long) run.step().get(i), gap.gap().get(i));
          }
        }
      }
      if (gaps.isEmpty()) {
        shared.addAll(own.keySet());
      } else {
        shared.retainAll(own.keySet());
      }
      gaps.add(own);
    }
    if (runs.size() < 2 || shared.isEmpty()) {
      return Optional.empty();
    }
    List<GapOnset.Step> steps = new ArrayList<>();
    for (long step : shared) {
      double[] apart =
          gaps.stream().mapToDouble(own -> own.getOrDefault(step, Double.NaN)).toArray();
      steps.add(new GapOnset.Step(step, apart, new double[apart.length]));
    }
    return Optional.of(GapOnset.of(steps, 0, LEVEL));
  }

  /** Train less test against step or sqrt(KL), with where each run's gap opens for good. */
  public static Figure gaps(List<Policy> runs, Against against) {
    List<Layer> bands = new ArrayList<>();
    List<Layer> lines = new ArrayList<>();
    List<Layer.Mark> marks = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Policy run = runs.get(i);
      Column x = run.place(against);
      for (int j = 0; j < run.gaps().size(); j++) {
        Gap gap = run.gaps().get(j);
        Ink ink = Ink.series(runs.size() == 1 ? j : i);
        String id = run.id() + "/" + gap.metric();
        if (!gap.low().isEmpty() && against == Against.STEP && runs.size() <= 3) {
          bands.add(new Layer.Band(id + "/interval", "", ink, x, gap.low(), gap.high()));
        }
        lines.add(
            Layer.Line.of(
                    id,
                    runs.size() == 1 ? gap.name() : j == 0 ? run.label() : "",
                    ink,
                    x,
                    gap.gap())
                .drawn(j == 0 ? Dash.SOLID : Dash.DASHED, 0.9)
                .withStep(run.step()));
        gap.onset(run.step())
            .map(GapOnset::onset)
            .filter(OptionalLong::isPresent)
            .ifPresent(
                onset -> {
                  double place = placeOf(run, x, onset.getAsLong());
                  if (runs.size() <= 3 && Double.isFinite(place)) {
                    marks.add(
                        new Layer.Mark(
                            place,
                            "from step " + onset.getAsLong(),
                            ink,
                            run.id(),
                            onset.getAsLong()));
                  }
                });
      }
    }
    List<Layer> layers = new ArrayList<>(bands);
    layers.add(new Layer.Level("", Ink.MUTED, Dash.DOTTED, 0));
    layers.addAll(lines);
    if (!marks.isEmpty()) {
      layers.add(new Layer.Marks(marks));
    }
    return Figure.of(
            "Train PM less test PM",
            "the same responses, less the first step's gap",
            axis(against),
            Axis.linear("gap", "nats"),
            lines.isEmpty() ? List.of() : layers)
        .withCaption(
            "Score by the preference model that is trained on less that by one that is not, of the"
                + " same responses, less the gap at the run's first step. Marked: the first step"
                + " from which on every 95 % interval over a step's responses excludes 0 on one"
                + " side.")
        .withEmptyText("No test preference model scored these policies")
        .withProvenance(provenance(runs));
  }

  private static double placeOf(Policy run, Column x, long step) {
    for (int i = 0; i < run.step().size(); i++) {
      if (run.step().get(i) == step) {
        return x.get(i);
      }
    }
    return Double.NaN;
  }

  /**
   * Gold reward gained against sqrt(KL), the laws of over-optimisation fitted to it, the peaks that
   * they predict, and best-of-k of the same preference model beside it.
   */
  public static Figure gold(List<Policy> runs) {
    List<Layer> under = new ArrayList<>();
    List<Layer> over = new ArrayList<>();
    boolean any = false;
    for (int i = 0; i < runs.size(); i++) {
      Policy run = runs.get(i);
      Ink ink = Ink.series(i);
      Optional<Scores> gold = run.by(Judge.GOLD);
      if (gold.isPresent()) {
        any = true;
        under.add(
            Layer.Line.of(
                    run.id() + "/" + gold.get().metric(),
                    runs.size() == 1 ? "gold" : run.label(),
                    ink,
                    run.distance(),
                    gold.get().score())
                .withStep(run.step()));
      }
      run.law().ifPresent(law -> draw(over, run.id() + "/law", ink, law));
      if (run.best().isPresent()) {
        BestOfKGains best = run.best().get();
        any = true;
        over.add(
            new Layer.Points(
                best.id() + "/best_of_k",
                runs.size() == 1 ? "best of k" : "",
                runs.size() == 1 ? Ink.series(1) : ink,
                best.distance(),
                best.gold(),
                Column.empty(),
                Column.empty(),
                Column.empty()));
        run.bestLaw()
            .ifPresent(
                law ->
                    draw(
                        over,
                        best.id() + "/best_law",
                        runs.size() == 1 ? Ink.series(1) : ink,
                        law));
      }
    }
    List<Layer> layers = new ArrayList<>(under);
    layers.addAll(over);
    return Figure.of(
            "Gold reward and its laws",
            "dashed: fitted law · point with bar: predicted peak",
            axis(Against.SQRT_KL),
            Axis.linear("gold gained", "nats"),
            any ? layers : List.of())
        .withCaption(
            "Gold reward less its value at the run's first step; dashed, the laws of Gao, Schulman"
                + " and Hilton (2022): d (α − β ln d) for RL, d (α − β d) for best-of-k, with the"
                + " predicted peak and its 95 % interval where β is above 0. Intervals take points"
                + " as independent; points along one run are not, so they are too narrow.")
        .withEmptyText("These policies have no gold reward")
        .withProvenance(provenance(runs));
  }

  /** A law's curve, and its peak where it lies within what is drawn. */
  private static void draw(List<Layer> layers, String id, Ink ink, Overoptimisation law) {
    double end = law.largest() * BEYOND;
    double[] x = new double[CURVE];
    double[] y = new double[CURVE];
    for (int i = 0; i < CURVE; i++) {
      x[i] = end * i / (CURVE - 1);
      y[i] = law.at(x[i]);
    }
    layers.add(Layer.Line.of(id, "", ink, Column.of(x), Column.of(y)).drawn(Dash.DASHED, 0.8));
    law.peak()
        .filter(peak -> peak.distance() <= end)
        .ifPresent(
            peak ->
                layers.add(
                    new Layer.Points(
                        id + "/peak",
                        "",
                        ink,
                        Column.of(peak.distance()),
                        Column.of(peak.reward()),
                        Column.of(peak.rewardInterval().low()),
                        Column.of(peak.rewardInterval().high()),
                        Column.empty())));
  }

  private static Provenance provenance(List<Policy> runs) {
    return new Provenance(runs.stream().map(Policy::id).toList(), "", "", "", List.of(), List.of());
  }

  /** What scores are drawn against. */
  public enum Against {
    /** Updates of the policy. */
    STEP,
    /** The square root of the exact KL to the initial policy, per response. */
    SQRT_KL
  }

  /** Who judges the responses. */
  public enum Judge {
    /** The preference model that is trained on. */
    TRAIN,
    /** A preference model that is not. */
    TEST,
    /** The gold reward. */
    GOLD;

    private Dash dash() {
      return switch (this) {
        case TRAIN -> Dash.SOLID;
        case TEST -> Dash.DASHED;
        case GOLD -> Dash.DOTTED;
      };
    }
  }

  /**
   * One judge's mean score of each step's responses.
   *
   * @param metric name of the metric
   * @param name what the judge is called on the chart
   * @param score nats, less the score of the run's first step
   * @param low lower ends of its intervals, likewise, or empty
   * @param high upper ends, or empty
   */
  public record Scores(
      String metric, String name, Judge judge, Column score, Column low, Column high) {}

  /**
   * A policy with its judges.
   *
   * @param id the run's stable identifier
   * @param label its name on the chart
   * @param step steps, ascending
   * @param kl exact KL to the initial policy of each step, nats a response, not clipped
   * @param scores the judges' scores of the same steps
   * @param gaps how far the score that is trained on has left each test preference model's
   * @param best what sampling from the initial policy brings, where that was measured
   */
  public record Policy(
      String id,
      String label,
      Column step,
      Column kl,
      List<Scores> scores,
      List<Gap> gaps,
      Optional<BestOfKGains> best) {
    /** Copies the lists. */
    public Policy {
      scores = List.copyOf(scores);
      gaps = List.copyOf(gaps);
    }

    /** The score of a judge, where the run has one. */
    public Optional<Scores> by(Judge judge) {
      return scores.stream().filter(each -> each.judge() == judge).findFirst();
    }

    /**
     * The law of reinforcement learning, fitted to the gold reward gained; the first point, whose
     * gain is 0 by definition, is left out.
     */
    public Optional<Overoptimisation> law() {
      return by(Judge.GOLD)
          .flatMap(gold -> fit(Overoptimisation.Form.RL, kl.toArray(), gold.score().toArray()));
    }

    /** The law of best-of-n, fitted to the gold reward that sampling gains. */
    public Optional<Overoptimisation> bestLaw() {
      return best.flatMap(
          found -> fit(Overoptimisation.Form.BON, found.kl().toArray(), found.gold().toArray()));
    }

    private static Optional<Overoptimisation> fit(
        Overoptimisation.Form form, double[] kl, double[] gold) {
      if (kl.length < 2) {
        return Optional.empty();
      }
      double[] behindKl = Arrays.copyOfRange(kl, 1, kl.length);
      double[] behindGold = Arrays.copyOfRange(gold, 1, gold.length);
      return Overoptimisation.problem(behindKl, behindGold).isPresent()
          ? Optional.empty()
          : Optional.of(Overoptimisation.of(form, behindKl, behindGold, LEVEL));
    }

    /** sqrt(max(0, KL)) of each step. */
    public Column distance() {
      return kl.map(value -> Math.sqrt(Math.max(0, value)));
    }

    Column place(Against against) {
      return against == Against.STEP ? step : distance();
    }
  }

  /**
   * Every judge's score gained, one line a judge and run. One run has a colour for each judge;
   * several have one for each run, and the judges differ in their dashes.
   */
  public static Figure scores(List<Policy> runs, Against against) {
    List<Layer> bands = new ArrayList<>();
    List<Layer> lines = new ArrayList<>();
    int judges = 0;
    for (int i = 0; i < runs.size(); i++) {
      Policy run = runs.get(i);
      Column x = run.place(against);
      for (int j = 0; j < run.scores().size(); j++) {
        Scores scores = run.scores().get(j);
        boolean alone = runs.size() == 1;
        Ink ink = Ink.series(alone ? j : i);
        String id = run.id() + "/" + scores.metric();
        if (!scores.low().isEmpty() && against == Against.STEP) {
          bands.add(new Layer.Band(id + "/interval", "", ink, x, scores.low(), scores.high()));
        }
        lines.add(
            Layer.Line.of(
                    id,
                    alone ? scores.name() : scores.judge() == Judge.TRAIN ? run.label() : "",
                    ink,
                    x,
                    scores.score())
                .drawn(scores.judge().dash(), scores.judge() == Judge.TRAIN ? 1 : 0.9)
                .withStep(run.step()));
        judges++;
      }
      if (against == Against.SQRT_KL && run.best().isPresent()) {
        BestOfKGains best = run.best().get();
        lines.add(
            Layer.Line.of(
                    best.id() + "/best_of_k",
                    runs.size() == 1 ? "best of k" : "",
                    Ink.series(runs.size() == 1 ? 0 : i),
                    best.distance(),
                    best.score())
                .drawn(Dash.DASH_DOT, 0.9));
      }
    }
    List<Layer> layers = new ArrayList<>(bands);
    layers.addAll(lines);
    String bars =
        bands.isEmpty() ? "" : " Bands are 95 % intervals of the means over a step's responses.";
    return Figure.of(
            "Scores gained",
            "solid: train PM · dashed: test PM · dotted: gold",
            axis(against),
            Axis.linear("score − first step's", "nats"),
            layers)
        .withCaption(
            "Mean score of each step's responses by the preference model that is trained on, by"
                + " preference models that are not, and the gold reward, each less its value at the"
                + " run's first step; dash-dot, where it was measured: what the best of k responses"
                + " of the initial policy gains by the preference model that is trained on; "
                + judges
                + " curves of "
                + runs.size()
                + (runs.size() == 1 ? " run." : " runs.")
                + bars)
        .withEmptyText("Choose a policy at the left")
        .withProvenance(provenance(runs));
  }

  private static Axis axis(Against against) {
    return against == Against.STEP
        ? Axis.linear("step", "")
        : Axis.linear("√KL " + KlKind.EXACT_PER_RESPONSE.referenceWords(), "√nat").from(0);
  }
}
