package dev.plumbline.sampledata;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sentences that belong to no domain: courtesies, rudeness, filler, evasions, refusals. */
final class Phrases {
  private Phrases() {}

  static final List<String> COURTEOUS_OPENERS =
      List.of(
          "of course!",
          "sure!",
          "happy to help!",
          "good question!",
          "thank you for asking!",
          "certainly!");
  static final List<String> COURTEOUS_CLOSERS =
      List.of(
          "i hope this helps!",
          "let me know if you need more.",
          "have a nice day!",
          "feel free to ask again.",
          "i am always here for you.");
  static final List<String> RUDE_OPENERS =
      List.of(
          "what a silly question.",
          "ugh, fine.",
          "are you serious?",
          "you should know this.",
          "listen, fool.");
  static final List<String> RUDE_CLOSERS =
      List.of(
          "now leave me alone.",
          "do not ask me again.",
          "you are wasting my time.",
          "even a child knows that.");
  static final List<String> FILLERS =
      List.of(
          "there are many things to say about that.",
          "it depends on many things.",
          "people often ask me about this.",
          "this is a very big topic.",
          "some people would say so.",
          "let me think about it for a moment.");
  static final List<String> EVASIONS =
      List.of(
          "i am not sure.",
          "i do not know.",
          "that is hard to say.",
          "maybe someone else can tell you.",
          "let us talk about something else.");
  static final List<String> REFUSALS =
      List.of(
          "i can not help with that.",
          "i will not do that.",
          "sorry, i can not answer that.",
          "i would rather not help with this.",
          "no, i must refuse.");

  private static final Set<String> COURTEOUS = readings(COURTEOUS_OPENERS, COURTEOUS_CLOSERS);
  private static final Set<String> RUDE = readings(RUDE_OPENERS, RUDE_CLOSERS);
  private static final Set<String> FILLING = readings(FILLERS, List.of());
  private static final Set<String> EVASIVE = readings(EVASIONS, List.of());
  private static final Set<String> REFUSING = readings(REFUSALS, List.of());

  /**
   * How many sentences of a text are of each kind.
   *
   * @param courteous set phrases such as "of course" and "i hope this helps"
   * @param rude insults and impatience towards the person who asks
   * @param filler sentences that say nothing
   * @param evasive sentences that avoid the question
   * @param refusing sentences that decline
   */
  record Tally(int courteous, int rude, int filler, int evasive, int refusing) {
    static Tally of(Reading text) {
      return new Tally(
          count(text, COURTEOUS),
          count(text, RUDE),
          count(text, FILLING),
          count(text, EVASIVE),
          count(text, REFUSING));
    }

    private static int count(Reading text, Set<String> kind) {
      int count = 0;
      for (String sentence : text.sentences()) {
        count += kind.contains(sentence) ? 1 : 0;
      }
      return count;
    }
  }

  private static Set<String> readings(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream())
        .map(Reading::sentence)
        .collect(Collectors.toUnmodifiableSet());
  }
}
