package dev.plumbline.app.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.BinRule;
import dev.plumbline.analysis.Calibration;
import dev.plumbline.analysis.PreferenceCalibration;
import dev.plumbline.app.cli.CommandLineEntry;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.dialogue.Comparison;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calibration without a window. */
@SuppressWarnings("NullAway.Init") // opened by each test
final class CalibrationViewModelTest {
  @TempDir private Path folder;
  private final List<String> problems = new ArrayList<>();
  private StoreFeed feed;
  private CalibrationViewModel model;

  @BeforeEach
  void start() {
    Fx.start();
  }

  @AfterEach
  void end() {
    if (model != null) {
      model.close();
      feed.close();
    }
  }

  private void open(int runs) {
    feed = new StoreFeed(folder, List::of);
    model = Fx.call(() -> new CalibrationViewModel(feed, problems::add));
    Fx.await("the runs", () -> feed.snapshot().get().runs().size() == runs);
    Fx.run(() -> model.setShown(true));
    settle();
  }

  private void settle() {
    Fx.await("all is on the screen", () -> state().answered() && !model.busy().get());
  }

  private CalibrationState state() {
    return model.state().get();
  }

  private void act(Runnable action) {
    Fx.run(action);
    settle();
  }

  private PreferenceCalibration measured() {
    return state().focused().orElseThrow().calibration().orElseThrow();
  }

  /** Intervals over conversations, the chance draws and the decomposition among them. */
  @Test
  void theNumbersAreThoseOfTheCommandLine() throws Exception {
    EvaluationFixture.preference(folder, "pm", EvaluationFixture.comparisons(240), true, 3);
    open(1);
    for (BinRule rule : BinRule.values()) {
      act(() -> model.setBins(9, rule));
      Path file = folder.resolve(rule + ".csv");
      List<Path> written = new ArrayList<>();
      act(() -> model.savePredictions(file, written::add));
      Fx.await("the file", () -> !written.isEmpty());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int code =
          CommandLineEntry.run(
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
              "analyze",
              "calibration",
              "--csv",
              file.toString(),
              "--group",
              "conversation",
              "--bins",
              "9",
              "--rule",
              rule.name().toLowerCase(Locale.ROOT),
              "--json");
      assertThat(code).isZero();
      JsonNode json = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
      Map<String, String> shown = new HashMap<>();
      Map<String, String> ends = new HashMap<>();
      for (NumberLine line : state().numbers()) {
        shown.put(line.id(), line.value());
        ends.put(line.id(), line.interval());
      }
      Map<String, String> names =
          Map.of(
              "ece", "ece",
              "mce", "mce",
              "debiased", "debiased_l2",
              "brier", "brier",
              "loss", "log_loss");
      names.forEach(
          (id, key) -> {
            JsonNode interval = json.at("/bootstrap/" + key);
            assertThat(shown.get(id)).as(id).isEqualTo(fixed(json.get(key)));
            assertThat(ends.get(id))
                .as(id)
                .isEqualTo(fixed(interval.get("low")) + " – " + fixed(interval.get("high")));
          });
      assertThat(shown.get("chance")).isEqualTo(fixed(json.at("/if_calibrated/ece")));
      assertThat(shown.get("mcb")).isEqualTo(fixed(json.at("/corp/mcb")));
      assertThat(shown.get("dsc")).isEqualTo(fixed(json.at("/corp/dsc")));
      assertThat(shown.get("slope")).isEqualTo(Numbers.fixed(json.get("slope").asDouble(), 3));
      assertThat(json.at("/bootstrap/groups").asInt()).isEqualTo(80).isEqualTo(measured().groups());
      // to the last bit, and not only as printed
      Calibration here = measured().measured();
      assertThat(here.binned().ece()).isEqualTo(json.get("ece").asDouble());
      assertThat(here.slope().standardError())
          .isEqualTo(json.get("slope_standard_error").asDouble());
      for (int i = 0; i < here.binned().bins().size(); i++) {
        assertThat(measured().chance().band().get(i).low())
            .isEqualTo(json.at("/bins/" + i + "/band_low").asDouble());
        assertThat(here.binned().bins().get(i).n())
            .isEqualTo(json.at("/bins/" + i + "/n").asLong());
      }
    }
    assertThat(problems).isEmpty();
  }

  private static String fixed(JsonNode value) {
    return Numbers.fixed(value.asDouble(), 4);
  }

