package dev.plumbline.experiment;

import dev.plumbline.evaluation.AnswerLikelihoodSettings;
import dev.plumbline.evaluation.BestOfKSettings;
import dev.plumbline.evaluation.CollectionSettings;
import dev.plumbline.evaluation.MatchesSettings;
import dev.plumbline.evaluation.MultipleChoiceSettings;
import dev.plumbline.evaluation.OodSettings;
import dev.plumbline.evaluation.PreferenceEvaluationSettings;
import dev.plumbline.evaluation.SampleSheetSettings;
import dev.plumbline.evaluation.TextScoresSettings;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.Lora;
import dev.plumbline.lm.Precision;
import dev.plumbline.training.DistillationSettings;
import dev.plumbline.training.PpoSettings;
import dev.plumbline.training.PreferenceObjective;
import dev.plumbline.training.PreferenceSettings;
import dev.plumbline.training.PretrainingSettings;
import dev.plumbline.training.StageSettings;
import dev.plumbline.training.TrainerSettings;
import dev.plumbline.training.WatchdogSettings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of a spec: every key of every stage, whether it may be left out, the value that it
 * then has, and the range that it must lie in. This is the only place where defaults stand.
 *
 * <p>A spec has the keys {@code name} (default: the file's name), {@code seed} (default 1), {@code
 * tags}, {@code notes}, and one of the stages' keys, {@code preference} for example, below which
 * stand the stage's own keys: the components of its settings record in snake_case.
 *
 * <p>Where the paper gives a value it is the default: one epoch of preference modelling (section
 * 3.1), PPO with epsilon 0.2, discount 1, no entropy bonus and lambda_KL 0.001 (appendix B.1,
 * equation 4.1), responses of 128 tokens. It is silent on batch size, value function, GAE and
 * optimiser; there the usual values of public implementations are taken (GAE lambda 0.95, value
 * coefficient 0.1, value clip 0.2, gradient norm 1), with sizes that suit models of a few million
 * parameters.
 */
public final class SpecDefaults {
  private SpecDefaults() {}

  /** What a key's text means. */
  public enum Meaning {
    /** A plain value. */
    VALUE,
    /** A data file, or a list of them. */
    FILE,
    /** A model directory, or a reference to a run. */
    MODEL
  }

  /**
   * One key.
   *
   * @param name as in files
   * @param required whether it must be given
   * @param fallback its value where it is left out: a number, text, truth value or list; null for a
   *     required key, for a group with defaults of its own, and for a key that may be absent
   * @param low least value of a number, or least length of a list
   * @param open whether {@code low} itself is excluded
   * @param high greatest value of a number
   * @param meaning what its text means
   */
  public record Key(
      String name,
      boolean required,
      @Nullable Object fallback,
      double low,
      boolean open,
      double high,
      Meaning meaning) {

    /** Whether a number lies in the range. */
    public boolean admits(double value) {
      return (open ? value > low : value >= low) && value <= high;
    }

    /**
     * The range in words: "above 0", "at least 1", "at least 0 and at most 1". What a whole number
     * can hold at most is not said: it bounds no setting that anyone means.
     */
    public String range() {
      String from = (open ? "above " : "at least ") + plain(low);
      if (high >= Integer.MAX_VALUE) {
        return from;
      }
      return low == Double.NEGATIVE_INFINITY
          ? "at most " + plain(high)
          : from + " and at most " + plain(high);
    }

    private static String plain(double value) {
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? Long.toString((long) value)
          : Double.toString(value);
    }
  }

  /** The stages, by their key in files. */
  public static final Map<String, Class<? extends StageSettings>> STAGES =
      Map.ofEntries(
          Map.entry("pretraining", PretrainingSettings.class),
          Map.entry("preference", PreferenceSettings.class),
          Map.entry("rlhf", PpoSettings.class),
          Map.entry("best_of_k", BestOfKSettings.class),
          Map.entry("context_distillation", DistillationSettings.class),
          Map.entry("collection", CollectionSettings.class),
          Map.entry("matches", MatchesSettings.class),
          Map.entry("ood", OodSettings.class),
          Map.entry("preference_evaluation", PreferenceEvaluationSettings.class),
          Map.entry("sample_sheet", SampleSheetSettings.class),
          Map.entry("answer_likelihood", AnswerLikelihoodSettings.class),
          Map.entry("multiple_choice", MultipleChoiceSettings.class),
          Map.entry("text_scores", TextScoresSettings.class));

