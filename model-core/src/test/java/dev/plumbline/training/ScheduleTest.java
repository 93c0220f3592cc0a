package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.training.Schedule.Course;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void warmUpIsLinearAndReachesThePeak() {
    Schedule schedule = new Schedule(Course.CONSTANT, 4, 10, 1);
    assertThat(schedule.share(0)).isEqualTo(.25);
    assertThat(schedule.share(2)).isEqualTo(.75);
    assertThat(schedule.share(3)).isEqualTo(1);
    assertThat(schedule.share(9)).isEqualTo(1);
  }

  @Test
  void linearFallsTowardsZeroAndTheLastStepStillLearns() {
    Schedule schedule = new Schedule(Course.LINEAR, 2, 12, 1);
    assertThat(schedule.share(2)).isEqualTo(1);
    assertThat(schedule.share(7)).isEqualTo(.5);
    assertThat(schedule.share(11)).isEqualTo(.1, within(1e-12));
    assertThat(schedule.share(12)).isZero();
  }

  @Test
  void cosineFallsToATenth() {
    Schedule schedule = new Schedule(Course.COSINE, 0, 101, 1);
    assertThat(schedule.share(0)).isEqualTo(1);
    assertThat(schedule.share(50)).isEqualTo(.55, within(1e-12));
    assertThat(schedule.share(100)).isEqualTo(.1, within(1e-12));
  }

  @Test
  void aRunThatIsAllWarmUpIsFine() {
    assertThat(new Schedule(Course.LINEAR, 3, 3, 1).share(2)).isEqualTo(1);
    assertThat(new Schedule(Course.COSINE, 0, 1, 1).share(0)).isEqualTo(1);
  }

  /** Paper appendix A.1: warm-up, then half the rate after every so many samples. */
  @Test
  void halvingHalvesAfterEveryStretchFromTheWarmUpsEnd() {
    Schedule schedule = new Schedule(Course.HALVING, 10, 100, 20);
    assertThat(schedule.share(9)).isEqualTo(1);
    assertThat(schedule.share(29)).isEqualTo(1);
    assertThat(schedule.share(30)).isEqualTo(.5);
    assertThat(schedule.share(49)).isEqualTo(.5);
    assertThat(schedule.share(50)).isEqualTo(.25);
    assertThat(schedule.share(99)).isEqualTo(.0625);
  }
}
