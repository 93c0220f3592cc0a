/**
 * The evaluation page: how well a preference model's probabilities hold, what a policy's reward is
 * worth, what lies outside the training data, and who wins against whom.
 */
@org.jspecify.annotations.NullMarked
package dev.plumbline.app.evaluation;
