package dev.plumbline.app.shell;

import dev.plumbline.data.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Long work of the workbench itself, each shown among the jobs with its progress and a way to end
 * it. It outlives the workspace in which it was begun. Used on the JavaFX thread.
 */
public final class Tasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

  /** Told by the work, on its own thread, how far it is. */
  public interface Progress {
    /**
     * @param fraction done, 0 to 1; negative while unknown
     * @param detail what is being done just now, in a few words
     */
    void at(double fraction, String detail);

    /** Whether the work is to end; its thread is interrupted too. */
    boolean cancelled();
  }

  /** The work, on a thread of its own; ends by {@link CancellationException} when told to. */
  public interface Work<T> {
    /** Does it. */
    T run(Progress progress);
  }

  private record Stage(double fraction, String detail) {}

  private final ShellViewModel model;
  private final ExecutorService threads = FxBridge.pool("tasks", 2);
  private final Map<String, Job> jobs = new LinkedHashMap<>();

  public Tasks(ShellViewModel model) {
    this.model = model;
  }

  /** Whether work of this name goes on. */
  public boolean isRunning(String id) {
    return jobs.containsKey(id);
  }

  /**
   * Begins work; nothing happens where work of the same name goes on.
   *
   * @param id stable name
   * @param name what is done, for people
   * @param open shows where it belongs
   * @param onDone takes the result, on the JavaFX thread
   * @param onEnd takes why there is none, in one line, empty where it was cancelled; on the JavaFX
   *     thread
   */
  public <T> void start(
      String id,
      String name,
      Runnable open,
      Work<T> work,
      Consumer<T> onDone,
      Consumer<String> onEnd) {
    if (isRunning(id)) {
      return;
    }
    AtomicBoolean cancelled = new AtomicBoolean();
    List<Future<?>> future = new ArrayList<>();
    Runnable stop =
        () -> {
          cancelled.set(true);
          future.forEach(each -> each.cancel(true));
        };
    show(job(id, name, new Stage(-1, ""), open, stop));
    Consumer<Stage> shown =
        FxBridge.latest(
            stage -> {
              if (isRunning(id)) {
                show(job(id, name, stage, open, stop));
              }
            });
    Progress progress =
        new Progress() {
          @Override
          public void at(double fraction, String detail) {
            shown.accept(new Stage(fraction, detail));
          }

          @Override
          public boolean cancelled() {
            return cancelled.get();
          }
        };
    future.add(
        threads.submit(
            () -> {
              Runnable end = outcome(work, progress, onDone, onEnd);
              FxBridge.later(
                  () -> {
                    jobs.remove(id);
                    publish();
                    end.run();
                  });
            }));
  }

  private static <T> Runnable outcome(
      Work<T> work, Progress progress, Consumer<T> onDone, Consumer<String> onEnd) {
    try {
      T result = work.run(progress);
      return () -> onDone.accept(result);
    } catch (CancellationException e) {
      return () -> onEnd.accept("");
    } catch (UserError e) {
      return () -> onEnd.accept(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a task failed", e);
      return () -> onEnd.accept(Strings.text("error.notice", String.valueOf(e.getMessage())));
    }
  }

  private static Job job(String id, String name, Stage stage, Runnable open, Runnable stop) {
    return new Job(
        id,
        Job.Kind.TASK,
        name,
        stage.fraction(),
        Double.NaN,
        stage.detail(),
        "",
        Strings.text("jobs.cancel"),
        true,
        "",
        open,
        stop);
  }

  private void show(Job job) {
    jobs.put(job.id(), job);
    publish();
  }

  private void publish() {
    model.setTasks(List.copyOf(jobs.values()));
  }

  /** Ends what goes on. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
