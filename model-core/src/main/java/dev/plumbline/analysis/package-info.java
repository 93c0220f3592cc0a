/** Pure statistics, each with its definition; nothing here knows of models or files. */
@NullMarked
package dev.plumbline.analysis;

import org.jspecify.annotations.NullMarked;
