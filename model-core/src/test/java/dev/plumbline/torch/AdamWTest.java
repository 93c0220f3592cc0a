package dev.plumbline.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdamWTest {
  private static TorchRuntime runtime;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.start(1);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  @Test
  void firstStepHasEpsilonOutsideTheBiasCorrection() {
    try (Scope _ = runtime.scope()) {
      Tensor p = runtime.floats(new float[] {1}, 1);
      try (AdamW optimiser =
          new AdamW(runtime, List.of(p), List.of("p"), new AdamW.Settings(0.9, 0.999, 1e-5, 0.5))) {
        optimiser.gradients().getFirst().set(new float[] {1e-5f});
        optimiser.step(0.1);
        // 1 - 0.1 * 1e-5 / (1e-5 + 1e-5); a vector is not decayed
        assertThat(p.item()).isCloseTo(0.95, within(1e-6));
        assertThat(optimiser.gradients().getFirst().item()).isEqualTo(0.0);
      }
    }
  }

  @Test
  void matricesAreDecayed() {
    try (Scope _ = runtime.scope()) {
      Tensor p = runtime.floats(new float[] {2, 2}, 1, 2);
      try (AdamW optimiser =
          new AdamW(runtime, List.of(p), List.of("p"), new AdamW.Settings(0.9, 0.999, 1e-8, 0.5))) {
        optimiser.step(0.1);
        assertThat(p.toDoubles()).containsExactly(new double[] {1.9, 1.9}, within(1e-6));
      }
    }
  }

  @Test
  void clippingBoundsTheGlobalNorm() {
    try (Scope _ = runtime.scope()) {
      Tensor a = runtime.zeros(1);
      Tensor b = runtime.zeros(1, 1);
      try (AdamW optimiser =
          new AdamW(runtime, List.of(a, b), List.of("a", "b"), AdamW.Settings.withDecay(0))) {
        optimiser.gradients().get(0).set(new float[] {3});
        optimiser.gradients().get(1).set(new float[] {-4});
        assertThat(optimiser.clip(10)).isCloseTo(5, within(1e-6));
        assertThat(optimiser.gradients().get(1).item()).isEqualTo(-4.0);
        assertThat(optimiser.clip(1)).isCloseTo(5, within(1e-6));
        assertThat(optimiser.gradients().get(0).item()).isCloseTo(0.6, within(1e-6));
        assertThat(optimiser.gradients().get(1).item()).isCloseTo(-0.8, within(1e-6));
      }
    }
  }

  @Test
  void aRestoredOptimiserGoesOnAsIfNothingHadHappened(@TempDir Path folder) {
    try (Scope _ = runtime.scope()) {
      Tensor p = runtime.floats(new float[] {1, -2}, 2, 1);
      Tensor q = runtime.floats(new float[] {1, -2}, 2, 1);
      try (AdamW first = optimiser(p);
          AdamW second = optimiser(q)) {
        for (int step = 0; step < 3; step++) {
          first.gradients().getFirst().set(new float[] {0.3f * step, -1});
          first.step(0.01);
        }
        Map<String, SafeTensors.Entry> state = new LinkedHashMap<>();
        first.state().forEach((name, tensor) -> state.put(name, SafeTensors.Entry.of(tensor)));
        Path file = folder.resolve("state.safetensors");
        SafeTensors.write(file, state, Map.of());
        second.restore(SafeTensors.read(file).tensors());
        q.set(p.toFloats());
        for (AdamW optimiser : List.of(first, second)) {
          optimiser.gradients().getFirst().set(new float[] {0.7f, 0.1f});
          optimiser.step(0.01);
        }
        assertThat(q.toFloats()).containsExactly(p.toFloats());
        assertThatThrownBy(() -> second.restore(Map.of()))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("p.first_moment");
      }
    }
  }

  private static AdamW optimiser(Tensor parameter) {
    return new AdamW(runtime, List.of(parameter), List.of("p"), AdamW.Settings.withDecay(0.1));
  }
}
