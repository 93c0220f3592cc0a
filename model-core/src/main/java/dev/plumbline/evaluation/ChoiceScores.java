package dev.plumbline.evaluation;

import dev.plumbline.data.ChoiceItem;
import java.util.Arrays;
import java.util.List;

/** What a model says of a task's options. */
final class ChoiceScores {
  private final List<ChoiceItem> items;
  private final double[][][] sums;
  private final int[][][] tokens;
  private final double[][][] unconditional;

  /** How an option is measured. */
  enum Scoring {
    /** The sum of ln p over its tokens. */
    SUM,
    /** The mean over its tokens. */
    PER_TOKEN,
    /** The sum less that without the question. */
    UNCONDITIONAL,
    /** The sum without the question: what the options' wording alone gives away, a baseline. */
    BLIND
  }

  /**
   * Room for what is found.
   *
   * @param draws how often exemplars and orders are drawn
   */
  ChoiceScores(List<ChoiceItem> items, int draws) {
    this.items = items;
    int n = items.size();
    sums = new double[draws][n][];
    tokens = new int[draws][n][];
    unconditional = new double[draws][n][];
    for (int draw = 0; draw < draws; draw++) {
      for (int i = 0; i < n; i++) {
        int options = items.get(i).choices().size();
        sums[draw][i] = new double[options];
        tokens[draw][i] = new int[options];
        unconditional[draw][i] = new double[options];
        Arrays.fill(unconditional[draw][i], Double.NaN);
      }
    }
  }

  /** Takes up an option's sum of ln p and its tokens. */
  void put(int draw, int item, int option, double sum, int count) {
    sums[draw][item][option] = sum;
    tokens[draw][item][option] = count;
  }

  /** Takes up an option's sum of ln p without the question. */
  void putUnconditional(int draw, int item, int option, double sum) {
    unconditional[draw][item][option] = sum;
  }

  /** Draws. */
  int draws() {
    return sums.length;
  }

  double sum(int draw, int item, int option) {
    return sums[draw][item][option];
  }

  int tokens(int draw, int item, int option) {
    return tokens[draw][item][option];
  }

  double unconditional(int draw, int item, int option) {
    return unconditional[draw][item][option];
  }

  private double value(Scoring scoring, int draw, int item, int option) {
    double sum = sums[draw][item][option];
    return switch (scoring) {
      case SUM -> sum;
      case PER_TOKEN -> sum / tokens[draw][item][option];
      case UNCONDITIONAL -> sum - unconditional[draw][item][option];
      case BLIND -> unconditional[draw][item][option];
    };
  }

  /** The option that a model chooses; -1 where two are the best. */
  int choice(Scoring scoring, int draw, int item) {
    int best = 0;
    boolean tie = false;
    for (int option = 1; option < sums[draw][item].length; option++) {
      double here = value(scoring, draw, item, option);
      double most = value(scoring, draw, item, best);
      tie = here == most || (tie && here < most);
      best = here > most ? option : best;
    }
    return tie ? -1 : best;
  }

  /** For each question whether it is answered rightly. */
  boolean[] right(Scoring scoring, int draw) {
    boolean[] right = new boolean[items.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = choice(scoring, draw, i) == items.get(i).answer();
    }
    return right;
  }

  /** For each question the share of draws in which it is answered rightly. */
  double[] shares(Scoring scoring) {
    double[] shares = new double[items.size()];
    for (int draw = 0; draw < draws(); draw++) {
      boolean[] right = right(scoring, draw);
      for (int i = 0; i < shares.length; i++) {
        shares[i] += right[i] ? 1.0 / draws() : 0;
      }
    }
    return shares;
  }

  /**
   * Questions of all draws to which the model gives no answer, because two options are the best.
   */
  int ties(Scoring scoring) {
    int ties = 0;
    for (int draw = 0; draw < draws(); draw++) {
      for (int i = 0; i < items.size(); i++) {
        ties += choice(scoring, draw, i) < 0 ? 1 : 0;
      }
    }
    return ties;
  }
}
