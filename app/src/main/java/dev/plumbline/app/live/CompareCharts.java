package dev.plumbline.app.live;

import dev.plumbline.app.feed.CurveCache;
import dev.plumbline.app.feed.LawFigure;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.ComparisonChart;
import dev.plumbline.figure.Dash;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.training.Metrics;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.RunRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** From curves to the charts of the comparison; on the reading thread alone. */
final class CompareCharts {
  /** Charts that a facet makes at most. */
  static final int FACETS = 12;

  /** Runs whose marks have words; of more the words would cover the plot. */
  private static final int LABELLED = 3;

  private static final Dash[] DASHES = {
    Dash.SOLID, Dash.DASHED, Dash.DOTTED, Dash.DASH_DOT, Dash.DASH_DOT_DOT
  };

  private static final Pattern SEED_AND_DATE =
      Pattern.compile("[-_ ]?seed[-_ ]?\\d+|-\\d{8}-\\d{6}(-\\d+)?");

  private final CurveCache curves = new CurveCache();
  private final LawFigure law = new LawFigure();

  /** What a chart needs to know of all runs. */
  record Grouping(
      CompareLayout layout,
      List<CompareState.Run> runs,
      Set<String> hidden,
      Map<String, Ink> inks,
      Map<String, Dash> dashes,
      List<String> facets) {
    /** A run's value of a setting; empty where it has none. */
    static String value(CompareState.Run run, String field) {
      return run.settings().getOrDefault(field, "");
    }
  }

