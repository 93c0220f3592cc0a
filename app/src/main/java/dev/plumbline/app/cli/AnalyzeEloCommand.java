package dev.plumbline.app.cli;

import dev.plumbline.analysis.BradleyTerry;
import dev.plumbline.analysis.CyclicTriples;
import dev.plumbline.analysis.Interval;
import dev.plumbline.analysis.Matches;
import dev.plumbline.analysis.ReferenceBand;
import dev.plumbline.analysis.TieRule;
import dev.plumbline.data.MatchReader;
import dev.plumbline.data.MatchRow;
import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline analyze elo}: ratings from matches. */
@Command(
    name = "elo",
    description = {
      "Elo ratings from matches: Bradley-Terry by maximum likelihood over all matches at once, 400"
          + " / ln 10 points a nat, with intervals from the Hessian and from a bootstrap.",
      "The file is JSON Lines, .gz or not, each line with model_a, model_b and winner (a, b or"
          + " tie)."
    },
    mixinStandardHelpOptions = true)
final class AnalyzeEloCommand extends Analysis {
  private static final int SIMULATIONS = 2000;

  /** Pairs that are always shown. */
  private static final int LARGEST = 3;

  /** Standard errors that are rounding. */
  private static final double NOTHING = 1e-6;

  @Mixin LevelOption level = new LevelOption();
  @Mixin ResamplingOptions resampling = new ResamplingOptions(1000, 0);

  @Option(
      names = "--matches",
      paramLabel = "FILE",
      required = true,
      description = "JSON Lines with model_a, model_b and winner, .gz or not")
  Path file = Path.of("");

  @Option(
      names = "--reference",
      paramLabel = "MODEL",
      description = "The model whose rating is 0 (default: the mean of all models is 0)")
  @Nullable String reference;

  @Option(
      names = "--ties",
      paramLabel = "RULE",
      description =
          "half: a tie is half a win for each; drop: it is left out (default: ${DEFAULT-VALUE})",
      defaultValue = "half")
  TieRule ties = TieRule.HALF;

  @Option(
      names = "--group",
      paramLabel = "KEY",
      description =
          "Matches with the same value under this key depend on each other (a conversation, a"
              + " prompt) and are resampled together")
  @Nullable String group;

  @Option(
      names = "--prior",
      paramLabel = "W",
      description =
          "Wins, and losses, of every model against an average opponent, where the likelihood has"
              + " no finite maximum; nowhere else (default: ${DEFAULT-VALUE})",
      defaultValue = "0.5")
  double prior;

  @Option(
      names = "--by-part",
      description = "Rate models that no chain of matches joins, each part on a scale of its own")
  boolean byPart;

  @Option(names = "--pairs", description = "Show every pair: observed and predicted share of wins")
  boolean pairs;

  @Option(
      names = "--band",
      paramLabel = "MODEL=OPPONENT,OPPONENT",
      description =
          "Rate a model by each of these pairings alone, as a band (the paper's human writers);"
              + " needs --reference; may be given several times")
  List<String> bands = new ArrayList<>();

  /** The numbers as scripts read them; null where one does not exist. */
  record Report(
      long matches,
      long ties,
      String tieRule,
      long selfMatches,
      @Nullable String reference,
      boolean connected,
      boolean regularised,
      List<Part> parts,
      List<Rated> ratings,
      double level,
      String resampled,
      long units,
      int resamples,
      int separatedResamples,
      Goodness fit,
      @Nullable Cycles cycles,
      List<Met> pairs,
      List<Band> bands) {}

  /** Models on one scale; why they were regularised, where they were, and by how much. */
  record Part(
      int part,
      List<String> models,
      boolean regularised,
      @Nullable String reason,
      @Nullable Double prior) {}

  /** A rating: se, low and high from the Hessian. */
  record Rated(
      String model,
      int part,
      double elo,
      double se,
      double low,
      double high,
      @Nullable Double bootstrapLow,
      @Nullable Double bootstrapHigh,
      long matches,
      double score,
      boolean regularised) {}

