package dev.plumbline.app.live;

import dev.plumbline.figure.Dash;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the comparison shows at one moment.
 *
 * @param answered false until the workspace was asked for the first time
 * @param layout what was asked for
 * @param matching how many runs the filter finds; of many the newest are shown
 * @param runs the runs that are shown
 * @param keys the colours and patterns with what they stand for
 * @param panels the charts, in order; of a chart with facets several
 * @param metrics names of the curves that the runs have
 * @param fields what they can be grouped by, those in which they differ first
 * @param problem what is wrong with the filter, or empty
 */
public record CompareState(
    boolean answered,
    CompareLayout layout,
    int matching,
    List<Run> runs,
    List<Key> keys,
    List<Panel> panels,
    Set<String> metrics,
    List<String> fields,
    String problem) {

  /** A run: its colour where each has its own. */
  public record Run(String id, String name, Map<String, String> settings) {
    /** Copies the map. */
    public Run {
      settings = Map.copyOf(settings);
    }
  }

  /** What a colour or a pattern stands for. */
  public record Key(Ink ink, Dash dash, String label, List<String> runs, boolean hidden) {
    /** Copies the list. */
    public Key {
      runs = List.copyOf(runs);
    }
  }

  /**
   * A chart.
   *
   * @param chart its number in the layout
   * @param facet the value that its runs share, or empty
   * @param axis charts with the same one zoom together
   * @param definition what is measured and how it is drawn
   */
  public record Panel(int chart, String facet, String axis, Figure figure, String definition) {}

  /** Copies the collections. */
  public CompareState {
    runs = List.copyOf(runs);
    keys = List.copyOf(keys);
    panels = List.copyOf(panels);
    metrics = Set.copyOf(metrics);
    fields = List.copyOf(fields);
  }

  static CompareState none() {
    return new CompareState(
        false, CompareLayout.first(), 0, List.of(), List.of(), List.of(), Set.of(), List.of(), "");
  }

  /** A run's name on charts. */
  String name(String runId) {
    return runs.stream()
        .filter(run -> run.id().equals(runId))
        .map(Run::name)
        .findFirst()
        .orElse(runId);
  }
}
