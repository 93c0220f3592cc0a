package dev.plumbline.evaluation;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.ChoiceItem;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.DialogueFormat;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.lm.TokenScores;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Multiple choice by the log-probability of completions at temperature 1; the end token is not
 * counted. A model chooses the option whose completion has the highest sum of ln p, or mean, or sum
 * less that without the question; where two are the best it chooses none, which is wrong.
 *
 * <p>Questions that are too long for one of the models are left out for all, so that models can be
 * compared question by question. Tables: {@code items}, {@code options}, and those of {@link
 * ChoiceTables}.
 */
final class MultipleChoice implements Measurement {
  private static final int AT_ONCE = 32;

  private final MultipleChoiceSettings settings;
  private final Randomness randomness;
  private final TorchRuntime runtime;
  private final ChoicePrompt prompts;

  MultipleChoice(MultipleChoiceSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    this.runtime = runtime;
    randomness = new Randomness(seed);
    prompts = new ChoicePrompt(settings.format(), settings.layout());
  }

  @Override
  public String phase() {
    return "multiple choice";
  }

  @Override
  public void run(MeasurementContext context) {
    DialogueFormat form =
        settings.format() == MultipleChoiceSettings.Format.CHAT_TEMPLATE
            ? DialogueFormat.CHAT_TEMPLATE
            : DialogueFormat.HH;
    List<PromptForm> forms =
        settings.players().stream()
            .map(player -> new PromptForm(Path.of(player.model()), form))
            .toList();
    List<ChoiceTask> tasks = new ArrayList<>();
    for (MultipleChoiceSettings.Task task : settings.tasks()) {
      tasks.add(fitting(ChoiceTask.read(task, settings, randomness), forms, context));
    }
    long perPlayer =
        (long) settings.seeds() * tasks.stream().mapToInt(task -> task.questions().size()).sum();
    long total = perPlayer * settings.players().size();
    context.progress(0, total);
    List<List<ChoiceScores>> found = new ArrayList<>();
    for (int p = 0; p < forms.size(); p++) {
      PromptForm own = forms.get(p);
      Path directory = Path.of(settings.players().get(p).model());
      List<ChoiceScores> scores = new ArrayList<>();
      try (LanguageModel model = LanguageModel.load(runtime, directory)) {
        for (ChoiceTask task : tasks) {
          ChoiceScores here = new ChoiceScores(items(task), settings.seeds());
          for (int draw = 0; draw < settings.seeds(); draw++) {
            ask(model, own, task, draw, here, context, total);
          }
          scores.add(here);
        }
      }
      found.add(scores);
    }
    context.table(itemTable(tasks));
    context.table(optionTable(tasks, found));
    new ChoiceTables(settings, tasks, found, randomness).all().forEach(context::table);
  }

  private static List<ChoiceItem> items(ChoiceTask task) {
    return task.questions().stream().map(ChoiceTask.Question::item).toList();
  }

  /** What one draw asks. */
  private String prompt(ChoiceTask task, ChoiceItem item, int draw) {
    return prompts.prompt(task.shots(item, settings.shots(), draw), task.shown(item, draw));
  }

  private ChoiceTask fitting(ChoiceTask task, List<PromptForm> forms, MeasurementContext context) {
    List<ChoiceTask.Question> kept = new ArrayList<>();
    for (ChoiceTask.Question question : task.questions()) {
      boolean fits = true;
      for (int draw = 0; fits && draw < settings.seeds(); draw++) {
        String prompt = prompt(task, question.item(), draw);
        ChoicePrompt.Shown shown = task.shown(question.item(), draw);
        fits =
            forms.stream()
                .allMatch(
                    form ->
                        form.encode(prompt).length + longest(form, shown) <= form.contextTokens());
      }
      if (fits) {
        kept.add(question);
      }
    }
    if (kept.isEmpty()) {
      throw new UserError(
          ("task %s: none of the %d questions, with %d before it, fits into the context of every"
                  + " model; lower shots or name other models")
              .formatted(task.name(), task.questions().size(), settings.shots()));
    }
    ChoiceTask only = task.only(kept);
    if (only.leftOut() > 0) {
      context.notice(
          "task %s: %d questions are too long for one of the models and are left out for all"
              .formatted(task.name(), only.leftOut()));
    }
    return only;
  }

  private int longest(PromptForm form, ChoicePrompt.Shown shown) {
    return IntStream.range(0, shown.order().size())
        .map(option -> form.after(prompts.completion(shown, option)).length)
        .max()
        .orElse(0);
  }

