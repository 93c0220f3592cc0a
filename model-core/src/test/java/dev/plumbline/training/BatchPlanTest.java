package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.lm.Randomness;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  private static final int[] LENGTHS = new SplittableRandom(1).ints(1000, 5, 200).toArray();
  private static final List<Integer> ITEMS = IntStream.range(0, 1000).boxed().toList();

  private static BatchPlan<Integer> plan(long seed) {
    return new BatchPlan<>(ITEMS, item -> LENGTHS[item], 32, new Randomness(seed));
  }

  private static List<List<Integer>> pass(long seed, long pass) {
    BatchPlan<Integer> plan = plan(seed);
    return LongStream.range(32 * pass, 32 * (pass + 1)).mapToObj(plan::batch).toList();
  }

  @Test
  void everyItemComesOnceAPass() {
    assertThat(plan(7).batchesPerPass()).isEqualTo(32);
    assertThat(pass(7, 2).stream().flatMap(List::stream).sorted().toList()).isEqualTo(ITEMS);
  }

  @Test
  void thePlanDependsOnSeedAndPassAlone() {
    assertThat(pass(7, 3)).isEqualTo(pass(7, 3)).isNotEqualTo(pass(7, 4)).isNotEqualTo(pass(8, 3));
    BatchPlan<Integer> jumping = plan(7);
    assertThat(jumping.batch(140)).isEqualTo(pass(7, 4).get(12));
    assertThat(jumping.batch(97)).isEqualTo(pass(7, 3).get(1));
  }

  @Test
  void likeLengthsStandTogether() {
    long padded =
        pass(7, 0).stream()
            .mapToLong(
                batch ->
                    (long) batch.size() * batch.stream().mapToInt(i -> LENGTHS[i]).max().orElse(0))
            .sum();
    assertThat(padded).isLessThan((long) (1.15 * IntStream.of(LENGTHS).sum()));
  }
}
