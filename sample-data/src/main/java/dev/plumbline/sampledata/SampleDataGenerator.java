package dev.plumbline.sampledata;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plumbline.data.JsonLinesWriter;
import dev.plumbline.data.Sha256;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes the sample world to files, in the form of the hh-rlhf files. The same seed and sizes give
 * the same lines on every machine, and the same bytes with the same Java runtime (compression is
 * the runtime's). Lines are written as they are drawn, so the size is bounded by the disk alone.
 */
public final class SampleDataGenerator {
  /** The manifest's name. */
  public static final String MANIFEST = "README.json";

  /** Grows when the world changes so that a seed gives other text than before. */
  public static final int WORLD_VERSION = 2;

  private static final long REPORT_EVERY = 1000;

  private SampleDataGenerator() {}

  /** Is told how far the writing is. */
  @FunctionalInterface
  public interface Progress {
    /** Tells nobody. */
    Progress NONE = (file, fraction) -> {};

    /**
     * Called every thousand lines and at the end of each file.
     *
     * @param file the file's name
     * @param fraction share of all lines that are written, 0 to 1
     */
    void at(String file, double fraction);
  }

  /**
   * How many lines each file gets.
   *
   * @param helpfulTrain helpful comparisons for training
   * @param helpfulTest helpful comparisons held out
   * @param redTeamTrain red-team comparisons for training
   * @param redTeamTest red-team comparisons held out
   * @param promptsTrain prompts for training, of each kind; all different
   * @param promptsTest prompts held out, of each kind; all different
   * @param rankedTrain ranked pairs for preference model pretraining
   * @param rankedTest ranked pairs held out
   * @param transcripts dialogues for language-model training
   */
  public record Sizes(
      int helpfulTrain,
      int helpfulTest,
      int redTeamTrain,
      int redTeamTest,
      int promptsTrain,
      int promptsTest,
      int rankedTrain,
      int rankedTest,
      int transcripts) {

    /** What ships with the program. */
    public static final Sizes SHIPPED =
        new Sizes(12_000, 1000, 3000, 1000, 3000, 300, 32_000, 1000, 60_000);

    /**
     * The usual proportions: two thirds of the training comparisons are helpful, one third is red
     * team; a ninth more is held out of each kind.
     *
     * @param comparisons training comparisons, at least 9
     * @throws UserError where there are fewer
     */
    public static Sizes ofComparisons(int comparisons) {
      if (comparisons < 9) {
        throw new UserError(
            "a sample set has at least 9 comparisons, not " + comparisons + "; ask for more");
      }
      int redTeam = comparisons / 3;
      int heldOut = comparisons / 9;
      return new Sizes(
          comparisons - redTeam,
          heldOut,
          redTeam,
          heldOut,
          Math.min(20_000, Math.max(64, comparisons / 3)),
          Math.min(2_000, Math.max(32, comparisons / 30)),
          Math.max(500, 2 * Math.min(comparisons, 500_000)),
          heldOut,
          Math.max(20_000, 2 * Math.min(comparisons, 500_000)));
    }

    long total() {
      return (long) helpfulTrain
          + helpfulTest
          + redTeamTrain
          + redTeamTest
          + 2L * promptsTrain
          + 2L * promptsTest
          + rankedTrain
          + rankedTest
          + transcripts;
    }
  }

  /**
   * One file of a set.
   *
   * @param name its name in the directory
   * @param lines its lines
   * @param sha256 hash of its bytes
   * @param contentSha256 hash of its lines before compression
   */
  public record Written(String name, long lines, String sha256, String contentSha256) {}

  /** Writes a set in the usual proportions; see {@link Sizes#ofComparisons}. */
  public static List<Written> write(Path directory, long seed, int comparisons, Progress progress) {
    return write(directory, seed, Sizes.ofComparisons(comparisons), progress);
  }

  /**
   * Writes a set. Files appear in {@code directory} when all of them are complete; where something
   * fails, nothing of it stays.
   *
   * @return the data files, without the manifest
   * @throws UserError where the directory cannot be written
   */
  public static List<Written> write(Path directory, long seed, Sizes sizes, Progress progress) {
    Path staging = directory.resolve(".sample-data-" + Long.toHexString(seed) + ".tmp");
    try {
      Files.createDirectories(directory);
      deleteTree(staging);
      Files.createDirectory(staging);
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
    try {
      Set set = new Set(staging, sizes.total(), progress);
      for (SampleWorld.Kind kind : SampleWorld.Kind.values()) {
        for (SampleWorld.Side side : SampleWorld.Side.values()) {
          set.comparisons(seed, kind, side, count(sizes, kind, side));
        }
      }
      for (SampleWorld.Kind kind : SampleWorld.Kind.values()) {
        for (SampleWorld.Side side : SampleWorld.Side.values()) {
          boolean train = side == SampleWorld.Side.TRAIN;
          set.prompts(seed, kind, side, train ? sizes.promptsTrain() : sizes.promptsTest());
        }
      }
      set.ranked(seed, SampleWorld.Side.TRAIN, sizes.rankedTrain());
      set.ranked(seed, SampleWorld.Side.HELD_OUT, sizes.rankedTest());
      set.transcripts(seed, sizes.transcripts());
      manifest(staging.resolve(MANIFEST), seed, set.written);
      for (Written file : set.written) {
        move(staging, directory, file.name());
      }
      move(staging, directory, MANIFEST);
      return List.copyOf(set.written);
    } catch (IOException e) {
      throw unwritable(directory, e);
    } finally {
      deleteTree(staging);
    }
  }

  /** The files of a set that are drawn from the seed wherever it is installed. */
  enum Drawn {
    /** Ranked pairs for preference model pretraining. */
    RANKED("ranked-train.jsonl.gz"),
    /** Ranked pairs held out. */
    RANKED_TEST("ranked-test.jsonl.gz"),
    /** Transcripts for language-model training. */
    TRANSCRIPTS("transcripts.jsonl.gz");

    private final String file;

    Drawn(String file) {
      this.file = file;
    }

    /** Its name in the directory. */
    String file() {
      return file;
    }
  }

  /** Writes only one file of a set. */
  static Written write(Path directory, long seed, Drawn file, int lines) {
    Set set = new Set(directory, lines, Progress.NONE);
    switch (file) {
      case RANKED -> set.ranked(seed, SampleWorld.Side.TRAIN, lines);
      case RANKED_TEST -> set.ranked(seed, SampleWorld.Side.HELD_OUT, lines);
      case TRANSCRIPTS -> set.transcripts(seed, lines);
    }
    return set.written.getFirst();
  }

  private static int count(Sizes sizes, SampleWorld.Kind kind, SampleWorld.Side side) {
    boolean train = side == SampleWorld.Side.TRAIN;
    return switch (kind) {
      case HELPFUL -> train ? sizes.helpfulTrain() : sizes.helpfulTest();
      case RED_TEAM -> train ? sizes.redTeamTrain() : sizes.redTeamTest();
    };
  }

  private static void manifest(Path file, long seed, List<Written> written) throws IOException {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("title", "Plumbline sample world");
    manifest.put("world_version", WORLD_VERSION);
    manifest.put("seed", seed);
    manifest.put("licence", "Apache-2.0");
    manifest.put(
        "about",
        "Synthetic dialogues and preferences. chosen and rejected are transcripts; gold_chosen and"
            + " gold_rejected are gold rewards in nats: helpful in helpful files, harmless in"
            + " red-team files. Labels of the weakest strength are left out.");
    List<Map<String, Object>> files = new ArrayList<>();
    for (Written one : written) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", one.name());
      entry.put("lines", one.lines());
      entry.put("sha256", one.sha256());
      entry.put("content_sha256", one.contentSha256());
      files.add(entry);
    }
    manifest.put("files", files);
    String text =
        JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(manifest);
    Files.writeString(file, text.replace("\r\n", "\n") + "\n");
  }

  private static void move(Path from, Path to, String name) throws IOException {
    Files.move(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  static void deleteTree(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  static UserError unwritable(Path directory, IOException e) {
    String reason =
        switch (e) {
          case AccessDeniedException denied -> "permission denied";
          case FileAlreadyExistsException exists -> exists.getFile() + " is a file";
          default -> String.valueOf(e.getMessage());
        };
    return new UserError(
        directory
            + ": cannot be written ("
            + reason
            + "); check the path, its permissions and the free space",
        e);
  }

  /** The files of one set, as they are written. */
  private static final class Set {
    private final Path directory;
    private final long total;
    private final Progress progress;
    private final List<Written> written = new ArrayList<>();
    private long done;

    Set(Path directory, long total, Progress progress) {
      this.directory = directory;
      this.total = total;
      this.progress = progress;
    }

    void comparisons(long seed, SampleWorld.Kind kind, SampleWorld.Side side, int count) {
      file(
          kind.title() + "-" + side.title() + ".jsonl.gz",
          SampleWorld.comparisons(seed, kind, side, SampleWorld.Weakest.DROPPED)
              .limit(count)
              .map(
                  comparison -> {
                    Map<String, String> line = new LinkedHashMap<>();
                    line.put("chosen", comparison.chosenTranscript());
                    line.put("rejected", comparison.rejectedTranscript());
                    line.putAll(comparison.attributes());
                    return line;
                  }));
    }

    void prompts(long seed, SampleWorld.Kind kind, SampleWorld.Side side, int count) {
      file(
          (kind == SampleWorld.Kind.HELPFUL ? "" : kind.title() + "-")
              + "prompts-"
              + side.title()
              + ".jsonl.gz",
          SampleWorld.prompts(seed, kind, side)
              .distinct()
              .limit(count)
              .map(
                  prompt -> {
                    Map<String, String> line = new LinkedHashMap<>();
                    line.put("prompt", prompt.text());
                    line.put("domain", prompt.domain());
                    return line;
                  }));
    }

    void ranked(long seed, SampleWorld.Side side, int count) {
      file(
          (side == SampleWorld.Side.TRAIN ? Drawn.RANKED : Drawn.RANKED_TEST).file(),
          SampleWorld.ranked(seed, side)
              .limit(count)
              .map(
                  pair -> {
                    Map<String, String> line = new LinkedHashMap<>();
                    line.put("chosen", pair.chosenTranscript());
                    line.put("rejected", pair.rejectedTranscript());
                    line.putAll(pair.attributes());
                    return line;
                  }));
    }

    void transcripts(long seed, int count) {
      file(
          Drawn.TRANSCRIPTS.file(),
          SampleWorld.transcripts(seed).limit(count).map(text -> Map.of("text", text)));
    }

    private void file(String name, Stream<? extends Map<String, String>> lines) {
      Path file = directory.resolve(name);
      String content;
      long count;
      try (JsonLinesWriter writer = new JsonLinesWriter(file)) {
        lines.forEachOrdered(
            line -> {
              writer.write(line);
              if (++done % REPORT_EVERY == 0) {
                progress.at(name, (double) done / total);
              }
            });
        count = writer.lines();
        content = writer.finish();
      }
      written.add(new Written(name, count, Sha256.of(file), content));
      progress.at(name, (double) done / total);
    }
  }
}
