package dev.plumbline.app.data;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.DataField;
import dev.plumbline.data.DataFileReader;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataMapping;
import dev.plumbline.data.DataPreview;
import dev.plumbline.workspace.DataFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;

/** A file that is to be imported: what it seems to be, what its columns are, what they give. */
public final class ImportViewModel {
  private final DataLibrary library;
  private final Consumer<DataFile> onImported;
  private final StringProperty name = new SimpleStringProperty("");
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.EMPTY);
  private long looks;
  private @Nullable DataMapping proposed;

  /**
   * What is known.
   *
   * @param preview the beginning of the file, empty before one is chosen
   * @param mapping what its columns are taken for
   * @param trial what the first lines give
   * @param problem why it cannot be imported as it is, or empty
   * @param busy whether it is being looked at or imported
   */
  public record State(
      Optional<DataPreview> preview,
      Optional<DataMapping> mapping,
      Optional<DataFileReader.Trial> trial,
      String problem,
      boolean busy) {
    static final State EMPTY =
        new State(Optional.empty(), Optional.empty(), Optional.empty(), "", false);

    /** Whether it can be imported. */
    public boolean canImport() {
      return !busy && problem.isEmpty() && trial.filter(each -> !each.rows().isEmpty()).isPresent();
    }

    /** Whether it is used where it lies, because stages read it as it is. */
    public boolean isReady() {
      return preview.isPresent() && mapping.isPresent() && preview.get().isReady(mapping.get());
    }
  }

  private record Looked(
      DataPreview preview, DataMapping mapping, DataFileReader.@Nullable Trial trial) {}

  ImportViewModel(DataLibrary library, Consumer<DataFile> onImported) {
    this.library = library;
    this.onImported = onImported;
  }

  /** What is known. */
  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** The name that the file gets in the workspace. */
  public StringProperty name() {
    return name;
  }

  /** Begins anew. */
  void clear() {
    looks++;
    name.set("");
    state.set(State.EMPTY);
  }

  /** Looks at a file. */
  public void look(String path) {
    Path file;
    try {
      file = Path.of(path.strip());
    } catch (InvalidPathException e) {
      state.set(problem(Strings.text("data.import.nopath")));
      return;
    }
    if (path.isBlank()) {
      clear();
      return;
    }
    long mine = ++looks;
    state.set(new State(Optional.empty(), Optional.empty(), Optional.empty(), "", true));
    library.work(
        () -> {
          DataPreview preview = DataPreview.of(file);
          DataMapping mapping = known(preview).orElse(preview.mapping());
          return new Looked(preview, mapping, tried(preview, mapping));
        },
        looked -> {
          if (mine == looks) {
            proposed = looked.preview().mapping();
            name.set(String.valueOf(file.getFileName()).replaceFirst("(\\.[a-z]+)?(\\.gz)?$", ""));
            show(looked);
          }
        },
        line -> {
          if (mine == looks) {
            state.set(problem(line));
          }
        });
  }

  /** The mapping under which a file of the same columns was imported before. */
  private Optional<DataMapping> known(DataPreview preview) {
    return library.files().get().stream()
        .filter(file -> file.form() == preview.form())
        .map(DataFile::mapping)
        .filter(mapping -> preview.columns().containsAll(mapping.columns().values()))
        .filter(mapping -> preview.mapping().missing().size() > mapping.missing().size())
        .findFirst();
  }

  private static DataFileReader.@Nullable Trial tried(DataPreview preview, DataMapping mapping) {
    return mapping.missing().isEmpty() ? DataFileReader.trial(preview.file(), mapping) : null;
  }

  private void show(Looked looked) {
    DataMapping mapping = looked.mapping();
    String problem = "";
    if (!mapping.missing().isEmpty()) {
      problem =
          Strings.text(
              "data.import.missing", DataWords.field(mapping.missing().getFirst(), mapping.kind()));
    } else if (looked.trial() == null || looked.trial().rows().isEmpty()) {
      problem =
          looked.trial() == null || looked.trial().report().skipped().isEmpty()
              ? Strings.text("data.import.norows")
              : Strings.text(
                  "data.import.norows.why", looked.trial().report().skipped().getFirst().reason());
    }
    state.set(
        new State(
            Optional.of(looked.preview()),
            Optional.of(mapping),
            Optional.ofNullable(looked.trial()),
            problem,
            false));
  }

  private static State problem(String line) {
    return new State(Optional.empty(), Optional.empty(), Optional.empty(), line, false);
  }

  /** Takes the rows for something else, with the columns that such rows usually have. */
  public void setKind(DataKind kind) {
    state
        .get()
        .preview()
        .ifPresent(
            preview -> {
              DataMapping usual =
                  proposed != null && proposed.kind() == kind
                      ? proposed
                      : DataMapping.guess(kind, preview.columns());
              change(preview, usual);
            });
  }

  /** Takes a column for something; none where it is empty. */
  public void setColumn(DataField field, String column) {
    State now = state.get();
    if (now.preview().isPresent() && now.mapping().isPresent()) {
      DataMapping mapping = now.mapping().get();
      if (!mapping.column(field).orElse("").equals(column)) {
        change(now.preview().get(), mapping.with(field, column));
      }
    }
  }

  private void change(DataPreview preview, DataMapping mapping) {
    long mine = ++looks;
    State now = state.get();
    state.set(new State(now.preview(), Optional.of(mapping), now.trial(), "", true));
    library.work(
        () -> new Looked(preview, mapping, tried(preview, mapping)),
        looked -> {
          if (mine == looks) {
            show(looked);
          }
        },
        line -> {
          if (mine == looks) {
            state.set(
                new State(
                    Optional.of(preview), Optional.of(mapping), Optional.empty(), line, false));
          }
        });
  }

  /** Imports the whole file. */
  public void run() {
    State now = state.get();
    if (!now.canImport() || now.preview().isEmpty() || now.mapping().isEmpty()) {
      return;
    }
    state.set(new State(now.preview(), now.mapping(), now.trial(), "", true));
    library.add(
        now.preview().get(),
        now.mapping().get(),
        name.get(),
        file -> {
          clear();
          onImported.accept(file);
        },
        line -> state.set(new State(now.preview(), now.mapping(), now.trial(), line, false)));
  }

  /** The columns that a meaning can be given, the first for none. */
  List<String> choices() {
    java.util.ArrayList<String> choices = new java.util.ArrayList<>(List.of(""));
    state.get().preview().ifPresent(preview -> choices.addAll(preview.columns()));
    return choices;
  }
}
