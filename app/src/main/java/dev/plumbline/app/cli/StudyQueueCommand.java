package dev.plumbline.app.cli;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ExperimentSpec;
import dev.plumbline.experiment.QueueEntry;
import dev.plumbline.experiment.QueueProcess;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.Runs;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.StudyPlan;
import dev.plumbline.sampledata.ReadyStudies;
import dev.plumbline.workspace.QueueLine;
import dev.plumbline.workspace.QueueSheet;
import dev.plumbline.workspace.WorkQueue;
import dev.plumbline.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline study queue}: studies and runs that go one after the other. */
@Command(
    name = "queue",
    description =
        "Studies and runs that go one after the other. The queue is the workspace's: it goes on"
            + " when the window or the terminal is closed.",
    mixinStandardHelpOptions = true,
    subcommands = {
      StudyQueueCommand.ListEntries.class,
      StudyQueueCommand.Add.class,
      StudyQueueCommand.Move.class,
      StudyQueueCommand.Cancel.class,
      StudyQueueCommand.Pause.class,
      StudyQueueCommand.Resume.class,
      StudyQueueCommand.Run.class
    })
final class StudyQueueCommand extends Group {
  @ParentCommand StudyCommand parent = new StudyCommand();

  @Override
  Output output() {
    return parent.output();
  }

  /** An entry as scripts read it; what is unknown is null. */
  record Line(
      long entry,
      String kind,
      String id,
      String title,
      String state,
      long done,
      long total,
      @Nullable Double fraction,
      @Nullable Double secondsLeft,
      @Nullable Double endsInSeconds,
      String detail) {
    static Line of(QueueLine line) {
      QueueEntry entry = line.entry();
      return new Line(
          entry.number(),
          entry.kind().name().toLowerCase(Locale.ROOT),
          entry.target(),
          entry.title(),
          state(entry),
          line.done(),
          line.total(),
          known(line.fraction()),
          known(line.secondsLeft()),
          known(line.endsIn()),
          entry.detail());
    }

    private static @Nullable Double known(double value) {
      return Double.isFinite(value) ? value : null;
    }

    private static String state(QueueEntry entry) {
      return switch (entry.wish()) {
        case NONE -> entry.state().word();
        case PAUSE -> "pausing";
        case CANCEL -> "stopping";
      };
    }
  }

  /** The queue as scripts read it. */
  record Listing(
      boolean paused,
      boolean atWork,
      int atATime,
      @Nullable Double secondsLeft,
      List<Line> entries) {
    static Listing of(QueueSheet sheet) {
      return new Listing(
          sheet.terms().paused(),
          sheet.atWork(),
          sheet.terms().atATime(),
          Line.known(sheet.secondsLeft()),
          sheet.lines().stream().map(Line::of).toList());
    }
  }

  /** What the commands share. */
  abstract static class Queued implements Callable<Integer> {
    @ParentCommand StudyQueueCommand queue = new StudyQueueCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Option(names = "--json", description = "The queue as JSON on standard output")
    boolean json;

    Output output() {
      return queue.output();
    }

    QueueSheet sheet() {
      if (!Workspace.isHeld(workspace.directory)) {
        workspace.ingest();
      }
      try (Workspace store = workspace.existing()) {
        return store.queue();
      }
    }

    int tell(QueueSheet sheet) {
      Output output = output();
      if (json) {
        output.json(Listing.of(sheet));
        return CommandLineEntry.OK;
      }
      if (sheet.lines().isEmpty()) {
        output.note("nothing is in the queue of %s", workspace.directory);
        return CommandLineEntry.OK;
      }
      output.line(
          "%5s  %-9s  %-9s  %-14s  %-14s  %s",
          "entry", "state", "done", "left", "ends in", "title");
      for (QueueLine line : sheet.lines()) {
        Line one = Line.of(line);
        output.line(
            "%5d  %-9s  %-9s  %-14s  %-14s  %s%s",
            one.entry(),
            one.state(),
            one.total() == 0 ? "" : one.done() + " / " + one.total(),
            Numbers.duration(line.secondsLeft()),
            Numbers.duration(line.endsIn()),
            one.title(),
            one.detail().isEmpty() ? "" : ": " + one.detail());
      }
      output.line("%s", summary(sheet));
      return CommandLineEntry.OK;
    }

    /** Changes the queue, and starts its process where there is something to do. */
    int change(Change change) {
      workspace.require();
      try (WorkQueue open = WorkQueue.open(workspace.directory)) {
        change.make(open);
      }
      wake();
      return tell(sheet());
    }