  /** How well the ratings explain the pairs. */
  record Goodness(
      double deviance,
      double pearson,
      int degreesOfFreedom,
      @Nullable Double devianceP,
      @Nullable Double pearsonP,
      int sparsePairs) {}

  /** Triples that go round. */
  record Cycles(
      long triples,
      long cyclic,
      double expected,
      double standardDeviation,
      double p,
      int simulations,
      List<CyclicTriples.Triple> clearest) {}

  /**
   * Two models that met; the shares are those of the first, the residual is observed less predicted
   * and standardised by sqrt(predicted (1 - predicted) / n).
   */
  record Met(
      String modelA,
      String modelB,
      long winsA,
      long winsB,
      long ties,
      double observed,
      double predicted,
      double residual,
      double standardised) {}

  /**
   * A model by single pairings: low and high are the edges, outer_low and outer_high the ends of
   * their intervals; p is null for more than two pairings.
   */
  record Band(
      String model,
      double low,
      double high,
      double outerLow,
      double outerHigh,
      double width,
      double widthSe,
      @Nullable Double p,
      long leftOut,
      List<Edge> edges) {}

  /** A pairing, and the model's rating by it. */
  record Edge(
      String opponent,
      long matches,
      double share,
      double opponentElo,
      double elo,
      double se,
      double low,
      double high,
      @Nullable Double bootstrapLow,
      @Nullable Double bootstrapHigh,
      boolean regularised) {}

  @Override
  public Integer call() {
    level.check();
    resampling.check();
    if (!(prior > 0) || !Double.isFinite(prior)) {
      throw new UserError("--prior " + prior + " is no weight; give a number above 0");
    }
    Matches matches = matches();
    BradleyTerry fit =
        BradleyTerry.of(
            matches,
            new BradleyTerry.Options(
                ties,
                Optional.ofNullable(reference),
                prior,
                level.value,
                resampling.draws,
                resampling.seed));
    requireOneScale(fit);
    CyclicTriples triples = CyclicTriples.of(fit, SIMULATIONS, resampling.seed);
    List<ReferenceBand> found = bands.stream().map(text -> band(text, fit)).toList();
    int code =
        answer(
            () -> report(fit, triples, found),
            output -> {
              print(output, fit, triples);
              found.forEach(each -> print(output, each));
              if (pairs) {
                pairs(output, fit);
              }
            });
    for (BradleyTerry.Component part : fit.components()) {
      part.separation()
          .ifPresent(
              why ->
                  parent
                      .output()
                      .note(
                          "regularised: %s; every model of %s got %s wins and %s losses against an"
                              + " average opponent",
                          why.words(), String.join(", ", part.models()), prior, prior));
    }
    return code;
  }

  private Matches matches() {
    Matches.Builder builder = new Matches.Builder();
    for (MatchRow row : MatchReader.read(file, group)) {
      Matches.Outcome outcome =
          switch (row.winner()) {
            case A -> Matches.Outcome.FIRST;
            case B -> Matches.Outcome.SECOND;
            case TIE -> Matches.Outcome.TIE;
          };
      builder.add(row.modelA(), row.modelB(), outcome, row.group());
    }
    Matches matches = builder.build();
    if (reference != null && matches.index(reference).isEmpty()) {
      throw new UserError(
          "%s: no match of the reference '%s'; the models are %s"
              .formatted(file, reference, String.join(", ", matches.models())));
    }
    if (matches.total() == 0) {
      throw new UserError(file + ": every match is one of a model with itself; nothing to rate");
    }
    return matches;
  }

  private void requireOneScale(BradleyTerry fit) {
    if (byPart || fit.components().size() == 1) {
      return;
    }
    List<String> parts = new ArrayList<>();
    fit.components().forEach(part -> parts.add("{" + String.join(", ", part.models()) + "}"));
    throw new UserError(
        ("%s: no chain of matches joins %s, so their ratings have no common scale; add matches"
                + " between them, or rate each part by itself with --by-part")
            .formatted(file, String.join(" and ", parts)));
  }

