/** What studies come to: their analyses, result tables and cards of paper against here. */
@NullMarked
package dev.plumbline.study;

import org.jspecify.annotations.NullMarked;
