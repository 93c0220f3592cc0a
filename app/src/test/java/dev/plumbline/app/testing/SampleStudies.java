package dev.plumbline.app.testing;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyMember;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Study records with invented results, written by their own writers. */
public final class SampleStudies {
  private static final String[] SIZES = {"2x32", "3x64", "4x96"};
  private static final double[] PARAMETERS = {25_248, 150_976, 452_448};
  private static final double[] COMPARISONS = {1000, 3000, 9000};

  private SampleStudies() {}

  /** A finished study of preference model scaling. */
  public static Path scaling(Path workspace) {
    ResultTable.Builder runs =
        ResultTable.named("accuracy")
            .text("run", "the run")
            .text("size", "level of the axis")
            .text("seed", "level of the axis")
            .number("parameters", "", "trained numbers without embeddings, P")
            .number("comparisons", "comparison", "comparisons trained on, D")
            .number("accuracy", "fraction", "held-out comparisons with r_chosen > r_rejected");
    ResultTable.Builder means =
        ResultTable.named("accuracy_by_size_and_data")
            .text("size", "level of the axis")
            .number("comparisons", "comparison", "level of the axis")
            .number("accuracy", "fraction", "mean over seeds")
            .number("low", "fraction", "lower end of its 95 % t interval over seeds")
            .number("high", "fraction", "upper end of its 95 % t interval over seeds")
            .number("seeds", "run", "how many");
    Random random = new Random(4);
    for (int size = 0; size < SIZES.length; size++) {
      for (double comparisons : COMPARISONS) {
        double mean = 0.29 + 0.012 * Math.log(PARAMETERS[size]) + 0.028 * Math.log(comparisons);
        means.row(SIZES[size], comparisons, mean, mean - 0.021, mean + 0.021, 3.0);
        for (int seed = 1; seed <= 3; seed++) {
          runs.row(
              "pm-" + SIZES[size] + "-data" + Math.round(comparisons) + "-seed" + seed,
              SIZES[size],
              Integer.toString(seed),
              PARAMETERS[size],
              comparisons,
              mean + 0.008 * random.nextGaussian());
        }
      }
    }
    return write(
        workspace,
        "20261101-130000",
        new StudyPlan.About(
            "pm-scaling",
            "Accuracy of preference models against comparisons and parameters",
            "7, 31, 32",
            14,
            "preference-scaling"),
        RunState.FINISHED,
        36,
        List.of(means.build(), runs.build()),
        List.of(
            new PaperCard(
                "data",
                "Figs 7 left, 31, 32; Eq A.1",
                "accuracy grows with the comparisons, 0.015 per e-fold",
                PaperCard.Verdict.SAME,
                "0.0277 per e-fold of comparisons, 95 % t interval over 3 seeds 0.0100 to 0.0453"),
            new PaperCard(
                "log",
                "Fig 7 left; section 3.2",
                "accuracy is roughly linear in the logarithm of the comparisons",
                PaperCard.Verdict.UNDECIDED,
                "the slope changes by -0.0188 per e-fold from 1000 to 9000 comparisons, 95 % t"
                    + " interval over 3 seeds -0.0427 to 0.0051 (straight: within 0.0075)"),
            new PaperCard(
                "gain",
                "section 5.1.1",
                "larger models lose less of their own maximum in mixtures",
                PaperCard.Verdict.ABSENT,
                "0.002 of the own maximum less, 95 % t interval over 3 seeds -0.004 to 0.008"),
            new PaperCard(
                "size",
                "Fig 7 right",
                "accuracy grows with the parameters",
                PaperCard.Verdict.CHANGED,
                "-0.0118 per e-fold, 95 % t interval over 3 seeds -0.0229 to -0.0008")));
  }

  /** A study that was stopped in the middle. */
  public static Path stopped(Path workspace) {
    return write(
        workspace,
        "20261101-140000",
        new StudyPlan.About(
            "mixture",
            "Helpful and harmless accuracy against the mixture and the loss weight",
            "19, 26, 27",
            20,
            "mixture"),
        RunState.STOPPED,
        24,
        List.of(),
        List.of());
  }

  private static Path write(
      Path workspace,
      String id,
      StudyPlan.About about,
      RunState state,
      int done,
      List<ResultTable> tables,
      List<PaperCard> cards) {
    Path directory = workspace.resolve("studies").resolve(id);
    List<StudyMember> members = new ArrayList<>();
    for (int i = 0; i < Math.max(done, 36); i++) {
      members.add(
          new StudyMember(
              "run-" + i,
              "run-" + i,
              "pm",
              Map.of("seed", Integer.toString(1 + i % 3)),
              List.of()));
    }
    try {
      Files.createDirectories(directory);
      new Study(
              directory,
              about,
              Instant.parse("2026-11-01T13:00:00Z"),
              "c0ffee",
              state,
              state == RunState.STOPPED ? "stopped by a person" : "",
              new Study.Progress(done, Double.NaN),
              members)
          .save();
      try (JournalWriter journal = JournalWriter.open(directory.resolve("journal.jsonl"))) {
        journal.append(new JournalEvent.State(RunState.RUNNING, 0, ""));
        if (!tables.isEmpty()) {
          journal.append(new JournalEvent.Analysis(about.analysis(), done));
          for (ResultTable table : tables) {
            journal.append(TableFile.write(directory, 0, table));
          }
          for (PaperCard card : cards) {
            journal.append(new JournalEvent.Card(card));
          }
        }
        journal.append(new JournalEvent.State(state, done, ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return directory;
  }
}
