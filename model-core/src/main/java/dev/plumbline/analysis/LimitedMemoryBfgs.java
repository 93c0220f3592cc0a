package dev.plumbline.analysis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Minimises smooth convex functions by L-BFGS (Nocedal 1980) with backtracking. */
final class LimitedMemoryBfgs {
  private static final int MEMORY = 20;

  private final double[] point;
  private final double gradientNorm;
  private final int iterations;

  private LimitedMemoryBfgs(double[] point, double gradientNorm, int iterations) {
    this.point = point;
    this.gradientNorm = gradientNorm;
    this.iterations = iterations;
  }

  /** A function with its gradient. */
  interface Objective {
    /** Its value at a point; fills the gradient. */
    double at(double[] point, double[] gradient);
  }

  private record Pair(Vector step, Vector change, double product) {}

  /** Keeps an array out of a record's components. */
  private static final class Vector {
    final double[] values;

    Vector(double[] values) {
      this.values = values;
    }
  }

  double[] point() {
    return point;
  }

  /** The gradient's largest element at the end. */
  double gradientNorm() {
    return gradientNorm;
  }

  int iterations() {
    return iterations;
  }

  /**
   * Minimises from a point until no element of the gradient exceeds the tolerance, or rounding ends
   * the descent.
   */
  static LimitedMemoryBfgs minimise(
      Objective objective, double[] start, double tolerance, int most) {
    double[] point = start.clone();
    double[] gradient = new double[point.length];
    double value = objective.at(point, gradient);
    Deque<Pair> memory = new ArrayDeque<>();
    int iteration = 0;
    while (iteration < most && largest(gradient) > tolerance) {
      double[] direction = direction(gradient, memory);
      double slope = dot(gradient, direction);
      if (!(slope < 0)) {
        memory.clear();
        direction = direction(gradient, memory);
        slope = dot(gradient, direction);
      }
      double length = memory.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
      double[] next = new double[point.length];
      double[] nextGradient = new double[point.length];
      double nextValue = Double.NaN;
      boolean found = false;
      for (int halving = 0; halving < 60 && !found; halving++) {
        for (int i = 0; i < next.length; i++) {
          next[i] = point[i] + length * direction[i];
        }
        nextValue = objective.at(next, nextGradient);
        // Near the end values differ by rounding only, and the slope is the better witness.
        found =
            nextValue <= value + 1e-4 * length * slope
                || (nextValue <= value + 1e-13 * Math.abs(value)
                    && Math.abs(dot(nextGradient, direction)) <= 0.9 * -slope);
        length /= 2;
      }
      if (!found) {
        break;
      }
      double[] step = new double[point.length];
      double[] change = new double[point.length];
      for (int i = 0; i < step.length; i++) {
        step[i] = next[i] - point[i];
        change[i] = nextGradient[i] - gradient[i];
      }
      double product = dot(step, change);
      if (product > 0) {
        memory.addLast(new Pair(new Vector(step), new Vector(change), product));
        if (memory.size() > MEMORY) {
          memory.removeFirst();
        }
      }
      point = next;
      gradient = nextGradient;
      value = nextValue;
      iteration++;
    }
    return new LimitedMemoryBfgs(point, largest(gradient), iteration);
  }

  private static double[] direction(double[] gradient, Deque<Pair> memory) {
    double[] direction = new double[gradient.length];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = -gradient[i];
    }
    double[] weights = new double[memory.size()];
    int at = weights.length;
    for (Iterator<Pair> newest = memory.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      weights[--at] = dot(pair.step().values, direction) / pair.product();
      add(direction, pair.change().values, -weights[at]);
    }
    if (!memory.isEmpty()) {
      Pair last = memory.getLast();
      double scale = last.product() / dot(last.change().values, last.change().values);
      for (int i = 0; i < direction.length; i++) {
        direction[i] *= scale;
      }
    }
    for (Pair pair : memory) {
      double back = dot(pair.change().values, direction) / pair.product();
      add(direction, pair.step().values, weights[at++] - back);
    }
    return direction;
  }

  private static void add(double[] to, double[] what, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
