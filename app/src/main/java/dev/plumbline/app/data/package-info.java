/** The data page: files of comparisons, dialogues and prompts, and what is made of them. */
@NullMarked
package dev.plumbline.app.data;

import org.jspecify.annotations.NullMarked;
