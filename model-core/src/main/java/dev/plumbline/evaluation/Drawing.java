package dev.plumbline.evaluation;

import dev.plumbline.lm.Randomness;
import java.util.BitSet;

/** Which of many things a measurement uses. */
final class Drawing {
  private Drawing() {}

  /**
   * Numbers below n, all of them or so many as are wanted, drawn by the seed.
   *
   * @param most how many at most
   * @param purpose what they are drawn for
   */
  static BitSet of(int n, int most, Randomness randomness, String purpose) {
    BitSet drawn = new BitSet(n);
    if (n <= most) {
      drawn.set(0, n);
      return drawn;
    }
    int[] order = randomness.permutation(n, purpose);
    for (int i = 0; i < most; i++) {
      drawn.set(order[i]);
    }
    return drawn;
  }
}
