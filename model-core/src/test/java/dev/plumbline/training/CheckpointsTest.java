package dev.plumbline.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path run;

  private static Checkpoints.State state(long step) {
    return new Checkpoints.State(
        "Ppo",
        step,
        true,
        64 * step,
        0,
        0.1,
        7,
        "hash",
        Map.of("lambda_kl", 0.1),
        Map.of("loss_0", 0.6));
  }

  @Test
  void aCheckpointComesBackAsItWasWritten() {
    Checkpoints checkpoints = new Checkpoints(run);
    Path place =
        checkpoints.write(state(40), to -> Files.writeString(to.resolve("weights"), "abc"));
    assertThat(Checkpoints.read(place)).isEqualTo(state(40));
    assertThat(place.resolve("weights")).hasContent("abc");
    checkpoints.write(state(40), to -> Files.writeString(to.resolve("weights"), "new"));
    assertThat(place.resolve("weights")).hasContent("new");
    assertThat(checkpoints.steps()).containsExactly(40L);
  }

  @Test
  void aWriteThatFailsLeavesNothingAndSaysWhy() {
    Checkpoints checkpoints = new Checkpoints(run);
    checkpoints.write(state(1), to -> Files.writeString(to.resolve("weights"), "abc"));
    assertThatThrownBy(
            () ->
                checkpoints.write(
                    state(2),
                    to -> {
                      Files.writeString(to.resolve("weights"), "half");
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("make room");
    assertThat(run.resolve("checkpoints")).isDirectoryNotContaining("glob:**.tmp");
    assertThat(checkpoints.steps()).containsExactly(1L);
  }

  @Test
  void halfWrittenCheckpointsAreNeverSeenAndCleanedUp() throws IOException {
    Path half = Files.createDirectories(run.resolve("checkpoints/20.tmp/model"));
    Files.writeString(half.resolve("config.json"), "{");
    Checkpoints checkpoints = new Checkpoints(run);
    assertThat(checkpoints.steps()).isEmpty();
    assertThat(checkpoints.last()).isEmpty();
    checkpoints.removeLeftovers();
    assertThat(run.resolve("checkpoints")).isEmptyDirectory();
  }

  @Test
  void aKillBetweenPushingAsideAndTakingThePlaceLosesNothing() throws IOException {
    Checkpoints checkpoints = new Checkpoints(run);
    Path place =
        checkpoints.write(state(40), to -> Files.writeString(to.resolve("weights"), "abc"));
    Files.move(place, place.resolveSibling("40.old.tmp"));
    Files.createDirectories(place.resolveSibling("40.tmp"));
    checkpoints.removeLeftovers();
    assertThat(checkpoints.steps()).containsExactly(40L);
    assertThat(place.resolve("weights")).hasContent("abc");
    assertThat(run.resolve("checkpoints")).isDirectoryNotContaining("glob:**.tmp");

    Files.move(place, place.resolveSibling("40.old.tmp"));
    assertThatThrownBy(
            () ->
                checkpoints.write(
                    state(40),
                    to -> {
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(UserError.class);
    assertThat(place.resolve("weights")).hasContent("abc");
  }

  @Test
  void whatIsKeptSpansTheRun() {
    List<Long> steps = LongStream.rangeClosed(1, 25).map(i -> 10 * i).boxed().toList();
    List<Long> surplus = Checkpoints.surplus(steps, 24);
    assertThat(surplus).hasSize(1).doesNotContain(10L, 240L, 250L);
    assertThat(Checkpoints.surplus(List.of(1L, 2L, 3L, 100L, 200L, 300L), 5)).containsExactly(2L);
    assertThat(Checkpoints.surplus(List.of(1L, 2L, 3L), 1)).isEmpty();
  }

  @Test
  void somethingElseIsNoCheckpoint() {
    assertThatThrownBy(() -> Checkpoints.read(run))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is no checkpoint");
  }
}
