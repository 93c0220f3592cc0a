package dev.plumbline.app.data;

import dev.plumbline.workspace.DataFile;
import dev.plumbline.workspace.DataFilter;
import dev.plumbline.workspace.DataIndex;
import dev.plumbline.workspace.DataRepeats;
import dev.plumbline.workspace.DataStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/** What the rows of the chosen file are like, what stands twice, and what other files share. */
public final class CountsViewModel {
  private final DataLibrary library;
  private final BrowseViewModel browse;
  private final Consumer<String> onProblem;
  private final ReadOnlyObjectWrapper<Optional<Counted>> statistics =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<DataRepeats>> repeats =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<Leak>> leak =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final AtomicLong generation = new AtomicLong();
  private boolean counting;
  private boolean repeating;
  private @Nullable String repeatsOf;

  /** Counts of the rows that pass a filter. */
  public record Counted(DataFile file, String filter, DataStatistics statistics) {}

  /**
   * What the chosen file shares with another.
   *
   * @param other the other file's name
   */
  public record Leak(String other, DataIndex.Shared shared) {}

  CountsViewModel(DataLibrary library, BrowseViewModel browse, Consumer<String> onProblem) {
    this.library = library;
    this.browse = browse;
    this.onProblem = onProblem;
    browse.state().subscribe(_ -> refresh());
  }

  /** Counts of the rows that are found. */
  public ReadOnlyObjectProperty<Optional<Counted>> statistics() {
    return statistics.getReadOnlyProperty();
  }

  /** What stands in the file more than once. */
  public ReadOnlyObjectProperty<Optional<DataRepeats>> repeats() {
    return repeats.getReadOnlyProperty();
  }

  /** What it shares with the file that was asked for last. */
  public ReadOnlyObjectProperty<Optional<Leak>> leak() {
    return leak.getReadOnlyProperty();
  }

  /** Whether anybody looks at the statistics; out of sight nothing is counted. */
  void setCounting(boolean on) {
    counting = on;
    refresh();
  }

  /** Whether anybody looks at the duplicates. */
  void setRepeating(boolean on) {
    repeating = on;
    refresh();
  }

  private void refresh() {
    DataFile file = browse.file().orElse(null);
    if (file == null || browse.state().get().phase() != BrowseViewModel.Phase.READY) {
      statistics.set(Optional.empty());
      repeats.set(Optional.empty());
      leak.set(Optional.empty());
      repeatsOf = null;
      return;
    }
    if (counting) {
      count(file);
    }
    if (repeating && !file.name().equals(repeatsOf)) {
      leak.set(Optional.empty());
      repeat(file);
    }
  }

  private void count(DataFile file) {
    String text = browse.filter().get();
    DataFilter filter = DataFilter.parse(text);
    if (!filter.problem().isEmpty()
        || statistics
            .get()
            .filter(known -> known.file().equals(file) && known.filter().equals(text))
            .isPresent()) {
      return;
    }
    long mine = generation.incrementAndGet();
    library.ask(
        file,
        index -> index.statistics(filter, library::indexOf, () -> generation.get() != mine),
        found -> {
          if (generation.get() == mine) {
            statistics.set(found.map(each -> new Counted(file, text, each)));
          }
        },
        onProblem);
  }

  private void repeat(DataFile file) {
    repeatsOf = file.name();
    repeats.set(Optional.empty());
    library.ask(
        file,
        DataIndex::repeats,
        found -> {
          if (file.name().equals(repeatsOf)) {
            repeats.set(found);
          }
        },
        onProblem);
  }

  /** Looks for rows that are nearly the same. */
  public void findNear(double threshold) {
    browse
        .file()
        .ifPresent(
            file ->
                library.findNear(
                    file,
                    threshold,
                    () -> {
                      repeatsOf = null;
                      refresh();
                    }));
  }

  /** The other files of the same kind that have an index to be compared with. */
  public List<String> others() {
    return library.files().get().stream()
        .filter(
            other ->
                browse
                    .file()
                    .filter(
                        file ->
                            !file.name().equals(other.name())
                                && file.mapping().kind() == other.mapping().kind())
                    .isPresent())
        .map(DataFile::name)
        .toList();
  }

  /** Counts what the file shares with another, whose index is made first where it has none. */
  public void compare(String other) {
    Optional<DataFile> chosen = browse.file();
    Optional<DataFile> named = library.file(other);
    if (chosen.isEmpty() || named.isEmpty()) {
      return;
    }
    DataFile file = chosen.get();
    Path index = library.index(other);
    library.ask(
        named.get(),
        _ -> true,
        there -> {
          if (there.isEmpty()) {
            library.makeIndex(named.get(), () -> compare(other));
            return;
          }
          library.ask(
              file,
              mine -> mine.shared(index),
              found -> {
                if (browse.file().filter(file::equals).isPresent()) {
                  leak.set(found.map(each -> new Leak(other, each)));
                }
              },
              onProblem);
        },
        onProblem);
  }
}
