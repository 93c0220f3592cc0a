package dev.plumbline.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LabelOrderTest {
  private static final List<LabelItem> ITEMS = LabelFixture.items(1000);
  private static final BatchSettings SETTINGS =
      BatchSettings.paper("order", LabelMode.HELPFUL, 7).withRepeats(0.1);

  @Test
  void sidesAreBalancedForEveryAnnotator() {
    for (int i = 0; i < 20; i++) {
      List<Slot> order = LabelOrder.of(SETTINGS, ITEMS, "annotator " + i);
      long left = order.stream().filter(Slot::firstLeft).count();
      assertThat((double) left / order.size()).isBetween(0.47, 0.53);
      // Not by taking turns: a run of equal sides of five places must come up among a thousand
      // (with fair coins the chance of none is below 1e-6).
      int run = 0;
      int longest = 0;
      for (int place = 1; place < order.size(); place++) {
        run = order.get(place).firstLeft() == order.get(place - 1).firstLeft() ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
      assertThat(longest).isGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void theOrderIsTheAnnotatorsOwnAndTheSameEveryTime() {
    List<Slot> mine = LabelOrder.of(SETTINGS, ITEMS, "mk");
    assertThat(LabelOrder.of(SETTINGS, ITEMS, "mk")).isEqualTo(mine);
    List<Slot> other = LabelOrder.of(SETTINGS, ITEMS, "jo");
    long alike = 0;
    for (int i = 0; i < other.size(); i++) {
      alike += other.get(i).item().equals(mine.get(i).item()) ? 1 : 0;
    }
    assertThat(alike).isLessThan(20);
  }

  @Test
  void everyPairComesOnceAndTheRepeatsLongAfterwards() {
    List<Slot> order = LabelOrder.of(SETTINGS, ITEMS, "mk");
    assertThat(order).hasSize(1100);
    Set<String> seen = new HashSet<>();
    int repeats = 0;
    for (Slot slot : order) {
      assertThat(slot.repeatOf().isPresent()).isEqualTo(!seen.add(slot.item().id()));
      if (slot.repeatOf().isPresent()) {
        repeats++;
        assertThat(slot.index() - slot.repeatOf().getAsInt()).isGreaterThan(20);
        assertThat(order.get(slot.repeatOf().getAsInt()).item()).isEqualTo(slot.item());
      }
    }
    assertThat(seen).hasSize(1000);
    assertThat(repeats).isEqualTo(100);
  }

  @Test
  void aBatchOfOnePairHasNoRoomForRepeats() {
    assertThat(LabelOrder.of(SETTINGS.withRepeats(0.5), ITEMS.subList(0, 1), "mk")).isNotEmpty();
  }
}
