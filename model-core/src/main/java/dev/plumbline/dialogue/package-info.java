/**
 * Dialogues between a human and an assistant, comparisons of responses, and the transcript grammar.
 */
@NullMarked
package dev.plumbline.dialogue;

import org.jspecify.annotations.NullMarked;
