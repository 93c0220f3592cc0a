package dev.plumbline.dialogue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dialogue, and the transcript grammar of the hh-rlhf files: a sequence of turns, each opened by
 * {@code "\n\nHuman:"} or {@code "\n\nAssistant:"} (paper section 2.1; most files alternate, but
 * nothing here asks for it). {@code parse} and {@code render} are inverse to each other.
 *
 * @param turns the turns in order, at least one
 */
public record Dialogue(List<Turn> turns) {
  /** A dialogue of at least one turn. */
  public Dialogue {
    turns = List.copyOf(turns);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("a dialogue has at least one turn");
    }
  }

  /**
   * Reads a transcript.
   *
   * @throws IllegalArgumentException where the text does not begin with a turn
   */
  public static Dialogue parse(String transcript) {
    List<Turn> turns = new ArrayList<>();
    Role role = roleAt(transcript, 0);
    if (role == null) {
      throw new IllegalArgumentException(
          "a transcript begins with two line feeds and \"Human:\" or \"Assistant:\"");
    }
    int from = role.marker().length();
    while (true) {
      int next = nextMarker(transcript, from);
      turns.add(new Turn(role, transcript.substring(from, next)));
      Role nextRole = roleAt(transcript, next);
      if (nextRole == null) {
        return new Dialogue(turns);
      }
      role = nextRole;
      from = next + role.marker().length();
    }
  }

  /**
   * What the prompts of one conversation have in common: the text of the first turn. A text that is
   * no transcript is a conversation of its own.
   */
  public static String conversationKey(String prompt) {
    Role first = roleAt(prompt, 0);
    if (first == null) {
      return prompt.strip();
    }
    int from = first.marker().length();
    return prompt.substring(from, nextMarker(prompt, from)).strip();
  }

  /** The transcript of this dialogue. */
  public String render() {
    StringBuilder transcript = new StringBuilder();
    for (Turn turn : turns) {
      transcript.append(turn.role().marker()).append(turn.text());
    }
    return transcript.toString();
  }

  /**
   * Everything up to and with the last {@code "\n\nAssistant:"}: what a model is given.
   *
   * @throws IllegalStateException where the last turn is not the assistant's
   */
  public String prompt() {
    requireAssistantLast();
    String transcript = render();
    return transcript.substring(0, transcript.length() - response().length());
  }

  /**
   * The text of the last turn as it stands in the transcript, with its leading space.
   *
   * @throws IllegalStateException where the last turn is not the assistant's
   */
  public String response() {
    requireAssistantLast();
    return turns.getLast().text();
  }

  /** How many turns {@code role} has. */
  public int count(Role role) {
    return (int) turns.stream().filter(turn -> turn.role() == role).count();
  }

  private void requireAssistantLast() {
    if (turns.getLast().role() != Role.ASSISTANT) {
      throw new IllegalStateException("the last turn of the dialogue is not the assistant's");
    }
  }

  private static int nextMarker(String transcript, int from) {
    int at = transcript.indexOf("\n\n", from);
    while (at >= 0) {
      if (roleAt(transcript, at) != null) {
        return at;
      }
      at = transcript.indexOf("\n\n", at + 1);
    }
    return transcript.length();
  }

  private static @Nullable Role roleAt(String transcript, int at) {
    for (Role role : Role.values()) {
      if (transcript.startsWith(role.marker(), at)) {
        return role;
      }
    }
    return null;
  }
}
