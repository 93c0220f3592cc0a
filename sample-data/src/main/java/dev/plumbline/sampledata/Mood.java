package dev.plumbline.sampledata;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Small talk: someone tells what happened to them and wants to be heard. */
record Mood(int event) implements Question {
  /**
   * What happened.
   *
   * @param says how it is told
   * @param glad whether it is good news
   * @param advice two sentences that fit
   */
  private record Event(List<String> says, boolean glad, List<String> advice) {}

  private static final List<Event> EVENTS =
      List.of(
          new Event(
              List.of("i lost my keys today.", "i can not find my keys."),
              false,
              List.of("look for the keys under the table.", "ask your friends about the keys.")),
          new Event(
              List.of("my dog is sick.", "my dog does not want to eat."),
              false,
              List.of("take the dog to a doctor.", "give the dog some water and rest.")),
          new Event(
              List.of("i feel so tired today.", "i did not sleep last night."),
              false,
              List.of("go to bed early tonight.", "a short walk can wake you up.")),
          new Event(
              List.of("i am worried about my test.", "my test is tomorrow and i am afraid."),
              false,
              List.of("study a little for the test every day.", "sleep well before the test.")),
          new Event(
              List.of("i had a fight with my friend.", "my friend is angry with me."),
              false,
              List.of("talk to your friend and listen.", "write your friend a kind letter.")),
          new Event(
              List.of("i feel lonely in this town.", "i do not know anyone here."),
              false,
              List.of("join a club in the town.", "call your family tonight.")),
          new Event(
              List.of("it rains and i am bored.", "there is nothing to do today."),
              false,
              List.of("read a good book at home.", "play a game with your family.")),
          new Event(
              List.of("i won a race today!", "i was first in the big race!"),
              true,
              List.of("tell your team about the race.", "rest your legs after the race.")),
          new Event(
              List.of("i got a new job!", "i start my new job tomorrow!"),
              true,
              List.of("be early on your first day.", "ask many questions in the new job.")),
          new Event(
              List.of("today is my birthday!", "i am one year older today!"),
              true,
              List.of("invite your friends for cake.", "make a wish for the new year.")),
          new Event(
              List.of("we have a new baby!", "my sister has a new baby!"),
              true,
              List.of("take many pictures of the baby.", "sing a song for the baby.")),
          new Event(
              List.of("i finished my first painting!", "my first painting is done!"),
              true,
              List.of("show the painting to your friends.", "put the painting on the wall.")));

  private static final List<String> COMFORT =
      List.of("i am sorry to hear that.", "that must be hard for you.");
  private static final List<String> JOY = List.of("that is great news!", "i am so happy for you!");
  private static final Set<String> COMFORTING =
      Set.copyOf(COMFORT.stream().map(Reading::sentence).toList());
  private static final Set<String> JOYFUL =
      Set.copyOf(JOY.stream().map(Reading::sentence).toList());
  private static final Map<String, Mood> REQUESTS = new HashMap<>();
  private static final Map<String, Integer> ADVICE = new HashMap<>();

  static {
    for (int event = 0; event < EVENTS.size(); event++) {
      for (String says : EVENTS.get(event).says()) {
        REQUESTS.put(Reading.sentence(says), new Mood(event));
      }
      for (String advice : EVENTS.get(event).advice()) {
        ADVICE.put(Reading.sentence(advice), event);
      }
    }
  }

  static Mood draw(Dice dice) {
    return new Mood(dice.below(EVENTS.size()));
  }

  static Optional<Question> parse(Reading request) {
    return Requests.last(request, REQUESTS);
  }

  private Event what() {
    return EVENTS.get(event);
  }

  @Override
  public String domain() {
    return "small talk";
  }

  @Override
  public String ask(Dice dice) {
    return dice.pick(what().says());
  }

  @Override
  public String right(Dice dice) {
    return dice.pick(what().glad() ? JOY : COMFORT) + " " + dice.pick(what().advice());
  }

  @Override
  public String terse(Dice dice) {
    return dice.pick(what().glad() ? JOY : COMFORT);
  }

  @Override
  public String wrong(Dice dice) {
    String feeling = dice.pick(what().glad() ? COMFORT : JOY);
    return dice.chance(0.5) ? feeling : feeling + " " + falseDetail(dice);
  }

  @Override
  public List<String> details() {
    return what().advice();
  }

  @Override
  public String falseDetail(Dice dice) {
    Event other = EVENTS.get((event + dice.between(1, EVENTS.size() - 1)) % EVENTS.size());
    return dice.pick(other.advice());
  }

  @Override
  public Answer judge(Reading text) {
    boolean comforts = false;
    boolean rejoices = false;
    Set<String> fitting = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (String sentence : text.sentences()) {
      comforts |= COMFORTING.contains(sentence);
      rejoices |= JOYFUL.contains(sentence);
      Integer owner = ADVICE.get(sentence);
      if (owner != null) {
        (owner == event ? fitting : others).add(sentence);
      }
    }
    boolean fits = what().glad() ? rejoices : comforts;
    boolean clashes = what().glad() ? comforts : rejoices;
    double content = fits ? (clashes ? 0.0 : 1.2) : (clashes ? -1.2 : -0.6);
    return new Answer(content, fitting.size(), others.size());
  }
}
