package dev.plumbline.app.newrun;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.SpecDefaults;
import dev.plumbline.experiment.SpecDraft;
import dev.plumbline.experiment.SpecForm;
import dev.plumbline.experiment.SpecPreset;
import dev.plumbline.experiment.SpecProblem;
import dev.plumbline.experiment.StudyDraft;
import dev.plumbline.sampledata.SampleWorkspace;
import dev.plumbline.training.RunState;
import dev.plumbline.workspace.CheckpointRow;
import dev.plumbline.workspace.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A new run or study: one draft that the form and the text both show, checked while it is written.
 * Reading and estimating are done on a thread of its own; used on the JavaFX thread.
 */
public final class NewRunViewModel implements AutoCloseable {
  private static final int MOST_UNDO = 200;
  private static final int STEPS_SHOWN = 12;

  /** A key that nothing is called. */
  private static final String WHOLE = "*";

  /** What is to be looked at. */
  private record Request(String text, boolean study, List<SpecCheck.Finished> finished) {}

  /** What a step back brings again. */
  private record Moment(String text, List<NewRunState.AxisLine> axes, boolean study) {}

  /** A ready set of values. */
  record Choice(String id, String title, String source) {}

  private final WorkspaceFeed feed;
  private final RunControl control;
  private final DialogService dialogs;
  private final Consumer<String> clipboard;
  private final Consumer<String> onRun;
  private final Consumer<String> onStudy;
  private final Consumer<Long> onQueued;
  private final Consumer<String> onProblem;
  private final SpecCheck check;
  private final ExecutorService worker = FxBridge.pool("form", 1);
  private final AtomicReference<@Nullable Request> waiting = new AtomicReference<>();
  private final ReadOnlyObjectWrapper<NewRunState> state;
  private final Deque<Moment> before = new ArrayDeque<>();
  private final Deque<Moment> after = new ArrayDeque<>();
  private final Set<String> kept = new HashSet<>();
  private String lastEdited = "";

  /**
   * @param clipboard takes a text and says so
   * @param onRun takes the id of a run that was started
   * @param onStudy takes the id of a study that was started
   * @param onProblem takes what went wrong, in one line
   */
  public NewRunViewModel(
      WorkspaceFeed feed,
      RunControl control,
      DialogService dialogs,
      Consumer<String> clipboard,
      Consumer<String> onRun,
      Consumer<String> onStudy,
      Consumer<Long> onQueued,
      Consumer<String> onProblem) {
    this.onQueued = onQueued;
    this.feed = feed;
    this.control = control;
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    this.onRun = onRun;
    this.onStudy = onStudy;
    this.onProblem = onProblem;
    check = new SpecCheck(feed.directory());
    SpecDraft draft = SpecDraft.of("preference");
    state =
        new ReadOnlyObjectWrapper<>(
            new NewRunState(
                draft,
                FormLayout.of(draft, false, kept::contains),
                false,
                false,
                List.of(),
                draft.yaml(),
                List.of(),
                SpecCheck.Look.NONE,
                true,
                false));
    look();
  }

  ReadOnlyObjectProperty<NewRunState> state() {
    return state.getReadOnlyProperty();
  }

  // ----------------------------------------------------------------------------------- editing

  /** Writes a value; an empty text takes the key out. */
  void set(String path, SpecForm.Kind kind, String text) {
    if (!state.get().draft().text(path).equals(text.strip())) {
      change(path, state.get().draft().with(path, kind, text));
    }
  }

  /** Writes a list of texts. */
  void set(String path, List<String> texts) {
    if (!state.get().draft().texts(path).equals(texts)) {
      change(path, state.get().draft().with(path, texts));
    }
  }

  /** Puts an empty group in. */
  void putGroup(String path) {
    change(WHOLE, state.get().draft().withGroup(path));
  }

  /** Takes a group out. */
  void takeOut(String path) {
    change(WHOLE, state.get().draft().without(path));
  }

  /** Adds a group to a list; a list of mere files becomes groups first. */
  void addItem(String path) {
    SpecDraft draft = state.get().draft();
    Optional<String> files =
        SpecForm.at(path).flatMap(SpecForm.Field::record).flatMap(SpecForm::shorthand);
    if (draft.isPlain(path) && files.isPresent()) {
      draft = draft.spread(path, files.get());
    }
    change(WHOLE, draft.added(path));
  }

  /** Takes a group out of a list; its path ends in its place. */
  void removeItem(String item) {
    int bracket = item.lastIndexOf('[');
    change(WHOLE, state.get().draft().removed(item.substring(0, bracket), place(item)));
  }

