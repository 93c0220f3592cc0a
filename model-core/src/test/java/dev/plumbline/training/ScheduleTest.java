package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.training.Schedule.Course;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void warmUpIsLinearAndReachesThePeak() {
    Schedule schedule = new Schedule(Course.CONSTANT, 4, 10);
    assertThat(schedule.share(0)).isEqualTo(.25);
    assertThat(schedule.share(2)).isEqualTo(.75);
    assertThat(schedule.share(3)).isEqualTo(1);
    assertThat(schedule.share(9)).isEqualTo(1);
  }

  @Test
  void linearFallsTowardsZeroAndTheLastStepStillLearns() {
    Schedule schedule = new Schedule(Course.LINEAR_TO_ZERO, 2, 12);
    assertThat(schedule.share(2)).isEqualTo(1);
    assertThat(schedule.share(7)).isEqualTo(.5);
    assertThat(schedule.share(11)).isEqualTo(.1, within(1e-12));
    assertThat(schedule.share(12)).isZero();
  }

  @Test
  void cosineFallsToATenth() {
    Schedule schedule = new Schedule(Course.COSINE_TO_TENTH, 0, 101);
    assertThat(schedule.share(0)).isEqualTo(1);
    assertThat(schedule.share(50)).isEqualTo(.55, within(1e-12));
    assertThat(schedule.share(100)).isEqualTo(.1, within(1e-12));
  }

  @Test
  void aRunThatIsAllWarmUpIsFine() {
    assertThat(new Schedule(Course.LINEAR_TO_ZERO, 3, 3).share(2)).isEqualTo(1);
    assertThat(new Schedule(Course.COSINE_TO_TENTH, 0, 1).share(0)).isEqualTo(1);
  }
}
