/** Figures as plain data, the one painter, the exporters, and the paper's catalogue. */
@NullMarked
package dev.plumbline.figure;

import org.jspecify.annotations.NullMarked;
