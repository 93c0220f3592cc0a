package dev.plumbline.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataPreview;
import dev.plumbline.data.DataReport;
import dev.plumbline.data.JsonLinesWriter;
import dev.plumbline.data.Leakage;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the index finds and counts against the same question asked of the comparisons themselves.
 */
final class DataIndexTest {
  private static final DataIndex.Progress QUIET =
      new DataIndex.Progress() {
        @Override
        public void at(double fraction, long rows) {}

        @Override
        public boolean cancelled() {
          return false;
        }
      };

  @TempDir private Path folder;

  /** 150 comparisons of few words, so that everything occurs; lines 149 and 150 repeat line 1. */
  private Path write(String name, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = folder.resolve(name);
    List<Comparison> made = new ArrayList<>();
    try (JsonLinesWriter writer = new JsonLinesWriter(file)) {
      for (int i = 0; i < 148; i++) {
        StringBuilder prompt = new StringBuilder("\n\nHuman:" + words(random, 1));
        for (int turn = random.nextInt(3); turn > 0; turn--) {
          prompt.append("\n\nAssistant:").append(words(random, 3));
          prompt.append("\n\nHuman:").append(words(random, 2));
        }
        prompt.append("\n\nAssistant:");
        Map<String, String> attributes = new LinkedHashMap<>();
        if (random.nextInt(4) > 0) {
          attributes.put("tranche", random.nextInt(2) == 0 ? "base" : "rejection sampled");
        }
        if (random.nextInt(3) > 0) {
          attributes.put("gold_chosen", Double.toString(random.nextInt(40) / 10.0));
          attributes.put("gold_rejected", Double.toString(random.nextInt(40) / 10.0));
        }
        made.add(
            new Comparison(
                prompt.toString(),
                words(random, 1 + random.nextInt(6)),
                words(random, 1 + random.nextInt(6)),
                attributes));
        writer.write(made.getLast());
      }
      Comparison first = made.getFirst();
      writer.write(first);
      String better = first.rejected(); // the other way round
      String worse = first.chosen();
      writer.write(new Comparison(first.prompt(), better, worse));
    }
    return file;
  }