  /** Moves a group of a list. */
  void moveItem(String item, int by) {
    int bracket = item.lastIndexOf('[');
    change(WHOLE, state.get().draft().moved(item.substring(0, bracket), place(item), by));
  }

  private static int place(String item) {
    return Integer.parseInt(item.substring(item.lastIndexOf('[') + 1, item.length() - 1));
  }

  /** Takes what was typed as text; where it cannot be read the form stays as it was. */
  void type(String text) {
    NewRunState now = state.get();
    if (now.study() || text.equals(now.text())) {
      return;
    }
    remember("text");
    try {
      show(SpecDraft.parse(check.file(), text), text);
    } catch (UserError e) {
      show(now.draft(), text);
    }
  }

  /** Begins another stage; name, seed, tags and notes stay. */
  void setStage(String stage) {
    SpecDraft now = state.get().draft();
    if (stage.equals(now.stage())) {
      return;
    }
    SpecDraft next = SpecDraft.of(stage);
    for (String key : List.of("name", "seed", "notes")) {
      next =
          next.with(
              key, key.equals("seed") ? SpecForm.Kind.WHOLE : SpecForm.Kind.TEXT, now.text(key));
    }
    kept.clear();
    change(WHOLE, next.with("tags", now.texts("tags")));
  }

  /** Shows every key, or those that nearly every run decides. */
  void setAdvanced(boolean advanced) {
    kept.clear();
    NewRunState s = state.get();
    state.set(
        new NewRunState(
            s.draft(),
            FormLayout.of(s.draft(), advanced, this::isWanted),
            advanced,
            s.study(),
            s.axes(),
            s.text(),
            s.problems(),
            s.look(),
            s.checking(),
            s.starting()));
  }

  /** Makes a study of it, or one run again. */
  public void setStudy(boolean study) {
    NewRunState s = state.get();
    if (study == s.study()) {
      return;
    }
    remember(WHOLE);
    List<NewRunState.AxisLine> axes =
        s.axes().isEmpty() ? List.of(new NewRunState.AxisLine("seed", "1..3")) : s.axes();
    show(s.draft(), study, axes);
  }

  /** Writes the axes of a study. */
  void setAxes(List<NewRunState.AxisLine> axes) {
    if (!axes.equals(state.get().axes())) {
      remember("axes");
      show(state.get().draft(), state.get().study(), axes);
    }
  }

  /** Keys that can get several values: single values that the draft's groups have. */
  List<String> axisChoices() {
    NewRunState s = state.get();
    List<String> paths = new ArrayList<>(List.of("seed"));
    for (FormSection section : FormLayout.of(s.draft(), true, _ -> true)) {
      for (FormField field : section.fields()) {
        boolean single =
            switch (field.kind()) {
              case WHOLE, NUMBER, TRUTH, CHOICE, MODEL -> true;
              default -> false;
            };
        if (single && !field.path().contains("[") && field.path().contains(".")) {
          paths.add(field.path());
        }
      }
    }
    return List.copyOf(paths);
  }

  /** Takes a spec's text as the new draft. */
  public void open(String text) {
    remember(WHOLE);
    kept.clear();
    try {
      SpecDraft draft = SpecDraft.parse(check.file(), text);
      show(draft, text);
    } catch (UserError e) {
      onProblem.accept(String.valueOf(e.getMessage()).replace(check.file() + ":", ""));
    }
  }

  /** Takes what a run did as the new draft, to be changed. */
  public void like(RunRow run) {
    control.copy(run, this::openOne, onProblem);
  }

  private void openOne(String text) {
    if (state.get().study()) {
      setStudy(false);
    }
    open(text);
  }

  /** Opens a spec file that a person chooses. */
  void openFile() {
    dialogs
        .askOpenFile(
            Strings.text("newrun.open"),
            feed.directory(),
            Strings.text("newrun.kind"),
            List.of("yaml", "yml", "json"))
        .ifPresent(
            file ->
                background(
                    () -> {
                      Path folder = file.toAbsolutePath().normalize().getParent();
                      SpecDraft draft = SpecDraft.parse(file, Files.readString(file));
                      return draft
                          .rebased(folder == null ? feed.directory() : folder, feed.directory())
                          .yaml();
                    },
                    this::openOne));
  }

  // ----------------------------------------------------------------------------------- presets

