package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * Non-transitivity: triples of models in which each beat the next in most of their decisive matches
 * (paper appendix B.4). Chance makes some of them among models that are close, so the count stands
 * beside what ratings alone would give with the same numbers of decisive matches.
 *
 * @param triples triples of which all three pairs have a majority
 * @param cyclic those that go round
 * @param expected how many would go round if the ratings were true; exact
 * @param deviation standard deviation of that number, by simulation
 * @param probability share of simulated sets with at least as many; low where preferences are not
 *     transitive
 * @param simulations how many sets were simulated
 * @param clearest cyclic triples whose least clear majority is clearest, at most {@link #SHOWN}
 */
public record CyclicTriples(
    long triples,
    long cyclic,
    double expected,
    double deviation,
    double probability,
    int simulations,
    List<Triple> clearest) {
  /** How many triples are named. */
  public static final int SHOWN = 10;

  /** Copies the list. */
  public CyclicTriples {
    clearest = List.copyOf(clearest);
  }

  /**
   * Three models, each of which beat the next, and the last the first.
   *
   * @param first a model
   * @param second the one that it beat
   * @param third the one that this one beat, and that beat the first
   * @param clearness the smallest of the three majorities, in standard errors from one half
   */
  public record Triple(String first, String second, String third, double clearness) {}

  /**
   * Counts.
   *
   * @param fit ratings of the matches; where ties count as halves, a pair's share of ties is held
   *     and its decisive matches get the probability that gives the predicted score
   * @param simulations sets to simulate, at least 1
   * @param seed seed of the simulation
   */
  public static CyclicTriples of(BradleyTerry fit, int simulations, long seed) {
    Matches matches = fit.matches();
    int k = matches.models().size();
    double[][] wins = new double[k][k];
    BitSet[] beats = sets(k);
    List<BradleyTerry.Pair> pairs = fit.pairs();
    for (BradleyTerry.Pair pair : pairs) {
      int a = pair.first();
      int b = pair.second();
      long decisive = matches.wins(a, b) + matches.wins(b, a);
      if (decisive > 0) {
        double p = decisiveProbability(pair, matches, fit.options().ties());
        BinomialDistribution won = new BinomialDistribution((int) decisive, p);
        // Exactly one half is nobody's majority.
        wins[a][b] = 1 - won.cumulativeProbability((int) (decisive / 2));
        wins[b][a] = won.cumulativeProbability((int) ((decisive + 1) / 2 - 1));
      }
      if (matches.wins(a, b) > matches.wins(b, a)) {
        beats[a].set(b);
      } else if (matches.wins(b, a) > matches.wins(a, b)) {
        beats[b].set(a);
      }
    }
    long cyclic = cyclic(beats);
    double[][] simulated =
        Replicates.of(
            simulations,
            seed,
            random -> {
              BitSet[] drawn = sets(k);
              for (BradleyTerry.Pair pair : pairs) {
                double u = random.nextDouble();
                double first = wins[pair.first()][pair.second()];
                if (u < first) {
                  drawn[pair.first()].set(pair.second());
                } else if (u < first + wins[pair.second()][pair.first()]) {
                  drawn[pair.second()].set(pair.first());
                }
              }
              return new double[] {(double) cyclic(drawn)};
            });
    Moments moments = new Moments();
    long asMany = 0;
    for (double[] each : simulated) {
      moments.add(each[0]);
      asMany += each[0] >= cyclic ? 1 : 0;
    }
    return new CyclicTriples(
        decided(beats),
        cyclic,
        expected(wins),
        moments.standardDeviation(),
        (1.0 + asMany) / (1.0 + simulations),
        simulations,
        clearest(beats, matches));
  }

  /** Probability of the first model in a match that is not tied. */
  private static double decisiveProbability(BradleyTerry.Pair pair, Matches matches, TieRule ties) {
    if (ties == TieRule.DROP) {
      return pair.predicted();
    }
    double tied = (double) matches.ties(pair.first(), pair.second()) / pair.n();
    return Math.clamp((pair.predicted() - tied / 2) / (1 - tied), 0, 1);
  }

  private static BitSet[] sets(int k) {
    BitSet[] sets = new BitSet[k];
    java.util.Arrays.setAll(sets, _ -> new BitSet(k));
    return sets;
  }

  private static BitSet[] reversed(BitSet[] beats) {
    BitSet[] losesTo = sets(beats.length);
    for (int a = 0; a < beats.length; a++) {
      int winner = a;
      beats[a].stream().forEach(b -> losesTo[b].set(winner));
    }
    return losesTo;
  }

  private static long cyclic(BitSet[] beats) {
    BitSet[] losesTo = reversed(beats);
    long edges = 0;
    for (int a = 0; a < beats.length; a++) {
      for (int b = beats[a].nextSetBit(0); b >= 0; b = beats[a].nextSetBit(b + 1)) {
        BitSet closing = (BitSet) beats[b].clone();
        closing.and(losesTo[a]);
        edges += closing.cardinality();
      }
    }
    // Each cycle was met at each of its three edges.
    return edges / 3;
  }

  private static long decided(BitSet[] beats) {
    BitSet[] met = reversed(beats);
    for (int a = 0; a < beats.length; a++) {
      met[a].or(beats[a]);
    }
    long edges = 0;
    for (int a = 0; a < met.length; a++) {
      for (int b = met[a].nextSetBit(a + 1); b >= 0; b = met[a].nextSetBit(b + 1)) {
        BitSet both = (BitSet) met[a].clone();
        both.and(met[b]);
        edges += both.cardinality();
      }
    }
    return edges / 3;
  }

  private static double expected(double[][] wins) {
    double sum = 0;
    for (int a = 0; a < wins.length; a++) {
      for (int b = a + 1; b < wins.length; b++) {
        for (int c = b + 1; c < wins.length; c++) {
          sum += wins[a][b] * wins[b][c] * wins[c][a] + wins[a][c] * wins[c][b] * wins[b][a];
        }
      }
    }
    return sum;
  }

  private static List<Triple> clearest(BitSet[] beats, Matches matches) {
    BitSet[] losesTo = reversed(beats);
    List<Triple> found = new ArrayList<>();
    for (int a = 0; a < beats.length; a++) {
      for (int b = beats[a].nextSetBit(a + 1); b >= 0; b = beats[a].nextSetBit(b + 1)) {
        BitSet closing = (BitSet) beats[b].clone();
        closing.and(losesTo[a]);
        for (int c = closing.nextSetBit(a + 1); c >= 0; c = closing.nextSetBit(c + 1)) {
          double clear =
              Math.min(
                  clearness(matches, a, b),
                  Math.min(clearness(matches, b, c), clearness(matches, c, a)));
          found.add(
              new Triple(
                  matches.models().get(a),
                  matches.models().get(b),
                  matches.models().get(c),
                  clear));
        }
      }
    }
    return found.stream()
        .sorted(Comparator.comparingDouble(Triple::clearness).reversed())
        .limit(SHOWN)
        .toList();
  }

  private static double clearness(Matches matches, int winner, int loser) {
    double won = matches.wins(winner, loser);
    double n = won + matches.wins(loser, winner);
    return (won / n - 0.5) / (0.5 / Math.sqrt(n));
  }
}
