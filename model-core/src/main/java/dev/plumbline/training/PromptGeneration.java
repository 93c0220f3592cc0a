package dev.plumbline.training;

import dev.plumbline.data.PromptReader;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.dialogue.Role;
import dev.plumbline.lm.Generation;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.SamplingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * New prompts from a language model that is shown some people's queries (paper section 4.1: about
 * ten good ones in context). It goes on after
 *
 * <pre>
 * Human: one query
 *
 * Human: another query
 *
 * Human:
 * </pre>
 *
 * up to the next empty line. What it writes becomes the first turn of a dialogue, if it is
 * complete, has a fitting length, and is neither one of the given queries nor one that it wrote
 * before. Everything is decided by the seed.
 */
public final class PromptGeneration {
  private static final String STOP = "\n\n";
  private static final int AT_ONCE = 64;

  /**
   * How prompts are generated.
   *
   * @param count prompts that are wanted
   * @param shots queries in context; fewer where they do not fit into the model's context
   * @param temperature sampling temperature, above 0
   * @param minWords least words of a query
   * @param maxTokens greatest length of a query in tokens
   * @param maxDraws draws after which it is given up
   * @param seed decides which queries are shown and what is drawn
   */
  public record Settings(
      int count,
      int shots,
      double temperature,
      int minWords,
      int maxTokens,
      long maxDraws,
      long seed) {}

  /** What became of a draw. */
  public enum Outcome {
    /** It is a new prompt. */
    KEPT,
    /** It reached the length limit. */
    UNFINISHED,
    /** It has too few words. */
    TOO_SHORT,
    /** It holds the marker of a turn. */
    MARKER,
    /** It is one of the given queries. */
    GIVEN,
    /** It was drawn before. */
    REPEATED
  }

  /**
   * What was generated.
   *
   * @param prompts transcripts that end in an open assistant turn, in the order of drawing
   * @param outcomes how many draws came to each end
   */
  public record Result(List<String> prompts, Map<Outcome, Long> outcomes) {
    /** All draws. */
    public long drawn() {
      return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final List<String> examples;
  private final Settings settings;
  private final Set<String> given = new TreeSet<>();
  private final Set<String> written = new TreeSet<>();
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final List<String> prompts = new ArrayList<>();

  /**
   * Generation from given queries.
   *
   * @param examples queries without markers
   * @throws UserError where there is none, or the settings make no sense
   */
  public PromptGeneration(List<String> examples, Settings settings) {
    this.examples = List.copyOf(examples);
    this.settings = settings;
    boolean fits =
        settings.count() >= 1
            && settings.shots() >= 1
            && settings.temperature() > 0
            && Double.isFinite(settings.temperature())
            && settings.maxTokens() >= 1;
    if (!fits) {
      throw new UserError(
          "count, shots and the length limit must be at least 1, and the temperature above 0");
    }
    if (examples.isEmpty()) {
      throw new UserError("no query of a person to be shown to the model; give other examples");
    }
    examples.forEach(example -> given.add(plain(example)));
  }

  /**
   * The first turn of each dialogue of a file of prompts or comparisons, each once.
   *
   * @throws UserError where the file cannot be read or holds no dialogue
   */
  public static List<String> queries(Path file) {
    Set<String> queries = new LinkedHashSet<>();
    for (String prompt : PromptReader.read(file)) {
      if (prompt.startsWith(Role.HUMAN.marker())) {
        queries.add(Dialogue.parse(prompt).turns().getFirst().content());
      }
    }
    queries.remove("");
    if (queries.isEmpty()) {
      throw new UserError(
          file + ": holds no dialogue that a person begins; give prompts or comparisons");
    }
    return List.copyOf(queries);
  }

  /**
   * Draws until there are enough prompts, or the draws are used up.
   *
   * @throws UserError where the model's context is too short for one query and a new one
   */
  public Result generate(LanguageModel model) {
    Randomness randomness = new Randomness(settings.seed());
    SamplingOptions options =
        new SamplingOptions(
                settings.temperature(),
                settings.maxTokens(),
                SequenceFormat.endToken(model),
                randomness.key("generated prompts"),
                0)
            .stoppingAt(List.of(STOP));
    long drawn = 0;
    while (prompts.size() < settings.count() && drawn < settings.maxDraws()) {
      List<int[]> contexts = new ArrayList<>();
      int now = (int) Math.min(AT_ONCE, settings.maxDraws() - drawn);
      for (int i = 0; i < now; i++) {
        contexts.add(context(model, randomness, drawn + i));
      }
      SamplingOptions round =
          new SamplingOptions(
              options.temperature(),
              options.maxNewTokens(),
              options.eos(),
              options.seed(),
              drawn,
              options.cut(),
              options.stop());
      List<Generation> generations = model.generate(contexts, round);
      for (int i = 0; i < now && prompts.size() < settings.count(); i++) {
        Generation generation = generations.get(i);
        String text = model.tokenizer().decodeAfter(contexts.get(i), generation.tokens());
        outcomes.merge(take(text, generation.ended()), 1L, Long::sum);
      }
      drawn += now;
    }
    return new Result(List.copyOf(prompts), Map.copyOf(outcomes));
  }

  /** The queries of one draw and the opened turn, as many as fit. */
  private int[] context(LanguageModel model, Randomness randomness, long draw) {
    int[] order = randomness.permutation(examples.size(), "shots", draw);
    int longest = model.config().contextTokens() - settings.maxTokens();
    for (int shots = Math.min(settings.shots(), order.length); shots > 0; shots--) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < shots; i++) {
        text.append(Role.HUMAN.marker()).append(' ').append(examples.get(order[i]));
      }
      text.append(Role.HUMAN.marker());
      int[] tokens = SequenceFormat.prompt(model.tokenizer(), text.toString());
      if (tokens.length <= longest) {
        return tokens;
      }
    }
    throw new UserError(
        "the query '%s' and %d new tokens are more than the model's context of %d; give shorter examples or a lower limit"
            .formatted(
                examples.get(order[0]), settings.maxTokens(), model.config().contextTokens()));
  }

  /** Keeps a draw as a prompt, or says why not. */
  Outcome take(String drawn, boolean ended) {
    int stop = drawn.indexOf(STOP);
    String query = (stop < 0 ? drawn : drawn.substring(0, stop)).strip();
    Outcome outcome = outcome(query, ended);
    if (outcome == Outcome.KEPT) {
      written.add(plain(query));
      prompts.add(Role.HUMAN.marker() + " " + query + Role.ASSISTANT.marker());
    }
    return outcome;
  }

  private Outcome outcome(String query, boolean ended) {
    if (!ended) {
      return Outcome.UNFINISHED;
    }
    if (query.isEmpty() || query.split("\\s+", -1).length < settings.minWords()) {
      return Outcome.TOO_SHORT;
    }
    if (query.contains(Role.HUMAN.marker().strip())
        || query.contains(Role.ASSISTANT.marker().strip())) {
      return Outcome.MARKER;
    }
    if (given.contains(plain(query))) {
      return Outcome.GIVEN;
    }
    return written.contains(plain(query)) ? Outcome.REPEATED : Outcome.KEPT;
  }

  /** A query without what does not make it another one: letter case and white space. */
  private static String plain(String query) {
    return query.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }
}
