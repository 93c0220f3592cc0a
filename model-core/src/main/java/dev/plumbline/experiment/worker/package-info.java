/** The process that does the work: one run, or the runs of a study one after the other. */
@NullMarked
package dev.plumbline.experiment.worker;

import org.jspecify.annotations.NullMarked;
