package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.QueueBook;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.training.RunState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue's record: what people change of it, and what it foretells. */
final class WorkQueueTest {
  @TempDir private Path folder;

  private static WorkQueue.Request run(String id) {
    return new WorkQueue.Request(QueueEntry.Kind.RUN, id, "title of " + id, "auto", 0);
  }

  private static QueueEntry.State state(WorkQueue queue, long number) {
    return queue.entry(number).orElseThrow().state();
  }

  @Test
  void itOutlivesItsProcessAndIsSharedBesideAnOpenWorkspace() {
    List<Long> numbers;
    try (Workspace held = Workspace.open(folder);
        WorkQueue queue = WorkQueue.open(folder)) {
      assertThat(held.queue().lines()).isEmpty();
      numbers = queue.add(List.of(run("a"), run("b")));
      held.ingest();
      assertThat(held.queue().lines())
          .extracting(line -> line.entry().target())
          .containsExactly("a", "b");
      queue.setPaused(true);
      queue.setAtATime(2);
    }
    try (WorkQueue again = WorkQueue.open(folder)) {
      assertThat(again.order()).isEqualTo(numbers);
      assertThat(again.terms()).isEqualTo(new QueueBook.Terms(true, 2));
    }
  }

  @Test
  void anEntryIsMovedAmongThoseThatWaitAndTheOrderBeforeComesBack() {
    try (WorkQueue queue = WorkQueue.open(folder)) {
      List<Long> n = queue.add(List.of(run("a"), run("b"), run("c"), run("d")));
      assertThat(queue.begin(n.get(0))).isTrue();
      assertThat(queue.begin(n.get(0))).as("it does not wait any more").isFalse();
      List<Long> before = queue.move(n.get(3), 1);
      assertThat(queue.order()).containsExactly(n.get(0), n.get(3), n.get(1), n.get(2));
      assertThat(queue.move(n.get(3), 99)).hasSize(4);
      assertThat(queue.order()).containsExactly(n.get(0), n.get(1), n.get(2), n.get(3));
      queue.move(n.get(2), 1);
      queue.reorder(before);
      assertThat(queue.order()).isEqualTo(n);
      assertThatThrownBy(() -> queue.move(n.get(0), 2))
          .isInstanceOf(UserError.class)
          .hasMessage("title of a is running; only entries that wait can be moved");
      assertThatThrownBy(() -> queue.move(77, 1)).hasMessageContaining("no entry 77");
    }
  }

  @Test
  void whatWaitsIsTakenOutAtOnceAndWhatIsAtWorkIsOnlyAskedTo() {
    try (WorkQueue queue = WorkQueue.open(folder)) {
      List<Long> n = queue.add(List.of(run("a"), run("b")));
      queue.begin(n.get(0));
      queue.cancel(n.get(0));
      queue.cancel(n.get(1));
      assertThat(queue.entry(n.get(0)).orElseThrow().wish()).isEqualTo(QueueEntry.Wish.CANCEL);
      assertThat(state(queue, n.get(0))).isEqualTo(QueueEntry.State.RUNNING);
      assertThat(state(queue, n.get(1))).isEqualTo(QueueEntry.State.CANCELLED);
      assertThatThrownBy(() -> queue.cancel(n.get(1)))
          .hasMessage("title of b is cancelled already");
      queue.resume(n.get(1)); // undone
      queue.resume(n.get(0));
      assertThat(state(queue, n.get(1))).isEqualTo(QueueEntry.State.WAITING);
      assertThat(queue.entry(n.get(0)).orElseThrow().wish()).isEqualTo(QueueEntry.Wish.NONE);
      queue.pause(n.get(1));
      assertThat(state(queue, n.get(1))).isEqualTo(QueueEntry.State.PAUSED);
      assertThatThrownBy(() -> queue.add(List.of(run("c"), run("a"))))
          .hasMessage("title of a is in the queue already");
      assertThat(queue.order()).as("nothing of it was added").hasSize(2);
      queue.enter(n.get(0), QueueEntry.State.FINISHED, "");
      assertThatThrownBy(() -> queue.resume(n.get(0))).hasMessageContaining("finished already");
      assertThat(queue.clear()).containsExactly(n.get(0));
      assertThat(queue.order()).containsExactly(n.get(1));
      queue.unclear(List.of(n.get(0)));
      assertThat(queue.order()).hasSize(2);
    }
  }

