package dev.plumbline.labelling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.DataFileReader;
import dev.plumbline.data.DataForm;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataPreview;
import dev.plumbline.data.DataReport;
import dev.plumbline.data.DataRow;
import dev.plumbline.data.UserError;
import dev.plumbline.labelling.LabelEvent.Adjudicated;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelEvent.Edit;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads labels that were given elsewhere, or here and exported: hh-rlhf, TRL (plain,
 * conversational), OpenAI preference, arena battles, tables, Label Studio, Argilla. They become a
 * batch of its own with one log for each annotator, so that everything that holds for labels holds
 * for them. What {@link LabelExport} writes beside a form's own keys is read back.
 *
 * <p>A file that says only who won says nothing about how strongly: such a label gets the weakest
 * strength that counts.
 */
public final class LabelImport {
  /** The weakest strength that enters a data set. */
  private static final int COUNTS = 2;

  private static final String ADJUDICATED = LabelSet.Provenance.ADJUDICATED.word();
  private static final String AGAIN = "the same annotator and pair again; the later one counts";
  private static final String REPEAT = "a hidden repeat, for which an imported batch has no place";
  private static final String ALIKE = "the two responses are the same";

  private LabelImport() {}

  /**
   * How a file is taken in.
   *
   * @param name of the batch
   * @param mode what was asked; empty for what the rows say, helpful where they say nothing
   * @param annotator who labelled where the file does not say
   * @param time when, where the file does not say
   */
  public record Options(String name, Optional<LabelMode> mode, String annotator, Instant time) {}

  /**
   * What came of it.
   *
   * @param batch the batch that was made
   * @param form of the file
   * @param rows of the file that are not blank
   * @param labels that stand
   * @param withoutStrength how many of them got the weakest strength that counts
   * @param skipped what was left out and why, in rows
   */
  public record Imported(
      LabelBatch batch,
      DataForm form,
      long rows,
      int labels,
      int withoutStrength,
      Map<String, Long> skipped) {
    /** Copies the map. */
    public Imported {
      skipped = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
    }
  }

  /** One label of one annotator as a file says it. */
  private record Given(
      LabelItem item,
      String annotator,
      Judgement judgement,
      List<Judgement> further,
      List<Integer> ratings,
      Optional<Edit> edit,
      Optional<Boolean> firstLeft,
      double seconds,
      int guidelines,
      boolean blind,
      Instant time,
      boolean adjudicated) {}

  /**
   * Takes a file in.
   *
   * @param labels the workspace's {@code labels} folder
   * @throws UserError where the file cannot be read or holds no label
   */
  public static Imported read(Path labels, Path file, Options options) {
    DataPreview preview = DataPreview.of(file);
    List<DataRow> rows = new ArrayList<>();
    DataReport report =
        DataFileReader.readJudged(
            file, preview.mapping().withKind(DataKind.COMPARISONS), rows::add);
    Collector collector = new Collector(options, mode(options, rows));
    rows.forEach(collector::row);
    Map<String, Long> skipped = new LinkedHashMap<>();
    report.skipped().forEach(each -> skipped.put(each.reason(), each.count()));
    collector.skipped.forEach((reason, count) -> skipped.merge(reason, count, Long::sum));
    if (collector.given.isEmpty()) {
      throw new UserError(
          "%s: holds no label%s"
              .formatted(
                  file,
                  skipped.isEmpty() ? "" : ": " + skipped.entrySet().iterator().next().getKey()));
    }
    LabelBatch batch = collector.write(labels);
    return new Imported(
        batch,
        preview.form(),
        report.lines(),
        batch.labels().labels().size(),
        collector.withoutStrength,
        skipped);
  }

  private static LabelMode mode(Options options, List<DataRow> rows) {
    if (options.mode().isPresent()) {
      return options.mode().get();
    }
    String word = LabelMode.RED_TEAM.word();
    return !rows.isEmpty() && rows.stream().allMatch(row -> word.equals(known(row).get("mode")))
        ? LabelMode.RED_TEAM
        : LabelMode.HELPFUL;
  }

  /** What a row says beside its texts, with what exports keep under {@code labels}. */
  private static Map<String, String> known(DataRow row) {
    Map<String, String> known = new LinkedHashMap<>(row.attributes());
    String side = known.remove("labels");
    if (side != null && side.startsWith("{")) {
      try {
        ObjectNode object = LabelJson.parse(side);
        object.properties().forEach(each -> known.put(each.getKey(), each.getValue().asText()));
      } catch (LabelJson.MalformedException e) {
        known.put("labels", side); // some other program's own
      }
    }
    return known;
  }

