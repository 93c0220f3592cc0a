package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Splits by conversation (paper section 2.3): items with the same key fall on the same side, so
 * that no held-out comparison has a sister in training. Which conversations are held out depends on
 * the seed and their keys alone, not on their order in the file.
 */
public final class ConversationSplit {
  private ConversationSplit() {}

  /**
   * The two sides, each in the order of the input.
   *
   * @param train what is left
   * @param heldOut about {@code fraction} of the items
   */
  public record Split<T>(List<T> train, List<T> heldOut) {}

  /** Splits comparisons by {@link Comparison#conversationKey()}. */
  public static Split<Comparison> split(List<Comparison> items, double fraction, long seed) {
    return split(items, Comparison::conversationKey, fraction, seed);
  }

  /**
   * Holds out whole conversations, in the order of a hash of seed and key, until at least {@code
   * fraction} of the items are held out.
   *
   * @throws UserError where fraction is not in [0, 1)
   */
  public static <T> Split<T> split(
      List<T> items, Function<? super T, String> key, double fraction, long seed) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new UserError("a held-out fraction is from 0 to below 1, not " + fraction);
    }
    List<String> keys = new ArrayList<>(items.size());
    Map<String, Integer> sizes = new HashMap<>();
    for (T item : items) {
      String name = key.apply(item);
      keys.add(name);
      sizes.merge(name, 1, Integer::sum);
    }
    Map<String, String> hashes = new HashMap<>();
    for (String name : sizes.keySet()) {
      hashes.put(name, Sha256.of((seed + "\n" + name).getBytes(StandardCharsets.UTF_8)));
    }
    List<String> order = new ArrayList<>(sizes.keySet());
    order.sort(Comparator.comparing(name -> hashes.getOrDefault(name, "")));
    Set<String> out = new HashSet<>();
    double wanted = fraction * items.size();
    int held = 0;
    for (String name : order) {
      if (held >= wanted) {
        break;
      }
      out.add(name);
      held += sizes.getOrDefault(name, 0);
    }
    List<T> train = new ArrayList<>();
    List<T> heldOut = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      (out.contains(keys.get(i)) ? heldOut : train).add(items.get(i));
    }
    return new Split<>(List.copyOf(train), List.copyOf(heldOut));
  }
}
