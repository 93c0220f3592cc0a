package dev.plumbline.app.data;

import dev.plumbline.app.feed.RunControl;
import dev.plumbline.data.DataKind;
import dev.plumbline.workspace.DataFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** A mixture of files for a preference model, and the spec text that it makes. */
public final class MixtureViewModel {
  private final DataLibrary library;
  private final RunControl control;
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(new State(List.of(), 8000, ""));

  /**
   * A part of the mixture.
   *
   * @param file name of the file in the workspace
   * @param name what the part is called
   * @param tranche the tranche that is read alone; all where empty
   * @param share of the comparisons, 0 to 1
   * @param weight of its loss, above 0
   */
  public record Part(String file, String name, String tranche, double share, double weight) {
    Part withShare(double other) {
      return new Part(file, name, tranche, other, weight);
    }
  }

  /**
   * The mixture.
   *
   * @param comparisons how many all parts together have
   * @param base model that training begins with, as a spec names it; empty while none is named
   */
  public record State(List<Part> parts, long comparisons, String base) {
    /** Copies the list. */
    public State {
      parts = List.copyOf(parts);
    }

    /** The sum of the shares. */
    public double sum() {
      return parts.stream().mapToDouble(Part::share).sum();
    }

    /** Whether the shares make one whole. */
    public boolean isWhole() {
      return !parts.isEmpty() && Math.abs(sum() - 1) < 5e-4;
    }
  }

  MixtureViewModel(DataLibrary library, RunControl control) {
    this.library = library;
    this.control = control;
    library
        .files()
        .subscribe(
            _ -> {
              State now = state.get();
              List<Part> kept =
                  now.parts().stream()
                      .filter(part -> library.file(part.file()).isPresent())
                      .toList();
              if (kept.size() != now.parts().size()) {
                state.set(new State(kept, now.comparisons(), now.base()));
              }
            });
  }

  /** The mixture. */
  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** The files that can be mixed. */
  public List<DataFile> choices() {
    return library.files().get().stream()
        .filter(file -> file.mapping().kind() == DataKind.COMPARISONS)
        .toList();
  }

  /** Adds a file as a part; all parts then have equal shares of what no one set. */
  public void add(String file) {
    State now = state.get();
    List<Part> parts = new ArrayList<>(now.parts());
    String name = file.replaceFirst("-train$", "");
    String free = name;
    for (int i = 2; taken(parts, free); i++) {
      free = name + "-" + i;
    }
    parts.add(new Part(file, free, "", Math.max(0, round(1 - now.sum())), 1));
    state.set(new State(parts, now.comparisons(), now.base()));
  }

  private static boolean taken(List<Part> parts, String name) {
    return parts.stream().anyMatch(part -> part.name().equals(name));
  }

  private static double round(double share) {
    return Math.round(share * 1e4) / 1e4;
  }

  /** Replaces a part. */
  public void set(int place, Part part) {
    State now = state.get();
    if (place < now.parts().size() && !now.parts().get(place).equals(part)) {
      List<Part> parts = new ArrayList<>(now.parts());
      parts.set(place, part);
      state.set(new State(parts, now.comparisons(), now.base()));
    }
  }

  /** Takes a part out. */
  public void remove(int place) {
    State now = state.get();
    List<Part> parts = new ArrayList<>(now.parts());
    parts.remove(place);
    state.set(new State(parts, now.comparisons(), now.base()));
  }

  /** Gives every part the same share. */
  public void equal() {
    State now = state.get();
    List<Part> parts = new ArrayList<>();
    double left = 1;
    for (int i = 0; i < now.parts().size(); i++) {
      boolean last = i == now.parts().size() - 1;
      double share = last ? round(left) : round(1.0 / now.parts().size());
      parts.add(now.parts().get(i).withShare(share));
      left -= share;
    }
    state.set(new State(parts, now.comparisons(), now.base()));
  }

  /** Sets how many comparisons all parts together have. */
  public void setComparisons(long count) {
    State now = state.get();
    if (count != now.comparisons()) {
      state.set(new State(now.parts(), count, now.base()));
    }
  }

  /** Names the model that training begins with. */
  public void setBase(String base) {
    State now = state.get();
    if (!base.equals(now.base())) {
      state.set(new State(now.parts(), now.comparisons(), base));
    }
  }

  /** The spec text of the mixture; empty while it has no part. */
  public String spec() {
    State now = state.get();
    if (now.parts().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("preference:\n");
    text.append("  base: ")
        .append(now.base().isBlank() ? "run:BASE" : yaml(now.base().strip()))
        .append("\n  data:\n");
    for (Part part : now.parts()) {
      text.append("    - {name: ").append(yaml(part.name()));
      text.append(", files: [")
          .append(yaml(library.file(part.file()).map(DataFile::file).orElseThrow().toString()))
          .append(']');
      if (!part.tranche().isBlank()) {
        text.append(", tranche: ").append(yaml(part.tranche().strip()));
      }
      text.append(", fraction: ").append(SplitViewModel.number(part.share()));
      if (part.weight() != 1) {
        text.append(", loss_weight: ").append(SplitViewModel.number(part.weight()));
      }
      text.append("}\n");
    }
    text.append("  max_comparisons: ").append(now.comparisons()).append('\n');
    return text.toString();
  }

  /** A text as a value of YAML, quoted where it has to be. */
  static String yaml(String text) {
    return text.matches("[\\p{L}/][\\p{L}\\p{N}._/:+-]*")
            && !text.matches("(?i)true|false|null|yes|no|on|off")
            && !text.endsWith(":")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Tells what is wrong with a spec's text, empty where nothing is. */
  public void check(String spec, Consumer<String> wrong) {
    control.check(spec, wrong);
  }

  /** Makes a run of a spec's text and starts it. */
  public void start(String spec, Consumer<String> onStarted, Consumer<String> onRefused) {
    control.start(spec, onStarted, onRefused);
  }
}
