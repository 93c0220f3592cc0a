package dev.plumbline.analysis;

/**
 * How an axis is cut into bins. In both rules a value that equals an edge belongs to the bin below
 * it, (lo, hi], and the lowest bin holds its lower edge too, as in scikit-learn.
 */
public enum BinRule {
  /** Edges at equal distances. Bins without a value stay, with n = 0. */
  WIDTH,

  /**
   * Edges at the sample's quantiles of k/N (type 7, the default of R and NumPy), so that bins hold
   * equally many values where no two are equal. Equal values always share a bin: with ties bins may
   * hold unequally many, and a bin that is left without a value is joined to its neighbour.
   */
  MASS
}
