/** The figures of the paper by number, drawn from result tables. */
@NullMarked
package dev.plumbline.figure.catalogue;

import org.jspecify.annotations.NullMarked;
