package dev.plumbline.data;

/** In which of the published forms a file holds its rows. */
public enum DataForm {
  /** {@code chosen} and {@code rejected} transcripts, as the hh-rlhf files. */
  HH(DataKind.COMPARISONS),
  /** {@code prompt}, {@code chosen} and {@code rejected}: texts or lists of messages (TRL). */
  EXPLICIT(DataKind.COMPARISONS),
  /** {@code chosen} and {@code rejected} lists of messages that begin alike (TRL). */
  CONVERSATIONS(DataKind.COMPARISONS),
  /** {@code input.messages}, {@code preferred_output}, {@code non_preferred_output} (OpenAI). */
  OPENAI(DataKind.COMPARISONS),
  /**
   * {@code conversation_a}, {@code conversation_b} and {@code winner} (arena battles), or a {@code
   * prompt} with {@code response_a} and {@code response_b}.
   */
  BATTLES(DataKind.COMPARISONS),
  /** Tasks with two texts and annotations that choose one (Label Studio's JSON). */
  LABEL_STUDIO(DataKind.COMPARISONS),
  /** Records with fields and responses that rank two of them (Argilla). */
  ARGILLA(DataKind.COMPARISONS),
  /** {@code prompt} and {@code completion}, perhaps with a {@code label} (TRL unpaired). */
  UNPAIRED(DataKind.DIALOGUES),
  /** A list of {@code messages}. */
  MESSAGES(DataKind.DIALOGUES),
  /** {@code transcript} with ratings, as the red-team attempts. */
  RED_TEAM(DataKind.DIALOGUES),
  /** A transcript or plain text under {@code text}. */
  TEXTS(DataKind.DIALOGUES),
  /** {@code prompt} alone. */
  PROMPTS(DataKind.PROMPTS),
  /** None of these; a person says which column is what. */
  UNKNOWN(DataKind.COMPARISONS);

  private final DataKind kind;

  DataForm(DataKind kind) {
    this.kind = kind;
  }

  /** What its rows are. */
  public DataKind kind() {
    return kind;
  }
}
