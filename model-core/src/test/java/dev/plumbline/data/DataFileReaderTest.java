package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each published form is recognised and gives the same rows as the hh form of the same content. */
final class DataFileReaderTest {
  private static final String PROMPT =
      "\n\nHuman: Hi\n\nAssistant: Yes?\n\nHuman: Why?\n\nAssistant:";

  @TempDir private Path folder;

  private record Read(DataPreview preview, List<DataRow> rows, DataReport report) {}

  private Read read(String name, String... lines) throws IOException {
    Path file = Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    DataPreview preview = DataPreview.of(file);
    List<DataRow> rows = new ArrayList<>();
    DataReport report = DataFileReader.read(file, preview.mapping(), rows::add, _ -> {});
    return new Read(preview, rows, report);
  }

  private static String json(String text) {
    return text.replace('\'', '"').replace("\n", "\\n");
  }

  private static void isTheComparison(Read read, DataForm form) {
    assertThat(read.preview.form()).isEqualTo(form);
    assertThat(read.rows).hasSize(1);
    DataRow row = read.rows.getFirst();
    assertThat(row.prompt()).isEqualTo(PROMPT);
    assertThat(row.first()).isEqualTo(" So.");
    assertThat(row.second()).isEqualTo(" No.");
    assertThat(row.turns()).isEqualTo(2);
    assertThat(row.question()).isEqualTo(" Why?");
    assertThat(row.opening()).isEqualTo("Hi");
  }

