package dev.plumbline.data;

/** What the rows of a data file are. */
public enum DataKind {
  /** Two responses to one prompt, of which one was preferred. */
  COMPARISONS,
  /** Dialogues with a response at the end, or plain texts. */
  DIALOGUES,
  /** Prompts to sample from. */
  PROMPTS
}
