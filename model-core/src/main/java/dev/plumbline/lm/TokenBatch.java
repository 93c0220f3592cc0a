package dev.plumbline.lm;

import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sequences in the program's convention, in the current scope: N tokens as rows, without padding
 * (see {@link DecoderProgram}).
 *
 * @param x the tokens: ids [N], positions [N], place [B, T], back [N], and the key of {@link
 *     #dropping} if there is one, all int64
 * @param at [M] rows after which a token counts, sequence by sequence; where none counts, one row
 *     that means nothing, because a tensor is not to be empty
 * @param wanted [M] the tokens that those rows predict, 0 where nobody says
 * @param last [B] row of each sequence's last token
 */
public record TokenBatch(List<Tensor> x, Tensor at, Tensor wanted, Tensor last) {

  /**
   * The same batch with numbers dropped at random, where the program drops any (see {@link
   * ComputeOptions}).
   *
   * @param key decides which
   */
  public TokenBatch dropping(TorchRuntime runtime, long key) {
    List<Tensor> keyed = new ArrayList<>(x);
    keyed.add(runtime.longs(new long[] {key}, 1));
    return new TokenBatch(keyed, at, wanted, last);
  }

  /** A batch in which every token but the first counts. */
  public static TokenBatch of(TorchRuntime runtime, List<int[]> sequences) {
    int[] from = new int[sequences.size()];
    Arrays.fill(from, 1);
    return of(runtime, sequences, from);
  }

  /**
   * A batch in which the tokens from a position on count.
   *
   * @param from for each sequence, the first position that counts: the length of the prompt where
   *     the response counts; at least 1
   */
  public static TokenBatch of(TorchRuntime runtime, List<int[]> sequences, int[] from) {
    return of(runtime, sequences, from, false);
  }

  /**
   * The same, where neighbours may begin alike.
   *
   * @param sameBeginning whether what a sequence has in common with the one before it, at their
   *     beginning, is there and is computed once
   */
  static TokenBatch of(
      TorchRuntime runtime, List<int[]> sequences, int[] from, boolean sameBeginning) {
    Layout layout = new Layout(sequences, sameBeginning ? 1 : sequences.size());
    List<int[]> wanted = new ArrayList<>();
    int[] starts = new int[from.length];
    for (int b = 0; b < from.length; b++) {
      int[] sequence = sequences.get(b);
      starts[b] = Math.min(Math.max(1, from[b]), sequence.length) - 1;
      wanted.add(Arrays.copyOfRange(sequence, starts[b] + 1, sequence.length));
    }
    return layout.batch(runtime, starts, wanted);
  }

  /**
   * A batch with its own tokens to be predicted.
   *
   * @param wanted for each sequence, the token to be predicted after each of its first tokens
   */
  public static TokenBatch predicting(
      TorchRuntime runtime, List<int[]> sequences, List<int[]> wanted) {
    Layout layout = new Layout(sequences, sequences.size());
    return layout.batch(runtime, new int[sequences.size()], wanted);
  }

  /**
   * A batch that is asked for the next token after a position and every later one, the last token
   * included; what that token is, nobody says.
   *
   * @param first for each sequence the first position that is asked about, counted from 0
   * @param sameBeginning whether what a sequence has in common with the one before it, at their
   *     beginning, is there and is computed once
   */
  public static TokenBatch after(
      TorchRuntime runtime, List<int[]> sequences, int[] first, boolean sameBeginning) {
    List<int[]> unknown = new ArrayList<>();
    for (int b = 0; b < first.length; b++) {
      unknown.add(new int[sequences.get(b).length - first[b]]);
    }
    return new Layout(sequences, sameBeginning ? 1 : sequences.size())
        .batch(runtime, first, unknown);
  }

  /**
   * The first and the second sequences of pairs, first all the first ones. What a pair's sequences
   * have in common at their beginning is there, and is computed, once. No token counts.
   */
  public static TokenBatch pairs(TorchRuntime runtime, List<int[]> first, List<int[]> second) {
    List<int[]> sequences = new ArrayList<>(first);
    sequences.addAll(second);
    return new Layout(sequences, first.size()).batch(runtime, new int[0], null);
  }

  /** Where the tokens stand. */
  private static final class Layout {
    private final List<int[]> sequences;
    private final int width;
    private final long[] ids;
    private final long[] positions;
    private final long[] back;
    private final long[] place;

    /** Sequence b of those from {@code partners} on shares what it can with b - partners. */
    Layout(List<int[]> sequences, int partners) {
      this.sequences = sequences;
      width = sequences.stream().mapToInt(s -> s.length).max().orElse(0);
      place = new long[sequences.size() * width];
      int most = sequences.stream().mapToInt(s -> s.length).sum();
      long[] id = new long[most];
      long[] position = new long[most];
      long[] home = new long[most];
      int rows = 0;
      for (int b = 0; b < sequences.size(); b++) {
        int[] sequence = sequences.get(b);
        if (sequence.length == 0) {
          throw new IllegalArgumentException("sequence " + b + " is empty");
        }
        int shared = 0;
        if (b >= partners) {
          int partner = b - partners;
          int mismatch = Arrays.mismatch(sequences.get(partner), sequence);
          shared = mismatch < 0 ? sequence.length : mismatch;
          System.arraycopy(place, partner * width, place, b * width, shared);
        }
        for (int t = shared; t < sequence.length; t++) {
          id[rows] = sequence[t];
          position[rows] = t;
          home[rows] = (long) b * width + t;
          place[b * width + t] = rows++;
        }
        Arrays.fill(place, b * width + sequence.length, (b + 1) * width, row(b, 0));
      }
      ids = Arrays.copyOf(id, rows);
      positions = Arrays.copyOf(position, rows);
      back = Arrays.copyOf(home, rows);
    }

    private long row(int sequence, int t) {
      return place[sequence * width + t];
    }

    TokenBatch batch(TorchRuntime runtime, int[] starts, @Nullable List<int[]> wanted) {
      int count = wanted == null ? 0 : wanted.stream().mapToInt(w -> w.length).sum();
      long[] at = new long[Math.max(1, count)];
      long[] tokens = new long[at.length];
      int m = 0;
      for (int b = 0; wanted != null && b < sequences.size(); b++) {
        for (int t = 0; t < wanted.get(b).length; t++) {
          at[m] = row(b, starts[b] + t);
          tokens[m++] = wanted.get(b)[t];
        }
      }
      long[] last = new long[sequences.size()];
      for (int b = 0; b < last.length; b++) {
        last[b] = row(b, sequences.get(b).length - 1);
      }
      return new TokenBatch(
          List.of(
              runtime.longs(ids, ids.length),
              runtime.longs(positions, ids.length),
              runtime.longs(place, sequences.size(), width),
              runtime.longs(back, ids.length)),
          runtime.longs(at, at.length),
          runtime.longs(tokens, at.length),
          runtime.longs(last, last.length));
    }
  }
}
