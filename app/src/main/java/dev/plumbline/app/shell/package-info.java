/**
 * The frame of the workbench: window, navigation, commands, theme, notices, errors, preferences,
 * and the one bridge to the JavaFX thread.
 */
@NullMarked
package dev.plumbline.app.shell;

import org.jspecify.annotations.NullMarked;
