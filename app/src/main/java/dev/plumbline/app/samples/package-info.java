/** Responses side by side: prompts down, models across. */
@NullMarked
package dev.plumbline.app.samples;

import org.jspecify.annotations.NullMarked;
