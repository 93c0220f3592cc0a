package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How one annotator chooses.
 *
 * @param annotator who
 * @param choices all choices, the undecided ones too
 * @param left share of the decided choices that went to the left side, with Wilson's interval: far
 *     from one half where sides are at random means a habit of the hand; empty without any
 * @param repeats share of hidden repeats (the same item again) in which the same response was
 *     chosen as the first time, whatever its side; empty without any
 * @param medianSeconds median active seconds; empty where they were not measured
 */
public record AnnotatorReport(
    String annotator,
    long choices,
    Optional<Proportion> left,
    Optional<Proportion> repeats,
    OptionalDouble medianSeconds) {

  /** Where the chosen response stood. */
  public enum Side {
    /** On the left. */
    LEFT,
    /** On the right. */
    RIGHT,
    /** Neither was chosen. */
    NEITHER
  }

  /**
   * One choice.
   *
   * @param annotator who chose
   * @param item what was shown; the same for a hidden repeat
   * @param side where the chosen response stood
   * @param chosen which response it was, whatever its side; the same word for "neither"
   * @param activeSeconds how long it took, without pauses; NaN where it was not measured
   */
  public record Choice(
      String annotator, String item, Side side, String chosen, double activeSeconds) {}

  /**
   * Reports on every annotator, in the order in which they first chose.
   *
   * @param choices in the order in which they were made
   * @param level coverage of intervals
   */
  public static List<AnnotatorReport> of(List<Choice> choices, double level) {
    Map<String, List<Choice>> byAnnotator = new LinkedHashMap<>();
    for (Choice choice : choices) {
      byAnnotator.computeIfAbsent(choice.annotator(), _ -> new ArrayList<>()).add(choice);
    }
    return byAnnotator.entrySet().stream()
        .map(each -> one(each.getKey(), each.getValue(), level))
        .toList();
  }

  private static AnnotatorReport one(String annotator, List<Choice> choices, double level) {
    long left = choices.stream().filter(each -> each.side() == Side.LEFT).count();
    long decided = choices.stream().filter(each -> each.side() != Side.NEITHER).count();
    Map<String, String> first = new HashMap<>();
    long repeats = 0;
    long same = 0;
    for (Choice choice : choices) {
      String before = first.putIfAbsent(choice.item(), choice.chosen());
      if (before != null) {
        repeats++;
        same += before.equals(choice.chosen()) ? 1 : 0;
      }
    }
    double[] seconds =
        choices.stream()
            .mapToDouble(Choice::activeSeconds)
            .filter(each -> !Double.isNaN(each))
            .toArray();
    return new AnnotatorReport(
        annotator,
        choices.size(),
        decided == 0 ? Optional.empty() : Optional.of(Proportion.wilson(left, decided, level)),
        repeats == 0 ? Optional.empty() : Optional.of(Proportion.wilson(same, repeats, level)),
        seconds.length == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(Quantiles.of(seconds, 0.5)));
  }
}
