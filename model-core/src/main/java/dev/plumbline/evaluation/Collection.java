package dev.plumbline.evaluation;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ComparisonFile;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.dialogue.Strength;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers comparisons. Which snapshots answer, which side is whose and who judges are drawn for
 * each comparison by its number, so that more comparisons begin with the same ones.
 *
 * <p>Table {@code collected} counts what became of them by pair of snapshots.
 */
final class Collection implements Measurement {
  private final CollectionSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;

  /** One comparison as it is shown. */
  private static final class Shown {
    final String prompt;
    final int[] players;
    final String[] responses = new String[2];
    final double[] scores = new double[2];

    Shown(String prompt, int left, int right) {
      this.prompt = prompt;
      players = new int[] {left, right};
    }
  }

  /** What became of the comparisons of a pair. */
  private static final class Counts {
    int shown;
    int unsure;
    int identical;
    int firstWon;
  }

  Collection(CollectionSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
  }

  @Override
  public String phase() {
    return "gathering comparisons";
  }

  @Override
  public void run(MeasurementContext context) {
    List<Comparison> gathered = new ArrayList<>();
    for (String file : settings.labels()) {
      ComparisonFile labels = ComparisonReader.read(Path.of(file));
      labels.report().requireClean();
      gathered.addAll(labels.comparisons());
    }
    Map<String, Counts> counts = new TreeMap<>();
    String name = settings.annotators();
    if (name != null) {
      AnnotatorPanel.Panel panel = AnnotatorPanel.named(name);
      List<Shown> shown = draw();
      answer(shown, context);
      for (int i = 0; i < shown.size(); i++) {
        judge(panel, shown.get(i), i, gathered, counts);
      }
    }
    Gathered.write(context.directory(), writer -> gathered.forEach(writer::write));
    context.table(table(counts));
  }

  private List<Shown> draw() {
    List<PromptForm> forms =
        settings.players().stream()
            .map(player -> new PromptForm(Path.of(player.model()), settings.format()))
            .toList();
    List<String> prompts =
        PromptForm.draw(
            PromptForm.read(settings.prompts()),
            Integer.MAX_VALUE,
            new PromptForm.Bounds(settings.maxPromptTokens(), settings.maxResponseTokens()),
            forms,
            randomness);
    double total = settings.players().stream().mapToDouble(Player::share).sum();
    List<Shown> shown = new ArrayList<>();
    long key = randomness.key("deployment");
    for (int i = 0; i < settings.comparisons(); i++) {
      shown.add(
          new Shown(
              prompts.get(i % prompts.size()),
              player(Randomness.uniform(key, i, 0) * total),
              player(Randomness.uniform(key, i, 1) * total)));
    }
    return shown;
  }

  private int player(double drawn) {
    double rest = drawn;
    for (int i = 0; i < settings.players().size() - 1; i++) {
      rest -= settings.players().get(i).share();
      if (rest < 0) {
        return i;
      }
    }
    return settings.players().size() - 1;
  }

  /** One model after the other answers what it was drawn for. */
  private void answer(List<Shown> shown, MeasurementContext context) {
    long total =
        shown.stream()
            .flatMapToInt(one -> Arrays.stream(one.players))
            .mapToLong(p -> settings.players().get(p).bestOf())
            .sum();
    context.progress(0, total);
    for (int p = 0; p < settings.players().size(); p++) {
      try (PlayerAnswers answers =
          new PlayerAnswers(runtime, settings.players().get(p), settings.format())) {
        for (int side = 0; side < 2; side++) {
          List<Shown> own = new ArrayList<>();
          for (Shown one : shown) {
            if (one.players[side] == p) {
              own.add(one);
            }
          }
          List<PlayerAnswers.Answer> found =
              answers.to(
                  own.stream().map(one -> one.prompt).toList(),
                  settings.temperature(),
                  settings.maxResponseTokens(),
                  randomness.key("responses", p, side),
                  drawn -> context.progress(context.done() + drawn, total));
          for (int i = 0; i < found.size(); i++) {
            own.get(i).responses[side] = found.get(i).response().text();
            own.get(i).scores[side] = found.get(i).score();
          }
        }
      }
    }
  }

  private void judge(
      AnnotatorPanel.Panel panel,
      Shown shown,
      int number,
      List<Comparison> gathered,
      Map<String, Counts> counts) {
    String first = settings.players().get(shown.players[0]).name();
    String second = settings.players().get(shown.players[1]).name();
    boolean swapped = first.compareTo(second) > 0;
    Counts count =
        counts.computeIfAbsent(
            swapped ? second + "\t" + first : first + "\t" + second, _ -> new Counts());
    count.shown++;
    if (shown.responses[0].equals(shown.responses[1])) {
      count.identical++; // says nothing, and a preference model could only learn noise from it
      return;
    }
    AnnotatorPanel.Judgement judgement =
        panel.judge(
            shown.prompt,
            shown.responses[0],
            shown.responses[1],
            randomness.key("judgement", number));
    if (judgement.strength() == Strength.UNSURE && !settings.keepUnsure()) {
      count.unsure++;
      return;
    }
    if (judgement.left() != swapped) {
      count.firstWon++;
    }
    int chosen = judgement.left() ? 0 : 1;
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("tranche", settings.tranche());
    attributes.put("annotator", judgement.annotator());
    attributes.put("strength", Integer.toString(judgement.strength().level()));
    attributes.put("shown_left", judgement.left() ? "chosen" : "rejected");
    attributes.put("model_chosen", chosen == 0 ? first : second);
    attributes.put("model_rejected", chosen == 0 ? second : first);
    for (int side = 0; side < 2; side++) {
      int bestOf = settings.players().get(shown.players[side]).bestOf();
      if (bestOf > 1) {
        String suffix = side == chosen ? "_chosen" : "_rejected";
        attributes.put("best_of" + suffix, Integer.toString(bestOf));
        attributes.put("ranker_score" + suffix, Double.toString(shown.scores[side]));
      }
    }
    for (int side = 0; side < 2; side++) {
      attributes.put(
          side == chosen ? "gold_chosen" : "gold_rejected",
          Double.toString(panel.gold(shown.prompt, shown.responses[side])));
    }
    gathered.add(
        new Comparison(
            shown.prompt, shown.responses[chosen], shown.responses[1 - chosen], attributes));
  }

  private static ResultTable table(Map<String, Counts> counts) {
    ResultTable.Builder table =
        ResultTable.named("collected")
            .text("model_a", "one model of the pair")
            .text("model_b", "the other; the same for two responses of one model")
            .number("shown", "", "comparisons that were shown")
            .number("identical", "", "left out because the two responses were equal")
            .number("unsure", "", "left out because the choice had the weakest strength")
            .number("kept", "", "comparisons in the data file")
            .number("wins_a", "", "kept comparisons in which the response of model_a was chosen");
    counts.forEach(
        (pair, count) -> {
          int tab = pair.indexOf('\t');
          table.row(
              pair.substring(0, tab),
              pair.substring(tab + 1),
              count.shown,
              count.identical,
              count.unsure,
              count.shown - count.identical - count.unsure,
              count.firstWon);
        });
    return table.build();
  }

  @Override
  public void close() {
    // each model is closed when it has answered
  }
}
