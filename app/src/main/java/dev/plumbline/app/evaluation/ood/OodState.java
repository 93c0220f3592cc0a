package dev.plumbline.app.evaluation.ood;

import dev.plumbline.analysis.Detection;
import dev.plumbline.experiment.PromptScoring;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.ScoreHistogram;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import java.util.Optional;

/**
 * What the part of out-of-distribution detection shows of a measurement; what follows the threshold
 * is in {@link Threshold}, what follows the box is in {@link Typed}.
 *
 * @param answered whether the workspace has been asked
 * @param runs measurements that can be chosen, newest first
 * @param chosen the one whose tables were asked for
 * @param run its tables; empty where it has not written them
 * @param sizes areas of the study that it is a member of
 * @param place layer and detector that are shown
 * @param histogram counts of the tested prompts' scores
 * @param map areas by layer
 * @param exposure areas by outliers shown
 * @param numbers what the table of numbers says
 */
record OodState(
    boolean answered,
    List<RunRow> runs,
    Optional<RunRow> chosen,
    Optional<OodRun> run,
    Optional<OodSizes> sizes,
    OodRun.Place place,
    Optional<ScoreHistogram> histogram,
    Figure scores,
    Figure map,
    Figure exposure,
    List<Fact> numbers) {

  OodState {
    runs = List.copyOf(runs);
    numbers = List.copyOf(numbers);
  }

  /**
   * A line of the table of numbers.
   *
   * @param interval empty where there is none
   * @param meaning the definition, for the tooltip
   */
  record Fact(String name, String value, String interval, String meaning) {}

  /**
   * What follows the threshold.
   *
   * @param point what it does to the tested prompts
   * @param roc the curves with it
   * @param title of the list of prompts
   * @param prompts those of the chosen bar, or those nearest to the threshold
   * @param barChosen whether a bar is chosen
   */
  record Threshold(
      Optional<Detection.OperatingPoint> point,
      Figure roc,
      String title,
      List<OodRun.Scored> prompts,
      boolean barChosen) {
    Threshold {
      prompts = List.copyOf(prompts);
    }
  }

  /**
   * What follows the box.
   *
   * @param busy whether a prompt is being scored
   * @param problem why there is no answer, in one line, or empty
   * @param layers the answer
   * @param tokens length of the prompt
   * @param scores the histogram with the prompt's place in it
   */
  record Typed(
      boolean busy, String problem, List<Layer> layers, int tokens, Optional<Figure> scores) {
    /** Before anything was typed. */
    static final Typed NOTHING = new Typed(false, "", List.of(), 0, Optional.empty());

    /** While a prompt is being scored. */
    static final Typed BUSY = new Typed(true, "", List.of(), 0, Optional.empty());

    /** No answer, and why. */
    static Typed failed(String problem) {
      return new Typed(false, problem, List.of(), 0, Optional.empty());
    }

    Typed {
      layers = List.copyOf(layers);
    }
  }

  /**
   * A prompt's score at a layer, by the detector that is shown.
   *
   * @param aboveIn share of tested in-distribution prompts with a lower score
   * @param threshold that is applied: the dragged one at the layer shown, elsewhere the run's; NaN
   *     where there is none
   * @param rejected whether the score reaches it
   */
  record Layer(
      int layer,
      double score,
      double aboveIn,
      double aboveOut,
      double threshold,
      boolean rejected) {
    static Layer of(PromptScoring.LayerScore at, OodRun.Place place, OodRun run, double threshold) {
      double score = place.detector() == Detector.PLAIN ? at.plain() : at.relative();
      return new Layer(
          at.layer(),
          score,
          below(run.in(place), score),
          below(run.out(place), score),
          threshold,
          score >= threshold);
    }

    /** Share of scores below one. */
    private static double below(double[] ascending, double score) {
      int count = 0;
      while (count < ascending.length && ascending[count] < score) {
        count++;
      }
      return ascending.length == 0 ? Double.NaN : (double) count / ascending.length;
    }
  }
}
