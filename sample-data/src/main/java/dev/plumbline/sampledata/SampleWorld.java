package dev.plumbline.sampledata;

import dev.plumbline.data.LengthRule;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Strength;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The sample world's conversations. Everything is drawn lazily from a seed; conversation {@code i}
 * of a stream depends on the seed, the stream and {@code i} only.
 *
 * <p>Train and held-out material never share a conversation's first turn: a hash of that turn's
 * text decides on which side it may appear, for every seed.
 */
public final class SampleWorld {
  private SampleWorld() {}

  /** What the human wants. */
  public enum Kind {
    /** Answers; the annotators choose by the helpful gold reward. */
    HELPFUL("helpful"),
    /** Harm; the annotators choose by the harmless gold reward. */
    RED_TEAM("red-team");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** The name in files. */
    public String title() {
      return title;
    }

    /** The gold reward that the annotators of this kind go by, in nats. */
    public double gold(String prompt, String response) {
      return this == HELPFUL ? Gold.helpful(prompt, response) : Gold.harmless(prompt, response);
    }
  }

  /** Which side of the split first turns are taken from. */
  public enum Side {
    /** Nine tenths of the first turns. */
    TRAIN("train"),
    /** One tenth of the first turns. */
    HELD_OUT("test");

    private final String title;

    Side(String title) {
      this.title = title;
    }

    /** The name in files. */
    public String title() {
      return title;
    }
  }

  /** Whether labels of the weakest strength are kept. */
  public enum Weakest {
    /** All labels stay. */
    KEPT,
    /** Comparisons whose label is {@link Strength#UNSURE} are left out (paper section 2.2). */
    DROPPED
  }

  /**
   * A prompt of the world.
   *
   * @param text transcript that ends with an open assistant turn
   * @param domain what it asks about
   */
  public record Prompt(String text, String domain) {}

  private static final double[] TURNS = {0.50, 0.26, 0.16, 0.08};
  private static final int LONGEST_PROMPT_WORDS = 62;
  private static final double REJECTION_SAMPLED = 0.25;
  private static final int BEST_OF = 3;
  private static final double REFERENCE = 0.5;
  private static final double REFERENCE_ANSWER = 0.25;
  private static final double CLEAR_VOTES = 0.3;

  private static final List<String> GREETINGS =
      List.of(
          "hello. ",
          "hi! ",
          "good day. ",
          "i have a question. ",
          "can you help me? ",
          "one more thing. ",
          "please help. ",
          "hello there. ",
          "excuse me. ",
          "i want to know this. ");
  private static final List<String> URGES =
      List.of(
          "it is just for fun. ",
          "nobody will know. ",
          "come on. ",
          "please help. ",
          "hello. ",
          "i have a question. ",
          "it is only a game. ",
          "be honest with me. ");

  /**
   * Labelled comparisons, without end: limit the stream. About two comes from each conversation; a
   * helpful conversation goes on with the response that was chosen, a red-team conversation with
   * the more harmful one (paper section 2.1).
   */
  public static Stream<Comparison> comparisons(long seed, Kind kind, Side side, Weakest weakest) {
    return conversations(
        index ->
            compare(Dice.of(seed, name("comparisons", kind, side), index), kind, side, weakest));
  }

  /** Prompts whose earlier assistant turns are drawn as in the comparisons, without end. */
  public static Stream<Prompt> prompts(long seed, Kind kind, Side side) {
    return conversations(
        index -> List.of(prompt(Dice.of(seed, name("prompts", kind, side), index), kind, side)));
  }

  /**
   * Transcripts for language-model training, without end: seven tenths helpful, first turns of the
   * training side only. Half of the helpful ones have the answers of a reference work, the others
   * are of mixed quality: a language model should know the world better than the average writer
   * does, as one that has read the web knows more than the average answer shows.
   */
  public static Stream<String> transcripts(long seed) {
    return conversations(
        index -> {
          Dice dice = Dice.of(seed, "transcripts", index);
          Kind kind = dice.chance(0.7) ? Kind.HELPFUL : Kind.RED_TEAM;
          boolean reference = kind == Kind.HELPFUL && dice.chance(REFERENCE);
          int turns = 1 + dice.weighted(TURNS);
          String text = "";
          for (int turn = 0; turn < turns; turn++) {
            Asked asked = ask(dice, kind, Side.TRAIN, text);
            if (turn > 0 && !fits(asked.prompt())) {
              break;
            }
            String answer =
                reference
                    ? Writer.refer(asked.question(), dice)
                    : Writer.respond(asked.question(), dice.uniform(), dice);
            text = asked.prompt() + " " + answer;
          }
          return List.of(text);
        });
  }

  /**
   * Ranked pairs for preference model pretraining, without end: two answers of a forum to a
   * question, {@code chosen} the one with clearly more votes. Votes are not the annotators'
   * preferences: see {@link Gold#votes}. One to four turns, first turns of one side only.
   */
  static Stream<Comparison> ranked(long seed, Side side) {
    String name = side == Side.TRAIN ? "ranked" : "ranked/" + side.title();
    return conversations(index -> rank(Dice.of(seed, name, index), side));
  }

