package dev.plumbline.study;

import static dev.plumbline.study.OnlineTranches.ofPart;

import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.study.OnlineSnapshots.Curves;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Iterated online training (paper section 4.5, appendices B.3 and B.4; Figs 15, 16, 34, 35).
 *
 * <p>Roles, all over {@code seed}: {@code collect-base} and {@code collect-online} gather
 * comparisons; {@code pm} and {@code policy}, over {@code arm} too, are trained on them; {@code
 * matches} and {@code held-out} let the policies' snapshots answer, the first people's prompts with
 * judges, the second prompts that are held out of reinforcement learning. Levels of {@code arm} are
 * {@code base} and {@code mix}, the two sides of the controlled test, and {@code all}, the loop's
 * next iteration, which may be left out. In matches a snapshot is called {@code ARM-STEP}, the
 * first player is the model that all policies start from, and judges are called {@code annotators},
 * {@code gold} and {@code pm-ARM}. Preference models have the held-out parts {@code base}, {@code
 * online}, where there are any {@code rejection-sampling}, and, for the policy as a ranker, {@code
 * conversations}.
 *
 * <p>A seed is a replication from the first gathered comparison on: seeds share the language model
 * alone. All intervals of means are Student's t over seeds.
 */
public final class OnlineTraining implements StudyAnalysis {
  private static final String BASE = "base";
  private static final String MIX = "mix";
  private static final String ANNOTATORS = "annotators";

  /** A third of the about 65 Elo between the curves of Fig 16 at their ends. */
  private static final double SMALLEST_ELO = 20;

  /** About a third of what accuracy falls from base to online comparisons, 0.74 to 0.67. */
  private static final double SMALLEST_ACCURACY = 0.02;

  /** A third of the about 1 nat between the modes of Fig 15 left. */
  private static final double SMALLEST_SCORE = 1.0 / 3;

  /** Nats of unigram entropy: a tenth fewer tokens to choose from. */
  private static final double SMALLEST_ENTROPY = -Math.log(0.9);

  /** An analysis; found as a service. */
  public OnlineTraining() {}

  @Override
  public String name() {
    return "online-training";
  }

  @Override
  public StudyResult analyse(StudyData data) {
    List<String> arms = data.levels("policy", "arm");
    if (!arms.contains(BASE) || !arms.contains(MIX)) {
      throw new UserError(
          "study %s: the analysis needs the levels 'base' and 'mix' of axis 'arm'; it has %s"
              .formatted(data.study().name(), arms));
    }
    // What has seen base and online comparisons, the most of them, stands for the paper's online.
    String online = arms.getLast().equals(BASE) ? MIX : arms.getLast();
    List<ResultTable> tables = new ArrayList<>();
    Curves elo = new Curves();
    ResultTable ratings = OnlineSnapshots.ratings(data, elo);
    OnlineGaps gaps = new OnlineGaps(data);
    Curves entropy = new Curves();
    tables.add(OnlineLedger.collections(data));
    tables.add(OnlineLedger.ledger(data, elo));
    tables.add(OnlineTranches.accuracies(data));
    tables.add(OnlineTranches.densities(data, online));
    tables.add(ratings);
    tables.add(OnlineSnapshots.eloBySamples(data, elo));
    tables.add(gaps.diagnosis());
    tables.add(gaps.means());
    tables.add(OnlineSnapshots.diversity(data, online, entropy));
    List<PaperCard> cards = new ArrayList<>();
    cards.add(controlledTest(elo));
    addGaps(gaps, online, cards);
    addTranches(data, online, cards);
    cards.add(diversityFalls(entropy));
    PolicyRanking.add(data, online, tables, cards);
    return new StudyResult(tables, cards, notes(data, online));
  }

  private static PaperCard controlledTest(Curves elo) {
    return elo.last(MIX)
        .less(elo.last(BASE))
        .effect(
            "mix-beats-base",
            "Fig 16; section 4.5",
            "as many comparisons, an even mix of base, rejection sampling and online ones, give a"
                + " better policy than base ones alone",
            "Elo by annotators, mix less base after the last snapshot",
            SMALLEST_ELO);
  }

