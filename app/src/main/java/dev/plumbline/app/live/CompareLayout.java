package dev.plumbline.app.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.figure.ComparisonChart;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.List;

/**
 * How runs are compared: what a saved view keeps beside its name.
 *
 * @param filter which runs, in the language of the table of runs; empty for all
 * @param runs ids of chosen runs; empty for those that pass the filter
 * @param colour the setting whose values are colours; empty for a colour of its own for each run
 * @param dash the setting whose values are patterns; empty for the metrics of a chart
 * @param facet the setting whose values have charts of their own, or empty
 * @param seeds how runs that differ in their seed alone are drawn
 * @param smoothing weight of the past in the average that is drawn, 0 for none
 * @param marks whether steering, resumes and notices are marked
 * @param checkpoints whether checkpoints are
 * @param charts from left to right and from the top
 */
public record CompareLayout(
    String filter,
    List<String> runs,
    String colour,
    String dash,
    String facet,
    ComparisonChart.Seeds seeds,
    double smoothing,
    boolean marks,
    boolean checkpoints,
    List<ChartSpec> charts) {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Puts what was read into bounds. */
  public CompareLayout {
    filter = filter == null ? "" : filter;
    runs = runs == null ? List.of() : List.copyOf(runs);
    colour = colour == null ? "" : colour;
    dash = dash == null ? "" : dash;
    facet = facet == null ? "" : facet;
    seeds = seeds == null ? ComparisonChart.Seeds.EACH : seeds;
    smoothing = smoothing >= 0 && smoothing < 1 ? smoothing : 0;
    charts = charts == null ? List.of() : List.copyOf(charts);
  }

  /** What is shown at first; the charts follow from the runs. */
  static CompareLayout first() {
    return new CompareLayout(
        "", List.of(), "", "", "", ComparisonChart.Seeds.EACH, 0, true, false, List.of());
  }

  /** The charts that suit a stage. */
  static List<ChartSpec> chartsOf(String stage) {
    return switch (stage) {
      case "rlhf" ->
          List.of(
              ChartSpec.rewardLaw(),
              ChartSpec.of(Metrics.KL_EXACT).sized(2, 1),
              ChartSpec.of(Metrics.RESPONSE_TOKENS).sized(2, 1),
              ChartSpec.of(Metrics.GOLD_REWARD),
              ChartSpec.of(Metrics.ENTROPY));
      case "preference" ->
          List.of(
              ChartSpec.of(Metrics.EVAL_ACCURACY).sized(4, 2),
              ChartSpec.of(Metrics.LOSS).sized(2, 1),
              ChartSpec.of(Metrics.EVAL_LOSS).sized(2, 1));
      default ->
          List.of(
              ChartSpec.of(Metrics.LOSS).sized(4, 2),
              ChartSpec.of(Metrics.EVAL_LOSS).sized(2, 1),
              ChartSpec.of(Metrics.GRAD_NORM).sized(2, 1));
    };
  }

  CompareLayout withFilter(String text) {
    return new CompareLayout(
        text, List.of(), colour, dash, facet, seeds, smoothing, marks, checkpoints, charts);
  }

  CompareLayout withRuns(List<String> ids) {
    return new CompareLayout(
        filter, ids, colour, dash, facet, seeds, smoothing, marks, checkpoints, charts);
  }

  CompareLayout grouped(String newColour, String newDash, String newFacet) {
    return new CompareLayout(
        filter, runs, newColour, newDash, newFacet, seeds, smoothing, marks, checkpoints, charts);
  }

  CompareLayout withSeeds(ComparisonChart.Seeds value) {
    return new CompareLayout(
        filter, runs, colour, dash, facet, value, smoothing, marks, checkpoints, charts);
  }

  CompareLayout withSmoothing(double value) {
    return new CompareLayout(
        filter, runs, colour, dash, facet, seeds, value, marks, checkpoints, charts);
  }

  CompareLayout withMarks(boolean happenings, boolean saved) {
    return new CompareLayout(
        filter, runs, colour, dash, facet, seeds, smoothing, happenings, saved, charts);
  }

  CompareLayout withCharts(List<ChartSpec> others) {
    return new CompareLayout(
        filter, runs, colour, dash, facet, seeds, smoothing, marks, checkpoints, others);
  }

  /** The same with another chart in the place of one. */
  CompareLayout with(int chart, ChartSpec spec) {
    List<ChartSpec> others = new ArrayList<>(charts);
    others.set(chart, spec);
    return withCharts(others);
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a saved layout; what cannot be read is the first one. */
  static CompareLayout read(String json) {
    try {
      return JSON.readValue(json, CompareLayout.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return first();
    }
  }
}
