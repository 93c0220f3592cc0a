package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.hipparchus.special.Gamma;

/**
 * Ratings of models from matches: the maximum of the likelihood of Bradley and Terry (1952) over
 * all matches at once (paper equation B.1), on the Elo scale of 400 / ln 10 points a nat.
 *
 * <p>Ratings of models that no chain of matches joins have no common scale; each such part is rated
 * on its own and says so ({@link #components}). A part in which somebody was never beaten, or never
 * won, by all the others has no finite maximum; it is rated with a prior of a stated number of wins
 * and of losses of every model against an opponent that is average there, and says so too ({@link
 * Component#separation}).
 *
 * <p>With ties as halves the likelihood takes a tie as half a win and half a loss; the standard
 * errors are then a little too large, because a tie varies less than a coin does.
 */
public final class BradleyTerry {
  /** Elo points a nat of rating difference: 173.7178. */
  public static final double ELO_PER_NAT = 400 / Math.log(10);

  private final Matches matches;
  private final Options options;
  private final List<Component> components;
  private final List<Rating> ratings;
  private final int[] componentOf;
  private final double[] elo;
  private final double[][] covariance;
  private final double[][] draws;
  private final int separatedResamples;
  private final List<Pair> pairs;
  private final Fit fit;

  private BradleyTerry(Matches matches, Options options) {
    this.matches = matches;
    this.options = options;
    int k = matches.models().size();
    OptionalInt reference = reference();
    this.componentOf = new int[k];
    this.elo = new double[k];
    this.covariance = new double[k][k];
    this.draws = new double[options.resamples()][k];
    List<Component> found = new ArrayList<>();
    boolean[] separated = new boolean[options.resamples()];
    for (int[] members : WholeGraph.of(matches, options.ties()).components()) {
      for (int member : members) {
        componentOf[member] = found.size();
      }
      Part part = new Part(matches, members, options);
      int held =
          reference.isPresent() && componentOf[reference.getAsInt()] == found.size()
              ? Arrays.binarySearch(members, reference.getAsInt())
              : -1;
      place(part, members, held, found.size(), separated);
      found.add(new Component(names(members), held >= 0, part.separation(matches.models())));
    }
    this.components = List.copyOf(found);
    int count = 0;
    for (boolean each : separated) {
      count += each ? 1 : 0;
    }
    this.separatedResamples = count;
    this.pairs = residuals();
    this.fit = goodness();
    this.ratings = rated();
  }

  /** Puts a part's ratings in their gauge and marks the resamples that were separated. */
  private void place(Part part, int[] members, int held, int number, boolean[] separated) {
    double[] x = part.maximum();
    double[] gauged = gauged(x, held);
    double[][] inverse = gauged(part.covariance(x), held);
    for (int i = 0; i < members.length; i++) {
      elo[members[i]] = ELO_PER_NAT * gauged[i];
      for (int j = 0; j < members.length; j++) {
        covariance[members[i]][members[j]] = ELO_PER_NAT * ELO_PER_NAT * inverse[i][j];
      }
    }
    double[][] resampled = part.resample(x, options, number);
    for (int draw = 0; draw < resampled.length; draw++) {
      double[] row = resampled[draw];
      separated[draw] |= row[members.length] > 0;
      double[] each = gauged(Arrays.copyOf(row, members.length), held);
      for (int i = 0; i < members.length; i++) {
        draws[draw][members[i]] = ELO_PER_NAT * each[i];
      }
    }
  }

