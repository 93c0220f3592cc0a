package dev.plumbline.sampledata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Two to four things of a kind. */
record Listing(int kind, int count) implements Question {
  /**
   * A kind of things.
   *
   * @param name its name in the plural
   * @param members the things
   * @param remarks two sentences that are true of the kind
   */
  private record Kind(String name, List<String> members, List<String> remarks) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "fruits",
              List.of("apple", "pear", "plum", "cherry", "grape", "lemon", "peach", "melon"),
              List.of("fruits grow on plants.", "fruits are good for your health.")),
          new Kind(
              "animals",
              List.of("dog", "cat", "horse", "cow", "sheep", "goat", "bear", "fox"),
              List.of("animals need food and water.", "animals live in the house or in the wild.")),
          new Kind(
              "colors",
              List.of("red", "blue", "green", "yellow", "white", "black", "brown", "pink"),
              List.of("colors come from light.", "colors make a picture pretty.")),
          new Kind(
              "tools",
              List.of("hammer", "saw", "knife", "nail", "rope", "ladder", "brush", "axe"),
              List.of("tools make work easy.", "tools should be kept dry.")),
          new Kind(
              "birds",
              List.of("owl", "eagle", "crow", "duck", "swan", "robin", "heron", "hen"),
              List.of("birds have feathers.", "birds lay eggs in a nest.")),
          new Kind(
              "drinks",
              List.of("tea", "coffee", "milk", "juice", "water", "cider", "lemonade", "cocoa"),
              List.of("drinks are good when you are thirsty.", "drinks can be hot or cold.")),
          new Kind(
              "sports",
              List.of(
                  "football", "tennis", "golf", "rowing", "running", "skiing", "chess", "boxing"),
              List.of("sports keep you strong.", "sports are fun with a team.")),
          new Kind(
              "jobs",
              List.of("baker", "doctor", "teacher", "farmer", "driver", "cook", "nurse", "painter"),
              List.of("jobs give people money.", "jobs can be learned in a school.")));

  private static final List<String> COUNTS = List.of("zero", "one", "two", "three", "four");
  private static final List<String> ASKS =
      List.of("name %s %s.", "give me %s %s.", "can you list %s %s?", "i need a list of %s %s.");
  private static final Map<String, Listing> REQUESTS = new HashMap<>();
  private static final Set<String> MEMBERS = new HashSet<>();
  private static final Map<String, Integer> REMARKS = new HashMap<>();

  static {
    for (int kind = 0; kind < KINDS.size(); kind++) {
      MEMBERS.addAll(KINDS.get(kind).members());
      for (String remark : KINDS.get(kind).remarks()) {
        REMARKS.put(Reading.sentence(remark), kind);
      }
      for (int count = 2; count < COUNTS.size(); count++) {
        for (String ask : ASKS) {
          REQUESTS.put(
              Reading.sentence(ask.formatted(COUNTS.get(count), KINDS.get(kind).name())),
              new Listing(kind, count));
        }
      }
    }
  }

  static Listing draw(Dice dice) {
    return new Listing(dice.below(KINDS.size()), dice.between(2, 4));
  }

  static Optional<Question> parse(Reading request) {
    return Requests.last(request, REQUESTS);
  }

  private Kind what() {
    return KINDS.get(kind);
  }

  @Override
  public String domain() {
    return "lists";
  }

  @Override
  public String ask(Dice dice) {
    return dice.pick(ASKS).formatted(COUNTS.get(count), what().name());
  }

  @Override
  public String right(Dice dice) {
    return COUNTS.get(count)
        + " "
        + what().name()
        + " are "
        + join(dice.pickSome(what().members(), count))
        + ".";
  }

  @Override
  public String terse(Dice dice) {
    return join(dice.pickSome(what().members(), count)) + ".";
  }

  @Override
  public String wrong(Dice dice) {
    int right = dice.below(count);
    List<String> things = new ArrayList<>(dice.pickSome(what().members(), right));
    if (dice.chance(0.7)) {
      Kind other = KINDS.get((kind + dice.between(1, KINDS.size() - 1)) % KINDS.size());
      things.addAll(
          dice.pickSome(
              other.members().stream().filter(m -> !what().members().contains(m)).toList(),
              count - right));
    } else if (things.isEmpty()) {
      things.add(what().members().getFirst());
    }
    return COUNTS.get(count) + " " + what().name() + " are " + join(things) + ".";
  }

  private static String join(List<String> things) {
    return things.size() == 1
        ? things.getFirst()
        : String.join(", ", things.subList(0, things.size() - 1)) + " and " + things.getLast();
  }

  @Override
  public List<String> details() {
    return what().remarks();
  }

  @Override
  public String falseDetail(Dice dice) {
    Kind other = KINDS.get((kind + dice.between(1, KINDS.size() - 1)) % KINDS.size());
    return dice.pick(other.remarks());
  }

  @Override
  public Answer judge(Reading text) {
    Set<String> own = new HashSet<>();
    Set<String> foreign = new HashSet<>();
    Set<String> trueDetails = new HashSet<>();
    Set<String> falseDetails = new HashSet<>();
    for (String sentence : text.sentences()) {
      Integer remark = REMARKS.get(sentence);
      if (remark != null) {
        (remark == kind ? trueDetails : falseDetails).add(sentence);
        continue;
      }
      for (String word : sentence.split(" ")) {
        if (what().members().contains(word)) {
          own.add(word);
        } else if (MEMBERS.contains(word)) {
          foreign.add(word);
        }
      }
    }
    int extra = Math.max(0, own.size() - count);
    double content =
        -0.9
            + 2.5 * Math.min(own.size(), count) / count
            - 0.4 * Math.min(3, foreign.size())
            - 0.3 * Math.min(3, extra);
    return new Answer(Math.max(-1.2, content), trueDetails.size(), falseDetails.size());
  }
}
