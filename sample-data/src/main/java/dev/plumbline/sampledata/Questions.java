package dev.plumbline.sampledata;

import dev.plumbline.dialogue.Role;
import java.util.Optional;

/** All domains together: drawing requests, and finding out what a prompt asks. */
final class Questions {
  private Questions() {}

  /** A request of one of the helpful domains. */
  static Question helpful(Dice dice) {
    return switch (dice.weighted(0.14, 0.2, 0.18, 0.14, 0.18, 0.16)) {
      case 0 -> Sum.draw(dice);
      case 1 -> Fact.draw(dice);
      case 2 -> Recipe.draw(dice);
      case 3 -> Route.draw(dice);
      case 4 -> Listing.draw(dice);
      default -> Mood.draw(dice);
    };
  }

  /** What the last human turn of a prompt asks, where it is a request of the world. */
  static Optional<Question> asked(String prompt) {
    int start = prompt.lastIndexOf(Role.HUMAN.marker());
    String turn = start < 0 ? prompt : prompt.substring(start + Role.HUMAN.marker().length());
    int end = turn.indexOf(Role.ASSISTANT.marker());
    Reading request = Reading.of(end < 0 ? turn : turn.substring(0, end));
    return Harm.parse(request)
        .or(() -> Fact.parse(request))
        .or(() -> Recipe.parse(request))
        .or(() -> Route.parse(request))
        .or(() -> Listing.parse(request))
        .or(() -> Mood.parse(request))
        .or(() -> Sum.parse(request));
  }
}
