/** Pages that fail, for tests of what holds then. */
@NullMarked
package dev.plumbline.app.testing.faulty;

import org.jspecify.annotations.NullMarked;