  /** Ready values for the stage: the paper's, and those of the sample world. */
  List<Choice> presets() {
    String stage = state.get().draft().stage();
    List<Choice> choices = new ArrayList<>();
    SpecPreset.PAPER.stream()
        .filter(preset -> preset.stage().equals(stage))
        .forEach(preset -> choices.add(new Choice(preset.id(), preset.title(), preset.source())));
    samples(stage)
        .forEach(
            (file, title) -> choices.add(new Choice(file, title, Strings.text("newrun.sample"))));
    return List.copyOf(choices);
  }

  private static Map<String, String> samples(String stage) {
    Map<String, String> samples = new LinkedHashMap<>();
    switch (stage) {
      case "pretraining" -> samples.put("base.yaml", Strings.text("newrun.sample.base"));
      case "preference" -> {
        samples.put("helpful-pm.yaml", Strings.text("newrun.sample.pm"));
        samples.put("pmp.yaml", Strings.text("newrun.sample.pmp"));
      }
      case "rlhf" -> samples.put("helpful-ppo.yaml", Strings.text("newrun.sample.ppo"));
      case "context_distillation" ->
          samples.put("distillation.yaml", Strings.text("newrun.sample.distillation"));
      default -> {}
    }
    return samples;
  }

  /** Takes a preset's values; those of the sample world bring its files along. */
  void take(Choice choice) {
    for (SpecPreset preset : SpecPreset.PAPER) {
      if (preset.id().equals(choice.id())) {
        change(WHOLE, preset.over(state.get().draft()));
        return;
      }
    }
    Path workspace = feed.directory();
    background(
        () -> {
          Path folder = SampleWorkspace.install(workspace).directory();
          Path file = folder.resolve(choice.id());
          return SpecDraft.parse(file, Files.readString(file)).rebased(folder, workspace).yaml();
        },
        text -> {
          // The comment at its head is about the shipped file.
          String body =
              text.lines()
                  .dropWhile(line -> line.startsWith("#"))
                  .reduce("", (all, line) -> all + line + "\n");
          open(body);
        });
  }

  // ---------------------------------------------------------------------------------- choosing

  /** Models that a key may name: references to runs, the newest first, and the sample world's. */
  void models(String path, Consumer<List<String>> sink) {
    String key = path.substring(path.lastIndexOf('.') + 1);
    boolean scores = key.equals("preference_model");
    List<RunRow> runs =
        feed.snapshot().get().runs().stream()
            .filter(run -> !scores || run.stage().equals("preference"))
            .filter(run -> RunState.FINISHED == run.state() || run.step() > 0)
            .limit(100)
            .toList();
    feed.read(
        reader -> {
          Set<String> models = new LinkedHashSet<>();
          Set<String> names = new HashSet<>();
          for (RunRow run : runs) {
            List<CheckpointRow> points = reader.checkpoints(run.id());
            if (points.isEmpty()) {
              continue;
            }
            // A name means the newest run that has it; others are known by their id.
            String name = names.add(run.name()) ? run.name() : run.id();
            models.add("run:" + name);
            points.reversed().stream()
                .skip(1)
                .limit(STEPS_SHOWN)
                .forEach(point -> models.add("run:" + name + "@" + point.step()));
          }
          for (String shipped : List.of("base", "pmp")) {
            if (Files.isDirectory(feed.directory().resolve("sample").resolve(shipped))) {
              models.add("sample/" + shipped);
            }
          }
          return List.copyOf(models);
        },
        sink);
  }

  /** Data files that lie at hand, and runs that gathered data. */
  void files(Consumer<List<String>> sink) {
    List<String> gathered =
        feed.snapshot().get().runs().stream()
            .filter(run -> run.stage().equals("collection") && run.state() == RunState.FINISHED)
            .map(run -> "run:" + run.name())
            .distinct()
            .toList();
    Path workspace = feed.directory();
    background(
        () -> {
          Set<String> found = new LinkedHashSet<>(gathered);
          for (Path folder :
              List.of(workspace, workspace.resolve("sample"), workspace.resolve("data"))) {
            if (!Files.isDirectory(folder)) {
              continue;
            }
            try (Stream<Path> files = Files.list(folder)) {
              files
                  .filter(file -> String.valueOf(file.getFileName()).matches(".*\\.jsonl(\\.gz)?"))
                  .sorted()
                  .forEach(
                      file -> found.add(workspace.relativize(file).toString().replace('\\', '/')));
            }
          }
          return List.copyOf(found);
        },
        sink);
  }

  /** A file that a person chooses, as it is to be written. */
  Optional<String> chooseFile() {
    return dialogs
        .askOpenFile(
            Strings.text("newrun.choose.file"),
            feed.directory(),
            Strings.text("newrun.kind.data"),
            List.of("jsonl", "gz", "csv", "tsv", "txt"))
        .map(this::written);
  }

