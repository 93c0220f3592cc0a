package dev.plumbline.app.help;

import dev.plumbline.training.Metrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What every number is: the metrics of the registry and the columns of the tables of results, each
 * with its unit, its definition and where the paper speaks of it.
 */
public final class Glossary {
  /** The columns, one a line: table, column, unit, definition, with tabs between. */
  private static final String COLUMNS = "/dev/plumbline/ui/columns.tsv";

  /** What an entry is about. */
  public enum Kind {
    METRIC,
    COLUMN
  }

  /**
   * One entry.
   *
   * @param name its name in files: of a column, table and column with a dot between
   * @param label its name on charts; of a column, its own name
   * @param unit its unit, empty for a pure number
   * @param definition one line: formula and what it is taken over
   * @param better which way is good
   * @param source where the paper speaks of it, or that it does not
   */
  public record Entry(
      Kind kind,
      String name,
      String label,
      String unit,
      String definition,
      Metrics.Better better,
      String source) {
    /** How well every word of a query is met: 0 not at all, more is better. */
    int match(String query) {
      String wanted = query.strip().toLowerCase(Locale.ROOT);
      if (wanted.isEmpty()) {
        return 1;
      }
      String plain = plain(label);
      if (name.equals(wanted) || plain.equals(wanted)) {
        return 6;
      }
      if (name.startsWith(wanted) || plain.startsWith(wanted)) {
        return kind == Kind.METRIC ? 5 : 4;
      }
      String head = name + "\n" + plain;
      String all = head + "\n" + definition.toLowerCase(Locale.ROOT);
      boolean inHead = true;
      for (String word : wanted.split("\\s+", -1)) {
        if (!all.contains(word)) {
          return 0;
        }
        inHead &= head.contains(word);
      }
      return inHead ? 3 : 2;
    }
  }

  private final List<Entry> entries;
  private final Map<String, Entry> byWords = new HashMap<>();

  private Glossary(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    for (Entry entry : entries) {
      byWords.putIfAbsent(entry.name(), entry);
      byWords.putIfAbsent(plain(entry.label()), entry);
    }
  }

  /** Reads the registry and the columns; some milliseconds of reading. */
  public static Glossary read() {
    List<Entry> entries = new ArrayList<>();
    for (Metrics.Metric metric : Metrics.all()) {
      entries.add(
          new Entry(
              Kind.METRIC,
              metric.name(),
              metric.label(),
              metric.unit(),
              metric.definition(),
              metric.better(),
              PaperSources.ofMetric(metric.name())));
    }
    for (Metrics.Family family : Metrics.families()) {
      entries.add(
          new Entry(
              Kind.METRIC,
              family.of("NAME"),
              family.label(),
              family.unit(),
              family.definition(),
              family.better(),
              PaperSources.ofMetric(family.prefix())));
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Glossary.class.getResourceAsStream(COLUMNS), COLUMNS),
                StandardCharsets.UTF_8))) {
      for (String line : lines.lines().toList()) {
        String[] parts = line.split("\t", -1);
        entries.add(
            new Entry(
                Kind.COLUMN,
                parts[0] + "." + parts[1],
                parts[1],
                parts[2],
                parts[3],
                Metrics.Better.NEITHER,
                PaperSources.ofTable(parts[0])));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Glossary(entries);
  }

  /** All entries, metrics first, as they are best read. */
  public List<Entry> entries() {
    return entries;
  }

  /** The entries that have every word of a query, the nearest first. */
  public List<Entry> matching(String query) {
    return entries.stream()
        .filter(entry -> entry.match(query) > 0)
        .sorted(Comparator.comparingInt(entry -> -entry.match(query)))
        .toList();
  }

  /**
   * The entry that a text on the screen names: a metric's name or label, with or without its unit
   * or the run's statistic behind it; a metric of a spec's name is an entry of its family.
   */
  public Optional<Entry> named(String text) {
    String wanted = plain(text);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Entry exact = byWords.get(wanted);
    if (exact != null) {
      return Optional.of(exact);
    }
    int end = wanted.lastIndexOf('/') + 1;
    Entry family = end > 0 ? byWords.get(wanted.substring(0, end) + "NAME") : null;
    if (family != null) {
      return Optional.of(family);
    }
    for (String behind : new String[] {", ", ".", " ("}) {
      int cut = wanted.lastIndexOf(behind);
      Entry entry = cut > 0 ? byWords.get(wanted.substring(0, cut)) : null;
      if (entry != null && entry.kind() == Kind.METRIC) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** Lower case, without the marks of lowered and raised parts; NAME stays what it is. */
  private static String plain(String text) {
    String bare = text.strip().replaceAll("[_^]\\{([^}]*)}", "$1");
    return bare.contains("NAME") ? bare : bare.toLowerCase(Locale.ROOT);
  }
}
