package dev.plumbline.training;

import dev.plumbline.data.PromptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.Randomness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prompts that a policy is trained on, by kind. Every batch holds of each pool the whole number
 * of prompts next below or above its share, and over many batches exactly its share (systematic
 * sampling, Cochran 1977, chapter 8); each pool is gone through in a new random order at each pass.
 * Which prompts a batch has is a function of the seed and the iteration alone.
 */
final class PromptPools {
  private static final Logger LOG = LoggerFactory.getLogger(PromptPools.class);

  /**
   * A prompt.
   *
   * @param text the dialogue so far
   * @param tokens its tokens
   * @param pool its pool's place among the pools
   */
  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  record Prompt(String text, int[] tokens, int pool) {}

  /** One pool, in training order. */
  private static final class Pool {
    private final List<Prompt> prompts;
    private long orderPass = -1;
    private int[] order = {};

    Pool(List<Prompt> prompts) {
      this.prompts = prompts;
    }
  }

  private final Randomness randomness;
  private final int batchSize;
  private final double[] shares;
  private final List<Pool> pools = new ArrayList<>();
  private final List<Prompt> sheet = new ArrayList<>();

  /**
   * Reads the prompts.
   *
   * @param settings the pools, at least one
   * @param encode a prompt's tokens
   * @param longest longer prompts are left out, in tokens
   * @param excluded prompts that are never trained on
   * @param batchSize prompts of a batch
   * @param sheetSize prompts to be read at every step; they stay out of training where enough are
   *     left
   * @throws UserError where a pool has no prompt that is short enough
   */
  PromptPools(
      List<PpoSettings.PromptPool> settings,
      Function<String, int[]> encode,
      int longest,
      Set<String> excluded,
      int batchSize,
      int sheetSize,
      Randomness randomness) {
    this.randomness = randomness;
    this.batchSize = batchSize;
    shares = settings.stream().mapToDouble(PpoSettings.PromptPool::share).toArray();
    List<List<Prompt>> shuffled = new ArrayList<>();
    for (int j = 0; j < settings.size(); j++) {
      List<Prompt> fitting =
          read(settings.get(j).files(), encode, longest, j).stream()
              .filter(prompt -> !excluded.contains(prompt.text()))
              .toList();
      if (fitting.isEmpty()) {
        throw new UserError(
            "every prompt of the pool %s is held out too; name other files under held_out"
                .formatted(settings.get(j).name()));
      }
      int[] order = randomness.permutation(fitting.size(), "prompts", at(j));
      shuffled.add(Arrays.stream(order).mapToObj(fitting::get).toList());
    }
    int[] onSheet = counts(shares, sheetSize, 0.5);
    Set<String> read = new HashSet<>();
    for (int j = 0; j < settings.size(); j++) {
      List<Prompt> prompts = shuffled.get(j);
      int taken = Math.min(onSheet[j], prompts.size());
      sheet.addAll(prompts.subList(0, taken));
      int needed = (int) Math.ceil(batchSize * shares[j] / Arrays.stream(shares).sum());
      if (prompts.size() - taken >= needed) {
        prompts.subList(0, taken).forEach(prompt -> read.add(prompt.text()));
      }
    }
    for (List<Prompt> prompts : shuffled) {
      List<Prompt> left = prompts.stream().filter(p -> !read.contains(p.text())).toList();
      pools.add(new Pool(left.isEmpty() ? prompts : left));
    }
  }

  /** A lone pool's numbers are those of a spec that names no pools. */
  private static long[] at(long pool, long... further) {
    long[] where = Arrays.copyOf(further, further.length + (pool == 0 ? 0 : 1));
    if (pool > 0) {
      where[further.length] = pool;
    }
    return where;
  }

  /**
   * The prompts of some files that are short enough, each once.
   *
   * @throws UserError where there is none
   */
  static List<Prompt> read(
      List<String> files, Function<String, int[]> encode, int longest, int pool) {
    Set<String> all = new LinkedHashSet<>();
    files.forEach(file -> all.addAll(PromptReader.read(Path.of(file))));
    List<Prompt> fitting =
        all.stream()
            .map(text -> new Prompt(text, encode.apply(text), pool))
            .filter(prompt -> prompt.tokens().length <= longest)
            .toList();
    if (fitting.isEmpty()) {
      throw new UserError(
          "none of the %d prompts of %s has at most %d tokens; raise max_prompt_tokens or name others"
              .formatted(all.size(), String.join(", ", files), longest));
    }
    LOG.info(
        "{} prompts of {}; {} left out because they have more than {} tokens",
        fitting.size(),
        files,
        all.size() - fitting.size(),
        longest);
    return fitting;
  }

  /**
   * How many of n belong to each share, by systematic sampling: the points (k + start) / n, k = 0
   * to n - 1, that fall into each share's part of [0, 1).
   *
   * @param start from 0, below 1
   */
  static int[] counts(double[] shares, int n, double start) {
    double total = Arrays.stream(shares).sum();
    int[] counts = new int[shares.length];
    double sum = 0;
    int before = 0;
    for (int j = 0; j < shares.length; j++) {
      sum += shares[j];
      int upTo =
          j == shares.length - 1 ? n : Math.clamp((long) Math.ceil(sum / total * n - start), 0, n);
      counts[j] = upTo - before;
      before = upTo;
    }
    return counts;
  }

  private int[] counts(long iteration) {
    return counts(
        shares, batchSize, Randomness.uniform(randomness.key("pool shares"), 0, iteration));
  }

  /** The prompts of an iteration's batch, pool by pool. */
  List<Prompt> batch(long iteration) {
    int[] counts = counts(iteration);
    long[] position = positions(iteration);
    List<Prompt> batch = new ArrayList<>();
    for (int j = 0; j < counts.length; j++) {
      for (int k = 0; k < counts[j]; k++) {
        batch.add(prompt(j, position[j] + k));
      }
    }
    return batch;
  }

  /** Prompts that each pool gave to the iterations before. */
  private long[] positions(long iteration) {
    long[] positions = new long[shares.length];
    if (shares.length == 1) {
      positions[0] = iteration * batchSize;
      return positions;
    }
    for (long i = 0; i < iteration; i++) {
      int[] counts = counts(i);
      for (int j = 0; j < counts.length; j++) {
        positions[j] += counts[j];
      }
    }
    return positions;
  }

  private Prompt prompt(int pool, long position) {
    Pool from = pools.get(pool);
    int size = from.prompts.size();
    long pass = position / size;
    if (pass != from.orderPass) {
      from.order = randomness.permutation(size, "prompt order", at(pool, pass));
      from.orderPass = pass;
    }
    return from.prompts.get(from.order[(int) (position % size)]);
  }

  /** The prompts that are read at every step. */
  List<Prompt> sheet() {
    return List.copyOf(sheet);
  }
}