  private static final Map<Class<?>, List<Key>> KEYS =
      Map.of(
          PretrainingSettings.class,
          List.of(
              files("data"),
              group("model"),
              count("vocabulary_size", 2048, 260),
              count("context_tokens", 256, 2),
              count("batch_size", 32, 1),
              count("steps", 2000, 1),
              above("learning_rate", 1e-3, 0),
              count("warmup_steps", 100, 0),
              from("weight_decay", 0.1, 0),
              above("max_gradient_norm", 1.0, 0),
              between("held_out_fraction", 0.05, 0, 0.5),
              count("evaluate_every", 100, 1),
              count("checkpoint_every", 500, 1),
              group("trainer")),
          PretrainingSettings.ModelSize.class,
          List.of(
              count("layers", 4, 1),
              count("d_model", 128, 2),
              count("heads", 4, 1),
              count("kv_heads", 4, 1),
              count("feed_forward", 352, 1)),
          PreferenceSettings.class,
          List.of(
              model("base"),
              optionalText("baseline", Meaning.MODEL),
              files("data"),
              optionalFiles("held_out"),
              between("held_out_fraction", 0.1, 0, 0.5),
              group("split"),
              choice("on_leakage", PreferenceSettings.OnLeakage.WARN),
              choice("format", DialogueFormat.HH),
              count("max_comparisons", 0, 0),
              count("context_tokens", 256, 2),
              count("batch_size", 32, 1),
              count("epochs", 1, 1),
              above("learning_rate", 3e-4, 0),
              count("warmup_steps", 10, 0),
              from("weight_decay", 0.1, 0),
              above("max_gradient_norm", 1.0, 0),
              count("evaluate_every", 50, 1),
              choice("evaluate_at", PreferenceSettings.Spacing.EVERY),
              count("checkpoint_every", 200, 1),
              group("trainer")),
          PpoSettings.class,
          List.of(
              model("policy"),
              requiredGroup("reward"),
              optionalText("gold", Meaning.VALUE),
              optionalFiles("prompts"),
              records("prompt_pools"),
              choice("format", DialogueFormat.HH),
              count("iterations", 100, 1),
              count("batch_size", 64, 1),
              count("minibatch_size", 32, 1),
              count("epochs", 2, 1),
              count("max_prompt_tokens", 128, 1),
              count("max_response_tokens", 128, 1),
              above("temperature", 1.0, 0),
              from("lambda_kl", 0.001, 0),
              from("kl_target", 0, 0),
              above("kl_horizon", 10_000, 0),
              choice("kl_placement", PpoSettings.KlPlacement.PER_TOKEN),
              above("clip_range", 0.2, 0),
              above("value_clip_range", 0.2, 0),
              from("value_coefficient", 0.1, 0),
              between("gamma", 1.0, 0, 1),
              between("gae_lambda", 0.95, 0, 1),
              choice("value", PpoSettings.Value.HEAD),
              truth("whiten_rewards", false),
              truth("whiten_advantages", true),
              from("missing_eos_penalty", 0.0, 0),
              optionalNumber("missing_eos_score"),
              above("learning_rate", 3e-5, 0),
              count("warmup_iterations", 5, 0),
              above("max_gradient_norm", 1.0, 0),
              records("test_rewards"),
              count("test_every", 1, 1),
              records("held_out"),
              count("held_out_every", 10, 1),
              optionalGroup("ranker"),
              count("sample_sheet_size", 8, 0),
              count("checkpoint_every", 20, 1),
              group("trainer")),
          TrainerSettings.class,
          List.of(
              choice("precision", Precision.FLOAT32),
              count("micro_batch_size", 0, 0),
              truth("activation_checkpointing", false),
              new Key("dropout", false, 0.0, 0, false, 0.9, Meaning.VALUE),
              optionalText("schedule", Meaning.VALUE),
              count("halve_every", TrainerSettings.DEFAULT.halveEvery(), 1),
              optionalGroup("lora"),
              group("freeze"),
              group("watchdog")),
          TrainerSettings.LoraSettings.class,
          List.of(
              count("rank", 8, 1),
              above("alpha", 16, 0),
              new Key(
                  "targets",
                  false,
                  Lora.names(),
                  1,
                  false,
                  Double.POSITIVE_INFINITY,
                  Meaning.VALUE)),
          TrainerSettings.Freeze.class,
          List.of(truth("embeddings", false), count("layers", 0, 0)),
          WatchdogSettings.class,
          watchdog(WatchdogSettings.DEFAULT),
          PpoSettings.Reward.class,
          List.of(
              optionalText("preference_model", Meaning.MODEL),
              records("sum"),
              optionalGroup("lexical"),
              group("transform")),
          PpoSettings.Lexical.class,
          List.of(
              new Key("words", true, null, 1, false, Double.POSITIVE_INFINITY, Meaning.VALUE),
              any("per_word", 1.0),
              count("max_words", 3, 0),
              any("per_token", 0.0)));

