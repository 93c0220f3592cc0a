/** Figures for papers: preview at true size and export. */
@NullMarked
package dev.plumbline.app.figures;

import org.jspecify.annotations.NullMarked;
