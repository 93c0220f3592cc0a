package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  private static final int[] LENGTHS = new SplittableRandom(1).ints(1000, 5, 200).toArray();

  @Test
  void everyItemComesOnceAPass() {
    int[][] plan = BatchPlan.of(LENGTHS, 32, new Randomness(7), 0);
    assertThat(plan).hasNumberOfRows(32);
    assertThat(Arrays.stream(plan).flatMapToInt(IntStream::of).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
  }

  @Test
  void thePlanDependsOnSeedAndPassAlone() {
    int[][] plan = BatchPlan.of(LENGTHS, 32, new Randomness(7), 3);
    assertThat(BatchPlan.of(LENGTHS, 32, new Randomness(7), 3)).isDeepEqualTo(plan);
    assertThat(Arrays.deepEquals(BatchPlan.of(LENGTHS, 32, new Randomness(7), 4), plan)).isFalse();
    assertThat(Arrays.deepEquals(BatchPlan.of(LENGTHS, 32, new Randomness(8), 3), plan)).isFalse();
  }

  @Test
  void likeLengthsStandTogether() {
    int[][] plan = BatchPlan.of(LENGTHS, 32, new Randomness(7), 0);
    long padded =
        Arrays.stream(plan)
            .mapToLong(
                batch ->
                    (long) batch.length * IntStream.of(batch).map(i -> LENGTHS[i]).max().orElse(0))
            .sum();
    assertThat(padded).isLessThan((long) (1.15 * IntStream.of(LENGTHS).sum()));
  }
}
