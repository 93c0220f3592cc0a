/** Studies on screen: which go on, and stopping or continuing one. */
@NullMarked
package dev.plumbline.app.study;

import org.jspecify.annotations.NullMarked;
