package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Why a preference model predicts a higher Elo than people give (paper appendix B.4, figure 35):
 * four curves over the snapshots of a policy, all relative to a reference snapshot.
 *
 * <ul>
 *   <li>(a) mean score on held-out prompts, in Elo;
 *   <li>(b) mean score of the responses in the matches themselves, in Elo;
 *   <li>(c) Elo from the preference model's votes on those matches;
 *   <li>(d) Elo from the votes of people (or of a gold reward) on the same matches.
 * </ul>
 *
 * <p>The gaps are: distribution shift = a - b, score against ranking = b - c, robustness = c - d.
 * Intervals are percentiles of a bootstrap that draws conversations for b, c and d together and
 * held-out prompts for a, so that the gap between two curves of the same matches has its own
 * interval.
 *
 * @param reference the snapshot at 0
 * @param points one a snapshot, in the order given
 * @param conversations what was resampled: conversations, or matches where they have none
 * @param modelVotesRegularised why curve c needed a prior; empty where it did not
 * @param votesRegularised why curve d needed one
 */
public record EloDiagnosis(
    String reference,
    List<Point> points,
    int conversations,
    List<String> modelVotesRegularised,
    List<String> votesRegularised) {
  private static final int CURVES = 4;

  /** Copies the lists. */
  public EloDiagnosis {
    points = List.copyOf(points);
    modelVotesRegularised = List.copyOf(modelVotesRegularised);
    votesRegularised = List.copyOf(votesRegularised);
  }

  /**
   * A snapshot.
   *
   * @param model its name in the matches
   * @param step RL training samples, or steps
   * @param heldOut the preference model's score of its responses to held-out prompts, nats; where
   *     all snapshots have the same number, row i is the same prompt everywhere
   */
  @SuppressWarnings("ArrayRecordComponent") // thousands of scores, read only here
  public record Snapshot(String model, long step, double[] heldOut) {}

  /**
   * A match.
   *
   * @param first a snapshot
   * @param second another one
   * @param firstScore the preference model's score of the first one's response, nats
   * @param secondScore the same for the second
   * @param vote what the person (or the gold reward) said
   * @param conversation matches of one conversation are drawn together; empty: its own
   */
  public record Judged(
      String first,
      String second,
      double firstScore,
      double secondScore,
      Matches.Outcome vote,
      String conversation) {}

  /**
   * A number with its bootstrap interval.
   *
   * @param elo Elo points
   * @param interval percentile interval
   */
  public record Value(double elo, Interval interval) {}

  /**
   * The curves at one snapshot, Elo points above the reference.
   *
   * @param model the snapshot
   * @param step its step
   * @param heldOut curve (a)
   * @param inMatches curve (b)
   * @param modelVotes curve (c)
   * @param votes curve (d)
   * @param shift a - b
   * @param scoreAgainstRank b - c
   * @param robustness c - d
   */
  public record Point(
      String model,
      long step,
      Value heldOut,
      Value inMatches,
      Value modelVotes,
      Value votes,
      Value shift,
      Value scoreAgainstRank,
      Value robustness) {}

  /**
   * Computes the curves.
   *
   * @param snapshots those to show, the reference among them
   * @param matches between these snapshots
   * @param options reference (needed), rule for ties, prior, level, resamples and seed
   * @throws IllegalArgumentException where a match names no snapshot, a snapshot has no held-out
   *     score or no match, or no chain of matches joins them all
   */
  public static EloDiagnosis of(
      List<Snapshot> snapshots, List<Judged> matches, BradleyTerry.Options options) {
    String reference =
        options
            .reference()
            .orElseThrow(() -> new IllegalArgumentException("the curves need a reference"));
    Map<String, Integer> numbers = new HashMap<>();
    for (Snapshot snapshot : snapshots) {
      if (snapshot.heldOut().length == 0) {
        throw new IllegalArgumentException("no held-out score of " + snapshot.model());
      }
      numbers.put(snapshot.model(), numbers.size());
    }
    Curves curves =
        new Curves(snapshots, numbers, matches, number(numbers, reference), options.ties());
    BradleyTerry byModel = checked(curves.matches(matches, true), snapshots, options);
    BradleyTerry byVote = checked(curves.matches(matches, false), snapshots, options);
    double[] c = elo(byModel, snapshots);
    double[] d = elo(byVote, snapshots);
    double[] estimate = curves.whole(c, d);
    double[] startC = Arrays.stream(c).map(each -> each / BradleyTerry.ELO_PER_NAT).toArray();
    double[] startD = Arrays.stream(d).map(each -> each / BradleyTerry.ELO_PER_NAT).toArray();
    double[][] draws =
        Replicates.of(
            options.resamples(),
            options.seed(),
            random -> curves.drawn(random, options.prior(), startC, startD));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < snapshots.size(); i++) {
      List<Value> values = new ArrayList<>();
      for (int column = 0; column < 2 * CURVES - 1; column++) {
        int at = i * (2 * CURVES - 1) + column;
        values.add(new Value(estimate[at], Replicates.percentile(draws, at, options.level())));
      }
      points.add(
          new Point(
              snapshots.get(i).model(),
              snapshots.get(i).step(),
              values.get(0),
              values.get(1),
              values.get(2),
              values.get(3),
              values.get(4),
              values.get(5),
              values.get(6)));
    }
    return new EloDiagnosis(
        reference, points, curves.conversations.length, reasons(byModel), reasons(byVote));
  }

  private static int number(Map<String, Integer> numbers, String model) {
    Integer number = numbers.get(model);
    if (number == null) {
      throw new IllegalArgumentException("no snapshot is called " + model);
    }
    return number;
  }

  private static BradleyTerry checked(
      Matches matches, List<Snapshot> snapshots, BradleyTerry.Options options) {
    for (Snapshot snapshot : snapshots) {
      if (matches.index(snapshot.model()).isEmpty()) {
        throw new IllegalArgumentException("no match of " + snapshot.model());
      }
    }
    BradleyTerry fit = BradleyTerry.of(matches, options.resampled(0));
    if (fit.components().size() > 1) {
      throw new IllegalArgumentException(
          "no matches join %s with %s"
              .formatted(
                  String.join(", ", fit.components().get(0).models()),
                  String.join(", ", fit.components().get(1).models())));
    }
    return fit;
  }

  private static double[] elo(BradleyTerry fit, List<Snapshot> snapshots) {
    return snapshots.stream().mapToDouble(each -> fit.rating(each.model()).elo()).toArray();
  }

  private static List<String> reasons(BradleyTerry fit) {
    return fit.components().stream()
        .flatMap(each -> each.separation().stream())
        .map(BradleyTerry.Separation::words)
        .toList();
  }

  /** What is resampled, in arrays. */
  private static final class Curves {
    private final int models;
    private final int reference;
    private final double[][] heldOut;
    private final boolean samePrompts;
    private final int[] first;
    private final int[] second;
    private final double[] firstScore;
    private final double[] secondScore;
    private final double[] modelShare;
    private final double[] voteShare;
    private final int[][] conversations;
    private final PairLikelihood likelihood;

    Curves(
        List<Snapshot> snapshots,
        Map<String, Integer> numbers,
        List<Judged> matches,
        int reference,
        TieRule ties) {
      this.models = snapshots.size();
      this.reference = reference;
      this.heldOut = snapshots.stream().map(Snapshot::heldOut).toArray(double[][]::new);
      this.samePrompts = Arrays.stream(heldOut).allMatch(each -> each.length == heldOut[0].length);
      this.first = matches.stream().mapToInt(each -> number(numbers, each.first())).toArray();
      this.second = matches.stream().mapToInt(each -> number(numbers, each.second())).toArray();
      this.firstScore = matches.stream().mapToDouble(Judged::firstScore).toArray();
      this.secondScore = matches.stream().mapToDouble(Judged::secondScore).toArray();
      double tie = ties == TieRule.HALF ? 0.5 : Double.NaN;
      this.modelShare = matches.stream().mapToDouble(each -> share(modelVote(each), tie)).toArray();
      this.voteShare = matches.stream().mapToDouble(each -> share(each.vote(), tie)).toArray();
      Map<String, List<Integer>> byConversation = new java.util.LinkedHashMap<>();
      for (int i = 0; i < matches.size(); i++) {
        String name = matches.get(i).conversation();
        // A match of its own gets a key that no conversation can have.
        byConversation
            .computeIfAbsent(name.isEmpty() ? "\n" + i : name, _ -> new ArrayList<>())
            .add(i);
      }
      this.conversations =
          byConversation.values().stream()
              .map(rows -> rows.stream().mapToInt(Integer::intValue).toArray())
              .toArray(int[][]::new);
      int[] left = new int[models * (models - 1) / 2];
      int[] right = new int[left.length];
      int pair = 0;
      for (int a = 0; a < models; a++) {
        for (int b = a + 1; b < models; b++) {
          left[pair] = a;
          right[pair++] = b;
        }
      }
      this.likelihood = new PairLikelihood(models, left, right);
    }

    private static Matches.Outcome modelVote(Judged match) {
      return match.firstScore() > match.secondScore()
          ? Matches.Outcome.FIRST
          : match.firstScore() < match.secondScore() ? Matches.Outcome.SECOND : Matches.Outcome.TIE;
    }

    private static double share(Matches.Outcome outcome, double tie) {
      return switch (outcome) {
        case FIRST -> 1;
        case SECOND -> 0;
        case TIE -> tie;
      };
    }

    Matches matches(List<Judged> judged, boolean byModel) {
      Matches.Builder builder = new Matches.Builder();
      for (Judged each : judged) {
        builder.add(each.first(), each.second(), byModel ? modelVote(each) : each.vote());
      }
      return builder.build();
    }

    /** Curves and gaps of all snapshots, snapshot by snapshot. */
    double[] whole(double[] c, double[] d) {
      double[] a = new double[models];
      Arrays.setAll(a, i -> Moments.of(heldOut[i]).mean());
      int[] all = new int[conversations.length];
      Arrays.setAll(all, i -> i);
      return together(a, inMatches(all), c, d);
    }

    double[] drawn(SplittableRandom random, double prior, double[] startC, double[] startD) {
      int[] rows = new int[conversations.length];
      Arrays.setAll(rows, _ -> random.nextInt(rows.length));
      return together(
          heldOutDrawn(random),
          inMatches(rows),
          refitted(rows, modelShare, prior, startC),
          refitted(rows, voteShare, prior, startD));
    }

    private double[] heldOutDrawn(SplittableRandom random) {
      double[] sums = new double[models];
      if (samePrompts) {
        int n = heldOut[0].length;
        for (int draw = 0; draw < n; draw++) {
          int row = random.nextInt(n);
          for (int i = 0; i < models; i++) {
            sums[i] += heldOut[i][row] / n;
          }
        }
        return sums;
      }
      for (int i = 0; i < models; i++) {
        int n = heldOut[i].length;
        for (int draw = 0; draw < n; draw++) {
          sums[i] += heldOut[i][random.nextInt(n)] / n;
        }
      }
      return sums;
    }

    private double[] inMatches(int[] rows) {
      double[] sums = new double[models];
      double[] counts = new double[models];
      for (int row : rows) {
        for (int match : conversations[row]) {
          sums[first[match]] += firstScore[match];
          sums[second[match]] += secondScore[match];
          counts[first[match]]++;
          counts[second[match]]++;
        }
      }
      Arrays.setAll(sums, i -> sums[i] / counts[i]);
      return sums;
    }

    private double[] refitted(int[] rows, double[] share, double prior, double[] start) {
      double[] won = new double[likelihood.pairs()];
      double[] lost = new double[won.length];
      for (int row : rows) {
        for (int match : conversations[row]) {
          double value = share[match];
          if (first[match] != second[match] && !Double.isNaN(value)) {
            int a = Math.min(first[match], second[match]);
            int b = Math.max(first[match], second[match]);
            int pair = a * (2 * models - a - 1) / 2 + b - a - 1;
            double own = first[match] == a ? value : 1 - value;
            won[pair] += own;
            lost[pair] += 1 - own;
          }
        }
      }
      boolean finite = likelihood.graph(won, lost).stronglyConnected();
      double[] x =
          likelihood.maximum(won, lost, finite ? 0 : prior, start, PairLikelihood.RESAMPLED);
      double origin = x[reference];
      return Arrays.stream(x).map(each -> BradleyTerry.ELO_PER_NAT * (each - origin)).toArray();
    }

    private double[] together(double[] a, double[] b, double[] c, double[] d) {
      int width = 2 * CURVES - 1;
      double[] all = new double[models * width];
      for (int i = 0; i < models; i++) {
        double held = BradleyTerry.ELO_PER_NAT * (a[i] - a[reference]);
        double matched = BradleyTerry.ELO_PER_NAT * (b[i] - b[reference]);
        double[] row = {held, matched, c[i], d[i], held - matched, matched - c[i], c[i] - d[i]};
        System.arraycopy(row, 0, all, i * width, width);
      }
      return all;
    }
  }
}
