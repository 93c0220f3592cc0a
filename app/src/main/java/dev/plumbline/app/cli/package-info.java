/** The subcommands of {@code plumbline}: headless, with JSON on standard output for scripts. */
@NullMarked
package dev.plumbline.app.cli;

import org.jspecify.annotations.NullMarked;
