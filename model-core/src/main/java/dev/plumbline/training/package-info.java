/** One readable file per algorithm over one shared loop: what is trained, and how. */
@NullMarked
package dev.plumbline.training;

import org.jspecify.annotations.NullMarked;
