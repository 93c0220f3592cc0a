package dev.plumbline.analysis;

import java.util.Arrays;

/**
 * The likelihood of Bradley and Terry (1952) for the models of one connected part, and where it is
 * greatest: sum over pairs of {@code won ln p + lost ln (1 - p)} with {@code p = 1 / (1 + exp(x_b -
 * x_a))}. It is concave; Newton's method with a line search goes to its top in a few steps, and
 * where the Hessian cannot be factored (probabilities within rounding of 0 and 1) the
 * minorise-maximise steps of Hunter (2004) take over.
 *
 * <p>A prior of w stands for w wins and w losses of every model against one more opponent of rating
 * 0. With it the top is always finite and the mean of {@code tanh(x / 2)} is 0; without it model 0
 * has rating 0.
 */
final class PairLikelihood {
  /** Largest change of a rating, in nats, in the last step: what is left is about its square. */
  static final double EXACT = 1e-7;

  /** The same where what follows is a percentile of resamples. */
  static final double RESAMPLED = 1e-4;

  private static final int STEPS = 200;
  private static final int SWEEPS = 50;

  private final int models;
  private final int[] first;
  private final int[] second;

  /**
   * The likelihood of some pairs.
   *
   * @param models how many, numbered from 0
   * @param first one side of each pair
   * @param second the other side
   */
  PairLikelihood(int models, int[] first, int[] second) {
    this.models = models;
    this.first = first.clone();
    this.second = second.clone();
  }

  int pairs() {
    return first.length;
  }

  int first(int pair) {
    return first[pair];
  }

  int second(int pair) {
    return second[pair];
  }

  /** Who has won something against whom. */
  WinGraph graph(double[] won, double[] lost) {
    WinGraph graph = new WinGraph(models);
    for (int i = 0; i < first.length; i++) {
      if (won[i] > 0) {
        graph.win(first[i], second[i]);
      }
      if (lost[i] > 0) {
        graph.win(second[i], first[i]);
      }
    }
    return graph;
  }

  /**
   * The ratings of greatest likelihood in nats.
   *
   * @param won what the first side of each pair won, ties as halves
   * @param lost what it lost
   * @param prior see above; 0 needs a strongly connected graph of wins
   * @param start where to begin
   * @param accuracy largest change in the last step
   */
  double[] maximum(double[] won, double[] lost, double prior, double[] start, double accuracy) {
    int pinned = prior > 0 ? 0 : 1;
    int size = models - pinned;
    double[] x = start.clone();
    if (pinned == 1) {
      shift(x, x[0]);
    }
    double[] gradient = new double[models];
    double[][] hessian = new double[models][models];
    double[] step = new double[models];
    double[] next = new double[models];
    double[] nextGradient = new double[models];
    double value = evaluate(x, won, lost, prior, gradient);
    for (int i = 0; i < STEPS; i++) {
      curvature(x, won, lost, prior, hessian);
      if (!factor(hessian, pinned)) {
        sweep(x, won, lost, prior, SWEEPS);
        value = evaluate(x, won, lost, prior, gradient);
        continue;
      }
      System.arraycopy(gradient, pinned, step, pinned, size);
      solve(hessian, pinned, step);
      double gain = 0;
      double largest = 0;
      for (int j = pinned; j < models; j++) {
        gain += gradient[j] * step[j];
        largest = Math.max(largest, Math.abs(step[j]));
      }
      // So near the top differences of the value are rounding, and a full step is right.
      boolean near = gain <= 1e-10 * (1 + Math.abs(value));
      double scale = 1;
      double nextValue = 0;
      for (int halved = 0; halved < 60; halved++) {
        next[0] = x[0];
        for (int j = pinned; j < models; j++) {
          next[j] = x[j] + scale * step[j];
        }
        nextValue = evaluate(next, won, lost, prior, nextGradient);
        if (near || nextValue >= value + 1e-4 * scale * gain) {
          break;
        }
        scale /= 2;
      }
      System.arraycopy(next, 0, x, 0, models);
      System.arraycopy(nextGradient, 0, gradient, 0, models);
      value = nextValue;
      if (scale == 1 && largest <= accuracy) {
        return x;
      }
    }
    sweep(x, won, lost, prior, 20_000);
    return x;
  }

  /** The log-likelihood, the prior included. */
  double value(double[] x, double[] won, double[] lost, double prior) {
    return evaluate(x, won, lost, prior, new double[models]);
  }

  /**
   * The inverse of the negative Hessian, nats squared: with a prior the covariance of all ratings,
   * without one that of the ratings where model 0 is held at 0 (its row and column are 0).
   */
  double[][] covariance(double[] x, double[] won, double[] lost, double prior) {
    int pinned = prior > 0 ? 0 : 1;
    double[][] hessian = new double[models][models];
    curvature(x, won, lost, prior, hessian);
    double[][] covariance = new double[models][models];
    if (!factor(hessian, pinned)) {
      for (double[] row : covariance) {
        Arrays.fill(row, Double.NaN);
      }
      return covariance;
    }
    for (int j = pinned; j < models; j++) {
      double[] column = new double[models];
      column[j] = 1;
      solve(hessian, pinned, column);
      for (int i = 0; i < models; i++) {
        covariance[i][j] = column[i];
      }
    }
    return covariance;
  }

