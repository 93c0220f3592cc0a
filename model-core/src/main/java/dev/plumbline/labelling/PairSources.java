package dev.plumbline.labelling;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.DataFileReader;
import dev.plumbline.data.DataForm;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataPreview;
import dev.plumbline.data.DataReport;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where pairs to be labelled come from. */
public final class PairSources {
  /** Attributes that belong to a label and not to the pair. */
  private static final Set<String> OF_A_LABEL =
      Set.of(
          "annotator",
          "worker",
          "judge",
          "labels",
          "strength",
          "margin",
          "seconds",
          "time",
          "tstamp",
          "guideline_version",
          "mode",
          "outcome",
          "signed",
          "first_left",
          "blind",
          "repeat",
          "answers",
          "ratings",
          "edited",
          "edited_text",
          "provenance",
          "item",
          "batch",
          "level",
          "verdict");

  private PairSources() {}

  /**
   * Pairs of an hh-rlhf file. Which response was preferred there is no part of the item: the better
   * one stands first or second by a rule that its text decides, and attributes of the old label
   * (who gave it, how strongly, on which side, scores of the chosen one) stay behind, so that
   * nothing leaks and no new label carries an old one's numbers.
   *
   * @throws UserError where the file cannot be read or holds malformed lines
   */
  public static List<LabelItem> comparisons(Path file) {
    List<LabelItem> items = new ArrayList<>();
    ComparisonReader.read(file, (_, comparison) -> items.add(item(comparison))).requireClean();
    return items;
  }

  /**
   * Pairs of a file in any form that data files have, those of ties too; which response won is no
   * part of the item.
   *
   * @throws UserError where the file cannot be read, or none of its rows is a pair
   */
  public static List<LabelItem> file(Path file) {
    DataPreview preview = DataPreview.of(file);
    if (preview.form() == DataForm.HH) {
      return comparisons(file);
    }
    List<LabelItem> items = new ArrayList<>();
    DataReport report =
        DataFileReader.readJudged(
            file,
            preview.mapping().withKind(DataKind.COMPARISONS),
            row ->
                items.add(
                    item(
                        new Comparison(
                            row.prompt(), row.first(), row.second(), row.attributes()))));
    if (items.isEmpty()) {
      throw new UserError(
          "%s: none of its %d rows is a pair%s"
              .formatted(
                  file,
                  report.lines(),
                  report.skipped().isEmpty() ? "" : ": " + report.skipped().getFirst().reason()));
    }
    return items;
  }

  static LabelItem item(Comparison comparison) {
    Candidate chosen = new Candidate(comparison.chosen(), "");
    Candidate rejected = new Candidate(comparison.rejected(), "");
    boolean chosenFirst = comparison.chosen().compareTo(comparison.rejected()) <= 0;
    return LabelItem.of(
        comparison.prompt(),
        chosenFirst ? chosen : rejected,
        chosenFirst ? rejected : chosen,
        ofThePair(comparison.attributes()));
  }

  /** What is known of a pair and not of a label of it. */
  static Map<String, String> ofThePair(Map<String, String> attributes) {
    Map<String, String> kept = new LinkedHashMap<>();
    attributes.forEach(
        (name, value) -> {
          // "shown_left" says chosen or rejected by its value, "gold_chosen" by its name.
          String all = name + " " + value;
          if (!OF_A_LABEL.contains(name) && !all.contains("chosen") && !all.contains("rejected")) {
            kept.put(name, value);
          }
        });
    return kept;
  }

  /**
   * Pairs of the responses that models gave to the same prompts, from a table {@code responses} of
   * a measurement: each model against the reference, or each against each other.
   *
   * @param source what the pairs' attribute {@code source} says, such as the run's id
   * @param reference a model that all others are paired with, such as the newest snapshot against
   *     old ones; empty for all pairs
   * @throws UserError where the table has no such model
   */
  public static List<LabelItem> responses(ResultTable table, String source, String reference) {
    List<String> models = table.texts("model");
    if (!reference.isEmpty() && !models.contains(reference)) {
      throw new UserError(
          "%s has no responses of '%s'; it has those of %s"
              .formatted(source, reference, models.stream().distinct().toList()));
    }
    List<String> scores =
        table.columns().stream()
            .map(ResultTable.Column::name)
            .filter(name -> name.startsWith("score_"))
            .toList();
    Map<Long, Map<String, Integer>> byPrompt = new TreeMap<>();
    for (int i = 0; i < table.size(); i++) {
      byPrompt
          .computeIfAbsent((long) table.number(i, "prompt_index"), _ -> new LinkedHashMap<>())
          .put(table.text(i, "model"), i);
    }
    List<LabelItem> items = new ArrayList<>();
    for (Map<String, Integer> answers : byPrompt.values()) {
      List<Map.Entry<String, Integer>> all = List.copyOf(answers.entrySet());
      for (int a = 0; a < all.size(); a++) {
        for (int b = a + 1; b < all.size(); b++) {
          boolean wanted =
              reference.isEmpty()
                  || all.get(a).getKey().equals(reference)
                  || all.get(b).getKey().equals(reference);
          Candidate first = candidate(table, all.get(a).getValue(), scores);
          Candidate second = candidate(table, all.get(b).getValue(), scores);
          // Equal texts have nothing to be compared.
          if (wanted && !first.content().equals(second.content())) {
            items.add(
                LabelItem.of(
                    table.text(all.get(a).getValue(), "prompt"),
                    first,
                    second,
                    Map.of("source", source)));
          }
        }
      }
    }
    return items;
  }

  private static Candidate candidate(ResultTable table, int row, List<String> scores) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String score : scores) {
      double value = table.number(row, score);
      if (!Double.isNaN(value)) {
        attributes.put(score, Double.toString(value));
      }
    }
    return new Candidate(table.text(row, "response"), table.text(row, "model"), attributes);
  }
}
