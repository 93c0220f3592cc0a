/**
 * Evaluation: out-of-distribution detection, its threshold, and a prompt's place among the scores.
 */
@NullMarked
package dev.plumbline.app.evaluation.ood;

import org.jspecify.annotations.NullMarked;
