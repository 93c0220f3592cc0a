package dev.plumbline.figure;

import dev.plumbline.analysis.Quantiles;
import java.util.Arrays;

/**
 * Scores of in-distribution and out-of-distribution inputs over the same bins. The bins are equally
 * wide between the 0.5 % and the 99.5 % quantile of all scores; the first and the last bin hold
 * what lies beyond them too, so that one far score does not press all others into a single bar. A
 * score on an edge belongs to the upper bin.
 */
public final class ScoreHistogram {
  private static final double TAIL = 0.005;

  private final double[] edges;
  private final long[] in;
  private final long[] out;
  private final int beyond;

  private ScoreHistogram(double[] edges, long[] in, long[] out, int beyond) {
    this.edges = edges;
    this.in = in;
    this.out = out;
    this.beyond = beyond;
  }

  /**
   * Counts.
   *
   * @param in in-distribution scores, finite
   * @param out out-of-distribution scores, finite; one of both kinds at least
   * @param bins how many bins
   */
  public static ScoreHistogram of(double[] in, double[] out, int bins) {
    double[] all = Arrays.copyOf(in, in.length + out.length);
    System.arraycopy(out, 0, all, in.length, out.length);
    double low = Quantiles.of(all, TAIL);
    double high = Quantiles.of(all, 1 - TAIL);
    if (!(high > low)) {
      low -= 0.5;
      high += 0.5;
    }
    double[] edges = new double[bins + 1];
    for (int i = 0; i <= bins; i++) {
      edges[i] = low + (high - low) * i / bins;
    }
    int beyond = 0;
    for (double each : all) {
      beyond += each < low || each > high ? 1 : 0;
    }
    ScoreHistogram histogram = new ScoreHistogram(edges, new long[bins], new long[bins], beyond);
    for (double each : in) {
      histogram.in[histogram.bin(each)]++;
    }
    for (double each : out) {
      histogram.out[histogram.bin(each)]++;
    }
    return histogram;
  }

  /** The bin of a score, from 0; scores beyond the edges are in the first or in the last. */
  public int bin(double score) {
    int at = Arrays.binarySearch(edges, score);
    int bin = at >= 0 ? at : -at - 2;
    return Math.clamp(bin, 0, in.length - 1);
  }

  /** The edges, ascending, one more than there are bins. */
  public Column edges() {
    return Column.of(edges);
  }

  /** In-distribution inputs of each bin. */
  public Column in() {
    return Column.of(in);
  }

  /** Out-of-distribution inputs of each bin. */
  public Column out() {
    return Column.of(out);
  }

  /** How many inputs lie beyond the outer edges. */
  public int beyond() {
    return beyond;
  }
}
