package dev.plumbline.sampledata;

import dev.plumbline.dialogue.Strength;
import java.util.List;

/**
 * A simulated annotator. Shown two responses, they feel {@code d = (r_left - r_right) / temperature
 * + sideBias + e} with {@code e} from the standard logistic distribution, choose the left one where
 * {@code d > 0}, and press a stronger button the larger {@code |d|} is. Without the buttons this is
 * the Bradley-Terry choice: {@code P(left) = 1 / (1 + exp(-(r_left - r_right) / temperature -
 * sideBias))}. With probability {@code lapse} they do not look, and {@code d = e}.
 *
 * @param id the name in the {@code annotator} attribute
 * @param temperature nats of gold reward that count as one nat of preference
 * @param sideBias preference for the left side, in nats; negative for the right
 * @param lapse probability of not looking
 * @param share share of the comparisons that they judge
 */
public record Annotator(
    String id, double temperature, double sideBias, double lapse, double share) {

  /** {@code |d|} from which the second, third and fourth button is pressed. */
  static final double SLIGHT_FROM = 0.5;

  static final double CLEAR_FROM = 1.5;
  static final double STRONG_FROM = 3.0;

  /** The annotators of the world; a few of them do most of the work (paper section 2.1). */
  public static final List<Annotator> ALL =
      List.of(
          new Annotator("ann-01", 0.60, 0.10, 0.02, 0.20),
          new Annotator("ann-02", 0.70, -0.05, 0.03, 0.18),
          new Annotator("ann-03", 0.80, 0.20, 0.02, 0.16),
          new Annotator("ann-04", 0.65, -0.15, 0.05, 0.14),
          new Annotator("ann-05", 0.90, 0.00, 0.04, 0.08),
          new Annotator("ann-06", 0.50, 0.30, 0.01, 0.06),
          new Annotator("ann-07", 1.00, -0.25, 0.06, 0.06),
          new Annotator("ann-08", 0.75, 0.05, 0.10, 0.04),
          new Annotator("ann-09", 1.20, 0.15, 0.08, 0.04),
          new Annotator("ann-10", 0.55, -0.10, 0.00, 0.02),
          new Annotator("ann-11", 0.85, 0.40, 0.12, 0.01),
          new Annotator("ann-12", 1.50, 0.00, 0.15, 0.01));

  /**
   * A judgement.
   *
   * @param left whether the left response was chosen
   * @param strength how strongly
   */
  public record Choice(boolean left, Strength strength) {}

  /** The annotator who judges next. */
  static Annotator draw(Dice dice) {
    double[] shares = ALL.stream().mapToDouble(Annotator::share).toArray();
    return ALL.get(dice.weighted(shares));
  }

  /** Judges a pair with the given gold rewards. */
  Choice choose(double left, double right, Dice dice) {
    boolean looks = !dice.chance(lapse);
    double felt = (looks ? (left - right) / temperature + sideBias : 0) + dice.logistic();
    return new Choice(felt > 0, strength(Math.abs(felt)));
  }

  private static Strength strength(double felt) {
    if (felt < SLIGHT_FROM) {
      return Strength.UNSURE;
    } else if (felt < CLEAR_FROM) {
      return Strength.SLIGHT;
    }
    return felt < STRONG_FROM ? Strength.CLEAR : Strength.STRONG;
  }

  /**
   * Probability that the left response is chosen with {@code |d|} of at least {@code from}.
   *
   * @param left gold reward of the left response, nats
   * @param right gold reward of the right response, nats
   * @param from 0 for any strength, 0.5 to leave out the weakest button
   */
  public double probabilityOfLeft(double left, double right, double from) {
    return (1 - lapse) * sigmoid((left - right) / temperature + sideBias - from)
        + lapse * sigmoid(-from);
  }

  /** Probability that the right response is chosen with {@code |d|} of at least {@code from}. */
  public double probabilityOfRight(double left, double right, double from) {
    return (1 - lapse) * sigmoid((right - left) / temperature - sideBias - from)
        + lapse * sigmoid(-from);
  }

  /**
   * Probability that a label in the data prefers the response whose gold reward is higher by {@code
   * difference}, over annotators by their shares, both placements equally likely, given that the
   * label was strong enough to be kept.
   *
   * @param difference gold difference in nats; negative gives a probability below one half
   * @param from 0 where all labels were kept, 0.5 where the weakest button was left out
   */
  public static double agreement(double difference, double from) {
    double agree = 0;
    double differ = 0;
    for (Annotator annotator : ALL) {
      agree +=
          annotator.share()
              * (annotator.probabilityOfLeft(difference, 0, from)
                  + annotator.probabilityOfRight(0, difference, from));
      differ +=
          annotator.share()
              * (annotator.probabilityOfRight(difference, 0, from)
                  + annotator.probabilityOfLeft(0, difference, from));
    }
    return agree / (agree + differ);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
