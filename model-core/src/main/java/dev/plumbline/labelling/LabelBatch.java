package dev.plumbline.labelling;

import dev.plumbline.data.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A batch of pairs in a workspace, {@code labels/ID/}: {@code batch.json} (settings, fixed), {@code
 * items.jsonl} (pairs, fixed), {@code guidelines-N.md}, {@code logs/} (written here), {@code
 * received/} (logs of other workspaces), {@code closed} (there once model names may be seen).
 *
 * @param folder of the batch
 * @param settings how it is shown
 * @param items the pairs, in the order of the file
 */
public record LabelBatch(Path folder, BatchSettings settings, List<LabelItem> items) {
  static final String SETTINGS_FILE = "batch.json";
  static final String ITEMS_FILE = "items.jsonl";
  static final String LOGS = "logs";
  static final String RECEIVED = "received";
  private static final String CLOSED = "closed";
  private static final Pattern GUIDELINES = Pattern.compile("guidelines-([0-9]+)\\.md");

  /** Copies the items. */
  public LabelBatch {
    items = List.copyOf(items);
  }

  /** The batch's name in paths and commands. */
  public String id() {
    return String.valueOf(folder.getFileName());
  }

  /**
   * Makes a batch. It appears whole or not at all.
   *
   * @param labels the workspace's {@code labels} folder
   * @throws UserError without items, with the same pair twice, or where it cannot be written
   */
  public static LabelBatch create(Path labels, BatchSettings settings, List<LabelItem> items) {
    if (items.isEmpty()) {
      throw new UserError("a batch has at least one pair; none was left to choose from");
    }
    Set<String> ids = new HashSet<>();
    for (LabelItem item : items) {
      if (!ids.add(item.id())) {
        throw new UserError(
            "the pair %s is in the batch twice; repeats are the batch's own business"
                .formatted(item.id()));
      }
    }
    try {
      Files.createDirectories(labels);
      Path making = Files.createTempDirectory(labels, ".making-");
      Files.writeString(
          making.resolve(SETTINGS_FILE), LabelJson.line(LabelJson.settings(settings)) + "\n");
      try (BufferedWriter writer = Files.newBufferedWriter(making.resolve(ITEMS_FILE))) {
        for (LabelItem item : items) {
          writer.write(LabelJson.line(LabelJson.item(item)));
          writer.write('\n');
        }
      }
      return new LabelBatch(moved(making, labels, stem(settings.name())), settings, items);
    } catch (IOException e) {
      throw new UserError(
          labels + ": the batch cannot be written: " + e.getMessage() + "; check the free space",
          e);
    }
  }

  static Path moved(Path making, Path labels, String stem) throws IOException {
    for (int i = 1; ; i++) {
      Path folder = labels.resolve(i == 1 ? stem : stem + "-" + i);
      if (Files.exists(folder)) {
        continue;
      }
      try {
        return Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileAlreadyExistsException e) {
        // another workbench was faster: the next number
      }
    }
  }

  static String stem(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String trimmed = plain.replaceAll("^-|-$", "");
    return trimmed.isEmpty() ? "batch" : trimmed.substring(0, Math.min(trimmed.length(), 48));
  }

  /**
   * Reads a batch.
   *
   * @throws UserError where it is absent or damaged, with file and line
   */
  public static LabelBatch read(Path folder) {
    Path file = folder.resolve(SETTINGS_FILE);
    if (!Files.isRegularFile(file)) {
      throw new UserError(folder + ": there is no batch of labels here");
    }
    try {
      BatchSettings settings = LabelJson.settings(LabelJson.parse(Files.readString(file).strip()));
      return new LabelBatch(folder, settings, items(folder.resolve(ITEMS_FILE)));
    } catch (IOException | LabelJson.MalformedException e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    }
  }

  private static List<LabelItem> items(Path file) {
    List<LabelItem> items = new ArrayList<>();
    long number = 0;
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        items.add(LabelJson.item(LabelJson.parse(line)));
      }
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
    } catch (LabelJson.MalformedException e) {
      throw new UserError("%s:%d: %s".formatted(file, number, e.getMessage()));
    }
    return items;
  }

  /** The batches of a workspace, by name; what is still being made is not among them. */
  public static List<Path> list(Path labels) {
    if (!Files.isDirectory(labels)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(labels)) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve(SETTINGS_FILE)))
          .filter(folder -> !String.valueOf(folder.getFileName()).startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UserError(labels + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** The places of one annotator. */
  public List<Slot> order(String annotator) {
    return LabelOrder.of(settings, items, annotator);
  }

  /** Opens an annotator's log. */
  public LabelLog log(String annotator, Clock clock) {
    return LabelLog.open(folder.resolve(LOGS), annotator, clock);
  }

  /** Everything that was done, here and elsewhere. */
  public Labels labels() {
    List<LabelLogFile> logs = new ArrayList<>();
    for (Path file : logFiles()) {
      logs.add(LabelLogFile.read(file));
    }
    return Labels.of(this, logs);
  }

  /** The logs, those written here first. */
  List<Path> logFiles() {
    List<Path> logs = new ArrayList<>();
    for (String each : List.of(LOGS, RECEIVED)) {
      Path directory = folder.resolve(each);
      if (!Files.isDirectory(directory)) {
        continue;
      }
      try (Stream<Path> files = Files.list(directory)) {
        files
            .filter(file -> String.valueOf(file.getFileName()).endsWith(".jsonl"))
            .sorted()
            .forEach(logs::add);
      } catch (IOException e) {
        throw new UserError(directory + ": cannot be read: " + e.getMessage(), e);
      }
    }
    return logs;
  }

  /** The newest guidelines. */
  public Guidelines guidelines() {
    int version = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Matcher name = GUIDELINES.matcher(String.valueOf(file.getFileName()));
        if (name.matches()) {
          version = Math.max(version, Integer.parseInt(name.group(1)));
        }
      }
      return version == 0 ? Guidelines.NONE : guidelines(version);
    } catch (IOException e) {
      throw new UserError(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** The guidelines of a version, as labels remember it. */
  public Guidelines guidelines(int version) {
    Path file = folder.resolve("guidelines-" + version + ".md");
    try {
      return new Guidelines(version, Files.readString(file));
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes guidelines as the next version; the same text as before makes none. */
  public Guidelines guide(String markdown) {
    Guidelines before = guidelines();
    if (before.markdown().equals(markdown)) {
      return before;
    }
    Guidelines next = new Guidelines(before.version() + 1, markdown);
    Path file = folder.resolve("guidelines-" + next.version() + ".md");
    try {
      Files.writeString(file, markdown);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be written: " + e.getMessage(), e);
    }
    return next;
  }

  /** Whether annotators may not see model names. */
  public boolean hidesModels() {
    return settings.blind() && !closed();
  }

  /** Whether the batch was closed. */
  public boolean closed() {
    return Files.exists(folder.resolve(CLOSED));
  }

  /** Closes the batch: model names are shown, and labels from now on are not blind. */
  public void close(Instant when) {
    Path file = folder.resolve(CLOSED);
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, when + "\n");
      }
    } catch (IOException e) {
      throw new UserError(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
