package dev.plumbline.training;

import dev.plumbline.tokenizer.Tokenizer;
import java.util.Arrays;

/** Where the text of each token of a response ends. */
public final class TokenEnds {
  private TokenEnds() {}

  /**
   * Ends of the tokens' texts. A token may hold a part of a character only; the character belongs
   * to the token that completes it.
   *
   * @param prompt tokens before the response
   * @param tokens the response's tokens
   * @param text the response's text
   * @param most tokens that are asked for
   * @return chars from the text's begin, one a token, never falling
   */
  public static int[] of(Tokenizer tokenizer, int[] prompt, int[] tokens, String text, int most) {
    int[] ends = new int[Math.min(most, tokens.length)];
    // Decoders look at a token or two before; the whole prompt would be decoded for each token.
    int[] before = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - 4), prompt.length);
    int end = 0;
    for (int t = 0; t < ends.length; t++) {
      String soFar = tokenizer.decodeAfter(before, Arrays.copyOf(tokens, t + 1));
      int length = soFar.length();
      while (length > 0 && soFar.charAt(length - 1) == '\uFFFD') {
        length--;
      }
      if (length >= end && text.startsWith(soFar.substring(0, length))) {
        end = length;
      }
      ends[t] = end;
    }
    if (ends.length == tokens.length && ends.length > 0) {
      ends[ends.length - 1] = text.length(); // half a character at the very end stays with it
    }
    return ends;
  }
}
