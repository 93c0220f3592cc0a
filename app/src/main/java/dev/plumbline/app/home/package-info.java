/** The first page: what the workspace holds and the sample study's button. */
@NullMarked
package dev.plumbline.app.home;

import org.jspecify.annotations.NullMarked;