  /** Colours, patterns and facets of the runs. */
  static Grouping group(CompareLayout layout, List<CompareState.Run> runs, Set<String> hidden) {
    Map<String, Ink> inks = new HashMap<>();
    List<String> colours = levels(runs, layout.colour());
    List<String> patterns = levels(runs, layout.dash());
    Map<String, Dash> dashes = new HashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      CompareState.Run run = runs.get(i);
      inks.put(
          run.id(),
          Ink.series(
              layout.colour().isEmpty()
                  ? i
                  : colours.indexOf(Grouping.value(run, layout.colour()))));
      if (!layout.dash().isEmpty()) {
        int level = patterns.indexOf(Grouping.value(run, layout.dash()));
        dashes.put(run.id(), DASHES[level % DASHES.length]);
      }
    }
    List<String> facets = levels(runs, layout.facet());
    return new Grouping(
        layout,
        runs,
        hidden,
        inks,
        dashes,
        layout.facet().isEmpty()
            ? List.of("")
            : facets.subList(0, Math.min(facets.size(), FACETS)));
  }

  /** The different values of a setting, numbers by size and before texts. */
  static List<String> levels(List<CompareState.Run> runs, String field) {
    Set<String> values =
        runs.stream()
            .map(run -> Grouping.value(run, field))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return values.stream()
        .sorted(
            Comparator.comparingDouble(CompareCharts::number)
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  /** What colours and patterns stand for. */
  static List<CompareState.Key> keys(Grouping grouping) {
    CompareLayout layout = grouping.layout();
    Map<String, List<CompareState.Run>> groups = new LinkedHashMap<>();
    Function<CompareState.Run, String> name =
        run -> {
          if (layout.colour().isEmpty() && layout.dash().isEmpty()) {
            return run.id();
          }
          return Grouping.value(run, layout.colour()) + "\0" + Grouping.value(run, layout.dash());
        };
    boolean each = layout.colour().isEmpty();
    for (CompareState.Run run : grouping.runs()) {
      groups.computeIfAbsent(each ? run.id() : name.apply(run), _ -> new ArrayList<>()).add(run);
    }
    List<CompareState.Key> keys = new ArrayList<>();
    for (List<CompareState.Run> members : groups.values()) {
      CompareState.Run first = members.getFirst();
      List<String> ids = members.stream().map(CompareState.Run::id).toList();
      keys.add(
          new CompareState.Key(
              grouping.inks().getOrDefault(first.id(), Ink.MUTED),
              grouping.dashes().getOrDefault(first.id(), Dash.SOLID),
              each ? first.name() : label(layout, first) + "  (" + members.size() + ")",
              ids,
              grouping.hidden().containsAll(ids)));
    }
    if (!each) {
      keys.sort(
          Comparator.comparingInt((CompareState.Key key) -> key.ink().index())
              .thenComparing(CompareState.Key::dash));
    }
    return keys;
  }

  /** The settings that a run is grouped by with its values, for its group's name. */
  private static String label(CompareLayout layout, CompareState.Run run) {
    List<String> parts = new ArrayList<>();
    for (String field : List.of(layout.colour(), layout.dash())) {
      if (!field.isEmpty()) {
        String value = Grouping.value(run, field);
        parts.add(shortName(field) + " = " + (value.isEmpty() ? Strings.text("live.none") : value));
      }
    }
    return String.join(", ", parts);
  }

  /** A setting without the groups that it lies in. */
  static String shortName(String field) {
    return field.substring(field.lastIndexOf('.') + 1);
  }

  /** What has changed is read again. */
  void forget(Set<String> runs) {
    curves.forget(runs);
  }

  /** The charts of one spec, one for each facet that has runs. */
  List<CompareState.Panel> panels(RunReader reader, Grouping grouping, int chart) {
    ChartSpec spec = grouping.layout().charts().get(chart);
    List<CompareState.Panel> panels = new ArrayList<>();
    for (String facet : grouping.facets()) {
      List<CompareState.Run> runs =
          grouping.runs().stream()
              .filter(run -> !grouping.hidden().contains(run.id()))
              .filter(
                  run ->
                      grouping.layout().facet().isEmpty()
                          || Grouping.value(run, grouping.layout().facet()).equals(facet))
              .toList();
      String named =
          grouping.layout().facet().isEmpty()
              ? ""
              : shortName(grouping.layout().facet())
                  + " = "
                  + (facet.isEmpty() ? Strings.text("live.none") : facet);
      panels.add(
          spec.law()
              ? law(reader, grouping, spec, runs, chart, named)
              : curves(reader, grouping, spec, runs, chart, named));
    }
    return panels;
  }

  private CompareState.Panel law(
      RunReader reader,
      Grouping grouping,
      ChartSpec spec,
      List<CompareState.Run> runs,
      int chart,
      String facet) {
    List<RunRow> policies = new ArrayList<>();
    for (CompareState.Run run : runs) {
      if (curves.get(reader, run.id(), Metrics.KL_EXACT).size() > 0) {
        reader.run(run.id()).ifPresent(policies::add);
      }
    }
    boolean seeds = grouping.layout().seeds() != ComparisonChart.Seeds.EACH;
    Map<String, String> groups = new HashMap<>();
    if (seeds) {
      runs.forEach(run -> groups.put(run.id(), group(grouping, run)));
    }
    PaperFigures.Options all = PaperFigures.Options.ALL;
    PaperFigures.Options paper =
        new PaperFigures.Options(
            all.fit(),
            all.lines(),
            all.theory(),
            all.gold(),
            grouping.layout().marks() && policies.size() <= LABELLED);
    Figure figure = law.of(reader, policies, LawFigure.Options.ALL.with(paper), groups).figure();
    figure =
        retitled(figure, figure.title(), figure.subtitle() + patterns(figure))
            .withLegend(Figure.Legend.NONE);
    figure =
        figure.withAxes(
            figure.x().withScale(scale(spec.logX())), figure.y().withScale(scale(spec.logY())));
    if (!facet.isEmpty()) {
      figure = retitled(figure, figure.title(), facet);
    }
    return new CompareState.Panel(
        chart, facet, spec.axis(), recoloured(figure, policies, grouping), figure.caption());
  }

  /** What the patterns of the law's lines mean, as far as there are any. */
  private static String patterns(Figure figure) {
    StringBuilder words = new StringBuilder();
    if (has(figure, "/gold_reward")) {
      words.append(" · ").append(Strings.text("live.law.gold"));
    }
    if (has(figure, "/" + Metrics.TEST.prefix())) {
      words.append(" · ").append(Strings.text("live.law.test"));
    }
    if (has(figure, "/best_of_k")) {
      words.append(" · ").append(Strings.text("live.law.best"));
    }
    return words.toString();
  }

  private static boolean has(Figure figure, String part) {
    return figure.layers().stream()
        .anyMatch(
            layer ->
                switch (layer) {
                  case Layer.Line line -> line.id().contains(part);
                  case Layer.Points points -> points.id().contains(part);
                  default -> false;
                });
  }

  /** The law's chart numbers its runs; here each run has its colour of all charts. */
  private static Figure recoloured(Figure figure, List<RunRow> runs, Grouping grouping) {
    Map<Integer, Ink> inks = new HashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      inks.put(i, grouping.inks().getOrDefault(runs.get(i).id(), Ink.series(i)));
    }
    return figure.withInks(ink -> inks.getOrDefault(ink.index(), ink));
  }

  private CompareState.Panel curves(
      RunReader reader,
      Grouping grouping,
      ChartSpec spec,
      List<CompareState.Run> runs,
      int chart,
      String facet) {
    List<ComparisonChart.Trace> traces = new ArrayList<>();
    List<Layer.Mark> marks = new ArrayList<>();
    for (CompareState.Run run : runs) {
      Column steps = Column.empty();
      Column places = Column.empty();
      for (int m = 0; m < spec.y().size(); m++) {
        String metric = spec.y().get(m);
        CurveCache.Curve curve = curves.get(reader, run.id(), metric);
        if (curve.size() == 0) {
          continue;
        }
        Column x = place(reader, run.id(), curve, spec.x());
        Dash dash = grouping.dashes().getOrDefault(run.id(), DASHES[m % DASHES.length]);
        String name = spec.y().size() == 1 ? run.name() : run.name() + " " + label(metric);
        traces.add(
            new ComparisonChart.Trace(
                run.id() + "/" + metric,
                name,
                grouping.inks().getOrDefault(run.id(), Ink.MUTED),
                dash,
                group(grouping, run),
                groupName(grouping, run) + (spec.y().size() == 1 ? "" : " " + label(metric)),
                curve.step(),
                x,
                curve.value()));
        steps = curve.step();
        places = x;
      }
      if (!steps.isEmpty()) {
        marks(reader, grouping, run, steps, places, runs.size(), marks);
      }
    }
    Metrics.Metric first = metric(spec.y().getFirst());
    String title = spec.y().stream().map(CompareCharts::label).collect(Collectors.joining(", "));
    ComparisonChart.Options options =
        new ComparisonChart.Options(
            title,
            xAxis(spec),
            new Axis(
                "",
                first.unit(),
                scale(spec.logY()),
                OptionalDouble.empty(),
                OptionalDouble.empty()),
            grouping.layout().seeds(),
            grouping.layout().smoothing(),
            spec.outliersOut());
    Figure figure =
        ComparisonChart.of(traces, marks, options)
            .withLegend(Figure.Legend.NONE) // the list beside the charts names them
            .withEmptyText(Strings.text("live.chart.empty"));
    String unit = first.unit();
    String subtitle =
        List.of(facet, unit, figure.subtitle()).stream()
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(" · "));
    Figure bare = retitled(figure, title, subtitle).withAxes(figure.x(), figure.y().bare());
    String definitions =
        spec.y().stream()
            .map(name -> label(name) + ": " + metric(name).definition())
            .collect(Collectors.joining("\n"));
    return new CompareState.Panel(
        chart,
        facet,
        spec.axis(),
        bare,
        (definitions + "\n" + joined(spec) + ComparisonChart.definition(options)).strip());
  }

  private static String joined(ChartSpec spec) {
    return ChartSpec.PLACES.contains(spec.x()) ? "" : Strings.text("live.joined") + " ";
  }

  private static Figure retitled(Figure f, String title, String subtitle) {
    return new Figure(
        title,
        subtitle,
        f.x(),
        f.y(),
        f.layers(),
        f.legend(),
        f.caption(),
        f.emptyText(),
        f.provenance());
  }

  /**
   * Runs of one group have equal settings but for their seed; models and data that other runs made
   * count as equal when their names differ in a seed and a date alone.
   */
  private static String group(Grouping grouping, CompareState.Run run) {
    String settings =
        run.settings().entrySet().stream()
            .filter(each -> !each.getKey().equals("seed") && !each.getKey().endsWith("(sha256)"))
            .sorted(Map.Entry.comparingByKey())
            .map(each -> each.getKey() + "=" + withoutSeed(each.getValue()))
            .collect(Collectors.joining("\n"));
    CompareLayout layout = grouping.layout();
    return Grouping.value(run, layout.colour())
        + "\0"
        + Grouping.value(run, layout.dash())
        + "\0"
        + settings;
  }

  static String withoutSeed(String value) {
    return value.startsWith("run:") || value.contains("/runs/")
        ? SEED_AND_DATE.matcher(value).replaceAll("")
        : value;
  }

  private static String groupName(Grouping grouping, CompareState.Run run) {
    CompareLayout layout = grouping.layout();
    return layout.colour().isEmpty() && layout.dash().isEmpty() ? run.name() : label(layout, run);
  }

  /** Where a curve's points lie along the axis; a metric's values are joined by step. */
  private Column place(RunReader reader, String run, CurveCache.Curve curve, String x) {
    return switch (x) {
      case "step" -> curve.step();
      case "samples" -> curve.samples();
      case "tokens" -> curve.tokens();
      case "time" -> curve.seconds();
      default -> join(curve.step(), curves.get(reader, run, x));
    };
  }

  /** The values of a curve at the steps of another; NaN where it was not measured. */
  static Column join(Column steps, CurveCache.Curve other) {
    double[] joined = new double[steps.size()];
    int at = 0;
    for (int i = 0; i < joined.length; i++) {
      while (at < other.size() && other.step().get(at) < steps.get(i)) {
        at++;
      }
      joined[i] =
          at < other.size() && other.step().get(at) == steps.get(i)
              ? other.value().get(at)
              : Double.NaN;
    }
    return Column.wrap(joined);
  }

  private static void marks(
      RunReader reader,
      Grouping grouping,
      CompareState.Run run,
      Column steps,
      Column places,
      int runs,
      List<Layer.Mark> marks) {
    CompareLayout layout = grouping.layout();
    if (!layout.marks() && !layout.checkpoints()) {
      return;
    }
    Ink ink = runs == 1 ? Ink.MUTED : grouping.inks().getOrDefault(run.id(), Ink.MUTED);
    for (MarkRow mark : reader.marks(run.id())) {
      boolean wanted =
          switch (mark.kind()) {
            case STEERED, RESUMED, NOTICE, ALERT -> layout.marks();
            case CHECKPOINT -> layout.checkpoints();
            case STATE -> false;
          };
      double place = wanted ? placeAt(steps, places, mark.step()) : Double.NaN;
      if (Double.isFinite(place)) {
        String words = runs <= LABELLED ? RunWords.shortMark(mark) : "";
        marks.add(new Layer.Mark(place, words, ink, run.id(), mark.step()));
      }
    }
  }

  /** The place of the last point at or before a step. */
  private static double placeAt(Column steps, Column places, long step) {
    double place = Double.NaN;
    for (int i = 0; i < steps.size() && steps.get(i) <= step; i++) {
      place = Double.isFinite(places.get(i)) ? places.get(i) : place;
    }
    return place;
  }

  private static Axis xAxis(ChartSpec spec) {
    Axis axis =
        switch (spec.x()) {
          case "step" -> Axis.linear(Strings.text("live.axis.step"), "");
          case "samples" -> Axis.linear(Strings.text("live.axis.samples"), "");
          case "tokens" -> Axis.linear(Strings.text("live.axis.tokens"), "");
          case "time" -> Axis.linear(Strings.text("live.axis.time"), "s");
          default -> {
            Metrics.Metric metric = metric(spec.x());
            yield Axis.linear(metric.label(), metric.unit());
          }
        };
    return axis.withScale(scale(spec.logX()));
  }

  private static Axis.Scale scale(boolean log) {
    return log ? Axis.Scale.LOG : Axis.Scale.LINEAR;
  }

  static String label(String metric) {
    return metric(metric).label();
  }

  private static Metrics.Metric metric(String name) {
    return Metrics.of(name).orElse(new Metrics.Metric(name, name, "", "", Metrics.Better.NEITHER));
  }

  /** The curves that runs have, ends of intervals left out. */
  static Set<String> metrics(RunReader reader, List<CompareState.Run> runs) {
    Set<String> names = new TreeSet<>();
    for (CompareState.Run run : runs) {
      for (String name : reader.metrics(run.id())) {
        if (!name.endsWith(Metrics.LOW) && !name.endsWith(Metrics.HIGH)) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
