package dev.plumbline.labelling;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a batch is drawn from a pool, by words as people and commands give them.
 *
 * @param count pairs wanted, control items not counted
 * @param randomShare share that is drawn at random, whatever the rest is chosen by
 * @param by {@code random}, {@code uncertainty}, {@code disagreement}, {@code ood}, {@code
 *     strata:NAME} for shares of an attribute's values, or an attribute's own name: the highest
 *     first
 * @param seed of the draws
 */
public record LabelQueue(int count, double randomShare, String by, long seed) {
  /** By a preference model's doubt, |p - 0.5|. */
  public static final String UNCERTAINTY = "uncertainty";

  /** By the disagreement of several preference models. */
  public static final String DISAGREEMENT = "disagreement";

  /** By the out-of-distribution score of the prompt, see {@link #withOodScores}. */
  public static final String OOD = "ood";

  /** Before the name of an attribute whose values are strata. */
  public static final String STRATA = "strata:";

  private static final String SCORE = "score_";

  /**
   * Draws the pairs.
   *
   * @param source what to call the pool where something is missing in it
   * @throws UserError where the pool lacks what the queue goes by
   */
  public List<LabelItem> draw(List<LabelItem> pool, String source) {
    if (by.startsWith(STRATA)) {
      String attribute = by.substring(STRATA.length());
      requireAttribute(pool, attribute, source);
      return new LabelSelection(count, 1, LabelSelection.Rule.RANDOM, seed)
          .stratified(pool, attribute);
    }
    return new LabelSelection(count, randomShare, rule(pool, source), seed).choose(pool);
  }

  private LabelSelection.Rule rule(List<LabelItem> pool, String source) {
    return switch (by) {
      case LabelSelection.AT_RANDOM -> LabelSelection.Rule.RANDOM;
      case UNCERTAINTY -> {
        List<String> scores = scores(pool);
        if (scores.isEmpty()) {
          throw new UserError(
              source
                  + ": no preference model scored these responses, so none is in doubt; choose at"
                  + " random or take a `matches` run that a preference model judged");
        }
        yield LabelSelection.Rule.uncertainty(scores.getFirst());
      }
      case DISAGREEMENT -> {
        List<String> scores = scores(pool);
        if (scores.size() < 2) {
          throw new UserError(
              source
                  + ": it takes the scores of two preference models for them to disagree; here are"
                  + " "
                  + scores.size());
        }
        yield LabelSelection.Rule.disagreement(scores);
      }
      default -> {
        requireAttribute(pool, by, source);
        yield LabelSelection.Rule.attribute(by);
      }
    };
  }

  private static List<String> scores(List<LabelItem> pool) {
    Set<String> scores = new LinkedHashSet<>();
    for (LabelItem item : pool) {
      for (String name : item.first().attributes().keySet()) {
        if (name.startsWith(SCORE)) {
          scores.add(name);
        }
      }
    }
    return List.copyOf(scores);
  }

  private static void requireAttribute(List<LabelItem> pool, String name, String source) {
    Set<String> there = new TreeSet<>();
    pool.forEach(item -> there.addAll(item.attributes().keySet()));
    if (!there.contains(name)) {
      throw new UserError(
          name.equals(OOD)
              ? source
                  + ": none of its prompts has an out-of-distribution score; name an `ood` run that"
                  + " scored these prompts"
              : "%s: no pair has the attribute '%s'; there are %s"
                  .formatted(source, name, there.isEmpty() ? "none" : String.join(", ", there)));
    }
  }

  /** Attributes by whose values strata can be made: those that some pair has. */
  public static List<String> attributes(List<LabelItem> pool) {
    Set<String> there = new TreeSet<>();
    pool.forEach(item -> there.addAll(item.attributes().keySet()));
    return List.copyOf(there);
  }

  /**
   * The pairs with the out-of-distribution scores of their prompts where a run has them.
   *
   * @param scores by prompt, from {@link #oodScores}
   */
  public static List<LabelItem> withOodScores(List<LabelItem> pool, Map<String, Double> scores) {
    List<LabelItem> scored = new ArrayList<>();
    for (LabelItem item : pool) {
      Double score = scores.get(item.prompt());
      scored.add(score == null ? item : item.with(OOD, Double.toString(score)));
    }
    return scored;
  }

  /**
   * The simplified relative Mahalanobis scores of an {@code ood} run at its middle layer, by
   * prompt.
   *
   * @param prompts its table {@code prompts}
   * @param scores its table {@code scores}
   */
  public static Map<String, Double> oodScores(ResultTable prompts, ResultTable scores) {
    double[] layers = scores.numbers("layer");
    double[] distinct = Arrays.stream(layers).distinct().sorted().toArray();
    Map<String, Double> byPrompt = new HashMap<>();
    if (distinct.length == 0) {
      return byPrompt;
    }
    double middle = distinct[(distinct.length - 1) / 2];
    Map<String, Double> byPlace = new HashMap<>();
    for (int i = 0; i < scores.size(); i++) {
      if (layers[i] == middle) {
        byPlace.put(place(scores, i), scores.number(i, "relative"));
      }
    }
    for (int i = 0; i < prompts.size(); i++) {
      Double score = byPlace.get(place(prompts, i));
      if (score != null) {
        byPrompt.put(prompts.text(i, "prompt"), score);
      }
    }
    return byPrompt;
  }

  private static String place(ResultTable table, int row) {
    return (long) table.number(row, "out") + "/" + (long) table.number(row, "prompt_index");
  }

  /**
   * Control items: comparisons whose answer is known, mixed unseen among the others to see whether
   * an annotator reads. They make no comparison of the data set.
   *
   * @param file an hh-rlhf file
   * @param count how many of it are drawn
   * @param mode what the batch asks; in red teaming the rejected response is the one to be chosen
   * @param seed of the draw
   * @throws UserError where the file cannot be read or has fewer
   */
  public static List<LabelItem> gold(Path file, int count, LabelMode mode, long seed) {
    Set<String> ids = new HashSet<>();
    List<LabelItem> known = new ArrayList<>();
    ComparisonReader.read(
            file,
            (_, comparison) -> {
              LabelItem item = gold(comparison, mode);
              boolean alike = item.first().content().equals(item.second().content());
              if (!alike && ids.add(item.id())) {
                known.add(item);
              }
            })
        .requireClean();
    if (known.size() < count) {
      throw new UserError(
          "%s: holds %d comparisons and %d control items are wanted; ask for fewer"
              .formatted(file, known.size(), count));
    }
    Collections.shuffle(known, new Random(seed));
    return List.copyOf(known.subList(0, count));
  }

  private static LabelItem gold(Comparison comparison, LabelMode mode) {
    LabelItem item = PairSources.item(comparison);
    boolean betterFirst = item.first().text().equals(comparison.chosen());
    return item.expecting(Judgement.prefer(betterFirst != (mode == LabelMode.RED_TEAM), 2));
  }

  /** A pool without the control items: a pair is asked about for one reason. */
  public static List<LabelItem> without(List<LabelItem> pool, List<LabelItem> gold) {
    Set<String> ids = new HashSet<>();
    gold.forEach(item -> ids.add(item.id()));
    return pool.stream().filter(item -> !ids.contains(item.id())).toList();
  }
}
