package dev.plumbline.training;

/** What one stage of the paper's pipeline needs to know; a spec holds exactly one. */
public sealed interface StageSettings permits PretrainingSettings, PreferenceSettings, PpoSettings {
  /** How the stage trains. */
  TrainerSettings trainer();
}
