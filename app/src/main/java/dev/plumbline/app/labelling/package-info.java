/** Labelling: batches of pairs, the screen on which they are compared, and what came of them. */
@NullMarked
package dev.plumbline.app.labelling;

import org.jspecify.annotations.NullMarked;
