/** Measurements of the workbench's speed: {@code plumbline bench ui}. */
@NullMarked
package dev.plumbline.app.bench;

import org.jspecify.annotations.NullMarked;
