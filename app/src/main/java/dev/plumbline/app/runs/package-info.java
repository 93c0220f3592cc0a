/** The table of runs. */
@NullMarked
package dev.plumbline.app.runs;

import org.jspecify.annotations.NullMarked;
