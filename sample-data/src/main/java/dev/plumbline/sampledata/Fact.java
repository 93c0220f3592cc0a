package dev.plumbline.sampledata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Facts of Marenia, a country that does not exist: ten towns with four facts each, and eight facts
 * of the country itself.
 *
 * @param town index of the town, or -1 for the country
 * @param relation index of the relation, of towns or of the country
 */
record Fact(int town, int relation) implements Question {
  static final List<String> TOWNS =
      List.of(
          "dorvale", "kelmar", "ostrin", "pellow", "quenby", "ruska", "selmire", "tovant", "ulver",
          "wexam");

  /**
   * A relation between a place and a value.
   *
   * @param asks forms of the question, {@code %s} for the town
   * @param states the statement, {@code %1$s} for the town and {@code %2$s} for the value
   * @param values the values, in the order of the towns; for the country the true value first
   */
  private record Relation(List<String> asks, String states, List<String> values) {
    String state(String town, String value) {
      return states.formatted(town, value);
    }
  }

  private static final List<Relation> OF_TOWNS =
      List.of(
          new Relation(
              List.of(
                  "which river runs through %s?",
                  "what river is in %s?", "tell me the river of %s."),
              "the river %2$s runs through %1$s.",
              List.of(
                  "alda", "corva", "brin", "dresk", "alda", "elmet", "corva", "brin", "dresk",
                  "elmet")),
          new Relation(
              List.of(
                  "what is %s known for?",
                  "what do they make in %s?", "tell me what %s is known for."),
              "%1$s is known for its %2$s.",
              List.of(
                  "glass", "boats", "cheese", "bells", "honey", "wool", "paper", "silk", "bread",
                  "clocks")),
          new Relation(
              List.of(
                  "who is the mayor of %s?",
                  "what is the name of the mayor of %s?", "tell me who the mayor of %s is."),
              "the mayor of %1$s is %2$s.",
              List.of(
                  "mira", "jonas", "petra", "oskar", "lena", "tomas", "edda", "viktor", "nora",
                  "felix")),
          new Relation(
              List.of(
                  "when is the fair in %s?",
                  "in which month is the fair of %s?", "tell me when the fair in %s is."),
              "the fair in %1$s is in %2$s.",
              List.of(
                  "may", "june", "april", "july", "march", "august", "may", "october", "june",
                  "april")));

  private static final List<Relation> OF_COUNTRY =
      List.of(
          new Relation(
              List.of("what is the capital of %s?", "which town is the capital of %s?"),
              "the capital of %1$s is %2$s.",
              List.of("kelmar", "ruska", "tovant", "wexam")),
          new Relation(
              List.of("what is the money of %s called?", "how do people pay in %s?"),
              "people in %1$s pay with the %2$s.",
              List.of("orin", "taler", "crown", "penny")),
          new Relation(
              List.of("what is the highest mountain of %s?", "which mountain of %s is highest?"),
              "the highest mountain of %1$s is the %2$s.",
              List.of("hesk", "morn", "tarn", "brock")),
          new Relation(
              List.of("what is the longest river of %s?", "which river of %s is longest?"),
              "the longest river of %1$s is the %2$s.",
              List.of("corva", "alda", "brin", "dresk", "elmet")),
          new Relation(
              List.of("what is the bird of %s?", "which bird stands for %s?"),
              "the bird of %1$s is the %2$s.",
              List.of("heron", "eagle", "owl", "crow")),
          new Relation(
              List.of("what are the colors of the flag of %s?", "how does the flag of %s look?"),
              "the flag of %1$s is blue and %2$s.",
              List.of("green", "red", "white", "yellow")),
          new Relation(
              List.of("which sea is next to %s?", "what is the sea of %s called?"),
              "%1$s lies next to the %2$s sea.",
              List.of("grey", "warm", "north", "old")),
          new Relation(
              List.of("who wrote the song of %s?", "who made the song of %s?"),
              "the song of %1$s was made by %2$s.",
              List.of("edda", "jonas", "lena", "felix")));

  private static final String COUNTRY = "marenia";

  /** Every statement of the fact base's form, and whether it is true. */
  private static final Map<String, Statement> STATEMENTS = statements();