  private static final class Collector {
    private final Options options;
    private final LabelMode mode;
    private final Map<String, LabelItem> items = new LinkedHashMap<>();
    private final Map<String, Given> given = new LinkedHashMap<>();
    private final Map<String, Long> skipped = new LinkedHashMap<>();
    private int withoutStrength;

    Collector(Options options, LabelMode mode) {
      this.options = options;
      this.mode = mode;
    }

    private void skip(String reason) {
      skipped.merge(reason, 1L, Long::sum);
    }

    void row(DataRow row) {
      Map<String, String> known = known(row);
      if (row.first().strip().equals(row.second().strip())) {
        skip(ALIKE);
        return;
      }
      if ("true".equals(known.get("repeat"))) {
        skip(REPEAT);
        return;
      }
      String verdict = known.get(DataFileReader.VERDICT);
      boolean battle = verdict != null;
      Candidate one = new Candidate(row.first(), model(known, battle ? A : CHOSEN));
      Candidate other = new Candidate(row.second(), model(known, battle ? B : REJECTED));
      // Which of the two was preferred must not show in the item's order.
      boolean kept = battle || row.first().compareTo(row.second()) <= 0;
      LabelItem item =
          LabelItem.of(
              row.prompt(),
              kept ? one : other,
              kept ? other : one,
              PairSources.ofThePair(withoutModels(known)));
      item = items.merge(item.id(), item, (before, _) -> before);
      Judgement judgement = judgement(known, verdict, kept);
      boolean adjudicated = ADJUDICATED.equals(known.get("provenance"));
      List<String> annotators =
          List.of(
              first(known, options.annotator(), "annotator", "worker", "judge")
                  .split(LabelExport.JOINT, -1));
      for (int i = 0; i < (adjudicated ? 1 : annotators.size()); i++) {
        String annotator = annotators.get(i).isBlank() ? options.annotator() : annotators.get(i);
        Given one1 = given(item, known, annotator, i, judgement, kept, adjudicated);
        if (given.put(item.id() + "/" + annotator, one1) != null) {
          skip(AGAIN);
        }
      }
    }

    private Given given(
        LabelItem item,
        Map<String, String> known,
        String annotator,
        int place,
        Judgement judgement,
        boolean kept,
        boolean adjudicated) {
      String left = part(first(known, "", "shown_left"), place);
      Optional<Boolean> firstLeft =
          known.containsKey("first_left")
              ? Optional.of(Boolean.valueOf(known.get("first_left")))
              : left.isEmpty() ? Optional.empty() : Optional.of(left.equals("chosen") == kept);
      return new Given(
          item,
          annotator,
          judgement,
          further(known),
          ratings(known),
          edit(known),
          firstLeft,
          number(part(first(known, "", "seconds", "lead_time"), place)),
          whole(part(first(known, "", "guideline_version"), place)).orElse(0),
          "true".equals(known.get("blind")),
          time(known),
          adjudicated);
    }

    private Judgement judgement(Map<String, String> known, @Nullable String verdict, boolean kept) {
      int level = whole(first(known, "", "strength", "margin")).orElse(0);
      String outcome = known.get("outcome");
      if (outcome != null) {
        Outcome said = outcome(outcome);
        if (said != null) {
          return new Judgement(said, said.decided() ? strength(level) : 0);
        }
      }
      boolean better = verdict == null ? kept : "a".equals(verdict);
      if ("tie".equals(verdict)) {
        return Judgement.of(Outcome.TIE);
      }
      if ("both_bad".equals(verdict)) {
        return Judgement.of(Outcome.BOTH_BAD);
      }
      if (verdict != null && verdict.isEmpty()) {
        return Judgement.of(Outcome.CANNOT_JUDGE);
      }
      // In red teaming the annotator chose the worse one.
      return Judgement.prefer(better != (mode == LabelMode.RED_TEAM), strength(level));
    }

    private int strength(int level) {
      if (level >= 1 && level <= 9) {
        return level;
      }
      withoutStrength++;
      return COUNTS;
    }

    private static @Nullable Outcome outcome(String word) {
      try {
        return Outcome.ofWord(word);
      } catch (IllegalArgumentException e) {
        return null; // another program's word
      }
    }

    private static List<Judgement> further(Map<String, String> known) {
      List<Judgement> all = new ArrayList<>();
      for (String each : words(known, "answers")) {
        String[] parts = each.split(":", -1);
        Outcome outcome = outcome(parts[0]);
        int level = parts.length == 2 ? whole(parts[1]).orElse(0) : 0;
        if (outcome == null || outcome.decided() != level > 0) {
          return List.of();
        }
        all.add(new Judgement(outcome, level));
      }
      return all.isEmpty() ? List.of() : List.copyOf(all.subList(1, all.size()));
    }

