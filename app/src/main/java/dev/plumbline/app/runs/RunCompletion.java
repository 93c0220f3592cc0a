package dev.plumbline.app.runs;

import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunVocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What could be typed next in the filter of the table of runs. */
public final class RunCompletion {
  private static final int MOST = 40;

  /** A word at the end of what stands before the caret: a field, an operator, a value begun. */
  private static final Pattern VALUE =
      Pattern.compile(
          "(?:^|[\\s(-])([\\p{L}_][\\p{L}\\p{N}_/\\-.\\[\\]]*)\\s*(?::|!=|=|<=|>=|<|>|!~|~)\\s*"
              + "(?:\\([^)]*?(?:,\\s*)?)?(\"[^\"]*|[^\\s\"(),:=<>!~]*)$");

  private static final Pattern WORD =
      Pattern.compile("(?:^|[\\s(-])([\\p{L}_][\\p{L}\\p{N}_/\\-.\\[\\]]*)?$");

  private RunCompletion() {}

  /**
   * What the caret stands in.
   *
   * @param start where the begun word starts
   * @param end where it ends: the caret
   * @param begun what is typed of it
   * @param field whose values are asked for; empty where a field's name is
   */
  public record Place(int start, int end, String begun, Optional<String> field) {}

  /**
   * A proposal.
   *
   * @param text what is put in
   * @param note what it is, in a few words
   */
  public record Proposal(String text, String note) {}

  /** What the caret stands in; empty where nothing can be proposed. */
  public static Optional<Place> at(String text, int caret) {
    String before = text.substring(0, Math.clamp(caret, 0, text.length()));
    Matcher value = VALUE.matcher(before);
    if (value.find()) {
      String begun = value.group(2);
      return Optional.of(
          new Place(
              before.length() - begun.length(),
              before.length(),
              begun.startsWith("\"") ? begun.substring(1) : begun,
              Optional.of(value.group(1))));
    }
    Matcher word = WORD.matcher(before);
    if (!word.find()) {
      return Optional.empty();
    }
    String begun = word.group(1) == null ? "" : word.group(1);
    return Optional.of(
        new Place(before.length() - begun.length(), before.length(), begun, Optional.empty()));
  }

  /** Fields whose name, or a part of it, begins with what is typed; the likeliest first. */
  public static List<Proposal> fields(String begun, RunVocabulary words) {
    String wanted = begun.toLowerCase(Locale.ROOT);
    List<Proposal> all = new ArrayList<>();
    for (RunField.Attribute attribute : RunField.Attribute.values()) {
      all.add(new Proposal(attribute.word(), FieldWords.title(RunField.of(attribute))));
    }
    all.add(new Proposal("is", FieldWords.isNote()));
    all.add(new Proposal("has", FieldWords.hasNote()));
    for (String metric : words.metrics()) {
      all.add(new Proposal(metric + ".last", FieldWords.title(RunField.last(metric))));
    }
    for (String setting : words.settings()) {
      all.add(new Proposal(setting, FieldWords.settingNote()));
    }
    // other statistics only once a metric is named
    if (!wanted.isEmpty()) {
      for (String metric : words.metrics()) {
        for (RunField.Statistic statistic : RunField.Statistic.values()) {
          if (statistic != RunField.Statistic.LAST) {
            RunField field = new RunField.Curve(metric, statistic);
            all.add(new Proposal(field.text(), FieldWords.title(field)));
          }
        }
      }
    }
    return all.stream()
        .filter(each -> rank(each.text(), wanted) < 3)
        .sorted(Comparator.comparingInt(each -> rank(each.text(), wanted)))
        .limit(MOST)
        .toList();
  }

  /** 0 where the name begins so, 1 where a part of it does, 2 where it holds it, 3 else. */
  private static int rank(String name, String wanted) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith(wanted)) {
      return 0;
    }
    for (int i = 1; i < lower.length(); i++) {
      if ("._/[-".indexOf(lower.charAt(i - 1)) >= 0 && lower.startsWith(wanted, i)) {
        return 1;
      }
    }
    return lower.contains(wanted) ? 2 : 3;
  }

  /** Values that hold what is typed, those that begin with it first. */
  public static List<Proposal> values(String begun, List<RunVocabulary.Value> values) {
    String wanted = begun.toLowerCase(Locale.ROOT);
    return values.stream()
        .filter(value -> value.text().toLowerCase(Locale.ROOT).contains(wanted))
        .sorted(
            Comparator.comparing(
                value -> !value.text().toLowerCase(Locale.ROOT).startsWith(wanted)))
        .limit(MOST)
        .map(value -> new Proposal(quoted(value.text()), FieldWords.count(value.runs())))
        .toList();
  }

  /** A value as the filter reads it back. */
  static String quoted(String text) {
    return text.matches("[^\\s\"'(),:=<>!~]+") ? text : "\"" + text.replace("\"", "\\\"") + "\"";
  }
}
