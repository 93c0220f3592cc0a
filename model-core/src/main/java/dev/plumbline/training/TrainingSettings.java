package dev.plumbline.training;

/** What one training stage of the paper's pipeline needs to know. */
public sealed interface TrainingSettings extends StageSettings
    permits PretrainingSettings, PreferenceSettings, PpoSettings, DistillationSettings {
  /** How the stage trains. */
  TrainerSettings trainer();

  /** Steps between checkpoints. */
  int checkpointEvery();
}
