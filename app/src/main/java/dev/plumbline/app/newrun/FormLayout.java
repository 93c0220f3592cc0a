package dev.plumbline.app.newrun;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.experiment.SpecDefaults;
import dev.plumbline.experiment.SpecDraft;
import dev.plumbline.experiment.SpecForm;
import dev.plumbline.experiment.SpecHelp;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which lines the form has for a draft, in which sections. */
final class FormLayout {
  /** What nearly every run decides; all that must be given is shown beside it. */
  private static final Set<String> BASIC =
      Set.of(
          "base",
          "data",
          "held_out",
          "policy",
          "reward",
          "preference_model",
          "gold",
          "prompts",
          "iterations",
          "steps",
          "batch_size",
          "minibatch_size",
          "epochs",
          "learning_rate",
          "max_comparisons",
          "context_tokens",
          "max_response_tokens",
          "lambda_kl",
          "samples",
          "max_prompts",
          "players",
          "judges",
          "comparisons",
          "model",
          "layers",
          "d_model",
          "heads",
          "kv_heads",
          "feed_forward",
          "test_rewards",
          "tasks",
          "sets",
          "fraction",
          "objective");

  /** What a key is about. */
  private enum Topic {
    SOURCES,
    LENGTH,
    OPTIMISATION,
    SAMPLING,
    KL,
    PPO,
    MEASURED,
    OTHER
  }

  private static final Map<String, Topic> TOPICS =
      Map.ofEntries(
          Map.entry("iterations", Topic.LENGTH),
          Map.entry("steps", Topic.LENGTH),
          Map.entry("epochs", Topic.LENGTH),
          Map.entry("batch_size", Topic.LENGTH),
          Map.entry("minibatch_size", Topic.LENGTH),
          Map.entry("max_comparisons", Topic.LENGTH),
          Map.entry("context_tokens", Topic.LENGTH),
          Map.entry("comparisons", Topic.LENGTH),
          Map.entry("vocabulary_size", Topic.SOURCES),
          Map.entry("held_out_fraction", Topic.SOURCES),
          Map.entry("on_leakage", Topic.SOURCES),
          Map.entry("format", Topic.SOURCES),
          Map.entry("gold", Topic.SOURCES),
          Map.entry("learning_rate", Topic.OPTIMISATION),
          Map.entry("warmup_steps", Topic.OPTIMISATION),
          Map.entry("warmup_iterations", Topic.OPTIMISATION),
          Map.entry("weight_decay", Topic.OPTIMISATION),
          Map.entry("max_gradient_norm", Topic.OPTIMISATION),
          Map.entry("max_prompt_tokens", Topic.SAMPLING),
          Map.entry("max_response_tokens", Topic.SAMPLING),
          Map.entry("temperature", Topic.SAMPLING),
          Map.entry("samples", Topic.SAMPLING),
          Map.entry("max_prompts", Topic.SAMPLING),
          Map.entry("lambda_kl", Topic.KL),
          Map.entry("kl_target", Topic.KL),
          Map.entry("kl_horizon", Topic.KL),
          Map.entry("kl_placement", Topic.KL),
          Map.entry("clip_range", Topic.PPO),
          Map.entry("value_clip_range", Topic.PPO),
          Map.entry("value_coefficient", Topic.PPO),
          Map.entry("gamma", Topic.PPO),
          Map.entry("gae_lambda", Topic.PPO),
          Map.entry("value", Topic.PPO),
          Map.entry("whiten_rewards", Topic.PPO),
          Map.entry("whiten_advantages", Topic.PPO),
          Map.entry("missing_eos_penalty", Topic.PPO),
          Map.entry("missing_eos_score", Topic.PPO),
          Map.entry("evaluate_every", Topic.MEASURED),
          Map.entry("evaluate_at", Topic.MEASURED),
          Map.entry("checkpoint_every", Topic.MEASURED),
          Map.entry("test_every", Topic.MEASURED),
          Map.entry("held_out_every", Topic.MEASURED),
          Map.entry("sample_sheet_size", Topic.MEASURED));

  private final SpecDraft draft;
  private final Predicate<String> shown;
  private final boolean advanced;
  private final List<FormSection> sections = new ArrayList<>();

  private FormLayout(SpecDraft draft, boolean advanced, Predicate<String> shown) {
    this.draft = draft;
    this.advanced = advanced;
    this.shown = shown;
  }

  /**
   * The sections of a draft.
   *
   * @param advanced whether every key has its line; else those that nearly every run decides, that
   *     are given, or that {@code shown} wants
   */
  static List<FormSection> of(SpecDraft draft, boolean advanced, Predicate<String> shown) {
    FormLayout layout = new FormLayout(draft, advanced, shown);
    layout.head();
    String stage = draft.stage();
    if (!stage.isEmpty()) {
      Class<?> record = SpecDefaults.STAGES.get(stage);
      if (record != null) {
        layout.stage(stage, record);
      }
    }
    return List.copyOf(layout.sections);
  }

  private void head() {
    List<FormField> fields = new ArrayList<>();
    fields.add(head("name", SpecForm.Kind.TEXT, Strings.text("newrun.head.name")));
    fields.add(head("seed", SpecForm.Kind.WHOLE, Strings.text("newrun.head.seed")));
    if (advanced || draft.has("tags") || shown.test("tags")) {
      fields.add(head("tags", SpecForm.Kind.TEXTS, Strings.text("newrun.head.tags")));
    }
    if (advanced || draft.has("notes") || shown.test("notes")) {
      fields.add(head("notes", SpecForm.Kind.TEXT, Strings.text("newrun.head.notes")));
    }
    sections.add(
        new FormSection(
            "", Strings.text("newrun.section.run"), "", FormSection.Kind.FIXED, fields));
  }

