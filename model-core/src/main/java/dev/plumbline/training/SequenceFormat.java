package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How text becomes token sequences, the same in every stage:
 *
 * <pre>
 * language model   &lt;|begin|&gt; transcript &lt;|end|&gt;
 * policy           &lt;|begin|&gt; prompt, then it samples a response up to &lt;|end|&gt;
 * preference model &lt;|begin|&gt; prompt response &lt;|end_of_context|&gt;
 * </pre>
 *
 * <p>A transcript is encoded piece by piece, cut where an assistant's response begins and where it
 * ends, so a response has the same tokens wherever it stands and a sampled continuation meets the
 * prompt where training had the seam.
 *
 * <p>The begin token is left out where a model's sequences have none (GPT-2, Pythia, Qwen), and the
 * end tokens of a model from elsewhere are its own.
 *
 * <p>The preference model sees no {@code <|end|>}: a response that hit the length limit has none,
 * and the model must judge its words and not how it was sampled.
 */
public final class SequenceFormat {
  private static final String ASSISTANT = "\n\nAssistant:";
  private static final String HUMAN = "\n\nHuman:";

  private SequenceFormat() {}

  /**
   * A sequence for next-token training.
   *
   * @param ids the tokens
   * @param wanted for each token but the last, the token to be predicted after it. It is the next
   *     one, except that after every assistant's response it is the end token: a dialogue goes on
   *     after a response because a person writes again, which the model is not to do itself.
   */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  public record Sequence(int[] ids, int[] wanted) {}

  private record Piece(String text, boolean response, boolean first) {}

  /**
   * A transcript for next-token training; longer ones lose tokens at the left, after the begin
   * token.
   *
   * @param maxTokens longest sequence, at least 2
   */
  public static Sequence training(
      Tokenizer tokenizer, int endToken, String transcript, int maxTokens) {
    List<Piece> pieces = pieces(transcript);
    int[] ids = new int[16];
    boolean[] ends = new boolean[16];
    int n = 0;
    for (Piece piece : pieces) {
      int[] tokens = encode(tokenizer, piece);
      while (n + tokens.length > ids.length) {
        ids = Arrays.copyOf(ids, 2 * ids.length);
        ends = Arrays.copyOf(ends, ids.length);
      }
      System.arraycopy(tokens, 0, ids, n, tokens.length);
      n += tokens.length;
      if (piece.response() && n > 0) {
        ends[n - 1] = true;
      }
    }
    int[] sequence = closed(tokenizer, Arrays.copyOf(ids, n), endToken, maxTokens);
    int[] wanted = Arrays.copyOfRange(sequence, 1, sequence.length);
    // Token i of the transcript stands n - i places before the end token.
    int kept = wanted.length - (tokenizer.begin().isPresent() ? 1 : 0);
    for (int i = n - kept; i < n; i++) {
      if (ends[i]) {
        wanted[wanted.length - n + i] = endToken;
      }
    }
    return new Sequence(sequence, wanted);
  }

  /** A prompt to sample from: the begin token and the prompt's tokens. */
  public static int[] prompt(Tokenizer tokenizer, String prompt) {
    int[] sequence = tokenizer.begun(encode(tokenizer, prompt));
    if (sequence.length == 0) {
      throw new UserError(
          "the prompt is empty, and sequences of this model have no begin token to go on from");
    }
    return sequence;
  }

  /** The begin token, as many of the last of these tokens as there is room for, a last token. */
  private static int[] closed(Tokenizer tokenizer, int[] ids, int last, int maxTokens) {
    int kept = Math.min(ids.length, maxTokens - 1 - (tokenizer.begin().isPresent() ? 1 : 0));
    int[] begun = tokenizer.begun(Arrays.copyOfRange(ids, ids.length - kept, ids.length));
    int[] sequence = Arrays.copyOf(begun, begun.length + 1);
    sequence[begun.length] = last;
    return sequence;
  }

  /**
   * A prompt and a response to be scored; longer prompts lose tokens at the left, after the begin
   * token.
   *
   * @param endOfContext the token at which the score is read, see {@link
   *     dev.plumbline.lm.PreferenceModel#endOfContext}
   * @param maxTokens longest sequence, at least 3
   */
  public static int[] scored(
      Tokenizer tokenizer, int endOfContext, String prompt, String response, int maxTokens) {
    return scored(tokenizer, endOfContext, encode(tokenizer, prompt), response, maxTokens);
  }

  /** The same for a prompt whose tokens are there already, see {@link #encode}. */
  static int[] scored(
      Tokenizer tokenizer, int endOfContext, int[] before, String response, int maxTokens) {
    int[] after = before.length == 0 ? tokenizer.encode(response) : tokenizer.encodeAfter(response);
    int[] all = Arrays.copyOf(before, before.length + after.length);
    System.arraycopy(after, 0, all, before.length, after.length);
    return closed(tokenizer, all, endOfContext, maxTokens);
  }

  /** The token that ends a response of this model. */
  public static int endToken(LanguageModel model) {
    return model.config().eos();
  }

  /** Token ids of a transcript, nothing added. */
  static int[] encode(Tokenizer tokenizer, String transcript) {
    return pieces(transcript).stream()
        .flatMapToInt(piece -> Arrays.stream(encode(tokenizer, piece)))
        .toArray();
  }

  /** For each token of {@link #encode}, whether it belongs to an assistant's response. */
  static boolean[] responses(Tokenizer tokenizer, String transcript) {
    boolean[] responses = new boolean[encode(tokenizer, transcript).length];
    int at = 0;
    for (Piece piece : pieces(transcript)) {
      int to = at + encode(tokenizer, piece).length;
      Arrays.fill(responses, at, to, piece.response());
      at = to;
    }
    return responses;
  }

  private static int[] encode(Tokenizer tokenizer, Piece piece) {
    return piece.first() ? tokenizer.encode(piece.text()) : tokenizer.encodeAfter(piece.text());
  }

  /** Cuts a transcript where responses begin and end; the pieces joined are the transcript. */
  private static List<Piece> pieces(String transcript) {
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    while (at < transcript.length()) {
      int marker = transcript.indexOf(ASSISTANT, at);
      if (marker < 0) {
        pieces.add(new Piece(transcript.substring(at), false, at == 0));
        break;
      }
      int response = marker + ASSISTANT.length();
      pieces.add(new Piece(transcript.substring(at, response), false, at == 0));
      int end = transcript.length();
      for (String next : List.of(HUMAN, ASSISTANT)) {
        int found = transcript.indexOf(next, response);
        end = found >= 0 ? Math.min(end, found) : end;
      }
      if (end > response) {
        pieces.add(new Piece(transcript.substring(response, end), true, false));
      }
      at = end;
    }
    return pieces;
  }
}
