/**
 * A synthetic world in which everything about preferences is known: its dialogues, its two gold
 * rewards, its annotators, and the small set that ships. WORLD.md of this module documents it.
 */
@NullMarked
package dev.plumbline.sampledata;

import org.jspecify.annotations.NullMarked;
