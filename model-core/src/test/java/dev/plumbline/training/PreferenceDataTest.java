package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.Leakage;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.DialogueFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mixtures, splits, halves and leakage. */
class PreferenceDataTest {
  @TempDir Path directory;
  private List<PreferenceSettings.Part> parts = List.of();
  private List<PreferenceSettings.HeldOut> heldOut = List.of();
  private double heldOutFraction = 0.1;
  private PreferenceSettings.Split split =
      new PreferenceSettings.Split(null, PreferenceSettings.Half.NONE);
  private PreferenceSettings.OnLeakage onLeakage = PreferenceSettings.OnLeakage.WARN;
  private int total;

  private PreferenceData read(long seed) {
    return PreferenceData.read(
        new PreferenceSettings(
            "base",
            null,
            parts,
            heldOut,
            heldOutFraction,
            split,
            onLeakage,
            DialogueFormat.HH,
            total,
            64,
            4,
            1,
            1e-3,
            0,
            0,
            1,
            10,
            PreferenceSettings.Spacing.EVERY,
            10,
            TrainerSettings.DEFAULT),
        seed);
  }

  /** Conversations of four comparisons each, as the paper's have. */
  private String file(String name, int conversations, String... tranches) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int c = 0; c < conversations; c++) {
      String prompt = "\\n\\nHuman: %s conversation %d".formatted(name, c);
      for (int t = 0; t < 4; t++) {
        String tranche =
            tranches.length == 0
                ? ""
                : ", \"tranche\": \"%s\"".formatted(tranches[(c + t) % tranches.length]);
        lines.add(
            "{\"chosen\": \"%s\\n\\nAssistant: yes %d\", \"rejected\": \"%s\\n\\nAssistant: no\"%s}"
                .formatted(prompt, t, prompt, tranche));
        prompt += "\\n\\nAssistant: yes %d\\n\\nHuman: more %d".formatted(t, t);
      }
    }
    Path file = directory.resolve(name + ".jsonl");
    Files.write(file, lines);
    return file.toString();
  }

  private static PreferenceSettings.Part part(
      String name, String file, @Nullable Double fraction, double weight) {
    return new PreferenceSettings.Part(
        name, List.of(file), null, fraction, null, weight, PreferenceObjective.RANKED);
  }

  private static long count(List<PreferenceData.Item> items, String part) {
    return items.stream().filter(item -> item.part().equals(part)).count();
  }

  private static Set<String> conversations(List<PreferenceData.Item> items) {
    return items.stream().map(PreferenceData.Item::conversation).collect(Collectors.toSet());
  }

  @Test
  void aMixtureHoldsEachPartsShareOfTheTotal() throws IOException {
    String help = file("help", 100);
    String harm = file("harm", 100);
    total = 300;
    for (int tenths = 0; tenths <= 10; tenths++) {
      double fraction = tenths / 10.0;
      parts = List.of(part("help", help, 1 - fraction, 1), part("harm", harm, fraction, 3));
      PreferenceData data = read(5);
      assertThat(data.training()).hasSize(300);
      assertThat(count(data.training(), "harm")).isEqualTo(30L * tenths);
      // Held out of each before anything is drawn: 0.1 of 800 comparisons, whole conversations.
      assertThat(data.heldOut()).hasSize(80);
      assertThat(data.leakage().isNone()).isTrue();
      // (1 - f) x 1 + f x 3
      assertThat(data.meanWeight()).isEqualTo(1 + 2 * fraction, within(1e-12));
    }
  }

  @Test
  void aSmallerDrawIsAPartOfAGreaterOne() throws IOException {
    String help = file("help", 100);
    String harm = file("harm", 100);
    parts = List.of(part("help", help, 0.25, 1), part("harm", harm, 0.75, 1));
    total = 100;
    Set<PreferenceData.Item> small = new HashSet<>(read(5).training());
    total = 200;
    assertThat(read(5).training()).containsAll(small);
    assertThat(read(5)).isEqualTo(read(5));
    assertThat(new HashSet<>(read(6).training())).isNotEqualTo(new HashSet<>(read(5).training()));
  }

  /**
   * Fractions are rounded to whole comparisons that add up to the total: 1/3 of 100 is 33.33 for
   * each of three parts, and the one that is left goes to the first; of 0.7 x 1000, which is
   * 699.99... in binary numbers, none is lost.
   */
  @Test
  void countsAddUpToTheTotal() {
    double third = 1 / 3.0;
    assertThat(
            PreferenceData.counts(
                List.of(part("a", "", third, 1), part("b", "", third, 1), part("c", "", third, 1)),
                100))
        .containsExactly(34, 33, 33);
    assertThat(
            PreferenceData.counts(
                List.of(part("a", "", 0.7, 1), part("b", "", 0.2, 1), part("c", "", 0.1, 1)), 1000))
        .containsExactly(700, 200, 100);
    // 0.55 x 10 = 5.5, 0.25 x 10 = 2.5, 0.2 x 10 = 2: the larger remainders are equal, the first
    // part's comes first.
    assertThat(
            PreferenceData.counts(
                List.of(part("a", "", 0.55, 1), part("b", "", 0.25, 1), part("c", "", 0.2, 1)), 10))
        .containsExactly(6, 2, 2);
  }

  @Test
  void halvesAreDisjointWholeAndIndependentOfTheRunsSeed() throws IOException {
    parts = List.of(part("all", file("help", 200), null, 1));
    heldOutFraction = 0.1;
    split = new PreferenceSettings.Split(7L, PreferenceSettings.Half.A);
    PreferenceData a = read(1);
    Set<String> seenByA = conversations(a.training());
    seenByA.addAll(conversations(a.heldOut()));
    split = new PreferenceSettings.Split(7L, PreferenceSettings.Half.B);
    PreferenceData b = read(99);
    Set<String> seenByB = conversations(b.training());
    seenByB.addAll(conversations(b.heldOut()));
    assertThat(seenByA).hasSize(100).doesNotContainAnyElementsOf(seenByB);
    assertThat(seenByB).hasSize(100);
    assertThat(a.heldOut()).hasSize(40);
    assertThat(read(3).heldOut()).isEqualTo(b.heldOut());
  }

  @Test
  void theUsualSplitsKeepConversationsTogether() throws IOException {
    parts = List.of(part("all", file("help", 200), null, 1));
    for (double fraction : new double[] {0.05, 0.35, 0.5}) {
      heldOutFraction = fraction;
      PreferenceData data = read(4);
      assertThat(data.heldOut()).hasSize((int) Math.round(800 * fraction));
      assertThat(conversations(data.heldOut()))
          .doesNotContainAnyElementsOf(conversations(data.training()));
      assertThat(data.leakage()).isEqualTo(new Leakage(data.heldOut().size(), 0, 0, 0));
    }
  }

  @Test
  void leakageIsCountedAndSaidOrRemovedOrRefused() throws IOException {
    String all = file("help", 10);
    // Of the held-out file the conversations 8 to 11 open like training's 8 and 9, or not at all.
    List<String> lines = Files.readAllLines(Path.of(all)).subList(32, 40);
    Path test = directory.resolve("test.jsonl");
    List<String> held = new ArrayList<>(lines.subList(0, 4));
    // The same opening and another first response: no prompt but the first is shared.
    lines.subList(4, 8).forEach(line -> held.add(line.replace("yes", "perhaps")));
    lines.subList(0, 4).forEach(line -> held.add(line.replace("conversation", "new talk")));
    Files.write(test, held);
    parts = List.of(part("all", all, null, 1));
    heldOut =
        List.of(
            new PreferenceSettings.HeldOut(
                "test", List.of(test.toString()), null, PreferenceObjective.RANKED));
    PreferenceData data = read(1);
    // 12 held out; 8 share the opening; 4 + 1 share the whole prompt; 4 are training's own.
    assertThat(data.leakage()).isEqualTo(new Leakage(12, 8, 5, 4));
    assertThat(data.notices()).singleElement().asString().contains("8 of 12 held-out comparisons");
    assertThat(data.training()).hasSize(40);

    onLeakage = PreferenceSettings.OnLeakage.REMOVE;
    data = read(1);
    assertThat(data.leakage().isNone()).isTrue();
    assertThat(data.training()).hasSize(32);
    assertThat(data.notices())
        .singleElement()
        .asString()
        .contains("8 comparisons are left out of training");

    onLeakage = PreferenceSettings.OnLeakage.STOP;
    assertThatThrownBy(() -> read(1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("8 of 12")
        .hasMessageContaining("on_leakage: remove")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aTrancheIsReadByItsNameOrNamesWhatHasNone() throws IOException {
    String mixed = file("mixed", 20, "base", "rs");
    String plain = file("plain", 20);
    parts =
        List.of(
            new PreferenceSettings.Part(
                "rs", List.of(mixed), "rs", null, null, 1, PreferenceObjective.RANKED),
            new PreferenceSettings.Part(
                "online", List.of(plain), "online", null, 10, 1, PreferenceObjective.RANKED));
    PreferenceData data = read(2);
    assertThat(data.training().stream().filter(item -> item.part().equals("rs")))
        .isNotEmpty()
        .allMatch(item -> item.tranche().equals("rs"));
    assertThat(data.training().stream().filter(item -> item.part().equals("online")))
        .hasSize(10)
        .allMatch(item -> item.tranche().equals("online"));
    parts =
        List.of(
            new PreferenceSettings.Part(
                "x", List.of(mixed), "online", null, null, 1, PreferenceObjective.RANKED));
    assertThatThrownBy(() -> read(2))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("part x: no comparison")
        .hasMessageContaining("mixed.jsonl");
  }

  @Test
  void aPartThatIsTooSmallIsNamed() throws IOException {
    parts = List.of(part("help", file("help", 10), 0.5, 1), part("b", file("b", 50), 0.5, 1));
    total = 100;
    assertThatThrownBy(() -> read(2))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("part help: 50 comparisons are wanted and it has");
  }

  /** The published example: GOOD:A > BAD:A and BAD:B > GOOD:B. */
  @Test
  void aBinaryComparisonIsTwoPairs() {
    Comparison comparison = new Comparison("\n\nHuman: q\n\nAssistant:", " A", " B");
    assertThat(PreferenceObjective.BINARY.pairs(comparison))
        .containsExactly(
            new PreferenceObjective.Pair(" GOOD: A", " BAD: A"),
            new PreferenceObjective.Pair(" BAD: B", " GOOD: B"));
    assertThat(PreferenceObjective.RANKED.pairs(comparison))
        .containsExactly(new PreferenceObjective.Pair(" A", " B"));
    // r(GOOD:A) = 3, r(BAD:A) = 1, r(BAD:B) = 2, r(GOOD:B) = 1.5: log-odds of good 2 and -0.5.
    double[] better = {3, 2};
    double[] worse = {1, 1.5};
    assertThat(PreferenceObjective.BINARY.scores(better, worse)).containsExactly(2, -0.5);
    // (ln(1 + e^-2) + ln(1 + e^-0.5)) / 2 = (0.1269280 + 0.4740770) / 2
    assertThat(PreferenceObjective.BINARY.loss(better, worse)).isEqualTo(0.3005025, within(1e-7));
  }

  /** round(2^(k/2)) for k = 0, 1, 2, ...: 1, 1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64. */
  @Test
  void logarithmicStepsAreTwoToEachDoubling() {
    List<Long> steps = new ArrayList<>();
    for (long step = 0; step <= 64; step++) {
      if (PreferenceTraining.isLogStep(step)) {
        steps.add(step);
      }
    }
    assertThat(steps).containsExactly(0L, 1L, 2L, 3L, 4L, 6L, 8L, 11L, 16L, 23L, 32L, 45L, 64L);
  }
}
