package dev.plumbline.labelling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pairs, answers and a clock that ticks by the second. */
final class LabelFixture {
  private LabelFixture() {}

  static List<LabelItem> items(int count) {
    List<LabelItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          LabelItem.of(
              "\n\nHuman: question " + i + "\n\nAssistant:",
              new Candidate(" one " + i, "old@1"),
              new Candidate(" two " + i, "new@2"),
              Map.of("tranche", i % 4 == 0 ? "a" : "b")));
    }
    return items;
  }

  static Clock clock() {
    Instant start = Instant.parse("2026-11-23T10:00:00Z");
    long[] ticks = {0};
    InstantSource source = () -> start.plus(Duration.ofSeconds(ticks[0]++));
    return source.withZone(ZoneOffset.UTC);
  }

  static LabelEvent.Answered answer(Slot slot, Judgement judgement) {
    return new LabelEvent.Answered(
        slot.index(),
        slot.item().id(),
        slot.firstLeft(),
        List.of(judgement),
        List.of(),
        3.5,
        1,
        true,
        Optional.empty());
  }
}
