package dev.plumbline.evaluation;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.LengthRule;
import dev.plumbline.data.TextReader;
import dev.plumbline.data.TextRecord;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Role;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import dev.plumbline.training.HeldOutMean;
import dev.plumbline.training.ScoreFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A preference model's scores of texts. Files are read twice and never kept: once to draw, once to
 * score. What remains of a text is its row.
 *
 * <p>Tables: {@code text-scores}, a row for each text; {@code text-scores-by-group}; {@code
 * label-auroc}; {@code pair-gaps} and {@code pair-gap-summary}. See {@link TextScoreTables}.
 */
final class TextScores implements Measurement {
  private static final int AT_ONCE = 512;
  private static final int EXCERPT = 120;

  private final TextScoresSettings settings;
  private final Randomness randomness;
  private final PreferenceModel model;
  private final @Nullable HeldOutMean heldOut;
  private final List<String> keys;
  private final boolean chat;

  TextScores(TextScoresSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    randomness = new Randomness(seed);
    Path directory = Path.of(settings.preferenceModel());
    model = ScoreFixture.load(runtime, directory);
    heldOut = ScoreFixture.mean(directory).orElse(null);
    chat = model.format() == DialogueFormat.CHAT_TEMPLATE;
    keys =
        Stream.of(settings.groupBy(), settings.label(), settings.pair(), settings.term())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
  }

  @Override
  public String phase() {
    return "text scores";
  }

  /**
   * A text that was scored.
   *
   * @param group its group; empty where the file names none
   * @param label its label, likewise
   * @param pair what it has in common with those that differ in one term
   * @param term that term
   * @param score nats
   * @param words its response's length
   * @param conversation the same for texts of one conversation, or of one pair
   */
  record Row(
      String group,
      String label,
      String pair,
      String term,
      double score,
      int words,
      int conversation) {}

  /** Prompt and response of a text; a text that is no dialogue is all response. */
  private record Parts(String prompt, String response) {
    /** Empty where the last turn is a person's: there is no response to be scored. */
    static Optional<Parts> of(String text) {
      String human = Role.HUMAN.marker();
      String assistant = Role.ASSISTANT.marker();
      if (!text.startsWith(human) && !text.startsWith(assistant)) {
        return Optional.of(new Parts("", text));
      }
      int at = text.lastIndexOf(assistant);
      if (at < 0 || text.indexOf(human, at + 1) >= 0) {
        return Optional.empty();
      }
      int end = at + assistant.length();
      return Optional.of(new Parts(text.substring(0, end), text.substring(end)));
    }

    /** The same for texts of one conversation: those that open alike. */
    static int conversation(String text) {
      int first = text.indexOf(Role.ASSISTANT.marker());
      boolean opens = first > 0 && text.startsWith(Role.HUMAN.marker());
      return (opens ? text.substring(0, first) : text).hashCode();
    }
  }

  @Override
  public void run(MeasurementContext context) {
    BitSet drawn = drawn();
    if (drawn.isEmpty()) {
      throw new UserError("the files hold no text");
    }
    long total = drawn.cardinality();
    context.progress(0, total);
    Collector collector = new Collector(drawn, context, total);
    for (String file : settings.files()) {
      collector.in(Path.of(file));
      TextReader.read(Path.of(file), settings.text(), keys, collector);
    }
    collector.score();
    context.table(collector.rows.build());
    if (collector.withoutResponse > 0) {
      context.notice(
          "%d texts end with a person's turn and have no response to be scored; they are left out"
              .formatted(collector.withoutResponse));
    }
    if (heldOut != null) {
      context.notice(
          "centred scores are less %.6f nats, the model's mean over %d held-out responses (%s)"
              .formatted(heldOut.mean(), heldOut.n(), heldOut.name()));
    }
    List<Row> found = collector.found;
    if (found.isEmpty()) {
      throw new UserError("no text of the files ends with a response; there is nothing to score");
    }
    for (String key : keys) {
      if (found.stream().allMatch(row -> value(row, key).isEmpty())) {
        throw new UserError(
            "no text of the files says anything under '%s'; check the key's name".formatted(key));
      }
    }
    TextScoreTables tables = new TextScoreTables(found, zero(), randomness);
    context.table(tables.byGroup());
    String label = settings.label();
    if (label != null) {
      context.table(tables.auroc(label, settings.positive()));
    }
    if (settings.pair() != null) {
      tables.pairs(settings.terms()).forEach(context::table);
    }
  }

  private String value(Row row, String key) {
    if (key.equals(settings.groupBy())) {
      return row.group();
    }
    if (key.equals(settings.label())) {
      return row.label();
    }
    return key.equals(settings.pair()) ? row.pair() : row.term();
  }