  /**
   * How to rate.
   *
   * @param ties what a tie counts for
   * @param reference the model whose rating is 0; without one the mean of each part is 0
   * @param prior wins, and losses, of every model against an average opponent, above 0; used only
   *     where the likelihood has no finite maximum
   * @param level coverage of intervals
   * @param resamples bootstrap draws; 0 for none
   * @param seed seed of the draws
   */
  public record Options(
      TieRule ties,
      Optional<String> reference,
      double prior,
      double level,
      int resamples,
      long seed) {
    /** Ties as halves, mean 0, half a win and half a loss where needed, 95 %, 1000 draws. */
    public static final Options STANDARD =
        new Options(TieRule.HALF, Optional.empty(), 0.5, 0.95, 1000, 20260101);

    /** Checks that the numbers make sense. */
    public Options {
      Interval.checked(level);
      if (!(prior > 0) || resamples < 0) {
        throw new IllegalArgumentException("a prior of %s, %d draws".formatted(prior, resamples));
      }
    }

    /** The same with another reference. */
    public Options against(String model) {
      return new Options(ties, Optional.of(model), prior, level, resamples, seed);
    }

    /** The same with another rule for ties. */
    public Options with(TieRule rule) {
      return new Options(rule, reference, prior, level, resamples, seed);
    }

    /** The same with another number of draws. */
    public Options resampled(int times) {
      return new Options(ties, reference, prior, level, times, seed);
    }
  }

  /**
   * A part of the models that matches join.
   *
   * @param models names, ascending
   * @param holdsReference whether the reference is among them; else their mean is 0
   * @param separation why the maximum is not finite, so that it was regularised; empty where it is
   */
  public record Component(
      List<String> models, boolean holdsReference, Optional<Separation> separation) {
    /** Copies the list. */
    public Component {
      models = List.copyOf(models);
    }
  }

  /**
   * Why a likelihood has no finite maximum.
   *
   * @param undefeated sets of models (mostly single ones) that no model outside has won against
   * @param winless sets of models that have won against no model outside
   */
  public record Separation(List<List<String>> undefeated, List<List<String>> winless) {
    /** Copies the lists. */
    public Separation {
      undefeated = List.copyOf(undefeated);
      winless = List.copyOf(winless);
    }

    /** The reason in words. */
    public String words() {
      List<String> parts = new ArrayList<>();
      undefeated.forEach(
          set -> parts.add(String.join(", ", set) + " never lost to " + others(set)));
      winless.forEach(
          set -> parts.add(String.join(", ", set) + " never won against " + others(set)));
      return String.join("; ", parts);
    }

    private static String others(List<String> set) {
      return set.size() == 1 ? "anyone" : "the others";
    }
  }

  /**
   * A model's rating.
   *
   * @param model its name
   * @param component the part it belongs to, from 0; ratings of different parts cannot be compared
   * @param elo Elo points above the reference, or above the part's mean
   * @param standardError from the Hessian: that of the difference to the reference (or to the mean)
   * @param interval normal interval from the Hessian
   * @param bootstrap percentile interval of the resamples; empty where none were asked for
   * @param matches matches that count, after the rule for ties
   * @param score wins, ties as halves where they count
   * @param regularised whether a prior was needed
   */
  public record Rating(
      String model,
      int component,
      double elo,
      double standardError,
      Interval interval,
      Optional<Interval> bootstrap,
      long matches,
      double score,
      boolean regularised) {}

  /**
   * Two models that met, and what the ratings make of it.
   *
   * @param first number of the first model, in {@link Matches#models}
   * @param second number of the second
   * @param n matches that count
   * @param observed the first one's share of the score
   * @param predicted its probability under the ratings
   * @param standardised the residual over sqrt(predicted (1 - predicted) / n), Pearson's
   */
  public record Pair(
      int first, int second, long n, double observed, double predicted, double standardised) {
    /** Observed less predicted share: what the ratings do not explain (paper appendix B.4). */
    public double residual() {
      return observed - predicted;
    }
  }

  /**
   * How well one rating a model explains the pairs. The probabilities are those of a chi-square
   * with {@code degreesOfFreedom}; they are empty without any degree, and where a prior was needed.
   * Ties as halves vary less than a coin does, so with many of them both are too high.
   *
   * @param deviance likelihood ratio against a free probability for every pair
   * @param pearson sum of squared standardised residuals
   * @param degreesOfFreedom pairs less free ratings
   * @param devianceP probability of a larger deviance where the model holds
   * @param pearsonP probability of a larger Pearson sum
   * @param sparse pairs with an expected count below 5 on either side: many of them make the
   *     probabilities rough
   */
  public record Fit(
      double deviance,
      double pearson,
      int degreesOfFreedom,
      OptionalDouble devianceP,
      OptionalDouble pearsonP,
      int sparse) {}

