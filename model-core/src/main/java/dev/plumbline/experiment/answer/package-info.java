/** Answers to prompts that people type, in a process of its own that keeps its models. */
@NullMarked
package dev.plumbline.experiment.answer;

import org.jspecify.annotations.NullMarked;
