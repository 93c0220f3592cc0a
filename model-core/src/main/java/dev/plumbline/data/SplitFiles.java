package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleConsumer;

/**
 * Files of comparisons, each parted into one to train on and one to test on, by conversation (paper
 * section 2.3). All files are split together: a conversation that two of them share falls on the
 * same side in both.
 *
 * @param parts a part for each file, in their order
 * @param leakage what the test parts have in common with the training parts; nothing, unless the
 *     split is wrong
 */
public record SplitFiles(List<Part> parts, Leakage leakage) {
  public SplitFiles {
    parts = List.copyOf(parts);
  }

  /**
   * What became of one file.
   *
   * @param report what was read, and what was left out
   * @param train comparisons in {@code trainFile}
   * @param heldOut comparisons in {@code heldOutFile}
   */
  public record Part(
      Path file, ImportReport report, Path trainFile, long train, Path heldOutFile, long heldOut) {}

  /**
   * Reads, splits and writes {@code NAME-train.jsonl.gz} and {@code NAME-test.jsonl.gz} for each
   * file; nothing that is there is replaced.
   *
   * @param fraction of all comparisons that is held out, in (0, 1)
   * @throws UserError where a file cannot be read, has malformed lines, or a part exists or cannot
   *     be written
   */
  public static SplitFiles split(List<Path> files, double fraction, long seed, Path directory) {
    return split(files, fraction, seed, directory, _ -> {});
  }

  /**
   * The same for one who is told how far it is. Files are read twice and never held, so that memory
   * does not grow with their texts; the parts are those of {@link ConversationSplit}.
   *
   * @param progress takes the fraction that is done; what it throws ends the work
   */
  public static SplitFiles split(
      List<Path> files, double fraction, long seed, Path directory, DoubleConsumer progress) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new UserError("a held-out fraction is above 0 and below 1, not " + fraction);
    }
    List<Path> trainFiles = new ArrayList<>();
    List<Path> heldOutFiles = new ArrayList<>();
    Set<Path> targets = new LinkedHashSet<>();
    for (Path file : files) {
      String stem = stem(file);
      trainFiles.add(directory.resolve(stem + "-train.jsonl.gz"));
      heldOutFiles.add(directory.resolve(stem + "-test.jsonl.gz"));
      if (!targets.add(trainFiles.getLast())) {
        throw new UserError(
            file + ": another file has the same name; copy one under a name of its own");
      }
      targets.add(heldOutFiles.getLast());
    }
    for (Path target : targets) {
      if (Files.exists(target)) {
        throw new UserError(target + ": is there already; give another directory");
      }
    }
    Conversations conversations = new Conversations(seed);
    List<ImportReport> reports = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      double before = 0.5 * i / files.size();
      ImportReport report =
          ComparisonReader.read(
              files.get(i),
              (_, comparison) -> {
                conversations.add(comparison);
                if (conversations.size() % 1024 == 0) {
                  progress.accept(before);
                }
              });
      report.requireClean();
      reports.add(report);
    }
    conversations.holdOut(fraction);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UserError(directory + ": cannot be made (" + e.getMessage() + ")", e);
    }
    List<Part> parts = new ArrayList<>();
    Leakage.Counter leakage = new Leakage.Counter();
    int[] item = new int[1];
    for (int i = 0; i < files.size(); i++) {
      try (Target train = new Target(trainFiles.get(i));
          Target heldOut = new Target(heldOutFiles.get(i))) {
        ImportReport again =
            ComparisonReader.read(
                files.get(i),
                (_, comparison) -> {
                  boolean held = conversations.isHeldOut(item[0]++);
                  (held ? heldOut : train).writer.write(comparison);
                  leakage.add(comparison, held);
                  if (item[0] % 1024 == 0) {
                    progress.accept(0.5 + 0.5 * item[0] / conversations.size());
                  }
                });
        if (again.usable() != reports.get(i).usable()) {
          throw new UserError(files.get(i) + ": changed while it was split; split it again");
        }
        parts.add(
            new Part(
                files.get(i),
                reports.get(i),
                train.place,
                train.keep(),
                heldOut.place,
                heldOut.keep()));
      }
    }
    return new SplitFiles(parts, leakage.count());
  }

  /** Written beside its place and moved there whole. */
  private static final class Target implements AutoCloseable {
    private final Path place;
    private final Path written;
    private final JsonLinesWriter writer;

    Target(Path place) {
      this.place = place;
      written = place.resolveSibling("." + place.getFileName() + ".new.gz");
      writer = new JsonLinesWriter(written);
    }

    /** Moves it to its place; gives the comparisons in it. */
    long keep() {
      writer.close();
      try {
        Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
        return writer.lines();
      } catch (IOException e) {
        throw new UserError(place + ": cannot be written (" + e.getMessage() + ")", e);
      }
    }

    @Override
    public void close() {
      writer.close();
      try {
        Files.deleteIfExists(written);
      } catch (IOException e) {
        throw new UserError(written + ": cannot be removed (" + e.getMessage() + ")", e);
      }
    }
  }

  /**
   * The conversations of comparisons by the first 128 bits of the hash by which {@link
   * ConversationSplit} orders them: those up to some hash are held out.
   */
  private static final class Conversations {
    private final long seed;
    private long[] high = new long[1024];
    private long[] low = new long[1024];
    private int size;
    private long lastHigh = -1;
    private long lastLow = -1;
    private boolean any;

    Conversations(long seed) {
      this.seed = seed;
    }

    void add(Comparison comparison) {
      if (size == high.length) {
        high = Arrays.copyOf(high, Math.multiplyExact(size, 2));
        low = Arrays.copyOf(low, high.length);
      }
      String hash =
          Sha256.of((seed + "\n" + comparison.conversationKey()).getBytes(StandardCharsets.UTF_8));
      // no sign: compared as the hexadecimal digits are
      high[size] = Long.parseUnsignedLong(hash, 0, 16, 16) ^ Long.MIN_VALUE;
      low[size] = Long.parseUnsignedLong(hash, 16, 32, 16) ^ Long.MIN_VALUE;
      size++;
    }

    int size() {
      return size;
    }

    /** Holds out whole conversations in the order of their hashes until there are enough. */
    void holdOut(double fraction) {
      List<Integer> order = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        order.add(i);
      }
      order.sort(this::compare);
      int held = 0;
      while (held < size && held < fraction * size) {
        int first = order.get(held);
        while (held < size && compare(order.get(held), first) == 0) {
          held++;
        }
        lastHigh = high[first];
        lastLow = low[first];
        any = true;
      }
    }

    private int compare(int one, int other) {
      int order = Long.compare(high[one], high[other]);
      return order != 0 ? order : Long.compare(low[one], low[other]);
    }

    boolean isHeldOut(int item) {
      return any && (high[item] < lastHigh || (high[item] == lastHigh && low[item] <= lastLow));
    }
  }

  private static String stem(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("(\\.jsonl?)?(\\.gz)?$", "");
  }
}
