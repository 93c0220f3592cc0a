package dev.plumbline.app.feed;

import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.BranchSpec;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.QueueProcess;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.sampledata.ReadyStudies;
import dev.plumbline.sampledata.SampleWorkspace;
import dev.plumbline.training.Command;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.WorkQueue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands to runs on disk, carried out on a thread of their own, one after the other. */
public final class StoreControl implements RunControl, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreControl.class);

  private final Path workspace;
  private final Runs runs;
  private final Runnable onDone;
  private final ExecutorService worker = FxBridge.pool("control", 1);

  /** Checks what is typed, which does not wait for a run that is being made. */
  private final ExecutorService checker = FxBridge.pool("check", 1);

  /**
   * @param onDone called after something was started or sent, so that it is seen at once
   */
  public StoreControl(Path workspace, Runs runs, Runnable onDone) {
    this.workspace = workspace;
    this.runs = runs;
    this.onDone = onDone;
  }

  @Override
  public void send(RunRow run, Command command, Consumer<String> onProblem) {
    attempt(() -> runs.send(new RunDirectory(run.directory()), command), onProblem);
  }

  @Override
  public void resume(RunRow run, Consumer<String> onProblem) {
    attempt(() -> runs.resume(new RunDirectory(run.directory())), onProblem);
  }

  @Override
  public void startSampleStudy(Consumer<String> onProblem) {
    attempt(
        () -> {
          Path file = SampleWorkspace.install(workspace).study();
          return goOnOrMake(StudyPlan.read(file, Map.of()), false).start(runs);
        },
        onProblem);
  }

  @Override
  public void startReadyStudy(String name, Consumer<String> onProblem) {
    attempt(
        () -> {
          Path file =
              ReadyStudies.install(workspace, name)
                  .orElseThrow(() -> new UserError("there is no ready study '" + name + "'"));
          return goOnOrMake(StudyPlan.read(file, Map.of()), true).start(runs);
        },
        onProblem);
  }

  /** The plan's newest study where it goes on; one that is at work says so when it is started. */
  private Study goOnOrMake(StudyPlan plan, boolean reuse) {
    return Study.newest(workspace, plan)
        .filter(last -> last.isOf(plan) && (last.state().isActive() || last.isInterrupted()))
        .orElseGet(() -> Study.create(runs, plan, reuse));
  }

  @Override
  public void stop(StudyProgress study, Consumer<String> onProblem) {
    attempt(
        () -> {
          study(study).cancel();
          return study.id();
        },
        onProblem);
  }

  @Override
  public void resume(StudyProgress study, Consumer<String> onProblem) {
    attempt(() -> study(study).start(runs), onProblem);
  }

  private Study study(StudyProgress progress) {
    return Study.read(workspace.resolve("studies").resolve(progress.id()));
  }

  @Override
  public String commandLine(RunRow run) {
    return "plumbline run %s --workspace %s"
        .formatted(quoted(new RunDirectory(run.directory()).specFile()), quoted(workspace));
  }

  @Override
  public void branch(RunRow run, long step, Consumer<String> sink, Consumer<String> onProblem) {
    attempt(
        () -> {
          String text = BranchSpec.text(new RunDirectory(run.directory()), step);
          FxBridge.run(() -> sink.accept(text));
          return run.id();
        },
        onProblem);
  }

  @Override
  public void check(String spec, Consumer<String> problem) {
    checker.execute(
        () -> {
          String line = "";
          try {
            LOG.trace("a spec of {}", ExperimentSpec.parse(specFile(), spec).name());
          } catch (UserError e) {
            line = String.valueOf(e.getMessage()).replace(specFile() + ":", "");
          }
          String read = line;
          FxBridge.run(() -> problem.accept(read));
        });
  }

  @Override
  public void start(String spec, Consumer<String> onStarted, Consumer<String> onProblem) {
    attempt(
        () -> {
          RunDirectory run = runs.create(ExperimentSpec.parse(specFile(), spec));
          ProcessHandle worker = runs.start(run);
          FxBridge.run(() -> onStarted.accept(run.id()));
          return worker.pid();
        },
        onProblem);
  }

  @Override
  public void startStudy(String study, Consumer<String> onStarted, Consumer<String> onProblem) {
    attempt(
        () -> {
          Study made = Study.create(runs, StudyPlan.parse(specFile(), study), true);
          ProcessHandle worker = made.start(runs);
          FxBridge.run(() -> onStarted.accept(made.id()));
          return worker.pid();
        },
        onProblem);
  }

  @Override
  public void copy(RunRow run, Consumer<String> sink, Consumer<String> onProblem) {
    attempt(
        () -> {
          String text = BranchSpec.copy(new RunDirectory(run.directory()));
          FxBridge.run(() -> sink.accept(text));
          return run.id();
        },
        onProblem);
  }

  @Override
  public <T> void queue(
      Function<WorkQueue, T> change, Consumer<T> sink, Consumer<String> onProblem) {
    attempt(() -> change(change, sink), onProblem);
  }

  private <T> boolean change(Function<WorkQueue, T> change, Consumer<T> sink) {
    try (WorkQueue queue = WorkQueue.open(workspace)) {
      T done = change.apply(queue);
      QueueProcess process = new QueueProcess(workspace);
      boolean woken = queue.isAnythingToDo() && !process.isAtWork() && process.start(runs);
      FxBridge.run(() -> sink.accept(done));
      return woken;
    }
  }

  @Override
  public void enqueue(Queued what, Consumer<Long> onQueued, Consumer<String> onProblem) {
    attempt(
        () -> {
          WorkQueue.Request request = request(what);
          return change(queue -> queue.add(List.of(request)).getFirst(), onQueued);
        },
        onProblem);
  }

  private WorkQueue.Request request(Queued what) {
    String device = runs.choice().toString();
    return switch (what) {
      case Queued.Run(String id) ->
          WorkQueue.Request.of(new RunDirectory(runs.directory().resolve(id)), device);
      case Queued.OldStudy(String id) -> study(id, device);
      case Queued.ReadyStudy(String name) -> {
        Path file =
            ReadyStudies.install(workspace, name)
                .orElseThrow(() -> new UserError("there is no ready study '" + name + "'"));
        yield WorkQueue.Request.of(goOnOrMake(StudyPlan.read(file, Map.of()), true), device, 0);
      }
      case Queued.Spec(String text) ->
          WorkQueue.Request.of(runs.create(ExperimentSpec.parse(specFile(), text)), device);
      case Queued.StudyText(String text) ->
          WorkQueue.Request.of(
              Study.create(runs, StudyPlan.parse(specFile(), text), true), device, 0);
    };
  }

  private WorkQueue.Request study(String id, String device) {
    return WorkQueue.Request.of(Study.read(workspace.resolve("studies").resolve(id)), device, 0);
  }

  /** What a text is called that stands in no file; its relative paths are the workspace's. */
  private Path specFile() {
    return workspace.resolve("branch.yaml");
  }

  /** How far the studies are, the newest last; call on a background thread. */
  public List<StudyProgress> studies() {
    return Study.list(workspace).stream()
        .map(
            study ->
                new StudyProgress(
                    study.id(), study.name(), study.state(), study.detail(), study.runs()))
        .toList();
  }

  private interface Attempt {
    Object run();
  }

  private void attempt(Attempt task, Consumer<String> onProblem) {
    worker.execute(
        () -> {
          try {
            LOG.debug("done: {}", task.run());
            onDone.run();
          } catch (UserError e) {
            String line = String.valueOf(e.getMessage());
            LOG.info("refused: {}", line);
            FxBridge.run(() -> onProblem.accept(line));
          }
        });
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./+@:=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  @Override
  public void close() {
    worker.shutdown();
    checker.shutdown();
  }
}
