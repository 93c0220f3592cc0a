package dev.plumbline.app.diagnostics;

import dev.plumbline.diagnosis.DiagnosisReport;
import java.util.Optional;

/**
 * What the page shows.
 *
 * @param report the newest findings
 * @param testing whether known answers are being asked for
 * @param tested whether the findings hold known answers
 * @param canInstall whether there is a CUDA build for this system that is not there yet
 * @param installing whether it is being installed
 * @param problem why the last thing that was asked for did not come about; empty where it did
 */
public record DiagnosticsState(
    Optional<DiagnosisReport> report,
    boolean testing,
    boolean tested,
    boolean canInstall,
    boolean installing,
    String problem) {
  static final DiagnosticsState NONE =
      new DiagnosticsState(Optional.empty(), false, false, false, false, "");

  DiagnosticsState with(DiagnosisReport found, boolean answers, boolean installable) {
    return new DiagnosticsState(
        Optional.of(found), testing, answers, installable, installing, problem);
  }

  DiagnosticsState testing(boolean value) {
    return new DiagnosticsState(report, value, tested, canInstall, installing, problem);
  }

  DiagnosticsState installing(boolean value) {
    return new DiagnosticsState(report, testing, tested, canInstall, value, problem);
  }

  DiagnosticsState problem(String line) {
    return new DiagnosticsState(report, testing, tested, canInstall, installing, line);
  }
}
