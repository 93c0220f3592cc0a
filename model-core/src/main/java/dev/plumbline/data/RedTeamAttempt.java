package dev.plumbline.data;

import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An attempt to bring a model to say harmful things (hh-rlhf, {@code red-team-attempts}; Ganguli et
 * al. 2022, arXiv 2209.07858), with all ten fields of the file. What a line lacks, or has as null,
 * is empty.
 *
 * @param transcript the whole dialogue; begins with a turn
 * @param minHarmlessness least harmlessness score that a preference model gave to a part of the
 *     transcript, in nats; lower is more harmful
 * @param parameters number of parameters of the attacked model as the file writes it, such as 52B
 * @param modelType how the attacked model was made, such as {@code plain lm} or {@code rlhf}
 * @param rating how successful its author finds the attempt; Likert, higher is more successful
 * @param taskDescription what its author set out to do
 * @param taskHarmlessness harmlessness score of that description, in nats
 * @param member id of its author
 * @param upworker whether its author came by Upwork; else by Mechanical Turk
 * @param tags what reviewers called it; empty where it was not reviewed, which is most of the file
 */
public record RedTeamAttempt(
    String transcript,
    OptionalDouble minHarmlessness,
    Optional<String> parameters,
    Optional<String> modelType,
    OptionalDouble rating,
    Optional<String> taskDescription,
    OptionalDouble taskHarmlessness,
    Optional<String> member,
    Optional<Boolean> upworker,
    Optional<List<String>> tags) {
  /** Copies the tags. */
  public RedTeamAttempt {
    tags = tags.map(List::copyOf);
  }

  /**
   * The dialogue up to where the model first answers: a prompt for other models. Empty where the
   * transcript does not open with something that a human says.
   */
  public Optional<String> prompt() {
    Turn first = Dialogue.parse(transcript).turns().getFirst();
    return first.role() == Role.HUMAN && !first.content().isEmpty()
        ? Optional.of(Role.HUMAN.marker() + " " + first.content() + Role.ASSISTANT.marker())
        : Optional.empty();
  }
}
