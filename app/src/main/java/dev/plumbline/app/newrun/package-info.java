/** A new run or study: a form over the spec records, the same as text, and what will come of it. */
@NullMarked
package dev.plumbline.app.newrun;

import org.jspecify.annotations.NullMarked;
