/** What tests of several packages share. */
@NullMarked
package dev.plumbline.testing;

import org.jspecify.annotations.NullMarked;
