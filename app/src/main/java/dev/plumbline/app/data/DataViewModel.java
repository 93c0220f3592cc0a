package dev.plumbline.app.data;

import dev.plumbline.app.feed.Access;
import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Tasks;
import dev.plumbline.workspace.DataFile;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The data page: the files of the workspace, which is chosen, and which part is shown. */
public final class DataViewModel implements AutoCloseable {
  private final DataLibrary library;
  private final WorkspaceFeed feed;
  private final BiConsumer<String, Runnable> onUndoable;
  private final BrowseViewModel browse;
  private final CountsViewModel counts;
  private final ImportViewModel importing;
  private final SplitViewModel split;
  private final MixtureViewModel mixture;
  private final TokensViewModel tokens;
  private final ReadOnlyObjectWrapper<Optional<DataFile>> chosen =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Part> part = new ReadOnlyObjectWrapper<>(Part.ROWS);

  /** A part of the page. */
  public enum Part {
    /** The rows of the chosen file. */
    ROWS,
    /** What they are like. */
    STATISTICS,
    /** What stands twice, and what other files share. */
    DUPLICATES,
    /** What was found when the file was imported. */
    REPORT,
    /** Parting files for training and testing. */
    SPLIT,
    /** Mixing files for a preference model. */
    MIXTURE,
    /** Choosing a file and saying what its columns are. */
    IMPORT
  }

  /**
   * @param openPage shows the page
   * @param onProblem takes what goes wrong, in one line
   * @param onUndoable takes what was done, and what undoes it
   */
  public DataViewModel(
      WorkspaceFeed feed,
      RunControl control,
      Tasks tasks,
      Runnable openPage,
      Consumer<String> onProblem,
      BiConsumer<String, Runnable> onUndoable) {
    this.feed = feed;
    this.onUndoable = onUndoable;
    library = new DataLibrary(feed.directory(), tasks, openPage, onProblem);
    browse = new BrowseViewModel(library, onProblem);
    counts = new CountsViewModel(library, browse, onProblem);
    importing = new ImportViewModel(library, this::imported);
    split = new SplitViewModel(library);
    mixture = new MixtureViewModel(library, control);
    tokens = new TokensViewModel(library, feed, browse);
    library.files().subscribe(_ -> keep());
  }

  /** The files and their indexes. */
  public DataLibrary library() {
    return library;
  }

  /** The rows of the chosen file. */
  public BrowseViewModel browse() {
    return browse;
  }

  /** Counts of the chosen file. */
  public CountsViewModel counts() {
    return counts;
  }

  /** The file that is to be imported. */
  public ImportViewModel importing() {
    return importing;
  }

  /** The split. */
  public SplitViewModel split() {
    return split;
  }

  /** The mixture. */
  public MixtureViewModel mixture() {
    return mixture;
  }

  /** The tokens of the row that is read. */
  public TokensViewModel tokens() {
    return tokens;
  }

  /** The file that is looked at. */
  public ReadOnlyObjectProperty<Optional<DataFile>> chosen() {
    return chosen.getReadOnlyProperty();
  }

  /** The part that is shown. */
  public ReadOnlyObjectProperty<Part> part() {
    return part.getReadOnlyProperty();
  }

  /** Shows a part. */
  public void show(Part next) {
    part.set(next);
  }

  /** Reads what there is, when the page comes into sight. */
  void shown() {
    library.refresh();
  }

  private void keep() {
    Optional<DataFile> now = chosen.get();
    Optional<DataFile> next =
        now.flatMap(file -> library.file(file.name()))
            .or(() -> library.files().get().stream().findFirst());
    if (!next.equals(now)) {
      choose(next.orElse(null));
    }
  }

  /** Looks at a file; its index is made where there is none. */
  public void choose(@org.jspecify.annotations.Nullable DataFile file) {
    chosen.set(Optional.ofNullable(file));
    browse.show(file);
    if (file != null) {
      library.ask(
          file,
          _ -> true,
          there -> {
            if (there.isEmpty() && canWrite()) {
              index(file);
            }
          },
          _ -> {
            // the rows say that they cannot be read
          });
    }
  }

  /** Makes the index of a file. */
  public void index(DataFile file) {
    library.makeIndex(
        file,
        () -> {
          if (chosen.get().filter(file::equals).isPresent()) {
            browse.show(file);
          }
        });
  }

  private boolean canWrite() {
    return feed.access().get().kind() == Access.Kind.WRITING;
  }

  private void imported(DataFile file) {
    chosen.set(Optional.of(file));
    browse.show(file);
    index(file);
    part.set(Part.REPORT);
  }

  /** Takes a file out of the list; the file itself stays where it is. */
  public void remove(DataFile file) {
    library.remove(
        file,
        () ->
            onUndoable.accept(
                Strings.text("data.did.remove", file.name()), () -> library.put(file)));
  }

  /** Shows the rows that pass a filter. */
  public void showRows(String filter) {
    part.set(Part.ROWS);
    browse.filter().set(filter);
  }

  /** Lets the indexes go. */
  @Override
  public void close() {
    library.close();
  }
}
