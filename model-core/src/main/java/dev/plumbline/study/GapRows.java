package dev.plumbline.study;

import dev.plumbline.analysis.GapOnset;
import dev.plumbline.analysis.ResultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rows of a table that tell when two scores come apart: gaps over seeds, and their onset. */
final class GapRows {
  private GapRows() {}

  /** Adds the columns, from the step on. */
  static ResultTable.Builder columns(ResultTable.Builder table, String gap) {
    return OverSeeds.columns(
            table.number("step", "iteration", "updates of the policy"), "gap", "nat", gap)
        .number("onset", "", "1 from the step on after which every interval excludes 0");
  }

  /** Adds a row for each step; the cells stand before its own. */
  static void add(ResultTable.Builder table, GapOnset gap, Object... cells) {
    for (GapOnset.Point point : gap.points()) {
      boolean apart = gap.onset().isPresent() && point.step() >= gap.onset().getAsLong();
      List<Object> row = new ArrayList<>(Arrays.asList(cells));
      row.addAll(
          List.of(
              point.step(),
              point.gap(),
              point.interval().low(),
              point.interval().high(),
              point.n(),
              apart ? 1 : 0));
      table.row(row);
    }
  }
}
