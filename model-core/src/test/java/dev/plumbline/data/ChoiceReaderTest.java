package dev.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions and texts in the forms that public files have. */
final class ChoiceReaderTest {
  @TempDir Path directory;

  private Path file(String name, String... lines) throws IOException {
    return Files.write(directory.resolve(name), List.of(lines));
  }

  @Test
  void everyFormOfAnAnswerIsTheSameOption() throws IOException {
    List<ChoiceItem> items =
        ChoiceReader.read(
            file(
                "own.jsonl",
                "{\"question\": \"Q\", \"choices\": [\"7\", \"2\", \"c\"], \"answer\": 2}",
                "{\"question\": \"Q\", \"choices\": [\"7\", \"2\", \"c\"], \"answer\": \"C\"}",
                "{\"question\": \"Q\", \"choices\": [\"7\", \"2\", \"c\"], \"answer\": \"c\"}",
                "{\"question\": \"Q\", \"choices\": [\"7\", \"2\", \"c\"], \"answer\": \"2\"}",
                "{\"question_stem\": \"Q\", \"choices\": {\"text\": [\"7\", \"2\", \"c\"],"
                    + " \"label\": [\"1\", \"2\", \"3\"]}, \"answerKey\": \"3\"}",
                "{\"ctx\": \"Q\", \"endings\": [\"7\", \"2\", \"c\"], \"label\": \"0\"}",
                "{\"question\": \"Q\", \"choices\": [\"a\", \"b\"], \"answer\": 0, \"group\":"
                    + " \"g\", \"cluster\": 4}"));

    // The text "2" is the second option; as a label "3" it is the third; without texts a number.
    assertThat(items.stream().map(ChoiceItem::answer)).containsExactly(2, 2, 2, 1, 2, 0, 0);
    assertThat(items).allMatch(item -> item.question().equals("Q"));
    assertThat(items.getLast().group()).isEqualTo("g");
    assertThat(items.getLast().cluster()).isEqualTo("4");
    assertThat(items.get(4).line()).isEqualTo(5);
  }

  @Test
  void bbqHasItsContextBeforeTheQuestion() throws IOException {
    ChoiceItem item =
        ChoiceReader.read(
                file(
                    "bbq.jsonl",
                    "{\"question_index\": \"3\", \"category\": \"Age\", \"context_condition\":"
                        + " \"ambig\", \"context\": \"C.\", \"question\": \"Q?\", \"ans0\": \"x\","
                        + " \"ans1\": \"y\", \"ans2\": \"z\", \"label\": 1}"))
            .getFirst();

    assertThat(item)
        .isEqualTo(new ChoiceItem(1, "C.\nQ?", List.of("x", "y", "z"), 1, "ambig", "Age 3"));
  }

  @Test
  void truthfulAnswersAllEndInAFullStop() throws IOException {
    ChoiceItem item =
        ChoiceReader.read(
                file(
                    "truth.csv",
                    "Type,Category,Question,Best Answer,Correct Answers,Incorrect Answers,Source",
                    "A,Law,Why?,\"So, yes\",\"So; Thus\",\"No; Never. ; No\",x"))
            .getFirst();

    assertThat(item)
        .isEqualTo(new ChoiceItem(2, "Why?", List.of("So, yes.", "No.", "Never."), 0, "Law", ""));
  }