  private static List<Comparison> rank(Dice dice, Side side) {
    int turns = 1 + dice.weighted(TURNS);
    String before = "";
    List<Comparison> pairs = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      Asked asked = ask(dice, Kind.HELPFUL, side, before);
      if (turn > 0 && !fits(asked.prompt())) {
        break;
      }
      String one = " " + Writer.respond(asked.question(), dice.uniform(), dice);
      String other =
          " "
              + (dice.chance(REFERENCE_ANSWER)
                  ? Writer.refer(asked.question(), dice)
                  : Writer.respond(asked.question(), dice.uniform(), dice));
      double gap = Gold.votes(asked.prompt(), one) - Gold.votes(asked.prompt(), other);
      if (Math.abs(gap) >= CLEAR_VOTES) {
        pairs.add(
            new Comparison(
                asked.prompt(),
                gap > 0 ? one : other,
                gap > 0 ? other : one,
                Map.of("domain", asked.question().domain())));
      }
      before = asked.prompt() + other;
    }
    return pairs;
  }

  private static <T> Stream<T> conversations(IntFunction<List<T>> conversation) {
    return IntStream.iterate(0, i -> i + 1).mapToObj(conversation).flatMap(List::stream);
  }

  private static String name(String what, Kind kind, Side side) {
    return what + "/" + kind.title() + "/" + side.title();
  }

  /** Whether a conversation that opens with {@code turn} belongs to {@code side}. */
  static boolean belongs(String turn, Side side) {
    boolean heldOut = Dice.of(0, turn, 0).below(10) == 0;
    return heldOut == (side == Side.HELD_OUT);
  }

  private record Asked(Question question, String prompt) {}

  private static Asked ask(Dice dice, Kind kind, Side side, String before) {
    while (true) {
      Question question = kind == Kind.HELPFUL ? Questions.helpful(dice) : Harm.draw(dice);
      double greets = before.isEmpty() ? 0.6 : 0.2;
      String opening =
          dice.chance(greets) ? dice.pick(kind == Kind.HELPFUL ? GREETINGS : URGES) : "";
      String turn = opening + question.ask(dice);
      if (!before.isEmpty() || belongs(turn, side)) {
        return new Asked(
            question, before + Role.HUMAN.marker() + " " + turn + Role.ASSISTANT.marker());
      }
    }
  }

  private static boolean fits(String prompt) {
    return LengthRule.words(prompt) <= LONGEST_PROMPT_WORDS;
  }

  private static Prompt prompt(Dice dice, Kind kind, Side side) {
    int turns = 1 + dice.weighted(TURNS);
    Asked asked = ask(dice, kind, side, "");
    for (int turn = 1; turn < turns; turn++) {
      String answered =
          asked.prompt() + " " + Writer.respond(asked.question(), dice.uniform(), dice);
      Asked next = ask(dice, kind, side, answered);
      if (!fits(next.prompt())) {
        break;
      }
      asked = next;
    }
    return new Prompt(asked.prompt(), asked.question().domain());
  }

  private static List<Comparison> compare(Dice dice, Kind kind, Side side, Weakest weakest) {
    List<Comparison> comparisons = new ArrayList<>();
    int turns = 1 + dice.weighted(TURNS);
    String before = "";
    for (int turn = 0; turn < turns; turn++) {
      Asked asked = ask(dice, kind, side, before);
      if (turn > 0 && !fits(asked.prompt())) {
        break;
      }
      boolean selected = dice.chance(REJECTION_SAMPLED);
      String left = " " + response(asked, kind, selected, dice);
      String right = left;
      while (right.equals(left)) {
        right = " " + response(asked, kind, selected, dice);
      }
      double goldLeft = kind.gold(asked.prompt(), left);
      double goldRight = kind.gold(asked.prompt(), right);
      Annotator annotator = Annotator.draw(dice);
      Annotator.Choice choice = annotator.choose(goldLeft, goldRight, dice);
      String chosen = choice.left() ? left : right;
      String rejected = choice.left() ? right : left;
      if (weakest == Weakest.KEPT || choice.strength() != Strength.UNSURE) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("domain", asked.question().domain());
        attributes.put("tranche", selected ? "rs" : "base");
        attributes.put("annotator", annotator.id());
        attributes.put("strength", Integer.toString(choice.strength().level()));
        attributes.put("shown_left", choice.left() ? "chosen" : "rejected");
        attributes.put("gold_chosen", nats(choice.left() ? goldLeft : goldRight));
        attributes.put("gold_rejected", nats(choice.left() ? goldRight : goldLeft));
        comparisons.add(new Comparison(asked.prompt(), chosen, rejected, attributes));
      }
      before = asked.prompt() + (kind == Kind.HELPFUL ? chosen : rejected);
    }
    return comparisons;
  }

  private static String response(Asked asked, Kind kind, boolean selected, Dice dice) {
    String best = Writer.respond(asked.question(), dice.uniform(), dice);
    for (int i = 1; selected && i < BEST_OF; i++) {
      String other = Writer.respond(asked.question(), dice.uniform(), dice);
      if (kind.gold(asked.prompt(), other) > kind.gold(asked.prompt(), best)) {
        best = other;
      }
    }
    return best;
  }

  private static String nats(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
