package dev.plumbline.sampledata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How to make a dish: three ingredients, one way of cooking, a time and a side dish. */
record Recipe(int dish) implements Question {
  /**
   * A dish.
   *
   * @param name its name
   * @param ingredients the three things that it is made of
   * @param method what is done with them
   * @param minutes how long
   * @param side what it is served with
   */
  private record Dish(
      String name, List<String> ingredients, String method, int minutes, String side) {}

  private static final List<Dish> DISHES =
      List.of(
          new Dish("onion soup", List.of("onion", "butter", "salt"), "boil", 30, "bread"),
          new Dish("apple cake", List.of("apple", "flour", "egg"), "bake", 50, "cream"),
          new Dish("bean stew", List.of("bean", "carrot", "pepper"), "boil", 60, "rice"),
          new Dish("egg salad", List.of("egg", "oil", "salt"), "mix", 5, "bread"),
          new Dish("fish pie", List.of("fish", "flour", "milk"), "bake", 40, "salad"),
          new Dish("rice pudding", List.of("rice", "milk", "sugar"), "boil", 25, "honey"),
          new Dish("fried potatoes", List.of("potato", "oil", "pepper"), "fry", 20, "cream"),
          new Dish("pancakes", List.of("flour", "milk", "egg"), "fry", 10, "honey"),
          new Dish("carrot soup", List.of("carrot", "cream", "pepper"), "boil", 20, "bread"),
          new Dish("cheese bread", List.of("cheese", "flour", "salt"), "bake", 30, "salad"),
          new Dish("tomato sauce", List.of("tomato", "onion", "oil"), "boil", 15, "rice"),
          new Dish("mushroom pan", List.of("mushroom", "butter", "pepper"), "fry", 15, "rice"),
          new Dish("lemon drink", List.of("lemon", "water", "sugar"), "mix", 5, "ice"),
          new Dish("nut cookies", List.of("nut", "butter", "sugar"), "bake", 15, "milk"));

  private static final Set<String> INGREDIENTS = new HashSet<>();
  private static final Set<String> METHODS = Set.of("boil", "bake", "fry", "mix");
  private static final Map<String, Recipe> REQUESTS = new HashMap<>();
  private static final Map<String, Set<Integer>> DETAILS = new HashMap<>();

  private static final List<String> ASKS =
      List.of(
          "how do i make %s?",
          "how can i cook %s?", "what do i need for %s?", "give me a recipe for %s.");

  static {
    for (int i = 0; i < DISHES.size(); i++) {
      Recipe recipe = new Recipe(i);
      INGREDIENTS.addAll(recipe.what().ingredients());
      for (String ask : ASKS) {
        REQUESTS.put(Reading.sentence(ask.formatted(recipe.what().name())), recipe);
      }
      for (String detail : recipe.details()) {
        DETAILS.computeIfAbsent(Reading.sentence(detail), key -> new HashSet<>()).add(i);
      }
    }
  }

  static Recipe draw(Dice dice) {
    return new Recipe(dice.below(DISHES.size()));
  }

  static Optional<Question> parse(Reading request) {
    return Requests.last(request, REQUESTS);
  }

  private Dish what() {
    return DISHES.get(dish);
  }

  @Override
  public String domain() {
    return "recipes";
  }

  @Override
  public String ask(Dice dice) {
    return dice.pick(ASKS).formatted(what().name());
  }

  @Override
  public String right(Dice dice) {
    return steps(what().method(), dice.pickSome(what().ingredients(), 3));
  }

  @Override
  public String terse(Dice dice) {
    List<String> things = what().ingredients();
    return things.get(0) + ", " + things.get(1) + " and " + things.get(2) + ".";
  }

  @Override
  public String wrong(Dice dice) {
    List<String> things = new ArrayList<>(dice.pickSome(what().ingredients(), dice.below(3)));
    List<String> foreign =
        dice.pickSome(
            INGREDIENTS.stream().sorted().filter(i -> !what().ingredients().contains(i)).toList(),
            3 - things.size());
    things.addAll(foreign);
    return steps(dice.pick(METHODS.stream().sorted().toList()), dice.pickSome(things, 3));
  }

  private static String steps(String method, List<String> things) {
    return "take %s, %s and %s and %s them."
        .formatted(things.get(0), things.get(1), things.get(2), method);
  }

  @Override
  public List<String> details() {
    return List.of(
        "it takes " + what().minutes() + " minutes to make " + what().name() + ".",
        "serve the " + what().name() + " with " + what().side() + ".");
  }

  @Override
  public String falseDetail(Dice dice) {
    Dish other = DISHES.get((dish + dice.between(1, DISHES.size() - 1)) % DISHES.size());
    return dice.chance(0.5)
        ? "it takes "
            + (what().minutes() + dice.pick(List.of(5, 10, 30)))
            + " minutes to make "
            + what().name()
            + "."
        : new Recipe(DISHES.indexOf(other)).details().get(1);
  }

  @Override
  public Answer judge(Reading text) {
    Set<String> own = new HashSet<>();
    Set<String> foreign = new HashSet<>();
    Set<String> trueDetails = new HashSet<>();
    Set<String> falseDetails = new HashSet<>();
    boolean method = false;
    for (String sentence : text.sentences()) {
      Set<Integer> dishes = DETAILS.get(sentence);
      if (dishes != null) {
        (dishes.contains(dish) ? trueDetails : falseDetails).add(sentence);
        continue;
      }
      if (sentence.startsWith("it takes ") || sentence.startsWith("serve the ")) {
        falseDetails.add(sentence);
        continue;
      }
      for (String word : sentence.split(" ")) {
        if (what().ingredients().contains(word)) {
          own.add(word);
        } else if (INGREDIENTS.contains(word) && !what().name().contains(word)) {
          foreign.add(word);
        }
        method |= word.equals(what().method());
      }
    }
    double content =
        -0.9 + 0.7 * own.size() + (method ? 0.4 : 0) - 0.4 * Math.min(3, foreign.size());
    return new Answer(Math.max(-1.2, content), trueDetails.size(), falseDetails.size());
  }
}