  private Report report(BradleyTerry fit, CyclicTriples triples, List<ReferenceBand> found) {
    Matches matches = fit.matches();
    List<Part> parts = new ArrayList<>();
    for (BradleyTerry.Component part : fit.components()) {
      boolean needed = part.separation().isPresent();
      parts.add(
          new Part(
              parts.size(),
              part.models(),
              needed,
              part.separation().map(BradleyTerry.Separation::words).orElse(null),
              needed ? prior : null));
    }
    List<Rated> rated = new ArrayList<>();
    for (BradleyTerry.Rating rating : fit.ratings()) {
      rated.add(
          new Rated(
              rating.model(),
              rating.component(),
              rating.elo(),
              rating.standardError(),
              rating.interval().low(),
              rating.interval().high(),
              AnalyzeOptions.low(rating.bootstrap()),
              AnalyzeOptions.high(rating.bootstrap()),
              rating.matches(),
              rating.score(),
              rating.regularised()));
    }
    BradleyTerry.Fit goodness = fit.fit();
    return new Report(
        matches.total(),
        matches.ties(),
        AnalyzeOptions.word(ties),
        matches.selfMatches(),
        reference,
        fit.components().size() == 1,
        parts.stream().anyMatch(Part::regularised),
        parts,
        rated,
        level.value,
        group == null ? "matches" : group,
        matches.units(),
        resampling.draws,
        fit.separatedResamples(),
        new Goodness(
            goodness.deviance(),
            goodness.pearson(),
            goodness.degreesOfFreedom(),
            AnalyzeOptions.known(goodness.devianceP()),
            AnalyzeOptions.known(goodness.pearsonP()),
            goodness.sparse()),
        triples.triples() == 0
            ? null
            : new Cycles(
                triples.triples(),
                triples.cyclic(),
                triples.expected(),
                triples.deviation(),
                triples.probability(),
                triples.simulations(),
                triples.clearest()),
        fit.pairs().stream().map(pair -> met(matches, pair)).toList(),
        found.stream().map(AnalyzeEloCommand::band).toList());
  }

  private static Met met(Matches matches, BradleyTerry.Pair pair) {
    int a = pair.first();
    int b = pair.second();
    return new Met(
        matches.models().get(a),
        matches.models().get(b),
        matches.wins(a, b),
        matches.wins(b, a),
        matches.ties(a, b),
        pair.observed(),
        pair.predicted(),
        pair.residual(),
        pair.standardised());
  }

  private void print(Output output, BradleyTerry fit, CyclicTriples triples) {
    Matches matches = fit.matches();
    output.line(
        "%s: %,d matches of %d models, %,d ties %s%s",
        file,
        matches.total(),
        matches.models().size(),
        matches.ties(),
        ties == TieRule.HALF ? "as halves" : "left out",
        matches.selfMatches() == 0
            ? ""
            : "; %,d of a model with itself left out".formatted(matches.selfMatches()));
    int width = Math.max(5, matches.models().stream().mapToInt(String::length).max().orElse(0));
    int part = -1;
    for (BradleyTerry.Rating rating : fit.ratings()) {
      if (rating.component() != part) {
        part = rating.component();
        heading(output, fit.components().get(part), fit.components().size() > 1, part, width);
      }
      output.line(
          "  %-" + width + "s  %8.1f  %7.1f  %-18s  %-18s  %9d  %6.1f %%%s",
          rating.model(),
          rating.elo(),
          rating.standardError(),
          ends(rating.interval()),
          rating.bootstrap().map(AnalyzeEloCommand::ends).orElse("-"),
          rating.matches(),
          rating.matches() == 0 ? 0 : 100 * rating.score() / rating.matches(),
          rating.regularised() ? "  regularised" : "");
    }
    output.line("");
    output.line(
        "se and interval: from the Hessian, %s, of the difference to %s",
        level.percent(), reference == null ? "the mean" : reference);
    if (resampling.any()) {
      output.line(
          "bootstrap: %,d draws of %,d %s, seed %d%s",
          resampling.draws,
          matches.units(),
          group == null ? "matches" : "groups by " + group,
          resampling.seed,
          fit.separatedResamples() == 0
              ? ""
              : "; in %,d of them somebody never lost or never won, and the prior was used"
                  .formatted(fit.separatedResamples()));
    }
    goodness(output, fit.fit());
    if (triples.triples() > 0) {
      output.line(
          "cyclic triples: %,d of %,d; %.2f expected if the ratings are true (sd %.2f), p = %.4f by"
              + " %,d simulations",
          triples.cyclic(),
          triples.triples(),
          triples.expected(),
          triples.deviation(),
          triples.probability(),
          triples.simulations());
      for (CyclicTriples.Triple triple : triples.clearest()) {
        output.line(
            "  %s > %s > %s > %s  (least clear: %.1f se)",
            triple.first(), triple.second(), triple.third(), triple.first(), triple.clearness());
      }
    }
    residuals(output, fit);
  }

