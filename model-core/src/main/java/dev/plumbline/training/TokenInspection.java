package dev.plumbline.training;

import dev.plumbline.dialogue.Comparison;
import dev.plumbline.lm.ModelTokens;
import dev.plumbline.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a comparison's two dialogues as the stages see them, to be looked at.
 *
 * @param name {@code chosen} or {@code rejected}
 * @param rows the tokens
 * @param tokens tokens of the dialogue itself, without those that the formats put around it
 * @param cut how many of them are cut off at the left
 * @param shared rows at the beginning that the preference model computes once for both dialogues
 */
public record TokenInspection(String name, List<Row> rows, int tokens, int cut, int shared) {

  /** Whose a token is. */
  public enum Owner {
    /** Put there by the format. */
    SPECIAL,
    /** The dialogue up to the last response, and earlier people's turns. */
    PROMPT,
    /** An assistant's response. */
    RESPONSE
  }

  /** What the policy stage does with a token. */
  public enum Sampling {
    /** Given. */
    PROMPT,
    /** Sampled: it has a reward, an advantage and a place in the loss. */
    RESPONSE,
    /** Not there. */
    NONE
  }

  /**
   * One token.
   *
   * @param place its place in the sequence, from 0
   * @param id its id
   * @param text what it stands for
   * @param owner whose it is
   * @param wanted the token that next-token training asks for after it; -1 where it asks for none
   * @param shared whether both dialogues of the comparison have this row
   * @param scored whether a preference model's score is read here
   * @param sampling what the policy stage does with it
   */
  public record Row(
      int place,
      int id,
      String text,
      Owner owner,
      int wanted,
      boolean shared,
      boolean scored,
      Sampling sampling) {}

  /**
   * Both dialogues of a comparison, in the hh form.
   *
   * @param contextTokens longest sequence
   */
  public static List<TokenInspection> of(
      Comparison comparison, ModelTokens model, int contextTokens) {
    return both(
        scored(comparison.prompt(), comparison.chosen(), model, contextTokens),
        scored(comparison.prompt(), comparison.rejected(), model, contextTokens),
        List.of(
            transcript(comparison.prompt(), comparison.chosen(), model, contextTokens),
            transcript(comparison.prompt(), comparison.rejected(), model, contextTokens)));
  }

  /**
   * Both dialogues of a comparison as a model sees them; reads its configuration and tokenizer, and
   * no weights.
   *
   * @param model a directory in Hugging Face form
   * @param chat whether in the model's chat template instead of the hh form
   * @throws dev.plumbline.data.UserError where the directory holds no model, or one without a
   *     template
   */
  public static List<TokenInspection> read(Path model, Comparison comparison, boolean chat) {
    ModelTokens tokens = ModelTokens.of(model);
    return chat
        ? chat(comparison, tokens, tokens.contextTokens())
        : of(comparison, tokens, tokens.contextTokens());
  }

  /** The text of the token that is asked for after a row; empty where none is. */
  public String wantedText(Row row) {
    int next = row.place() + 1;
    if (row.wanted() < 0) {
      return "";
    }
    return next < rows.size() && rows.get(next).id() == row.wanted()
        ? rows.get(next).text()
        : "#" + row.wanted();
  }

  private static int[] scored(String prompt, String response, ModelTokens model, int longest) {
    return SequenceFormat.scored(
        model.tokenizer(), model.endOfContext(), prompt, response, longest);
  }

  private static List<TokenInspection> both(
      int[] chosen, int[] rejected, List<TokenInspection> each) {
    int mismatch = Arrays.mismatch(chosen, rejected);
    int shared = mismatch < 0 ? chosen.length : mismatch;
    return List.of(
        each.get(0).named("chosen").sharing(shared), each.get(1).named("rejected").sharing(shared));
  }

  private static TokenInspection transcript(
      String prompt, String response, ModelTokens model, int longest) {
    Tokenizer tokenizer = model.tokenizer();
    String transcript = prompt + response;
    SequenceFormat.Sequence training =
        SequenceFormat.training(tokenizer, model.end(), transcript, longest);
    boolean[] responses = SequenceFormat.responses(tokenizer, transcript);
    int before = SequenceFormat.encode(tokenizer, prompt).length;
    int[] ids = training.ids();
    int first = tokenizer.begin().isPresent() ? 1 : 0;
    int cut = responses.length - (ids.length - first - 1);
    List<Row> rows = new ArrayList<>();
    for (int t = 0; t < ids.length; t++) {
      boolean last = t == ids.length - 1;
      int at = t - first + cut;
      Owner owner =
          t < first || last ? Owner.SPECIAL : responses[at] ? Owner.RESPONSE : Owner.PROMPT;
      rows.add(
          new Row(
              t,
              ids[t],
              tokenizer.show(ids[t]),
              owner,
              last ? -1 : training.wanted()[t],
              false,
              last && model.end() == model.endOfContext(),
              t >= first && at >= before ? Sampling.RESPONSE : Sampling.PROMPT));
    }
    if (model.end() != model.endOfContext()) {
      rows.add(
          new Row(
              ids.length - 1,
              model.endOfContext(),
              tokenizer.show(model.endOfContext()),
              Owner.SPECIAL,
              -1,
              false,
              true,
              Sampling.NONE));
    }
    return new TokenInspection("", rows, responses.length, cut, 0);
  }

