package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.data.DataPreview;
import dev.plumbline.data.JsonLinesWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How a file of a million comparisons is indexed, searched and counted; run with {@code
 * -Dplumbline.scale=1000000} (and {@code -Dplumbline.scale.folder} for a place with 6 GB). Words
 * are drawn by Zipf's law from 30,000, two responses of 10 to 110 words, one to four exchanges
 * before them: lines of the length of the hh-rlhf files.
 */
@EnabledIfSystemProperty(named = "plumbline.scale", matches = "[0-9]+")
final class DataIndexScaleTest {
  private static final int VOCABULARY = 30_000;

  @Test
  void aMillionComparisons() throws Exception {
    int rows = Integer.getInteger("plumbline.scale");
    Path folder = Path.of(System.getProperty("plumbline.scale.folder", "target/scale"));
    Files.createDirectories(folder);
    Path data = folder.resolve("comparisons-" + rows + ".jsonl");
    if (!Files.exists(data)) {
      timed("generate", () -> generate(data, rows));
    }
    DataPreview preview = timed("preview", () -> DataPreview.of(data));
    Path index = folder.resolve("index.db");
    if (Boolean.getBoolean("plumbline.scale.keep") && Files.exists(index)) {
      say("index kept");
    } else {
      timed(
          "build the index",
          () ->
              DataIndex.build(
                  data,
                  preview.mapping(),
                  index,
                  new DataIndex.Progress() {
                    @Override
                    public void at(double fraction, long count) {}

                    @Override
                    public boolean cancelled() {
                      return false;
                    }
                  }));
    }
    say("data %,d MB, index %,d MB", Files.size(data) >> 20, Files.size(index) >> 20);
    try (DataIndex open =
        timed("open", () -> DataIndex.open(index, data, preview.mapping()).orElseThrow())) {
      assertThat(open.rows()).isEqualTo(rows);
      int[] page = new int[128];
      for (int i = 0; i < page.length; i++) {
        page[i] = rows / 2 + i;
      }
      timed("a page of 128 rows", () -> open.lines(page));
      SplittableRandom random = new SplittableRandom(4);
      for (int i = 0; i < page.length; i++) {
        page[i] = 1 + random.nextInt(rows);
      }
      timed("128 rows from anywhere", () -> open.lines(page));
      for (String filter :
          List.of(
              "w5000",
              "w50 w70",
              "\"w1 w2\"",
              "w1",
              "w3*",
              "turns>=3 longer>40",
              "tranche:online chosen:w100",
              "is:duplicate")) {
        for (int most : new int[] {200, Integer.MAX_VALUE}) {
          int[] found = timed(filter + " (" + most + ")", () -> find(open, filter, null, most));
          say("  %,d rows", found.length);
        }
      }
      timed("sort by margin", () -> find(open, "", DataQuery.Order.MARGIN, Integer.MAX_VALUE));
      timed("sort by words, first 200", () -> find(open, "", DataQuery.Order.CHOSEN_WORDS, 200));
      timed(
          "statistics", () -> open.statistics(DataFilter.NONE, _ -> Optional.empty(), () -> false));
      timed("duplicates", open::repeats);
    }
    if (Boolean.getBoolean("plumbline.scale.near")) {
      timed(
          "near duplicates",
          () -> {
            DataIndex.findNear(index, 0.8, _ -> {});
            return true;
          });
    }
  }

  private static int[] find(
      DataIndex open, String filter, DataQuery.@Nullable Order order, int most) {
    return open.find(
        new DataQuery(
            DataFilter.parse(filter), order == null ? DataQuery.Order.LINE : order, false),
        most,
        _ -> Optional.empty(),
        () -> false);
  }

  private static Path generate(Path file, int rows) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Path written = file.resolveSibling("writing.jsonl");
    String[] tranches = {"base", "rs", "online"};
    try (JsonLinesWriter writer = new JsonLinesWriter(written)) {
      for (int i = 0; i < rows; i++) {
        StringBuilder prompt = new StringBuilder();
        int exchanges = 1 + random.nextInt(4);
        for (int turn = 0; turn < exchanges; turn++) {
          prompt.append("\n\nHuman:");
          words(random, prompt, 5 + random.nextInt(40));
          prompt.append("\n\nAssistant:");
          if (turn + 1 < exchanges) {
            words(random, prompt, 10 + random.nextInt(60));
          }
        }
        Map<String, String> line = new LinkedHashMap<>();
        line.put("chosen", words(random, new StringBuilder(prompt), 10 + random.nextInt(100)));
        line.put("rejected", words(random, new StringBuilder(prompt), 10 + random.nextInt(100)));
        line.put("tranche", tranches[random.nextInt(3)]);
        line.put("strength", Integer.toString(1 + random.nextInt(4)));
        writer.write(line);
      }
    }
    return Files.move(written, file);
  }

  private static String words(SplittableRandom random, StringBuilder into, int count) {
    for (int i = 0; i < count; i++) {
      into.append(" w").append((int) Math.pow(VOCABULARY, random.nextDouble()));
    }
    return into.toString();
  }

  private static <T> T timed(String what, Callable<T> task) throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = System.nanoTime();
    long busy = threads.getCurrentThreadCpuTime();
    T result = task.call();
    say(
        "%-42s %,11.1f ms, of them computing %,11.1f",
        what, (System.nanoTime() - start) / 1e6, (threads.getCurrentThreadCpuTime() - busy) / 1e6);
    return result;
  }

  @SuppressWarnings({
    "SystemOut",
    "AnnotateFormatMethod"
  }) // a measurement, read by the one who ran it
  private static void say(String format, Object... values) {
    System.out.println(format.formatted(values));
  }
}
