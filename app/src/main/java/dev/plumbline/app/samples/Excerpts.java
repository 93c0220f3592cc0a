package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.dialogue.Turn;
import dev.plumbline.training.ResponseSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Responses and dialogues as what is shown of them and taken out of the workbench. */
final class Excerpts {
  private Excerpts() {}

  /** The chosen prompts with what all models wrote, in the order of the choice. */
  static Excerpt of(SamplesState state, List<String> chosen) {
    List<Excerpt.Prompt> prompts = new ArrayList<>();
    for (String text : chosen) {
      state.prompts().stream()
          .filter(row -> row.text().equals(text))
          .findFirst()
          .ifPresent(row -> prompts.add(prompt(state, row)));
    }
    return new Excerpt(
        Strings.text(
            "samples.export.title",
            String.join(", ", state.columns().stream().map(Excerpts::model).toList())),
        prompts);
  }

  private static Excerpt.Prompt prompt(SamplesState state, SamplesState.Prompt row) {
    List<Excerpt.Response> responses = new ArrayList<>();
    for (int i = 0; i < row.responses().size(); i++) {
      String model = model(state.columns().get(i));
      row.responses()
          .get(i)
          .ifPresent(
              each -> responses.add(new Excerpt.Response(model, each.response(), facts(each))));
    }
    return new Excerpt.Prompt(turns(row.text()), responses);
  }

  /** A column's model in words. */
  static String model(SamplesState.Column column) {
    return column.initial()
        ? Strings.text("samples.model.initial", column.runName())
        : Strings.text("samples.model", column.runName(), Numbers.whole(column.step()));
  }

  /** The numbers of a response, the scores of every preference model among them. */
  static List<Excerpt.Fact> facts(ResponseSample sample) {
    List<Excerpt.Fact> facts = new ArrayList<>();
    if (Double.isFinite(sample.pmScore())) {
      facts.add(nats(Strings.text("samples.score"), sample.pmScore(), 2));
    }
    for (Map.Entry<String, Double> score : sample.scores().entrySet()) {
      facts.add(nats(scorer(score.getKey()), score.getValue(), 2));
    }
    double kl = sample.logProbability() - sample.referenceLogProbability();
    if (Double.isFinite(kl)) {
      facts.add(nats(Strings.text("samples.kl"), kl, 2));
    }
    facts.add(nats(Strings.text("samples.logprob"), sample.logProbability(), 1));
    facts.add(
        new Excerpt.Fact(
            Strings.text("samples.length"),
            Numbers.whole(sample.tokens())
                + " "
                + (sample.ended() ? Strings.text("samples.tokens") : Strings.text("samples.cut"))));
    return facts;
  }

  private static Excerpt.Fact nats(String name, double value, int decimals) {
    return new Excerpt.Fact(name, Numbers.fixed(value, decimals) + " nats");
  }

  /** A scorer in words. */
  static String scorer(String name) {
    if (name.equals(SamplesState.REWARD)) {
      return Strings.text("samples.score");
    } else if (name.startsWith("test/")) {
      return Strings.text("samples.score.test", name.substring("test/".length()));
    } else if (name.startsWith("part/")) {
      return Strings.text("samples.score.part", name.substring("part/".length()));
    }
    return name;
  }

  /** The turns of a transcript that is open at its end; the open turn is left out. */
  static List<Excerpt.Said> turns(String prompt) {
    List<Turn> turns;
    try {
      turns = new ArrayList<>(Dialogue.parse(prompt).turns());
    } catch (RuntimeException e) {
      return List.of(new Excerpt.Said(Strings.text("samples.human"), prompt.strip()));
    }
    if (!turns.isEmpty() && turns.getLast().text().isBlank()) {
      turns.removeLast();
    }
    return turns.stream()
        .map(
            turn ->
                new Excerpt.Said(
                    turn.role() == Role.HUMAN
                        ? Strings.text("samples.human")
                        : Strings.text("samples.assistant"),
                    turn.text().strip()))
        .toList();
  }

  /** The last human turn of an open transcript. */
  static String lastQuestion(String prompt) {
    String human = Strings.text("samples.human");
    return turns(prompt).stream()
        .filter(turn -> turn.who().equals(human))
        .reduce((before, after) -> after)
        .map(Excerpt.Said::text)
        .orElse(prompt.strip());
  }

  /** The whole dialogue in lines. */
  static String dialogue(String prompt) {
    return String.join(
        "\n\n", turns(prompt).stream().map(turn -> turn.who() + ": " + turn.text()).toList());
  }
}