  /** A model's directory that a person chooses, as it is to be written. */
  Optional<String> chooseModel() {
    return dialogs
        .askDirectory(Strings.text("newrun.choose.model"), feed.directory())
        .map(this::written);
  }

  private String written(Path path) {
    Path whole = path.toAbsolutePath().normalize();
    Path workspace = feed.directory().toAbsolutePath().normalize();
    return whole.startsWith(workspace)
        ? workspace.relativize(whole).toString().replace('\\', '/')
        : whole.toString();
  }

  // ------------------------------------------------------------------------------------- doing

  /** Starts it. */
  void start() {
    NewRunState s = state.get();
    if (!s.canStart()) {
      return;
    }
    state.set(starting(s, true));
    Consumer<String> refused =
        line -> {
          state.set(starting(state.get(), false));
          onProblem.accept(line);
        };
    Consumer<String> begun =
        id -> {
          state.set(starting(state.get(), false));
          (s.study() ? onStudy : onRun).accept(id);
        };
    if (s.study()) {
      control.startStudy(s.text(), begun, refused);
    } else {
      control.start(s.text(), begun, refused);
    }
  }

  /** Puts it into the queue instead. */
  void enqueue() {
    NewRunState s = state.get();
    if (!s.canStart()) {
      return;
    }
    state.set(starting(s, true));
    control.enqueue(
        s.study()
            ? new RunControl.Queued.StudyText(s.text())
            : new RunControl.Queued.Spec(s.text()),
        number -> {
          state.set(starting(state.get(), false));
          onQueued.accept(number);
        },
        line -> {
          state.set(starting(state.get(), false));
          onProblem.accept(line);
        });
  }

  private static NewRunState starting(NewRunState s, boolean starting) {
    return new NewRunState(
        s.draft(),
        s.sections(),
        s.advanced(),
        s.study(),
        s.axes(),
        s.text(),
        s.problems(),
        s.look(),
        s.checking(),
        starting);
  }

  /** Puts the text on the clipboard. */
  void copyText() {
    clipboard.accept(state.get().text());
  }

  /** Writes a file, in which relative paths mean what they mean here; gives its name on. */
  void save(Consumer<Path> onSaved) {
    NewRunState s = state.get();
    String name = s.draft().text("name").isBlank() ? s.draft().stage() : s.draft().text("name");
    dialogs
        .askSaveFile(
            Strings.text("newrun.save"),
            name.replaceAll("[^\\p{L}\\p{N}._-]+", "-") + ".yaml",
            Strings.text("newrun.kind"),
            "yaml")
        .ifPresent(
            file ->
                background(
                    () -> {
                      Path folder = file.toAbsolutePath().normalize().getParent();
                      SpecDraft draft =
                          folder == null ? s.draft() : s.draft().rebased(feed.directory(), folder);
                      boolean own = draft.equals(s.draft()) && !s.study();
                      Files.writeString(
                          file, own ? s.text() : s.study() ? study(draft, s.axes()) : draft.yaml());
                      return file;
                    },
                    onSaved));
  }

