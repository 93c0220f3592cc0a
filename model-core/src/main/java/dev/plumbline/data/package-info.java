/** Readers and writers of preference data, import reports, and splits by conversation. */
@NullMarked
package dev.plumbline.data;

import org.jspecify.annotations.NullMarked;