  /**
   * The difference between two ratings.
   *
   * @param elo first less second, Elo points
   * @param standardError from the Hessian
   * @param interval normal interval
   * @param bootstrap percentile interval of the resamples' differences; empty where there are none
   */
  public record Difference(
      double elo, double standardError, Interval interval, Optional<Interval> bootstrap) {}

  /**
   * Rates.
   *
   * @throws IllegalArgumentException where the reference has no matches, or there are none at all
   */
  public static BradleyTerry of(Matches matches, Options options) {
    if (matches.models().isEmpty()) {
      throw new IllegalArgumentException("no matches");
    }
    return new BradleyTerry(matches, options);
  }

  /** The matches. */
  public Matches matches() {
    return matches;
  }

  /** How it was rated. */
  public Options options() {
    return options;
  }

  /** Parts of the models that have no common scale; one where all is well. */
  public List<Component> components() {
    return components;
  }

  /** All models, part by part, the best first. */
  public List<Rating> ratings() {
    return ratings;
  }

  /** The rating of one model. */
  public Rating rating(String model) {
    return ratings.stream()
        .filter(each -> each.model().equals(model))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no matches of " + model));
  }

  /** Pairs that met, in the order of their numbers. */
  public List<Pair> pairs() {
    return pairs;
  }

  /** How well the ratings explain them. */
  public Fit fit() {
    return fit;
  }

  /**
   * Resamples in which some part's likelihood had no finite maximum, so that the prior was used.
   */
  public int separatedResamples() {
    return separatedResamples;
  }

  /** Probability that one model beats another, by their numbers, ties as halves. */
  public double predicted(int first, int second) {
    return PairLikelihood.probability((elo[first] - elo[second]) / ELO_PER_NAT);
  }

  /** The difference between two models of one part, by their numbers. */
  public Difference difference(int first, int second) {
    if (componentOf[first] != componentOf[second]) {
      throw new IllegalArgumentException(
          "%s and %s have no common scale"
              .formatted(matches.models().get(first), matches.models().get(second)));
    }
    double value = elo[first] - elo[second];
    double error =
        Math.sqrt(
            Math.max(
                0,
                covariance[first][first]
                    + covariance[second][second]
                    - 2 * covariance[first][second]));
    double[] differences = new double[draws.length];
    Arrays.setAll(differences, i -> draws[i][first] - draws[i][second]);
    return new Difference(
        value,
        error,
        normal(value, error),
        draws.length == 0
            ? Optional.empty()
            : Optional.of(Quantiles.percentile(differences, options.level())));
  }

  private OptionalInt reference() {
    if (options.reference().isEmpty()) {
      return OptionalInt.empty();
    }
    String name = options.reference().get();
    OptionalInt index = matches.index(name);
    if (index.isEmpty()) {
      throw new IllegalArgumentException("no matches of the reference " + name);
    }
    return index;
  }

  private List<String> names(int[] members) {
    return Arrays.stream(members).mapToObj(matches.models()::get).toList();
  }

  private List<Rating> rated() {
    List<Rating> all = new ArrayList<>();
    for (int i = 0; i < elo.length; i++) {
      long n = 0;
      double score = 0;
      for (int j = 0; j < elo.length; j++) {
        n += counted(i, j);
        score +=
            matches.wins(i, j) + (options.ties() == TieRule.HALF ? 0.5 * matches.ties(i, j) : 0);
      }
      double error = Math.sqrt(Math.max(0, covariance[i][i]));
      all.add(
          new Rating(
              matches.models().get(i),
              componentOf[i],
              elo[i],
              error,
              normal(elo[i], error),
              draws.length == 0
                  ? Optional.empty()
                  : Optional.of(Replicates.percentile(draws, i, options.level())),
              n,
              score,
              components.get(componentOf[i]).separation().isPresent()));
    }
    all.sort(
        Comparator.comparingInt(Rating::component)
            .thenComparing(Comparator.comparingDouble(Rating::elo).reversed())
            .thenComparing(Rating::model));
    return List.copyOf(all);
  }

  private Interval normal(double value, double error) {
    double half = Quantiles.normalTwoSided(options.level()) * error;
    return Interval.around(value, half, options.level());
  }

