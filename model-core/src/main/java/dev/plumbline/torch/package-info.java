/**
 * The only package that sees DJL: device, memory scopes, TorchScript programs, AdamW, safetensors.
 */
@NullMarked
package dev.plumbline.torch;

import org.jspecify.annotations.NullMarked;