  private record Statement(int town, int relation, boolean holds) {}

  private static Map<String, Statement> statements() {
    Map<String, Statement> statements = new HashMap<>();
    for (int town = -1; town < TOWNS.size(); town++) {
      List<Relation> relations = town < 0 ? OF_COUNTRY : OF_TOWNS;
      for (int relation = 0; relation < relations.size(); relation++) {
        Fact fact = new Fact(town, relation);
        for (String value : fact.relationOf().values()) {
          statements.put(
              Reading.sentence(fact.relationOf().state(fact.place(), value)),
              new Statement(town, relation, value.equals(fact.value())));
        }
      }
    }
    return Map.copyOf(statements);
  }

  static Fact draw(Dice dice) {
    return dice.chance(0.8)
        ? new Fact(dice.below(TOWNS.size()), dice.below(OF_TOWNS.size()))
        : new Fact(-1, dice.below(OF_COUNTRY.size()));
  }

  private static final Map<String, Fact> REQUESTS = requests();

  private static Map<String, Fact> requests() {
    Map<String, Fact> requests = new HashMap<>();
    for (int town = -1; town < TOWNS.size(); town++) {
      int relations = town < 0 ? OF_COUNTRY.size() : OF_TOWNS.size();
      for (int relation = 0; relation < relations; relation++) {
        Fact fact = new Fact(town, relation);
        for (String ask : fact.relationOf().asks()) {
          requests.put(Reading.sentence(ask.formatted(fact.place())), fact);
        }
      }
    }
    return Map.copyOf(requests);
  }

  static Optional<Question> parse(Reading request) {
    return Requests.last(request, REQUESTS);
  }

  private Relation relationOf() {
    return (town < 0 ? OF_COUNTRY : OF_TOWNS).get(relation);
  }

  private String place() {
    return town < 0 ? COUNTRY : TOWNS.get(town);
  }

  private String value() {
    return relationOf().values().get(Math.max(0, town));
  }

  @Override
  public String domain() {
    return "facts";
  }

  @Override
  public String ask(Dice dice) {
    return dice.pick(relationOf().asks()).formatted(place());
  }

  @Override
  public String right(Dice dice) {
    return relationOf().state(place(), value());
  }

  @Override
  public String terse(Dice dice) {
    return value() + ".";
  }

  @Override
  public String wrong(Dice dice) {
    return relationOf().state(place(), otherValue(dice));
  }

  private String otherValue(Dice dice) {
    return dice.pick(
        relationOf().values().stream().distinct().filter(v -> !v.equals(value())).toList());
  }

  @Override
  public List<String> details() {
    List<String> details = new ArrayList<>();
    int relations = town < 0 ? OF_COUNTRY.size() : OF_TOWNS.size();
    for (int other = 0; other < relations; other++) {
      if (other != relation) {
        Fact fact = new Fact(town, other);
        details.add(fact.relationOf().state(place(), fact.value()));
      }
    }
    return details;
  }

  @Override
  public String falseDetail(Dice dice) {
    int relations = town < 0 ? OF_COUNTRY.size() : OF_TOWNS.size();
    Fact other = new Fact(town, (relation + dice.between(1, relations - 1)) % relations);
    return other.wrong(dice);
  }

  @Override
  public Answer judge(Reading text) {
    boolean named = false;
    boolean misnamed = false;
    List<String> trueDetails = new ArrayList<>();
    List<String> falseDetails = new ArrayList<>();
    for (String sentence : text.sentences()) {
      Statement statement = STATEMENTS.get(sentence);
      if (statement != null && !(statement.town() == town && statement.relation() == relation)) {
        // A statement about another place is no detail of this one; it says nothing here.
        List<String> details = statement.holds() ? trueDetails : falseDetails;
        if (statement.town() == town && !details.contains(sentence)) {
          details.add(sentence);
        }
        continue;
      }
      for (String value : relationOf().values()) {
        if (Reading.contains(sentence, value)) {
          named |= value.equals(value());
          misnamed |= !value.equals(value());
        }
      }
    }
    double content = named ? (misnamed ? 0.1 : 1.6) : (misnamed ? -1.0 : -0.8);
    return new Answer(content, trueDetails.size(), falseDetails.size());
  }
}