  /** What centred scores are less; NaN where the model remembers no mean. */
  private double zero() {
    return heldOut == null ? Double.NaN : heldOut.mean();
  }

  private String value(TextRecord text, @Nullable String key) {
    return key == null ? "" : text.values().get(keys.indexOf(key));
  }

  /** The texts to be scored, by their number over all files. */
  private BitSet drawn() {
    Map<String, Integer> units = new HashMap<>();
    List<Integer> unitOf = new ArrayList<>();
    int[] n = {0};
    for (String file : settings.files()) {
      TextReader.read(
          Path.of(file),
          settings.text(),
          keys,
          text -> {
            n[0]++;
            if (settings.pair() != null) {
              unitOf.add(units.computeIfAbsent(value(text, settings.pair()), _ -> units.size()));
            }
          });
    }
    if (settings.pair() == null || n[0] <= settings.maxTexts()) {
      return Drawing.of(n[0], settings.maxTexts(), randomness, "texts");
    }
    int[] sizes = new int[units.size()];
    unitOf.forEach(unit -> sizes[unit]++);
    BitSet chosen = new BitSet(sizes.length);
    int room = settings.maxTexts();
    for (int unit : randomness.permutation(sizes.length, "texts")) {
      if (sizes[unit] <= room) {
        chosen.set(unit);
        room -= sizes[unit];
      }
    }
    BitSet drawn = new BitSet(n[0]);
    for (int i = 0; i < n[0]; i++) {
      drawn.set(i, chosen.get(unitOf.get(i)));
    }
    return drawn;
  }

  /** Scores texts as they come. */
  private final class Collector implements Consumer<TextRecord> {
    private final BitSet drawn;
    private final MeasurementContext context;
    private final long total;
    private final List<TextRecord> waiting = new ArrayList<>();
    private final List<Parts> parts = new ArrayList<>();
    private final Map<String, Integer> placeInPair = new HashMap<>();
    private Path file = Path.of("");
    private int number;
    private long seen;
    long withoutResponse;
    final List<Row> found = new ArrayList<>();
    final ResultTable.Builder rows =
        ResultTable.named("text-scores")
            .text("file", "the file that holds it")
            .number("line", "", "its line in the file, from 1")
            .text("group", "its value of group_by; empty where there is none")
            .text("label", "its label; empty where there is none")
            .text("pair", "the same for texts that differ in one term; empty where there is none")
            .text("term", "the term that it has and those others have not")
            .number("score", "nat", "the preference model's score of the text's last response")
            .number(
                "centred", "nat", "score less the model's mean on its held-out set, where known")
            .number("words", "word", "length of the response")
            .text("excerpt", "the beginning of the response");

    Collector(BitSet drawn, MeasurementContext context, long total) {
      this.drawn = drawn;
      this.context = context;
      this.total = total;
    }

    void in(Path next) {
      score();
      file = next;
    }

    @Override
    public void accept(TextRecord text) {
      if (!drawn.get(number++)) {
        return;
      }
      String shown = settings.template().replace(TextScoresSettings.PLACE, text.text());
      seen++;
      Optional<Parts> found = Parts.of(shown);
      if (found.isEmpty()) {
        withoutResponse++;
        return;
      }
      if (chat && found.get().prompt().isEmpty()) {
        throw new UserError(
            ("%s:%d: the text is no dialogue, and this model scores answers in its chat template;"
                    + " put it into one with template")
                .formatted(file, text.line()));
      }
      waiting.add(text);
      parts.add(found.get());
      if (waiting.size() == AT_ONCE) {
        score();
      }
    }

    void score() {
      if (waiting.isEmpty()) {
        return;
      }
      double[] scores =
          ScoreFixture.score(
              model,
              parts.stream().map(Parts::prompt).toList(),
              parts.stream().map(Parts::response).toList());
      for (int i = 0; i < scores.length; i++) {
        keep(waiting.get(i), parts.get(i), scores[i]);
      }
      waiting.clear();
      parts.clear();
      context.progress(seen, total);
    }

    private void keep(TextRecord text, Parts part, double score) {
      String pair = value(text, settings.pair());
      String term = value(text, settings.term());
      if (settings.term() == null && !pair.isEmpty()) {
        term = Integer.toString(placeInPair.merge(pair, 1, Integer::sum));
      }
      String response = part.response().strip();
      Row row =
          new Row(
              value(text, settings.groupBy()),
              value(text, settings.label()),
              pair,
              term,
              score,
              LengthRule.words(response),
              pair.isEmpty() ? Parts.conversation(text.text()) : pair.hashCode());
      found.add(row);
      rows.row(
          file.toString(),
          text.line(),
          row.group(),
          row.label(),
          row.pair(),
          row.term(),
          score,
          score - zero(),
          row.words(),
          response.length() > EXCERPT ? response.substring(0, EXCERPT) : response);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