  private static FormField head(String name, SpecForm.Kind kind, String meaning) {
    return new FormField(
        name, name, kind, List.of(), false, name.equals("seed") ? "1" : "", meaning);
  }

  private boolean isShown(String path, SpecForm.Field field) {
    return advanced
        || field.key().required()
        || BASIC.contains(field.name())
        || draft.has(path)
        || shown.test(path);
  }

  private void stage(String stage, Class<?> record) {
    Map<Topic, List<FormField>> topics = new EnumMap<>(Topic.class);
    for (SpecForm.Field field : SpecForm.fields(record)) {
      String path = stage + "." + field.name();
      boolean plain = field.kind() == SpecForm.Kind.LIST && isFiles(field, path);
      if ((field.isLeaf() || plain) && isShown(path, field)) {
        topics
            .computeIfAbsent(topic(field), _ -> new ArrayList<>())
            .add(line(path, record, field, plain));
      }
    }
    topics.forEach(
        (topic, fields) ->
            sections.add(new FormSection(stage, title(topic), "", FormSection.Kind.FIXED, fields)));
    for (SpecForm.Field field : SpecForm.fields(record)) {
      if (!field.isLeaf()) {
        group(stage + "." + field.name(), record, field);
      }
    }
  }

  /** Whether a list of groups is, or is to be begun, as the list of files that it may be. */
  private boolean isFiles(SpecForm.Field field, String path) {
    return field.record().flatMap(SpecForm::shorthand).isPresent()
        && (!draft.has(path) || draft.isPlain(path));
  }

  private static Topic topic(SpecForm.Field field) {
    Topic named = TOPICS.get(field.name());
    if (named != null) {
      return named;
    }
    boolean source =
        field.key().meaning() != SpecDefaults.Meaning.VALUE || field.kind() == SpecForm.Kind.LIST;
    return source ? Topic.SOURCES : Topic.OTHER;
  }

  private static String title(Topic topic) {
    return switch (topic) {
      case SOURCES -> Strings.text("newrun.section.sources");
      case LENGTH -> Strings.text("newrun.section.length");
      case OPTIMISATION -> Strings.text("newrun.section.optimisation");
      case SAMPLING -> Strings.text("newrun.section.sampling");
      case KL -> Strings.text("newrun.section.kl");
      case PPO -> Strings.text("newrun.section.ppo");
      case MEASURED -> Strings.text("newrun.section.measured");
      case OTHER -> Strings.text("newrun.section.other");
    };
  }

  private void group(String path, Class<?> owner, SpecForm.Field field) {
    if (!isShown(path, field)) {
      return;
    }
    Class<?> record = field.record().orElseThrow();
    String title = path.substring(path.indexOf('.') + 1).replace(".", " › ");
    String about = SpecHelp.meaning(owner, field.name()).orElse("");
    switch (field.kind()) {
      case LIST -> {
        if (isFiles(field, path)) {
          sections.add(new FormSection(path, title, about, FormSection.Kind.LIST, List.of()));
          return;
        }
        sections.add(new FormSection(path, title, about, FormSection.Kind.LIST, List.of()));
        for (int i = 1; i <= draft.size(path); i++) {
          String item = path + "[" + i + "]";
          String name = draft.text(item + ".name");
          inside(
              item,
              title + " " + i + (name.isEmpty() ? "" : ": " + name),
              "",
              FormSection.Kind.ITEM,
              record);
        }
      }
      case OPTIONAL_GROUP -> {
        if (draft.has(path)) {
          inside(path, title, about, FormSection.Kind.PRESENT, record);
        } else {
          sections.add(new FormSection(path, title, about, FormSection.Kind.ABSENT, List.of()));
        }
      }
      default -> inside(path, title, about, FormSection.Kind.FIXED, record);
    }
  }

  private void inside(
      String path, String title, String about, FormSection.Kind kind, Class<?> record) {
    List<FormField> fields = new ArrayList<>();
    for (SpecForm.Field field : SpecForm.fields(record)) {
      String place = path + "." + field.name();
      if (field.isLeaf() && isShown(place, field)) {
        fields.add(line(place, record, field, false));
      }
    }
    if (!fields.isEmpty() || kind != FormSection.Kind.FIXED) {
      sections.add(new FormSection(path, title, about, kind, fields));
    }
    for (SpecForm.Field field : SpecForm.fields(record)) {
      if (!field.isLeaf()) {
        group(path + "." + field.name(), record, field);
      }
    }
  }

  private static FormField line(String path, Class<?> owner, SpecForm.Field field, boolean plain) {
    SpecDefaults.Key key = field.key();
    Object fallback = key.fallback();
    String value =
        switch (fallback) {
          case null -> "";
          case List<?> list -> String.join(", ", list.stream().map(String::valueOf).toList());
          case Map<?, ?> _ -> "";
          case Double number -> plain(number);
          default -> fallback.toString();
        };
    String meaning = SpecHelp.meaning(owner, field.name()).orElse("");
    boolean number = field.kind() == SpecForm.Kind.NUMBER || field.kind() == SpecForm.Kind.WHOLE;
    boolean bounded = number && key.low() != Double.NEGATIVE_INFINITY;
    String range = bounded ? Strings.text("newrun.range", key.range()) : "";
    return new FormField(
        path,
        field.name(),
        plain ? SpecForm.Kind.FILES : field.kind(),
        field.options(),
        key.required(),
        value,
        (meaning + " " + range).strip());
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }
}
