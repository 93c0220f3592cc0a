/** What a person may set about the workbench itself. */
@NullMarked
package dev.plumbline.app.settings;

import org.jspecify.annotations.NullMarked;
