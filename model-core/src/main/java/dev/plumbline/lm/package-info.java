/** Decoder language models and preference models: configuration, weights, scoring, generation. */
@NullMarked
package dev.plumbline.lm;

import org.jspecify.annotations.NullMarked;
