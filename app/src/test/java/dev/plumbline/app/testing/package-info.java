/** What the tests of the workbench share: a JavaFX thread without a screen, and pictures. */
@NullMarked
package dev.plumbline.app.testing;

import org.jspecify.annotations.NullMarked;
