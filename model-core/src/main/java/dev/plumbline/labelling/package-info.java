/**
 * Comparisons that people label offline (paper sections 1.1, 2.1, 2.2): batches of pairs, the
 * append-only log of what each annotator did, and what follows from it.
 */
@NullMarked
package dev.plumbline.labelling;

import org.jspecify.annotations.NullMarked;
