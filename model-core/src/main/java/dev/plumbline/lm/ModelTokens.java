package dev.plumbline.lm;

import dev.plumbline.tokenizer.Tokenizer;
import java.nio.file.Path;

/**
 * What a model's directory says of its tokens, read without its weights.
 *
 * @param tokenizer the tokenizer
 * @param end the token that ends a response
 * @param endOfContext the token at which a preference model is read
 * @param contextTokens the model's longest sequence
 */
public record ModelTokens(Tokenizer tokenizer, int end, int endOfContext, int contextTokens) {

  /**
   * Reads a directory in Hugging Face form.
   *
   * @throws dev.plumbline.data.UserError naming the file and what cannot be used
   */
  public static ModelTokens of(Path directory) {
    Path file = directory.resolve("config.json");
    DecoderConfig config = ModelFamily.read(file, ModelFamily.head(file));
    Tokenizer tokenizer = LanguageModel.tokenizer(directory, config);
    int end = config.endingAs(tokenizer).eos();
    return new ModelTokens(
        tokenizer,
        end,
        tokenizer.has(Tokenizer.END_OF_CONTEXT) ? tokenizer.idOf(Tokenizer.END_OF_CONTEXT) : end,
        config.contextTokens());
  }
}