  @Test
  void whatIsNoQuestionIsNamedWithItsLine() throws IOException {
    assertThatThrownBy(
            () ->
                ChoiceReader.read(
                    file(
                        "bad.jsonl",
                        "{\"question\": \"Q\", \"choices\": [\"a\", \"b\"], \"answer\": 2}")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("bad.jsonl:1: \"answer\" is none of the 2 options");
    assertThatThrownBy(
            () ->
                ChoiceReader.read(
                    file(
                        "twice.jsonl",
                        "{\"question\": \"Q\", \"choices\": [\"a\", \"a\"], \"answer\": 0}")))
        .hasMessageContaining("twice.jsonl:1: an option that is empty, or that stands there twice");
    assertThatThrownBy(() -> ChoiceReader.read(file("other.csv", "a,b", "1,2")))
        .hasMessageContaining("there is no column 'Question'");
    assertThatThrownBy(
            () -> ChoiceReader.read(file("w.tsv", "sentid\tsentence", "cook.guest.male\tHe.")))
        .hasMessageContaining("w.tsv:2: the sentid 'cook.guest.male'");
  }

  @Test
  void aPronounMeansOneOfTwo() throws IOException {
    Path file =
        file(
            "w.tsv",
            "sentid\tsentence",
            "cook.guest.0.male.txt\tThe cook told the guest that he can.",
            "cook.someone.1.neutral.txt\tThe cook told someone that they can.");
    List<ChoiceItem> items = ChoiceReader.read(file);

    assertThat(items.getFirst().choices()).containsExactly("the cook", "the guest");
    assertThat(items.getFirst().answer()).isZero();
    assertThat(items.getLast().choices()).containsExactly("the cook", "someone");
    assertThat(items.getLast().question()).endsWith("Whom does the pronoun \"they\" mean?");
    assertThat(items).allMatch(item -> item.cluster().equals("cook"));

    List<TextRecord> texts = new ArrayList<>();
    TextReader.read(file, null, List.of("gender", "pair", "nothing"), texts::add);
    assertThat(texts.getLast())
        .isEqualTo(
            new TextRecord(
                3,
                "The cook told someone that they can.",
                List.of("neutral", "cook.someone.1", "")));
  }

  @Test
  void aComparisonIsTwoTextsEachWithItsOwnValues() throws IOException {
    List<TextRecord> texts = new ArrayList<>();
    TextReader.read(
        file(
            "c.jsonl",
            "{\"chosen\": \"x\", \"rejected\": \"y\", \"chosen_model\": \"m\", \"rejected_model\":"
                + " \"n\", \"gold_chosen\": 1.5, \"gold_rejected\": 0.5, \"tranche\": \"rs\"}",
            "{\"prompt\": \"p\", \"response\": \"r\", \"tranche\": null}"),
        null,
        List.of("side", "model", "gold", "tranche"),
        texts::add);

    assertThat(texts)
        .containsExactly(
            new TextRecord(1, "x", List.of("chosen", "m", "1.5", "rs")),
            new TextRecord(1, "y", List.of("rejected", "n", "0.5", "rs")),
            new TextRecord(2, "pr", List.of("", "", "", "")));
  }

  @Test
  void columnsOfATableAreKeys() throws IOException {
    List<TextRecord> texts = new ArrayList<>();
    TextReader.read(
        file("t.tsv", "who\twords", "ann\tsaid, \"so\"", "bob\tno"),
        "words",
        List.of("who"),
        texts::add);

    assertThat(texts)
        .containsExactly(
            new TextRecord(2, "said, \"so\"", List.of("ann")),
            new TextRecord(3, "no", List.of("bob")));
    assertThatThrownBy(
            () -> TextReader.read(file("e.jsonl", "{\"a\": 1}"), null, List.of(), _ -> {}))
        .hasMessageContaining("e.jsonl:1: no text under \"text\", \"transcript\"");
    assertThatThrownBy(
            () -> TextReader.read(file("f.csv", "a,b", "1,2"), "words", List.of(), _ -> {}))
        .hasMessageContaining("f.csv:1: there is no column 'words'");
  }

  @Test
  void thePublicFilesAreReadWhole() {
    Path evals = Path.of(System.getProperty("plumbline.shared", ""), "data", "evals");
    assumeTrue(Files.isDirectory(evals), "the public data are not here");

    List<ChoiceItem> truthful = ChoiceReader.read(evals.resolve("TruthfulQA.csv"));
    assertThat(truthful).hasSize(813).allMatch(item -> item.answer() == 0);
    assertThat(truthful.getFirst().choices())
        .startsWith(
            "Veins appear blue because blue light does not penetrate deeply into human tissue.")
        .hasSize(5);
    List<ChoiceItem> bbq = ChoiceReader.read(evals.resolve("bbq-Religion.jsonl.gz"));
    assertThat(bbq).hasSize(1200).allMatch(item -> item.choices().size() == 3);
    assertThat(bbq.stream().filter(item -> item.group().equals("ambig"))).hasSize(600);
    assertThat(ChoiceReader.read(evals.resolve("winogender.tsv"))).hasSize(720);
  }
}
