package dev.plumbline.experiment.answer;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.WorkerLauncher;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that answers, seen from outside. It is started by the first request, keeps its models
 * between requests and ends with {@link #close} or with this process; one that broke down is
 * started again by the next request.
 */
public final class AnswerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerProcess.class);
  private static final long PATIENCE_SECONDS = 2;

  private final WorkerLauncher launcher;
  private final Consumer<AnswerEvent> sink;
  private final ExecutorService reading;
  private final Set<Long> open = new TreeSet<>();
  private @Nullable Process process;
  private @Nullable Writer orders;
  private boolean closed;

  /**
   * @param launcher of workers
   * @param sink hears events on a thread of its own, in order; the last event of a request comes
   *     whatever becomes of the process
   */
  public AnswerProcess(WorkerLauncher launcher, Consumer<AnswerEvent> sink) {
    this.launcher = launcher.running(AnswerMain.class.getName());
    this.sink = sink;
    reading =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "answers");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Has a prompt answered, behind those that wait; not on a thread that must not wait.
   *
   * @throws UserError where the process cannot be started
   */
  public synchronized void ask(AnswerRequest request) {
    if (closed) {
      return;
    }
    Process running = process;
    if (running == null || !running.isAlive()) {
      begin();
    }
    open.add(request.id());
    send(AnswerLines.line(request));
  }

  /** Calls a request off; its last event says whether that came in time. */
  public synchronized void cancel(long id) {
    if (open.contains(id)) {
      send(AnswerLines.cancel(id));
    }
  }

  private void begin() {
    Process started = launcher.asked(List.of());
    process = started;
    orders =
        new BufferedWriter(
            new OutputStreamWriter(started.getOutputStream(), StandardCharsets.UTF_8));
    reading.execute(() -> read(started));
  }

  private void send(String line) {
    Writer out = orders;
    if (out == null) {
      return;
    }
    try {
      out.write(line + "\n");
      out.flush();
    } catch (IOException e) {
      LOG.info("the answering process takes no orders: {}", e.getMessage()); // read() tells why
    }
  }

  private void read(Process from) {
    String last = "";
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        AnswerEvent event = AnswerLines.event(line).orElse(null);
        if (event == null) {
          last = line.isBlank() ? last : line.strip();
          LOG.debug("{}", line);
        } else {
          tell(event);
        }
      }
    } catch (IOException e) {
      LOG.debug("the answering process is gone: {}", e.getMessage());
    }
    ended(from, last);
  }

  private void tell(AnswerEvent event) {
    boolean end =
        event instanceof AnswerEvent.Done
            || event instanceof AnswerEvent.Failed
            || event instanceof AnswerEvent.Cancelled;
    if (end) {
      synchronized (this) {
        open.remove(event.id());
      }
    }
    sink.accept(event);
  }

  private void ended(Process gone, String last) {
    List<Long> lost;
    boolean wanted;
    synchronized (this) {
      Process now = process;
      if (now == null || !now.equals(gone)) {
        return;
      }
      process = null;
      orders = null;
      lost = List.copyOf(open);
      open.clear();
      wanted = closed;
    }
    String reason =
        "the process that answers ended" + (last.isEmpty() ? "; ask again" : ": " + last);
    for (long id : lost) {
      sink.accept(wanted ? new AnswerEvent.Cancelled(id) : new AnswerEvent.Failed(id, reason));
    }
  }

  /** Ends the process; what is being drawn is called off. Waits for it two seconds at most. */
  @Override
  public void close() {
    Process running;
    synchronized (this) {
      closed = true;
      running = process;
    }
    if (running != null) {
      try {
        running.getOutputStream().close(); // the process ends when its orders do
        if (!running.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          running.destroyForcibly();
        }
      } catch (IOException e) {
        running.destroyForcibly();
      } catch (InterruptedException e) {
        running.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    reading.shutdown();
  }
}