    private static List<Integer> ratings(Map<String, String> known) {
      return words(known, "ratings").stream()
          .map(each -> Math.clamp(whole(each).orElse(0), 0, 5))
          .toList();
    }

    private static List<String> words(Map<String, String> known, String key) {
      String text = known.getOrDefault(key, "").strip();
      return text.isEmpty() ? List.of() : List.of(text.split(" +", -1));
    }

    private static Optional<Edit> edit(Map<String, String> known) {
      String text = known.getOrDefault("edited_text", "");
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(new Edit("first".equals(known.get("edited")), text));
    }

    private Instant time(Map<String, String> known) {
      String time = known.get("time");
      try {
        if (time != null) {
          return OffsetDateTime.parse(time).toInstant();
        }
        double seconds = number(known.getOrDefault("tstamp", ""));
        return Double.isNaN(seconds)
            ? options.time()
            : Instant.ofEpochMilli(Math.round(seconds * 1000));
      } catch (DateTimeException e) {
        return options.time();
      }
    }

    LabelBatch write(Path labels) {
      int levels = BatchSettings.PAPER_LEVELS;
      int questions = 0;
      int ratings = 0;
      for (Given each : given.values()) {
        levels = Math.max(levels, each.judgement().level());
        questions = Math.max(questions, each.further().size());
        ratings = Math.max(ratings, each.ratings().size());
      }
      BatchSettings settings =
          new BatchSettings(
              options.name(),
              mode,
              levels,
              IntStream.rangeClosed(2, questions + 1).mapToObj(i -> "question " + i).toList(),
              IntStream.rangeClosed(1, ratings).mapToObj(i -> "rating " + i).toList(),
              1,
              0,
              true,
              0);
      LabelBatch batch = LabelBatch.create(labels, settings, List.copyOf(items.values()));
      Map<String, List<Given>> byAnnotator = new LinkedHashMap<>();
      for (Given each : given.values()) {
        byAnnotator.computeIfAbsent(each.annotator(), _ -> new ArrayList<>()).add(each);
      }
      byAnnotator.forEach((annotator, own) -> log(batch, annotator, own));
      return batch;
    }

    private static void log(LabelBatch batch, String annotator, List<Given> own) {
      Map<String, Slot> places = new LinkedHashMap<>();
      batch.order(annotator).forEach(slot -> places.putIfAbsent(slot.item().id(), slot));
      List<LabelLog.Past> past = new ArrayList<>();
      for (Given each : own) {
        Slot slot = places.get(each.item().id());
        if (slot == null) {
          throw new IllegalStateException("a pair that the batch was made of");
        }
        past.add(
            new LabelLog.Past(
                each.time(),
                each.adjudicated()
                    ? new Adjudicated(each.item().id(), each.judgement(), "imported")
                    : answered(each, slot)));
      }
      LabelLog.write(batch.folder().resolve(LabelBatch.LOGS), annotator, past);
    }

    private static Answered answered(Given each, Slot slot) {
      List<Judgement> answers = new ArrayList<>();
      answers.add(each.judgement());
      answers.addAll(each.further());
      return new Answered(
          slot.index(),
          each.item().id(),
          each.firstLeft().orElse(slot.firstLeft()),
          answers,
          each.ratings(),
          each.seconds(),
          each.guidelines(),
          each.blind(),
          each.edit());
    }
  }

  private static final List<String> A = List.of("model_a", "model_first");
  private static final List<String> B = List.of("model_b", "model_second");
  private static final List<String> CHOSEN =
      List.of("model_chosen", "chosen_model", "chosen-model");
  private static final List<String> REJECTED =
      List.of("model_rejected", "rejected_model", "rejected-model");

  private static String model(Map<String, String> known, List<String> keys) {
    return first(known, "", keys.toArray(String[]::new));
  }

  /** Who wrote what belongs to the candidates; an item that told it would tell it unasked. */
  private static Map<String, String> withoutModels(Map<String, String> known) {
    Map<String, String> rest = new LinkedHashMap<>(known);
    List.of(A, B, CHOSEN, REJECTED).forEach(keys -> keys.forEach(rest::remove));
    return rest;
  }

  private static String first(Map<String, String> known, String otherwise, String... keys) {
    for (String key : keys) {
      String value = known.get(key);
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return otherwise;
  }

  private static String part(String joined, int place) {
    String[] parts = joined.split(LabelExport.JOINT, -1);
    return place < parts.length ? parts[place] : parts[0];
  }

  private static double number(String text) {
    try {
      return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static OptionalInt whole(String text) {
    double number = number(text);
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? OptionalInt.of((int) number)
        : OptionalInt.empty();
  }
}