  private long counted(int a, int b) {
    return options.ties() == TieRule.HALF
        ? matches.between(a, b)
        : matches.between(a, b) - matches.ties(a, b);
  }

  private List<Pair> residuals() {
    List<Pair> all = new ArrayList<>();
    for (int a = 0; a < elo.length; a++) {
      for (int b = a + 1; b < elo.length; b++) {
        long n = counted(a, b);
        if (n > 0) {
          double won =
              matches.wins(a, b) + (options.ties() == TieRule.HALF ? 0.5 * matches.ties(a, b) : 0);
          double p = predicted(a, b);
          double observed = won / n;
          all.add(
              new Pair(a, b, n, observed, p, (observed - p) / Math.sqrt(p * (1 - p) / (double) n)));
        }
      }
    }
    return List.copyOf(all);
  }

  private Fit goodness() {
    double deviance = 0;
    double pearson = 0;
    int sparse = 0;
    for (Pair pair : pairs) {
      deviance +=
          2
              * pair.n()
              * (cross(pair.observed(), pair.predicted())
                  + cross(1 - pair.observed(), 1 - pair.predicted()));
      pearson += pair.standardised() * pair.standardised();
      sparse += pair.n() * Math.min(pair.predicted(), 1 - pair.predicted()) < 5 ? 1 : 0;
    }
    int free = elo.length - components.size();
    int degrees = pairs.size() - free;
    boolean tested =
        degrees > 0 && components.stream().allMatch(each -> each.separation().isEmpty());
    return new Fit(
        Math.max(0, deviance),
        pearson,
        degrees,
        tested ? OptionalDouble.of(beyond(deviance, degrees)) : OptionalDouble.empty(),
        tested ? OptionalDouble.of(beyond(pearson, degrees)) : OptionalDouble.empty(),
        sparse);
  }

  private static double cross(double observed, double predicted) {
    return observed <= 0 ? 0 : observed * Math.log(observed / predicted);
  }

  /** Probability that a chi-square is larger. */
  private static double beyond(double value, int degrees) {
    return value <= 0 ? 1 : Gamma.regularizedGammaQ(degrees / 2.0, value / 2);
  }

  private static double[] gauged(double[] x, int held) {
    double origin = held >= 0 ? x[held] : Arrays.stream(x).average().orElse(0);
    return Arrays.stream(x).map(each -> each - origin).toArray();
  }

