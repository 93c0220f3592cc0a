package dev.plumbline.bench;

import dev.plumbline.analysis.Auroc;
import dev.plumbline.analysis.BinRule;
import dev.plumbline.analysis.BradleyTerry;
import dev.plumbline.analysis.Calibration;
import dev.plumbline.analysis.CalibrationBootstrap;
import dev.plumbline.analysis.Groups;
import dev.plumbline.analysis.Matches;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Statistics at sizes that people have, in seconds beside what two cores are to do them in. */
final class AnalysisBench {
  private static final String PART = "analysis";
  private static final int RESAMPLES = 1000;
  private static final int PAIRS = 100_000;
  private static final int BINS = 15;
  private static final int MODELS = 50;
  private static final int MATCHES = 1_000_000;

  private AnalysisBench() {}

  static List<Measurement> run(BenchSettings settings, Progress progress) {
    List<Measurement> found = new ArrayList<>();
    Predictions pairs = Predictions.drawn();
    found.add(
        timed(
            settings,
            progress,
            "calibration bootstrap",
            "%,d resamples of %,d pairs".formatted(RESAMPLES, PAIRS),
            "all errors of %d bins of equal mass".formatted(BINS),
            () ->
                CalibrationBootstrap.of(
                    pairs.p,
                    pairs.y,
                    Groups.single(PAIRS),
                    new Calibration.Options(BINS, BinRule.MASS, 0.95),
                    RESAMPLES,
                    1),
            Goal.atMost(2)));
    found.add(
        timed(
            settings,
            progress,
            "DeLong",
            "%,d against %,d scores".formatted(PAIRS, PAIRS),
            "AUROC with its interval, sorting included",
            () -> Auroc.of(pairs.in, pairs.out, 0.95),
            Goal.atMost(0.5)));
    Rows rows = Rows.drawn();
    found.add(
        timed(
            settings,
            progress,
            "Bradley-Terry",
            "%,d resamples, %d models, %,d matches".formatted(RESAMPLES, MODELS, MATCHES),
            "counting included; the bootstrap draws matches",
            () -> rated(rows, 0),
            Goal.atMost(5)));
    found.add(
        timed(
            settings,
            progress,
            "Bradley-Terry",
            "the same in conversations of 4",
            "counting included; the bootstrap draws conversations",
            () -> rated(rows, 4),
            null));
    return found;
  }

  private static Measurement timed(
      BenchSettings settings,
      Progress progress,
      String subject,
      String name,
      String note,
      Runnable work,
      @Nullable Goal goal) {
    progress.say("analysis: %s, %s".formatted(subject, name));
    List<Double> seconds = new ArrayList<>();
    work.run();
    for (int i = 0; i < settings.rounds(); i++) {
      progress.check();
      seconds.add(Rounds.seconds(work));
    }
    Measurement measured = Measurement.of(PART, subject, name, "s", Spread.of(seconds), note);
    return goal == null ? measured : measured.against(goal);
  }

  private static void rated(Rows rows, int conversation) {
    Matches.Builder builder = new Matches.Builder();
    for (int i = 0; i < MATCHES; i++) {
      builder.add(
          rows.names[rows.first[i]],
          rows.names[rows.second[i]],
          rows.outcomes[i],
          conversation == 0 ? null : rows.conversations[i / conversation]);
    }
    BradleyTerry.of(
        builder.build(), BradleyTerry.Options.STANDARD.against(rows.names[0]).resampled(RESAMPLES));
  }

  /** Predicted probabilities with outcomes that follow them, and scores of two classes. */
  private static final class Predictions {
    private final double[] p = new double[PAIRS];
    private final boolean[] y = new boolean[PAIRS];
    private final double[] in = new double[PAIRS];
    private final double[] out = new double[PAIRS];

    static Predictions drawn() {
      Predictions predictions = new Predictions();
      SplittableRandom random = new SplittableRandom(12);
      for (int i = 0; i < PAIRS; i++) {
        predictions.p[i] = random.nextDouble();
        predictions.y[i] = random.nextDouble() < predictions.p[i];
        predictions.in[i] = random.nextGaussian();
        predictions.out[i] = random.nextGaussian() + 1;
      }
      return predictions;
    }
  }

  /** Matches one by one, as a file has them; every eighth or so is a tie. */
  private static final class Rows {
    private final String[] names;
    private final int[] first = new int[MATCHES];
    private final int[] second = new int[MATCHES];
    private final Matches.Outcome[] outcomes = new Matches.Outcome[MATCHES];
    private final String[] conversations;

    private Rows(String[] names, String[] conversations) {
      this.names = names;
      this.conversations = conversations;
    }

    static Rows drawn() {
      Rows rows =
          new Rows(
              IntStream.range(0, MODELS).mapToObj(i -> "model " + i).toArray(String[]::new),
              IntStream.range(0, MATCHES).mapToObj(i -> "c" + i).toArray(String[]::new));
      SplittableRandom random = new SplittableRandom(11);
      for (int i = 0; i < MATCHES; i++) {
        int a = random.nextInt(MODELS);
        int b = (a + 1 + random.nextInt(MODELS - 1)) % MODELS;
        double p = 1 / (1 + Math.exp((b - a) * 0.06));
        rows.first[i] = a;
        rows.second[i] = b;
        rows.outcomes[i] =
            random.nextInt(8) == 0
                ? Matches.Outcome.TIE
                : random.nextDouble() < p ? Matches.Outcome.FIRST : Matches.Outcome.SECOND;
      }
      return rows;
    }
  }
}
