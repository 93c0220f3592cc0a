package dev.plumbline.labelling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.DataForm;
import dev.plumbline.data.UserError;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelEvent.Edit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is exported comes back equal; what other tools write is read as they document it. */
final class LabelImportTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir Path directory;

  private final Clock clock = LabelFixture.clock();
  private Path labels = Path.of("");

  @BeforeEach
  void folder() {
    labels = directory.resolve("labels");
  }

  private static LabelImport.Options options(String annotator) {
    return new LabelImport.Options("Imported", Optional.empty(), annotator, NOON);
  }

  /** Two annotators, every outcome, a disagreement, a decision and an edit. */
  private LabelBatch labelled(LabelMode mode) {
    LabelBatch batch =
        LabelBatch.create(
            labels, BatchSettings.paper("Original", mode, 1).withRepeats(0), LabelFixture.items(9));
    try (LabelLog log = batch.log("m k", clock)) {
      List<Judgement> given =
          List.of(
              Judgement.prefer(true, 4),
              Judgement.prefer(false, 2),
              Judgement.prefer(true, 1),
              Judgement.of(Outcome.TIE),
              Judgement.of(Outcome.BOTH_BAD),
              Judgement.of(Outcome.CANNOT_JUDGE),
              Judgement.prefer(true, 3),
              Judgement.prefer(false, 3));
      for (int i = 0; i < given.size(); i++) {
        Slot slot = slot(batch, "m k", i);
        log.append(
            new Answered(
                slot.index(),
                slot.item().id(),
                slot.firstLeft(),
                List.of(given.get(i)),
                List.of(i % 5 + 1, 0, 2),
                1.5 + i,
                2,
                true,
                i == 7 ? Optional.of(new Edit(true, "one seven, mended")) : Optional.empty()));
      }
    }
    try (LabelLog log = batch.log("jo", clock)) {
      log.append(LabelFixture.answer(slot(batch, "jo", 0), Judgement.prefer(true, 2)));
      log.append(LabelFixture.answer(slot(batch, "jo", 6), Judgement.prefer(false, 4)));
      log.append(
          new LabelEvent.Adjudicated(
              batch.items().get(6).id(), Judgement.prefer(true, 3), "longer and right"));
    }
    return batch;
  }

  private static Slot slot(LabelBatch batch, String annotator, int item) {
    return batch.order(annotator).stream()
        .filter(slot -> slot.item().id().equals(batch.items().get(item).id()))
        .findFirst()
        .orElseThrow();
  }

  /** A comparison with all that a file for training carries of it. */
  private record Said(
      String prompt,
      String chosen,
      String rejected,
      String chosenModel,
      String rejectedModel,
      int level,
      List<String> byWhom) {}

  private static List<Said> said(LabelBatch batch, boolean ofAdjudicated) {
    List<Said> said = new ArrayList<>();
    for (LabelSet.Row row : LabelSet.of(batch, batch.labels()).rows()) {
      boolean decided = row.provenance() == LabelSet.Provenance.ADJUDICATED;
      if (row.provenance() == LabelSet.Provenance.EDITED || (decided && !ofAdjudicated)) {
        continue;
      }
      said.add(
          new Said(
              row.item().prompt(),
              row.chosen().content(),
              row.rejected().content(),
              row.chosen().model(),
              row.rejected().model(),
              row.level(),
              decided
                  ? List.of()
                  : row.labels().stream()
                      .map(
                          label ->
                              "%s %s %.1f %d"
                                  .formatted(
                                      label.annotator(),
                                      // The chosen one on the left? Items may stand the other way.
                                      label.choseLeft(),
                                      label.answer().seconds(),
                                      label.answer().guidelines()))
                      .toList()));
    }
    return said;
  }

  @ParameterizedTest
  @EnumSource(
      value = LabelExport.Form.class,
      names = {"HH", "TRL", "TRL_CONVERSATIONAL", "OPENAI"})
  void comparisonsComeBackEqual(LabelExport.Form form) {
    for (LabelMode mode : LabelMode.values()) {
      LabelBatch original = labelled(mode);
      Path file = directory.resolve(mode + ".jsonl");
      LabelExport.write(file, form, original, original.labels());
      LabelImport.Imported imported = LabelImport.read(labels, file, options("?"));
      assertThat(imported.batch().settings().mode()).isEqualTo(mode);
      assertThat(imported.skipped()).isEmpty();
      // Items 0, 1 and 7 count and item 6 was decided; the edit is a fifth row, its strength
      // unsaid.
      assertThat(imported.rows()).isEqualTo(5);
      assertThat(imported.withoutStrength()).isEqualTo(1);
      assertThat(said(imported.batch(), true))
          .hasSize(5)
          .containsAll(said(original, true))
          .anySatisfy(
              each -> {
                assertThat(each.chosen()).isEqualTo("one seven, mended");
                assertThat(each.chosenModel()).isEqualTo("m k");
              });
    }
  }

  /** A label without the names that its place gives it. */
  private record Bare(
      String annotator, Instant time, LabelItem item, boolean choseLeft, Answered answer) {}

  private static List<Bare> bare(LabelBatch batch) {
    return batch.labels().labels().stream()
        .map(
            label -> {
              Answered a = label.answer();
              return new Bare(
                  label.annotator(),
                  label.time(),
                  // Attributes that belong to the pool stay; those of the candidates are not told.
                  label.item(),
                  label.choseLeft(),
                  new Answered(
                      0,
                      a.item(),
                      a.firstLeft(),
                      a.answers(),
                      a.ratings(),
                      a.seconds(),
                      a.guidelines(),
                      a.blind(),
                      a.edited()));
            })
        .toList();
  }

  @Test
  void aTableOfLabelsIsEveryLabel() {
    for (LabelMode mode : LabelMode.values()) {
      LabelBatch original = labelled(mode);
      Path file = directory.resolve(mode + ".csv");
      LabelExport.write(file, LabelExport.Form.CSV, original, original.labels());
      LabelImport.Imported imported = LabelImport.read(labels, file, options("?"));
      assertThat(imported.batch().settings().mode()).isEqualTo(mode);
      assertThat(imported.labels()).isEqualTo(10);
      List<Bare> before = bare(original);
      List<Bare> after = bare(imported.batch());
      assertThat(after)
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("item", "answer.ratings")
          .containsExactlyElementsOf(before);
      for (int i = 0; i < before.size(); i++) {
        assertThat(after.get(i).item().id()).isEqualTo(before.get(i).item().id());
        assertThat(after.get(i).item().first().model()).isEqualTo("old@1");
        assertThat(after.get(i).answer().ratings())
            .startsWith(before.get(i).answer().ratings().toArray(Integer[]::new));
      }
    }
  }

  @Test
  void battlesComeBackWithTiesAndSidesButWithoutWhatCouldNotBeJudged() {
    for (LabelMode mode : LabelMode.values()) {
      LabelBatch original = labelled(mode);
      Path file = directory.resolve(mode + ".jsonl");
      LabelExport.write(file, LabelExport.Form.ARENA, original, original.labels());
      LabelImport.Imported imported = LabelImport.read(labels, file, options("?"));
      assertThat(imported.form()).isEqualTo(DataForm.BATTLES);
      assertThat(imported.labels()).isEqualTo(9); // ten, and one that could not be judged
      List<Judgement> before =
          original.labels().labels().stream()
              .map(Label::judgement)
              .filter(each -> each.outcome() != Outcome.CANNOT_JUDGE)
              .toList();
      assertThat(imported.batch().labels().labels().stream().map(Label::judgement).toList())
          .containsExactlyElementsOf(before);
      assertThat(imported.batch().labels().labels())
          .extracting(Label::choseLeft)
          .containsExactlyElementsOf(
              original.labels().labels().stream()
                  .filter(label -> label.judgement().outcome() != Outcome.CANNOT_JUDGE)
                  .map(Label::choseLeft)
                  .toList());
    }
  }

  @Test
  void someoneElsesBattlesHaveNoStrengthAndSayWhatWasLeftOut() throws IOException {
    String conversation =
        "[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"%s\"}]";
    String line =
        "{\"model_a\":\"x\",\"model_b\":\"y\",\"winner\":\"%s\",\"judge\":\"u1\",\"tstamp\":1700000000.5,\"conversation_a\":%s,\"conversation_b\":%s}\n";
    Path file = directory.resolve("battles.jsonl");
    Files.writeString(
        file,
        line.formatted("model_b", conversation.formatted("one"), conversation.formatted("two"))
            + line.formatted(
                "tie (bothbad)", conversation.formatted("3"), conversation.formatted("4"))
            + line.formatted("somebody", conversation.formatted("5"), conversation.formatted("6"))
            + line.formatted("tie", conversation.formatted("7"), conversation.formatted("7"))
            + line.formatted(
                "model_a", conversation.formatted("one"), conversation.formatted("two"))
            + "not json\n");
    LabelImport.Imported imported = LabelImport.read(labels, file, options("?"));
    assertThat(imported.rows()).isEqualTo(6);
    assertThat(imported.labels()).isEqualTo(2);
    assertThat(imported.skipped().values()).containsOnly(1L);
    assertThat(imported.skipped())
        .hasSize(4)
        .containsKeys(
            "a winner that is neither of the two nor a tie",
            "not a JSON object",
            "the two responses are the same",
            "the same annotator and pair again; the later one counts");
    Label first = imported.batch().labels().of("u1").getFirst();
    assertThat(first.time()).isEqualTo(Instant.parse("2023-11-14T22:13:20.500Z"));
    assertThat(imported.batch().labels().labels())
        .extracting(Label::judgement)
        .containsExactlyInAnyOrder(Judgement.prefer(true, 2), Judgement.of(Outcome.BOTH_BAD));
    assertThat(imported.withoutStrength()).isEqualTo(2); // the one that was replaced too
  }

  @Test
  void labelStudiosTasksAreReadWithEachAnnotation() throws IOException {
    Path file = directory.resolve("project-1.json");
    Files.writeString(
        file,
        """
        [{"id": 7, "data": {"prompt": "why?", "answer1": "so", "answer2": "no", "topic": "x"},
          "annotations": [
            {"id": 1, "completed_by": {"id": 3, "email": "mk@lab"}, "lead_time": 4.25,
             "created_at": "2026-03-09T22:16:08.728353Z", "was_cancelled": false,
             "result": [{"type": "pairwise", "from_name": "pw", "to_name": "t1,t2",
                         "value": {"selected": "right"}}]},
            {"id": 2, "completed_by": 4, "lead_time": 9, "was_cancelled": false,
             "result": [{"type": "choices", "from_name": "c", "to_name": "t1",
                         "value": {"choices": ["Equally good"]}}]},
            {"id": 3, "completed_by": 5, "was_cancelled": true, "result": []}]},
         {"id": 8, "data": {"prompt": "how?", "answer1": "a", "answer2": "b"}, "annotations": []},
         {"id": 9, "data": {"prompt": "who?", "answer1": "a", "answer2": "b"},
          "annotations": [{"completed_by": 3, "result": [
            {"type": "rating", "from_name": "r", "value": {"rating": 3}}]}]}]
        """);
    LabelImport.Imported imported = LabelImport.read(labels, file, options("?"));
    assertThat(imported.form()).isEqualTo(DataForm.LABEL_STUDIO);
    assertThat(imported.skipped())
        .containsOnlyKeys(
            "skipped or discarded by its annotator",
            "nobody labelled it",
            "no answer says which of two texts is the better one");
    Label first = imported.batch().labels().of("mk@lab").getFirst();
    assertThat(first.judgement()).isEqualTo(Judgement.prefer(false, 2));
    assertThat(first.item().prompt()).isEqualTo("\n\nHuman: why?\n\nAssistant:");
    assertThat(first.item().second().content()).isEqualTo("no");
    assertThat(first.item().attributes()).containsEntry("topic", "x").containsEntry("task", "7");
    assertThat(first.answer().seconds()).isEqualTo(4.25);
    assertThat(first.time()).isEqualTo(Instant.parse("2026-03-09T22:16:08.728353Z"));
    assertThat(imported.batch().labels().of("4").getFirst().judgement())
        .isEqualTo(Judgement.of(Outcome.TIE));
  }

  @Test
  void argillasRecordsAreReadInAllThreeForms() throws IOException {
    // The same two answers, one discarded, as the hub's older form, nested, and flat.
    List<String> forms =
        List.of(
            """
            {"prompt": "why?", "response-1": "so", "response-2": "no", "external_id": "e1", \
            "preference": [\
            {"user_id": "u1", "status": "submitted", "value": [\
            {"rank": 2, "value": "response-1"}, {"rank": 1, "value": "response-2"}]}, \
            {"user_id": "u2", "status": "submitted", "value": [\
            {"rank": 1, "value": "response-2"}, {"rank": 1, "value": "response-1"}]}, \
            {"user_id": "u3", "status": "discarded", "value": []}], \
            "preference-suggestion": null, "metadata": "{}"}
            """,
            """
            {"id": "r1", "external_id": "e1", "metadata": {}, "suggestions": {}, "vectors": {}, \
            "fields": {"prompt": "why?", "response-1": "so", "response-2": "no"}, \
            "responses": {"preference": [\
            {"user_id": "u1", "status": "submitted", "value": "response-2"}, \
            {"user_id": "u2", "status": "submitted", "value": "tie"}, \
            {"user_id": "u3", "status": "discarded", "value": "response-1"}]}}
            """,
            """
            {"id": "r1", "status": "completed", "prompt": "why?", "response-1": "so", \
            "response-2": "no", "preference.responses": [["response-2", "response-1"], "tie", null], \
            "preference.responses.users": ["u1", "u2", "u3"], \
            "preference.responses.status": ["submitted", "submitted", "discarded"], \
            "preference.suggestion": null}
            """);
    for (int i = 0; i < forms.size(); i++) {
      Path file = Files.writeString(directory.resolve("records-" + i + ".jsonl"), forms.get(i));
      LabelImport.Imported imported = LabelImport.read(labels, file, options("?"));
      assertThat(imported.form()).isEqualTo(DataForm.ARGILLA);
      assertThat(imported.skipped()).containsOnlyKeys("skipped or discarded by its annotator");
      assertThat(imported.batch().items()).hasSize(1);
      LabelItem item = imported.batch().items().getFirst();
      assertThat(item.first().content()).isEqualTo("so");
      assertThat(imported.batch().labels().of("u1").getFirst().judgement())
          .isEqualTo(Judgement.prefer(false, 2));
      assertThat(imported.batch().labels().of("u2").getFirst().judgement())
          .isEqualTo(Judgement.of(Outcome.TIE));
    }
  }

  @Test
  void aFileWithoutALabelIsRefusedWithTheReason() throws IOException {
    Path file = directory.resolve("tasks.jsonl");
    Files.writeString(
        file,
        "{\"id\": 1, \"data\": {\"prompt\": \"p\", \"text1\": \"a\", \"text2\": \"b\"},"
            + " \"annotations\": []}\n");
    assertThatThrownBy(() -> LabelImport.read(labels, file, options("?")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("tasks.jsonl");
    assertThat(LabelBatch.list(labels)).isEmpty();
  }

  @Test
  void theSameFileTwiceMakesTheSameEventsSoThatNothingCountsTwice() {
    LabelBatch original = labelled(LabelMode.HELPFUL);
    Path file = directory.resolve("one.csv");
    LabelExport.write(file, LabelExport.Form.CSV, original, original.labels());
    LabelBatch first = LabelImport.read(labels, file, options("?")).batch();
    LabelBatch second = LabelImport.read(labels, file, options("?")).batch();
    assertThat(second.labels().labels()).isEqualTo(first.labels().labels());
    Path bundle = directory.resolve("b.zip");
    LabelBundle.write(second, bundle);
    LabelBundle.Received received = LabelBundle.receive(bundle, labels);
    assertThat(received.events()).isZero();
  }
}
