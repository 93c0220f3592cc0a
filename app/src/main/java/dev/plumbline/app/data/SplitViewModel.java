package dev.plumbline.app.data;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.SplitFiles;
import dev.plumbline.workspace.DataFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** Files that are parted by conversation into one to train on and one to test on. */
public final class SplitViewModel {
  private final DataLibrary library;
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(
          new State(List.of(), 0.05, 1, "split", Optional.empty(), "", false));

  /**
   * What is to be done, and what came of it.
   *
   * @param files names of the files
   * @param heldOut share of the comparisons to test on
   * @param seed decides which conversations
   * @param folder directory of the parts, within the workspace's data
   * @param done the last split, while the settings are the same
   * @param problem why nothing can be done, or empty
   * @param busy whether it goes on
   */
  public record State(
      List<String> files,
      double heldOut,
      long seed,
      String folder,
      Optional<SplitFiles> done,
      String problem,
      boolean busy) {
    /** Copies the list. */
    public State {
      files = List.copyOf(files);
    }
  }

  SplitViewModel(DataLibrary library) {
    this.library = library;
    library.files().subscribe(_ -> keepKnown());
  }

  /** What is to be done. */
  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** The files that can be parted. */
  public List<DataFile> choices() {
    return library.files().get().stream()
        .filter(file -> file.mapping().kind() == DataKind.COMPARISONS)
        .toList();
  }

  private void keepKnown() {
    State now = state.get();
    List<String> kept =
        now.files().stream().filter(name -> library.file(name).isPresent()).toList();
    if (!kept.equals(now.files())) {
      set(kept, now.heldOut(), now.seed(), now.folder());
    }
  }

  /** Takes a file in or out. */
  public void choose(String name, boolean in) {
    State now = state.get();
    List<String> files = new ArrayList<>(now.files());
    files.remove(name);
    if (in) {
      files.add(name);
    }
    set(files, now.heldOut(), now.seed(), now.folder());
  }

  /** Sets the share that is held out, 0 to 1. */
  public void setHeldOut(double share) {
    State now = state.get();
    set(now.files(), share, now.seed(), now.folder());
  }

  /** Sets the seed. */
  public void setSeed(long seed) {
    State now = state.get();
    set(now.files(), now.heldOut(), seed, now.folder());
  }

  /** Sets the name of the folder. */
  public void setFolder(String folder) {
    State now = state.get();
    set(now.files(), now.heldOut(), now.seed(), folder);
  }

  private void set(List<String> files, double share, long seed, String folder) {
    State now = state.get();
    state.set(new State(files, share, seed, folder, Optional.empty(), "", now.busy()));
  }

  /** Where the parts are written. */
  public Path directory() {
    String name = state.get().folder().strip().replaceAll("[^\\p{L}\\p{N}._-]+", "-");
    return library.workspace().resolve("data").resolve(name.isEmpty() ? "split" : name);
  }

  private List<Path> paths() {
    return state.get().files().stream()
        .flatMap(name -> library.file(name).stream())
        .map(DataFile::file)
        .toList();
  }

  /** The command line that does the same. */
  public String commandLine() {
    StringBuilder line = new StringBuilder("plumbline data split");
    paths().forEach(path -> line.append(' ').append(quoted(path.toString())));
    return line.append(
            " --held-out %s --seed %d --out %s"
                .formatted(
                    number(state.get().heldOut()),
                    state.get().seed(),
                    quoted(directory().toString())))
        .toString();
  }

  static String quoted(String text) {
    return text.matches("[\\w./+:@%=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
  }

  /** Parts the files and adds the parts to the list. */
  public void run() {
    State now = state.get();
    List<Path> paths = paths();
    if (now.busy() || paths.isEmpty()) {
      return;
    }
    state.set(
        new State(
            now.files(), now.heldOut(), now.seed(), now.folder(), Optional.empty(), "", true));
    Path directory = directory();
    library.<SplitFiles>task(
        "data.split",
        Strings.text("data.split.job"),
        progress ->
            SplitFiles.split(
                paths,
                now.heldOut(),
                now.seed(),
                directory,
                fraction -> {
                  if (progress.cancelled()) {
                    throw new CancellationException("the split was cancelled");
                  }
                  progress.at(fraction, "");
                }),
        done -> {
          List<Path> made = new ArrayList<>();
          done.parts()
              .forEach(
                  part -> {
                    made.add(part.trainFile());
                    made.add(part.heldOutFile());
                  });
          library.addReady(made, () -> finished(now, Optional.of(done), ""));
        },
        line -> finished(now, Optional.empty(), line));
  }

  private void finished(State of, Optional<SplitFiles> done, String problem) {
    state.set(new State(of.files(), of.heldOut(), of.seed(), of.folder(), done, problem, false));
  }

  /** The parts as a preference stage's spec names them; empty before there are any. */
  public String spec() {
    return state
        .get()
        .done()
        .map(
            done ->
                "preference:\n  data: [%s]\n  held_out: [%s]\n"
                    .formatted(
                        String.join(
                            ", ",
                            done.parts().stream()
                                .map(part -> MixtureViewModel.yaml(part.trainFile().toString()))
                                .toList()),
                        String.join(
                            ", ",
                            done.parts().stream()
                                .map(part -> MixtureViewModel.yaml(part.heldOutFile().toString()))
                                .toList())))
        .orElse("");
  }
}
