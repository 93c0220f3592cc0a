/** The one entry of Plumbline: it opens the workbench, or hands over to the command line. */
@NullMarked
package dev.plumbline.app;

import org.jspecify.annotations.NullMarked;
