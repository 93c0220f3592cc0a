package dev.plumbline.app.evaluation.elo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.BradleyTerry;
import dev.plumbline.analysis.TieRule;
import dev.plumbline.app.cli.CommandLineEntry;
import dev.plumbline.app.evaluation.elo.EloState.Choice;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.PlotMapping;
import dev.plumbline.figure.RatingCharts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ratings are those of the command line, and every number leads to its matches. */
final class EloViewModelTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir private Path folder;
  private StoreFeed feed;
  private EloViewModel model;

  @BeforeAll
  static void start() {
    Fx.start();
  }

  @BeforeEach
  void open() {
    feed = new StoreFeed(folder.resolve("w"), List::of);
    model = Fx.call(() -> new EloViewModel(feed));
    Fx.run(() -> model.setShown(true));
  }

  @AfterEach
  void end() {
    Fx.run(model::close);
    feed.close();
  }

  private EloState rated() {
    Fx.await("ratings", () -> model.state().get().rated().isPresent());
    Fx.await("their matches", () -> !model.state().get().picked().matches().isEmpty());
    return model.state().get();
  }

  private static JsonNode commandLine(Path file, String... more) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] all = new String[5 + more.length];
    System.arraycopy(
        new String[] {"analyze", "elo", "--matches", file.toString(), "--json"}, 0, all, 0, 5);
    System.arraycopy(more, 0, all, 5, more.length);
    int code =
        CommandLineEntry.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            all);
    assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return JSON.readTree(out.toString(StandardCharsets.UTF_8));
  }

  private static void assertSame(BradleyTerry fit, JsonNode report) {
    assertThat(report.path("ratings").size()).isEqualTo(fit.ratings().size());
    for (int i = 0; i < fit.ratings().size(); i++) {
      BradleyTerry.Rating rating = fit.ratings().get(i);
      JsonNode row = report.path("ratings").path(i);
      assertThat(rating.model()).isEqualTo(row.path("model").asText());
      assertThat(rating.elo()).isEqualTo(row.path("elo").asDouble());
      assertThat(rating.bootstrap().orElseThrow().low())
          .isEqualTo(row.path("bootstrap_low").asDouble());
      assertThat(rating.bootstrap().orElseThrow().high())
          .isEqualTo(row.path("bootstrap_high").asDouble());
    }
    for (int i = 0; i < fit.pairs().size(); i++) {
      assertThat(fit.pairs().get(i).standardised())
          .isEqualTo(report.path("pairs").path(i).path("standardised").asDouble());
    }
  }

  @Test
  void aFilesRatingsAreThoseOfTheCommandLine() throws Exception {
    Random random = new Random(4);
    StringBuilder lines = new StringBuilder();
    List<String> names = List.of("a", "b", "c", "d");
    for (int i = 0; i < 300; i++) {
      int first = random.nextInt(4);
      int second = (first + 1 + random.nextInt(3)) % 4;
      double u = random.nextDouble();
      lines.append(
          EloFixture.line(
              names.get(first),
              names.get(second),
              u < 0.1 ? "tie" : u < 0.5 + 0.08 * (first - second) ? "a" : "b"));
    }
    Path file = Files.writeString(folder.resolve("matches.jsonl"), lines);
    EloMatches matches = EloMatches.read(file);
    assertSame(
        EloRatings.fit(matches, new Choice("", TieRule.HALF, Optional.empty())).orElseThrow(),
        commandLine(file));
    assertSame(
        EloRatings.fit(matches, new Choice("", TieRule.DROP, Optional.of("c"))).orElseThrow(),
        commandLine(file, "--ties", "drop", "--reference", "c"));
  }

  @Test
  void aRunsRatingsAreThoseOfTheCommandLineOverItsPrompts() throws Exception {
    EloFixture.run(folder.resolve("w"), "arena");
    feed.poke();
    EloState state = rated();
    assertThat(state.judges()).containsExactly("gold", "panel");
    assertThat(state.choice().reference()).contains("base");
    StringBuilder lines = new StringBuilder();
    for (EloMatches.Match match : state.picked().matches()) {
      lines.append(
          "{\"model_a\": \"%s\", \"model_b\": \"%s\", \"winner\": \"%s\", \"p\": \"%s\"}\n"
              .formatted(
                  match.a(),
                  match.b(),
                  match.winner() == EloMatches.Winner.A ? "a" : "b",
                  match.group()));
    }
    EloMatches matches =
        new EloMatches(
            "arena",
            state.picked().matches(),
            List.of("gold"),
            Optional.empty(),
            Map.of(),
            EloMatches.Unit.PROMPT);
    Path file = Files.writeString(folder.resolve("matches.jsonl"), lines);
    assertSame(
        EloRatings.fit(matches, new Choice("gold", TieRule.HALF, Optional.of("base")))
            .orElseThrow(),
        commandLine(file, "--reference", "base", "--group", "p"));
  }

  @Test
  void aPointAndACellLeadToTheirMatches() {
    EloFixture.run(folder.resolve("w"), "arena");
    feed.poke();
    EloState state = rated();
    assertThat(state.picked().matches()).hasSize(10 * EloFixture.PROMPTS);
    String best = state.rated().orElseThrow().order().getFirst();
    String second = state.rated().orElseThrow().order().get(1);
    Fx.run(() -> model.pick(hit(RatingCharts.RATINGS, 0, 0, 0.5)));
    assertThat(model.state().get().picked().matches())
        .hasSize(4 * EloFixture.PROMPTS)
        .allMatch(match -> match.a().equals(best) || match.b().equals(best));
    Fx.run(() -> model.pick(hit(RatingCharts.PAIRS, 1, 1.5, 0.5)));
    List<EloMatches.Match> pair = model.state().get().picked().matches();
    assertThat(pair).hasSize(EloFixture.PROMPTS).allMatch(match -> match.isBetween(best, second));
    EloMatches.Match one = pair.getFirst();
    assertThat(one.prompt()).contains("plus 7?");
    assertThat(one.responseA()).contains("says " + one.a());
    assertThat(one.responseB()).contains("says " + one.b());
    assertThat(one.winner() == EloMatches.Winner.A).isEqualTo(one.scoreA() > one.scoreB());
    Fx.run(model::unpick);
    assertThat(model.state().get().picked().chosen()).isFalse();
  }

  private static PlotMapping.Hit hit(String series, int index, double x, double y) {
    return new PlotMapping.Hit(
        series, "", index, x, y, y, Double.NaN, Double.NaN, Double.NaN, 0, 0);
  }

  @Test
  void judgeTiesAndReferenceAreChosenAndSnapshotsStandAtTheirSteps() {
    EloFixture.run(folder.resolve("w"), "arena");
    feed.poke();
    EloState state = rated();
    Layer.Points steps = (Layer.Points) state.rated().orElseThrow().steps().layers().get(1);
    assertThat(steps.label()).isEqualTo("policy");
    assertThat(steps.x().toArray()).containsExactly(20, 40, 60);
    Fx.run(() -> model.setJudge("panel"));
    Fx.run(() -> model.setTies(TieRule.DROP));
    Fx.run(() -> model.setReference(Optional.of("other")));
    Fx.await(
        "rated anew",
        () ->
            model
                .state()
                .get()
                .choice()
                .equals(new Choice("panel", TieRule.DROP, Optional.of("other"))));
    EloState next = model.state().get();
    assertThat(next.rated().orElseThrow().facts()).contains("ties left out").contains("5 players");
    // unsure matches are listed and not rated
    assertThat(next.picked().matches()).hasSize(10 * EloFixture.PROMPTS);
    assertThat(next.rated().orElseThrow().facts()).startsWith("500 matches");
  }

  @Test
  void partsWithoutACommonScaleAndTheUndefeatedAreNamed() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("parts.jsonl"),
            EloFixture.line("a", "b", "a").repeat(3)
                + EloFixture.line("c", "d", "a").repeat(3)
                + EloFixture.line("c", "d", "b").repeat(2));
    feed.poke();
    Fx.run(() -> model.open(file));
    List<String> warnings = rated().rated().orElseThrow().warnings();
    assertThat(warnings).hasSize(2);
    assertThat(warnings.getFirst()).contains("{a, b} and {c, d}");
    assertThat(warnings.getLast()).contains("a never lost to anyone").contains("0.5 wins");
    assertThat(model.state().get().rated().orElseThrow().ratings().y().names())
        .anyMatch(name -> name.startsWith("a *") && name.contains("part"));
  }

  @Test
  void aBadFileSaysInOneLineWhatIsWrong() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.jsonl"), "{\"model_a\": \"x\"}\n");
    feed.poke();
    Fx.run(() -> model.open(file));
    Fx.await("the problem", () -> !model.state().get().problem().isEmpty());
    assertThat(model.state().get().problem()).contains("bad.jsonl:1:").hasLineCount(1);
    assertThat(model.state().get().rated()).isEmpty();
  }
}
