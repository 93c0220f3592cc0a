/** Runs while they train: tiles, charts, controls and marks. */
@NullMarked
package dev.plumbline.app.live;

import org.jspecify.annotations.NullMarked;
