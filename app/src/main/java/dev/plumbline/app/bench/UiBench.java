package dev.plumbline.app.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.plumbline.analysis.Quantiles;
import dev.plumbline.app.chart.FigureView;
import dev.plumbline.app.chart.Zoom;
import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.live.CompareViewModel;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.bench.BenchReport;
import dev.plumbline.bench.Goal;
import dev.plumbline.bench.Measurement;
import dev.plumbline.figure.Axis;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Ink;
import dev.plumbline.figure.Layer;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunFilterParser;
import dev.plumbline.workspace.RunKey;
import dev.plumbline.workspace.RunQuery;
import dev.plumbline.workspace.RunTable;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Measures the workbench against its goals, in a process of its own on the headless platform and
 * the software pipeline: {@code UiBench DIRECTORY REPORT quick|full}. What is measured by the wall
 * clock stands beside what it took of the processor, since other work disturbs only the first.
 */
public final class UiBench {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MIB = 1 << 20;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Path directory;
  private final boolean quick;
  private final Consumer<String> progress;
  private final List<Measurement> measured = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private UiBench(Path directory, boolean quick, Consumer<String> progress) {
    this.directory = directory;
    this.quick = quick;
    this.progress = progress;
  }

  /** Measures and writes the report; lines on standard output say how far it is. */
  public static void main(String[] arguments) throws Exception {
    UiBench bench =
        new UiBench(
            Path.of(arguments[0]),
            arguments[2].equals("quick"),
            line -> {
              System.out.println(line);
              System.out.flush();
            });
    JSON.writeValue(Path.of(arguments[1]).toFile(), bench.run());
    System.exit(0); // JavaFX's threads would stay
  }

