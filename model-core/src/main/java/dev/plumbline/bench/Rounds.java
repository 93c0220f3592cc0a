package dev.plumbline.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Interleaved rounds: a matrix product, the work, a matrix product, and so on. Each round's ratio
 * is to the mean of its two neighbours, so that what other processes take from the machine for
 * longer than a round takes from both sides.
 */
final class Rounds {
  private final Progress progress;
  private final MatrixProduct product;
  private final int products;
  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> peaks = new ArrayList<>();

  /**
   * Rounds of one kind of work.
   *
   * @param products matrix products between two rounds
   */
  Rounds(Progress progress, MatrixProduct product, int products) {
    this.progress = progress;
    this.product = product;
    this.products = products;
  }

  /** Does the work once unmeasured, then in measured rounds. */
  Rounds run(int rounds, Runnable work) {
    work.run();
    double before = product.rate(products);
    for (int i = 0; i < rounds; i++) {
      progress.check();
      double taken = seconds(work);
      double after = product.rate(products);
      seconds.add(taken);
      peaks.add((before + after) / 2);
      before = after;
    }
    return this;
  }

  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Seconds of the work. */
  Spread taken() {
    return Spread.of(seconds);
  }

  /** The product rate beside it, operations a second. */
  Spread peak() {
    return Spread.of(peaks);
  }

  /** So much work a second. */
  Spread perSecond(double work) {
    return Spread.of(seconds.stream().map(taken -> work / taken).toList());
  }

  /** The rate of so many operations over the product rate of the same round. */
  Spread overPeak(double operations) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < seconds.size(); i++) {
      ratios.add(operations / seconds.get(i) / peaks.get(i));
    }
    return Spread.of(ratios);
  }
}
