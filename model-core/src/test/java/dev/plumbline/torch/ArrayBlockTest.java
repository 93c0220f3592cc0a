package dev.plumbline.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What is compared in speed computes the same. */
final class ArrayBlockTest {
  @Test
  void arrays_and_program_agree_and_nothing_is_left_behind() {
    try (TorchRuntime runtime = TorchRuntime.start(1);
        ArrayBlock block = new ArrayBlock(runtime, 7, 32, 4, 48)) {
      int live = runtime.liveTensors();
      try (Scope _ = runtime.scope()) {
        float[] arrays = block.byArrays().toFloats();
        float[] program = block.byProgram().toFloats();
        assertThat(arrays).hasSize(7 * 32);
        for (int i = 0; i < arrays.length; i++) {
          assertThat((double) arrays[i]).isCloseTo(program[i], within(1e-5));
        }
      }
      // The input's copy, 2 norms of 6, 4 + 3 projections, 3 splits into heads and 1 back of 2,
      // 2 rotations of 6, 3 for scores, softmax and its product, 3 for the gate, 2 additions.
      assertThat(block.operations()).isEqualTo(1 + 12 + 7 + 8 + 12 + 4 + 2 + 3 + 2);
      assertThat(runtime.liveTensors()).isEqualTo(live);
    }
  }
}
