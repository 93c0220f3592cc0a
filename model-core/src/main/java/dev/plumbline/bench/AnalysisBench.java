package dev.plumbline.bench;

import dev.plumbline.analysis.BradleyTerry;
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
  private static final int MODELS = 50;
  private static final int MATCHES = 1_000_000;

  private AnalysisBench() {}

  static List<Measurement> run(BenchSettings settings, Progress progress) {
    List<Measurement> found = new ArrayList<>();
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