  /** Of the parts of a mixture, and of context distillation. */
  private static final Map<Class<?>, List<Key>> MORE_KEYS =
      Map.of(
          PreferenceSettings.Part.class,
          List.of(
              text("name", PreferenceSettings.WHOLE),
              files("files"),
              optionalText("tranche", Meaning.VALUE),
              optionalNumber("fraction", 0, 1),
              optionalNumber("comparisons", 0, Integer.MAX_VALUE),
              above("loss_weight", 1.0, 0),
              choice("objective", PreferenceObjective.RANKED)),
          PreferenceSettings.HeldOut.class,
          List.of(
              text("name", PreferenceSettings.WHOLE),
              files("files"),
              optionalText("tranche", Meaning.VALUE),
              choice("objective", PreferenceObjective.RANKED)),
          PreferenceSettings.Split.class,
          List.of(
              optionalNumber("seed", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
              choice("half", PreferenceSettings.Half.NONE)),
          DistillationSettings.class,
          List.of(
              model("teacher"),
              model("student"),
              file("prompt"),
              files("data"),
              count("top_k", 50, 1),
              count("context_tokens", 256, 2),
              count("batch_size", 32, 1),
              count("steps", 1000, 1),
              above("learning_rate", 5e-5, 0),
              count("warmup_steps", 0, 0),
              from("weight_decay", 0.0, 0),
              above("max_gradient_norm", 1.0, 0),
              between("held_out_fraction", 0.05, 0, 0.5),
              count("evaluate_every", 100, 1),
              count("checkpoint_every", 500, 1),
              group("trainer")));

  /** A record that stands in lists, and its key that a list of mere texts is. */
  private static final Map<Class<?>, String> SHORTHANDS =
      Map.of(PreferenceSettings.Part.class, "files", PreferenceSettings.HeldOut.class, "files");

  /**
   * The key of a record that a list of mere texts stands for: where a list of records is wanted,
   * the texts are the value of this key in a single one.
   */
  static Optional<String> shorthand(Class<?> record) {
    return Optional.ofNullable(SHORTHANDS.get(record));
  }

  private static List<Key> watchdog(WatchdogSettings fallback) {
    return List.of(
        choice("on_divergence", fallback.onDivergence()),
        choice("on_collapse", fallback.onCollapse()),
        from("loss_factor", fallback.lossFactor(), 0),
        between("entropy_floor", fallback.entropyFloor(), 0, 1),
        from("kl_limit", fallback.klLimit(), 0),
        new Key("rate_factor", false, fallback.rateFactor(), 0, true, 1, Meaning.VALUE),
        count("max_roll_backs", fallback.maxRollBacks(), 0));
  }

  /** The keys of a settings record, or of a record inside one, in order. */
  public static List<Key> keys(Class<?> record) {
    return List.copyOf(byName(record).values());
  }

  /** The keys of all records by their names: a workspace reads thousands of specs. */
  private static final class Grammar {
    static final Map<Class<?>, Map<String, Key>> BY_NAME = new HashMap<>();

    static {
      for (Map<Class<?>, List<Key>> part :
          List.of(KEYS, MORE_KEYS, PpoKeys.KEYS, MeasurementKeys.KEYS, EvaluationKeys.KEYS)) {
        part.forEach(
            (type, keys) -> {
              Map<String, Key> named = new LinkedHashMap<>();
              keys.forEach(key -> named.put(key.name(), key));
              BY_NAME.put(type, named);
            });
      }
    }
  }

  private static Map<String, Key> byName(Class<?> record) {
    Map<String, Key> keys = Grammar.BY_NAME.get(record);
    if (keys == null) {
      throw new IllegalArgumentException("no settings record: " + record.getName());
    }
    return keys;
  }

  /** The key of a name in a settings record. */
  static Optional<Key> key(Class<?> record, String name) {
    return Optional.ofNullable(byName(record).get(name));
  }

  /** A record component's name in files: {@code dModel} becomes {@code d_model}. */
  public static String fileName(String component) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      if (Character.isUpperCase(c)) {
        name.append('_').append(Character.toString(c).toLowerCase(Locale.ROOT));
      } else {
        name.append(c);
      }
    }
    return name.toString();
  }

  static Key files(String name) {
    return new Key(name, true, null, 1, false, Double.POSITIVE_INFINITY, Meaning.FILE);
  }

  static Key optionalFiles(String name) {
    return new Key(name, false, List.of(), 0, false, Double.POSITIVE_INFINITY, Meaning.FILE);
  }

  static Key file(String name) {
    return new Key(name, true, null, 0, false, 0, Meaning.FILE);
  }

  static Key text(String name, String fallback) {
    return new Key(name, false, fallback, 0, false, 0, Meaning.VALUE);
  }

  static Key optionalNumber(String name, double low, double high) {
    return new Key(name, false, null, low, false, high, Meaning.VALUE);
  }

  static Key model(String name) {
    return new Key(name, true, null, 0, false, 0, Meaning.MODEL);
  }

  static Key optionalText(String name, Meaning meaning) {
    return new Key(name, false, null, 0, false, 0, meaning);
  }

  static Key text(String name) {
    return new Key(name, true, null, 0, false, 0, Meaning.VALUE);
  }

  static Key optionalNumber(String name) {
    return new Key(
        name,
        false,
        null,
        Double.NEGATIVE_INFINITY,
        false,
        Double.POSITIVE_INFINITY,
        Meaning.VALUE);
  }

  /** A list of groups that may be empty. */
  static Key records(String name) {
    return new Key(name, false, List.of(), 0, false, Double.POSITIVE_INFINITY, Meaning.VALUE);
  }

  static Key group(String name) {
    return new Key(name, false, Map.of(), 0, false, 0, Meaning.VALUE);
  }

  static Key optionalGroup(String name) {
    return new Key(name, false, null, 0, false, 0, Meaning.VALUE);
  }

  static Key requiredGroup(String name) {
    return new Key(name, true, null, 0, false, 0, Meaning.VALUE);
  }

  static Key count(String name, long fallback, long least) {
    return new Key(name, false, fallback, least, false, Integer.MAX_VALUE, Meaning.VALUE);
  }

  static Key truth(String name, boolean fallback) {
    return new Key(name, false, fallback, 0, false, 0, Meaning.VALUE);
  }

  static Key choice(String name, Enum<?> fallback) {
    return new Key(
        name, false, fallback.name().toLowerCase(Locale.ROOT), 0, false, 0, Meaning.VALUE);
  }

  static Key above(String name, double fallback, double low) {
    return new Key(name, false, fallback, low, true, Double.POSITIVE_INFINITY, Meaning.VALUE);
  }

  static Key from(String name, double fallback, double low) {
    return new Key(name, false, fallback, low, false, Double.POSITIVE_INFINITY, Meaning.VALUE);
  }

  static Key between(String name, double fallback, double low, double high) {
    return new Key(name, false, fallback, low, false, high, Meaning.VALUE);
  }

  static Key any(String name, double fallback) {
    return new Key(
        name,
        false,
        fallback,
        Double.NEGATIVE_INFINITY,
        false,
        Double.POSITIVE_INFINITY,
        Meaning.VALUE);
  }
}
