package dev.plumbline.app.evaluation;

import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Role;
import java.util.Locale;
import java.util.Optional;

/**
 * One held-out comparison as a preference model sees it.
 *
 * @param id its name in the table of comparisons
 * @param p probability that response a is preferred; a's side was drawn
 * @param preferredIsA whether a is the preferred response
 * @param scoreChosen score of the preferred response, nats
 * @param scoreRejected score of the other one
 * @param bin its bin of p
 * @param part part of the held-out data
 * @param tranche tranche, or empty
 * @param turn human turns of the prompt
 * @param goldChosen gold reward of the preferred response, NaN where none is known
 * @param goldRejected gold reward of the other one
 * @param text its text, where the data file has it still
 */
record HeldOutPair(
    String id,
    double p,
    boolean preferredIsA,
    double scoreChosen,
    double scoreRejected,
    int bin,
    String part,
    String tranche,
    int turn,
    double goldChosen,
    double goldRejected,
    Optional<Comparison> text) {
  /** Score of the preferred response less that of the other; below 0 the model is wrong. */
  double margin() {
    return scoreChosen - scoreRejected;
  }

  /** Whether the preferred response has the higher score. */
  boolean right() {
    return margin() > 0;
  }

  /** The last thing that the person said; empty without a text. */
  String question() {
    return text.map(
            comparison -> {
              String prompt = comparison.prompt();
              int from = prompt.lastIndexOf(Role.HUMAN.marker());
              int to = prompt.lastIndexOf(Role.ASSISTANT.marker());
              return from < 0 || to < from
                  ? prompt.strip()
                  : prompt.substring(from + Role.HUMAN.marker().length(), to).strip();
            })
        .orElse("");
  }

  /** Whether one of its texts has these words, in any case. */
  boolean has(String words) {
    String asked = words.toLowerCase(Locale.ROOT);
    return id.contains(asked)
        || text.map(
                comparison ->
                    (comparison.prompt()
                            + '\n'
                            + comparison.chosen()
                            + '\n'
                            + comparison.rejected())
                        .toLowerCase(Locale.ROOT)
                        .contains(asked))
            .orElse(false);
  }
}
