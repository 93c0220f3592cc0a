package dev.plumbline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.analysis.WorkerLedger.Audit;
import dev.plumbline.analysis.WorkerLedger.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WorkerLedgerTest {
  private static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    add(entries, "bo", 1, Audit.DISAGREED);
    add(entries, "ann", 3, Audit.AGREED);
    add(entries, "ann", 1, Audit.DISAGREED);
    add(entries, "ann", 1, Audit.NONE);
    add(entries, "bo", 2, Audit.AGREED);
    add(entries, "cy", 1, Audit.NONE);
    add(entries, "di", 1, Audit.DISAGREED);
    return entries;
  }

  private static void add(List<Entry> entries, String worker, int count, Audit audit) {
    entries.addAll(Collections.nCopies(count, new Entry(worker, audit)));
  }

  private static WorkerLedger ledger(List<Entry> entries) {
    return WorkerLedger.of(entries, 0.95, 500, 3);
  }

  @Test
  void sharesAddUpFromTheMostProlificOn() {
    WorkerLedger ledger = ledger(entries());
    assertThat(ledger.comparisons()).isEqualTo(10);
    assertThat(ledger.workers())
        .extracting(WorkerLedger.Worker::name)
        .containsExactly("ann", "bo", "cy", "di");
    assertThat(ledger.workers())
        .extracting(WorkerLedger.Worker::comparisons)
        .containsExactly(5L, 3L, 1L, 1L);
    assertThat(ledger.workers())
        .extracting(WorkerLedger.Worker::cumulative)
        .containsExactly(0.5, 0.8, 0.9, 1.0);
    assertThat(ledger.shareOfTop(0)).isZero();
    assertThat(ledger.shareOfTop(2)).isEqualTo(0.8);
    assertThat(ledger.shareOfTop(20)).isEqualTo(1);
    assertThat(ledger.workersFor(0.8)).isEqualTo(2);
    assertThat(ledger.workersFor(0.81)).isEqualTo(3);
    assertThat(ledger.workersFor(1)).isEqualTo(4);
    // All 16 ordered pairs of 5, 3, 1, 1: differences 2 (2 + 4 + 4 + 2 + 2 + 0) = 28, mean 28/16;
    // over twice the mean 2.5: 1.75 / 5.
    assertThat(ledger.gini()).isCloseTo(0.35, within(1e-12));
  }

  @Test
  void agreementIsOfWhatWasAudited() {
    WorkerLedger ledger = ledger(entries());
    // 3 of 4, 2 of 3, none, 0 of 1: 5 of 8. Wilson (1927): centre (p + z^2/2n) / (1 + z^2/n).
    Proportion all = ledger.agreement().orElseThrow();
    assertThat(all.successes()).isEqualTo(5);
    assertThat(all.n()).isEqualTo(8);
    assertThat(all.interval().low()).isCloseTo(0.305742, within(1e-6));
    assertThat(all.interval().high()).isCloseTo(0.863156, within(1e-6));
    Proportion ann = ledger.workers().getFirst().agreement().orElseThrow();
    assertThat(ann.value()).isEqualTo(0.75);
    assertThat(ann.interval().low()).isCloseTo(0.300642, within(1e-6));
    assertThat(ann.interval().high()).isCloseTo(0.954413, within(1e-6));
    assertThat(ledger.workers().get(2).agreement()).isEmpty();
    GroupBootstrap.Estimate over = ledger.overWorkers().orElseThrow();
    assertThat(over.value()).isCloseTo(0.625, within(1e-12));
    assertThat(over.groups()).isEqualTo(3);
  }

  @Test
  void theOrderOfComparisonsChangesNothing() {
    List<Entry> shuffled = entries();
    Collections.shuffle(shuffled, new Random(5));
    assertThat(ledger(shuffled)).isEqualTo(ledger(entries()));
  }

  @Test
  void withoutAuditsOrVariationThereIsNoIntervalOverWorkers() {
    List<Entry> none = new ArrayList<>();
    add(none, "ann", 4, Audit.NONE);
    assertThat(ledger(none).agreement()).isEmpty();
    assertThat(ledger(none).overWorkers()).isEmpty();
    assertThat(ledger(none).gini()).isCloseTo(0, within(1e-12));
    add(none, "ann", 2, Audit.AGREED);
    add(none, "bo", 2, Audit.AGREED);
    assertThat(ledger(none).agreement().orElseThrow().value()).isEqualTo(1);
    assertThat(ledger(none).overWorkers()).isEmpty();
    assertThatThrownBy(() -> ledger(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
