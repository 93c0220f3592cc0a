package dev.plumbline.labelling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.labelling.LabellingSession.Draft;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabellingSessionTest {
  @TempDir Path directory;

  private Instant now = Instant.parse("2026-11-23T10:00:00Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private LabelBatch batch;

  @BeforeEach
  void make() {
    batch =
        LabelBatch.create(
            directory,
            BatchSettings.paper("six", LabelMode.HELPFUL, 1).withRepeats(0),
            LabelFixture.items(6));
  }

  private void after(int seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }

  private static Draft prefer(boolean first, int level) {
    return Draft.of(Judgement.prefer(first, level));
  }

  @Test
  void aSessionGoesOnWhereTheLastOneStopped() {
    try (LabellingSession session = LabellingSession.open(batch, "mk", clock)) {
      session.answer(prefer(true, 2));
      session.answer(prefer(false, 3));
      assertThat(session.current().index()).isEqualTo(2);
    }
    try (LabellingSession session = LabellingSession.open(batch, "mk", clock)) {
      assertThat(session.current().index()).isEqualTo(2);
      assertThat(session.answered()).isEqualTo(2);
      assertThat(session.undo()).isTrue(); // of the session before
      assertThat(session.current().index()).isEqualTo(1);
      assertThat(session.answer()).isEmpty();
    }
    assertThat(batch.labels().labels()).hasSize(1);
  }

  /** Whatever is answered, revisited and taken back: what stands is what a plain list says. */
  @Test
  void undoGoesBackThroughEverythingThatWasSaid() {
    Random random = new Random(3);
    List<List<String>> states = new ArrayList<>();
    try (LabellingSession session = LabellingSession.open(batch, "mk", clock)) {
      for (int i = 0; i < 40; i++) {
        states.add(standing());
        session.go(random.nextInt(6));
        after(1);
        session.answer(prefer(random.nextBoolean(), 1 + random.nextInt(4)));
      }
      for (int i = 39; i >= 0; i--) {
        assertThat(session.canUndo()).isTrue();
        after(1);
        session.undo();
        assertThat(standing()).isEqualTo(states.get(i));
      }
      assertThat(session.undo()).isFalse();
    }
  }

  private List<String> standing() {
    return batch.labels().labels().stream()
        .map(label -> label.answer().slot() + " " + label.judgement())
        .sorted()
        .toList();
  }

  @Test
  void pausesDoNotCountAsWork() {
    try (LabellingSession session = LabellingSession.open(batch, "mk", clock)) {
      after(10);
      session.sign();
      after(3600); // lunch: 45 s of it count
      session.sign();
      after(5);
      session.answer(prefer(true, 2));
      after(7);
      session.answer(prefer(true, 2));
    }
    assertThat(batch.labels().labels())
        .extracting(label -> label.answer().seconds())
        .containsExactly(60.0, 7.0);
  }

  @Test
  void skippedPairsComeAgainAtTheEnd() {
    try (LabellingSession session = LabellingSession.open(batch, "mk", clock)) {
      session.answer(Draft.of(Judgement.of(Outcome.SKIPPED)));
      for (int i = 1; i < 6; i++) {
        assertThat(session.current().index()).isEqualTo(i);
        session.answer(prefer(true, 2));
      }
      assertThat(session.current().index()).isZero();
      assertThat(session.complete()).isFalse();
      after(1);
      session.answer(prefer(true, 2));
      assertThat(session.complete()).isTrue();
    }
  }

  @Test
  void aStrengthThatTheBatchDoesNotHaveIsRefused() {
    try (LabellingSession session = LabellingSession.open(batch, "mk", clock)) {
      assertThatThrownBy(() -> session.answer(prefer(true, 5)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(session.answered()).isZero();
    }
    assertThat(batch.labels().labels()).isEmpty();
  }
}
