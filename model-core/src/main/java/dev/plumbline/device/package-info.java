/**
 * What this machine can compute on, found without loading the tensor library: processors, NVIDIA's
 * GPUs by their driver's own program, and the CUDA build of the tensor library with its installer.
 */
@NullMarked
package dev.plumbline.device;

import org.jspecify.annotations.NullMarked;
