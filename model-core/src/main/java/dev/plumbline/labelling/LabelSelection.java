package dev.plumbline.labelling;

import dev.plumbline.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which pairs of a pool are labelled. A fixed share is always drawn at random, whatever the rest is
 * chosen by: accuracy, agreement or win rates of the whole pool are estimated from that share
 * alone, because what was chosen by a model's doubt says nothing about the pool. Each item says in
 * {@value LabelItem#SELECTED_BY} which of the two it is.
 *
 * @param count pairs wanted
 * @param randomShare share that is drawn at random, 0 to 1
 * @param by what the rest is chosen by; {@link Rule#RANDOM} for nothing
 * @param seed of the draws
 */
public record LabelSelection(int count, double randomShare, Rule by, long seed) {
  /** The word of items that were drawn at random. */
  public static final String AT_RANDOM = "random";

  /**
   * What pairs are chosen by.
   *
   * @param word how items and people call it
   * @param priority the higher the sooner; NaN for a pair of which it is not known, which is only
   *     drawn at random
   */
  public record Rule(String word, ToDoubleFunction<LabelItem> priority) {
    /** Nothing: all are drawn at random. */
    public static final Rule RANDOM = new Rule(AT_RANDOM, _ -> Double.NaN);

    /**
     * How unsure one preference model is: -|p - 0.5| with p the chance that it gives the first
     * candidate, {@code sigmoid(r_first - r_second)}.
     *
     * @param score attribute of the candidates that holds the model's score, in nats
     */
    public static Rule uncertainty(String score) {
      return new Rule("uncertainty", item -> -Math.abs(chance(score, item) - 0.5));
    }

    /**
     * How much an ensemble of preference models disagrees: the standard deviation of their chances.
     *
     * @param scores attributes of the candidates that hold the models' scores, at least two
     */
    public static Rule disagreement(List<String> scores) {
      if (scores.size() < 2) {
        throw new IllegalArgumentException("an ensemble has at least two preference models");
      }
      return new Rule(
          "disagreement",
          item -> {
            double mean = 0;
            for (String score : scores) {
              mean += chance(score, item) / scores.size();
            }
            double squares = 0;
            for (String score : scores) {
              double off = chance(score, item) - mean;
              squares += off * off;
            }
            return Math.sqrt(squares / (scores.size() - 1));
          });
    }

    /** The item's own number of that name, such as an out-of-distribution score. */
    public static Rule attribute(String name) {
      return new Rule(name, item -> number(item.attributes().get(name)));
    }

    private static double chance(String score, LabelItem item) {
      double margin =
          number(item.first().attributes().get(score))
              - number(item.second().attributes().get(score));
      return 1 / (1 + Math.exp(-margin));
    }

    private static double number(@Nullable String text) {
      if (text == null) {
        return Double.NaN;
      }
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }
  }

  /** Checks the ranges. */
  public LabelSelection {
    if (count < 1) {
      throw new IllegalArgumentException("a batch has at least one pair, not " + count);
    }
    if (!(randomShare >= 0 && randomShare <= 1)) {
      throw new IllegalArgumentException("a share is 0 to 1, not " + randomShare);
    }
  }

  /**
   * Chooses from a pool, without doing so twice; fewer than were wanted where the pool is smaller.
   * The random share is drawn first, from the whole pool, so that it is unbiased.
   */
  public List<LabelItem> choose(List<LabelItem> pool) {
    List<LabelItem> shuffled = distinct(pool);
    Collections.shuffle(shuffled, random("draw"));
    int wanted = Math.min(count, shuffled.size());
    int atRandom = by.equals(Rule.RANDOM) ? wanted : (int) Math.ceil(randomShare * wanted);
    List<LabelItem> chosen = new ArrayList<>();
    for (LabelItem item : shuffled.subList(0, atRandom)) {
      chosen.add(item.with(LabelItem.SELECTED_BY, AT_RANDOM));
    }
    record Ranked(LabelItem item, double priority) {}
    shuffled.subList(atRandom, shuffled.size()).stream()
        .map(item -> new Ranked(item, by.priority().applyAsDouble(item)))
        .filter(each -> !Double.isNaN(each.priority()))
        .sorted(Comparator.comparingDouble(Ranked::priority).reversed())
        .limit((long) wanted - atRandom)
        .forEach(each -> chosen.add(each.item().with(LabelItem.SELECTED_BY, by.word())));
    return List.copyOf(chosen);
  }

  /**
   * Chooses as many from each stratum as it has a share of the pool (largest remainders), at random
   * within it; an estimate over strata stays unbiased and varies less.
   *
   * @param attribute the item's attribute that names its stratum; items without it form one
   */
  public List<LabelItem> stratified(List<LabelItem> pool, String attribute) {
    Map<String, List<LabelItem>> strata = new LinkedHashMap<>();
    for (LabelItem item : distinct(pool)) {
      strata
          .computeIfAbsent(item.attributes().getOrDefault(attribute, ""), _ -> new ArrayList<>())
          .add(item);
    }
    long all = strata.values().stream().mapToLong(List::size).sum();
    int wanted = (int) Math.min(count, all);
    Map<String, Integer> shares = new LinkedHashMap<>();
    List<String> byRemainder = new ArrayList<>(strata.keySet());
    int given = 0;
    for (Map.Entry<String, List<LabelItem>> stratum : strata.entrySet()) {
      int share = (int) ((long) wanted * stratum.getValue().size() / all);
      shares.put(stratum.getKey(), share);
      given += share;
    }
    byRemainder.sort(
        Comparator.comparingLong((String name) -> -((long) wanted * sizeOf(strata, name) % all)));
    for (String name : byRemainder.subList(0, wanted - given)) {
      shares.merge(name, 1, Integer::sum);
    }
    List<LabelItem> chosen = new ArrayList<>();
    strata.forEach(
        (name, items) -> {
          Collections.shuffle(items, random("stratum/" + name));
          for (LabelItem item : items.subList(0, shares.getOrDefault(name, 0))) {
            chosen.add(item.with(LabelItem.SELECTED_BY, AT_RANDOM));
          }
        });
    return List.copyOf(chosen);
  }

  private static int sizeOf(Map<String, List<LabelItem>> strata, String name) {
    return strata.getOrDefault(name, List.of()).size();
  }

  private static List<LabelItem> distinct(List<LabelItem> pool) {
    Set<String> seen = new LinkedHashSet<>();
    List<LabelItem> distinct = new ArrayList<>();
    for (LabelItem item : pool) {
      if (seen.add(item.id())) {
        distinct.add(item);
      }
    }
    return distinct;
  }

  private Random random(String purpose) {
    byte[] key = (seed + "/" + purpose).getBytes(StandardCharsets.UTF_8);
    return new Random(HexFormat.fromHexDigitsToLong(Sha256.of(key), 0, 16));
  }
}
