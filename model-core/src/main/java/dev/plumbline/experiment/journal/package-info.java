/**
 * The record of a run: append-only events with sequence numbers, and the control file through which
 * people steer it.
 */
@NullMarked
package dev.plumbline.experiment.journal;

import org.jspecify.annotations.NullMarked;
