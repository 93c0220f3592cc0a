package dev.plumbline.workspace;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Something that the table of runs can show, sort, group and filter by: an attribute of the run, a
 * key of its spec, or a statistic of one of its curves.
 *
 * <p>As text a field is {@code state}, {@code rlhf.lambda_kl} or {@code pm_score.best}; a metric
 * without a statistic is its last value. Names of metrics have no dot and keys of specs have one,
 * so the text alone says what is meant.
 */
public sealed interface RunField {
  /** The field's text, which {@link #parse} reads. */
  String text();

  /** Whether its values are numbers alone. */
  boolean isNumber();

  /** What a run has whatever its stage. */
  enum Attribute {
    NAME("name", Kind.TEXT),
    ID("id", Kind.TEXT),
    STAGE("stage", Kind.TEXT),
    STATE("state", Kind.TEXT),
    TAGS("tags", Kind.TEXT),
    NOTES("notes", Kind.TEXT),
    /** Why it is in its state. */
    DETAIL("detail", Kind.TEXT),
    SEED("seed", Kind.NUMBER),
    STEP("step", Kind.NUMBER),
    /** Steps in all. */
    STEPS("steps", Kind.NUMBER),
    /** Steps done over steps in all, 0 to 1. */
    PROGRESS("progress", Kind.NUMBER),
    /** Seconds of work. */
    TIME("time", Kind.NUMBER),
    /** When it was made. */
    CREATED("created", Kind.TEXT),
    /** Seconds since it was made. */
    AGE("age", Kind.NUMBER),
    DEVICE("device", Kind.TEXT),
    THREADS("threads", Kind.NUMBER),
    /** Equal for runs that differ in nothing but their seed, name, tags and notes. */
    CONFIGURATION("configuration", Kind.TEXT),
    /** The study that it belongs to. */
    STUDY("study", Kind.TEXT),
    /** What it is in its study. */
    ROLE("role", Kind.TEXT);

    private enum Kind {
      TEXT,
      NUMBER
    }

    private final String word;
    private final Kind kind;

    Attribute(String word, Kind kind) {
      this.word = word;
      this.kind = kind;
    }

    /** Its name in filters. */
    public String word() {
      return word;
    }
  }

  /** What is taken of a curve; all but {@link #LAST} of its finite values. */
  enum Statistic {
    LAST,
    /** The highest or the lowest value, by what is better of the metric; none where neither is. */
    BEST,
    MIN,
    MAX,
    MEAN;

    /** Its name in filters. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** An attribute of the run. */
  record Of(Attribute attribute) implements RunField {
    @Override
    public String text() {
      return attribute.word();
    }

    @Override
    public boolean isNumber() {
      return attribute.kind == Attribute.Kind.NUMBER;
    }
  }

  /**
   * A key of the spec.
   *
   * @param key with its stage: {@code rlhf.lambda_kl}
   */
  record Setting(String key) implements RunField {
    @Override
    public String text() {
      return key;
    }

    @Override
    public boolean isNumber() {
      return false; // some are
    }
  }

  /** A statistic of a curve. */
  record Curve(String metric, Statistic statistic) implements RunField {
    @Override
    public String text() {
      return metric + "." + statistic.word();
    }

    @Override
    public boolean isNumber() {
      return true;
    }
  }

  /** A field of an attribute. */
  static RunField of(Attribute attribute) {
    return new Of(attribute);
  }

  /** The last value of a metric. */
  static RunField last(String metric) {
    return new Curve(metric, Statistic.LAST);
  }

  /** Reads a field; empty where the text cannot be the name of one. */
  static Optional<RunField> parse(String text) {
    if (!text.matches("[\\p{L}_][\\p{L}\\p{N}_/\\-.\\[\\]]*") || text.endsWith(".")) {
      return Optional.empty();
    }
    String word = Words.ALIASES.getOrDefault(text.toLowerCase(Locale.ROOT), text);
    for (Attribute attribute : Attribute.values()) {
      if (attribute.word.equalsIgnoreCase(word)) {
        return Optional.of(new Of(attribute));
      }
    }
    int dot = text.indexOf('.');
    if (dot < 0) {
      return Optional.of(last(text));
    }
    if (dot == text.lastIndexOf('.')) {
      for (Statistic statistic : Statistic.values()) {
        if (text.substring(dot + 1).equalsIgnoreCase(statistic.word())) {
          return Optional.of(new Curve(text.substring(0, dot), statistic));
        }
      }
    }
    return Optional.of(new Setting(text));
  }

  /** Other words for attributes. */
  final class Words {
    private static final Map<String, String> ALIASES =
        Map.of("tag", "tags", "note", "notes", "config", "configuration", "duration", "time");

    private Words() {}
  }
}
