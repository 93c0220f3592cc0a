package dev.plumbline.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * Where a player stands by each of some pairings alone (paper section 6.1, Fig 1). Professional
 * writers met two of the paper's models; the rating that each meeting gives them is one edge of a
 * band, because the two disagreed and one number would have hidden it.
 *
 * <p>The player is taken apart into one player for each pairing, and all are rated together.
 * Whoever met a single opponent leaves the others' ratings as they are, so an edge is the
 * opponent's rating without the player's matches, and 400 log10 of the odds of the pairing above
 * it; its error holds both, and the edges' covariance is known. Other matches of the player are
 * left out.
 *
 * @param player the player
 * @param edges the pairings, the lowest rating first; at least two
 * @param width the highest edge less the lowest
 * @param probability of a difference as large, by chance alone, if the two pairings agreed (two
 *     sides, normal); empty for more than two, of which the extremes were chosen
 * @param leftOut matches of the player with anyone else
 */
public record ReferenceBand(
    String player,
    List<Edge> edges,
    BradleyTerry.Difference width,
    OptionalDouble probability,
    long leftOut) {
  /** Copies the list. */
  public ReferenceBand {
    edges = List.copyOf(edges);
  }

  /**
   * A pairing.
   *
   * @param opponent whom the player met
   * @param matches matches that count, after the rule for ties
   * @param share the player's share of the score
   * @param opponentRating the opponent's rating without any match of the player
   * @param rating the player's, by this pairing
   */
  public record Edge(
      String opponent,
      long matches,
      double share,
      BradleyTerry.Rating opponentRating,
      BradleyTerry.Rating rating) {}

  /** From the lowest end of an edge's interval to the highest. */
  public Interval outer() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Edge edge : edges) {
      low = Math.min(low, edge.rating().interval().low());
      high = Math.max(high, edge.rating().interval().high());
    }
    return new Interval(low, high, edges.getFirst().rating().interval().level());
  }

  /**
   * The band of a player.
   *
   * @param options how to rate; with a reference that is not the player
   * @param opponents two or more players whom the player met
   * @throws IllegalArgumentException where that cannot be rated, in words for people
   */
  public static ReferenceBand of(
      Matches matches, BradleyTerry.Options options, String player, List<String> opponents) {
    String reference =
        options
            .reference()
            .orElseThrow(
                () -> new IllegalArgumentException("a band needs a reference whose rating is 0"));
    if (reference.equals(player)) {
      throw new IllegalArgumentException(player + " is the reference itself");
    }
    int own = index(matches, player);
    if (opponents.size() < 2 || new HashSet<>(opponents).size() < opponents.size()) {
      throw new IllegalArgumentException("a band needs two or more different opponents");
    }
    long met = 0;
    List<String> names = new ArrayList<>();
    for (String opponent : opponents) {
      int other = index(matches, opponent);
      met += matches.between(own, other);
      requireBothWays(matches, options.ties(), own, other);
      names.add(unused(matches, player + " against " + opponent));
    }
    BradleyTerry fit = BradleyTerry.of(apart(matches, own, opponents, names), options);
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      BradleyTerry.Rating rating = fit.rating(names.get(i));
      BradleyTerry.Rating opponent = fit.rating(opponents.get(i));
      if (rating.component() != fit.rating(reference).component()) {
        throw new IllegalArgumentException(
            "no chain of matches without %s joins %s and the reference %s"
                .formatted(player, opponents.get(i), reference));
      }
      edges.add(
          new Edge(
              opponents.get(i),
              rating.matches(),
              rating.score() / rating.matches(),
              opponent,
              rating));
    }
    edges.sort(Comparator.comparingDouble(edge -> edge.rating().elo()));
    BradleyTerry.Difference width =
        fit.difference(number(fit, edges.getLast()), number(fit, edges.getFirst()));
    return new ReferenceBand(
        player,
        edges,
        width,
        edges.size() > 2
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                2
                    * new NormalDistribution()
                        .cumulativeProbability(-width.elo() / width.standardError())),
        matches.of(own) - met);
  }

  private static int number(BradleyTerry fit, Edge edge) {
    return index(fit.matches(), edge.rating().model());
  }

  private static int index(Matches matches, String player) {
    OptionalInt index = matches.index(player);
    if (index.isEmpty()) {
      throw new IllegalArgumentException("no matches of " + player);
    }
    return index.getAsInt();
  }

  private static void requireBothWays(Matches matches, TieRule ties, int own, int other) {
    String player = matches.models().get(own);
    String opponent = matches.models().get(other);
    long halves = ties == TieRule.HALF ? matches.ties(own, other) : 0;
    long won = matches.wins(own, other) + halves;
    long lost = matches.wins(other, own) + halves;
    if (won + lost == 0) {
      throw new IllegalArgumentException(
          "no matches of %s and %s that count".formatted(player, opponent));
    }
    if (won == 0 || lost == 0) {
      throw new IllegalArgumentException(
          "%s never %s %s, so that pairing gives no finite rating"
              .formatted(player, won == 0 ? "won against" : "lost to", opponent));
    }
  }

  private static String unused(Matches matches, String name) {
    String free = name;
    while (matches.index(free).isPresent()) {
      free += "'";
    }
    return free;
  }

  /** The matches with the player taken apart, those with anyone else left out. */
  private static Matches apart(
      Matches matches, int own, List<String> opponents, List<String> names) {
    int k = matches.models().size();
    Matches.Builder builder = new Matches.Builder();
    long units = 0;
    for (Matches.Group group : matches.groups()) {
      List<Meeting> kept = new ArrayList<>();
      for (int cell : group.cells()) {
        boolean tie = cell >= k * k;
        int first = (tie ? cell - k * k : cell) / k;
        int second = (tie ? cell - k * k : cell) % k;
        Matches.Outcome outcome = tie ? Matches.Outcome.TIE : Matches.Outcome.FIRST;
        String one = name(matches, own, first, second, opponents, names);
        String two = name(matches, own, second, first, opponents, names);
        if (!one.isEmpty() && !two.isEmpty()) {
          kept.add(new Meeting(one, two, outcome));
        }
      }
      if (kept.size() == 1) {
        Meeting only = kept.getFirst();
        builder.add(only.first(), only.second(), only.outcome(), group.count());
      } else {
        for (long copy = 0; copy < group.count() && !kept.isEmpty(); copy++) {
          String unit = Long.toString(units++);
          kept.forEach(each -> builder.add(each.first(), each.second(), each.outcome(), unit));
        }
      }
    }
    return builder.build();
  }

  private record Meeting(String first, String second, Matches.Outcome outcome) {}

  /** What a model is called in its match with another; empty where that match is left out. */
  private static String name(
      Matches matches, int own, int model, int other, List<String> opponents, List<String> names) {
    if (model != own && other != own) {
      return matches.models().get(model);
    }
    int pairing = opponents.indexOf(matches.models().get(model == own ? other : model));
    return pairing < 0 ? "" : model == own ? names.get(pairing) : matches.models().get(model);
  }
}
