package dev.plumbline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a benchmark found.
 *
 * @param started when it began, ISO 8601
 * @param seconds how long it took
 * @param engine the native library's version
 * @param device {@code cpu}, or a GPU
 * @param threads threads of one operation
 * @param cores cores that the process may use
 * @param system operating system and architecture
 * @param measurements the numbers, part by part
 * @param notes how they are to be read, and what was left out
 */
public record BenchReport(
    String started,
    double seconds,
    String engine,
    String device,
    int threads,
    int cores,
    String system,
    List<Measurement> measurements,
    List<String> notes) {

  public BenchReport {
    measurements = List.copyOf(measurements);
    notes = List.copyOf(notes);
  }

  /** The numbers as lines of a table for people: the same as in the record, to three digits. */
  public List<String> lines() {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"what", "measure", "median", "quartiles", "unit", "n", "goal", ""});
    for (Measurement m : measurements) {
      Goal goal = m.goal();
      rows.add(
          new String[] {
            m.part() + " " + m.subject(),
            m.name(),
            number(m.value()),
            number(m.low()) + " - " + number(m.high()),
            m.unit(),
            Integer.toString(m.n()),
            goal == null ? "" : (goal.atLeast() ? ">= " : "<= ") + number(goal.bound()),
            m.met() == null ? "" : m.met() ? "met" : "MISSED"
          });
    }
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s, %d cores, %d threads an operation, PyTorch %s on %s; %.0f s",
            system,
            cores,
            threads,
            engine,
            device,
            seconds));
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        boolean right = i == 2 || i == 5;
        line.append(" ".repeat(right ? widths[i] - row[i].length() : 0))
            .append(row[i])
            .append(" ".repeat(right ? 2 : widths[i] - row[i].length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    lines.addAll(notes);
    return lines;
  }

  /** A number to three digits that say something. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    double size = Math.abs(value);
    int places = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + places + "f", value);
  }
}
