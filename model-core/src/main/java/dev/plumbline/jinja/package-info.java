/**
 * Chat templates: a closed interpreter of the part of Jinja that models' templates are written in.
 */
@NullMarked
package dev.plumbline.jinja;

import org.jspecify.annotations.NullMarked;