  /** Writes the file and puts the command that runs it on the clipboard. */
  void copyCommand() {
    boolean study = state.get().study();
    save(
        file ->
            clipboard.accept(
                "plumbline %s %s --workspace %s"
                    .formatted(
                        study ? "study run" : "run", quoted(file), quoted(feed.directory()))));
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./+@:=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  // ------------------------------------------------------------------------------------ undoing

  boolean canUndo() {
    return !before.isEmpty();
  }

  boolean canRedo() {
    return !after.isEmpty();
  }

  /** Takes the last change back. */
  void undo() {
    back(before, after);
  }

  /** Makes a change again that was taken back. */
  void redo() {
    back(after, before);
  }

  private void back(Deque<Moment> from, Deque<Moment> to) {
    if (from.isEmpty()) {
      return;
    }
    to.push(moment());
    Moment then = from.pop();
    lastEdited = "";
    SpecDraft draft = state.get().draft();
    try {
      draft = SpecDraft.parse(check.file(), then.text());
    } catch (UserError e) {
      // a text that could not be read then cannot be read now; it comes back as text
    }
    if (then.study()) {
      show(draft, true, then.axes());
    } else {
      publish(draft, false, then.axes(), then.text());
    }
  }

  private Moment moment() {
    NewRunState s = state.get();
    return new Moment(s.study() ? s.draft().yaml() : s.text(), s.axes(), s.study());
  }

  /** Typing in one place is one change. */
  private void remember(String path) {
    if (path.equals(WHOLE) || !path.equals(lastEdited)) {
      before.push(moment());
      if (before.size() > MOST_UNDO) {
        before.removeLast();
      }
    }
    after.clear();
    lastEdited = path;
  }

  // ----------------------------------------------------------------------------------- checking

  private void change(String path, SpecDraft next) {
    if (next.equals(state.get().draft())) {
      return;
    }
    remember(path);
    if (!path.equals(WHOLE)) {
      kept.add(path); // a line does not go away under the hands that empty it
    }
    show(next, state.get().study(), state.get().axes());
  }

  private void show(SpecDraft draft, String text) {
    publish(draft, state.get().study(), state.get().axes(), text);
  }

  private void show(SpecDraft draft, boolean study, List<NewRunState.AxisLine> axes) {
    publish(draft, study, axes, study ? study(draft, axes) : draft.yaml());
  }

  private static String study(SpecDraft draft, List<NewRunState.AxisLine> axes) {
    return new StudyDraft(
            draft,
            axes.stream()
                .filter(axis -> !axis.path().isBlank())
                .map(NewRunState.AxisLine::axis)
                .filter(axis -> !axis.levels().isEmpty())
                .toList())
        .yaml();
  }

  private boolean isWanted(String path) {
    return kept.contains(path) || state.get().told().anyMatch(path::equals);
  }

  private void publish(
      SpecDraft draft, boolean study, List<NewRunState.AxisLine> axes, String text) {
    NewRunState s = state.get();
    state.set(
        new NewRunState(
            draft,
            FormLayout.of(draft, s.advanced(), this::isWanted),
            s.advanced(),
            study,
            axes,
            text,
            s.problems(),
            s.look(),
            true,
            s.starting()));
    look();
  }

  /** Has the text looked at; texts that were overtaken are not. */
  private void look() {
    NewRunState s = state.get();
    List<SpecCheck.Finished> finished =
        feed.snapshot().get().runs().stream()
            .filter(run -> run.state() == RunState.FINISHED)
            .filter(run -> s.draft().stage().isEmpty() || run.stage().equals(s.draft().stage()))
            .map(run -> new SpecCheck.Finished(run.id(), run.directory(), run.activeSeconds()))
            .toList();
    Request request = new Request(s.text(), s.study(), finished);
    if (waiting.getAndSet(request) == null) {
      worker.execute(this::answer);
    }
  }

  /** On the background thread: mistakes first, because they are known at once. */
  private void answer() {
    Request request = waiting.getAndSet(null);
    if (request == null) {
      return;
    }
    List<SpecProblem> problems =
        request.study() ? check.studyProblems(request.text()) : check.problems(request.text());
    boolean right = problems.isEmpty();
    FxBridge.run(() -> answered(request, problems, SpecCheck.Look.NONE, right));
    if (right && waiting.get() == null) {
      SpecCheck.Look look = check.look(request.text(), request.study(), request.finished());
      FxBridge.run(() -> answered(request, problems, look, false));
    }
  }

  private void answered(
      Request request, List<SpecProblem> problems, SpecCheck.Look look, boolean goesOn) {
    NewRunState s = state.get();
    if (!request.text().equals(s.text()) || request.study() != s.study()) {
      return;
    }
    // What was said before stays until the next is known, or the list would flicker while one
    // types.
    SpecCheck.Look next = goesOn ? s.look() : look;
    problems.forEach(problem -> kept.add(problem.path()));
    next.warnings().forEach(warning -> kept.add(warning.path()));
    state.set(
        new NewRunState(
            s.draft(),
            FormLayout.of(s.draft(), s.advanced(), kept::contains),
            s.advanced(),
            s.study(),
            s.axes(),
            s.text(),
            problems,
            next,
            goesOn,
            s.starting()));
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> void background(Reading<T> task, Consumer<T> sink) {
    worker.execute(
        () -> {
          try {
            T result = task.read();
            FxBridge.run(() -> sink.accept(result));
          } catch (UserError e) {
            FxBridge.run(() -> onProblem.accept(String.valueOf(e.getMessage())));
          } catch (IOException e) {
            String line = Strings.text("newrun.io", String.valueOf(e.getMessage()));
            FxBridge.run(() -> onProblem.accept(line));
          }
        });
  }

  /** Stages by name, the paper's order first. */
  static Collection<String> stages() {
    Set<String> stages =
        new LinkedHashSet<>(
            List.of("pretraining", "context_distillation", "preference", "rlhf", "best_of_k"));
    SpecDefaults.STAGES.keySet().stream().sorted().forEach(stages::add);
    return stages;
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
