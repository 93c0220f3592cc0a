/** Specs, run directories, the journal, the control file, studies and the worker process. */
@NullMarked
package dev.plumbline.experiment;

import org.jspecify.annotations.NullMarked;
