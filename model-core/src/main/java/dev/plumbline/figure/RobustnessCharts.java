package dev.plumbline.figure;

import dev.plumbline.analysis.KlKind;
import java.util.ArrayList;
import java.util.List;

/**
 * How robust a preference model is against the policy that is trained on it (paper section 4.2, Fig
 * 4): the score that is trained on beside the scores of preference models that are not, and the
 * gold reward where there is one.
 */
public final class RobustnessCharts {
  private RobustnessCharts() {}

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
   */
  public record Policy(String id, String label, Column step, Column kl, List<Scores> scores) {
    /** Copies the list. */
    public Policy {
      scores = List.copyOf(scores);
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
                    alone ? scores.name() : run.label() + " " + scores.name(),
                    ink,
                    x,
                    scores.score())
                .drawn(scores.judge().dash(), scores.judge() == Judge.TRAIN ? 1 : 0.9)
                .withStep(run.step()));
        judges++;
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
                + " run's first step; "
                + judges
                + " curves of "
                + runs.size()
                + (runs.size() == 1 ? " run." : " runs.")
                + bars)
        .withEmptyText("Choose a policy at the left")
        .withProvenance(
            new Provenance(
                runs.stream().map(Policy::id).toList(), "", "", "", List.of(), List.of()));
  }

  private static Axis axis(Against against) {
    return against == Against.STEP
        ? Axis.linear("step", "")
        : Axis.linear("√KL " + KlKind.EXACT_PER_RESPONSE.referenceWords(), "√nat").from(0);
  }
}
