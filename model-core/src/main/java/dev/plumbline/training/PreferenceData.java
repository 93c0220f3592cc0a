package dev.plumbline.training;

import dev.plumbline.data.ComparisonFile;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.ConversationSplit;
import dev.plumbline.data.Leakage;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.Randomness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The comparisons of a preference stage: read, halved, split by conversation, looked over for
 * leakage, and drawn as the mixture says. All of it depends on the settings, the files and the seed
 * alone.
 *
 * @param training comparisons that are trained on, in the order of files and lines
 * @param heldOut comparisons that are measured on, in the order of files and lines
 * @param leakage what the held-out ones have in common with those of training
 * @param notices what people are to know, a line each
 */
record PreferenceData(
    List<Item> training, List<Item> heldOut, Leakage leakage, List<String> notices) {
  private static final String TRANCHE = "tranche";

  /**
   * A comparison and what it is for.
   *
   * @param part the name of its part
   * @param tranche its tranche, empty where none is known
   * @param objective what is learned from it
   * @param weight of its loss
   */
  record Item(
      Comparison comparison,
      String part,
      String tranche,
      PreferenceObjective objective,
      double weight) {
    String conversation() {
      return comparison.conversationKey();
    }
  }

  /**
   * Reads the data of a stage.
   *
   * @throws UserError where a file cannot be used, a part holds too little or nothing, or the sides
   *     have conversations in common and the settings do not allow it
   */
  static PreferenceData read(PreferenceSettings settings, long runSeed) {
    List<Item> pool = new ArrayList<>();
    List<String> notices = new ArrayList<>();
    for (PreferenceSettings.Part part : settings.data()) {
      pool.addAll(
          items(
              part.name(),
              part.files(),
              part.tranche(),
              part.objective(),
              part.lossWeight(),
              notices));
    }
    List<Item> held = heldOut(settings.heldOut(), notices);
    long seed = Objects.requireNonNullElse(settings.split().seed(), runSeed);
    List<Item> train = half(pool, settings.split().half(), seed);
    if (settings.heldOut().isEmpty()) {
      ConversationSplit.Split<Item> split =
          ConversationSplit.split(train, Item::conversation, settings.heldOutFraction(), seed);
      train = split.train();
      held = split.heldOut();
    }
    Leakage leakage = leakage(train, held);
    if (!leakage.isNone()) {
      switch (settings.onLeakage()) {
        case WARN -> notices.add(leakage.describe());
        case STOP ->
            throw new UserError(
                leakage.describe()
                    + "; hold out other files, or set on_leakage: remove to train without them");
        case REMOVE -> {
          int before = train.size();
          train = without(train, held);
          notices.add(
              "%s; %,d comparisons are left out of training for it"
                  .formatted(leakage.describe(), before - train.size()));
        }
      }
    }
    List<Item> drawn = draw(settings, train, new Randomness(runSeed));
    if (drawn.isEmpty()) {
      throw new UserError("the preference data hold no comparisons; name other files under data");
    }
    return new PreferenceData(
        List.copyOf(drawn), List.copyOf(held), leakage(drawn, held), List.copyOf(notices));
  }

  /**
   * Reads held-out parts.
   *
   * @param notices takes what people are to know
   * @throws UserError where a file cannot be used or a part holds none of its tranche
   */
  static List<Item> heldOut(List<PreferenceSettings.HeldOut> parts, List<String> notices) {
    List<Item> held = new ArrayList<>();
    for (PreferenceSettings.HeldOut part : parts) {
      held.addAll(items(part.name(), part.files(), part.tranche(), part.objective(), 1, notices));
    }
    return held;
  }

  private static Leakage leakage(List<Item> train, List<Item> held) {
    return Leakage.between(
        train.stream().map(Item::comparison).toList(),
        held.stream().map(Item::comparison).toList());
  }

  private static List<Item> items(
      String part,
      List<String> files,
      @Nullable String tranche,
      PreferenceObjective objective,
      double weight,
      List<String> notices) {
    List<Item> items = new ArrayList<>();
    for (String name : files) {
      ComparisonFile file = ComparisonReader.read(Path.of(name));
      file.report().requireClean();
      if (file.report().unequalPrompts() > 0) {
        notices.add(
            "%s: %,d comparisons with unequal prompts are left out"
                .formatted(name, file.report().unequalPrompts()));
      }
      for (Comparison comparison : file.comparisons()) {
        String own = comparison.attributes().get(TRANCHE);
        if (tranche == null || own == null || own.equals(tranche)) {
          String called = own != null ? own : Objects.requireNonNullElse(tranche, "");
          items.add(new Item(comparison, part, called, objective, weight));
        }
      }
    }
    if (tranche != null && items.isEmpty()) {
      throw new UserError(
          "part %s: no comparison of its files is of the tranche '%s'; check the attribute in %s"
              .formatted(part, tranche, files.getFirst()));
    }
    return items;
  }

  private static List<Item> half(List<Item> items, PreferenceSettings.Half half, long seed) {
    if (half == PreferenceSettings.Half.NONE) {
      return items;
    }
    // Another order of conversations than that by which the held-out ones are taken.
    ConversationSplit.Split<Item> halves =
        ConversationSplit.split(items, Item::conversation, 0.5, new Randomness(seed).key("half"));
    return half == PreferenceSettings.Half.A ? halves.heldOut() : halves.train();
  }

  private static List<Item> without(List<Item> train, List<Item> held) {
    Set<String> openings = new HashSet<>();
    held.forEach(item -> openings.add(item.conversation()));
    return train.stream().filter(item -> !openings.contains(item.conversation())).toList();
  }

  /**
   * As many of each part as the settings say. What is drawn of a part is the beginning of one order
   * that the seed makes of it, so that a smaller draw is a part of a greater one.
   */
  private static List<Item> draw(
      PreferenceSettings settings, List<Item> train, Randomness randomness) {
    List<PreferenceSettings.Part> parts = settings.data();
    if (parts.stream().allMatch(part -> part.fraction() == null && part.comparisons() == null)) {
      return settings.maxComparisons() <= 0 || train.size() <= settings.maxComparisons()
          ? train
          : first(
              train,
              settings.maxComparisons(),
              randomness.permutation(train.size(), "comparisons"));
    }
    int[] counts = counts(parts, settings.maxComparisons());
    List<Item> drawn = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      String name = parts.get(i).name();
      List<Item> there = train.stream().filter(item -> item.part().equals(name)).toList();
      int wanted = counts[i] < 0 ? there.size() : counts[i];
      if (wanted > there.size()) {
        throw new UserError(
            "part %s: %,d comparisons are wanted and it has %,d beside those held out; ask for fewer"
                .formatted(name, wanted, there.size()));
      }
      // The key of a single part is that of the whole, so that a part alone is drawn alike.
      drawn.addAll(first(there, wanted, randomness.permutation(there.size(), "comparisons")));
    }
    return drawn;
  }

  private static List<Item> first(List<Item> items, int count, int[] order) {
    return Arrays.stream(order, 0, count).mapToObj(items::get).toList();
  }

  /**
   * Comparisons of each part, -1 for all of them. Fractions of the total are rounded so that they
   * add up to it: what is left goes to the largest remainders, the first part first.
   */
  static int[] counts(List<PreferenceSettings.Part> parts, int total) {
    int[] counts = new int[parts.size()];
    double[] remainders = new double[counts.length];
    boolean fractions = false;
    int given = 0;
    for (int i = 0; i < counts.length; i++) {
      Double fraction = parts.get(i).fraction();
      Integer count = parts.get(i).comparisons();
      if (fraction != null) {
        // Fractions such as 0.7 are no binary numbers: 0.7 x 1000 must not be 699.
        double exact = Math.rint(fraction * total * 1e9) / 1e9;
        counts[i] = (int) Math.floor(exact);
        remainders[i] = exact - counts[i];
        given += counts[i];
        fractions = true;
      } else {
        counts[i] = count == null ? -1 : count;
      }
    }
    if (fractions) {
      IntStream.range(0, counts.length)
          .boxed()
          .sorted(Comparator.comparingDouble((Integer i) -> -remainders[i]))
          .limit(Math.max(0, total - given))
          .forEach(i -> counts[i]++);
    }
    return counts;
  }

  /** The mean weight of a training comparison, by which the loss is divided. */
  double meanWeight() {
    return training.stream().mapToDouble(Item::weight).average().orElse(1);
  }
}
