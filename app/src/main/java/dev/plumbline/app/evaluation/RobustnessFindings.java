package dev.plumbline.app.evaluation;

import dev.plumbline.analysis.GapOnset;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Overoptimisation;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.figure.RobustnessCharts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When gaps open and where the gold reward peaks, in numbers. */
final class RobustnessFindings {
  private RobustnessFindings() {}

  /** A line for each gap and law of each run, and for the mean gap over runs. */
  static List<NumberLine> of(List<RobustnessCharts.Policy> runs) {
    List<NumberLine> lines = new ArrayList<>();
    Map<String, String> tests = new LinkedHashMap<>();
    for (RobustnessCharts.Policy run : runs) {
      for (RobustnessCharts.Gap gap : run.gaps()) {
        tests.put(gap.metric(), gap.name());
        gap.onset(run.step())
            .ifPresent(
                onset ->
                    lines.add(
                        gap(
                            run.id() + "/" + gap.metric(),
                            Strings.text("robustness.gap", run.label(), gap.name()),
                            onset,
                            Strings.text("robustness.gap.tip"))));
      }
      run.law()
          .ifPresent(
              law ->
                  lines.add(
                      law(run.id() + "/law", Strings.text("robustness.law", run.label()), law)));
      run.bestLaw()
          .ifPresent(
              law ->
                  lines.add(
                      law(
                          run.id() + "/best_law",
                          Strings.text("robustness.law.best", run.label()),
                          law)));
    }
    List<NumberLine> over = new ArrayList<>();
    tests.forEach(
        (metric, name) ->
            RobustnessCharts.overRuns(runs, metric)
                .ifPresent(
                    onset ->
                        over.add(
                            gap(
                                "over/" + metric,
                                Strings.text("robustness.gap.over", runs.size(), name),
                                onset,
                                Strings.text("robustness.gap.over.tip", runs.size())))));
    over.addAll(lines);
    return over;
  }

  private static NumberLine gap(String id, String name, GapOnset found, String definition) {
    if (found.points().isEmpty()) {
      return new NumberLine(id, name, Numbers.NONE, "", definition);
    }
    long step = found.onset().orElse(-1);
    Optional<GapOnset.Point> at =
        found.points().stream().filter(point -> point.step() == step).findFirst();
    GapOnset.Point shown = at.orElse(found.points().getLast());
    String value =
        at.isPresent()
            ? Strings.text("robustness.gap.from", Numbers.whole(step))
            : Strings.text("robustness.gap.none");
    return new NumberLine(
        id,
        name,
        value,
        at.isPresent()
            ? Strings.text(
                "robustness.gap.there", Numbers.signed(shown.gap(), 3), ends(shown.interval()))
            : Strings.text(
                "robustness.gap.end", Numbers.signed(shown.gap(), 3), ends(shown.interval())),
        definition);
  }

  private static String ends(Interval interval) {
    return Double.isNaN(interval.low())
        ? ""
        : "[" + Numbers.fixed(interval.low(), 3) + ", " + Numbers.fixed(interval.high(), 3) + "]";
  }

  private static NumberLine law(String id, String name, Overoptimisation law) {
    String value =
        law.peak()
            .map(peak -> Strings.text("robustness.peak", Numbers.fixed(peak.distance(), 2)))
            .orElse(Strings.text("robustness.peak.none"));
    String beside =
        law.peak()
            .map(
                peak ->
                    Strings.text(
                        "robustness.peak.reward",
                        ends(peak.distanceInterval()),
                        Numbers.signed(peak.reward(), 2)))
            .orElse("");
    String sure =
        law.peak()
            .map(
                peak ->
                    peak.extrapolated()
                        ? Strings.text("robustness.peak.beyond")
                        : peak.betaCertain() ? "" : Strings.text("robustness.peak.unsure"))
            .orElse(law.noPeak());
    return new NumberLine(
        id,
        name,
        value,
        beside,
        Strings.text(
            "robustness.law.tip",
            Numbers.fixed(law.alpha().value(), 3),
            Numbers.fixed(law.beta().value(), 3),
            Numbers.fixed(law.rSquared(), 2),
            law.n(),
            sure));
  }
}
