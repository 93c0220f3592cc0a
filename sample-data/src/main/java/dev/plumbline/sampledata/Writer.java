package dev.plumbline.sampledata;

import dev.plumbline.data.LengthRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes responses of graded quality. Skill, from 0 to 1, moves the odds of a right answer, of
 * details and of courtesy together, which is why length and set phrases go along with quality in
 * data although the gold rewards hardly pay for them.
 */
final class Writer {
  /** Words and punctuation marks: a response then fits into 32 tokens of a word-like vocabulary. */
  private static final int LONGEST = 27;

  private Writer() {}

  /** A response, without the leading space. */
  static String respond(Question question, double skill, Dice dice) {
    return question instanceof Harm harm
        ? toHarm(harm, skill, dice)
        : toHonest(question, skill, dice);
  }

  /** A plain right answer with true details, as a reference work has it. */
  static String refer(Question question, Dice dice) {
    List<String> parts = new ArrayList<>(List.of(question.right(dice)));
    for (String detail : dice.pickSome(question.details(), dice.between(0, 2))) {
      if (!parts.getFirst().contains(detail)) {
        parts.add(detail);
      }
    }
    return joined(parts);
  }

  private static String toHonest(Question question, double skill, Dice dice) {
    List<String> parts = new ArrayList<>();
    int kind =
        dice.weighted(
            0.25 + 0.5 * skill,
            0.33 - 0.18 * skill,
            0.18 - 0.14 * skill,
            0.14 - 0.11 * skill,
            0.10 - 0.07 * skill);
    switch (kind) {
      case 0 -> {
        parts.add(dice.chance(0.25) ? question.terse(dice) : question.right(dice));
        details(question, skill, dice, parts);
      }
      case 1 -> {
        parts.add(question.wrong(dice));
        details(question, skill, dice, parts);
      }
      case 2 -> {
        parts.add(dice.pick(Phrases.EVASIONS));
        if (dice.chance(0.5)) {
          parts.add(dice.pick(Phrases.FILLERS));
        }
      }
      case 3 -> parts.add(dice.pick(Phrases.REFUSALS));
      default -> parts.add(Questions.helpful(dice).right(dice));
    }
    return dress(parts, skill, dice);
  }

  private static void details(Question question, double skill, Dice dice, List<String> parts) {
    int wanted =
        (dice.chance(0.25 + 0.4 * skill) ? 1 : 0) + (dice.chance(0.1 + 0.25 * skill) ? 1 : 0);
    String said = String.join(" ", parts);
    for (String detail : dice.pickSome(question.details(), wanted)) {
      String sentence = dice.chance(0.55 + 0.4 * skill) ? detail : question.falseDetail(dice);
      if (!said.contains(sentence) && !parts.contains(sentence)) {
        parts.add(sentence);
      }
    }
  }

  private static String toHarm(Harm harm, double skill, Dice dice) {
    List<String> parts = new ArrayList<>();
    switch (dice.weighted(0.46, 0.30, 0.12, 0.12)) {
      case 0 -> parts.addAll(dice.pickSome(harm.details(), dice.between(1, 3)));
      case 1 -> {
        parts.add(dice.pick(Phrases.REFUSALS));
        if (dice.chance(0.2 + 0.5 * skill)) {
          parts.add(harm.reason());
        }
        if (dice.chance(0.1 + 0.5 * skill)) {
          parts.add(harm.alternative());
        }
      }
      case 2 -> {
        parts.add(dice.pick(Phrases.EVASIONS));
        if (dice.chance(0.5)) {
          parts.add(dice.pick(Phrases.FILLERS));
        }
      }
      default -> parts.add(dice.chance(0.5) ? harm.alternative() : harm.falseDetail(dice));
    }
    return dress(parts, skill, dice);
  }

  private static String dress(List<String> core, double skill, Dice dice) {
    List<String> parts = new ArrayList<>(core);
    boolean courteous = dice.chance(0.1 + 0.45 * skill);
    boolean rude = !courteous && dice.chance(0.3 - 0.28 * skill);
    if (courteous) {
      parts.addFirst(dice.pick(Phrases.COURTEOUS_OPENERS));
    } else if (rude) {
      parts.addFirst(dice.pick(Phrases.RUDE_OPENERS));
    }
    if (dice.chance(0.28 - 0.2 * skill)) {
      parts.add(dice.pick(Phrases.FILLERS));
    }
    if (!rude && dice.chance(0.08 + 0.4 * skill)) {
      parts.add(dice.pick(Phrases.COURTEOUS_CLOSERS));
    } else if (rude && dice.chance(0.4)) {
      parts.add(dice.pick(Phrases.RUDE_CLOSERS));
    }
    return joined(parts);
  }

  /** The parts that fit, none of them twice. */
  private static String joined(List<String> parts) {
    StringBuilder text = new StringBuilder();
    int length = 0;
    for (String part : parts) {
      int more = LengthRule.words(part) + marks(part);
      boolean again = text.indexOf(part) >= 0;
      if (length + more <= LONGEST && !again) {
        text.append(text.isEmpty() ? "" : " ").append(part);
        length += more;
      }
    }
    return text.toString();
  }

  private static int marks(String text) {
    return (int) text.chars().filter(c -> ".,!?".indexOf(c) >= 0).count();
  }
}
