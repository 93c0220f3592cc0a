package dev.plumbline.evaluation;

import dev.plumbline.training.StageSettings;

/**
 * What a stage needs to know that measures models which are there, or gathers data with them. It
 * has no checkpoints: one that was cut off starts over and gives the same rows, because its chance
 * is a function of the seed.
 */
public sealed interface MeasurementSettings extends StageSettings
    permits AnswerLikelihoodSettings,
        BestOfKSettings,
        CollectionSettings,
        MatchesSettings,
        MultipleChoiceSettings,
        OodSettings,
        PreferenceEvaluationSettings,
        SampleSheetSettings,
        TextScoresSettings {}