  private static String words(SplittableRandom random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(' ').append("abcdefgh".charAt(random.nextInt(8))).append(random.nextInt(4));
    }
    return text.toString();
  }

  private DataIndex open(Path file) {
    DataPreview preview = DataPreview.of(file);
    Path index = index(file);
    DataReport report = DataIndex.build(file, preview.mapping(), index, QUIET);
    assertThat(report.used()).isEqualTo(150);
    return DataIndex.open(index, file, preview.mapping()).orElseThrow();
  }

  private static Path index(Path file) {
    return file.resolveSibling(file.getFileName() + ".db");
  }

  private static int[] find(DataIndex index, String filter) {
    DataFilter parsed = DataFilter.parse(filter);
    assertThat(parsed.problem()).isEmpty();
    return index.find(
        new DataQuery(parsed, DataQuery.Order.LINE, false),
        Integer.MAX_VALUE,
        name -> Optional.of(index(Path.of(name))),
        () -> false);
  }

  @Test
  void whatIsFoundIsWhatAllRowsSay() {
    Path file = write("a.jsonl.gz", 1);
    List<Comparison> all = ComparisonReader.read(file).comparisons();
    try (DataIndex index = open(file)) {
      Map<String, Predicate<Comparison>> questions = new LinkedHashMap<>();
      questions.put("", c -> true);
      questions.put("a1", c -> text(c).contains(" a1"));
      questions.put("a1 B2", c -> text(c).contains(" a1") && text(c).contains(" b2"));
      questions.put("a1 OR b2", c -> text(c).contains(" a1") || text(c).contains(" b2"));
      questions.put("\"a1 b2\"", c -> text(c).contains(" a1 b2"));
      questions.put("a1 -b2", c -> text(c).contains(" a1") && !text(c).contains(" b2"));
      questions.put("a*", c -> text(c).contains(" a"));
      questions.put("chosen:a1", c -> c.chosen().contains(" a1"));
      questions.put("-rejected:a1", c -> !c.rejected().contains(" a1"));
      questions.put("turns>=2", c -> c.prompt().split("\n\nHuman:", -1).length - 1 >= 2);
      questions.put("words:2..3", c -> words(c.chosen()) == 2 || words(c.chosen()) == 3);
      questions.put("longer>0", c -> words(c.chosen()) > words(c.rejected()));
      questions.put("tranche:base", c -> "base".equals(c.attributes().get("tranche")));
      questions.put(
          "-tranche:\"rejection sampled\"",
          c -> !"rejection sampled".equals(c.attributes().get("tranche")));
      questions.put(
          "margin<0",
          c ->
              c.attributes().containsKey("gold_chosen")
                  && Double.parseDouble(c.attributes().get("gold_chosen"))
                      < Double.parseDouble(c.attributes().get("gold_rejected")));
      questions.put(
          "is:duplicate",
          c ->
              all.stream()
                      .filter(
                          o ->
                              o.prompt().equals(c.prompt())
                                  && ((o.chosen().equals(c.chosen())
                                          && o.rejected().equals(c.rejected()))
                                      || (o.chosen().equals(c.rejected())
                                          && o.rejected().equals(c.chosen()))))
                      .count()
                  > 1);
      questions.put("is:same", c -> c.chosen().equals(c.rejected()));
      questions.forEach(
          (filter, holds) ->
              assertThat(find(index, filter))
                  .as(filter)
                  .containsExactly(
                      IntStream.range(0, all.size())
                          .filter(i -> holds.test(all.get(i)))
                          .map(i -> i + 1)
                          .toArray()));
      assertThat(find(index, "is:duplicate")).contains(1, 149, 150);
      assertThat(find(index, "is:contradicted")).contains(1, 149, 150);
      int[] byMargin =
          index.find(
              new DataQuery(DataFilter.NONE, DataQuery.Order.MARGIN, true),
              Integer.MAX_VALUE,
              _ -> Optional.empty(),
              () -> false);
      double[] margins = index.lines(byMargin).stream().mapToDouble(DataLine::margin).toArray();
      int with = (int) IntStream.range(0, 150).filter(i -> !Double.isNaN(margins[i])).count();
      for (int i = 1; i < 150; i++) {
        assertThat(Double.isNaN(margins[i])).isEqualTo(i >= with);
        if (i < with) {
          assertThat(margins[i]).isLessThanOrEqualTo(margins[i - 1]);
        }
      }
      assertThat(index.row(150).second()).isEqualTo(all.get(149).rejected());
      assertThat(index.kind()).isEqualTo(DataKind.COMPARISONS);
    }
  }

  private static String text(Comparison c) {
    return (c.prompt() + " |" + c.chosen() + " |" + c.rejected())
        .replace("\n\nHuman:", "")
        .replace("\n\nAssistant:", "");
  }

  private static int words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }

  @Test
  void countsAreThoseOfTheComparisons() {
    Path file = write("a.jsonl.gz", 1);
    List<Comparison> all = ComparisonReader.read(file).comparisons();
    try (DataIndex index = open(file)) {
      DataStatistics counted =
          index.statistics(DataFilter.NONE, _ -> Optional.empty(), () -> false);
      LengthRule rule = LengthRule.of(all);
      assertThat(counted.chosenShorter()).isEqualTo(rule.chosenShorter());
      assertThat(counted.chosenLonger()).isEqualTo(rule.chosenLonger());
      assertThat(counted.tranches())
          .allSatisfy(
              each ->
                  assertThat(each.rows())
                      .isEqualTo(
                          all.stream()
                              .filter(
                                  c ->
                                      c.attributes()
                                          .getOrDefault("tranche", "")
                                          .equals(each.value()))
                              .count()));
      assertThat(counted.chosenWords().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(150);
      assertThat(counted.margins().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(counted.withMargin());
      DataRepeats repeats = index.repeats();
      assertThat(repeats.duplicates()).isEqualTo(find(index, "is:duplicate").length);
      assertThat(repeats.contradicted()).isEqualTo(find(index, "is:contradicted").length);
      assertThat(repeats.prompts())
          .isEqualTo(all.stream().map(Comparison::prompt).distinct().count());
      assertThat(repeats.conversations())
          .isEqualTo(all.stream().map(Comparison::conversationKey).distinct().count());
      assertThat(repeats.near()).isEqualTo(-1);
    }
    DataIndex.findNear(index(file), 0.99, _ -> {});
    try (DataIndex index =
        DataIndex.open(index(file), file, DataPreview.of(file).mapping()).orElseThrow()) {
      assertThat(index.repeats().nearThreshold()).isEqualTo(0.99);
      assertThat(find(index, "is:near")).contains(1, 149);
    }
  }

  @Test
  void whatTwoFilesShareIsTheirLeakage() {
    Path one = write("a.jsonl.gz", 1);
    Path other = write("b.jsonl.gz", 2);
    Leakage leakage =
        Leakage.between(
            ComparisonReader.read(one).comparisons(), ComparisonReader.read(other).comparisons());
    try (DataIndex a = open(one);
        DataIndex b = open(other)) {
      DataIndex.Shared shared = b.shared(index(one));
      assertThat(shared.heldOut()).isEqualTo(leakage.heldOut());
      assertThat(shared.openings()).isEqualTo(leakage.openings()).isPositive();
      assertThat(shared.prompts()).isEqualTo(leakage.prompts());
      assertThat(shared.rows()).isEqualTo(leakage.comparisons());
      assertThat(find(b, "opening_in:" + one)).hasSize((int) shared.openings());
      assertThat(find(a, "-opening_in:" + one)).isEmpty();
    }
  }

  @Test
  void anIndexIsOfTheFileAsItWas() throws IOException {
    Path file = write("a.jsonl.gz", 1);
    DataPreview preview = DataPreview.of(file);
    assertThat(DataIndex.open(index(file), file, preview.mapping())).isEmpty();
    open(file).close();
    assertThat(Files.exists(index(file).resolveSibling(index(file).getFileName() + "-wal")))
        .isFalse();
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    assertThat(DataIndex.open(index(file), file, preview.mapping())).isEmpty();
    assertThatThrownBy(
            () ->
                DataIndex.build(
                    file,
                    preview.mapping(),
                    index(file),
                    new DataIndex.Progress() {
                      @Override
                      public void at(double fraction, long rows) {}

                      @Override
                      public boolean cancelled() {
                        return true;
                      }
                    }))
        .isInstanceOf(CancellationException.class);
    try (var entries = Files.list(folder)) {
      assertThat(entries.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("a.jsonl.gz", "a.jsonl.gz.db");
    }
  }

  @Test
  void aFilterThatCannotBeUnderstoodSaysWhere() {
    assertThat(DataFilter.parse("turns>many").problem()).isEqualTo("turns>many");
    assertThat(DataFilter.parse("a turns>").problem()).isEqualTo("turns>");
    assertThat(DataFilter.parse("tranche:\"\"").problem()).as("rows without one").isEmpty();
    assertThat(DataFilter.parse("is:odd").problem()).isEqualTo("is:odd");
    assertThat(DataFilter.parse("http://x.y \" :").problem()).isEmpty();
    assertThat(DataFilter.parse("a -b \"c d\" x*").marked()).containsExactly("a", "c d", "x");
    assertThat(DataFilter.text("tranche", "rejection sampled"))
        .isEqualTo("tranche:\"rejection sampled\"");
  }

  @Test
  void theCatalogueRemembersAFile() {
    Path file = write("a.jsonl.gz", 1);
    DataPreview preview = DataPreview.of(file);
    DataCatalogue catalogue = new DataCatalogue(folder.resolve("w"));
    assertThat(catalogue.files()).isEmpty();
    String name = catalogue.freeName("a b/c");
    assertThat(name).isEqualTo("a-b-c");
    DataFile known =
        new DataFile(
            name,
            catalogue.converted(name),
            file,
            preview.form(),
            preview.mapping(),
            new DataReport(3, 1, 2, List.of(), List.of()),
            Instant.EPOCH);
    catalogue.put(known);
    assertThat(catalogue.files()).containsExactly(known);
    assertThat(catalogue.freeName(name)).isEqualTo("a-b-c-2");
    catalogue.remove(name);
    assertThat(catalogue.files()).isEmpty();
    assertThatThrownBy(
            () ->
                DataIndex.open(
                    catalogue.index(name), folder.resolve("gone.jsonl"), preview.mapping()))
        .isInstanceOf(UserError.class);
  }
}
