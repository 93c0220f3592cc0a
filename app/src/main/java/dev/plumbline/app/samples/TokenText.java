package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.training.ResponseSample;
import dev.plumbline.training.TokenTrace;
import dev.plumbline.training.TokenTrace.Token;
import java.util.ArrayList;
import java.util.List;

/** The tokens of a response as they are shown. */
final class TokenText {
  private TokenText() {}

  /**
   * A token to be shown.
   *
   * @param text its text; empty where it has none of its own
   * @param token what is known of it
   * @param last whether it is the response's last token
   */
  record Shown(String text, Token token, boolean last) {
    /** Its text with what cannot be seen written out. */
    String visible() {
      if (text.isEmpty()) {
        return last ? Strings.text("samples.token.end") : Strings.text("samples.token.part");
      }
      return text.replace("\n", "\u23ce");
    }
  }

  /** Tokens that no line break may part. */
  record Word(List<Shown> tokens) {
    Word {
      tokens = List.copyOf(tokens);
    }

    /** Whether a new line begins behind it. */
    boolean breaks() {
      return tokens.getLast().text().endsWith("\n");
    }
  }

  /** The words of a response in order; what the trace does not reach is left out. */
  static List<Word> words(ResponseSample sample, TokenTrace trace) {
    List<Word> words = new ArrayList<>();
    List<Shown> word = new ArrayList<>();
    String response = sample.response();
    int from = 0;
    for (int i = 0; i < trace.tokens().size(); i++) {
      Token token = trace.tokens().get(i);
      int to = Math.clamp(token.end(), from, response.length());
      String text = response.substring(from, to);
      from = to;
      boolean begins = !text.isEmpty() && Character.isWhitespace(text.charAt(0));
      boolean broken = !word.isEmpty() && word.getLast().text().endsWith("\n");
      if (!word.isEmpty() && (begins || broken)) {
        words.add(new Word(word));
        word = new ArrayList<>();
      }
      word.add(new Shown(text, token, i == sample.tokens() - 1));
    }
    if (!word.isEmpty()) {
      words.add(new Word(word));
    }
    return words;
  }

  /** What of a response the trace does not reach. */
  static String rest(ResponseSample sample, TokenTrace trace) {
    if (trace.isEmpty()) {
      return sample.response();
    }
    int end = Math.clamp(trace.tokens().getLast().end(), 0, sample.response().length());
    return sample.response().substring(end);
  }

  /** All that is known of a token, in words. */
  static String facts(Shown shown) {
    Token token = shown.token();
    return Strings.text(
        "samples.token.facts",
        shown.visible(),
        Numbers.fixed(token.logProbability(), 3),
        Numbers.fixed(token.referenceLogProbability(), 3),
        Numbers.fixed(token.kl(), 3),
        Numbers.fixed(token.entropy(), 3),
        Numbers.signed(token.value(), 3),
        Numbers.signed(token.advantage(), 3));
  }
}
