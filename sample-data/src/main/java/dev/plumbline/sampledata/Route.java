package dev.plumbline.sampledata;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The way between two places of a small town whose streets form a grid. */
record Route(int from, int to) implements Question {
  /**
   * A place in the town.
   *
   * @param east streets east of the south-west corner
   * @param north streets north of it
   * @param mark what stands beside it
   */
  private record Place(String name, int east, int north, String mark) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("station", 0, 0, "old bridge"),
          new Place("market", 2, 0, "red tower"),
          new Place("school", 1, 1, "green field"),
          new Place("library", 2, 2, "white church"),
          new Place("museum", 0, 2, "big tree"),
          new Place("harbor", 3, 0, "light house"),
          new Place("park", 3, 1, "stone well"),
          new Place("bakery", 1, 3, "blue house"),
          new Place("hospital", 3, 3, "round square"));

  private static final List<String> COUNTS = List.of("no", "one", "two", "three");
  private static final Pattern LEG =
      Pattern.compile("\\b(one|two|three|[1-9]) streets? (north|south|east|west)\\b");
  private static final List<String> ASKS =
      List.of(
          "how do i get from the %s to the %s?",
          "how do i walk from the %s to the %s?", "show me the way from the %s to the %s.");
  private static final Map<String, Route> REQUESTS = new HashMap<>();

  static {
    for (int from = 0; from < PLACES.size(); from++) {
      for (int to = 0; to < PLACES.size(); to++) {
        for (String ask : ASKS) {
          if (from != to) {
            REQUESTS.put(
                Reading.sentence(ask.formatted(PLACES.get(from).name(), PLACES.get(to).name())),
                new Route(from, to));
          }
        }
      }
    }
  }

  static Route draw(Dice dice) {
    int from = dice.below(PLACES.size());
    return new Route(from, (from + dice.between(1, PLACES.size() - 1)) % PLACES.size());
  }

  static Optional<Question> parse(Reading request) {
    return Requests.last(request, REQUESTS);
  }

  private int east() {
    return PLACES.get(to).east() - PLACES.get(from).east();
  }

  private int north() {
    return PLACES.get(to).north() - PLACES.get(from).north();
  }

  @Override
  public String domain() {
    return "directions";
  }

  @Override
  public String ask(Dice dice) {
    return dice.pick(ASKS).formatted(PLACES.get(from).name(), PLACES.get(to).name());
  }

  @Override
  public String right(Dice dice) {
    return "walk " + legs(east(), north()) + ".";
  }

  @Override
  public String terse(Dice dice) {
    return legs(east(), north()) + ".";
  }

  @Override
  public String wrong(Dice dice) {
    int east = east();
    int north = north();
    switch (dice.below(3)) {
      case 0 -> east = east == 0 ? dice.pick(List.of(-1, 1, 2)) : -east;
      case 1 -> north = north == 0 ? dice.pick(List.of(-1, 1, 2)) : -north;
      default -> {
        east = dice.between(-3, 3);
        north = dice.pick(List.of(-2, -1, 1, 2));
      }
    }
    return "walk " + legs(east, north) + ".";
  }

  private static String legs(int east, int north) {
    String alongNorth = north == 0 ? "" : leg(north, "north", "south");
    String alongEast = east == 0 ? "" : leg(east, "east", "west");
    return alongNorth + (north != 0 && east != 0 ? " and " : "") + alongEast;
  }

  private static String leg(int streets, String ahead, String back) {
    int count = Math.abs(streets);
    return COUNTS.get(count)
        + (count == 1 ? " street " : " streets ")
        + (streets > 0 ? ahead : back);
  }

  @Override
  public List<String> details() {
    return List.of(mark(to, to), mark(from, from));
  }

  private static String mark(int place, int beside) {
    return "the " + PLACES.get(place).name() + " is beside the " + PLACES.get(beside).mark() + ".";
  }

  @Override
  public String falseDetail(Dice dice) {
    return mark(to, (to + dice.between(1, PLACES.size() - 1)) % PLACES.size());
  }

  @Override
  public Answer judge(Reading text) {
    int east = 0;
    int north = 0;
    boolean walks = false;
    Set<String> trueDetails = new HashSet<>();
    Set<String> falseDetails = new HashSet<>();
    Set<String> own = Set.of(Reading.sentence(mark(to, to)), Reading.sentence(mark(from, from)));
    for (String sentence : text.sentences()) {
      if (own.contains(sentence)) {
        trueDetails.add(sentence);
      } else if (sentence.contains(" is beside the ")) {
        falseDetails.add(sentence);
      }
      Matcher leg = LEG.matcher(sentence);
      while (leg.find()) {
        walks = true;
        int count =
            Character.isDigit(leg.group(1).charAt(0))
                ? Integer.parseInt(leg.group(1))
                : COUNTS.indexOf(leg.group(1));
        switch (leg.group(2)) {
          case "north" -> north += count;
          case "south" -> north -= count;
          case "east" -> east += count;
          default -> east -= count;
        }
      }
    }
    int error = Math.abs(east - east()) + Math.abs(north - north());
    double content = walks ? Math.max(-1.0, 1.6 - 0.8 * error) : -0.8;
    return new Answer(content, trueDetails.size(), falseDetails.size());
  }
}
