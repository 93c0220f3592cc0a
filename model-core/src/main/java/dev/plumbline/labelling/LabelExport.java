package dev.plumbline.labelling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.plumbline.data.JsonLinesWriter;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import dev.plumbline.labelling.LabelSet.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes what people labelled in the forms that other programs read. Beside what a form asks for,
 * each row carries who labelled, how strongly, on which side and how long it took, under {@code
 * labels}; programs that do not know the key leave it alone.
 */
public final class LabelExport {
  /** Between what several annotators said of one pair. */
  static final String JOINT = "; ";

  private LabelExport() {}

  /** A form of files. */
  public enum Form {
    /** Transcripts {@code chosen} and {@code rejected} (hh-rlhf); what Plumbline trains on. */
    HH("hh"),
    /** Texts {@code prompt}, {@code chosen}, {@code rejected} (TRL, explicit prompt). */
    TRL("trl"),
    /** The same as lists of messages with role and content (TRL, conversational). */
    TRL_CONVERSATIONAL("trl-conversational"),
    /** {@code input}, {@code preferred_output}, {@code non_preferred_output} (OpenAI). */
    OPENAI("openai"),
    /** Every label, undecided ones too, as a battle of two models. */
    ARENA("arena"),
    /** Every label as a row of a table. */
    CSV("csv");

    private final String word;

    Form(String word) {
      this.word = word;
    }

    /** The word in commands. */
    public String word() {
      return word;
    }

    /** The form of a word. */
    public static Form ofWord(String word) {
      for (Form form : values()) {
        if (form.word.equals(word)) {
          return form;
        }
      }
      throw new UserError(
          "no form is called '%s'; there are %s"
              .formatted(
                  word, Arrays.stream(values()).map(Form::word).collect(Collectors.joining(", "))));
    }
  }

  /**
   * Writes a file, compressed where its name ends with {@code .gz}; the same labels give the same
   * bytes.
   *
   * @return rows written
   * @throws UserError where it cannot be written
   */
  public static long write(Path file, Form form, LabelBatch batch, Labels labels) {
    if (form == Form.CSV) {
      return csv(file, batch.settings().mode(), labels);
    }
    try (JsonLinesWriter writer = new JsonLinesWriter(file)) {
      if (form == Form.ARENA) {
        labels.labels().forEach(label -> battle(label, batch.settings().mode(), writer));
      } else {
        LabelSet.of(batch, labels).rows().forEach(row -> preference(row, form, batch, writer));
      }
      return writer.lines();
    }
  }

  private static void preference(Row row, Form form, LabelBatch batch, JsonLinesWriter writer) {
    Map<String, Object> line = new LinkedHashMap<>();
    String prompt = row.item().prompt();
    switch (form) {
      case HH -> {
        writer.write(
            new Comparison(prompt, row.chosen().text(), row.rejected().text(), side(row, batch)));
        return;
      }
      case TRL -> {
        line.put("prompt", prompt);
        line.put("chosen", row.chosen().text());
        line.put("rejected", row.rejected().text());
      }
      case TRL_CONVERSATIONAL -> {
        line.put("prompt", messages(prompt));
        line.put("chosen", message(row.chosen()));
        line.put("rejected", message(row.rejected()));
      }
      case OPENAI -> {
        ObjectNode input = LabelJson.MAPPER.createObjectNode();
        input.set("messages", messages(prompt));
        input.putArray("tools");
        line.put("input", input);
        line.put("preferred_output", message(row.chosen()));
        line.put("non_preferred_output", message(row.rejected()));
      }
      case ARENA, CSV -> throw new IllegalStateException("these go by label");
    }
    line.put("labels", side(row, batch));
    writer.write(line);
  }

  /** What is known of a comparison beside its texts. */
  private static Map<String, String> side(Row row, LabelBatch batch) {
    Map<String, String> side = new LinkedHashMap<>();
    side.put("batch", batch.id());
    side.put("item", row.item().id());
    side.put("mode", batch.settings().mode().word());
    side.put("provenance", row.provenance().word());
    if (row.level() > 0) {
      side.put("strength", Integer.toString(row.level()));
    }
    side.put("annotator", joined(row.labels(), Label::annotator));
    side.put(
        "shown_left",
        joined(
            row.labels(),
            label -> label.answer().firstLeft() == isFirst(row) ? "chosen" : "rejected"));
    side.put("seconds", joined(row.labels(), LabelExport::seconds));
    side.put(
        "guideline_version",
        joined(row.labels(), label -> Integer.toString(label.answer().guidelines())));
    side.put("model_chosen", row.chosen().model());
    side.put("model_rejected", row.rejected().model());
    // What was known before never stands for what the label says.
    row.item().attributes().forEach(side::putIfAbsent);
    return side;
  }

  private static boolean isFirst(Row row) {
    return row.chosen().equals(row.item().first()) || row.rejected().equals(row.item().second());
  }

  private static String joined(List<Label> labels, Function<Label, String> value) {
    return labels.stream().map(value).collect(Collectors.joining(JOINT));
  }

