package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.lm.SamplingOptions.Cut;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bounds on what is drawn, stop texts, and sampling that pauses. */
final class SamplerTest {
  private static final int[] PROMPT = {1, 40, 90, 17};
  private static TorchRuntime runtime;
  private static LanguageModel model;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.start(1);
    model = TinyModels.tied(runtime, 21);
  }

  @AfterAll
  static void close() {
    model.close();
    runtime.close();
  }

  private static SamplingOptions options(int tokens) {
    return new SamplingOptions(1, tokens, -1, 7, 40);
  }

  /** How often each token comes first in many draws, and its probability. */
  private static Map<Integer, Integer> firstTokens(Cut cut, int draws) {
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < draws; i++) {
      prompts.add(PROMPT);
    }
    Map<Integer, Integer> counts = new HashMap<>();
    for (Generation generation : model.generate(prompts, options(1).with(cut))) {
      counts.merge(generation.tokens()[0], 1, Integer::sum);
    }
    return counts;
  }

  private static double[] probabilities() {
    float[] logits = model.nextLogits(List.of(PROMPT)).getFirst();
    double[] weights = new double[logits.length];
    double total = 0;
    for (int v = 0; v < weights.length; v++) {
      weights[v] = Math.exp(logits[v]);
      total += weights[v];
    }
    for (int v = 0; v < weights.length; v++) {
      weights[v] /= total;
    }
    return weights;
  }

  private static List<Integer> ranked(double[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer v) -> -probabilities[v]))
        .toList();
  }

  @Test
  void aTokenIsWhereTheRunningSumOfProbabilitiesPassesItsNumber() {
    double[] p = probabilities();
    List<int[]> prompts = IntStream.range(0, 500).mapToObj(_ -> PROMPT).toList();
    List<Generation> drawn = model.generate(prompts, options(1));
    for (int i = 0; i < drawn.size(); i++) {
      double uniform = Randomness.uniform(7, 40 + i, 0);
      int token = drawn.get(i).tokens()[0];
      double below = Arrays.stream(p, 0, token).sum();
      assertThat(uniform)
          .as("number %d, token %d", i, token)
          .isBetween(below - 1e-6, below + p[token] + 1e-6);
    }
  }

  @Test
  void topKDrawsFromTheMostProbableTokensInTheirProportion() {
    double[] p = probabilities();
    List<Integer> best = ranked(p).subList(0, 3);
    int draws = 4000;
    Map<Integer, Integer> counts = firstTokens(new Cut(3, 1, 0), draws);
    assertThat(counts).containsOnlyKeys(best);
    double kept = best.stream().mapToDouble(v -> p[v]).sum();
    for (int v : best) {
      double share = p[v] / kept;
      assertThat(counts.getOrDefault(v, 0) / (double) draws)
          .isCloseTo(share, within(4 * Math.sqrt(share * (1 - share) / draws)));
    }
  }

  @Test
  void topPDrawsFromTheSmallestSetThatHoldsTheShare() {
    double[] p = probabilities();
    List<Integer> order = ranked(p);
    double share = p[order.get(0)] + p[order.get(1)] + 0.5 * p[order.get(2)];
    Map<Integer, Integer> counts = firstTokens(new Cut(0, share, 0), 3000);
    assertThat(new TreeSet<>(counts.keySet())).isEqualTo(new TreeSet<>(order.subList(0, 3)));
    // After top-k the share is one of what is left: two tokens hold it here.
    double two = p[order.get(0)] + p[order.get(1)];
    double first = p[order.get(0)] / two;
    Map<Integer, Integer> both = firstTokens(new Cut(2, first - 1e-3, 0), 500);
    assertThat(both).containsOnlyKeys(order.get(0));
  }

  @Test
  void topOneIsGreedyAndKeepsTheModelsOwnProbabilities() {
    Generation best = model.generate(List.of(PROMPT), SamplingOptions.greedy(12, -1)).getFirst();
    Generation cut = model.generate(List.of(PROMPT), options(12).with(new Cut(1, 1, 0))).getFirst();
    assertThat(cut.tokens()).isEqualTo(best.tokens());
    int[] together = Arrays.copyOf(PROMPT, PROMPT.length + 12);
    System.arraycopy(cut.tokens(), 0, together, PROMPT.length, 12);
    double[] scored = model.score(List.of(together), 1).getFirst().logProbabilities();
    assertThat(cut.logProbabilities())
        .containsExactly(
            Arrays.copyOfRange(scored, PROMPT.length - 1, scored.length), within(1e-4));
  }

  @Test
  void noEndTokenComesBeforeTheLeastLength() {
    int likely = ranked(probabilities()).getFirst();
    SamplingOptions ending = new SamplingOptions(0, 12, likely, 7, 0);
    assertThat(model.generate(List.of(PROMPT), ending).getFirst().tokens()).containsExactly(likely);
    for (double temperature : new double[] {0, 1}) {
      for (int least = 0; least <= 12; least += 4) {
        SamplingOptions options =
            new SamplingOptions(temperature, 12, likely, 7, 0).with(new Cut(0, 1, least));
        for (Generation generation : model.generate(List.of(PROMPT, new int[] {1}), options)) {
          assertThat(generation.tokens().length).isGreaterThanOrEqualTo(least);
          assertThat(Arrays.copyOf(generation.tokens(), least)).doesNotContain(likely);
        }
      }
    }
  }

  @Test
  void whereTheEndTokenHeldAllProbabilityTheNextBestIsDrawn() {
    List<Integer> order = ranked(probabilities());
    // So cold that every other token's probability is below the least number above zero.
    SamplingOptions cold =
        new SamplingOptions(1e-6, 1, order.getFirst(), 7, 0).with(new Cut(0, 1, 1));
    assertThat(model.generate(List.of(PROMPT), cold).getFirst().tokens())
        .containsExactly(order.get(1));
  }

  @Test
  void watchedSamplingDrawsTheSameTokens() {
    List<int[]> prompts = List.of(PROMPT, new int[] {1, 200}, new int[] {1, 7, 7, 7, 7, 7, 9});
    List<Generation> silent = model.generate(prompts, options(29));
    List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Integer> portions = new ArrayList<>();
    List<Generation> watched =
        model.generate(
            prompts,
            options(29),
            (prompt, tokens) -> {
              Arrays.stream(tokens).forEach(seen.get(prompt)::add);
              portions.add(tokens.length);
            });
    assertThat(portions).hasSizeGreaterThan(3 * 3);
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(watched.get(i).tokens()).isEqualTo(silent.get(i).tokens());
      assertThat(watched.get(i).logProbabilities())
          .containsExactly(silent.get(i).logProbabilities(), within(1e-5));
      assertThat(seen.get(i).stream().mapToInt(Integer::intValue).toArray())
          .isEqualTo(silent.get(i).tokens());
    }
  }

  @Test
  void aStopTextEndsOnlyTheResponseThatHoldsIt() {
    List<int[]> prompts = List.of(PROMPT, new int[] {1, 200});
    List<Generation> free = model.generate(prompts, options(24));
    int[] tokens = free.getFirst().tokens();
    // The text of two neighbouring tokens well inside, ordinary letters by choice of the place.
    String text = "";
    int completed = 0;
    for (int t = 10; t < 20 && text.length() != 2; t++) {
      completed = t + 2;
      text =
          model
              .tokenizer()
              .decode(Arrays.copyOfRange(tokens, t, t + 2))
              .replaceAll("[^\\p{ASCII}]", "");
    }
    assertThat(text).hasSize(2);
    String before = model.tokenizer().decodeAfter(PROMPT, Arrays.copyOf(tokens, completed - 1));
    assertThat(before).doesNotContain(text);
    List<Generation> stopped = model.generate(prompts, options(24).stoppingAt(List.of("§", text)));
    assertThat(stopped.getFirst().end()).isEqualTo(Generation.End.STOP_TEXT);
    assertThat(stopped.getFirst().tokens()).isEqualTo(Arrays.copyOf(tokens, completed));
    assertThat(stopped.getFirst().logProbabilities()).hasSize(completed);
    String other = model.tokenizer().decodeAfter(prompts.get(1), free.get(1).tokens());
    assertThat(other).doesNotContain(text);
    assertThat(stopped.get(1).tokens()).isEqualTo(free.get(1).tokens());
    assertThat(stopped.get(1).end()).isEqualTo(Generation.End.LENGTH);
  }

  @Test
  void onlyDrawsFromTheWholeDistributionCountAsThePolicys() {
    assertThat(options(3).unbounded()).isTrue();
    assertThat(SamplingOptions.greedy(3, -1).unbounded()).isFalse();
    assertThat(options(3).with(new Cut(5, 1, 0)).unbounded()).isFalse();
    assertThat(options(3).with(new Cut(0, 0.9, 0)).unbounded()).isFalse();
    assertThat(options(3).with(new Cut(0, 1, 2)).unbounded()).isFalse();
    assertThat(options(3).stoppingAt(List.of("x")).unbounded()).isFalse();
    assertThatThrownBy(() -> new Cut(0, 0, 0)).hasMessageContaining("top-p 0.0");
    assertThatThrownBy(() -> options(3).stoppingAt(List.of(""))).hasMessageContaining("empty");
  }
}
