package dev.plumbline.labelling;

import dev.plumbline.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/**
 * In which order and on which sides an annotator sees a batch. A function of the batch's seed and
 * the annotator's name alone: it is the same after every start and on every machine, and two
 * annotators have different orders, so that neither position nor tiredness falls on the same items.
 */
public final class LabelOrder {
  /**
   * Sides are dealt in blocks of so many, each half and half: over any number of items the left has
   * the first candidate at most half a block more often than the right, and nobody can count on it.
   */
  private static final int BLOCK = 20;

  /** Repeats come at least so many places after the first showing, where the batch is that long. */
  private static final int APART = 20;

  private LabelOrder() {}

  /** The places of one annotator. */
  public static List<Slot> of(BatchSettings settings, List<LabelItem> items, String annotator) {
    Random random = random(settings.seed(), annotator);
    List<LabelItem> order = new ArrayList<>(items);
    Collections.shuffle(order, random);
    List<Showing> showings = new ArrayList<>();
    order.forEach(item -> showings.add(new Showing(item, false)));
    insertRepeats(showings, (int) Math.round(settings.repeats() * items.size()), random);
    return slots(showings, random);
  }

  private record Showing(LabelItem item, boolean again) {}

  /** Each repeat goes to a random place among those far enough behind its first showing. */
  private static void insertRepeats(List<Showing> showings, int repeats, Random random) {
    int apart = Math.min(APART, showings.size() / 2);
    List<LabelItem> candidates = new ArrayList<>();
    for (int i = 0; i < showings.size() - apart; i++) {
      candidates.add(showings.get(i).item());
    }
    Collections.shuffle(candidates, random);
    for (LabelItem item : candidates.subList(0, Math.min(repeats, candidates.size()))) {
      int first = 0;
      while (!showings.get(first).item().equals(item)) {
        first++;
      }
      int from = Math.min(showings.size(), first + 1 + apart);
      showings.add(from + random.nextInt(showings.size() - from + 1), new Showing(item, true));
    }
  }

  private static List<Slot> slots(List<Showing> showings, Random random) {
    List<Boolean> sides = new ArrayList<>();
    while (sides.size() < showings.size()) {
      List<Boolean> block = new ArrayList<>(Collections.nCopies(BLOCK / 2, true));
      block.addAll(Collections.nCopies(BLOCK / 2, false));
      Collections.shuffle(block, random);
      sides.addAll(block);
    }
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < showings.size(); i++) {
      Showing showing = showings.get(i);
      OptionalInt repeatOf = OptionalInt.empty();
      for (int j = 0; showing.again() && j < i; j++) {
        if (showings.get(j).item().equals(showing.item())) {
          repeatOf = OptionalInt.of(j);
          break;
        }
      }
      slots.add(new Slot(i, showing.item(), sides.get(i), repeatOf));
    }
    return List.copyOf(slots);
  }

  /** Java's own generator: its numbers are the same on every platform by its specification. */
  private static Random random(long seed, String annotator) {
    byte[] key = (seed + "/" + annotator).getBytes(StandardCharsets.UTF_8);
    return new Random(HexFormat.fromHexDigitsToLong(Sha256.of(key), 0, 16));
  }
}
