package dev.plumbline.labelling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.analysis.LabellingPlan;
import dev.plumbline.analysis.Reliability;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.labelling.LabelEvent.Adjudicated;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelEvent.Edit;
import dev.plumbline.labelling.LabelEvent.Undone;
import dev.plumbline.labelling.LabelSet.Dropped;
import dev.plumbline.labelling.LabelSet.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabelsTest {
  @TempDir Path directory;

  private final Clock clock = LabelFixture.clock();
  private Path labels = Path.of("");

  @BeforeEach
  void folder() {
    labels = directory.resolve("labels");
  }

  private LabelBatch batch(LabelMode mode, int items) {
    return LabelBatch.create(
        labels,
        BatchSettings.paper("Batch 7: new against old", mode, 1).withRepeats(0),
        LabelFixture.items(items));
  }

  /** The place at which somebody sees the batch's pair of that number. */
  private static Slot slot(LabelBatch batch, String annotator, int item) {
    return batch.order(annotator).stream()
        .filter(slot -> slot.item().id().equals(batch.items().get(item).id()))
        .findFirst()
        .orElseThrow();
  }

  private LabelEvent answer(LabelBatch batch, LabelLog log, int item, Judgement judgement) {
    return log.append(LabelFixture.answer(slot(batch, log.annotator(), item), judgement));
  }

  @Test
  void whatIsTakenBackIsGoneAndWhatIsAnsweredAgainIsReplaced() {
    LabelBatch batch = batch(LabelMode.HELPFUL, 5);
    assertThat(batch.id()).isEqualTo("batch-7-new-against-old");
    try (LabelLog log = batch.log("mk", clock)) {
      LabelEvent first = answer(batch, log, 0, Judgement.prefer(true, 3));
      answer(batch, log, 1, Judgement.prefer(true, 2));
      log.append(new Undone(first.id()));
      answer(batch, log, 1, Judgement.prefer(false, 4));
    }
    Labels found = LabelBatch.read(batch.folder()).labels();
    assertThat(found.labels()).hasSize(1);
    assertThat(found.labels().getFirst().judgement()).isEqualTo(Judgement.prefer(false, 4));
    assertThat(found.conflicts()).isEmpty(); // changing one's mind is none
  }

  @Test
  void thePapersRuleDecidesWhatCountsAndSaysWhatItDrops() {
    LabelBatch batch = batch(LabelMode.HELPFUL, 9);
    try (LabelLog mk = batch.log("mk", clock);
        LabelLog jo = batch.log("jo", clock)) {
      answer(batch, mk, 0, Judgement.prefer(true, 2)); // counts
      answer(batch, mk, 1, Judgement.prefer(true, 1)); // weakest
      answer(batch, mk, 2, Judgement.of(Outcome.TIE));
      answer(batch, mk, 3, Judgement.of(Outcome.BOTH_BAD));
      answer(batch, mk, 4, Judgement.of(Outcome.CANNOT_JUDGE));
      answer(batch, mk, 5, Judgement.prefer(false, 4)); // both alike: unanimous, level 2
      answer(batch, jo, 5, Judgement.prefer(false, 2));
      answer(batch, mk, 6, Judgement.prefer(false, 4)); // unresolved
      answer(batch, jo, 6, Judgement.prefer(true, 2));
      answer(batch, mk, 7, Judgement.prefer(false, 4)); // adjudicated
      answer(batch, jo, 7, Judgement.prefer(true, 2));
      jo.append(
          new Adjudicated(batch.items().get(7).id(), Judgement.prefer(true, 3), "asked again"));
    }
    LabelSet set = LabelSet.of(batch, batch.labels());
    assertThat(set.dropped())
        .isEqualTo(
            Map.of(
                Dropped.WEAKEST, 1,
                Dropped.TIE, 1,
                Dropped.BOTH_BAD, 1,
                Dropped.CANNOT_JUDGE, 1,
                Dropped.UNRESOLVED, 1));
    assertThat(set.rows())
        .extracting(LabelSet.Row::provenance)
        .containsExactly(Provenance.SINGLE, Provenance.UNANIMOUS, Provenance.ADJUDICATED);
    assertThat(set.rows()).extracting(LabelSet.Row::level).containsExactly(2, 2, 3);
    assertThat(set.rows())
        .extracting(row -> row.chosen().text())
        .containsExactly(" one 0", " two 5", " one 7");
  }

  @Test
  void inRedTeamingTheChosenResponseIsTheWorseOne() throws IOException {
    LabelBatch batch = batch(LabelMode.RED_TEAM, 1);
    try (LabelLog log = batch.log("mk", clock)) {
      answer(batch, log, 0, Judgement.prefer(true, 4)); // "one 0" is the more harmful
    }
    Path file = directory.resolve("harmless.jsonl.gz");
    assertThat(LabelExport.write(file, LabelExport.Form.HH, batch, batch.labels())).isEqualTo(1);
    Comparison comparison = ComparisonReader.read(file).comparisons().getFirst();
    assertThat(comparison.chosen()).isEqualTo(" two 0");
    assertThat(comparison.rejected()).isEqualTo(" one 0");
    Path battles = directory.resolve("battles.jsonl");
    LabelExport.write(battles, LabelExport.Form.ARENA, batch, batch.labels());
    assertThat(Files.readString(battles)).contains("\"winner\":\"model_b\"");
  }

  @Test
  void anEditedResponseIsPreferredToTheOriginal() {
    LabelBatch batch = batch(LabelMode.HELPFUL, 1);
    Slot slot = slot(batch, "mk", 0);
    try (LabelLog log = batch.log("mk", clock)) {
      log.append(
          new Answered(
              slot.index(),
              slot.item().id(),
              slot.firstLeft(),
              List.of(Judgement.of(Outcome.TIE)),
              List.of(),
              1,
              0,
              true,
              Optional.of(new Edit(false, "two 0, and more of it"))));
    }
    LabelSet set = LabelSet.of(batch, batch.labels());
    assertThat(set.rows()).hasSize(1);
    assertThat(set.rows().getFirst().chosen().text()).isEqualTo(" two 0, and more of it");
    assertThat(set.rows().getFirst().rejected().text()).isEqualTo(" two 0");
    assertThat(set.rows().getFirst().provenance()).isEqualTo(Provenance.EDITED);
  }

  @Test
  void whatIsExportedForTrainingIsReadBackAsItWas() {
    LabelBatch batch = batch(LabelMode.HELPFUL, 40);
    try (LabelLog log = batch.log("mk", clock)) {
      for (int i = 0; i < 40; i++) {
        answer(batch, log, i, Judgement.prefer(i % 3 == 0, 1 + i % 4));
      }
    }
    Path file = directory.resolve("set.jsonl.gz");
    assertThat(LabelExport.write(file, LabelExport.Form.HH, batch, batch.labels())).isEqualTo(30);
    List<Comparison> read = ComparisonReader.read(file).comparisons();
    List<LabelSet.Row> rows = LabelSet.of(batch, batch.labels()).rows();
    for (int i = 0; i < rows.size(); i++) {
      LabelSet.Row row = rows.get(i);
      Comparison comparison = read.get(i);
      assertThat(comparison.prompt()).isEqualTo(row.item().prompt());
      assertThat(comparison.chosen()).isEqualTo(row.chosen().text());
      assertThat(comparison.rejected()).isEqualTo(row.rejected().text());
      assertThat(comparison.attributes())
          .containsEntry("strength", Integer.toString(row.level()))
          .containsEntry("annotator", "mk")
          .containsEntry("guideline_version", "1");
      Slot slot = slot(batch, "mk", batch.items().indexOf(row.item()));
      boolean chosenLeft = row.chosen().equals(row.item().left(slot.firstLeft()));
      assertThat(comparison.attributes())
          .containsEntry("shown_left", chosenLeft ? "chosen" : "rejected");
    }
  }

  @Test
  void otherFormsHoldTheSameTexts() throws IOException {
    LabelBatch batch = batch(LabelMode.HELPFUL, 1);
    try (LabelLog log = batch.log("mk", clock)) {
      answer(batch, log, 0, Judgement.prefer(false, 3));
    }
    Path file = directory.resolve("one.jsonl");
    LabelExport.write(file, LabelExport.Form.TRL_CONVERSATIONAL, batch, batch.labels());
    assertThat(Files.readString(file))
        .startsWith(
            """
            {"prompt":[{"role":"user","content":"question 0"}],\
            "chosen":[{"role":"assistant","content":"two 0"}],\
            "rejected":[{"role":"assistant","content":"one 0"}],"labels":{\
            """);
    LabelExport.write(file, LabelExport.Form.OPENAI, batch, batch.labels());
    assertThat(Files.readString(file))
        .startsWith(
            """
            {"input":{"messages":[{"role":"user","content":"question 0"}],"tools":[]},\
            "preferred_output":[{"role":"assistant","content":"two 0"}],\
            "non_preferred_output":[{"role":"assistant","content":"one 0"}],\
            """);
    Path csv = directory.resolve("one.csv");
    LabelExport.write(csv, LabelExport.Form.CSV, batch, batch.labels());
    assertThat(Files.readAllLines(csv).get(1)).contains(",mk,", ",second,3,-3,");
  }

  @Test
  void batchesOfTwoWorkspacesMergeOnceAndForAll() {
    LabelBatch here = batch(LabelMode.HELPFUL, 6);
    here.guide("# Be kind");
    Path sent = directory.resolve("sent.zip");
    LabelBundle.write(here, sent);
    Path there = directory.resolve("there/labels");
    LabelBundle.Received made = LabelBundle.receive(sent, there);
    assertThat(made.made()).isTrue();
    assertThat(made.batch().guidelines()).isEqualTo(new Guidelines(1, "# Be kind"));
    try (LabelLog jo = made.batch().log("jo", clock);
        LabelLog same = made.batch().log("mk", clock)) {
      answer(made.batch(), jo, 0, Judgement.prefer(true, 2));
      answer(made.batch(), jo, 1, Judgement.prefer(true, 2));
      answer(made.batch(), same, 2, Judgement.prefer(true, 2));
      answer(made.batch(), same, 3, Judgement.prefer(true, 2));
    }
    try (LabelLog mk = here.log("mk", clock)) {
      answer(here, mk, 2, Judgement.prefer(false, 2)); // differs from what mk said there
      answer(here, mk, 3, Judgement.prefer(true, 2)); // says the same
    }
    Path back = directory.resolve("back.zip");
    LabelBundle.write(made.batch(), back);
    LabelBundle.Received merged = LabelBundle.receive(back, labels);
    assertThat(merged.made()).isFalse();
    assertThat(merged.batch().folder()).isEqualTo(here.folder());
    assertThat(merged.events()).isEqualTo(4);
    assertThat(merged.conflicts()).hasSize(1);
    assertThat(merged.conflicts().getFirst().later().judgement())
        .isEqualTo(Judgement.prefer(false, 2));
    Labels once = here.labels();
    assertThat(once.labels()).hasSize(4);
    LabelBundle.Received again = LabelBundle.receive(back, labels);
    assertThat(again.events()).isZero();
    assertThat(here.labels()).isEqualTo(once);
    // And the other way round comes to the same.
    Path all = directory.resolve("all.zip");
    LabelBundle.write(here, all);
    LabelBundle.receive(all, there);
    assertThat(LabelBatch.read(made.batch().folder()).labels().labels()).isEqualTo(once.labels());
  }

  @Test
  void anArchiveThatLeavesTheBatchIsRefused() throws IOException {
    Path file = directory.resolve("evil.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("logs/../../evil.jsonl"));
      zip.closeEntry();
    }
    assertThatThrownBy(() -> LabelBundle.receive(file, labels))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no part of a batch of labels");
  }

  @Test
  void aLogThatWasChangedByHandIsRefusedWhole() throws IOException {
    LabelBatch here = batch(LabelMode.HELPFUL, 2);
    try (LabelLog mk = here.log("mk", clock)) {
      answer(here, mk, 0, Judgement.prefer(true, 2));
    }
    Path file = directory.resolve("sent.zip");
    LabelBundle.write(here, file);
    Path log = here.logFiles().getFirst();
    Files.writeString(
        log, Files.readString(log).replace("first\",\"level\":2", "second\",\"level\":2"));
    assertThatThrownBy(() -> LabelBundle.receive(file, labels))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("logs only grow");
  }

  @Test
  void modelNamesAreHiddenUntilTheBatchCloses() {
    LabelBatch batch = batch(LabelMode.HELPFUL, 1);
    assertThat(batch.hidesModels()).isTrue();
    batch.close(Instant.EPOCH);
    assertThat(batch.hidesModels()).isFalse();
    assertThat(LabelBatch.read(batch.folder()).closed()).isTrue();
  }

  @Test
  void statisticsAreThoseCountedByHand() {
    LabelBatch batch = batch(LabelMode.HELPFUL, 4);
    try (LabelLog mk = batch.log("mk", clock);
        LabelLog jo = batch.log("jo", clock)) {
      for (int i = 0; i < 4; i++) {
        answer(batch, mk, i, Judgement.prefer(true, 2));
        answer(batch, jo, i, Judgement.prefer(i < 3, 2)); // 3 of 4 alike
      }
    }
    Labels found = batch.labels();
    Reliability raw = LabelStatistics.agreement(found, false).raw();
    assertThat(raw.value()).hasValue(0.75);
    List<LabelStatistics.Annotator> annotators = LabelStatistics.annotators(found);
    assertThat(annotators).hasSize(2);
    long left = batch.order("mk").stream().filter(Slot::firstLeft).count();
    assertThat(annotators.getFirst().report().left().orElseThrow().successes()).isEqualTo(left);
    assertThat(LabelStatistics.decidedAtRandom(found)).isEqualTo(4); // by two people each
    LabelStatistics.Progress progress =
        LabelStatistics.progress(batch, found, "new@2", LabellingPlan.of(0.75, 0.05, 0.8));
    assertThat(progress.decided()).isEqualTo(8);
    assertThat(progress.wins().orElseThrow().successes()).isEqualTo(1);
    assertThat(progress.stillNeeded()).isEqualTo(LabellingPlan.of(0.75, 0.05, 0.8).needed() - 8);
  }

  @Test
  void aBatchThatWasTamperedWithIsRefusedByLine() throws IOException {
    LabelBatch batch = batch(LabelMode.HELPFUL, 3);
    Path items = batch.folder().resolve("items.jsonl");
    Files.writeString(items, Files.readString(items).replace(" one 1", " won 1"));
    assertThatThrownBy(() -> LabelBatch.read(batch.folder()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("items.jsonl:2: its id is not that of its texts");
  }

  /**
   * Who never decides has no side, neither over all nor in a half; 24 ties are enough for halves.
   */
  @Test
  void whoOnlyTiesHasNoSide() {
    LabelBatch batch = batch(LabelMode.HELPFUL, 24);
    try (LabelLog mk = batch.log("mk", clock)) {
      for (int i = 0; i < 24; i++) {
        answer(batch, mk, i, Judgement.of(Outcome.TIE));
      }
    }
    LabelStatistics.Annotator found = LabelStatistics.annotators(batch.labels()).getFirst();
    assertThat(found.report().left()).isEmpty();
    assertThat(found.drift().orElseThrow().firstLeft()).isEmpty();
    assertThat(found.drift().orElseThrow().secondsRatio()).isEqualTo(1); // 3.5 s each
  }
}
