package dev.plumbline.app.data;

import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Tasks;
import dev.plumbline.data.DataConverter;
import dev.plumbline.data.DataFileReader;
import dev.plumbline.data.DataMapping;
import dev.plumbline.data.DataPreview;
import dev.plumbline.data.DataReport;
import dev.plumbline.data.UserError;
import dev.plumbline.workspace.DataCatalogue;
import dev.plumbline.workspace.DataFile;
import dev.plumbline.workspace.DataIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data files of the open workspace and their indexes. Everything is read on one thread of its
 * own; what takes long is a task among the jobs. Used on the JavaFX thread.
 */
public final class DataLibrary implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataLibrary.class);
  private static final int KEPT_OPEN = 6;

  private final DataCatalogue catalogue;
  private final Path workspace;
  private final Tasks tasks;
  private final Runnable openPage;
  private final Consumer<String> onProblem;
  private final ExecutorService reader = FxBridge.pool("data", 1);
  private final ReadOnlyObjectWrapper<List<DataFile>> files =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<Map<String, Indexing>> indexing =
      new ReadOnlyObjectWrapper<>(Map.of());

  /** On the reading thread alone. */
  private final Map<String, DataIndex> open = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * How far the making of an index is.
   *
   * @param fraction done, 0 to 1
   * @param rows rows so far
   * @param stopped whether it was told to end
   */
  public record Indexing(double fraction, long rows, boolean stopped) {}

  /**
   * @param openPage shows the page
   * @param onProblem takes what goes wrong, in one line
   */
  public DataLibrary(Path workspace, Tasks tasks, Runnable openPage, Consumer<String> onProblem) {
    this.workspace = workspace;
    this.tasks = tasks;
    this.openPage = openPage;
    this.onProblem = onProblem;
    catalogue = new DataCatalogue(workspace);
  }

  /** The workspace's directory. */
  public Path workspace() {
    return workspace;
  }

  /** The files by name. */
  public ReadOnlyObjectProperty<List<DataFile>> files() {
    return files.getReadOnlyProperty();
  }

  /** The indexes that are being made, by the names of their files. */
  public ReadOnlyObjectProperty<Map<String, Indexing>> indexing() {
    return indexing.getReadOnlyProperty();
  }

  /** The file of a name. */
  public Optional<DataFile> file(String name) {
    return files.get().stream().filter(file -> file.name().equals(name)).findFirst();
  }

  /** Where a file's index stands, whether it is made or not. */
  public Path index(String name) {
    return catalogue.index(name);
  }

  /** Reads the list of files again. */
  public void refresh() {
    work(catalogue::files, files::set, onProblem);
  }

  /** Does something on the reading thread. */
  public <T> void work(Supplier<T> work, Consumer<T> sink, Consumer<String> onWrong) {
    try {
      reader.execute(
          () -> {
            Runnable end = outcome(work, sink, onWrong);
            FxBridge.run(end);
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The workspace is closed already");
    }
  }

  private static <T> Runnable outcome(
      Supplier<T> work, Consumer<T> sink, Consumer<String> onWrong) {
    try {
      T result = work.get();
      return () -> sink.accept(result);
    } catch (CancellationException e) {
      return () -> {};
    } catch (UserError e) {
      return () -> onWrong.accept(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.warn("A question to a data file failed", e);
      return () -> onWrong.accept(Strings.text("error.notice", String.valueOf(e.getMessage())));
    }
  }

  /**
   * Asks a question of a file.
   *
   * @param sink takes the answer; empty where there is no index of the file as it is now
   */
  public <T> void ask(
      DataFile file,
      Function<DataIndex, T> question,
      Consumer<Optional<T>> sink,
      Consumer<String> onWrong) {
    work(() -> opened(file).map(question), sink, onWrong);
  }

  /** The index of another file by its name, for questions that join two; on any thread. */
  public Optional<Path> indexOf(String name) {
    return catalogue.file(name).map(file -> catalogue.index(name)).filter(Files::exists);
  }

  private Optional<DataIndex> opened(DataFile file) {
    DataIndex known = open.get(file.name());
    if (known == null) {
      Optional<DataIndex> made =
          DataIndex.open(catalogue.index(file.name()), file.file(), file.reading());
      made.ifPresent(index -> open.put(file.name(), index));
      if (open.size() > KEPT_OPEN) {
        let(open.keySet().iterator().next());
      }
      return made;
    }
    return Optional.of(known);
  }

  private void let(String name) {
    DataIndex index = open.remove(name);
    if (index != null) {
      index.close();
    }
  }

  /**
   * Makes the index of a file; nothing happens where it is being made.
   *
   * @param onDone runs when it is there
   */
  public void makeIndex(DataFile file, Runnable onDone) {
    String id = "data.index." + file.name();
    if (tasks.isRunning(id)) {
      return;
    }
    show(file.name(), new Indexing(0, 0, false));
    Consumer<Indexing> shown = FxBridge.latest(now -> progressed(file.name(), now));
    tasks.<DataReport>start(
        id,
        Strings.text("data.indexing.job", file.name()),
        openPage,
        progress ->
            DataIndex.build(
                file.file(),
                file.reading(),
                catalogue.index(file.name()),
                new DataIndex.Progress() {
                  @Override
                  public void at(double fraction, long rows) {
                    progress.at(fraction, Strings.text("data.rows", rows));
                    shown.accept(new Indexing(fraction, rows, false));
                  }

                  @Override
                  public boolean cancelled() {
                    Indexing now = indexing.get().get(file.name());
                    return progress.cancelled() || (now != null && now.stopped());
                  }
                }),
        report -> {
          hide(file.name());
          work(
              () -> {
                let(file.name());
                return true;
              },
              _ -> onDone.run(),
              onProblem);
        },
        problem -> {
          hide(file.name());
          if (!problem.isEmpty()) {
            onProblem.accept(problem);
          }
        });
  }

  private void progressed(String name, Indexing now) {
    Indexing before = indexing.get().get(name);
    if (before != null && !before.stopped()) {
      show(name, now);
    }
  }

  /** Ends the making of an index. */
  public void stopIndexing(String name) {
    Indexing now = indexing.get().get(name);
    if (now != null) {
      show(name, new Indexing(now.fraction(), now.rows(), true));
    }
  }

  private void show(String name, Indexing now) {
    Map<String, Indexing> next = new LinkedHashMap<>(indexing.get());
    next.put(name, now);
    indexing.set(Map.copyOf(next));
  }

  private void hide(String name) {
    Map<String, Indexing> next = new LinkedHashMap<>(indexing.get());
    next.remove(name);
    indexing.set(Map.copyOf(next));
  }

  /** Looks for rows of a file that are nearly the same. */
  public void findNear(DataFile file, double threshold, Runnable onDone) {
    tasks.<Boolean>start(
        "data.near." + file.name(),
        Strings.text("data.near.job", file.name()),
        openPage,
        progress -> {
          DataIndex.findNear(
              catalogue.index(file.name()),
              threshold,
              fraction -> {
                if (progress.cancelled()) {
                  throw new CancellationException("the search was cancelled");
                }
                progress.at(fraction, "");
              });
          return true;
        },
        _ -> onDone.run(),
        this::tell);
  }

  /**
   * Reads a whole file and adds it to the list, written anew where the stages could not read it.
   *
   * @param sink takes the file as it is in the list
   * @param onEnd takes why it is not, empty where it was cancelled
   */
  public void add(
      DataPreview preview,
      DataMapping mapping,
      String wanted,
      Consumer<DataFile> sink,
      Consumer<String> onEnd) {
    tasks.<DataFile>start(
        "data.import",
        Strings.text("data.import.job", String.valueOf(preview.file().getFileName())),
        openPage,
        progress -> {
          DataFile file = imported(preview, mapping, wanted, progress);
          catalogue.put(file);
          return file;
        },
        file -> {
          refresh();
          sink.accept(file);
        },
        onEnd);
  }

  private DataFile imported(
      DataPreview preview, DataMapping mapping, String wanted, Tasks.Progress progress) {
    Path origin = preview.file().toAbsolutePath().normalize();
    String name = catalogue.freeName(wanted);
    long size = size(origin);
    LongConsumer bytes =
        read -> {
          if (progress.cancelled()) {
            throw new CancellationException("the import was cancelled");
          }
          progress.at(Math.min(1, read / (double) size), Strings.text("data.import.reading"));
        };
    Path target = origin;
    DataReport report;
    if (preview.isReady(mapping)) {
      report = DataFileReader.read(origin, mapping, _ -> {}, bytes);
      if (DataFileReader.isRefused(report)) {
        target = catalogue.converted(name);
        report = DataConverter.convert(origin, mapping, target, bytes);
      }
    } else {
      target = catalogue.converted(name);
      report = DataConverter.convert(origin, mapping, target, bytes);
    }
    return new DataFile(
        name, target, origin, preview.form(), mapping, report, Clock.systemUTC().instant());
  }

  private static long size(Path file) {
    try {
      return Math.max(1, Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds files that stages read as they are, such as the parts of a split. */
  public void addReady(List<Path> paths, Runnable onDone) {
    work(
        () -> {
          for (Path path : paths) {
            DataPreview preview = DataPreview.of(path);
            DataReport report = DataFileReader.read(path, preview.mapping(), _ -> {}, _ -> {});
            String stem =
                String.valueOf(path.getFileName()).replaceFirst("(\\.jsonl?)?(\\.gz)?$", "");
            catalogue.put(
                new DataFile(
                    catalogue.freeName(stem),
                    path.toAbsolutePath().normalize(),
                    path.toAbsolutePath().normalize(),
                    preview.form(),
                    preview.mapping(),
                    report,
                    Clock.systemUTC().instant()));
          }
          return catalogue.files();
        },
        now -> {
          files.set(now);
          onDone.run();
        },
        onProblem);
  }

  /** Takes a file out of the list; {@link #put} brings it back. */
  public void remove(DataFile file, Runnable onDone) {
    stopIndexing(file.name());
    work(
        () -> {
          let(file.name());
          catalogue.remove(file.name());
          return catalogue.files();
        },
        now -> {
          files.set(now);
          onDone.run();
        },
        onProblem);
  }

  /** Puts a file back into the list. */
  public void put(DataFile file) {
    work(
        () -> {
          catalogue.put(file);
          return catalogue.files();
        },
        files::set,
        onProblem);
  }

  /** Long work that is no question, with its progress among the jobs. */
  public <T> void task(
      String id, String name, Tasks.Work<T> work, Consumer<T> sink, Consumer<String> onEnd) {
    tasks.start(id, name, openPage, work, sink, onEnd);
  }

  private void tell(String problem) {
    if (!problem.isEmpty()) {
      onProblem.accept(problem);
    }
  }

  /** Lets the indexes go; what is being asked is answered first. */
  @Override
  public void close() {
    indexing.get().keySet().forEach(this::stopIndexing);
    try {
      reader.execute(
          () -> {
            open.values().forEach(DataIndex::close);
            open.clear();
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("The workspace is closed already");
    }
    reader.shutdown();
  }
}
