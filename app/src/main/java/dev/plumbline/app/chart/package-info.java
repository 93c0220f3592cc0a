/** Figures on the screen: the raster node and the metric tiles. */
@NullMarked
package dev.plumbline.app.chart;

import org.jspecify.annotations.NullMarked;
