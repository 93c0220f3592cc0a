package dev.plumbline.app.evaluation.ood;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.app.feed.RunReader;
import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.figure.DetectionCharts.Cell;
import dev.plumbline.workspace.StudyRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The areas of a study by layer and model size, over its seeds.
 *
 * @param study its name
 * @param sizes names of the sizes in the study's order
 * @param layers names of the layers
 * @param cells areas by detector
 * @param runs a run of each size, the first
 */
record OodSizes(
    String study,
    List<String> sizes,
    List<String> layers,
    Map<Detector, List<Cell>> cells,
    Map<String, String> runs) {

  private static final Logger LOG = LoggerFactory.getLogger(OodSizes.class);

  OodSizes {
    sizes = List.copyOf(sizes);
    layers = List.copyOf(layers);
    cells = Map.copyOf(cells);
    runs = Map.copyOf(runs);
  }

  /** The newest study with results that a run is a member of. */
  static Optional<OodSizes> of(RunReader reader, Snapshot snapshot, String runId) {
    for (StudyRow row : snapshot.results()) {
      if (!row.analysis().equals("ood") || !row.analysed()) {
        continue;
      }
      try {
        List<StudyMember> members =
            Study.get(snapshot.directory(), row.id()).plannedRuns().stream()
                .filter(member -> member.role().equals("ood"))
                .toList();
        if (members.stream().anyMatch(member -> member.run().equals(runId))) {
          return reader
              .studyTable(row.id(), "auroc_by_layer_and_size")
              .map(table -> read(row.name(), table, members));
        }
      } catch (UserError e) {
        LOG.debug("{} has no record: {}", row.id(), e.getMessage());
      }
    }
    return Optional.empty();
  }

  private static OodSizes read(String study, ResultTable table, List<StudyMember> members) {
    List<String> sizes = new ArrayList<>();
    List<Integer> layers = new ArrayList<>();
    Map<Detector, List<Cell>> cells = new EnumMap<>(Detector.class);
    for (int i = 0; i < table.size(); i++) {
      String size = table.text(i, "size");
      int layer = (int) table.number(i, "layer");
      if (!sizes.contains(size)) {
        sizes.add(size);
      }
      if (!layers.contains(layer)) {
        layers.add(layer);
      }
      for (Detector detector : Detector.values()) {
        if (detector.column().equals(table.text(i, "method"))) {
          cells
              .computeIfAbsent(detector, _ -> new ArrayList<>())
              .add(
                  new Cell(
                      size,
                      Integer.toString(layer),
                      table.number(i, "auroc"),
                      table.number(i, "low"),
                      table.number(i, "high"),
                      (long) table.number(i, "seeds")));
        }
      }
    }
    Map<String, String> runs = new LinkedHashMap<>();
    for (StudyMember member : members) {
      String size = member.levels().get("size");
      if (size != null) {
        runs.putIfAbsent(size, member.run());
      }
    }
    return new OodSizes(
        study,
        sizes,
        layers.stream().sorted().map(each -> Integer.toString(each)).toList(),
        cells,
        runs);
  }
}
