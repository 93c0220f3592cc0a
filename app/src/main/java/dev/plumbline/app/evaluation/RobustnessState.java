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
 * @param gaps train less test
 * @param gold gold reward with its laws
 * @param findings when gaps open and where gold peaks, a line each
 */
record RobustnessState(
    boolean answered,
    List<RunRow> runs,
    List<String> chosen,
    Figure scores,
    Figure gaps,
    Figure gold,
    List<NumberLine> findings) {
  RobustnessState {
    runs = List.copyOf(runs);
    chosen = List.copyOf(chosen);
    findings = List.copyOf(findings);
  }
}
