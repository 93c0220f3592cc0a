/** Byte-level BPE and Hugging Face tokenizers: text to token ids and back. */
@NullMarked
package dev.plumbline.tokenizer;

import org.jspecify.annotations.NullMarked;
