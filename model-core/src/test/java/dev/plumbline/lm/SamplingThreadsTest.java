package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A batch in parts, and which model and batch are taken apart. */
final class SamplingThreadsTest {
  private static final List<int[]> PROMPTS =
      IntStream.range(0, 7)
          .mapToObj(i -> IntStream.range(0, 3 + 2 * i).map(t -> t == 0 ? 1 : 40 + 7 * t).toArray())
          .toList();

  private static List<Generation> drawn(int threads, Sampler.Watcher watcher) {
    try (TorchRuntime runtime = TorchRuntime.start(threads);
        LanguageModel model = TinyModels.tied(runtime, 21)) {
      List<Generation> found =
          model.generate(PROMPTS, new SamplingOptions(1, 29, 90, 7, 40), watcher);
      assertThat(runtime.threads()).isEqualTo(threads);
      return found;
    }
  }

  @Test
  void threePartsDrawWhatOneDraws() {
    List<Generation> alone = drawn(1, Sampler.Watcher.NONE);
    List<List<Integer>> seen = PROMPTS.stream().<List<Integer>>map(_ -> new ArrayList<>()).toList();
    for (List<Generation> together :
        List.of(
            drawn(3, Sampler.Watcher.NONE),
            drawn(3, (prompt, tokens) -> Arrays.stream(tokens).forEach(seen.get(prompt)::add)))) {
      for (int i = 0; i < PROMPTS.size(); i++) {
        assertThat(together.get(i).tokens()).isEqualTo(alone.get(i).tokens());
        assertThat(together.get(i).end()).isEqualTo(alone.get(i).end());
        assertThat(together.get(i).logProbabilities())
            .containsExactly(alone.get(i).logProbabilities(), within(1e-5));
      }
    }
    for (int i = 0; i < PROMPTS.size(); i++) {
      assertThat(seen.get(i)).isEqualTo(Arrays.stream(alone.get(i).tokens()).boxed().toList());
    }
  }

  @Test
  void everyRowIsInOnePart() {
    for (int rows = 1; rows < 40; rows++) {
      for (int threads = 1; threads < 9; threads++) {
        SamplingThreads use = SamplingThreads.of(threads, 1_000_000, rows);
        assertThat(use.parts()).isEqualTo(Math.min(threads, rows));
        assertThat(use.start(0, rows)).isZero();
        assertThat(use.start(use.parts(), rows)).isEqualTo(rows);
        for (int part = 0; part < use.parts(); part++) {
          int size = use.start(part + 1, rows) - use.start(part, rows);
          assertThat(size).isBetween(rows / use.parts(), rows / use.parts() + 1);
        }
      }
    }
  }

  @Test
  void fewRowsOfALargeModelAreComputedByAllThreadsAtOnce() {
    assertThat(SamplingThreads.of(8, 1_000_000_000, 64)).isEqualTo(new SamplingThreads(1, 8));
    assertThat(SamplingThreads.of(8, 1_000_000_000, 128)).isEqualTo(new SamplingThreads(8, 1));
    assertThat(SamplingThreads.of(8, 1_000_000, 64)).isEqualTo(new SamplingThreads(8, 1));
    assertThat(SamplingThreads.of(8, 1_000_000, 1)).isEqualTo(new SamplingThreads(1, 1));
    assertThat(SamplingThreads.of(1, 1_000_000_000, 1)).isEqualTo(new SamplingThreads(1, 1));
  }
}
