package dev.plumbline.app.evaluation.elo;

import dev.plumbline.analysis.BradleyTerry;
import dev.plumbline.analysis.CyclicTriples;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Matches;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.TieRule;
import dev.plumbline.app.evaluation.elo.EloState.Choice;
import dev.plumbline.app.evaluation.elo.EloState.Rated;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.figure.ColourScale;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.RatingCharts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rates matches as {@code plumbline analyze elo} does with its defaults, and makes figures and
 * words of it; off the JavaFX thread.
 */
final class EloRatings {
  /** Those of the command line. */
  static final double LEVEL = 0.95;

  static final double PRIOR = 0.5;
  static final int RESAMPLES = 1000;
  static final int SIMULATIONS = 2000;
  static final long SEED = 1;

  /** Standard errors beyond which chance seldom goes. */
  private static final double CHANCE = 3;

  private EloRatings() {}

  /** The ratings of a choice; empty where no match counts. */
  static Optional<BradleyTerry> fit(EloMatches matches, Choice choice) {
    Matches played = matches.of(choice.judge());
    if (played.total() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        BradleyTerry.of(
            played,
            new BradleyTerry.Options(
                choice.ties(),
                choice.reference().filter(name -> played.index(name).isPresent()),
                PRIOR,
                LEVEL,
                RESAMPLES,
                SEED)));
  }

  /** The ratings of a choice for people. */
  static Optional<Rated> rated(EloMatches matches, Choice choice) {
    return fit(matches, choice).map(fit -> rated(matches, choice, fit));
  }

  private static Rated rated(EloMatches matches, Choice choice, BradleyTerry fit) {
    List<String> order = fit.ratings().stream().map(BradleyTerry.Rating::model).toList();
    String units =
        matches.unit() == EloMatches.Unit.PROMPT
            ? Strings.text("elo.unit.prompts")
            : Strings.text("elo.unit.matches");
    String zero = fit.options().reference().orElseGet(() -> Strings.text("elo.mean"));
    boolean parts = fit.components().size() > 1;
    List<RatingCharts.Rated> rows = new ArrayList<>();
    for (BradleyTerry.Rating rating : fit.ratings()) {
      Interval interval = rating.bootstrap().orElse(rating.interval());
      rows.add(
          new RatingCharts.Rated(
              name(rating, parts),
              rating.component(),
              rating.elo(),
              interval.low(),
              interval.high()));
    }
    Figure ratings =
        RatingCharts.ratings(
            Strings.text("elo.ratings"),
            Strings.text("elo.ratings.of", zero),
            Strings.text("elo.above", zero),
            rows,
            Strings.text(
                "elo.ratings.caption", RESAMPLES, Numbers.whole(fit.matches().units()), units));
    CyclicTriples triples = CyclicTriples.of(fit, SIMULATIONS, SEED);
    return new Rated(
        order,
        ratings,
        wins(fit, order, choice.ties()),
        residuals(fit, order),
        steps(matches, fit),
        facts(fit, choice.ties()),
        warnings(fit),
        triples(triples));
  }

  private static String name(BradleyTerry.Rating rating, boolean parts) {
    String name = rating.regularised() ? rating.model() + " *" : rating.model();
    return parts ? Strings.text("elo.part", name, rating.component() + 1) : name;
  }

  private static Figure wins(BradleyTerry fit, List<String> order, TieRule ties) {
    List<RatingCharts.Pair> pairs = new ArrayList<>();
    Map<String, Integer> place = places(order);
    for (BradleyTerry.Pair pair : fit.pairs()) {
      int first = place.getOrDefault(fit.matches().models().get(pair.first()), 0);
      int second = place.getOrDefault(fit.matches().models().get(pair.second()), 0);
      pairs.add(share(first, second, pair.observed(), pair.n()));
      pairs.add(share(second, first, 1 - pair.observed(), pair.n()));
    }
    return RatingCharts.pairs(
        Strings.text("elo.wins"),
        ties == TieRule.HALF ? Strings.text("elo.wins.half") : Strings.text("elo.wins.drop"),
        order,
        pairs,
        ColourScale.diverging(Strings.text("elo.share"), "", 0.5, 2).range(0, 1),
        Strings.text("elo.wins.caption"));
  }

  private static RatingCharts.Pair share(int row, int column, double share, long n) {
    Interval interval = Proportion.interval(share, n, LEVEL);
    return new RatingCharts.Pair(row, column, share, interval.low(), interval.high(), (double) n);
  }