  private BenchReport run() throws Exception {
    Instant started = Clock.systemUTC().instant();
    long start = System.nanoTime();
    CountDownLatch up = new CountDownLatch(1);
    Platform.startup(up::countDown);
    Platform.setImplicitExit(false);
    up.await();
    notes.add(
        String.format(
            Locale.ROOT,
            "load average at the start %.1f; the process alone was to have the machine",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    pan();
    live();
    firstChart();
    filter();
    start();
    notes.add(
        String.format(
            Locale.ROOT,
            "load average at the end %.1f",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    return new BenchReport(
        started.toString(),
        (System.nanoTime() - start) * 1e-9,
        "-",
        "headless, software pipeline",
        1,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        measured,
        notes);
  }

  private void add(
      String subject,
      String name,
      String unit,
      List<Double> rounds,
      @Nullable Goal goal,
      String note) {
    double[] values = rounds.stream().mapToDouble(Double::doubleValue).toArray();
    double middle = Quantiles.of(values, 0.5);
    Measurement found =
        new Measurement(
            "ui",
            subject,
            name,
            unit,
            middle,
            Quantiles.of(values, 0.25),
            Quantiles.of(values, 0.75),
            values.length,
            goal,
            goal == null ? null : goal.isMetBy(middle),
            note);
    measured.add(found);
  }

  // ------------------------------------------------------------------------------------- charts

  /** Ten million points, zoomed and panned as fast as pictures come. */
  private void pan() {
    int n = quick ? 1_000_000 : 10_000_000;
    progress.accept(n + " points, zoomed and panned");
    Random random = new Random(1);
    double[] x = new double[n];
    double[] y = new double[n];
    double level = 0;
    for (int i = 0; i < n; i++) {
      level += 0.001 * random.nextGaussian();
      x[i] = i;
      y[i] = level + (random.nextInt(100_000) == 0 ? 5 : 0.05 * random.nextGaussian());
    }
    Figure figure = lines(List.of(Column.wrap(x)), List.of(Column.wrap(y)));
    FigureView view = show(figure);
    List<Double> wall = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    int frames = quick ? 60 : 150;
    for (int i = 0; i < frames + 10; i++) {
      double width = n * Math.pow(0.94, i % 60);
      double from = (n - width) * 0.5 * (1 + Math.sin(i / 9.0));
      long start = System.nanoTime();
      long startCpu = processCpu();
      draw(view, () -> view.zoom(Zoom.of(from, from + width)));
      if (i >= 10) {
        wall.add((System.nanoTime() - start) * 1e-6);
        cpu.add((processCpu() - startCpu) * 1e-6);
      }
    }
    String subject = n / 1_000_000 + " million points";
    add(
        subject,
        "frames a second, zoom and pan",
        "1/s",
        wall.stream().map(ms -> 1000 / ms).toList(),
        new Goal(true, 30),
        "one frame after the other, each drawn and shown before the next is asked for");
    add(subject, "processor time of a frame", "ms", cpu, null, "of the whole process");
    close(view);
  }

  /** Fifty lines that grow twenty times a second. */
  private void live() {
    int series = 50;
    int points = quick ? 1_000 : 10_000;
    progress.accept("50 lines of " + points + " points at 20 Hz");
    Random random = new Random(2);
    double[][] y = new double[series][points];
    double[] steps = new double[points];
    for (int i = 0; i < points; i++) {
      steps[i] = i;
      for (int k = 0; k < series; k++) {
        y[k][i] = (i == 0 ? k : y[k][i - 1]) + 0.1 * random.nextGaussian();
      }
    }
    int updates = quick ? 100 : 300;
    FigureView view = show(grown(steps, y, points - updates));
    List<Double> work = new ArrayList<>();
    long[] last = {0, 0};
    AnimationTimer timer =
        new AnimationTimer() {
          @Override
          public void handle(long now) {
            long cpu = THREADS.getCurrentThreadCpuTime();
            if (last[0] != 0) {
              work.add((cpu - last[0]) * 1e-6);
            }
            last[0] = cpu;
          }
        };
    long before = processCpu();
    CountDownLatch ended = new CountDownLatch(updates);
    on(timer::start);
    try (var clock = FxBridge.clock("updates")) {
      int[] at = {points - updates};
      var ticking =
          clock.scheduleAtFixedRate(
              () -> {
                if (at[0] < points) {
                  Figure next = grown(steps, y, at[0]++);
                  FxBridge.run(() -> view.show(next));
                }
                ended.countDown();
              },
              0,
              50,
              TimeUnit.MILLISECONDS);
      ended.await();
      ticking.cancel(false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    on(timer::stop);
    double[] frames = call(() -> work.stream().skip(20).mapToDouble(Double::doubleValue).toArray());
    double p95 = Quantiles.of(frames, 0.95);
    add(
        "50 lines of " + points + " points at 20 Hz",
        "work of the JavaFX thread in a frame, 95th percentile",
        "ms",
        List.of(p95),
        new Goal(false, 8),
        "processor time of the thread from pulse to pulse, " + frames.length + " frames");
    add(
        "50 lines of " + points + " points at 20 Hz",
        "processor time of an update",
        "ms",
        List.of((processCpu() - before) * 1e-6 / updates),
        null,
        "of the whole process, drawing included");
    close(view);
  }

  private static Figure grown(double[] steps, double[][] y, int size) {
    Column x = Column.wrap(java.util.Arrays.copyOf(steps, size));
    List<Column> xs = new ArrayList<>();
    List<Column> ys = new ArrayList<>();
    for (double[] each : y) {
      xs.add(x);
      ys.add(Column.wrap(java.util.Arrays.copyOf(each, size)));
    }
    return lines(xs, ys);
  }

  private static Figure lines(List<Column> xs, List<Column> ys) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < ys.size(); i++) {
      layers.add(Layer.Line.of("run" + i + "/m", "", Ink.series(i), xs.get(i), ys.get(i)));
    }
    return Figure.of("m", "", Axis.linear("step", ""), Axis.linear("", ""), layers)
        .withLegend(Figure.Legend.NONE);
  }

  // ---------------------------------------------------------------------------------- workspace

  /** Fifty runs of twenty curves, compared: until the first chart is drawn. */
  private void firstChart() throws IOException {
    int points = quick ? 1_000 : 10_000;
    Path place = directory.resolve("fifty-" + points);
    progress.accept("50 runs x 20 curves x " + points + " points");
    double seconds = BenchWorkspaces.make(Files.createDirectories(place), 50, 20, points);
    if (seconds > 0) {
      add("50 runs x 20 x " + points, "taking the journals up", "s", List.of(seconds), null, "");
    }
    List<Double> wall = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (int round = 0; round < (quick ? 3 : 5); round++) {
      StoreFeed feed = call(() -> new StoreFeed(place, List::of));
      until(() -> feed.snapshot().get().runs().size() == 50);
      CompareViewModel model = call(() -> new CompareViewModel(feed, problem -> {}));
      String metric = "m" + round;
      on(() -> model.addChart(metric));
      FigureView view = show(lines(List.of(), List.of()));
      long start = System.nanoTime();
      long startCpu = processCpu();
      on(() -> model.setShown(true));
      until(() -> !model.state().get().panels().isEmpty());
      draw(view, () -> view.show(model.state().get().panels().getFirst().figure()));
      wall.add((System.nanoTime() - start) * 1e-6);
      cpu.add((processCpu() - startCpu) * 1e-6);
      close(view);
      feed.close();
    }
    add(
        "50 runs x 20 x " + points,
        "first chart",
        "ms",
        wall,
        new Goal(false, 500),
        "from showing the page to the picture of 50 curves, in an open workspace");
    add("50 runs x 20 x " + points, "processor time of it", "ms", cpu, null, "");
  }

  /** Ten thousand runs: key strokes in the filter, and what the workspace takes of the heap. */
  private void filter() throws IOException {
    int runs = quick ? 1_000 : 10_000;
    Path place = directory.resolve("many-" + runs);
    progress.accept(runs + " runs");
    double seconds = BenchWorkspaces.make(Files.createDirectories(place), runs, 40, 20);
    if (seconds > 0) {
      add(runs + " runs", "taking the journals up", "s", List.of(seconds), null, "");
    }
    List<RunField> columns =
        List.of("m0", "m1.mean", "rlhf.lambda_kl", "rlhf.gamma", "time", "tags").stream()
            .map(RunField::parse)
            .flatMap(Optional::stream)
            .toList();
    try (Workspace workspace = Workspace.open(place)) {
      RunTable table = workspace.table();
      List<Double> worst = new ArrayList<>();
      for (String text :
          List.of(
              "p",
              "policy-77",
              "état",
              "state:finished",
              "tag:demo rlhf.lambda_kl<0.5",
              "m0>1",
              "(m0>0 or m1>0 or m2.mean>0) -tag:demo rlhf.clip_range:0.5")) {
        List<Double> wall = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
          long start = System.nanoTime();
          List<RunKey> found =
              table.find(
                  new RunQuery(
                      RunQuery.Scope.RUNS, RunFilterParser.parse(text).filter(), List.of()));
          table.lines(found.subList(0, Math.min(100, found.size())), columns);
          wall.add((System.nanoTime() - start) * 1e-6);
        }
        worst.add(Quantiles.of(wall.stream().mapToDouble(Double::doubleValue).toArray(), 0.5));
      }
      add(
          runs + " runs",
          "a key stroke in the filter",
          "ms",
          List.of(worst.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN)),
          new Goal(false, 100),
          "order of all runs and the first page, the slowest of 7 filters by its median of 9");
    }
    StoreFeed feed = call(() -> new StoreFeed(place, List::of));
    until(() -> feed.snapshot().get().runs().size() == runs);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    add(
        runs + " runs",
        "heap with the workspace open",
        "MB",
        List.of((double) (runtime.totalMemory() - runtime.freeMemory()) / MIB),
        new Goal(false, 1000),
        "in use after a collection");
    feed.close();
  }

  /** From the command to a window that can be worked with, on a thousand runs. */
  private void start() throws IOException {
    Path place = directory.resolve("many-1000");
    BenchWorkspaces.make(Files.createDirectories(place), 1_000, 40, 20);
    progress.accept("starts on 1000 runs");
    List<Double> wall = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (int round = 0; round < (quick ? 3 : 7); round++) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.add("-Dplumbline.home=" + directory.resolve("home"));
      String image = System.getProperty("plumbline.image");
      Path cache = image == null ? null : Path.of(image, "lib", "plumbline.aot");
      if (cache != null && Files.exists(cache)) {
        command.add("-XX:AOTCache=" + cache);
      }
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              StartProbe.class.getName(),
              place.toString()));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var lines = process.inputReader()) {
        lines
            .lines()
            .filter(line -> line.startsWith(StartProbe.READY))
            .map(line -> line.substring(StartProbe.READY.length()).split(" ", -1))
            .forEach(
                numbers -> {
                  wall.add(Double.parseDouble(numbers[0]));
                  cpu.add(Double.parseDouble(numbers[1]));
                });
      }
      process.destroy();
    }
    if (wall.isEmpty()) {
      notes.add("the workbench did not start in a process of its own");
      return;
    }
    add(
        "1000 runs",
        "first start of this call",
        "ms",
        List.of(wall.getFirst()),
        new Goal(false, 1500),
        "from the beginning of the process until its runs are read and shown; cold only where"
            + " nothing of it was in the system's cache of files");
    add(
        "1000 runs",
        "warm start",
        "ms",
        wall.size() > 1 ? wall.subList(1, wall.size()) : wall,
        new Goal(false, 1500),
        "");
    add(
        "1000 runs",
        "processor time of a start",
        "ms",
        cpu,
        null,
        "of the whole process until it is ready, the compiler's threads included");
  }

  // ------------------------------------------------------------------------------------ helpers

  private static long processCpu() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  private static FigureView show(Figure figure) {
    FigureView view =
        call(
            () -> {
              FigureView made = new FigureView();
              made.themed(Theme.DARK);
              made.onZoom(zoom -> {});
              made.setCrowd(true);
              Stage stage = new Stage();
              stage.setScene(new Scene(made, 1200, 700));
              stage.show();
              return made;
            });
    draw(view, () -> view.show(figure));
    return view;
  }

  private static void close(FigureView view) {
    on(() -> view.getScene().getWindow().hide());
  }

  /** Does something to a view and waits until its picture is there. */
  private static void draw(FigureView view, Runnable change) {
    CompletableFuture<Boolean> drawn = new CompletableFuture<>();
    FxBridge.run(
        () -> {
          change.run();
          view.layout();
          if (view.settled().get()) {
            drawn.complete(true);
          } else {
            var subscription =
                view.settled()
                    .subscribe(
                        settled -> {
                          if (settled) {
                            drawn.complete(true);
                          }
                        });
            var _ = drawn.thenRun(() -> FxBridge.run(subscription::unsubscribe));
          }
        });
    get(drawn);
  }

  private static void on(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  private static <T> T call(Supplier<T> task) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    FxBridge.run(
        () -> {
          try {
            answer.complete(task.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return get(answer);
  }

  private static <T> T get(CompletableFuture<T> answer) {
    try {
      return answer.get(10, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits for a condition, asked in every pulse. */
  private static void until(Supplier<Boolean> condition) {
    CompletableFuture<Boolean> held = new CompletableFuture<>();
    FxBridge.run(
        () ->
            new AnimationTimer() {
              @Override
              public void handle(long now) {
                if (condition.get()) {
                  stop();
                  held.complete(true);
                }
              }
            }.start());
    get(held);
  }
}