  /** The covariance of the ratings less that of the reference, or less their mean. */
  private static double[][] gauged(double[][] covariance, int held) {
    int m = covariance.length;
    double[] means = new double[m];
    double mean = 0;
    for (int i = 0; i < m; i++) {
      means[i] = held >= 0 ? covariance[i][held] : Arrays.stream(covariance[i]).average().orElse(0);
      mean += means[i] / m;
    }
    double corner = held >= 0 ? covariance[held][held] : mean;
    double[][] gauged = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        gauged[i][j] = covariance[i][j] - means[i] - means[j] + corner;
      }
    }
    return gauged;
  }

  /** The graph of all matches that count. */
  private static final class WholeGraph {
    private WholeGraph() {}

    static WinGraph of(Matches matches, TieRule ties) {
      int k = matches.models().size();
      WinGraph graph = new WinGraph(k);
      for (int a = 0; a < k; a++) {
        for (int b = 0; b < k; b++) {
          if (matches.wins(a, b) > 0 || (ties == TieRule.HALF && matches.ties(a, b) > 0)) {
            graph.win(a, b);
          }
        }
      }
      return graph;
    }
  }

  /** One part of the models, with numbers of its own. */
  private static final class Part {
    private final PairLikelihood likelihood;
    private final int[] members;
    private final double[] won;
    private final double[] lost;
    private final double prior;
    private final double fallback;
    private final int[][] patterns;
    private final long[] counts;

    Part(Matches matches, int[] members, Options options) {
      this.members = members;
      int k = matches.models().size();
      int[][] pairOf = new int[k][k];
      List<int[]> met = new ArrayList<>();
      for (int i = 0; i < members.length; i++) {
        for (int j = i + 1; j < members.length; j++) {
          int a = members[i];
          int b = members[j];
          if (matches.between(a, b) - (options.ties() == TieRule.DROP ? matches.ties(a, b) : 0)
              > 0) {
            met.add(new int[] {i, j});
            pairOf[a][b] = met.size();
          }
        }
      }
      this.likelihood =
          new PairLikelihood(
              members.length,
              met.stream().mapToInt(pair -> pair[0]).toArray(),
              met.stream().mapToInt(pair -> pair[1]).toArray());
      List<int[]> kinds = new ArrayList<>();
      List<Long> numbers = new ArrayList<>();
      for (Matches.Group group : matches.groups()) {
        int[] codes =
            Arrays.stream(group.cells())
                .map(cell -> code(cell, k, pairOf, options.ties()))
                .filter(code -> code >= 0)
                .toArray();
        if (codes.length > 0) {
          kinds.add(codes);
          numbers.add(group.count());
        }
      }
      this.patterns = kinds.toArray(int[][]::new);
      this.counts = numbers.stream().mapToLong(Long::longValue).toArray();
      this.won = new double[likelihood.pairs()];
      this.lost = new double[likelihood.pairs()];
      add(counts, won, lost);
      this.fallback = options.prior();
      this.prior = likelihood.graph(won, lost).stronglyConnected() ? 0 : options.prior();
    }

    /** Pair and outcome of a cell in this part's numbers; negative where it is not of this part. */
    private static int code(int cell, int k, int[][] pairOf, TieRule ties) {
      boolean tie = cell >= k * k;
      if (tie && ties == TieRule.DROP) {
        return -1;
      }
      int a = (tie ? cell - k * k : cell) / k;
      int b = (tie ? cell - k * k : cell) % k;
      int pair = pairOf[Math.min(a, b)][Math.max(a, b)] - 1;
      return pair < 0 ? -1 : 3 * pair + (tie ? 2 : a < b ? 0 : 1);
    }

    private void add(long[] times, double[] intoWon, double[] intoLost) {
      for (int i = 0; i < patterns.length; i++) {
        if (times[i] > 0) {
          for (int code : patterns[i]) {
            int pair = code / 3;
            int outcome = code % 3;
            intoWon[pair] += outcome == 0 ? times[i] : outcome == 2 ? 0.5 * times[i] : 0;
            intoLost[pair] += outcome == 1 ? times[i] : outcome == 2 ? 0.5 * times[i] : 0;
          }
        }
      }
    }

    double[] maximum() {
      return likelihood.maximum(won, lost, prior, new double[members.length], PairLikelihood.EXACT);
    }

    double[][] covariance(double[] x) {
      return likelihood.covariance(x, won, lost, prior);
    }

    /** Ratings of each resample, and behind them 1 where only that resample was separated. */
    double[][] resample(double[] x, Options options, int number) {
      Multinomial multinomial = new Multinomial(counts);
      return Replicates.of(
          options.resamples(),
          options.seed() + number,
          random -> {
            double[] more = new double[won.length];
            double[] less = new double[won.length];
            add(multinomial.draw(random), more, less);
            boolean finite = prior == 0 && likelihood.graph(more, less).stronglyConnected();
            double[] drawn =
                likelihood.maximum(more, less, finite ? 0 : fallback, x, PairLikelihood.RESAMPLED);
            double[] row = Arrays.copyOf(drawn, drawn.length + 1);
            row[drawn.length] = prior == 0 && !finite ? 1 : 0;
            return row;
          });
    }

    Optional<Separation> separation(List<String> models) {
      if (prior == 0) {
        return Optional.empty();
      }
      WinGraph graph = likelihood.graph(won, lost);
      List<List<String>> undefeated = new ArrayList<>();
      List<List<String>> winless = new ArrayList<>();
      for (BitSet part : graph.strongParts()) {
        List<String> names = part.stream().mapToObj(i -> models.get(members[i])).toList();
        if (graph.undefeated(part)) {
          undefeated.add(names);
        }
        if (graph.winless(part)) {
          winless.add(names);
        }
      }
      return Optional.of(new Separation(undefeated, winless));
    }
  }
}
