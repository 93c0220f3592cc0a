package dev.plumbline.app.live;

import dev.plumbline.figure.Figure;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.workspace.MarkRow;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.SampleRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the live page shows at one moment.
 *
 * @param answered false until the workspace was asked for the first time
 * @param focus the run whose numbers and controls are shown
 * @param shown all runs on the charts, the focus first
 * @param tiles the numbers on top
 * @param main the large chart
 * @param charts the small charts
 * @param slopes slopes of reward against sqrt(KL)
 * @param settings the numbers among the focus's settings, as they are in force
 * @param marks what happened to the focus, newest first
 * @param samples latest responses of the focus
 */
public record LiveState(
    boolean answered,
    Optional<RunRow> focus,
    List<RunRow> shown,
    List<TileValue> tiles,
    Chart main,
    List<Chart> charts,
    List<PaperFigures.SlopeRow> slopes,
    Map<String, Double> settings,
    List<MarkRow> marks,
    List<SampleRow> samples) {

  /**
   * A number on a tile.
   *
   * @param title what it is
   * @param text its value
   * @param unit its unit, or empty
   * @param note a line under it
   * @param course values before it, oldest first
   * @param definition what is measured
   */
  public record TileValue(
      String title, String text, String unit, String note, List<Double> course, String definition) {
    /** Copies the list. */
    public TileValue {
      course = List.copyOf(course);
    }
  }

  /**
   * A chart.
   *
   * @param metric name of its metric; empty for reward against sqrt(KL)
   * @param figure what is drawn
   * @param definition what is measured
   */
  public record Chart(String metric, Figure figure, String definition) {}

  /** Copies the lists. */
  public LiveState {
    shown = List.copyOf(shown);
    tiles = List.copyOf(tiles);
    charts = List.copyOf(charts);
    slopes = List.copyOf(slopes);
    settings = Map.copyOf(settings);
    marks = List.copyOf(marks);
    samples = List.copyOf(samples);
  }
}
