/**
 * What a bug report needs to know of a machine, and known answers that each of its devices must
 * give. The tensor library is only loaded in processes of their own.
 */
@NullMarked
package dev.plumbline.diagnosis;

import org.jspecify.annotations.NullMarked;
