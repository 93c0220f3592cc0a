/** What the views show: immutable snapshots of the workspace, read off the JavaFX thread. */
@NullMarked
package dev.plumbline.app.feed;

import org.jspecify.annotations.NullMarked;
