package dev.plumbline.app.evaluation;

import dev.plumbline.figure.Figure;
import dev.plumbline.workspace.RunRow;
import java.util.List;

/**
 * What the part of robustness shows.
 *
 * @param answered whether the workspace has been asked
 * @param runs policies that can be chosen, newest first
 * @param chosen ids of the chosen ones
 * @param scores every judge's score
 */
record RobustnessState(boolean answered, List<RunRow> runs, List<String> chosen, Figure scores) {
  RobustnessState {
    runs = List.copyOf(runs);
    chosen = List.copyOf(chosen);
  }
}