  @Test
  void aBinLeadsToItsComparisonsAndTheirTexts() {
    List<Comparison> held = EvaluationFixture.comparisons(120);
    EvaluationFixture.preference(folder, "pm", held, true, 3);
    open(1);
    assertThat(state().pairs()).hasSize(120);
    assertThat(state().pairs().getFirst().margin()).as("the most wrong first").isNegative();
    assertThat(state().pairsNote()).isEmpty();
    String run = state().focused().orElseThrow().run().id();
    double place = measured().measured().binned().bins().get(4).meanP();
    act(() -> model.pick(run + "/corp", place));
    assertThat(state().choice().bin()).hasValue(4);
    assertThat((long) state().pairs().size())
        .isEqualTo(measured().measured().binned().bins().get(4).n());
    assertThat(state().pairs())
        .allSatisfy(
            pair -> {
              assertThat(pair.p())
                  .isGreaterThan(measured().measured().binned().bins().get(4).from())
                  .isLessThanOrEqualTo(measured().measured().binned().bins().get(4).to());
              // p is the probability of whichever response was drawn as a
              double difference = pair.preferredIsA() ? pair.margin() : -pair.margin();
              assertThat(pair.p()).isEqualTo(PreferenceCalibration.sigmoid(difference));
              assertThat(held).contains(pair.text().orElseThrow());
            });
    long right = state().pairs().stream().filter(HeldOutPair::right).count();
    assertThat(state().pairsTitle()).contains("Bin 5").endsWith("model right in " + right);

    act(() -> model.setBin(OptionalInt.empty()));
    act(() -> model.setSearch("OLD MILL"));
    assertThat(state().pairs()).hasSize(24);
    assertThat(state().pairs().getFirst().question()).contains("old mill");
    act(() -> model.setOrder(CalibrationState.Order.P, false));
    assertThat(state().pairs().stream().map(HeldOutPair::p).toList())
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    act(() -> model.setSearch(""));
    act(() -> model.setTranche("online"));
    assertThat(measured().n() + measured().ties()).isEqualTo(30);
  }

  @Test
  void anOlderRunIsReadAndATextThatIsGoneIsSaid() throws Exception {
    List<Comparison> held = EvaluationFixture.comparisons(90);
    EvaluationFixture.preference(folder, "old-pm", held, false, 5);
    EvaluationFixture.write(folder.resolve("held-out.jsonl"), held.subList(0, 60));
    open(1);
    assertThat(measured().groups()).as("pairs, taken as independent").isEqualTo(90);
    assertThat(state().pairs()).hasSize(90);
    assertThat(state().pairs().stream().filter(pair -> pair.text().isPresent())).hasSize(60);
    assertThat(state().pairsNote()).contains("30 of 90");
    Files.delete(folder.resolve("held-out.jsonl"));
    model.close();
    model = Fx.call(() -> new CalibrationViewModel(feed, problems::add));
    Fx.run(() -> model.setShown(true));
    settle();
    assertThat(state().pairs()).hasSize(90);
    assertThat(state().pairsNote()).contains("held-out.jsonl");
    assertThat(problems).isEmpty();
  }

  @Test
  void severalModelsStandBesideEachOtherAndSayWhatTheyShare() {
    List<Comparison> held = EvaluationFixture.comparisons(120);
    EvaluationFixture.preference(folder, "pm-one", held, true, 3);
    EvaluationFixture.preference(folder, "pm-two", held, true, 4);
    EvaluationFixture.preference(folder, "pm-three", held.subList(0, 90), true, 4);
    open(3);
    assertThat(state().models()).hasSize(1);
    assertThat(state().note()).isEmpty();
    List<String> ids = state().available().stream().map(run -> run.id()).toList();
    act(
        () ->
            model.choose(ids.stream().filter(id -> !id.startsWith("pm-three")).sorted().toList()));
    assertThat(state().note()).isEqualTo("Same held-out comparisons for all models.");
    assertThat(state().focused().orElseThrow().run().name()).isEqualTo("pm-one");
    act(() -> model.focus(state().models().get(1).run().id()));
    assertThat(state().focused().orElseThrow().run().name()).isEqualTo("pm-two");
    String third = ids.stream().filter(id -> id.startsWith("pm-three")).findFirst().orElseThrow();
    assertThat(Fx.call(() -> model.toggle(third))).isTrue();
    settle();
    assertThat(state().note()).contains("90 of 120");
    // the order of colours stays when one is taken out, and the last one cannot be
    act(() -> model.toggle(state().models().getFirst().run().id()));
    assertThat(state().models().stream().map(each -> each.run().name()))
        .containsExactly("pm-two", "pm-three");
    act(() -> model.toggle(state().models().getFirst().run().id()));
    assertThat(Fx.call(() -> model.toggle(state().models().getFirst().run().id()))).isFalse();
  }

  @Test
  void anEmptyWorkspaceAnswersThatThereIsNothing() {
    open(0);
    assertThat(state().available()).isEmpty();
    assertThat(state().focused()).isEmpty();
  }
}