  private static void addGaps(OnlineGaps gaps, String online, List<PaperCard> cards) {
    cards.add(
        gaps.overestimate()
            .last(online)
            .effect(
                "elo-overestimated",
                "Figs 15 right, 35; appendix B.4",
                "the preference model's score predicts more Elo than annotators give",
                "Elo, curve (a) less curve (d) of " + online,
                SMALLEST_ELO));
    OverSeeds largest = new OverSeeds();
    OverSeeds ranking = gaps.ranking().last(online);
    OverSeeds robustness = gaps.robustness().last(online);
    ranking
        .seeds()
        .forEach(seed -> largest.add(seed, Math.max(ranking.of(seed), robustness.of(seed))));
    cards.add(
        gaps.shift()
            .last(online)
            .less(largest)
            .effect(
                "shift-largest",
                "Fig 35; appendix B.4",
                "the shift from held-out prompts to people's conversations, (a) - (b), is the"
                    + " largest part of it",
                "Elo, (a) - (b) less the larger of (b) - (c) and (c) - (d), " + online,
                SMALLEST_ELO));
    cards.add(
        ranking.equality(
            "score-against-rank",
            "Fig 35; appendix B.4",
            "whether scores or the votes that they make are counted matters little",
            "Elo, (b) - (c) of " + online,
            SMALLEST_ELO));
  }

  private static void addTranches(StudyData data, String online, List<PaperCard> cards) {
    OverSeeds onBase = ofPart(data, online, OnlineTranches.BASE, OnlineTranches::accuracy);
    OverSeeds onBest = ofPart(data, online, OnlineTranches.REJECTION, OnlineTranches::accuracy);
    OverSeeds onOnline = ofPart(data, online, OnlineTranches.ONLINE, OnlineTranches::accuracy);
    cards.add(
        onBase
            .less(onOnline)
            .effect(
                "accuracy-falls",
                "section 4.5",
                "the better the samples, the harder they are to tell apart: accuracy 0.74 on base"
                    + " comparisons, 0.67 on online ones",
                "accuracy on base less on online comparisons, preference model of " + online,
                SMALLEST_ACCURACY));
    if (!onBest.seeds().isEmpty()) {
      OverSeeds smaller = new OverSeeds();
      for (String seed : onBest.seeds()) {
        smaller.add(
            seed, Math.min(onBase.of(seed) - onBest.of(seed), onBest.of(seed) - onOnline.of(seed)));
      }
      cards.add(
          smaller.effect(
              "rejection-sampling-between",
              "section 4.5",
              "accuracy on rejection sampling comparisons lies between those on base and on online"
                  + " ones",
              "accuracy, the smaller of base less rejection sampling and rejection sampling less"
                  + " online, preference model of "
                  + online,
              SMALLEST_ACCURACY / 2));
    }
    cards.add(
        ofPart(data, online, OnlineTranches.ONLINE, rows -> OnlineTranches.scores(rows).mean())
            .less(
                ofPart(
                    data, online, OnlineTranches.BASE, rows -> OnlineTranches.scores(rows).mean()))
            .effect(
                "scores-rise",
                "Fig 15 left",
                "online responses fill the range of high scores",
                "nats, mean score of online less base responses, preference model of " + online,
                SMALLEST_SCORE));
  }

  private static PaperCard diversityFalls(Curves entropy) {
    return entropy
        .initial()
        .less(entropy.last(BASE))
        .effect(
            "diversity-falls",
            "section 4.5",
            "reinforcement learning makes the responses of one snapshot less diverse",
            "nats, unigram entropy of the initial model's responses less that of base's last",
            SMALLEST_ENTROPY);
  }

  private static List<String> notes(StudyData data, String online) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "the arm '%s' stands for the paper's online models; seeds share their language model alone"
            .formatted(online));
    if (data.role("pm").stream()
        .allMatch(pm -> OnlineTranches.part(pm, OnlineTranches.REJECTION).isEmpty())) {
      notes.add(
          "the mixture here is of base and online comparisons; the paper's has rejection sampling"
              + " ones too");
    }
    notes.add(
        "here people's conversations differ from the held-out prompts in how many turns they have"
            + " and in who answered before, and in nothing else: the shift can be no larger than"
            + " that");
    Moments unsure = new Moments();
    for (StudyRun run : data.role("matches")) {
      ResultTable matches = run.table("matches");
      List<String> judges = matches.texts("judge");
      List<String> winners = matches.texts("winner");
      for (int i = 0; i < judges.size(); i++) {
        if (judges.get(i).equals(ANNOTATORS)) {
          unsure.add(winners.get(i).equals("unsure") ? 1 : 0);
        }
      }
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "annotators were unsure in %.1f %% of %d matches, which count for no curve of the"
                + " diagnosis",
            100 * unsure.mean(),
            unsure.n()));
    return notes;
  }
}
