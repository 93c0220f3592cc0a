package dev.plumbline.app.help;

import dev.plumbline.app.shell.Actions;
import dev.plumbline.app.shell.FxBridge;
import dev.plumbline.app.shell.KeyBinding;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Strings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** What help shows: the entries that a query finds, the one that is read, and the sheet of keys. */
public final class HelpViewModel implements AutoCloseable {
  /**
   * A key of the sheet.
   *
   * @param key in words
   * @param text what it does
   */
  public record Shortcut(String key, String text) {}

  private final Actions actions;
  private final ExecutorService reader = FxBridge.pool("glossary", 1);
  private final StringProperty query = new SimpleStringProperty("");
  private final ReadOnlyObjectWrapper<List<Glossary.Entry>> entries =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<Optional<Glossary.Entry>> chosen =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private Optional<Glossary> glossary = Optional.empty();
  private boolean asked;
  private String waiting = "";

  public HelpViewModel(Actions actions) {
    this.actions = actions;
    query.subscribe(ignored -> find());
  }

  /** Reads the glossary, once and off the JavaFX thread. */
  public void load() {
    if (!asked) {
      asked = true;
      reader.execute(
          () -> {
            Glossary read = Glossary.read();
            FxBridge.later(() -> loaded(read));
          });
    }
  }

  private void loaded(Glossary read) {
    glossary = Optional.of(read);
    find();
    if (!waiting.isEmpty()) {
      ask(waiting);
    }
  }

  /** What is searched for. */
  public StringProperty query() {
    return query;
  }

  /** The entries that the query finds. */
  public ReadOnlyObjectProperty<List<Glossary.Entry>> entries() {
    return entries.getReadOnlyProperty();
  }

  /** The entry that is read. */
  public ReadOnlyObjectProperty<Optional<Glossary.Entry>> chosen() {
    return chosen.getReadOnlyProperty();
  }

  /** Reads an entry. */
  public void choose(Glossary.Entry entry) {
    chosen.set(Optional.of(entry));
  }

  /** Whether a text on the screen is the name of something in the glossary. */
  public boolean knows(String text) {
    return glossary.flatMap(all -> all.named(text)).isPresent();
  }

  /** Opens the entry that a text names; where none has that name, searches for it. */
  public void ask(String text) {
    load();
    if (glossary.isEmpty()) {
      waiting = text;
      return;
    }
    waiting = "";
    Optional<Glossary.Entry> entry = glossary.get().named(text);
    query.set(entry.map(Glossary.Entry::name).orElse(text));
    entry.ifPresentOrElse(
        this::choose, () -> entries.get().stream().findFirst().ifPresent(this::choose));
  }

  private void find() {
    glossary.ifPresent(
        all -> {
          entries.set(all.matching(query.get()));
          if (chosen.get().isEmpty() || !entries.get().contains(chosen.get().orElseThrow())) {
            chosen.set(entries.get().stream().findFirst());
          }
        });
  }

  /** Every key by where it is heard, in the order of the pages. */
  public Map<String, List<Shortcut>> shortcuts() {
    Map<String, List<Shortcut>> sheet = new LinkedHashMap<>();
    for (KeyBinding binding : actions.bindings()) {
      if (!binding.words().isEmpty()) {
        sheet
            .computeIfAbsent(
                binding.page().map(Page::title).orElse(Strings.text("settings.keys.everywhere")),
                ignored -> new ArrayList<>())
            .add(new Shortcut(binding.words(), binding.text()));
      }
    }
    return sheet;
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