  private ReferenceBand band(String text, BradleyTerry fit) {
    int at = text.indexOf('=');
    List<String> opponents =
        at < 0
            ? List.of()
            : Arrays.stream(text.substring(at + 1).split(",", -1)).map(String::strip).toList();
    if (at < 1 || opponents.size() < 2) {
      throw new UserError(
          "--band %s is none; give MODEL=OPPONENT,OPPONENT, such as writers=online,static"
              .formatted(text));
    }
    if (reference == null) {
      throw new UserError(
          "--band needs --reference: a band has no place on a scale whose 0 is the models' mean");
    }
    try {
      return ReferenceBand.of(
          fit.matches(), fit.options(), text.substring(0, at).strip(), opponents);
    } catch (IllegalArgumentException e) {
      throw new UserError("%s: --band %s: %s".formatted(file, text, e.getMessage()), e);
    }
  }

  private static Band band(ReferenceBand band) {
    Interval outer = band.outer();
    return new Band(
        band.player(),
        band.edges().getFirst().rating().elo(),
        band.edges().getLast().rating().elo(),
        outer.low(),
        outer.high(),
        band.width().elo(),
        band.width().standardError(),
        band.probability().isPresent() ? band.probability().getAsDouble() : null,
        band.leftOut(),
        band.edges().stream().map(AnalyzeEloCommand::edge).toList());
  }

  private static Edge edge(ReferenceBand.Edge edge) {
    BradleyTerry.Rating rating = edge.rating();
    return new Edge(
        edge.opponent(),
        edge.matches(),
        edge.share(),
        edge.opponentRating().elo(),
        rating.elo(),
        rating.standardError(),
        rating.interval().low(),
        rating.interval().high(),
        rating.bootstrap().map(Interval::low).orElse(null),
        rating.bootstrap().map(Interval::high).orElse(null),
        rating.regularised());
  }

  private void print(Output output, ReferenceBand band) {
    Interval outer = band.outer();
    output.line("");
    output.line(
        "band of %s: %.1f to %.1f, with the intervals of its edges %s",
        band.player(),
        band.edges().getFirst().rating().elo(),
        band.edges().getLast().rating().elo(),
        ends(outer));
    int width =
        Math.max(8, band.edges().stream().mapToInt(e -> e.opponent().length()).max().orElse(0));
    output.line(
        "  %-" + width + "s  %8s  %7s  %-18s  %-18s  %9s  %8s  %12s",
        "against",
        "Elo",
        "se",
        "interval",
        "bootstrap",
        "matches",
        "score",
        "opponent Elo");
    for (ReferenceBand.Edge edge : band.edges()) {
      output.line(
          "  %-" + width + "s  %8.1f  %7.1f  %-18s  %-18s  %9d  %6.1f %%  %12.1f%s",
          edge.opponent(),
          edge.rating().elo(),
          edge.rating().standardError(),
          ends(edge.rating().interval()),
          edge.rating().bootstrap().map(AnalyzeEloCommand::ends).orElse("-"),
          edge.matches(),
          100 * edge.share(),
          edge.opponentRating().elo(),
          edge.rating().regularised() ? "  regularised" : "");
    }
    output.line(
        "  width %.1f (se %.1f)%s; opponents are rated without the matches of %s%s",
        band.width().elo(),
        band.width().standardError(),
        band.probability().isPresent()
            ? String.format(
                Locale.ROOT, ", p = %.4f if both pairings agreed", band.probability().getAsDouble())
            : "",
        band.player(),
        band.leftOut() == 0
            ? ""
            : String.format(
                Locale.ROOT, ", of which %,d with others are left out", band.leftOut()));
  }

