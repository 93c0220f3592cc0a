package dev.plumbline.evaluation;

/**
 * A model under a name: one of several that are compared or deployed together.
 *
 * @param name what tables call it
 * @param model directory of the language model, or a reference to a run's checkpoint
 * @param share how often it is drawn, against the others' shares; where all answer alike it is not
 *     looked at
 */
public record Player(String name, String model, double share) {}
