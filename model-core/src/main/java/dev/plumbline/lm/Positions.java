package dev.plumbline.lm;

/** How a decoder knows where a token stands. */
public sealed interface Positions {

  /** A trained vector for each position, added to the embedding (Radford et al. 2019). */
  record Learned() implements Positions {}

  /**
   * Rotary embedding of queries and keys (Su et al. 2021), the two halves of a head making the
   * pairs.
   *
   * @param theta base of the wavelengths
   * @param fraction share of a head's width that is turned, in (0, 1]; the rest stays as it is
   * @param scaling how the wavelengths are stretched for longer contexts
   */
  record Rotary(double theta, double fraction, Scaling scaling) implements Positions {
    /** A rotary embedding of whole heads, without scaling. */
    public static Rotary of(double theta) {
      return new Rotary(theta, 1, new Unscaled());
    }

    /** The number of a head's elements that are turned. */
    int width(int headWidth) {
      return (int) (headWidth * fraction);
    }

    /** What each pair's frequency is multiplied by. */
    double[] factors(int headWidth) {
      int pairs = width(headWidth) / 2;
      double[] factors = new double[pairs];
      for (int i = 0; i < pairs; i++) {
        factors[i] = scaling.factor(Math.pow(theta, -(double) i / pairs));
      }
      return factors;
    }
  }

  /** A stretching of the rotary embedding's wavelengths. */
  sealed interface Scaling {
    /**
     * What a frequency is multiplied by.
     *
     * @param frequency in radians a token
     */
    double factor(double frequency);
  }

  /** The wavelengths as they are. */
  record Unscaled() implements Scaling {
    @Override
    public double factor(double frequency) {
      return 1;
    }
  }

  /**
   * Every wavelength is {@code factor} times as long (Chen et al. 2023, position interpolation).
   *
   * @param factor at least 1
   */
  record Linear(double factor) implements Scaling {
    @Override
    public double factor(double frequency) {
      return 1 / factor;
    }
  }

  /**
   * Llama 3.1's scaling: long waves are stretched, short ones stay, and between the two the share
   * goes linearly with the number of turns in the original context (Grattafiori et al. 2024).
   *
   * @param factor stretching of the long waves
   * @param lowTurns waves with fewer turns than this in the original context are long
   * @param highTurns waves with more turns than this are short; more than {@code lowTurns}
   * @param originalContext tokens of the context before scaling
   */
  record Llama3(double factor, double lowTurns, double highTurns, int originalContext)
      implements Scaling {
    @Override
    public double factor(double frequency) {
      double turns = originalContext * frequency / (2 * Math.PI);
      double kept = Math.clamp((turns - lowTurns) / (highTurns - lowTurns), 0, 1);
      return kept + (1 - kept) / factor;
    }
  }
}