  /** Asks a task's questions in one draw, those of like length together. */
  private void ask(
      LanguageModel model,
      PromptForm form,
      ChoiceTask task,
      int draw,
      ChoiceScores scores,
      MeasurementContext context,
      long total) {
    List<ChoiceItem> items = items(task);
    List<String> asked = items.stream().map(item -> prompt(task, item, draw)).toList();
    int[] order =
        IntStream.range(0, items.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> asked.get(i).length()))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] empty = form.encode(prompts.unconditional());
    for (int start = 0; start < order.length; start += AT_ONCE) {
      int[] part = Arrays.copyOfRange(order, start, Math.min(order.length, start + AT_ONCE));
      List<ChoicePrompt.Shown> shown =
          Arrays.stream(part).mapToObj(i -> task.shown(items.get(i), draw)).toList();
      List<int[]> before = Arrays.stream(part).mapToObj(i -> form.encode(asked.get(i))).toList();
      completed(
          model,
          form,
          shown,
          before,
          (at, option, found) ->
              scores.put(draw, part[at], option, sum(found), found.logProbabilities().length));
      if (settings.unconditional()) {
        completed(
            model,
            form,
            shown,
            shown.stream().map(_ -> empty).toList(),
            (at, option, found) -> scores.putUnconditional(draw, part[at], option, sum(found)));
      }
      context.progress(context.done() + part.length, total);
    }
  }

  /** Is given what a model says of completions. */
  private interface Use {
    void completion(int at, int option, TokenScores found);
  }

  private static double sum(TokenScores scores) {
    return Arrays.stream(scores.logProbabilities()).sum();
  }

  /** Scores every option's completion behind its prompt. */
  private void completed(
      LanguageModel model,
      PromptForm form,
      List<ChoicePrompt.Shown> shown,
      List<int[]> before,
      Use use) {
    List<int[]> sequences = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    for (int at = 0; at < shown.size(); at++) {
      int[] prompt = before.get(at);
      for (int option : shown.get(at).order()) {
        int[] completion = form.after(prompts.completion(shown.get(at), option));
        int[] sequence = Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, sequence, prompt.length, completion.length);
        sequences.add(sequence);
        from.add(prompt.length);
      }
    }
    List<TokenScores> scores =
        model.scoreAlike(sequences, from.stream().mapToInt(Integer::intValue).toArray(), 1);
    int next = 0;
    for (int at = 0; at < shown.size(); at++) {
      for (int option : shown.get(at).order()) {
        use.completion(at, option, scores.get(next++));
      }
    }
  }

  private static ResultTable itemTable(List<ChoiceTask> tasks) {
    ResultTable.Builder table =
        ResultTable.named("items")
            .text("task", "the task")
            .number("item", "", "the question's number in the task")
            .text("file", "the file that holds it")
            .number("line", "", "its line in the file, from 1")
            .text("group", "kind of question; empty for none")
            .text("cluster", "what it has in common with questions that depend on it")
            .text("question", "the question")
            .text("answer", "the right option")
            .number("options", "", "options");
    for (ChoiceTask task : tasks) {
      for (int i = 0; i < task.questions().size(); i++) {
        ChoiceTask.Question question = task.questions().get(i);
        ChoiceItem item = question.item();
        table.row(
            task.name(),
            i,
            question.file(),
            item.line(),
            item.group(),
            item.cluster(),
            item.question(),
            item.choices().get(item.answer()),
            item.choices().size());
      }
    }
    return table.build();
  }

  private ResultTable optionTable(List<ChoiceTask> tasks, List<List<ChoiceScores>> found) {
    ResultTable.Builder table =
        ResultTable.named("options")
            .text("task", "the task")
            .number("item", "", "the question's number in the task")
            .number("draw", "", "draw of the shots and of the options' order, from 0")
            .text("player", "the model")
            .text("option", "the option")
            .number("correct", "", "1 for the right one")
            .number("sum", "nat", "ln p of its completion given the prompt")
            .number("tokens", "token", "tokens of the completion")
            .number("unconditional", "nat", "ln p of the completion without the question");
    for (int t = 0; t < tasks.size(); t++) {
      List<ChoiceItem> items = items(tasks.get(t));
      for (int p = 0; p < found.size(); p++) {
        ChoiceScores scores = found.get(p).get(t);
        for (int i = 0; i < items.size(); i++) {
          ChoiceItem item = items.get(i);
          for (int draw = 0; draw < scores.draws(); draw++) {
            for (int option = 0; option < item.choices().size(); option++) {
              table.row(
                  tasks.get(t).name(),
                  i,
                  draw,
                  settings.players().get(p).name(),
                  item.choices().get(option),
                  option == item.answer() ? 1 : 0,
                  scores.sum(draw, i, option),
                  scores.tokens(draw, i, option),
                  scores.unconditional(draw, i, option));
            }
          }
        }
      }
    }
    return table.build();
  }

  @Override
  public void close() {
    // Each model is closed when it has been asked.
  }
}
