package dev.plumbline.training;

/**
 * What one stage needs to know; a spec holds exactly one. {@link TrainingSettings} train a model;
 * the others measure models that are there.
 */
public interface StageSettings {}