  @Test
  void everyFormOfAComparisonIsTheSameComparison() throws IOException {
    Read hh =
        read(
            "hh.jsonl",
            json(
                "{'chosen': '" + PROMPT + " So.', 'rejected': '" + PROMPT + " No.', 'margin': 2}"));
    isTheComparison(hh, DataForm.HH);
    assertThat(hh.rows.getFirst().number("margin")).isEqualTo(2);
    assertThat(hh.preview.isReady(hh.preview.mapping())).isTrue();
    String asked =
        "[{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': 'Yes?'},"
            + " {'role': 'user', 'content': 'Why?'}]";
    String so = "{'role': 'assistant', 'content': 'So.'}";
    String no = "{'role': 'assistant', 'content': 'No.'}";
    String whole = asked.substring(0, asked.length() - 1);
    isTheComparison(
        read(
            "explicit.jsonl",
            json("{'prompt': " + asked + ", 'chosen': [" + so + "], 'rejected': [" + no + "]}")),
        DataForm.EXPLICIT);
    isTheComparison(
        read(
            "whole.jsonl",
            json(
                "{'prompt': 'Why?', 'chosen': %s, %s], 'rejected': %s, %s]}"
                    .formatted(whole, so, whole, no))),
        DataForm.EXPLICIT);
    isTheComparison(
        read(
            "conversations.jsonl",
            json("{'chosen': %s, %s], 'rejected': %s, %s]}".formatted(whole, so, whole, no))),
        DataForm.CONVERSATIONS);
    isTheComparison(
        read(
            "openai.jsonl",
            json(
                "{'input': {'messages': "
                    + asked
                    + ", 'tools': []}, 'preferred_output': ["
                    + so
                    + "], 'non_preferred_output': ["
                    + no
                    + "]}")),
        DataForm.OPENAI);
    Read battle =
        read(
            "battles.jsonl",
            json(
                "{'model_a': 'x', 'model_b': 'y', 'winner': 'model_b', 'conversation_a': %s, %s],"
                        .formatted(whole, no)
                    + " 'conversation_b': %s, %s]}".formatted(whole, so)),
            json(
                "{'winner': 'tie', 'conversation_a': %s, %s], 'conversation_b': %s, %s]}"
                    .formatted(whole, no, whole, so)));
    isTheComparison(battle, DataForm.BATTLES);
    assertThat(battle.rows.getFirst().attributes())
        .containsEntry("model_chosen", "y")
        .containsEntry("model_rejected", "x");
    assertThat(battle.report.skipped())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.reason()).isEqualTo(DataFileReader.TIE);
              assertThat(each.examples().getFirst().line()).isEqualTo(2);
            });
  }

  @Test
  void plainTextsBecomeAnExchange() throws IOException {
    Read csv =
        read(
            "plain.csv",
            "prompt,chosen,rejected,dataset",
            "\"Why, then?\",So.,No.,web",
            "too,few,cells",
            "Why?,,No.,web");
    assertThat(csv.preview.form()).isEqualTo(DataForm.EXPLICIT);
    assertThat(csv.preview.isReady(csv.preview.mapping())).isFalse();
    assertThat(csv.rows.getFirst().prompt()).isEqualTo("\n\nHuman: Why, then?\n\nAssistant:");
    assertThat(csv.rows.getFirst().first()).isEqualTo(" So.");
    assertThat(csv.rows.getFirst().attributes()).isEqualTo(Map.of("source", "web"));
    assertThat(csv.rows.get(1).first()).isEmpty();
    assertThat(csv.report.used()).isEqualTo(2);
    assertThat(csv.report.skipped().getFirst().examples())
        .containsExactly(new DataReport.Example(3, "3 cells, 4 columns"));
    assertThat(csv.report.notes().getFirst().reason()).isEqualTo(DataFileReader.EMPTY);
  }

  @Test
  void dialoguesAndPromptsAreRead() throws IOException {
    Read messages =
        read(
            "m.jsonl",
            json(
                "{'messages': [{'role': 'system', 'content': 'Be brief.'},"
                    + " {'role': 'user', 'content': 'Why?'},"
                    + " {'role': 'assistant', 'content': 'So.'}]}"),
            json("{'messages': [{'role': 'tool', 'content': '1'}]}"));
    assertThat(messages.preview.form()).isEqualTo(DataForm.MESSAGES);
    assertThat(messages.rows.getFirst().prompt()).isEqualTo("\n\nHuman: Why?\n\nAssistant:");
    assertThat(messages.rows.getFirst().first()).isEqualTo(" So.");
    assertThat(messages.rows.getFirst().attributes()).containsEntry("system", "Be brief.");
    assertThat(messages.report.skipped().getFirst().reason()).isEqualTo(DataFileReader.ROLES);
    Read unpaired = read("u.jsonl", json("{'prompt': 'Why?', 'completion': 'So.', 'label': true}"));
    assertThat(unpaired.preview.form()).isEqualTo(DataForm.UNPAIRED);
    assertThat(unpaired.rows.getFirst().first()).isEqualTo(" So.");
    assertThat(unpaired.rows.getFirst().attributes()).containsEntry("label", "true");
    Read texts = read("t.jsonl", json("{'text': 'plain words'}"), "");
    assertThat(texts.rows.getFirst().prompt()).isEmpty();
    assertThat(texts.rows.getFirst().first()).isEqualTo("plain words");
    assertThat(texts.report.blank()).isEqualTo(1);
    Read prompts = read("p.json", json("[{'prompt': '\n\nHuman: Hi'}, {'prompt': 'Go on'}]"));
    assertThat(prompts.preview.form()).isEqualTo(DataForm.PROMPTS);
    assertThat(prompts.rows.getFirst().prompt()).isEqualTo("\n\nHuman: Hi\n\nAssistant:");
    assertThat(prompts.rows.get(1).prompt()).isEqualTo("Go on");
    assertThat(prompts.preview.isReady(prompts.preview.mapping())).as("an array").isFalse();
  }

  @Test
  void aFileOfUnknownColumnsIsReadByAMapping() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("own.jsonl"), json("{'q': 'Why?', 'good': 'So.', 'bad': 'No.'}"));
    DataPreview preview = DataPreview.of(file);
    assertThat(preview.form()).isEqualTo(DataForm.UNKNOWN);
    assertThat(preview.mapping().missing()).containsExactly(DataField.CHOSEN, DataField.REJECTED);
    assertThatThrownBy(() -> DataFileReader.read(file, preview.mapping(), _ -> {}, _ -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("chosen");
    DataMapping mapping =
        preview
            .mapping()
            .with(DataField.PROMPT, "q")
            .with(DataField.CHOSEN, "good")
            .with(DataField.REJECTED, "bad");
    Path target = folder.resolve("out.jsonl.gz");
    DataReport report = DataConverter.convert(file, mapping, target, _ -> {});
    assertThat(report.used()).isEqualTo(1);
    ComparisonFile written = ComparisonReader.read(target);
    assertThat(written.comparisons().getFirst().chosenTranscript())
        .isEqualTo("\n\nHuman: Why?\n\nAssistant: So.");
    assertThat(written.comparisons().getFirst().attributes()).containsEntry("source_line", "1");
    assertThat(DataPreview.of(target).isReady(DataPreview.of(target).mapping())).isTrue();
  }

  @Test
  void damageIsToldByLine() throws IOException {
    Read damaged =
        read(
            "d.jsonl",
            json("{'chosen': '" + PROMPT + " a', 'rejected': '" + PROMPT + " b'}"),
            "{not json",
            "[1]",
            json("{'chosen': '" + PROMPT + " a'}"),
            json("{'chosen': 'no turns', 'rejected': '" + PROMPT + " b'}"),
            json("{'chosen': '" + PROMPT + " a', 'rejected': '\n\nHuman: Ho\n\nAssistant: b'}"),
            json("{'chosen': '" + PROMPT + " a', 'rejected': '" + PROMPT + " a'}"));
    assertThat(damaged.report.used()).isEqualTo(2);
    assertThat(damaged.report.left()).isEqualTo(5);
    assertThat(damaged.report.skipped())
        .extracting(DataReport.Count::reason, DataReport.Count::count)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(DataFileReader.MALFORMED, 2L),
            org.assertj.core.groups.Tuple.tuple(DataFileReader.ABSENT, 1L),
            org.assertj.core.groups.Tuple.tuple(DataFileReader.NO_DIALOGUE, 1L),
            org.assertj.core.groups.Tuple.tuple(DataFileReader.UNEQUAL, 1L));
    assertThat(damaged.report.notes().getFirst().examples().getFirst().line()).isEqualTo(7);
  }

  @Test
  void realComparisonsAreThoseOfTheirReader() {
    String shared = System.getProperty("plumbline.shared", "");
    Path file = Path.of(shared, "data", "hh", "harmless-base.jsonl.gz");
    Assumptions.assumeTrue(Files.exists(file), "the public data are not here");
    ComparisonFile expected = ComparisonReader.read(file);
    DataPreview preview = DataPreview.of(file);
    assertThat(preview.form()).isEqualTo(DataForm.HH);
    List<DataRow> rows = new ArrayList<>();
    DataReport report = DataFileReader.read(file, preview.mapping(), rows::add, _ -> {});
    assertThat(report.lines()).isEqualTo(expected.report().lines());
    assertThat(report.used()).isEqualTo(expected.report().usable());
    assertThat(rows.stream().map(DataRow::prompt))
        .containsExactlyElementsOf(
            expected.comparisons().stream().map(each -> each.prompt()).toList());
    assertThat(rows.stream().map(DataRow::second))
        .containsExactlyElementsOf(
            expected.comparisons().stream().map(each -> each.rejected()).toList());
  }
}