  static double probability(double difference) {
    return 1 / (1 + Math.exp(-difference));
  }

  private double evaluate(
      double[] x, double[] won, double[] lost, double prior, double[] gradient) {
    Arrays.fill(gradient, 0);
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      int a = first[i];
      int b = second[i];
      double n = won[i] + lost[i];
      if (n == 0) {
        continue;
      }
      double difference = x[a] - x[b];
      double e = Math.exp(-Math.abs(difference));
      double larger = 1 / (1 + e);
      double soft = Math.log1p(e);
      double p = difference >= 0 ? larger : e * larger;
      sum -= n * soft + (difference >= 0 ? lost[i] * difference : -won[i] * difference);
      double slope = won[i] - n * p;
      gradient[a] += slope;
      gradient[b] -= slope;
    }
    if (prior > 0) {
      for (int i = 0; i < models; i++) {
        double size = Math.abs(x[i]);
        sum -= prior * (2 * Math.log1p(Math.exp(-size)) + size);
        gradient[i] += prior * (1 - 2 * probability(x[i]));
      }
    }
    return sum;
  }

  /** The negative Hessian. */
  private void curvature(
      double[] x, double[] won, double[] lost, double prior, double[][] hessian) {
    for (double[] row : hessian) {
      Arrays.fill(row, 0);
    }
    for (int i = 0; i < first.length; i++) {
      int a = first[i];
      int b = second[i];
      double e = Math.exp(-Math.abs(x[a] - x[b]));
      double weight = (won[i] + lost[i]) * e / ((1 + e) * (1 + e));
      hessian[a][a] += weight;
      hessian[b][b] += weight;
      hessian[a][b] -= weight;
      hessian[b][a] -= weight;
    }
    if (prior > 0) {
      for (int i = 0; i < models; i++) {
        double e = Math.exp(-Math.abs(x[i]));
        hessian[i][i] += 2 * prior * e / ((1 + e) * (1 + e));
      }
    }
  }

  /** Cholesky's factor in place of the lower half, from a row on; false where there is none. */
  private static boolean factor(double[][] matrix, int from) {
    for (int i = from; i < matrix.length; i++) {
      double[] row = matrix[i];
      double diagonal = row[i];
      for (int j = from; j < i; j++) {
        double[] other = matrix[j];
        double sum = row[j];
        for (int k = from; k < j; k++) {
          sum -= row[k] * other[k];
        }
        row[j] = sum / other[j];
      }
      double left = diagonal;
      for (int k = from; k < i; k++) {
        left -= row[k] * row[k];
      }
      // What cancellation leaves of a singular matrix is noise and no curvature.
      if (!(left > 1e-13 * diagonal)) {
        return false;
      }
      row[i] = Math.sqrt(left);
    }
    return true;
  }

  private static void solve(double[][] factor, int from, double[] right) {
    for (int i = from; i < factor.length; i++) {
      double sum = right[i];
      for (int k = from; k < i; k++) {
        sum -= factor[i][k] * right[k];
      }
      right[i] = sum / factor[i][i];
    }
    for (int i = factor.length - 1; i >= from; i--) {
      double sum = right[i];
      for (int k = i + 1; k < factor.length; k++) {
        sum -= factor[k][i] * right[k];
      }
      right[i] = sum / factor[i][i];
    }
  }

  /** Minorise-maximise: each worth becomes its wins over the sum of n / (own + other's worth). */
  private void sweep(double[] x, double[] won, double[] lost, double prior, int times) {
    double[] wins = new double[models];
    Arrays.fill(wins, prior);
    for (int i = 0; i < first.length; i++) {
      wins[first[i]] += won[i];
      wins[second[i]] += lost[i];
    }
    double[] worth = new double[models];
    double[] sums = new double[models];
    for (int sweep = 0; sweep < times; sweep++) {
      Arrays.setAll(worth, i -> Math.exp(x[i]));
      Arrays.setAll(sums, i -> prior > 0 ? 2 * prior / (worth[i] + 1) : 0);
      for (int i = 0; i < first.length; i++) {
        double each = (won[i] + lost[i]) / (worth[first[i]] + worth[second[i]]);
        sums[first[i]] += each;
        sums[second[i]] += each;
      }
      Arrays.setAll(x, i -> Math.log(wins[i] / sums[i]));
      if (prior == 0) {
        shift(x, x[0]);
      }
    }
  }

  private static void shift(double[] x, double by) {
    for (int i = 0; i < x.length; i++) {
      x[i] -= by;
    }
  }
}
