package dev.plumbline.app.feed;

import dev.plumbline.figure.Column;
import dev.plumbline.workspace.MetricSeries;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Curves that were read, as columns: a chart that is drawn anew reads only what has changed. It
 * holds a bounded number of points, those that were asked for last. Used by one thread at a time.
 */
public final class CurveCache {
  /** Points that are held at most; five columns of 8 bytes each. */
  static final long MOST = 4_000_000;

  /** A curve as columns of one length. */
  public record Curve(Column step, Column samples, Column tokens, Column seconds, Column value) {
    /** Number of points. */
    public int size() {
      return value.size();
    }
  }

  private record Place(String run, String metric) {}

  private final Map<Place, Curve> curves = new LinkedHashMap<>(16, 0.75f, true);
  private long points;

  /** A curve; of size 0 where the run has none of that name. */
  public Curve get(RunReader reader, String run, String metric) {
    Place place = new Place(run, metric);
    Curve known = curves.get(place);
    if (known == null) {
      MetricSeries series = reader.series(run, metric);
      known =
          new Curve(
              Column.of(series.step()),
              Column.of(series.samples()),
              Column.of(series.tokens()),
              Column.wrap(series.seconds()),
              Column.wrap(series.value()));
      curves.put(place, known);
      points += known.size();
      trim();
    }
    return known;
  }

  private void trim() {
    Iterator<Curve> oldest = curves.values().iterator();
    while (points > MOST && curves.size() > 1 && oldest.hasNext()) {
      points -= oldest.next().size();
      oldest.remove();
    }
  }

  /** Forgets the curves of runs that have changed; of all where none is named. */
  public void forget(Collection<String> runs) {
    curves
        .entrySet()
        .removeIf(
            each -> {
              boolean gone = runs.isEmpty() || runs.contains(each.getKey().run());
              points -= gone ? each.getValue().size() : 0;
              return gone;
            });
  }
}
