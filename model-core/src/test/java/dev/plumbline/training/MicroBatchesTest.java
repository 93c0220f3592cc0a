package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.torch.Program;
import dev.plumbline.torch.Scope;
import dev.plumbline.torch.TorchException;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicroBatchesTest {
  /** What the tensor library says when memory does not suffice. */
  private static TorchException full(TorchRuntime runtime) {
    Program program =
        Program.compile(
            runtime,
            """
              def allocate(self, n: int) -> Tensor:
                return torch.zeros([n], dtype=6)
            """,
            List.of());
    try (Scope _ = runtime.scope()) {
      // Four exabytes: no machine has them.
      program.call("allocate", 1L << 60);
    } catch (TorchException e) {
      return e;
    }
    throw new AssertionError("so much memory was there");
  }

  @Test
  void partsAreHalvedUntilTheyFitAndTheBatchIsDoneWhole() {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      TorchException full = full(runtime);
      assertThat(full.isOutOfMemory()).as(full.getMessage()).isTrue();
      MicroBatches parts = new MicroBatches(0);
      List<String> done = new ArrayList<>();
      MicroBatches.Part part =
          (from, to) -> {
            if (to - from > 3) {
              done.add("tried");
              throw full;
            }
            done.add(from + "-" + to);
          };
      parts.run(10, part, done::clear);
      assertThat(done).containsExactly("0-3", "3-6", "6-9", "9-10");
      assertThat(parts.takeNews())
          .hasValue(
              "out of memory with 5 of a batch's 10 at once: on with 3 at once, the same batch");
      assertThat(parts.takeNews()).isEmpty();
      done.clear();
      parts.run(4, part, done::clear);
      assertThat(done).containsExactly("0-3", "3-4");
    }
  }

  @Test
  void whatOneItemCannotFitOrWhatIsNoMatterOfMemoryFails() {
    try (TorchRuntime runtime = TorchRuntime.start(1)) {
      TorchException full = full(runtime);
      assertThatThrownBy(
              () ->
                  new MicroBatches(0)
                      .run(
                          4,
                          (from, to) -> {
                            throw full;
                          },
                          () -> {}))
          .isSameAs(full);
      Program program =
          Program.compile(
              runtime,
              """
                def wrong(self, a: Tensor) -> Tensor:
                  return torch.linear(a, torch.zeros([2, 3]))
              """,
              List.of());
      try (Scope _ = runtime.scope()) {
        assertThatThrownBy(
                () ->
                    new MicroBatches(0)
                        .run(
                            4,
                            (from, to) -> program.call("wrong", runtime.floats(new float[2], 1, 2)),
                            () -> {}))
            .isInstanceOf(TorchException.class)
            .satisfies(e -> assertThat(((TorchException) e).isOutOfMemory()).isFalse());
      }
    }
  }
}
