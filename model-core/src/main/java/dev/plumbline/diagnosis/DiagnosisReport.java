package dev.plumbline.diagnosis;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/**
 * What was found.
 *
 * @param version version of Plumbline
 * @param taken when
 * @param sections findings by subject, in the order to be read
 */
public record DiagnosisReport(String version, Instant taken, List<Section> sections) {
  public DiagnosisReport {
    taken = taken.truncatedTo(ChronoUnit.SECONDS);
    sections = List.copyOf(sections);
  }

  /**
   * Findings on one subject.
   *
   * @param title the subject
   */
  public record Section(String title, List<Finding> findings) {
    public Section {
      findings = List.copyOf(findings);
    }

    /** The worst mark among the findings; information where nothing in it can be well or ill. */
    public Finding.Mark worst() {
      return findings.stream()
          .map(Finding::mark)
          .filter(mark -> mark != Finding.Mark.INFO)
          .max(Comparator.naturalOrder())
          .orElse(Finding.Mark.INFO);
    }
  }

  /** What is broken, the first thing first. */
  public List<Finding> failures() {
    return sections.stream()
        .flatMap(section -> section.findings().stream())
        .filter(finding -> finding.mark() == Finding.Mark.FAIL)
        .toList();
  }

  /**
   * The whole as plain text for a bug report; the user's home directory is written as {@code ~}.
   */
  public String text() {
    int width =
        sections.stream()
            .flatMap(section -> section.findings().stream())
            .mapToInt(finding -> finding.label().length())
            .max()
            .orElse(0);
    StringBuilder text = new StringBuilder("Plumbline " + version + ", " + taken + "\n");
    for (Section section : sections) {
      text.append('\n').append(section.title()).append('\n');
      for (Finding finding : section.findings()) {
        String mark =
            switch (finding.mark()) {
              case PASS -> "ok  ";
              case INFO -> "    ";
              case WARN -> "warn";
              case FAIL -> "FAIL";
            };
        text.append(mark)
            .append("  ")
            .append(finding.label())
            .append(" ".repeat(width - finding.label().length() + 2))
            .append(finding.value());
        if (!finding.advice().isEmpty()) {
          text.append("; ").append(finding.advice());
        }
        text.append('\n');
      }
    }
    return withoutHome(text.toString(), System.getProperty("user.home", ""));
  }

  /** Paths below the home directory without the name of the user. */
  static String withoutHome(String text, String home) {
    return home.length() < 2 ? text : text.replace(home, "~");
  }
}