  /** The pairs that the ratings explain least. */
  private static void residuals(Output output, BradleyTerry fit) {
    List<String> models = fit.matches().models();
    List<BradleyTerry.Pair> worst =
        fit.pairs().stream()
            .sorted(
                Comparator.comparingDouble(
                    (BradleyTerry.Pair pair) -> -Math.abs(pair.standardised())))
            .limit(LARGEST)
            .filter(pair -> Math.abs(pair.standardised()) > NOTHING)
            .toList();
    if (worst.isEmpty() || fit.fit().degreesOfFreedom() <= 0) {
      return; // with as many ratings as pairs every residual is 0
    }
    output.line("largest residuals, observed less predicted share of wins:");
    for (BradleyTerry.Pair pair : worst) {
      output.line(
          "  %s against %s: %+.4f = %.4f - %.4f, n %,d, %+.2f se",
          models.get(pair.first()),
          models.get(pair.second()),
          pair.residual(),
          pair.observed(),
          pair.predicted(),
          pair.n(),
          pair.standardised());
    }
  }

  private void heading(
      Output output, BradleyTerry.Component part, boolean several, int number, int width) {
    output.line("");
    if (several) {
      output.line(
          "part %d, on a scale of its own: %s",
          number + 1, part.holdsReference() ? reference + " is 0" : "its mean is 0");
    }
    output.line(
        "  %-" + width + "s  %8s  %7s  %-18s  %-18s  %9s  %8s",
        "model",
        "Elo",
        "se",
        "interval",
        "bootstrap",
        "matches",
        "score");
  }

  private static void goodness(Output output, BradleyTerry.Fit fit) {
    if (fit.devianceP().isEmpty()) {
      output.line(
          "fit: not tested (%s)",
          fit.degreesOfFreedom() <= 0 ? "as many ratings as pairs" : "regularised");
      return;
    }
    output.line(
        "fit: deviance %.2f (p = %.4f), Pearson %.2f (p = %.4f), %d degrees of freedom%s",
        fit.deviance(),
        fit.devianceP().orElseThrow(),
        fit.pearson(),
        fit.pearsonP().orElseThrow(),
        fit.degreesOfFreedom(),
        fit.sparse() == 0 ? "" : "; rough, " + fit.sparse() + " pairs expect fewer than 5");
  }

  private static void pairs(Output output, BradleyTerry fit) {
    List<String> models = fit.matches().models();
    int width = Math.max(5, models.stream().mapToInt(String::length).max().orElse(0));
    output.line("");
    output.line(
        "  %-" + width + "s  %-" + width + "s  %8s  %8s  %9s  %8s  %12s",
        "model",
        "against",
        "n",
        "observed",
        "predicted",
        "residual",
        "residual, se");
    for (BradleyTerry.Pair pair : fit.pairs()) {
      output.line(
          "  %-" + width + "s  %-" + width + "s  %8d  %8.4f  %9.4f  %+8.4f  %+12.2f",
          models.get(pair.first()),
          models.get(pair.second()),
          pair.n(),
          pair.observed(),
          pair.predicted(),
          pair.residual(),
          pair.standardised());
    }
  }

  private static String ends(Interval interval) {
    return String.format(Locale.ROOT, "[%.1f, %.1f]", interval.low(), interval.high());
  }
}