  private static void battle(Label label, LabelMode mode, JsonLinesWriter writer) {
    Judgement judgement = label.judgement();
    if (label.repeat() || judgement.outcome() == Outcome.SKIPPED) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("model_a", label.item().first().model());
    line.put("model_b", label.item().second().model());
    line.put("winner", winner(judgement, mode));
    if (judgement.outcome() == Outcome.CANNOT_JUDGE) {
      return;
    }
    line.put("judge", label.annotator());
    line.put("tstamp", label.time().toEpochMilli() / 1000.0);
    line.put("conversation_a", conversation(label.item(), label.item().first()));
    line.put("conversation_b", conversation(label.item(), label.item().second()));
    Map<String, String> side = new LinkedHashMap<>();
    side.put("item", label.item().id());
    side.put("mode", mode.word());
    side.put("outcome", judgement.outcome().word());
    side.put("strength", Integer.toString(judgement.level()));
    side.put("first_left", Boolean.toString(label.answer().firstLeft()));
    side.put("seconds", seconds(label));
    side.put("guideline_version", Integer.toString(label.answer().guidelines()));
    side.put("blind", Boolean.toString(label.answer().blind()));
    label.item().attributes().forEach(side::putIfAbsent);
    line.put("labels", side);
    writer.write(line);
  }

  /**
   * Who won a battle: the better model, which in red teaming is the one that was not chosen; a
   * preference with the weakest strength is a tie. Empty where nothing was judged.
   */
  private static String winner(Judgement judgement, LabelMode mode) {
    boolean first = (judgement.outcome() == Outcome.FIRST) != (mode == LabelMode.RED_TEAM);
    return switch (judgement.outcome()) {
      case FIRST, SECOND -> judgement.counts() ? (first ? "model_a" : "model_b") : "tie";
      case BOTH_BAD -> "tie (bothbad)";
      case TIE -> "tie";
      case CANNOT_JUDGE, SKIPPED -> "";
    };
  }

  private static String seconds(Label label) {
    double seconds = label.answer().seconds();
    return Double.isNaN(seconds) ? "" : String.format(Locale.ROOT, "%.1f", seconds);
  }

  private static ArrayNode conversation(LabelItem item, Candidate candidate) {
    ArrayNode all = messages(item.prompt());
    all.addAll(message(candidate));
    return all;
  }

  /** The dialogue before the open turn. */
  private static ArrayNode messages(String prompt) {
    ArrayNode messages = LabelJson.MAPPER.createArrayNode();
    List<Turn> turns = Dialogue.parse(prompt).turns();
    for (Turn turn : turns.subList(0, turns.size() - 1)) {
      messages
          .addObject()
          .put("role", turn.role() == Role.HUMAN ? "user" : "assistant")
          .put("content", turn.content());
    }
    return messages;
  }

  private static ArrayNode message(Candidate candidate) {
    ArrayNode messages = LabelJson.MAPPER.createArrayNode();
    messages.addObject().put("role", "assistant").put("content", candidate.content());
    return messages;
  }

  private static long csv(Path file, LabelMode mode, Labels labels) {
    long rows = 0;
    try (CsvWriter csv = CsvWriter.builder().build(Files.newBufferedWriter(file))) {
      csv.writeRecord(
          "item",
          "annotator",
          "time",
          "outcome",
          "strength",
          "signed",
          "chosen_left",
          "first_left",
          "repeat",
          "seconds",
          "guideline_version",
          "blind",
          "model_first",
          "model_second",
          "selected_by",
          "mode",
          "answers",
          "ratings",
          "edited",
          "edited_text",
          "prompt",
          "response_a",
          "response_b",
          "winner");
      for (Label label : labels.labels()) {
        Judgement judgement = label.judgement();
        csv.writeRecord(
            label.item().id(),
            label.annotator(),
            label.time().toString(),
            judgement.outcome().word(),
            Integer.toString(judgement.level()),
            Double.isNaN(judgement.signed()) ? "" : Integer.toString((int) judgement.signed()),
            judgement.outcome().decided() ? Boolean.toString(label.choseLeft()) : "",
            Boolean.toString(label.answer().firstLeft()),
            Boolean.toString(label.repeat()),
            seconds(label),
            Integer.toString(label.answer().guidelines()),
            Boolean.toString(label.answer().blind()),
            label.item().first().model(),
            label.item().second().model(),
            label.item().attributes().getOrDefault(LabelItem.SELECTED_BY, ""),
            mode.word(),
            label.answer().answers().stream()
                .map(each -> each.outcome().word() + ":" + each.level())
                .collect(Collectors.joining(" ")),
            label.answer().ratings().stream()
                .map(each -> Integer.toString(each))
                .collect(Collectors.joining(" ")),
            label.answer().edited().map(edit -> edit.first() ? "first" : "second").orElse(""),
            label.answer().edited().map(LabelEvent.Edit::text).orElse(""),
            label.item().prompt(),
            label.item().first().text(),
            label.item().second().text(),
            winner(judgement, mode));
        rows++;
      }
      return rows;
    } catch (IOException e) {
      throw new UserError(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