  /**
   * Both dialogues of a comparison, in the model's own chat template. Next-token training asks for
   * the assistant's tokens alone.
   *
   * @param contextTokens longest sequence
   */
  public static List<TokenInspection> chat(
      Comparison comparison, ModelTokens model, int contextTokens) {
    ChatFormat format = ChatFormat.of(model.tokenizer());
    ChatFormat.Encoded chosen = format.dialogue(comparison.prompt(), comparison.chosen());
    ChatFormat.Encoded rejected = format.dialogue(comparison.prompt(), comparison.rejected());
    int prompt = format.prompt(comparison.prompt()).length;
    int[] better = format.fitting(chosen.ids(), contextTokens);
    int[] worse = format.fitting(rejected.ids(), contextTokens);
    return both(
        better,
        worse,
        List.of(encoded(better, chosen, prompt, model), encoded(worse, rejected, prompt, model)));
  }

  private static TokenInspection encoded(
      int[] ids, ChatFormat.Encoded dialogue, int prompt, ModelTokens model) {
    Tokenizer tokenizer = model.tokenizer();
    int cut = dialogue.ids().length - ids.length;
    int last = dialogue.ids().length - 1;
    while (last > 0 && !dialogue.assistant()[last]) {
      last--;
    }
    List<Row> rows = new ArrayList<>();
    for (int t = 0; t < ids.length; t++) {
      int at = t + cut;
      boolean asked = t + 1 < ids.length && dialogue.assistant()[at + 1];
      Owner owner =
          tokenizer.isSpecial(ids[t])
              ? Owner.SPECIAL
              : dialogue.assistant()[at] ? Owner.RESPONSE : Owner.PROMPT;
      rows.add(
          new Row(
              t,
              ids[t],
              tokenizer.show(ids[t]),
              owner,
              asked ? ids[t + 1] : -1,
              false,
              t == ids.length - 1,
              at < prompt ? Sampling.PROMPT : at <= last ? Sampling.RESPONSE : Sampling.NONE));
    }
    return new TokenInspection("", rows, dialogue.ids().length, cut, 0);
  }

  private TokenInspection named(String other) {
    return new TokenInspection(other, rows, tokens, cut, shared);
  }

  private TokenInspection sharing(int count) {
    List<Row> changed =
        rows.stream()
            .map(
                row ->
                    new Row(
                        row.place(),
                        row.id(),
                        row.text(),
                        row.owner(),
                        row.wanted(),
                        row.place() < count,
                        row.scored(),
                        row.sampling()))
            .toList();
    return new TokenInspection(name, changed, tokens, cut, count);
  }

  /** The same as lines of aligned columns. */
  public List<String> lines(Tokenizer tokenizer) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d tokens, %d cut off at the left, the first %d rows shared with the other dialogue"
            .formatted(name, tokens, cut, shared));
    lines.add(
        "%6s %7s  %-20s  %-8s  %-22s  %-10s  %s"
            .formatted(
                "place", "id", "token", "of", "next-token training", "preference", "policy"));
    Map<Owner, String> owners =
        Map.of(Owner.SPECIAL, "format", Owner.PROMPT, "prompt", Owner.RESPONSE, "response");
    Map<Sampling, String> samplings =
        Map.of(Sampling.PROMPT, "prompt", Sampling.RESPONSE, "response", Sampling.NONE, "-");
    for (Row row : rows) {
      String preference = row.scored() ? "score" : row.shared() ? "shared" : "own";
      boolean endOnly = row.owner() == Owner.SPECIAL && row.wanted() < 0 && !row.scored();
      lines.add(
          "%6d %7d  %-20s  %-8s  %-22s  %-10s  %s"
              .formatted(
                  row.place(),
                  row.id(),
                  visible(row.text()),
                  owners.get(row.owner()),
                  row.wanted() < 0 ? "-" : "asks " + visible(tokenizer.show(row.wanted())),
                  endOnly ? "-" : preference,
                  samplings.get(row.sampling())));
    }
    return lines;
  }

  /** A text on one line, its spaces to be seen, at most 20 characters. */
  private static String visible(String text) {
    String line =
        text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r").replace(' ', '\u2423');
    return line.length() <= 16 ? line : line.substring(0, 15) + "\u2026";
  }
}
