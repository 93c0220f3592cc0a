/** What this machine is and whether it computes rightly; the GPU's runtime is installed here. */
@NullMarked
package dev.plumbline.app.diagnostics;

import org.jspecify.annotations.NullMarked;
