/** Measurements of trained models against data. */
@NullMarked
package dev.plumbline.evaluation;

import org.jspecify.annotations.NullMarked;