  private static Figure residuals(BradleyTerry fit, List<String> order) {
    List<RatingCharts.Pair> pairs = new ArrayList<>();
    Map<String, Integer> place = places(order);
    for (BradleyTerry.Pair pair : fit.pairs()) {
      int first = place.getOrDefault(fit.matches().models().get(pair.first()), 0);
      int second = place.getOrDefault(fit.matches().models().get(pair.second()), 0);
      double n = (double) pair.n();
      double z = pair.standardised();
      pairs.add(new RatingCharts.Pair(first, second, z, Double.NaN, Double.NaN, n));
      pairs.add(new RatingCharts.Pair(second, first, -z, Double.NaN, Double.NaN, n));
    }
    double reach =
        pairs.stream().mapToDouble(pair -> Math.abs(pair.value())).reduce(CHANCE, Math::max);
    BradleyTerry.Fit goodness = fit.fit();
    return RatingCharts.pairs(
        Strings.text("elo.residuals"),
        goodness.pearsonP().isPresent()
            ? Strings.text(
                "elo.residuals.p",
                Numbers.fixed(goodness.pearson(), 1),
                goodness.degreesOfFreedom(),
                Numbers.significant(goodness.pearsonP().getAsDouble()))
            : "",
        order,
        pairs,
        // At least as far as chance goes, so that small ones are pale.
        ColourScale.diverging(Strings.text("elo.residual"), "", 0, 1).range(-reach, reach),
        Strings.text("elo.residuals.caption"));
  }

  private static Map<String, Integer> places(List<String> order) {
    Map<String, Integer> places = new HashMap<>();
    for (String name : order) {
      places.put(name, places.size());
    }
    return places;
  }

  private static Figure steps(EloMatches matches, BradleyTerry fit) {
    List<RatingCharts.Snapshot> snapshots = new ArrayList<>();
    for (BradleyTerry.Rating rating : fit.ratings()) {
      EloMatches.Snapshot at = matches.snapshots().get(rating.model());
      if (at != null) {
        Interval interval = rating.bootstrap().orElse(rating.interval());
        snapshots.add(
            new RatingCharts.Snapshot(
                at.run(), (double) at.step(), rating.elo(), interval.low(), interval.high()));
      }
    }
    return RatingCharts.steps(
        Strings.text("elo.steps"),
        Strings.text("elo.steps.of"),
        snapshots,
        Strings.text("elo.steps.caption"),
        Strings.text("elo.steps.empty"));
  }

  private static String facts(BradleyTerry fit, TieRule ties) {
    Matches played = fit.matches();
    String said = Numbers.whole(played.ties());
    return Strings.text(
        "elo.facts",
        Numbers.whole(played.total()),
        played.models().size(),
        ties == TieRule.HALF
            ? Strings.text("elo.ties.asHalves", said)
            : Strings.text("elo.ties.leftOut", said));
  }

  /** Why numbers cannot be read as they stand: parts without a common scale, no finite maximum. */
  private static List<String> warnings(BradleyTerry fit) {
    List<String> warnings = new ArrayList<>();
    if (fit.components().size() > 1) {
      warnings.add(
          Strings.text(
              "elo.disconnected",
              String.join(
                  Strings.text("elo.and"),
                  fit.components().stream()
                      .map(part -> "{" + String.join(", ", part.models()) + "}")
                      .toList())));
    }
    for (BradleyTerry.Component part : fit.components()) {
      part.separation()
          .ifPresent(
              why ->
                  warnings.add(
                      Strings.text("elo.separated", why.words(), Numbers.shortest(PRIOR))));
    }
    return warnings;
  }

  private static List<String> triples(CyclicTriples triples) {
    List<String> lines = new ArrayList<>();
    if (triples.triples() == 0) {
      lines.add(Strings.text("elo.triples.none"));
      return lines;
    }
    lines.add(
        Strings.text(
            "elo.triples",
            Numbers.whole(triples.cyclic()),
            Numbers.whole(triples.triples()),
            Numbers.fixed(triples.expected(), 2),
            Numbers.significant(triples.probability())));
    for (CyclicTriples.Triple triple : triples.clearest()) {
      lines.add(
          Strings.text(
              "elo.triple",
              triple.first(),
              triple.second(),
              triple.third(),
              Numbers.fixed(triple.clearness(), 1)));
    }
    return lines;
  }
}