    void wake() {
      Runs runs = new Runs(workspace.directory);
      QueueSheet now = sheet();
      if (now.isStalled()) {
        new QueueProcess(workspace.directory).start(runs);
      }
    }
  }

  /** A change of the queue. */
  interface Change {
    void make(WorkQueue queue);
  }

  private static String summary(QueueSheet sheet) {
    StringBuilder text = new StringBuilder();
    text.append(sheet.in(QueueEntry.State.RUNNING).size())
        .append(" at work, ")
        .append(sheet.in(QueueEntry.State.WAITING).size())
        .append(" waiting");
    if (Double.isFinite(sheet.secondsLeft())) {
      text.append("; about ").append(Numbers.duration(sheet.secondsLeft())).append(" left");
      if (sheet.unknown() > 0) {
        text.append(", without ").append(sheet.unknown()).append(" of unknown length");
      }
    }
    if (sheet.terms().paused()) {
      text.append("; paused: nothing new begins");
    } else if (sheet.isStalled()) {
      text.append("; nobody works on it: `plumbline study queue run` goes on");
    }
    return text.toString();
  }

  /** {@code plumbline study queue list}. */
  @Command(
      name = "list",
      description = "Show the queue with how far each entry is and when it will be done.",
      mixinStandardHelpOptions = true)
  static final class ListEntries extends Queued {
    @Override
    public Integer call() {
      workspace.require();
      return tell(sheet());
    }
  }

  /** {@code plumbline study queue add WHAT...}. */
  @Command(
      name = "add",
      description =
          "Put studies and runs behind what waits already: study files, names of ready studies,"
              + " spec files of single runs, or ids of studies and runs that are not finished. The"
              + " queue goes on by itself, without this terminal.",
      mixinStandardHelpOptions = true)
  static final class Add extends Queued {
    @Mixin QueueOptions options = new QueueOptions();

    @Parameters(paramLabel = "WHAT", arity = "1..*", description = "A file, a name or an id")
    List<String> what = List.of();

    @Option(
        names = "--set",
        paramLabel = "NAME=VALUE",
        description = "Fills $${NAME} in the files' texts; may be given more than once")
    @Nullable Map<String, String> values;

    @Option(
        names = "--anew",
        description = "Also what the workspace has finished already with equal settings and data")
    boolean anew;

    @Option(names = "--hold", description = "Only put in: nothing is begun by this command")
    boolean hold;

    @Override
    public Integer call() {
      Runs runs = options.runs(workspace);
      String device = runs.choice().toString();
      List<Prepared> prepared = new ArrayList<>();
      for (String one : what) {
        prepared.add(prepare(runs, one)); // all of them first: a mistake leaves nothing behind
      }
      List<WorkQueue.Request> requests = new ArrayList<>();
      for (Prepared one : prepared) {
        requests.add(one.make(device));
      }
      try (WorkQueue open = WorkQueue.open(runs.workspace())) {
        open.add(requests);
      }
      if (!hold) {
        wake();
      }
      return tell(sheet());
    }

    /** What was read, and becomes a study or a run when all of it was. */
    private interface Prepared {
      WorkQueue.Request make(String device);
    }

    private Prepared prepare(Runs runs, String name) {
      Map<String, String> set = values == null ? Map.of() : values;
      Path file = Path.of(name);
      if (Files.isRegularFile(file)) {
        return StudyPlan.isStudy(file)
            ? study(runs, StudyPlan.read(file, set))
            : run(runs, ExperimentSpec.read(file, set));
      }
      Optional<Study> study =
          Study.list(runs.workspace()).stream().filter(one -> one.id().equals(name)).findFirst();
      if (study.isPresent()) {
        return device -> WorkQueue.Request.of(study.get(), device, options.workers());
      }
      Optional<RunDirectory> run =
          runs.list().stream().filter(one -> one.id().equals(name)).findFirst();
      if (run.isPresent()) {
        return device -> WorkQueue.Request.of(run.get(), device);
      }
      Path ready =
          ReadyStudies.install(runs.workspace(), name)
              .orElseThrow(
                  () ->
                      new UserError(
                          "no file, no ready study and no id of %s is '%s'; `plumbline study list`"
                                  .formatted(runs.workspace(), name)
                              + " and `plumbline runs` show what there is"));
      return study(runs, StudyPlan.read(ready, set));
    }

    private Prepared study(Runs runs, StudyPlan plan) {
      return device -> {
        Study study =
            Study.newest(runs.workspace(), plan)
                .filter(last -> last.isOf(plan) && last.isInterrupted())
                .orElseGet(() -> Study.create(runs, plan, !anew));
        return WorkQueue.Request.of(study, device, options.workers());
      };
    }

