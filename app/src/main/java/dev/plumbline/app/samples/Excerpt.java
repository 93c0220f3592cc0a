package dev.plumbline.app.samples;

import java.util.List;

/**
 * Responses that are taken out of the workbench, with where they come from.
 *
 * @param title what they are, in a line
 * @param prompts the prompts in order
 */
record Excerpt(String title, List<Prompt> prompts) {
  /**
   * A prompt and what models wrote.
   *
   * @param turns the dialogue so far
   * @param responses one a model
   */
  record Prompt(List<Said> turns, List<Response> responses) {
    Prompt {
      turns = List.copyOf(turns);
      responses = List.copyOf(responses);
    }
  }

  /**
   * A turn.
   *
   * @param who Human or Assistant
   * @param text what was said
   */
  record Said(String who, String text) {}

  /**
   * A response.
   *
   * @param model who wrote it: the run and its step
   * @param text the response
   * @param facts numbers with their names and units
   */
  record Response(String model, String text, List<Fact> facts) {
    Response {
      facts = List.copyOf(facts);
    }
  }

  /**
   * A number.
   *
   * @param name what it is
   * @param value with its unit
   */
  record Fact(String name, String value) {}

  Excerpt {
    prompts = List.copyOf(prompts);
  }
}
