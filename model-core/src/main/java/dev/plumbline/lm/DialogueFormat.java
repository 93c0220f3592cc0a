package dev.plumbline.lm;

import java.util.Locale;

/** The form in which dialogues become the tokens of a model. */
public enum DialogueFormat {
  /** The transcript of the hh-rlhf files, between the model's begin and end tokens. */
  HH,
  /** The model's own chat template. */
  CHAT_TEMPLATE;

  /** Its name in specs and in a preference model's {@code config.json}. */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
