package dev.plumbline.data;

import dev.plumbline.dialogue.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

  private record Item(int file, Comparison comparison) {}

  /**
   * Reads, splits and writes {@code NAME-train.jsonl.gz} and {@code NAME-test.jsonl.gz} for each
   * file; nothing that is there is replaced.
   *
   * @param fraction of all comparisons that is held out, in (0, 1)
   * @throws UserError where a file cannot be read, has malformed lines, or a part exists or cannot
   *     be written
   */
  public static SplitFiles split(List<Path> files, double fraction, long seed, Path directory) {
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
    List<Item> items = new ArrayList<>();
    List<ImportReport> reports = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      ComparisonFile read = ComparisonReader.read(files.get(i));
      read.report().requireClean();
      reports.add(read.report());
      for (Comparison comparison : read.comparisons()) {
        items.add(new Item(i, comparison));
      }
    }
    ConversationSplit.Split<Item> split =
        ConversationSplit.split(items, item -> item.comparison.conversationKey(), fraction, seed);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UserError(directory + ": cannot be made (" + e.getMessage() + ")", e);
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      parts.add(
          new Part(
              files.get(i),
              reports.get(i),
              trainFiles.get(i),
              write(of(split.train(), i), trainFiles.get(i)),
              heldOutFiles.get(i),
              write(of(split.heldOut(), i), heldOutFiles.get(i))));
    }
    return new SplitFiles(
        parts,
        Leakage.between(
            split.train().stream().map(Item::comparison).toList(),
            split.heldOut().stream().map(Item::comparison).toList()));
  }

  private static List<Comparison> of(List<Item> side, int file) {
    return side.stream().filter(item -> item.file == file).map(Item::comparison).toList();
  }

  /** Written beside its place and moved there whole. */
  private static long write(List<Comparison> comparisons, Path place) {
    Path written = place.resolveSibling("." + place.getFileName() + ".new.gz");
    try {
      try (JsonLinesWriter writer = new JsonLinesWriter(written)) {
        comparisons.forEach(writer::write);
      }
      Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
      return comparisons.size();
    } catch (IOException e) {
      throw new UserError(place + ": cannot be written (" + e.getMessage() + ")", e);
    }
  }

  private static String stem(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("(\\.jsonl?)?(\\.gz)?$", "");
  }
}
