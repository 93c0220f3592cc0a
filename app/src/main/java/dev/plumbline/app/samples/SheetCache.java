package dev.plumbline.app.samples;

import dev.plumbline.app.feed.RunReader;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.SampleRow;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The sheets that were read last, so that a key stroke in the filter does not read ten thousand
 * responses again. A step's responses stay as they are once a later step has some.
 */
final class SheetCache {
  /** Sheets that are kept: those of two full sets of columns. */
  private static final int MOST = 8;

  private record Place(String runId, long step) {}

  private record Sheet(long latest, long done, Map<String, ResponseSample> byPrompt) {}

  private final Map<Place, Sheet> sheets = new LinkedHashMap<>(16, 0.75f, true);

  /** Forgets everything. */
  synchronized void clear() {
    sheets.clear();
  }

  /**
   * The responses of a step by prompt, in the sheet's order; of a prompt that stands there twice
   * the first.
   *
   * @param steps the run's steps with responses, ascending
   */
  synchronized Map<String, ResponseSample> read(
      RunReader reader, RunRow run, long step, List<Long> steps) {
    long latest = steps.isEmpty() ? -1 : steps.getLast();
    Place place = new Place(run.id(), step);
    Sheet known = sheets.get(place);
    boolean complete = known != null && step < known.latest() && known.latest() <= latest;
    boolean still =
        known != null
            && !run.state().isActive()
            && known.done() == run.step()
            && known.latest() == latest;
    if (known != null && (complete || still)) {
      return known.byPrompt();
    }
    Map<String, ResponseSample> byPrompt = new LinkedHashMap<>();
    reader.samples(run.id(), OptionalLong.of(step)).stream()
        .map(SampleRow::sample)
        .sorted(Comparator.comparingInt(ResponseSample::index))
        .forEach(sample -> byPrompt.putIfAbsent(sample.prompt(), sample));
    sheets.put(place, new Sheet(latest, run.step(), byPrompt));
    while (sheets.size() > MOST) {
      sheets.remove(sheets.keySet().iterator().next());
    }
    return byPrompt;
  }
}