  private static QueueLine line(QueueEntry.State state, double seconds) {
    return new QueueLine(
        new QueueEntry(
            1,
            QueueEntry.Kind.RUN,
            "r",
            "r",
            state,
            QueueEntry.Wish.NONE,
            "auto",
            0,
            Instant.EPOCH,
            null,
            null,
            ""),
        0,
        0,
        Double.NaN,
        seconds,
        Double.NaN);
  }

  @Test
  void timesAreThoseOfAListWorkedThroughInItsOrder() {
    // One at a time: 10 are left of the first; 20 and 30 stand behind it, the paused one does not.
    List<QueueLine> lines =
        List.of(
            line(QueueEntry.State.FINISHED, Double.NaN),
            line(QueueEntry.State.RUNNING, 10),
            line(QueueEntry.State.WAITING, 20),
            line(QueueEntry.State.PAUSED, 500),
            line(QueueEntry.State.WAITING, 30));
    QueueBook.Terms one = QueueBook.Terms.STANDARD;
    QueueSheet sheet = QueueSheet.forecast(one, true, lines, 1);
    assertThat(sheet.lines())
        .extracting(QueueLine::endsIn)
        .containsExactly(Double.NaN, 10.0, 30.0, Double.NaN, 60.0);
    assertThat(sheet.secondsLeft()).isEqualTo(60);
    assertThat(sheet.open()).isEqualTo(3);
    // Two at a time: the second begins at once and ends at 20, the last begins when the first ends.
    assertThat(QueueSheet.forecast(one, true, lines, 2).lines())
        .extracting(QueueLine::endsIn)
        .containsExactly(Double.NaN, 10.0, 20.0, Double.NaN, 40.0);
    // Paused, what is at work goes on and nothing else has an end.
    assertThat(QueueSheet.forecast(new QueueBook.Terms(true, 1), true, lines, 1).secondsLeft())
        .isEqualTo(10);
    // Behind what nobody knows the length of nothing is known; on another place it is.
    List<QueueLine> unknown =
        List.of(line(QueueEntry.State.RUNNING, Double.NaN), line(QueueEntry.State.WAITING, 5));
    assertThat(QueueSheet.forecast(one, true, unknown, 1).unknown()).isEqualTo(2);
    assertThat(QueueSheet.forecast(one, true, unknown, 2).secondsLeft()).isEqualTo(5);
    assertThat(QueueSheet.forecast(one, false, unknown, 2).isStalled()).isTrue();
  }

  @Test
  void aRunThatWaitsIsExpectedToTakeWhatFinishedOnesOfItsStageTook() {
    for (int i = 0; i < 3; i++) {
      RunFixture.run(
          folder,
          "done-" + i,
          List.of(
              new JournalEvent.State(RunState.RUNNING, 0, ""),
              new JournalEvent.Metrics(10, 0, 0, 100.0 * (i + 1), Map.of("loss", 1.0)),
              new JournalEvent.State(RunState.FINISHED, 10, "")));
    }
    RunFixture.run(folder, "next", List.of());
    RunFixture.run(
        folder,
        "half",
        List.of(
            new JournalEvent.State(RunState.RUNNING, 0, ""),
            new JournalEvent.Progress(5, 10, Double.NaN, ""),
            new JournalEvent.State(RunState.STOPPED, 5, "")));
    try (Workspace workspace = Workspace.open(folder);
        WorkQueue queue = WorkQueue.open(folder)) {
      workspace.ingest();
      queue.add(List.of(run("next"), run("half")));
      List<QueueLine> lines = workspace.queue().lines();
      assertThat(lines.get(0).secondsLeft()).as("the median of 100, 200, 300").isEqualTo(200);
      assertThat(lines.get(1).secondsLeft()).as("half of it is done").isEqualTo(100, within(1e-9));
      assertThat(lines.get(1).endsIn()).isEqualTo(300, within(1e-9));
      assertThat(lines.get(1).fraction()).isEqualTo(0.5);
    }
  }
}