    private static Prepared run(Runs runs, ExperimentSpec spec) {
      return device -> WorkQueue.Request.of(runs.create(spec), device);
    }
  }

  /** {@code plumbline study queue move ENTRY PLACE}. */
  @Command(
      name = "move",
      description = "Give an entry that waits another place.",
      mixinStandardHelpOptions = true)
  static final class Move extends Queued {
    @Parameters(index = "0", paramLabel = "ENTRY", description = "Its number in the list")
    long entry;

    @Parameters(
        index = "1",
        paramLabel = "PLACE",
        description = "From 1, among those that have not begun")
    int place;

    @Override
    public Integer call() {
      if (place < 1) {
        throw new UserError("place " + place + ": places count from 1");
      }
      return change(open -> open.move(entry, place));
    }
  }

  /** {@code plumbline study queue cancel ENTRY...}. */
  @Command(
      name = "cancel",
      description =
          "Take entries out; one at work stops with checkpoints first. `resume` puts it back.",
      mixinStandardHelpOptions = true)
  static final class Cancel extends Queued {
    @Parameters(paramLabel = "ENTRY", arity = "1..*", description = "Their numbers in the list")
    List<Long> entries = List.of();

    @Override
    public Integer call() {
      return change(open -> entries.forEach(open::cancel));
    }
  }

  /** {@code plumbline study queue pause [ENTRY...]}. */
  @Command(
      name = "pause",
      description =
          "Hold entries back, those at work after a checkpoint; without an entry the queue: what is"
              + " at work goes on, and nothing new begins.",
      mixinStandardHelpOptions = true)
  static final class Pause extends Queued {
    @Parameters(paramLabel = "ENTRY", arity = "0..*", description = "Their numbers in the list")
    List<Long> entries = List.of();

    @Override
    public Integer call() {
      return change(
          open -> {
            if (entries.isEmpty()) {
              open.setPaused(true);
            }
            entries.forEach(open::pause);
          });
    }
  }

  /** {@code plumbline study queue resume [ENTRY...]}. */
  @Command(
      name = "resume",
      description =
          "Let entries go on that are paused, cancelled or failed; without an entry the queue.",
      mixinStandardHelpOptions = true)
  static final class Resume extends Queued {
    @Parameters(paramLabel = "ENTRY", arity = "0..*", description = "Their numbers in the list")
    List<Long> entries = List.of();

    @Override
    public Integer call() {
      return change(
          open -> {
            if (entries.isEmpty()) {
              open.setPaused(false);
            }
            entries.forEach(open::resume);
          });
    }
  }

  /** {@code plumbline study queue run}. */
  @Command(
      name = "run",
      description =
          "Work through the queue and watch it until nothing is left to do. Ctrl-C ends the"
              + " watching only; `pause` and `cancel` end the work.",
      mixinStandardHelpOptions = true)
  static final class Run extends Queued {
    private static final long POLL_NANOS = 500_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;

    @Option(
        names = "--at-a-time",
        paramLabel = "N",
        description =
            "Entries at work at a time, from now on; 0 for as many as the machine carries")
    @Nullable Integer atATime;

    @Option(names = "--detach", description = "Start the work and return")
    boolean detach;

    @Override
    public Integer call() {
      workspace.require();
      try (WorkQueue open = WorkQueue.open(workspace.directory)) {
        if (atATime != null) {
          open.setAtATime(atATime);
        }
        open.setPaused(false);
      }
      wake();
      QueueSheet sheet = sheet();
      if (!detach) {
        sheet = follow(sheet);
      }
      tell(sheet);
      return sheet.in(QueueEntry.State.FAILED).isEmpty()
          ? CommandLineEntry.OK
          : CommandLineEntry.FAILED;
    }

    private QueueSheet follow(QueueSheet first) {
      QueueSheet sheet = first;
      String shown = "";
      long at = 0;
      QueueProcess process = new QueueProcess(workspace.directory);
      while (sheet.atWork()) {
        String line = summary(sheet);
        String states =
            sheet.lines().stream()
                .map(one -> one.entry().number() + Line.state(one.entry()) + one.done())
                .toList()
                .toString();
        if (!states.equals(shown) || System.nanoTime() - at > LINE_NANOS) {
          shown = states;
          at = System.nanoTime();
          output().note("%s", line);
        }
        for (long end = System.nanoTime() + 4 * POLL_NANOS;
            process.isAtWork() && System.nanoTime() < end; ) {
          LockSupport.parkNanos(POLL_NANOS);
        }
        sheet = sheet();
      }
      return sheet;
    }
  }
}
