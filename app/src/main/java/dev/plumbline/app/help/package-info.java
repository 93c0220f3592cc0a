/** What every number means, every key, the paper's figures, and what Plumbline is made of. */
@NullMarked
package dev.plumbline.app.help;

import org.jspecify.annotations.NullMarked;
